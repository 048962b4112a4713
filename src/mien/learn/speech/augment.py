"""Changes to a batch of log-mel clips that leave its emotion alone: place, room, noise, masks, mixtures."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float, Shaped
from numpy import ndarray
from torch import Tensor

__all__ = ["batch", "disturb", "mix"]

LOG10 = float(np.log(10.0))


def batch(
    clips: Sequence[Shaped[ndarray, "time bands"]], *, longest: int, rng: np.random.Generator | None = None
) -> tuple[Float[Tensor, "batch time bands"], Bool[Tensor, "batch time"]]:
    """Pad clips to one length; with `rng` crop the long ones at a random place and shave the ends of all.

    Args:
        clips: Frames of each clip.
        longest: Most frames of a clip, for training; whole clips are taken where `rng` is None.
        rng: Source of the random places.
    """
    cut = [clip if rng is None else _crop(clip, longest, rng) for clip in clips]
    n_frames = max(len(clip) for clip in cut)
    mel = np.zeros((len(cut), n_frames, cut[0].shape[1]), dtype=np.float32)
    mask = np.zeros((len(cut), n_frames), dtype=bool)
    for row, clip in enumerate(cut):
        mel[row, : len(clip)] = clip
        mask[row, : len(clip)] = True
    return torch.from_numpy(mel), torch.from_numpy(mask)


def disturb(
    mel: Float[Tensor, "batch time bands"], *, rng: np.random.Generator, strength: float = 1.0
) -> Float[Tensor, "batch time bands"]:
    """Colour, noise and masks, each clip its own.

    References:
        Park et al. (2019), SpecAugment, Interspeech.
    """
    n, n_frames, n_bands = mel.shape
    place = np.linspace(-1.0, 1.0, n_bands)
    waves = [np.cos(np.pi * order * (place[None] + rng.uniform(0, 2, (n, 1)))) for order in (0.5, 1.0, 2.0)]
    colour = sum(rng.normal(0.0, 0.15 * strength, (n, 1)) * wave for wave in waves)
    mel = mel + torch.from_numpy(np.asarray(colour, dtype=np.float32))[:, None]
    mel = _noisy(mel, rng)
    keep = np.ones((n, n_frames, n_bands), dtype=np.float32)
    for row in range(n):
        for _ in range(2):
            _blank(keep[row], int(rng.integers(0, 1 + int(12 * strength))), 1, rng)
            _blank(keep[row], int(rng.integers(0, 1 + int(min(25, 0.15 * n_frames) * strength))), 0, rng)
    kept = torch.from_numpy(keep)
    return mel * kept + mel.mean(dim=(1, 2), keepdim=True) * (1.0 - kept)


def mix(
    mel: Float[Tensor, "batch time bands"], mask: Bool[Tensor, "batch time"], *, rng: np.random.Generator
) -> tuple[Float[Tensor, "batch time bands"], Bool[Tensor, "batch time"], Float[Tensor, " batch"]]:
    """Each clip beside the next in the batch, in log-mel; the third answer is the share of the clip itself.

    References:
        Zhang et al. (2018), mixup, ICLR.
    """
    share = torch.from_numpy(np.maximum(1.0 - rng.beta(0.3, 1.0, len(mel)) * 0.5, 0.5).astype(np.float32))
    other, other_mask = mel.roll(1, 0), mask.roll(1, 0)
    both = share[:, None, None] * mel + (1.0 - share[:, None, None]) * other
    joined = torch.where((mask & other_mask)[:, :, None], both, mel)
    return joined, mask, share


def _crop(
    clip: Shaped[ndarray, "time bands"], longest: int, rng: np.random.Generator
) -> Shaped[ndarray, "shorter bands"]:
    spare = max(0, min(24, len(clip) - 60))
    clip = clip[int(rng.integers(0, spare // 2 + 1)) : len(clip) - int(rng.integers(0, spare // 2 + 1))]
    start = int(rng.integers(0, max(1, len(clip) - longest + 1)))
    return clip[start : start + longest]


def _noisy(mel: Float[Tensor, "batch time bands"], rng: np.random.Generator) -> Float[Tensor, "batch time bands"]:
    n, _, n_bands = mel.shape
    below = rng.uniform(1.0, 5.0, (n, 1))  # decades below the loudest: 10 to 50 dB
    tilt = rng.uniform(-1.5, 0.5, (n, 1)) * np.linspace(0.0, 1.0, n_bands)[None]
    level = mel.amax(dim=(1, 2))[:, None] + torch.from_numpy((tilt - below).astype(np.float32))
    flutter = torch.from_numpy(rng.normal(0.0, 0.15, mel.shape).astype(np.float32))
    loud, quiet = torch.maximum(mel, level[:, None] + flutter), torch.minimum(mel, level[:, None] + flutter)
    return loud + torch.log1p(torch.exp((quiet - loud) * LOG10)) / LOG10


def _blank(keep: Float[ndarray, "time bands"], size: int, axis: int, rng: np.random.Generator) -> None:
    start = int(rng.integers(0, max(1, keep.shape[axis] - size)))
    if axis == 0:
        keep[start : start + size] = 0.0
    else:
        keep[:, start : start + size] = 0.0
