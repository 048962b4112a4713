"""Speech: voice activity, segments, emotions and voices."""

from mien.perceive.speech.perceiver import DEFAULT, SpeechPerceiver
from mien.perceive.speech.turns import find_turns

__all__ = ["DEFAULT", "SpeechPerceiver", "find_turns"]
