"""Speech: voice activity, segments, emotions and voices."""

from mien.perceive.speech.perceiver import SpeechPerceiver

__all__ = ["SpeechPerceiver"]
