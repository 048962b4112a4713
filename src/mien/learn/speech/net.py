"""The speech networks: a small convolutional trunk over log-mel frames, masked so that padding changes nothing."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["AffectNet", "Trunk", "lengths_mask"]

RANGE = 7.0
SPREAD = 1.5
FLAT = (16, 32, 64)


def lengths_mask(lengths: Int[Tensor, " batch"], n_frames: int) -> Bool[Tensor, "batch time"]:
    """True where a frame belongs to the clip, false where it pads the batch."""
    return torch.arange(n_frames, device=lengths.device)[None, :] < lengths[:, None]


class _Flat(nn.Module):
    """A convolution over time and pitch, halving one or both, then normalised and masked."""

    def __init__(self, n_in: int, n_out: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(n_in, n_out, 3, stride=stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(n_out)

    def forward(
        self, picture: Float[Tensor, "batch channels time bands"], mask: Float[Tensor, "batch halved"]
    ) -> Float[Tensor, "batch wider halved fewer"]:
        """Run the network."""
        heard = functional.relu(self.norm(self.conv(picture)))
        return heard * mask[:, None, :, None].to(heard.dtype)


class _Residual(nn.Module):
    """A dilated convolution over time beside its own input."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(
        self, states: Float[Tensor, "batch width time"], mask: Float[Tensor, "batch time"]
    ) -> Float[Tensor, "batch width time"]:
        """Run the network."""
        grown = states + functional.relu(self.norm(self.conv(states)))
        return grown * mask[:, None, :].to(grown.dtype)


class Trunk(nn.Module):
    """Log-mel frames at 100 Hz to one vector a clip; a change of gain changes nothing.

    References:
        Snyder et al. (2018), X-vectors, ICASSP; Okabe et al. (2018), Attentive statistics pooling, Interspeech.
    """

    def __init__(self, *, bands: int = 80, width: int = 128, dilations: tuple[int, ...] = (1, 2, 3, 1)) -> None:
        super().__init__()
        strides = ((2, 2), (2, 2), (1, 2))
        sizes = zip((1, *FLAT[:-1]), FLAT, strides, strict=True)
        self.flats = nn.ModuleList(_Flat(n_in, n_out, stride) for n_in, n_out, stride in sizes)
        self.join = nn.Conv1d(FLAT[-1] * bands // 8, width, 1, bias=False)
        self.join_norm = nn.BatchNorm1d(width)
        self.residuals = nn.ModuleList(_Residual(width, dilation) for dilation in dilations)
        self.attention = nn.Sequential(nn.Conv1d(width, 48, 1), nn.Tanh(), nn.Conv1d(48, width, 1))
        self.width = 2 * width

    def forward(
        self, mel: Float[Tensor, "batch time bands"], mask: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch features"]:
        """Run the network."""
        kept = mask.to(mel.dtype)
        states = level_free(mel, kept)[:, None]
        for flat, step in zip(self.flats, (2, 2, 1), strict=True):
            kept = kept[:, ::step]
            states = flat(states, kept)
        states = states.transpose(2, 3).flatten(1, 2)
        states = functional.relu(self.join_norm(self.join(states)))
        states = states * kept[:, None].to(states.dtype)
        for residual in self.residuals:
            states = residual(states, kept)
        return self._pool(states, kept)

    def _pool(
        self, states: Float[Tensor, "batch width time"], kept: Float[Tensor, "batch time"]
    ) -> Float[Tensor, "batch features"]:
        scores = self.attention(states) + (kept[:, None] - 1.0) * 1e4
        weights = torch.softmax(scores.float(), dim=2)
        mean = (weights * states).sum(dim=2)
        spread = (weights * (states - mean[:, :, None]) ** 2).sum(dim=2)
        return torch.cat([mean, torch.sqrt(spread + 1e-4)], dim=1)


def level_free(
    mel: Float[Tensor, "batch time bands"], kept: Float[Tensor, "batch time"]
) -> Float[Tensor, "batch time bands"]:
    """Levels against the clip's own mean, nothing deeper than 70 dB below its loudest point; zero where padded."""
    inside = kept[:, :, None]
    loudest = (mel * inside - (1.0 - inside) * 100.0).amax(dim=(1, 2), keepdim=True)
    heard = torch.maximum(mel, loudest - RANGE)
    mean = (heard * inside).sum(dim=(1, 2), keepdim=True) / (inside.sum(dim=(1, 2), keepdim=True) * mel.shape[2])
    return (heard - mean) / SPREAD * inside


class AffectNet(nn.Module):
    """A trunk with one emotion head a corpus and one head that imitates a teacher's pooled states."""

    def __init__(self, trunk: Trunk, heads: dict[str, int], *, n_teacher: int, dropout: float = 0.3) -> None:
        super().__init__()
        self.trunk = trunk
        self.drop = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(trunk.width, n_labels) for name, n_labels in heads.items()})
        self.teacher = nn.Linear(trunk.width, n_teacher)

    def forward(
        self, mel: Float[Tensor, "batch time bands"], mask: Bool[Tensor, "batch time"]
    ) -> tuple[dict[str, Float[Tensor, "batch labels"]], Float[Tensor, "batch teacher"]]:
        """Run the network."""
        features = self.trunk(mel, mask)
        dropped = self.drop(features)
        return {name: head(dropped) for name, head in self.heads.items()}, self.teacher(features)
