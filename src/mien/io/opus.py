"""Raw Opus packets, as they come over a network, decoded one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mien.io.sounds import mono
from mien.types.signals import Audio, Sound

__all__ = ["OpusPackets"]

RATE = 48_000
STEREO = 2


class OpusPackets:
    """Decodes one packet after the other.

    Args:
        channels: 1 or 2.

    Attributes:
        damaged: How many packets did not decode.

    Example:
        >>> packets = OpusPackets(1)
        >>> list(packets.push(b"", 0.0)), packets.damaged
        ([], 0)
    """

    def __init__(self, channels: int) -> None:
        import av

        self._decoder: Any = av.CodecContext.create("libopus", "r")
        self._decoder.sample_rate = RATE
        self._decoder.layout = "stereo" if channels == STEREO else "mono"
        self.damaged = 0

    def push(self, packet: bytes, time: float) -> Iterator[Sound]:
        """Decode a packet that begins at a time in seconds; what does not decode is counted."""
        import av

        try:
            frames = self._decoder.decode(av.Packet(packet)) if packet else []
        except (av.FFmpegError, ValueError, MemoryError):
            self.damaged += 1
            return
        for frame in frames:
            samples = mono(frame)
            yield Sound(Audio(samples[None], frame.sample_rate), time)
            time += len(samples) / frame.sample_rate
