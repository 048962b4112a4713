"""Affect in faces: photographs, pictures that already are faces, and streams of pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from mien.perceive.face.align import TEMPLATE, box_to_crop
from mien.perceive.face.expression import ExpressionReader, Head, Reader
from mien.perceive.face.finder import FaceFinder
from mien.perceive.face.fold import FaceFold, with_place
from mien.perceive.face.places import Finder, Found, crop_face, distinct
from mien.perceive.face.stream import Rates
from mien.runtime import Model, ModelInfo, find_fitting, load
from mien.types import Affect, Frame, Image, Taxonomy

__all__ = ["FacePerceiver", "WholePicture"]


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A face that fills its picture."""

    box: tuple[float, float, float, float]
    points: Float[np.ndarray, "5 2"]
    score: float = 1.0


class WholePicture:
    """A finder for pictures that already are faces: it takes each as it is."""

    def find(self, image: Image, *, size: int | None = None) -> list[Whole]:  # noqa: ARG002 - what finders are asked
        """Return one face that fills the picture."""
        box = (0.0, 0.0, float(image.width), float(image.height))
        matrix = box_to_crop(box, whole=True)
        return [Whole(box, TEMPLATE @ matrix[:, :2].T + matrix[:, 2])]


class FacePerceiver:
    """Reads what faces seem to express.

    Args:
        model: The expression model: its name or folder, or a reader of it.
        head: ``ferplus`` or ``fer2013``: which of the model's taxonomies answers.
        cropped: The pictures already are faces, so that none is looked for.
        finder: Finds the faces; the shipped finder where not given.
        rates: How often a stream is searched and read; the card's own where not given.
        size: Pixels on the longer side of a searched picture; the finder's own where not given.
        threads: Threads to use; by default the machine's processors, at most two.

    Raises:
        UnknownNameError: There is no such model.
        OptionError: There is no such head, or the model reads something else.
    """

    name = "face/affect"
    modality = "face"

    def __init__(  # noqa: PLR0913 - options that are given by name, most of them never
        self,
        *,
        model: str | Reader = "face-expression",
        head: Head = "ferplus",
        cropped: bool = False,
        finder: Finder | None = None,
        rates: Rates | None = None,
        size: int | None = None,
        threads: int | None = None,
    ) -> None:
        if isinstance(model, str):
            found = Model(find_fitting(model, modality="face", taker=self.name), threads=threads)
            model = ExpressionReader(found, head=head)
        self.reader: Reader = model
        self._finder = finder or (WholePicture() if cropped else FaceFinder(load("face-finder", threads=threads)))
        options = self.reader.info.options
        card = {key: float(options[key]) for key in ("detect", "read", "pool", "delay") if key in options}
        self._rates = rates or Rates(**card)
        self._size = size

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels that it answers in."""
        return self.reader.taxonomy

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """The cards of the models that it uses."""
        finder: ModelInfo | None = getattr(self._finder, "info", None)
        return (self.reader.info,) if finder is None else (finder, self.reader.info)

    @property
    def rates(self) -> Mapping[str, float]:
        """How often a stream is searched for faces, and how often each face is read, in Hz."""
        return {"detect": self._rates.detect, "read": self._rates.read}

    def find(self, image: Image) -> list[Found]:
        """Return the faces of a picture, the largest first."""
        return distinct(self._finder.find(image, size=self._size))

    def read(self, pieces: Sequence[Frame]) -> list[Affect | None]:
        """Return one affect per picture: that of its largest face, or ``None`` where no face is."""
        faces = [next(iter(self.find(piece.image)), None) for piece in pieces]
        pairs = [(piece.image, face) for piece, face in zip(pieces, faces, strict=True) if face is not None]
        answers = iter(self._read(pairs))
        return [None if face is None else next(answers) for face in faces]

    def faces(self, image: Image) -> list[tuple[Found, Affect]]:
        """Return every face of a picture with its affect, the largest first."""
        found = self.find(image)
        return list(zip(found, self._read([(image, face) for face in found]), strict=True))

    def fold(self) -> FaceFold:
        """Begin a stream of pictures, or of photographs, which have no time."""
        return FaceFold(self._finder, self.reader, self._rates, self._size)

    def _read(self, pairs: Sequence[tuple[Image, Found]]) -> list[Affect]:
        if not pairs:
            return []
        rows = self.reader.probabilities(np.stack([crop_face(image, face).pixels for image, face in pairs]))
        return [with_place(self.reader.affect(row), face) for row, (_, face) in zip(rows, pairs, strict=True)]
