"""The emotion network: a few small perceptrons over the traits of a segment, averaged."""

import torch
from jaxtyping import Float
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["AffectNet", "Member", "Mixture", "level_free"]

RANGE, SPREAD = 7.0, 1.5
EDGE = 4.0


class Member(nn.Module):
    """One perceptron with a head of emotions and one that imitates a teacher's pooled states."""

    def __init__(self, n_traits: int, sizes: tuple[int, int], *, n_labels: int, n_teacher: int, dropout: float) -> None:
        super().__init__()
        self.first, self.first_norm = nn.Linear(n_traits, sizes[0]), nn.BatchNorm1d(sizes[0])
        self.second, self.second_norm = nn.Linear(sizes[0], sizes[1]), nn.BatchNorm1d(sizes[1])
        self.head, self.teacher = nn.Linear(sizes[1], n_labels), nn.Linear(sizes[1], n_teacher)
        self.dropout = dropout

    def forward(
        self, traits: Float[Tensor, "batch traits"]
    ) -> tuple[Float[Tensor, "batch labels"], Float[Tensor, "batch teacher"]]:
        """Logits and the guess of the teacher's numbers, of standardised traits."""
        states = functional.dropout(traits, self.dropout / 2.0, self.training)
        states = functional.gelu(self.first_norm(self.first(states)))
        states = functional.dropout(states, self.dropout, self.training)
        states = functional.gelu(self.second_norm(self.second(states)))
        return self.head(functional.dropout(states, self.dropout, self.training)), self.teacher(states)


class AffectNet(nn.Module):
    """Traits as measured to logits: standardised, clipped, and answered by the mean of the members."""

    centre: Tensor
    scale: Tensor

    def __init__(
        self, members: list[Member], centre: Float[ndarray, " traits"], spread: Float[ndarray, " traits"]
    ) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self.register_buffer("centre", torch.from_numpy(centre))
        self.register_buffer("scale", torch.from_numpy(1.0 / spread))

    def forward(self, traits: Float[Tensor, "batch traits"]) -> Float[Tensor, "batch labels"]:
        """Logits of segments."""
        standard = ((traits - self.centre) * self.scale).clamp(-EDGE, EDGE)
        return torch.stack([member(standard)[0] for member in self.members]).mean(dim=0)


class Mixture(nn.Module):
    """Several networks that learnt from different corpora, averaged."""

    def __init__(self, nets: list[AffectNet]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)
        self.n_traits = len(nets[0].centre)

    def forward(self, traits: Float[Tensor, "batch traits"]) -> Float[Tensor, "batch labels"]:
        """Logits of segments."""
        return torch.stack([net(traits) for net in self.nets]).mean(dim=0)


def level_free(
    mel: Float[Tensor, "batch time bands"], kept: Float[Tensor, "batch time"]
) -> Float[Tensor, "batch time bands"]:
    """Levels against the clip's own mean, nothing deeper than 70 dB below its loudest point; zero where padded."""
    inside = kept[:, :, None]
    loudest = (mel * inside - (1.0 - inside) * 100.0).amax(dim=(1, 2), keepdim=True)
    heard = torch.maximum(mel, loudest - RANGE)
    mean = (heard * inside).sum(dim=(1, 2), keepdim=True) / (inside.sum(dim=(1, 2), keepdim=True) * mel.shape[2])
    return (heard - mean) / SPREAD * inside
