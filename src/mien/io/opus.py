"""Raw Opus packets, as they go over a network: decoded one by one, and made of sound to hear what is lost."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.errors import OptionError
from mien.io.sounds import mono
from mien.types.signals import Audio, Sound

__all__ = ["OpusPackets", "opus_coded", "opus_packets"]

RATE = 48_000
STEREO = 2
CODED_RATE = 16_000
LOWEST_BITRATE, HIGHEST_BITRATE = 6_000, 128_000
PRE_SKIP = 10
"""Place of the delay in the head of an Opus stream (RFC 7845)."""


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


def opus_coded(samples: Float[np.ndarray, " time"], *, bitrate: int) -> Float[np.ndarray, " time"]:
    """Return sound as it comes out of an Opus call: coded at a constant bitrate and decoded again, in memory.

    Args:
        samples: One channel at 16 kHz.
        bitrate: Bits a second, from 6,000 to 128,000.

    Returns:
        As many samples at 16 kHz; the delay of the codec is taken out.

    Raises:
        OptionError: The bitrate is out of range.

    References:
        J.-M. Valin, K. Vos and T. Terriberry (2012). Definition of the Opus audio codec. RFC 6716.

    Example:
        >>> tone = np.sin(2 * np.pi * 300 * np.arange(16000) / 16000).astype(np.float32)
        >>> opus_coded(0.5 * tone, bitrate=16_000).shape
        (16000,)
    """
    import soxr

    packets, delay = opus_packets(samples, bitrate=bitrate)
    decoder = OpusPackets(1)
    parts = [sound.audio.samples[0] for packet in packets for sound in decoder.push(packet, 0.0)]
    decoded = np.concatenate(parts)[delay : delay + len(samples) * RATE // CODED_RATE]
    return np.asarray(soxr.resample(decoded, RATE, CODED_RATE)[: len(samples)], dtype=np.float32)


def opus_packets(samples: Float[np.ndarray, " time"], *, bitrate: int) -> tuple[list[bytes], int]:
    """Return the packets of 20 ms each, and the samples at 48 kHz by which a decoder comes late.

    Args:
        samples: One channel at 16 kHz.
        bitrate: Bits a second, from 6,000 to 128,000.

    Raises:
        OptionError: The bitrate is out of range.
    """
    import av

    if not LOWEST_BITRATE <= bitrate <= HIGHEST_BITRATE:
        raise OptionError(f"a bitrate of {bitrate} was asked for; allowed: {LOWEST_BITRATE} to {HIGHEST_BITRATE} bit/s")
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = CODED_RATE, "mono", "flt"
    encoder.bit_rate, encoder.options = bitrate, {"application": "voip", "vbr": "off"}
    encoder.open()
    (delay,) = struct.unpack_from("<H", encoder.extradata, PRE_SKIP)
    size = encoder.frame_size
    # Whole frames, and one more for what the delay pushes out at the end.
    padded = np.pad(samples.astype(np.float32), (0, -len(samples) % size + size))[None]
    packets = []
    for start in range(0, padded.shape[1], size):
        frame = av.AudioFrame.from_ndarray(padded[:, start : start + size], format="flt", layout="mono")
        frame.sample_rate, frame.pts = CODED_RATE, start
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets + [bytes(packet) for packet in encoder.encode(None)], delay
