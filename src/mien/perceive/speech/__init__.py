"""Speech: voice activity, segments, emotions and voices."""

from mien.perceive.speech.perceiver import DEFAULT, SpeechPerceiver

__all__ = ["DEFAULT", "SpeechPerceiver"]
