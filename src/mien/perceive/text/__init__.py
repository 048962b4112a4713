"""Affect from words."""

from mien.perceive.text.perceiver import TextPerceiver
from mien.perceive.text.sentences import split_sentences

__all__ = ["TextPerceiver", "split_sentences"]
