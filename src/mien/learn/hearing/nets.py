"""Networks from log-mel frames to eight emotions: Whisper's lower layers with a line on top, and a tiny one.

References:
    Okabe, Koshinaka and Shinoda (2018), Attentive statistics pooling for deep speaker embedding, Interspeech.
    Kounadis-Bastian et al. (2024), Wav2Small, arXiv 2408.13920 (how small a distilled network of this kind can be).
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from mien.learn.hearing.encoder import BANDS, Encoder
from mien.learn.speech.net import level_free
from mien.types.taxonomies import RAVDESS8

__all__ = ["N_IMITATED", "BaseNet", "Statistics", "TinyNet", "mean_and_spread"]

N_IMITATED = 64
LEAST_SPREAD = 1e-3
EDGE = 6.0


class Answers(nn.Module):
    """Pools the states of a segment by attention, and answers.

    Args:
        width: Width of the states.
        sizes: Width of what attends, and of the pooled vector that heads read.
        dropout: Share of numbers left out in training.
    """

    def __init__(self, width: int, sizes: tuple[int, int], dropout: float) -> None:
        super().__init__()
        self.asked, self.weight = nn.Linear(width, sizes[0]), nn.Linear(sizes[0], 1)
        self.norm, self.joined = nn.LayerNorm(2 * width), nn.Linear(2 * width, sizes[1])
        self.head, self.imitated = nn.Linear(sizes[1], len(RAVDESS8)), nn.Linear(sizes[1], N_IMITATED)
        self.dropout = dropout

    def pooled(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch pooled"]:
        """Return one vector for each segment: of the weighted mean and spread of its states."""
        weights = self.weight(torch.tanh(self.asked(states)))[:, :, 0].float()
        weights = weights.masked_fill(~kept, -1e4).softmax(dim=1)[:, :, None]
        mean = (states.float() * weights).sum(dim=1)
        spread = ((states.float() - mean[:, None]).square() * weights).sum(dim=1)
        both = self.norm(torch.cat([mean, (spread + LEAST_SPREAD**2).sqrt()], dim=1))
        return functional.gelu(self.joined(functional.dropout(both, self.dropout, self.training)))

    def forward(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> tuple[Float[Tensor, "batch labels"], Float[Tensor, "batch imitated"]]:
        """Return logits, and the guess of a teacher's numbers."""
        pooled = self.pooled(states, kept)
        return self.head(functional.dropout(pooled, self.dropout, self.training)), self.imitated(pooled)


class Statistics(nn.Module):
    """Mean and spread of states over a segment, each against those of other segments, and a line through them.

    Args:
        centre: Mean of the pooled numbers over segments.
        spread: Their spread.
    """

    centre: Tensor
    scale: Tensor

    def __init__(self, centre: Float[Tensor, " pooled"], spread: Float[Tensor, " pooled"]) -> None:
        super().__init__()
        self.register_buffer("centre", centre)
        self.register_buffer("scale", 1.0 / spread)
        self.head = nn.Linear(len(centre), len(RAVDESS8))

    def pooled(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch pooled"]:
        """Return one vector for each segment."""
        return self.standard(mean_and_spread(states, kept))

    def standard(self, numbers: Float[Tensor, "batch pooled"]) -> Float[Tensor, "batch pooled"]:
        """Return numbers against those of other segments, none of them far out."""
        return ((numbers - self.centre) * self.scale).clamp(-EDGE, EDGE)

    def forward(
        self, states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch labels"]:
        """Return logits."""
        logits: Tensor = self.head(self.pooled(states, kept))
        return logits


class BaseNet(nn.Module):
    """Lower layers of Whisper's encoder, and a line through the statistics of their states.

    Args:
        encoder: The layers.
        answers: What answers.
    """

    def __init__(self, encoder: Encoder, answers: Statistics) -> None:
        super().__init__()
        self.encoder, self.answers = encoder, answers

    def pooled(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch pooled"]:
        """Return the vector of each segment that heads read."""
        return self.answers.pooled(self.encoder(mel, kept), kept[:, ::2])

    def forward(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch labels"]:
        """Return logits."""
        logits: Tensor = self.answers(self.encoder(mel, kept), kept[:, ::2])
        return logits


def mean_and_spread(
    states: Float[Tensor, "batch time width"], kept: Bool[Tensor, "batch time"]
) -> Float[Tensor, "batch twice_width"]:
    """Return mean and standard deviation over the kept states of each segment."""
    states, inside = states.float(), kept[:, :, None].float()
    n = inside.sum(dim=1)
    mean = (states * inside).sum(dim=1) / n
    variance = ((states - mean[:, None]).square() * inside).sum(dim=1) / n
    return torch.cat([mean, (variance + LEAST_SPREAD**2).sqrt()], dim=1)


class Course(nn.Module):
    """A residual step along time: each channel by itself, then all together."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        padding = 3 * dilation
        self.along = nn.Conv1d(width, width, 7, padding=padding, dilation=dilation, groups=width, bias=False)
        self.across = nn.Conv1d(width, width, 1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm1d(width), nn.BatchNorm1d(width)

    def forward(
        self, states: Float[Tensor, "batch width time"], kept: Float[Tensor, "batch 1 time"]
    ) -> Float[Tensor, "batch width time"]:
        """Return states that know more of what lies around them."""
        along = functional.gelu(self.norm1(self.along(states * kept)))
        return states + functional.gelu(self.norm2(self.across(along)))


class TinyNet(nn.Module):
    """Convolutions over the spectrum, then along time.

    Args:
        width: Channels along time.
        dropout: Share of numbers left out in training.
    """

    def __init__(self, width: int = 72, dropout: float = 0.15) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, stride=(1, 2), padding=1, bias=False)
        self.conv2 = nn.Conv2d(12, 16, 3, stride=2, padding=1, bias=False)
        self.norm1, self.norm2, self.norm3 = nn.BatchNorm2d(12), nn.BatchNorm2d(16), nn.BatchNorm1d(width)
        self.joined = nn.Conv1d(16 * BANDS // 4, width, 1, bias=False)
        self.courses = nn.ModuleList([Course(width, dilation) for dilation in (1, 2, 4, 1)])
        self.answers = Answers(width, (16, 64), dropout)

    def pooled(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch pooled"]:
        """Return the vector of each segment that heads read."""
        return self.answers.pooled(self.states(mel, kept), kept[:, ::2])

    def forward(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> tuple[Float[Tensor, "batch labels"], Float[Tensor, "batch imitated"]]:
        """Return logits, and the guess of a teacher's numbers."""
        answer: tuple[Tensor, Tensor] = self.answers(self.states(mel, kept), kept[:, ::2])
        return answer

    def states(
        self, mel: Float[Tensor, "batch frames bands"], kept: Bool[Tensor, "batch frames"]
    ) -> Float[Tensor, "batch time width"]:
        """Return the states after the last step along time."""
        frames, halves = kept[:, None, :, None].float(), kept[:, None, ::2].float()
        sound = level_free(mel, kept.float())[:, None]
        sound = functional.gelu(self.norm1(self.conv1(sound))) * frames
        sound = functional.gelu(self.norm2(self.conv2(sound))) * halves[..., None]
        states = functional.gelu(self.norm3(self.joined(sound.transpose(2, 3).flatten(1, 2))))
        for course in self.courses:
            states = course(states, halves)
        return states.transpose(1, 2)
