"""The vocabularies of the W3C note: what an EmotionML document may refer to without declaring it.

References:
    K. Ashimura et al. (2014). Vocabularies for EmotionML. W3C Working Group Note, 1 April 2014.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = ["DIMENSIONS", "PAD", "VOCABULARIES", "W3C", "Vocabulary"]

W3C = "http://www.w3.org/TR/emotion-voc/xml"
PAD = f"{W3C}#pad-dimensions"
DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "pleasure": "valence",
        "valence": "valence",
        "arousal": "arousal",
        "dominance": "dominance",
        "potency": "dominance",
    }
)
"""What each dimension of the note (and of others who call them so) is here; 0 to 1 there is -1 to 1 here."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A named set of items.

    Args:
        kind: category, dimension, appraisal or action-tendency.
        items: Their names as the document writes them.
        taxonomy: The taxonomy that our own export says it is; ``""`` for words of no taxonomy.
        labels: Name of an item to its label, where the name had to differ.
    """

    kind: str
    items: tuple[str, ...]
    taxonomy: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


_NOTE = {
    "big6": ("category", "anger disgust fear happiness sadness surprise"),
    "everyday-categories": (
        "category",
        "affectionate afraid amused angry bored confident content disappointed excited happy interested loving pleased "
        "relaxed sad satisfied worried",
    ),
    "occ-categories": (
        "category",
        "admiration anger disappointment distress fear fears-confirmed gloating gratification gratitude happy-for hate "
        "hope joy love pity pride relief remorse reproach resentment satisfaction shame",
    ),
    "fsre-categories": (
        "category",
        "anger anxiety being-hurt compassion contempt contentment despair disappointment disgust fear guilt happiness "
        "hate interest irritation jealousy joy love pleasure pride sadness shame stress surprise",
    ),
    "frijda-categories": (
        "category",
        "anger arrogance desire disgust enjoyment fear humility indifference interest resignation shock surprise",
    ),
    "pad-dimensions": ("dimension", "pleasure arousal dominance"),
    "fsre-dimensions": ("dimension", "valence potency arousal unpredictability"),
    "intensity-dimension": ("dimension", "intensity"),
    "occ-appraisals": (
        "appraisal",
        "desirability praiseworthiness appealingness desirability-for-other deservingness liking likelihood effort "
        "strength-of-identification expectation-of-deviation familiarity",
    ),
    "scherer-appraisals": (
        "appraisal",
        "suddenness familiarity predictability intrinsic-pleasantness relevance-person relevance-relationship "
        "relevance-social-order outcome-probability consonant-with-expectation goal-conduciveness urgency agent-self "
        "agent-other agent-nature cause-intentional control power adjustment-possible norm-compatibility "
        "self-compatibility",
    ),
    "ema-appraisals": (
        "appraisal",
        "relevance desirability agency blame likelihood unexpectedness urgency ego-involvement controllability "
        "changeability power adaptability",
    ),
    "frijda-action-tendencies": (
        "action-tendency",
        "approach avoidance being-with attending rejecting nonattending agonistic interrupting dominating submitting",
    ),
}

VOCABULARIES: Mapping[str, Vocabulary] = MappingProxyType(
    {f"{W3C}#{name}": Vocabulary(kind, tuple(items.split())) for name, (kind, items) in _NOTE.items()}
)
"""Address to vocabulary."""
