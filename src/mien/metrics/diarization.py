"""Who spoke when: the error of voices told apart.

Time is cut into frames. In each frame, speech that nobody was found for is missed, speech that was found where there
is none is a false alarm, and speech of a voice that is not paired with the true speaker is confused. Voices and
speakers are paired one to one so that as much as possible agrees. The error is the sum over the frames with speech of
the truth; it is 0 at best and may exceed 1.

References:
    J. G. Fiscus, J. Ajot, M. Michel and J. S. Garofolo (2006). The rich transcription 2006 spring meeting recognition
    evaluation. MLMI, 309-322.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from mien.errors import OptionError
from mien.metrics.assignment import assign
from mien.types.span import Span

__all__ = ["DiarizationError", "activity", "diarization_error"]


@dataclass(frozen=True, slots=True)
class DiarizationError:
    """The parts of the error, each as a share of the true speech.

    Args:
        missed: Speech that was not found.
        false_alarm: Speech that was found where there is none.
        confused: Speech given to the wrong voice.
        pairs: Which true speaker (first) goes with which voice (second).
    """

    missed: float
    false_alarm: float
    confused: float
    pairs: tuple[tuple[int, int], ...]

    @property
    def total(self) -> float:
        """The diarization error rate."""
        return self.missed + self.false_alarm + self.confused


def diarization_error(
    truth: Bool[np.ndarray, "frames speakers"], estimate: Bool[np.ndarray, "_ voices"]
) -> DiarizationError:
    """Compare who was found to speak with who spoke.

    Raises:
        OptionError: The number of frames differs, or nobody speaks in the truth.

    Example:
        >>> truth = np.array([[1, 0], [1, 0], [0, 1]], dtype=bool)
        >>> diarization_error(truth, truth[:, ::-1]).total
        0.0
    """
    if truth.ndim != 2 or estimate.ndim != 2 or len(truth) != len(estimate):
        raise OptionError(f"truth has the shape {truth.shape}, estimate {estimate.shape}; both need the same frames")
    n_true, n_found = truth.sum(axis=1), estimate.sum(axis=1)
    speech = int(n_true.sum())
    if not speech:
        raise OptionError("nobody speaks in the truth; a diarization error needs speech")
    together = truth.T.astype(np.float64) @ estimate
    pairs = tuple((row, column) for row, column in assign(together) if together[row, column] > 0)
    agreed = sum(together[row, column] for row, column in pairs)
    return DiarizationError(
        missed=float(np.maximum(n_true - n_found, 0).sum()) / speech,
        false_alarm=float(np.maximum(n_found - n_true, 0).sum()) / speech,
        confused=float(np.minimum(n_true, n_found).sum() - agreed) / speech,
        pairs=pairs,
    )


def activity(
    spans: Sequence[Span], speakers: Sequence[str], *, duration: float, step: float = 0.01
) -> tuple[Bool[np.ndarray, "frames speakers"], tuple[str, ...]]:
    """Return in which frames each speaker speaks, and the order of the speakers.

    Args:
        spans: When somebody speaks, in seconds.
        speakers: Who it is, one name a span.
        duration: Length of the recording in seconds.
        step: Length of a frame in seconds; a frame counts where its middle lies in a span.
    """
    names = tuple(dict.fromkeys(speakers))
    middles = (np.arange(max(1, round(duration / step))) + 0.5) * step
    table = np.zeros((len(middles), len(names)), dtype=bool)
    for span, speaker in zip(spans, speakers, strict=True):
        table[:, names.index(speaker)] |= (middles >= span.start) & (middles < span.end)
    return table, names
