"""Follow the pitch of a clean, low voice: normalised autocorrelation, and the best path through it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
WINDOW = 0.040
VOICELESS = 0.55
"""Price of a frame without a pitch; a frame with one costs what its period lacks in likeness."""
LEAP = 4.0
"""Price of an octave from one frame to the next."""
TURN = 0.25
"""Price of the voice setting in or out."""


def follow_pitch(samples: Samples, rate: int, *, step: float, lowest: float, highest: float) -> Samples:
    """Return the pitch in Hz every `step` seconds, 0 where there is none."""
    lags = np.arange(int(rate / highest), int(rate / lowest) + 1)
    prices = 1.0 - _likeness(samples, rate, step, lags)
    octaves = np.abs(np.log2(lags[:, None] / lags[None, :]))
    n_frames, n_lags = prices.shape
    best = np.append(prices[0], VOICELESS)
    came = np.zeros((n_frames, n_lags + 1), np.int64)
    moves = np.full((n_lags + 1, n_lags + 1), TURN)
    moves[:-1, :-1] = LEAP * octaves
    moves[-1, -1] = 0.0
    for frame in range(1, n_frames):
        whole = best[:, None] + moves
        came[frame] = np.argmin(whole, axis=0)
        best = whole.min(axis=0) + np.append(prices[frame], VOICELESS)
    return _back(came, int(np.argmin(best)), rate / lags)


def _back(came: NDArray[np.int64], last: int, hertz: Samples) -> Samples:
    pitch = np.zeros(len(came))
    for frame in range(len(came) - 1, -1, -1):
        pitch[frame] = hertz[last] if last < len(hertz) else 0.0
        last = int(came[frame, last])
    return pitch


def _likeness(samples: Samples, rate: int, step: float, lags: NDArray[np.int64]) -> Samples:
    """How like the signal is to itself one period later (frames, lags), lowered where it is nearly silent."""
    width = int(WINDOW * rate)
    reach = width + int(lags[-1])
    n_frames = int(len(samples) / rate / step) + 1
    padded = np.pad(samples, (reach // 2, 2 * reach))
    loudest = float(np.abs(samples).max()) + 1e-9
    rows = []
    for frame in range(n_frames):
        start = int(frame * step * rate)
        piece = padded[start : start + reach]
        piece = piece - piece.mean()
        products = np.correlate(piece, piece[:width], "valid")[lags]
        energy = np.cumsum(np.append(0.0, piece**2))
        norm = np.sqrt((energy[width] * (energy[width + lags] - energy[lags])) + 1e-12)
        audible = min(1.0, float(np.sqrt(np.mean(piece**2))) / (0.02 * loudest))
        rows.append(audible * products / norm)
    return np.stack(rows)
