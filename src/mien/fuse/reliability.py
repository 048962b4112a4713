"""How far each modality is to be relied on, from the scores that its models earned on validation splits.

Test splits stay out of it, so that a fused answer can be scored on them blindly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mien.errors import OptionError
from mien.runtime import ModelInfo

__all__ = ["EVEN", "METRICS", "check", "reliabilities"]

EVEN = 0.5
"""The reliability of a modality that nothing is known of.

A track that others made has no card. It is pooled with our own readings of its modality and counts as that modality
does; where no model of ours read the modality, or where somebody judged the whole (``fused``), it counts this much.
"""

SPLIT = "validation"

METRICS = ("accuracy", "top_accuracy")
"""How often the most probable label is right, which means the same for few labels and many, one of them or several."""


def reliabilities(infos: Iterable[ModelInfo]) -> dict[str, float]:
    """Return modality to reliability in [0, 1]: the share of right labels on validation, from the card of its model.

    Where several models of one modality state one, the least counts; of several on one card, the first. A modality
    whose cards state none is left out.

    Example:
        >>> from mien.runtime.card import ModelInfo, Score
        >>> score = Score("face/ferplus", "accuracy", 0.8, split="validation")
        >>> card = ModelInfo("a", "1", "face", "open", "MIT", "", "", scores=(score,))
        >>> reliabilities([card])
        {'face': 0.8}
    """
    found: dict[str, float] = {}
    for info in infos:
        scores = [row.value for row in info.scores if row.split == SPLIT and row.metric in METRICS]
        if scores:
            found[info.modality] = min(scores[0], found.get(info.modality, 1.0))
    return found


def check(reliability: Mapping[str, float]) -> None:
    """Check a table of reliabilities.

    Raises:
        OptionError: A value leaves [0, 1].
    """
    for modality, value in reliability.items():
        if not 0 <= value <= 1:
            raise OptionError(f"the reliability of {modality} is {value}; allowed: 0 to 1")
