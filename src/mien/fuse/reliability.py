"""How far each modality is to be relied on, from the scores that its models earned on held-out data.

Cards state scores on test splits, so these weights rest on them. A score of the fused answer on the same splits would
therefore not be blind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mien.errors import OptionError
from mien.runtime import ModelInfo

__all__ = ["EVEN", "METRICS", "check", "reliabilities"]

EVEN = 0.5
"""The reliability of a modality that nothing is known of."""

METRICS = ("accuracy", "top_accuracy")
"""How often the most probable label is right, which means the same for few labels and many, one of them or several."""


def reliabilities(infos: Iterable[ModelInfo]) -> dict[str, float]:
    """Return modality to reliability in [0, 1]: the first share of right labels on the card of its model.

    Where several models of one modality state one, the least counts. A card lists the score of its main task first.

    Example:
        >>> from mien.runtime.card import ModelInfo, Score
        >>> card = ModelInfo("a", "1", "face", "open", "MIT", "", "", scores=(Score("face/ferplus", "accuracy", 0.8),))
        >>> reliabilities([card])
        {'face': 0.8}
    """
    found: dict[str, float] = {}
    for info in infos:
        scores = [score.value for score in info.scores if score.metric in METRICS]
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
