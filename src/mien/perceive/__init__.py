"""Perceivers: one a modality, each a fold over the pieces of a stream."""

from mien.perceive.protocol import Fold, Perceiver, Update, perceive

__all__ = ["Fold", "Perceiver", "Update", "perceive"]
