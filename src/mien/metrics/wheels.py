"""Emotion wheels of our own making: which words count as the same emotion, coarsely (level 1) and finely (level 2).

A wheel gives each place that a word can have (a node of the tree of Parrott, or a feeling outside of it, see
`mien.types.words`) to one group of its inner ring and one of its outer ring; a blend of two emotions belongs to both.
Each group of the outer ring lies within one of the inner ring. A word that a wheel has no group for is not in it.

References:
    Z. Lian et al. (2025). AffectGPT: a new dataset, model, and benchmark for emotion understanding with multimodal
    large language models. ICML (what the wheels are for; theirs are others).
    W. G. Parrott (2001). Emotions in Social Psychology. Psychology Press (wheel ``parrott``).
    R. Plutchik (2001). The nature of emotions. American Scientist 89(4), 344-350 (``plutchik``: eight emotions, each in
    three degrees, and the blends of neighbours).
    M. Yik, J. A. Russell and J. H. Steiger (2011). A 12-point circumplex structure of core affect. Emotion 11(4),
    705-731 (``circumplex``: quadrants, and segments of 30 degrees).
    D. Demszky et al. (2020). GoEmotions. ACL, 4040-4054 (``basic``: the authors' grouping of their labels).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from mien.errors import OptionError, UnknownNameError
from mien.types import parrott, plane
from mien.types.maps import EKMAN_GROUPS, MAPS
from mien.types.taxonomies import PARROTT, QUADRANTS4
from mien.types.vocabulary import OUTSIDE
from mien.types.words import find_word

__all__ = ["LEVELS", "WHEELS", "Cell", "Wheel", "groups", "wheel"]

LEVELS = (1, 2)
Cell = tuple[str, str]
"""A group of the inner ring, and one of the outer ring within it."""
SEGMENT = 30
NO_FEELING = 0.1
"""Distance from the origin of valence and arousal within which there is no direction."""


@dataclass(frozen=True, slots=True, eq=False)
class Wheel:
    """A way to group words for emotions.

    Args:
        name: Its name.
        cells: Node of the tree, or feeling outside of it, to the cells that it belongs to.
    """

    name: str
    cells: Mapping[str, tuple[Cell, ...]]


PLUTCHIK_DEGREES: Mapping[str, tuple[str, str, str]] = {
    "joy": ("serenity", "joy", "ecstasy"),
    "trust": ("acceptance", "trust", "admiration"),
    "fear": ("apprehension", "fear", "terror"),
    "surprise": ("distraction", "surprise", "amazement"),
    "sadness": ("pensiveness", "sadness", "grief"),
    "disgust": ("boredom", "disgust", "loathing"),
    "anger": ("annoyance", "anger", "rage"),
    "anticipation": ("interest", "anticipation", "vigilance"),
}

PLUTCHIK_PLACES: Mapping[str, str] = {
    "serenity": "joy/cheerfulness/satisfaction joy/contentment joy/relief calm",
    "joy": "joy",
    "ecstasy": "joy/cheerfulness/bliss joy/cheerfulness/jubilation joy/cheerfulness/elation joy/cheerfulness/ecstasy "
    "joy/cheerfulness/euphoria joy/zest/excitement joy/zest/thrill joy/zest/exhilaration joy/pride/triumph "
    "joy/enthrallment/rapture",
    "acceptance": "love/affection/liking approval",
    "trust": "trust",
    "admiration": "love/affection/adoration admiration",
    "apprehension": "fear/nervousness sadness/neglect/insecurity shyness",
    "fear": "fear fear/nervousness/dread",
    "terror": "fear/horror/shock fear/horror/horror fear/horror/terror fear/horror/panic fear/horror/hysteria",
    "distraction": "confusion",
    "surprise": "surprise",
    "amazement": "surprise/surprise/amazement surprise/surprise/astonishment joy/enthrallment",
    "pensiveness": "love/longing sadness/sadness/gloom sadness/sadness/glumness sadness/sadness/melancholy "
    "sadness/sympathy",
    "sadness": "sadness",
    "grief": "sadness/suffering sadness/sadness/depression sadness/sadness/despair sadness/sadness/hopelessness "
    "sadness/sadness/grief sadness/sadness/misery sadness/sadness/woe anger/torment",
    "boredom": "boredom",
    "disgust": "anger/disgust anger/rage/dislike",
    "loathing": "anger/disgust/revulsion anger/rage/hate anger/rage/loathing",
    "annoyance": "anger/irritation anger/exasperation",
    "anger": "anger",
    "rage": "anger/rage/rage anger/rage/outrage anger/rage/fury anger/rage/wrath anger/rage/ferocity",
    "interest": "curiosity",
    "anticipation": "anticipation joy/optimism/eagerness love/lust",
    "joy trust": "love",
    "trust fear": "humility",
    "surprise sadness": "sadness/disappointment disapproval",
    "sadness disgust": "sadness/shame",
    "disgust anger": "anger/disgust/contempt anger/rage/scorn",
    "anger anticipation": "anger/rage/hostility",
    "anticipation joy": "joy/optimism",
}
"""Degree of an emotion, or two neighbours, to nodes and feelings that belong there; other nodes go with their parent.

