"""The tasks, as declarations."""

from mien.bench.tasks.across import (
    CARER,
    CROWDFLOWER,
    DAILYDIALOG,
    EMORYNLP,
    MELD,
    WASSA2022_EMOTION,
)
from mien.bench.tasks.context import CONTEXT_PAIRS, EMOCONTEXT, MELD_CONTEXT
from mien.bench.tasks.face import FER2013, FERPLUS, FINDER
from mien.bench.tasks.headlines import SEMEVAL2007
from mien.bench.tasks.languages import BRIGHTER_EMOTIONS
from mien.bench.tasks.sides import EMOBANK_READERS, EMOBANK_WRITERS, WASSA2022
from mien.bench.tasks.speech import CROSSTALK, RAVDESS, ROBUST, VOICES
from mien.bench.tasks.text import EMOBANK, GOEMOTIONS
from mien.bench.tasks.tweets import SEMEVAL2018_EC, SEMEVAL2018_EI, SEMEVAL2018_V
from mien.bench.tasks.wheels import GOEMOTIONS_WHEELS
from mien.bench.tasks.words import WORDS

__all__ = [
    "BRIGHTER_EMOTIONS",
    "CARER",
    "CONTEXT_PAIRS",
    "CROSSTALK",
    "CROWDFLOWER",
    "DAILYDIALOG",
    "EMOBANK",
    "EMOBANK_READERS",
    "EMOBANK_WRITERS",
    "EMOCONTEXT",
    "EMORYNLP",
    "FER2013",
    "FERPLUS",
    "FINDER",
    "GOEMOTIONS",
    "GOEMOTIONS_WHEELS",
    "MELD",
    "MELD_CONTEXT",
    "RAVDESS",
    "ROBUST",
    "SEMEVAL2007",
    "SEMEVAL2018_EC",
    "SEMEVAL2018_EI",
    "SEMEVAL2018_V",
    "VOICES",
    "WASSA2022",
    "WASSA2022_EMOTION",
    "WORDS",
]
