"""What a perceiver is: a fold over the pieces of a stream.

Reading a whole source is that fold over all of its pieces, so both give the same answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from mien.runtime import ModelInfo
from mien.types import Affect, Taxonomy, Track

__all__ = ["Fold", "Perceiver", "Update", "perceive"]

Piece_contra = TypeVar("Piece_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class Update:
    """News of one person while a stream runs.

    Args:
        person: Whose affect.
        affect: What is known of the affect's span so far.
        final: Whether no later piece can change it.
        heard: Seconds of voice that it rests on; ``None`` where nothing is heard.
    """

    person: str
    affect: Affect
    final: bool
    heard: float | None = None


@runtime_checkable
class Fold(Protocol[Piece_contra]):
    """The state of one stream; its memory does not grow with the stream's length, apart from the affects."""

    def push(self, piece: Piece_contra) -> list[Update]:
        """Take the next piece and return what it changed."""
        ...

    def finish(self) -> list[Track]:
        """End the stream and return one track per person."""
        ...


@runtime_checkable
class Perceiver(Protocol[Piece_contra]):
    """Reads affect in one modality."""

    @property
    def name(self) -> str:
        """The registry name, such as ``text/affect``."""
        ...

    @property
    def taxonomy(self) -> Taxonomy:
        """The labels that it answers in."""
        ...

    @property
    def infos(self) -> tuple[ModelInfo, ...]:
        """The cards of the models that it uses."""
        ...

    def read(self, pieces: Sequence[Piece_contra]) -> list[Affect | None]:
        """Return one affect per item, ``None`` where there is nothing to perceive; the batch does not matter."""
        ...

    def fold(self) -> Fold[Piece_contra]:
        """Begin a stream."""
        ...


def perceive(perceiver: Perceiver[Piece_contra], pieces: Iterable[Piece_contra]) -> list[Track]:
    """Read a whole source: the perceiver's fold over its pieces."""
    fold = perceiver.fold()
    for piece in pieces:
        fold.push(piece)
    return fold.finish()
