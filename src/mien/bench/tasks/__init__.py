"""The tasks, as declarations."""

from mien.bench.tasks.face import FER2013, FERPLUS, FINDER
from mien.bench.tasks.speech import RAVDESS, VOICES
from mien.bench.tasks.text import EMOBANK, GOEMOTIONS, SEMEVAL2018_V

__all__ = ["EMOBANK", "FER2013", "FERPLUS", "FINDER", "GOEMOTIONS", "RAVDESS", "SEMEVAL2018_V", "VOICES"]
