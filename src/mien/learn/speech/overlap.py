"""Two voices at once: a small network over log-mel frames, and its training on mixtures made of single voices.

Mixtures are made of log-mel frames, by adding powers; what two waves do to each other within a band is left out.
"""

import logging

import numpy as np
import torch
from jaxtyping import Bool, Float
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from mien.learn.speech.net import level_free
from mien.learn.speech.voicenet import VoiceClips, colour

__all__ = ["OverlapNet", "train_overlap"]

log = logging.getLogger(__name__)

SILENT = -8.0
AROUND = 21
"""Frames around a voiced one, of which half must be voiced, that count as speech."""
ALONE, HANDED = 0.25, 0.3
"""Shares of the examples that hold one voice, and in which the first voice ends while the other goes on."""
LEVELS = 0.6
"""Decades of power by which one voice may be louder than the other."""

USUAL = 0.05
"""Share of the time for which two speak at once in a conversation."""
NOISE = (2.0, 6.0)
"""Decades of power by which noise lies below the loudest bands."""
FLUTTER = 0.15
"""Spread of the noise from frame to frame, in decades."""

Frames = Float[ndarray, "time bands"]


class OverlapNet(nn.Module):
    """Log-mel frames to the logit of two voices at once, from six tenths of a second on both sides."""

    def __init__(self, *, bands: int = 80, width: int = 40) -> None:
        super().__init__()
        kernels = ((bands, 1), (width, 4), (width, 10), (width, 16))
        self.convs = nn.ModuleList(
            nn.Conv1d(n_in, width, 5, dilation=step, padding=2 * step, bias=False) for n_in, step in kernels
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in kernels)
        self.out = nn.Conv1d(len(kernels) * width, 1, 1)

    def forward(
        self, mel: Float[Tensor, "batch time bands"], mask: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch time"]:
        """Run the network."""
        kept = mask.to(mel.dtype)
        states = level_free(mel, kept).transpose(1, 2)
        layers = []
        for conv, norm in zip(self.convs, self.norms, strict=True):
            states = functional.relu(norm(conv(states))) * kept[:, None]
            layers.append(states)
        return self.out(torch.cat(layers, dim=1))[:, 0]


def train_overlap(clips: VoiceClips, *, steps: int, seed: int, rate: float = 5e-3, batch_size: int = 16) -> OverlapNet:
    """Train on mixtures of two speakers.

    In training two voices are far more often heard at once than in a conversation; the answers are moved to `USUAL`.

    References:
        Bullock, Bredin and Garcia-Perera (2020), Overlap-aware diarization: resegmentation using neural end-to-end
        overlapped speech detection, ICASSP (the task, and training on mixtures).
        Saerens, Latinne and Decaestecker (2002), Adjusting the outputs of a classifier to new a priori probabilities,
        Neural Computation 14(1), 21-41.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    net, maker = OverlapNet(), _Maker(clips, rng)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.2)
    losses: list[float] = []
    shares: list[float] = []
    for step in range(steps):
        mel, truth = maker.batch(batch_size)
        shares.append(float(truth.mean()))
        logits = net(mel, torch.ones(mel.shape[:2], dtype=torch.bool))
        loss = functional.binary_cross_entropy_with_logits(logits, truth)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 100 == 99:
            log.info("overlap: step %d of %d loss %.4f", step + 1, steps, float(np.mean(losses[-100:])))
    with torch.no_grad():
        net.out.bias += _odds(USUAL) - _odds(float(np.mean(shares)))
    return net.eval()


def _odds(share: float) -> float:
    return float(np.log(share / (1.0 - share)))


class _Maker:
    """Makes examples: one voice alone, one that hands over, or two at once."""

    def __init__(self, clips: VoiceClips, rng: np.random.Generator) -> None:
        self._clips, self._rng = clips, rng
        self._of = [np.flatnonzero(clips.speaker == number) for number in range(int(clips.speaker.max()) + 1)]

    def batch(self, size: int) -> tuple[Float[Tensor, "batch time bands"], Float[Tensor, "batch time"]]:
        """Examples of one length between one and a half and four and a half seconds."""
        length = int(self._rng.integers(150, 450))
        made = [self._example(length) for _ in range(size)]
        mel, truth = (np.stack(column).astype(np.float32) for column in zip(*made, strict=True))
        return torch.from_numpy(mel), torch.from_numpy(truth)

    def _example(self, length: int) -> tuple[Frames, Bool[ndarray, " time"]]:
        one, other = self._rng.choice(len(self._of), size=2, replace=False)
        mel, spoken = self._said(int(one), length)
        kind = self._rng.random()
        if kind < ALONE:
            return _disturbed(mel, self._rng), np.zeros(length, dtype=bool)
        added, also = self._said(int(other), length)
        added = added + _loud(mel, spoken) - _loud(added, also) + self._rng.uniform(-LEVELS, LEVELS)
        start, end = sorted(self._rng.integers(-length // 3, length + length // 3, size=2))
        _hush(added, also, slice(0, max(start, 0)))
        _hush(added, also, slice(max(end, 0), length))
        if kind < ALONE + HANDED:
            _hush(mel, spoken, slice(int(self._rng.integers(length // 4, length)), length))
        return _disturbed(_together(mel, added), self._rng), spoken & also

    def _said(self, speaker: int, length: int) -> tuple[Frames, Bool[ndarray, " time"]]:
        """So many frames of a speaker, sentence after sentence with short pauses; and where they are speech."""
        mel = np.full((length, self._clips.mel.shape[1]), SILENT)
        spoken = np.zeros(length, dtype=bool)
        place = 0
        while place < length:
            clip = int(self._rng.choice(self._of[speaker]))
            rows = slice(int(self._clips.offsets[clip]), int(self._clips.offsets[clip + 1]))
            part = slice(place, min(length, place + rows.stop - rows.start))
            n_frames = part.stop - part.start
            mel[part] = self._clips.mel[rows][:n_frames]
            spoken[part] = _speech(self._clips.voiced[rows])[:n_frames]
            place = part.stop + int(self._rng.uniform(5, 40))
        return mel + colour(mel.shape[1], self._rng, depth=0.12), spoken


def _speech(voiced: Bool[ndarray, " time"]) -> Bool[ndarray, " time"]:
    """Frames near voiced ones: consonants count."""
    around = np.convolve(voiced, np.ones(AROUND))[AROUND // 2 : AROUND // 2 + len(voiced)]
    return np.asarray(around > 0.5)


def _loud(mel: Frames, spoken: Bool[ndarray, " time"]) -> float:
    return float(np.percentile(mel[spoken].mean(axis=1), 80)) if spoken.any() else -4.0


def _hush(mel: Frames, spoken: Bool[ndarray, " time"], part: slice) -> None:
    mel[part] = SILENT
    spoken[part] = False


def _disturbed(mel: Frames, rng: np.random.Generator) -> Frames:
    """Another microphone and a background: a smooth change of colour, then steady noise of a smooth colour."""
    heard = mel + colour(mel.shape[1], rng, depth=0.2)
    noise = np.percentile(heard, 95) - rng.uniform(*NOISE) + colour(mel.shape[1], rng, depth=0.5)
    return _together(heard, noise + FLUTTER * rng.normal(size=mel.shape))


def _together(one: Frames, other: Frames) -> Frames:
    """Log10 of the sum of two powers."""
    return np.asarray(np.logaddexp(np.log(10.0) * one, np.log(10.0) * other) / np.log(10.0))
