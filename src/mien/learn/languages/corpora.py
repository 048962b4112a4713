"""What the recipe reads: texts of 28 languages and lines of films in Finnish, with six emotions each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mien.datasets import brighter, emobank, goemotions, xed
from mien.datasets.schema import Sample
from mien.datasets.written import letters
from mien.types.scales import BRIGHTER

__all__ = ["FINNISH", "LABELS", "LANGUAGES", "Labelled", "finnish", "letters", "texts_of", "tongues", "training"]

LABELS = BRIGHTER[""].labels
FINNISH = "fin"
LANGUAGES = (*brighter.LANGUAGES, FINNISH)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with which emotions they express.

    Args:
        texts: n texts.
        truth: Shape ``(n, labels)``: 1 where an emotion holds, 0 where it does not, NaN where it was not asked for.
        languages: Place of each text's language in `LANGUAGES`, shape ``(n,)``.
    """

    texts: tuple[str, ...]
    truth: np.ndarray
    languages: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def __add__(self, other: Labelled) -> Labelled:
        return Labelled(
            self.texts + other.texts,
            np.concatenate([self.truth, other.truth]),
            np.concatenate([self.languages, other.languages]),
        )

    def where(self, chosen: np.ndarray) -> Labelled:
        """Return the texts at the places, or where the mask is true."""
        places = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Labelled(tuple(self.texts[place] for place in places), self.truth[places], self.languages[places])


def texts_of(split: str) -> Labelled:
    """Read a split of BRIGHTER, all languages."""
    samples = brighter.load(split)
    return _labelled(samples, [LANGUAGES.index(sample.group["language"]) for sample in samples])


def finnish(split: str) -> Labelled:
    """Read a split of the Finnish lines of XED; of its labels the six count."""
    samples = xed.load_finnish(split)
    return _labelled(samples, [LANGUAGES.index(FINNISH)] * len(samples))


def training(n_finnish: int, seed: int) -> Labelled:
    """Return what to learn from: texts that occur in no validation or test split, and some Finnish lines."""
    held_out = {letters(text) for split in ("validation", "test") for text in texts_of(split).texts}
    found = texts_of("train")
    fresh = found.where(np.array([letters(text) not in held_out for text in found.texts]))
    lines = finnish("train")
    chosen = np.random.default_rng(seed).permutation(len(lines))[:n_finnish]
    return fresh + lines.where(np.sort(chosen))


def tongues(split: str) -> Labelled:
    """Return texts with one label: whether they are in another language than English.

    English are the comments and sentences that the English model learns from, and BRIGHTER's own.
    """
    found = texts_of(split) + finnish(split)
    english = [sample.signal.text for corpus in (goemotions, emobank) for sample in corpus.load(split)]
    place = LANGUAGES.index("eng")
    languages = np.concatenate([found.languages, np.full(len(english), place)])
    return Labelled((*found.texts, *english), (languages != place)[:, None].astype(float), languages)


def _labelled(samples: Sequence[Sample], languages: Sequence[int]) -> Labelled:
    truth = np.full((len(samples), len(LABELS)), np.nan)
    for row, sample in enumerate(samples):
        if sample.truth is not None and sample.truth.categories is not None:
            known = sample.truth.categories
            for label, share in zip(known.taxonomy.labels, known.probs, strict=True):
                if label in LABELS:
                    truth[row, LABELS.index(label)] = float(share > 0.5)
    return Labelled(tuple(sample.signal.text for sample in samples), truth, np.array(languages))
