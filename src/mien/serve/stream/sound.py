"""The encodings of sound that a client may send, decoded to pieces of a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mien.io.sounds import mono
from mien.serve.stream.protocol import Audio, StreamError
from mien.types import Audio as Samples
from mien.types import Sound

__all__ = ["OPUS_RATE", "OpusPackets", "pcm16"]

OPUS_RATE = 48_000


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


class OpusPackets:
    """Decodes raw Opus packets, one message each."""

    def __init__(self, channels: int) -> None:
        import av

        self._decoder: Any = av.CodecContext.create("libopus", "r")
        self._decoder.sample_rate = OPUS_RATE
        self._decoder.layout = "stereo" if channels == 2 else "mono"
        self.damaged = 0

    def push(self, payload: bytes, time: float) -> Iterator[Sound]:
        """Decode one packet; what does not decode is counted."""
        import av

        try:
            frames = self._decoder.decode(av.Packet(payload)) if payload else []
        except (av.FFmpegError, ValueError, MemoryError):
            self.damaged += 1
            return
        for frame in frames:
            samples = mono(frame)
            yield Sound(Samples(samples[None], frame.sample_rate), time)
            time += len(samples) / frame.sample_rate
