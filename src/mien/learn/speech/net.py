"""What the networks of this package share."""

import torch
from jaxtyping import Float
from torch import Tensor

__all__ = ["level_free"]

RANGE, SPREAD = 7.0, 1.5


def level_free(
    mel: Float[Tensor, "batch time bands"], kept: Float[Tensor, "batch time"]
) -> Float[Tensor, "batch time bands"]:
    """Levels against the clip's own mean, nothing deeper than 70 dB below its loudest point; zero where padded."""
    inside = kept[:, :, None]
    loudest = (mel * inside - (1.0 - inside) * 100.0).amax(dim=(1, 2), keepdim=True)
    heard = torch.maximum(mel, loudest - RANGE)
    mean = (heard * inside).sum(dim=(1, 2), keepdim=True) / (inside.sum(dim=(1, 2), keepdim=True) * mel.shape[2])
    return (heard - mean) / SPREAD * inside
