"""What an aligned face seems to express."""

from __future__ import annotations

from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float, UInt8

from mien.errors import OptionError
from mien.perceive.face.align import SIDE
from mien.runtime import Model, ModelInfo, load
from mien.types import Affect, Distribution, Evidence, Taxonomy
from mien.types.project import dimensions
from mien.types.taxonomies import FER7, FERPLUS8

__all__ = ["ExpressionReader", "Head", "Reader"]

Head = Literal["ferplus", "fer2013"]
HEADS: dict[str, Taxonomy] = {"ferplus": FERPLUS8, "fer2013": FER7}
BATCH = 64
DERIVED = Evidence(
    "project", 0.0, note="valence and arousal follow from the labels; they were not perceived themselves"
)


@runtime_checkable
class Reader(Protocol):
    """Reads expressions from aligned faces."""

    @property
    def info(self) -> ModelInfo:
        """What the card says."""
        ...

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels that it answers in."""
        ...

    def probabilities(
        self, crops: UInt8[np.ndarray, "face 48 48"], *, once: bool = False
    ) -> Float[np.ndarray, "face label"]:
        """Return the probability of each label for each crop; ``once`` asks for speed."""
        ...

    def affect(self, probs: Float[np.ndarray, " label"]) -> Affect:
        """Return probabilities as an affect."""
        ...


class ExpressionReader:
    """Reads expressions from grey 48 x 48 crops.

    Args:
        model: The model, or its name or folder.
        head: ``ferplus`` answers with the share of votes that ten people would give; ``fer2013`` with that corpus's
            own labels.

    Raises:
        OptionError: There is no such head.
        UnknownNameError: There is no such model.
    """

    def __init__(self, model: Model | str = "face-expression", *, head: Head = "ferplus") -> None:
        if head not in HEADS:
            raise OptionError(f"the head {head!r} was asked for; allowed: {', '.join(HEADS)}")
        self._model = load(model) if isinstance(model, str) else model
        self._head = head
        heads = {row.head: row.temperature for row in self._model.info.calibration}
        self._temperature = heads.get(head, 1.0)
        self._flip = bool(self._model.info.options.get("flip", False))

    @property
    def info(self) -> ModelInfo:
        """What the card says."""
        return self._model.info

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels that it answers in."""
        return HEADS[self._head]

    def probabilities(
        self, crops: UInt8[np.ndarray, "face 48 48"], *, once: bool = False
    ) -> Float[np.ndarray, "face label"]:
        """Return the calibrated probability of each label for each crop; the batch does not matter.

        Args:
            crops: Aligned grey faces.
            once: Read each crop only as it is, not mirrored too, in half the time.
        """
        both = self._flip and not once
        parts = [self._probabilities(crops[start : start + BATCH], both) for start in range(0, len(crops), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.taxonomy)))

    def read(self, crops: UInt8[np.ndarray, "face 48 48"]) -> list[Affect]:
        """Return one affect per crop."""
        return [self.affect(row) for row in self.probabilities(crops)]

    def affect(self, probs: Float[np.ndarray, " label"]) -> Affect:
        """Return calibrated probabilities as an affect, with the valence and arousal that follow from its labels.

        The two dimensions are derived by `mien.types.project`, not perceived; evidence and their spread say so.
        """
        categories = Distribution(self.taxonomy, probs / probs.sum())
        valence, arousal, _ = dimensions(categories)
        return Affect(
            categories=categories,
            valence=valence,
            arousal=arousal,
            evidence=(DERIVED,),
            confidence=float(categories.probs.max()),
            model=f"{self.info.name} {self.info.version}",
        )

    def _probabilities(self, crops: UInt8[np.ndarray, "face 48 48"], both: bool) -> Float[np.ndarray, "face label"]:
        if crops.shape[1:] != (SIDE, SIDE):
            raise OptionError(f"face crops have shape {crops.shape}; allowed: (faces, {SIDE}, {SIDE})")
        faces = crops[:, None].astype(np.float32) / np.float32(255)
        (vectors,) = self._model.run("trunk", {"faces": faces})
        if both:  # the heads are linear, so that the mean of two vectors gives the mean of two answers
            (mirrored,) = self._model.run("trunk", {"faces": np.ascontiguousarray(faces[..., ::-1])})
            vectors = (vectors + mirrored) / 2
        (scores,) = self._model.run(self._head, {"vectors": vectors})
        return _softmax(scores.astype(np.float64) / self._temperature)


def _softmax(scores: Float[np.ndarray, "face label"]) -> Float[np.ndarray, "face label"]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
