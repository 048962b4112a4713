"""Resample samples and write them as Ogg Opus."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

Samples = NDArray[np.float64]


def resample(samples: Samples, rate: int, onto: int) -> Samples:
    """Return the samples at another rate in Hz."""
    ratio = Fraction(onto, rate)
    return np.asarray(resample_poly(samples, ratio.numerator, ratio.denominator), np.float64)


def frames(samples: Samples, rate: int, *, size: int = 960) -> list[av.AudioFrame]:
    """Cut mono samples into float frames with times, the last one padded with silence."""
    padded = np.pad(samples, (0, -len(samples) % size)).astype(np.float32)
    out = []
    for number, block in enumerate(padded.reshape(-1, 1, size)):
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, number * size, Fraction(1, rate)
        out.append(frame)
    return out


def write_opus(path: Path, samples: Samples, *, bit_rate: int) -> None:
    """Write mono samples at 48 kHz as Ogg Opus."""
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact", "serial_offset": "1"}) as container:
        stream = container.add_stream("libopus", rate=48000, layout="mono")
        stream.bit_rate = bit_rate
        resampler = av.AudioResampler(format="flt", layout="mono", rate=48000)
        for frame in frames(samples, 48000):
            for piece in resampler.resample(frame):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
