"""The voice network and its training: speakers told apart by a margin on the angle between vectors."""

import logging
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from torch import Tensor, nn
from torch.nn import functional

from mien.learn.speech.net import level_free

__all__ = ["VoiceClips", "VoiceNet", "colour", "train_voices"]

log = logging.getLogger(__name__)

N_FACTS = 41
MARGIN, SCALE = 0.2, 24.0


@dataclass(frozen=True, slots=True)
class VoiceClips:
    """Clips end to end with pitch and voiced marks for each frame, and the speaker of each clip as a number."""

    mel: Float[ndarray, "frames bands"]
    pitch: Float[ndarray, " frames"]
    voiced: Bool[ndarray, " frames"]
    offsets: Int[ndarray, " clips_and_one"]
    speaker: Int[ndarray, " clips"]


class VoiceNet(nn.Module):
    """Log-mel frames and long-term facts of a segment to one vector of length 1.

    References:
        Snyder et al. (2018), X-vectors: robust DNN embeddings for speaker recognition, ICASSP.
    """

    def __init__(self, *, bands: int = 80, width: int = 96, size: int = 64) -> None:
        super().__init__()
        self.width = width
        kernels = ((bands, 5, 1), (width, 3, 2), (width, 3, 3))
        self.convs = nn.ModuleList(
            nn.Conv1d(n_in, width, kernel, dilation=dilation, padding=(kernel - 1) // 2 * dilation, bias=False)
            for n_in, kernel, dilation in kernels
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in kernels)
        self.facts = nn.BatchNorm1d(N_FACTS, affine=False)
        self.drop = nn.Dropout(0.2)
        self.join = nn.Linear(2 * width + N_FACTS, size)

    def forward(
        self,
        mel: Float[Tensor, "batch time bands"],
        mask: Bool[Tensor, "batch time"],
        facts: Float[Tensor, "batch facts"],
    ) -> Float[Tensor, "batch size"]:
        """Run the network."""
        states, kept = self.states(mel, mask).float(), mask.to(mel.dtype)
        count = kept.sum(dim=1)[:, None]
        mean = states.sum(dim=2) / count
        variance = (((states - mean[:, :, None]) ** 2) * kept[:, None]).sum(dim=2) / count
        return self.vector(mean, variance, facts)

    def states(
        self, mel: Float[Tensor, "batch time bands"], mask: Bool[Tensor, "batch time"]
    ) -> Float[Tensor, "batch width time"]:
        """Return what the convolutions make of each frame; zero where padded."""
        kept = mask.to(mel.dtype)
        states = level_free(mel, kept).transpose(1, 2)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            states = functional.relu(norm(conv(states)))
            states = states * kept[:, None].to(states.dtype)
        return states

    def vector(
        self,
        mean: Float[Tensor, "batch width"],
        variance: Float[Tensor, "batch width"],
        facts: Float[Tensor, "batch facts"],
    ) -> Float[Tensor, "batch size"]:
        """Return the vector of a stretch from the mean and variance of its states."""
        known = self.facts(facts).clamp(-4.0, 4.0)
        joined = self.join(self.drop(torch.cat([mean, torch.sqrt(variance + 1e-4), known], dim=1)))
        return functional.normalize(joined, dim=1)


def train_voices(
    net: VoiceNet, clips: VoiceClips, *, epochs: int, seed: int, rate: float = 3e-3, batch_size: int = 64
) -> VoiceNet:
    """Train on random stretches of one to three seconds.

    References:
        Deng et al. (2019), ArcFace: additive angular margin loss, CVPR.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    centres = nn.Parameter(torch.randn(int(clips.speaker.max()) + 1, net.join.out_features))
    parameters = [*net.parameters(), centres]
    optimiser = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.05)
    by_speaker = [np.flatnonzero(clips.speaker == number) for number in range(len(centres))]
    steps = epochs * len(clips.speaker) // batch_size
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.2)
    net.train()
    losses: list[float] = []
    for step in range(steps):
        labels = rng.permutation(len(centres))[:batch_size]
        chosen = [int(rng.choice(by_speaker[label])) for label in labels]
        vectors = net(*_stretches(clips, chosen, rng))
        loss = _margin_loss(vectors, functional.normalize(centres, dim=1), torch.from_numpy(labels))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 100 == 99:
            log.info("step %d of %d loss %.4f", step + 1, steps, float(np.mean(losses[-100:])))
    return net.eval()


def stretch_facts(
    mel: Float[ndarray, "time bands"], pitch: Float[ndarray, " time"], voiced: Bool[ndarray, " time"]
) -> Float[ndarray, " facts"]:
    """The perceiver's own long-term facts, of a stretch of a clip."""
    from mien.perceive.speech.frames import Frames
    from mien.perceive.speech.segments import Segment
    from mien.perceive.speech.voices import describe

    level = mel.mean(axis=1)
    return describe(Segment(0, Frames(mel, level, pitch, level), voiced, final=True))


def _stretches(
    clips: VoiceClips, chosen: list[int], rng: np.random.Generator
) -> tuple[Float[Tensor, "batch time bands"], Bool[Tensor, "batch time"], Float[Tensor, "batch facts"]]:
    longest = int(rng.integers(100, 300))
    mel = np.zeros((len(chosen), longest, clips.mel.shape[1]), dtype=np.float32)
    mask = np.zeros((len(chosen), longest), dtype=bool)
    facts = np.zeros((len(chosen), N_FACTS), dtype=np.float32)
    for row, clip in enumerate(chosen):
        start, end = int(clips.offsets[clip]), int(clips.offsets[clip + 1])
        first = start + int(rng.integers(0, max(1, end - start - longest + 1)))
        part = slice(first, min(end, first + longest))
        sound = clips.mel[part].astype(np.float32) + colour(clips.mel.shape[1], rng, depth=0.1)
        marks = clips.voiced[part]
        marks = marks if marks.sum() >= 10 else np.ones(len(marks), dtype=bool)
        mel[row, : len(sound)] = sound
        mask[row, : len(sound)] = True
        facts[row] = stretch_facts(sound, clips.pitch[part], marks)
    return torch.from_numpy(mel), torch.from_numpy(mask), torch.from_numpy(facts)


def colour(n_bands: int, rng: np.random.Generator, *, depth: float) -> Float[ndarray, " bands"]:
    """A smooth change of colour in decades of power, as another microphone would make."""
    place = np.linspace(0.0, 1.0, n_bands)
    waves = [np.cos(np.pi * (order * place + rng.uniform(0, 2))) for order in (0.5, 1.0, 1.5)]
    return np.asarray(sum(rng.normal(0.0, depth) * wave for wave in waves), dtype=np.float32)


def _margin_loss(
    vectors: Float[Tensor, "batch size"], centres: Float[Tensor, "speakers size"], labels: Int[Tensor, " batch"]
) -> Float[Tensor, ""]:
    cosine = (vectors @ centres.T).clamp(-0.999, 0.999)
    own = torch.cos(torch.acos(cosine.gather(1, labels[:, None])) + MARGIN)
    return functional.cross_entropy(SCALE * cosine.scatter(1, labels[:, None], own), labels)
