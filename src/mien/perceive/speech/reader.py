"""The networks behind the speech perceiver: affect and voice of segments, read in batches."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.perceive.reading import Reading
from mien.perceive.speech.features import features_of
from mien.perceive.speech.heads import Heads, LabelHead
from mien.perceive.speech.listening import Listener, Listening
from mien.perceive.speech.segments import Segment
from mien.runtime import Model

__all__ = ["Reader"]


class Reader:
    """Runs the two models on segments.

    Args:
        affect: The affect model.
        voices: Runs the voice model.
        heads: What the heads of the affect model read and answer in.

    Raises:
        UnknownNameError: The heads read features that this version does not know.
    """

    def __init__(self, affect: Model, voices: Listener, heads: Heads) -> None:
        self._affect, self._voices, self._heads = affect, voices, heads
        self._features = features_of(heads.features)

    def read(self, segments: Sequence[Segment]) -> Reading:
        """Return what the heads say of each segment; where ratings follow from other labels, those stand beside."""
        return self.said(self.features(segments))

    def said(self, rows: Float[ndarray, "segments width"]) -> Reading:
        """Return what the heads say of features."""
        heads = self._heads
        means, stds = self._answers(heads.ratings, rows, 2)
        others = () if heads.beside is None else (self._probs(heads.beside, rows),)
        return Reading(self._probs(heads.labels, rows), np.clip(means, -1, 1), stds, others)

    def features(self, segments: Sequence[Segment]) -> Float[ndarray, "segments width"]:
        """Return what the heads read of each segment, on which heads can be trained."""
        return self._features.measure(self._affect, segments)

    def voice(self, segment: Segment) -> Float[ndarray, " numbers"]:
        """The vector of a segment's voice, of length 1."""
        return self._voices.listen(segment).vector()

    def voices(self, segment: Segment, *, divide: bool) -> list[Listening]:
        """What is heard of the voices of a segment; if asked, in parts where one hands over to another."""
        return self._voices.divide(segment) if divide else [self._voices.listen(segment)]

    def _probs(self, head: LabelHead, rows: Float[ndarray, "segments width"]) -> Float[ndarray, "segments labels"]:
        return head.probabilities(self._answers(head.graph, rows, 1)[0])

    def _answers(self, graph: str, rows: Float[ndarray, "segments width"], count: int) -> list[ndarray]:
        """Return the outputs of a head; without one, so many that have no columns."""
        if not graph:
            return [np.zeros((len(rows), 0))] * count
        return [output.astype(np.float64) for output in self._affect.run(graph, {self._heads.features: rows})]
