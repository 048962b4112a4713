"""Speech: voice activity, segments, emotions and voices."""

from mien.perceive.speech.perceiver import SpeechPerceiver
from mien.perceive.speech.turns import find_turns

__all__ = ["SpeechPerceiver", "find_turns"]
