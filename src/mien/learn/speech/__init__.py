"""Training of the two speech models: emotion, and voices told apart."""

from mien.learn.speech.make import run as run_affect
from mien.learn.speech.speakers import run as run_voices

__all__ = ["run_affect", "run_voices"]
