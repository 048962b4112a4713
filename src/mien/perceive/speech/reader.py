"""The networks behind the speech perceiver: emotion and voice of segments, read in batches."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.perceive.speech.segments import Segment
from mien.perceive.speech.traits import traits
from mien.perceive.speech.voices import describe
from mien.runtime import Model

__all__ = ["Reader"]


class Reader:
    """Runs the two models on segments.

    Args:
        affect: The emotion model; its card's options hold the temperature.
        voices: The voice model.
    """

    def __init__(self, affect: Model, voices: Model) -> None:
        self._affect, self._voices = affect, voices
        self._temperature = float(affect.info.options["temperature"])

    def emotions(self, segments: Sequence[Segment]) -> Float[ndarray, "segments labels"]:
        """Calibrated probabilities of each segment."""
        rows = np.stack([traits(segment.frames, segment.voiced) for segment in segments])
        logits = self._affect.run("affect", {"traits": rows})[0].astype(np.float64) / self._temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def voice(self, segment: Segment) -> Float[ndarray, " numbers"]:
        """The vector of a segment's voice, of length 1."""
        mel, mask = stack([segment.frames.mel])
        facts = describe(segment)[None]
        vector = self._voices.run("voices", {"mel": mel, "mask": mask, "facts": facts})[0][0]
        return np.asarray(vector, dtype=np.float32)


def stack(
    mels: Sequence[Float[ndarray, "time bands"]],
) -> tuple[Float[ndarray, "batch time bands"], Bool[ndarray, "batch time"]]:
    """Pad segments to the longest, with a mask that is true on their own frames."""
    longest = max(len(mel) for mel in mels)
    out = np.zeros((len(mels), longest, mels[0].shape[1]), dtype=np.float32)
    mask = np.zeros((len(mels), longest), dtype=bool)
    for row, mel in enumerate(mels):
        out[row, : len(mel)] = mel
        mask[row, : len(mel)] = True
    return out, mask
