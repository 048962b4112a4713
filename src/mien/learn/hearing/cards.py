"""What the cards of the two models say that is neither fitted nor measured, and how the perceiver listens for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mien.learn.card import About
from mien.learn.speech.publish import LICENCE, NOT_FOR, RAVDESS

__all__ = ["BASE", "PERCEIVER", "TINY"]

PERCEIVER: Mapping[str, Any] = {
    "features": "states",
    "activity": {
        "periodicity": 0.5,
        "breadth": 12,
        "above": 6.0,
        "least_level": -62.0,
        "memory": 4.0,
        "motion": 0.1,
    },
    "segments": {
        "pause": 0.4,
        "margin": 0.15,
        "longest": 6.0,
        "least_voiced": 0.12,
        "every": 0.5,
        "dense": 6,
    },
}
"""Options of the cards that were set by hand on made signals and on the training speakers."""
FILES = ("trunk.onnx", "affect.onnx")
NEMO = {
    "corpus": "nemo",
    "licence": "CC BY-NC-SA 4.0",
    "tier": "C",
    "commercial": False,
    "note": "Christop 2024, Polish, nine speakers",
}
EMODB = {
    "corpus": "emodb",
    "licence": "free for research, no licence file",
    "tier": "C",
    "commercial": False,
    "note": "Burkhardt et al. 2005, German, ten speakers: four emotions whole, two cut to two seconds",
}
LIBRISPEECH = {
    "corpus": "librispeech_sample",
    "licence": "CC BY 4.0",
    "tier": "A",
    "commercial": True,
    "note": "Panayotov et al. 2015: five readers, who babble in the background",
}
ELSEWHERE = {
    "base": "On a corpus that it never heard it is far worse: see speech/across-nemo and speech/across-emodb, which "
    "are of lines that learnt from the two other corpora.",
    "tiny": "How far it falls on a corpus that it never heard was not measured; expect much.",
}
LIMITS = (
    "Between speakers, and between women and men, the recall varies; see the groups.",
    "It hears how something is said, never what is said. Whispering is not found; singing is taken for speech.",
    "Its answer does not depend on the gain of a recording; a raised voice is heard by its colour.",
    "Valence, arousal and dominance are derived from the eight categories by published tables, not measured.",
    "Confidence was fitted on acted speech in a quiet room; elsewhere it can be too high.",
)
ACTED = "How people sound when they do not act differs, and was not measured here."
WHISPER = {"name": "whisper-base", "licence": "MIT"}


def _head(name: str, summary: str, limits: Sequence[str]) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1.0.0",
        "modality": "speech",
        "line": "research",
        "licence": LICENCE,
        "summary": summary,
        "recipe": f"recipes/{name}",
        "taxonomies": ["ravdess8"],
        "not_for": NOT_FOR,
        "limits": [f"{limits[0]} {ACTED}", *limits[1:], *LIMITS],
    }


BASE = About(
    _head(
        "speech-base",
        "Reads eight emotions from the sound of a voice.",
        ("Learnt from sixteen actors who play emotions in English, in two sentences.", ELSEWHERE["base"]),
    ),
    FILES,
    (WHISPER | {"note": "two lower layers of its encoder, pruned and not trained further (Radford et al. 2023)"},),
    (
        RAVDESS,
        *(row | {"note": f"{row['note']}; for the pruning, without labels"} for row in (NEMO, EMODB)),
        LIBRISPEECH,
    ),
)
TINY = About(
    _head(
        "speech-tiny",
        "Reads eight emotions from the sound of a voice, with few parameters.",
        (
            "Learnt from actors who play emotions: sixteen in English (two sentences), nine in Polish, ten in German.",
            ELSEWHERE["tiny"],
        ),
    ),
    FILES,
    (WHISPER | {"note": "teacher only: states and answers were imitated; none of its weights is shipped"},),
    (RAVDESS, NEMO, EMODB, LIBRISPEECH),
)