The blends are Plutchik's own, under his names or close ones: love, submission (humility), disapproval (disappointment),
remorse (shame), contempt (scorn), aggressiveness (hostility) and optimism.
"""


def groups(label: str, on: Wheel, level: int) -> frozenset[str]:
    """Return the groups of a ring that a word belongs to; none where it is not in the wheel.

    Args:
        label: Any word for an emotion.
        on: The wheel.
        level: 1 for the inner ring, 2 for the outer one.

    Raises:
        OptionError: There is no such level, or the label is no word or short phrase.

    Example:
        >>> sorted(groups("furious", wheel("parrott"), 1)), sorted(groups("furious", wheel("parrott"), 2))
        (['anger'], ['anger/rage'])
        >>> sorted(groups("loving", wheel("plutchik"), 1))
        ['joy', 'trust']
    """
    if level not in LEVELS:
        raise OptionError(f"level {level} of a wheel was asked for; allowed: 1 (inner ring) and 2 (outer ring)")
    return frozenset(cell[level - 1] for cell in _cells(label, on))


def wheel(name: str) -> Wheel:
    """Return the wheel of that name.

    Raises:
        UnknownNameError: The name is none of `WHEELS`.
    """
    if name not in WHEELS:
        raise UnknownNameError("wheel", name, WHEELS)
    return WHEELS[name]


@lru_cache(maxsize=8192)
def _cells(label: str, on: Wheel) -> tuple[Cell, ...]:
    entry = find_word(label)
    if entry is None:
        return ()
    return tuple(cell for place in (*entry.nodes, entry.feeling) for cell in on.cells.get(place, ()))


def _parrott(place: str) -> tuple[Cell, ...]:
    if place not in PARROTT.labels:
        return ()
    tiers = place.split("/")
    return ((tiers[0], "/".join(tiers[:2])),)


def _plutchik(place: str) -> tuple[Cell, ...]:
    degrees_of = {each: degrees for degrees, places in PLUTCHIK_PLACES.items() for each in places.split()}
    emotion_of = {degree: emotion for emotion, degrees in PLUTCHIK_DEGREES.items() for degree in degrees}
    while place and place not in degrees_of:
        place = place.rpartition("/")[0]
    return tuple((emotion_of[degree], degree) for degree in degrees_of.get(place, "").split())


def _circumplex(place: str) -> tuple[Cell, ...]:
    if place in PARROTT.labels:
        valence, arousal, _ = plane.moments(PARROTT.name)[0][PARROTT.index(place)]
    else:
        valence, arousal, _ = plane.mixture(OUTSIDE[place].terms)[0]
    if math.hypot(valence, arousal) < NO_FEELING:
        return (("neutral", "neutral"),)
    degrees = math.degrees(math.atan2(arousal, valence)) % 360
    start = int(degrees // SEGMENT) * SEGMENT
    return ((QUADRANTS4.labels[int(degrees // 90)], f"{start}-{start + SEGMENT}"),)


def _basic(place: str) -> tuple[Cell, ...]:
    if place in PARROTT.labels:
        words = tuple(MAPS["parrott", "goemotions28"].rows[place])
    else:
        label = OUTSIDE[place].label
        words = (label[1],) if label and label[0] in {"goemotions28", "ekman7"} else ()
    basic = {member: group for group, members in EKMAN_GROUPS.items() for member in members}
    return tuple((basic[word], word) for word in words)


def _made(name: str, cells: Callable[[str], tuple[Cell, ...]]) -> Wheel:
    return Wheel(name, MappingProxyType({place: cells(place) for place in (*parrott.nodes(), *OUTSIDE)}))


WHEELS: Mapping[str, Wheel] = MappingProxyType(
    {
        "parrott": _made("parrott", _parrott),
        "plutchik": _made("plutchik", _plutchik),
        "circumplex": _made("circumplex", _circumplex),
        "basic": _made("basic", _basic),
    }
)
"""Every wheel by its name."""
