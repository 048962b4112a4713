"""The taxonomies that the toolkit speaks, each with the work that defines it.

Example:
    >>> taxonomy("ekman7").labels
    ('anger', 'disgust', 'fear', 'joy', 'sadness', 'surprise', 'neutral')
"""

from collections.abc import Mapping
from types import MappingProxyType

from mien.errors import UnknownNameError
from mien.types import parrott
from mien.types.taxonomy import Taxonomy

__all__ = [
    "EKMAN7",
    "FER7",
    "FERPLUS8",
    "GOEMOTIONS28",
    "PARROTT",
    "PLUTCHIK8",
    "QUADRANTS4",
    "RAVDESS8",
    "SENTIMENT3",
    "TAXONOMIES",
    "taxonomy",
]


def _labels(words: str) -> tuple[str, ...]:
    return tuple(words.split())


EKMAN7 = Taxonomy(
    name="ekman7",
    labels=_labels("anger disgust fear joy sadness surprise neutral"),
    exclusive=True,
    reference="P. Ekman (1992). An argument for basic emotions. Cognition and Emotion 6(3-4), 169-200; plus neutral.",
)

GOEMOTIONS28 = Taxonomy(
    name="goemotions28",
    labels=_labels(
        "admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval "
        "disgust embarrassment excitement fear gratitude grief joy love nervousness optimism pride realization relief "
        "remorse sadness surprise neutral"
    ),
    exclusive=False,
    reference="D. Demszky et al. (2020). GoEmotions: a dataset of fine-grained emotions. ACL, 4040-4054.",
)

PLUTCHIK8 = Taxonomy(
    name="plutchik8",
    labels=_labels("joy trust fear surprise sadness disgust anger anticipation"),
    exclusive=True,
    reference="R. Plutchik (1980). A general psychoevolutionary theory of emotion. In: Emotion: Theory, Research, and "
    "Experience 1, 3-33. Academic Press.",
)

FERPLUS8 = Taxonomy(
    name="ferplus8",
    labels=_labels("neutral happiness surprise sadness anger disgust fear contempt"),
    exclusive=True,
    reference="E. Barsoum, C. Zhang, C. Canton Ferrer and Z. Zhang (2016). Training deep networks for facial "
    "expression recognition with crowd-sourced label distribution. ICMI, 279-283.",
)

FER7 = Taxonomy(
    name="fer7",
    labels=_labels("angry disgust fear happy sad surprise neutral"),
    exclusive=True,
    reference="I. J. Goodfellow et al. (2013). Challenges in representation learning: a report on three machine "
    "learning contests. ICONIP, 117-124.",
)

RAVDESS8 = Taxonomy(
    name="ravdess8",
    labels=_labels("neutral calm happy sad angry fearful disgust surprised"),
    exclusive=True,
    reference="S. R. Livingstone and F. A. Russo (2018). The Ryerson Audio-Visual Database of Emotional Speech and "
    "Song (RAVDESS). PLoS ONE 13(5), e0196391.",
)

SENTIMENT3 = Taxonomy(
    name="sentiment3",
    labels=_labels("negative neutral positive"),
    exclusive=True,
    reference="B. Pang and L. Lee (2008). Opinion mining and sentiment analysis. Foundations and Trends in "
    "Information Retrieval 2(1-2), 1-135.",
)

QUADRANTS4 = Taxonomy(
    name="quadrants4",
    labels=_labels("excitement distress depression relaxation"),
    exclusive=True,
    reference="J. A. Russell (1980). A circumplex model of affect. Journal of Personality and Social Psychology "
    "39(6), 1161-1178; quadrants 1 to 4, counter-clockwise from high valence and high arousal.",
)

PARROTT = Taxonomy(
    name="parrott",
    labels=tuple(parrott.nodes()),
    exclusive=True,
    reference="W. G. Parrott (2001). Emotions in Social Psychology. Psychology Press; after P. Shaver et al. (1987). "
    "Journal of Personality and Social Psychology 52(6), 1061-1086. Mass on an inner node: somewhere below it.",
    parents=parrott.parents(),
)

TAXONOMIES: Mapping[str, Taxonomy] = MappingProxyType(
    {
        each.name: each
        for each in (
            EKMAN7,
            GOEMOTIONS28,
            PLUTCHIK8,
            FERPLUS8,
            FER7,
            RAVDESS8,
            SENTIMENT3,
            QUADRANTS4,
            PARROTT,
        )
    }
)


def taxonomy(name: str) -> Taxonomy:
    """Return the taxonomy of that name.

    Raises:
        UnknownNameError: The name is none of `TAXONOMIES`.
    """
    if name not in TAXONOMIES:
        raise UnknownNameError("taxonomy", name, TAXONOMIES)
    return TAXONOMIES[name]
