"""What a stream tells while it runs."""

from __future__ import annotations

from dataclasses import dataclass

from mien.types import Affect
from mien.types.analysis import Modality

__all__ = ["News"]


@dataclass(frozen=True, slots=True)
class News:
    """What became known of one person.

    Args:
        modality: Where it was read: text, speech, face, or fused.
        person: Whose affect, by the name known so far; at the end a voice may join another voice or a face.
        affect: What is known of the affect's span.
        final: Whether no later piece can change it.
        box: Of a face: where it was last seen, in pixels of the latest picture: left, top, right, bottom.
    """

    modality: Modality
    person: str
    affect: Affect
    final: bool
    box: tuple[float, float, float, float] | None = None
