"""Own labels for speech: heads on what the speech model's own heads read of a voice."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.learn.own.card import About, Answers, label_names, taken_over, write_own_card
from mien.learn.own.heads import (
    CLASSES,
    RATINGS,
    Input,
    class_options,
    taxonomy_of,
    widened,
    write_classes,
    write_ratings,
)
from mien.learn.own.recordings import hear
from mien.learn.own.table import Labels
from mien.learn.own.train import Fitted, Say
from mien.learn.speech.publish import write_golden
from mien.perceive.heads import DIMENSIONS
from mien.perceive.speech import DEFAULT, SpeechPerceiver
from mien.perceive.speech.features import features_of
from mien.perceive.speech.heads import DERIVED, LabelHead, heads_of
from mien.runtime import find_fitting
from mien.runtime.card import Calibration, Score
from mien.types.project import is_mapped

__all__ = ["SpeechTrainer"]

TAKEN_OVER = ("activity", "segments")
"""Options of the base that say what of a recording is a segment."""
BASE_LABELS, BASE_RATINGS, BASE_DERIVED = "base-labels", "base-ratings", "base-derived"
"""Names, in a folder, of graphs of the base."""
MOST_TOLD = 20
"""Rows without a voice that are named."""
HEARD, ELSEWHERE = "voices", "other speakers, rooms and microphones"
LICENCE = "as you choose; each file that is the base's is under its own"
FOUND = "Whispering is not found; singing is taken for speech."
LIMITS: Mapping[str, tuple[str, ...]] = {
    "traits": (
        f"It hears how something is said, never what is said. {FOUND}",
        "Its answer does not depend on the gain of a recording; a raised voice is heard by its colour.",
    )
}
"""What holds for all heads on features of a kind; of a network's own, only its card can tell."""


class SpeechTrainer:
    """Learns labels of recordings on the features of a speech model.

    What the user's table does not teach stays as the base has it: with ratings alone, the labels are the base's; with
    labels of their own alone, from which no published table leads to valence, arousal and dominance, those follow from
    the base's labels.

    Args:
        base: Name or folder of a speech model; by default that of `SpeechPerceiver`.

    Raises:
        UnknownNameError: There is no such model.
        OptionError: It reads something else.
    """

    item = "file"
    timed = True
    edge: float | None = 4.0

    def __init__(self, base: str | None = None) -> None:
        self._base = find_fitting(base or DEFAULT, modality="speech", taker="mien train speech")
        self._perceiver = SpeechPerceiver(model=str(self._base.folder), threads=1)
        self._heads = heads_of(self._base.info)

    def features(self, labels: Labels, kept: Path, say: Say) -> tuple[Labels, Float[np.ndarray, "n width"]]:
        """Return the rows in which a voice is heard, and the features of each, shape ``(n, width)``."""
        info = self._base.info
        mark = " ".join([self._heads.features, *(f"{row.name} {row.sha256}" for row in info.files)])
        found = hear(labels, lambda sound: self._perceiver.vectors([sound])[0], kept, mark, say)
        rows = [row for row, vector in enumerate(found) if vector is not None]
        if len(rows) < len(found):
            say(_unheard(labels, [row for row, vector in enumerate(found) if vector is None]))
        heard = labels.only(rows, "rows in which a voice is heard")
        return heard, np.stack([vector for vector in found if vector is not None]).astype(np.float64)

    def write(self, fitted: Fitted, scores: Sequence[Score], folder: Path, head: Mapping[str, str]) -> None:
        """Write the heads, those of the base that are kept, the card and the golden answers."""
        answers = self._write_heads(fitted, folder, head["name"])
        for name, source in answers.borrowed.items():
            shutil.copyfile(self._base.file(source), folder / name)
        about = About(
            head["name"],
            head["modality"],
            head["line"],
            HEARD,
            ELSEWHERE,
            LICENCE,
            LIMITS.get(self._heads.features, (FOUND,)),
        )
        write_own_card(folder, about, (fitted, scores), self._base.info, answers)
        write_golden(folder)

    def _write_heads(self, fitted: Fitted, folder: Path, name: str) -> Answers:
        """Write the graphs of what was learnt; return what the card says of those and of what is kept of the base."""
        info, labels, old = self._base.info, fitted.labels, self._heads
        features = Input(old.features, fitted.bounds)
        options: dict[str, Any] = {"features": old.features, **taken_over(info, TAKEN_OVER)}
        borrowed = {f"{graph}.onnx": f"{graph}.onnx" for graph in features_of(old.features).graphs}
        taxonomy, derived = old.labels.taxonomy, old.beside
        calibration: tuple[Calibration, ...] = ()
        if fitted.classes is not None:
            taxonomy = taxonomy_of(name, labels.classes)
            write_classes(widened(fitted.classes.linear, labels.classes, taxonomy), folder, features)
            fit, calibration = class_options(fitted.classes, labels.codes[fitted.judged])
            options |= {"categories": CLASSES, **fit, **label_names(taxonomy)}
            derived = None if is_mapped(taxonomy) else old.derived
        else:
            options |= {**taken_over(info), "categories": BASE_LABELS}
            borrowed[f"{BASE_LABELS}.onnx"] = f"{old.labels.graph}.onnx"
        if fitted.ratings is not None:
            write_ratings(fitted.ratings, folder, features)
            options |= {"ratings": RATINGS, "dimensions": list(labels.dimensions)}
        elif old.ratings:
            options |= {"ratings": BASE_RATINGS, "dimensions": list(old.dimensions)}
            borrowed[f"{BASE_RATINGS}.onnx"] = f"{old.ratings}.onnx"
        if derived is not None and set(DIMENSIONS) - set(options.get("dimensions", ())):
            options[DERIVED] = _described(derived)
            borrowed[f"{BASE_DERIVED}.onnx"] = f"{derived.graph}.onnx"
        return Answers(taxonomy, options, calibration, borrowed)


def _described(head: LabelHead) -> dict[str, Any]:
    """Return how the card names the head of the base that ratings follow from."""
    slope, offset = head.confidence
    return {
        "categories": BASE_DERIVED,
        "taxonomy": head.taxonomy.name,
        "temperature": head.temperature,
        "confidence_slope": slope,
        "confidence_offset": offset,
    }


def _unheard(labels: Labels, rows: Sequence[int]) -> str:
    told = ", ".join(f"row {row + 1} ({labels.items[row]})" for row in rows[:MOST_TOLD])
    more = f" and {len(rows) - MOST_TOLD:,} more" if len(rows) > MOST_TOLD else ""
    return f"no voice was heard in {len(rows):,} of {len(labels):,} recordings, which are left out: {told}{more}"
