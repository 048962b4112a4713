"""Training of the network that tells voices apart, and what training on speech shares."""

from mien.learn.speech.speakers import run as run_voices

__all__ = ["run_voices"]
