"""Samples that a client sends, as sound."""

from __future__ import annotations

import numpy as np

from mien.serve.stream.protocol import Audio, StreamError
from mien.types import Audio as Samples
from mien.types import Sound

__all__ = ["pcm16"]


def pcm16(payload: bytes, audio: Audio, time: float) -> Sound:
    """Return sixteen-bit samples, channels interleaved, as sound.

    Raises:
        StreamError: The bytes are no whole samples of all channels.
    """
    if len(payload) % (2 * audio.channels):
        raise StreamError(
            "protocol",
            f"a message of PCM has {len(payload)} bytes; it must hold whole samples of {2 * audio.channels} bytes",
        )
    samples = np.frombuffer(payload, dtype="<i2").reshape(-1, audio.channels).T
    return Sound(Samples(samples.astype(np.float32) / np.float32(2**15), audio.rate), time)
