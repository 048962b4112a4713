"""Linear models over the character n-grams of a text.

An n-gram's weights are found by its hash, so that no list of n-grams is kept; those that share a place share weights.

References:
    Weinberger et al. (2009). Feature hashing for large scale multitask learning. ICML, 1113-1120.
    Cavnar and Trenkle (1994). N-gram-based text categorization. SDAIR, 161-175.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

__all__ = ["RARITY_STEP", "LanguageNgrams", "Ngrams", "counted", "hashed"]

LONGEST = 5
"""Characters of the longest n-gram."""
RARITY_STEP = 0.05
PRIME = np.uint64(1099511628211)
MIXER = np.uint64(0x9E3779B97F4A7C15)


def hashed(text: str, bits: int) -> np.ndarray:
    """Return the place of each n-gram of `text`, of 1 to `LONGEST` characters, below ``2**bits``.

    Case does not count, nor how much white space there is; the text begins and ends with a space.
    """
    letters = f" {' '.join(text.lower().split())} ".encode("utf-32-le", "replace")
    codes = np.frombuffer(letters, "<u4").astype(np.uint64)
    found = []
    rolled = np.zeros(len(codes), np.uint64)
    for length in range(1, min(LONGEST, len(codes)) + 1):
        rolled = rolled[: len(codes) - length + 1] * PRIME + codes[length - 1 :]
        mixed = (rolled + np.uint64(length)) * MIXER
        found.append((mixed ^ (mixed >> np.uint64(29))) * MIXER >> np.uint64(64 - bits))
    return np.concatenate(found).astype(np.int64)


def counted(text: str, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct places of a text's n-grams and ``1 + log(count)`` of each."""
    places, counts = np.unique(hashed(text, bits), return_counts=True)
    return places, 1 + np.log(counts)


class Ngrams:
    """A linear model over the n-grams of a text.

    Args:
        rarity: How much each place counts, in steps of `RARITY_STEP`, uint8 ``(places,)``.
        weights: int8 ``(places, outputs)``.
        scale: What the weights of an output are multiplied by, ``(outputs,)``.
        bias: What is added to each output, ``(outputs,)``.
    """

    def __init__(self, rarity: np.ndarray, weights: np.ndarray, scale: np.ndarray, bias: np.ndarray) -> None:
        self._rarity, self._weights, self._scale, self._bias = rarity, weights, scale, bias
        self._bits = len(rarity).bit_length() - 1

    @classmethod
    def read(cls, path: Path) -> Ngrams:
        """Read the arrays of a file, each by its name."""
        with np.load(path) as stored:
            return cls(stored["rarity"], stored["weights"], stored["scale"], stored["bias"])

    def logits(self, text: str) -> np.ndarray:
        """Return one number an output, shape ``(outputs,)``."""
        places, shares = counted(text, self._bits)
        weighted = shares * self._rarity[places] * RARITY_STEP
        norm = max(float(np.linalg.norm(weighted)), 1e-12)
        logits: np.ndarray = (weighted / norm) @ self._weights[places] * self._scale + self._bias
        return logits


class LanguageNgrams:
    """A linear model for each of several languages, whose logits join those of a trunk.

    Args:
        path: A file of the arrays of `Ngrams`, each with the languages as first axis, and ``trunk`` (languages,), by
            which the trunk's logits are multiplied in each.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path) as stored:
            names = ("rarity", "weights", "scale", "bias")
            self._models = [Ngrams(*rows) for rows in zip(*(stored[name] for name in names), strict=True)]
            self._trunk = stored["trunk"]

    def join(self, trunk: np.ndarray, texts: Sequence[str], languages: Sequence[int]) -> np.ndarray:
        """Return the joint logits, shape ``(texts, labels)``.

        Args:
            trunk: Logits of the trunk, same shape.
            texts: The texts.
            languages: Place of the language of each.
        """
        own = [self._models[language].logits(text) for text, language in zip(texts, languages, strict=True)]
        joint: np.ndarray = trunk * self._trunk[list(languages), None] + np.stack(own)
        return joint
