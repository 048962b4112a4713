"""A conversation as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass

from mien.types.affect import Affect
from mien.types.span import Span

__all__ = ["Context", "Turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: who, when, what, and how it seemed."""

    speaker: str | None
    span: Span
    text: str | None = None
    affect: Affect | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The turns of a conversation in order."""

    turns: tuple[Turn, ...] = ()

    def add(self, turn: Turn) -> Context:
        """Return the conversation with one more turn."""
        return Context((*self.turns, turn))
