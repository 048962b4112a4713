"""Label sets and scales of single corpora, to and from which no general map leads.

They are not in `TAXONOMIES`, whose members all map onto each other and onto valence, arousal and dominance. Three that
a map leaves, ``brighter6`` by its words, ``crowdflower13`` and ``emorynlp7`` as published, go to ``ekman7``, and from
there further. Where several labels may hold, the numbers are probabilities, save in two kinds of scale: where the name
says ``intensity``, and in ``empathy2``, a number is a degree, of which 0 is none and 1 the most that the corpus's scale
knows.

A language in which a label was never asked for has a set of its own, so that what is not known is not written as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mien.types.taxonomy import Taxonomy

__all__ = [
    "BRIGHTER",
    "BRIGHTER_INTENSITY",
    "CROWDFLOWER13",
    "EMOCONTEXT4",
    "EMORYNLP7",
    "EMPATHY2",
    "INTENSITY4",
    "SCALES",
    "SEMEVAL2007_INTENSITY6",
    "SEMEVAL_EC11",
    "SEMEVAL_INTENSITY",
    "XED9",
]

SIX = ("anger", "disgust", "fear", "joy", "sadness", "surprise")
NOT_ASKED = {"afr": "surprise", "eng": "disgust"}
"""The label that BRIGHTER does not have in a language."""

MUHAMMAD = (
    "S. H. Muhammad et al. (2025). BRIGHTER: bridging the gap in human-annotated textual emotion recognition datasets "
    "for 28 languages. ACL, 8895-8916."
)
MOHAMMAD = (
    "S. Mohammad, F. Bravo-Marquez, M. Salameh and S. Kiritchenko (2018). SemEval-2018 task 1: affect in tweets. "
    "SemEval, 1-17."
)


def _brighter(name: str, note: str) -> dict[str, Taxonomy]:
    """Return the set of all six under ``""``, and that of each language which lacks one under its code."""
    sets = {"": Taxonomy(f"brighter6{name}", SIX, exclusive=False, reference=f"{MUHAMMAD}{note}")}
    for language, lacking in NOT_ASKED.items():
        labels = tuple(label for label in SIX if label != lacking)
        about = f"{MUHAMMAD} Without {lacking}, which was not asked for in this language.{note}"
        sets[language] = Taxonomy(f"brighter5_{language}{name}", labels, exclusive=False, reference=about)
    return sets


BRIGHTER: Mapping[str, Taxonomy] = MappingProxyType(_brighter("", ""))
"""Emotions that may hold together, by language; ``""`` stands for every language that knows all six."""

BRIGHTER_INTENSITY: Mapping[str, Taxonomy] = MappingProxyType(
    _brighter("_intensity", " Degrees: none 0, low 1/3, moderate 2/3, high 1.")
)
"""How intense each emotion is, by language, as in `BRIGHTER`."""

XED9 = Taxonomy(
    "xed9",
    ("anger", "anticipation", "disgust", "fear", "joy", "sadness", "surprise", "trust", "neutral"),
    exclusive=False,
    reference="E. Öhman, M. Pàmies, K. Kajava and J. Tiedemann (2020). XED: a multilingual dataset for sentiment "
    "analysis and emotion detection. COLING, 6542-6552.",
)

SEMEVAL_EC11 = Taxonomy(
    "semeval_ec11",
    (
        *("anger", "anticipation", "disgust", "fear", "joy", "love"),
        *("optimism", "pessimism", "sadness", "surprise", "trust"),
    ),
    exclusive=False,
    reference=MOHAMMAD,
)

SEMEVAL_INTENSITY: Mapping[str, Taxonomy] = MappingProxyType(
    {
        emotion: Taxonomy(
            f"semeval_{emotion}_intensity", (emotion,), exclusive=False, reference=f"{MOHAMMAD} Degrees from 0 to 1."
        )
        for emotion in ("anger", "fear", "joy", "sadness")
    }
)
"""How intense one emotion is; most tweets were rated for one only, so each has a scale of its own."""

INTENSITY4 = Taxonomy(
    "semeval_intensity4",
    tuple(SEMEVAL_INTENSITY),
    exclusive=False,
    reference=f"{MOHAMMAD} Degrees from 0 to 1.",
)
"""How intense each of the four is, where one reader tells all of them at once."""

SEMEVAL2007_INTENSITY6 = Taxonomy(
    "semeval2007_intensity6",
    SIX,
    exclusive=False,
    reference="C. Strapparava and R. Mihalcea (2007). SemEval-2007 task 14: affective text. SemEval, 70-74. Degrees: "
    "ratings of 0 to 100 as 0 to 1.",
)

EMPATHY2 = Taxonomy(
    "empathy2",
    ("empathy", "distress"),
    exclusive=False,
    reference="S. Buechel, A. Buffone, B. Slaff, L. Ungar and J. Sedoc (2018). Modeling empathy and distress in "
    "reaction to news stories. EMNLP, 4758-4765. Degrees: ratings of 1 to 7 as 0 to 1.",
)

EMOCONTEXT4 = Taxonomy(
    "emocontext4",
    ("happy", "sad", "angry", "others"),
    reference="A. Chatterjee, K. N. Narahari, M. Joshi and P. Agrawal (2019). SemEval-2019 task 3: EmoContext, "
    "contextual emotion detection in text. SemEval, 39-48.",
)

EMORYNLP7 = Taxonomy(
    "emorynlp7",
    ("joyful", "peaceful", "powerful", "scared", "mad", "sad", "neutral"),
    reference="S. M. Zahiri and J. D. Choi (2018). Emotion detection on TV show transcripts with sequence-based "
    "convolutional neural networks. AAAI workshop on affective content analysis.",
)

CROWDFLOWER13 = Taxonomy(
    "crowdflower13",
    (
        *("anger", "boredom", "empty", "enthusiasm", "fun", "happiness", "hate"),
        *("love", "neutral", "relief", "sadness", "surprise", "worry"),
    ),
    reference="CrowdFlower (2016). The emotion in text data set.",
)

SCALES: Mapping[str, Taxonomy] = MappingProxyType(
    {
        each.name: each
        for each in (
            *BRIGHTER.values(),
            *BRIGHTER_INTENSITY.values(),
            *SEMEVAL_INTENSITY.values(),
            *(XED9, SEMEVAL_EC11, INTENSITY4, SEMEVAL2007_INTENSITY6),
            *(EMPATHY2, EMOCONTEXT4, EMORYNLP7, CROWDFLOWER13),
        )
    }
)
"""All of them by name."""
