"""What every corpus reader gives: samples with their truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mien.types import Affect

__all__ = ["Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One item of a corpus.

    Args:
        id: Name of the item within the corpus and split.
        signal: What is perceived: an `Utterance`, a `Sound` or an `Image`.
        truth: What people said of it; ``None`` where the corpus holds no affect (faces to be found, plain speech).
        group: Facts for splits and groups, such as ``{"speaker": "03", "sex": "female"}``.
        extra: Further truth that affect cannot hold, such as boxes of faces or raters' votes.
    """

    id: str
    signal: Any
    truth: Affect | None = None
    group: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
