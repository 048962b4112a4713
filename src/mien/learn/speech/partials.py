"""How sure a speech model may be before a segment ends: measured and fitted on speakers that its training left out.

References:
    Guo, Pleiss, Sun and Weinberger (2017). On calibration of modern neural networks. ICML.
    Stone (1974). Cross-validatory choice and assessment of statistical predictions. Journal of the Royal Statistical
    Society B 36(2), 111-147.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Shaped
from numpy import ndarray

from mien.calibrate.heard import HeardConfidence, fit
from mien.datasets.schema import Sample
from mien.errors import OptionError
from mien.metrics.calibration import confidence_ece
from mien.perceive.protocol import Update
from mien.perceive.speech import SpeechPerceiver
from mien.perceive.speech.heads import HEARD
from mien.runtime.card import Calibration
from mien.types import Audio, Sound

__all__ = ["EVERY", "Answered", "Clip", "Fit", "clips_of", "crossed", "fit_heard", "listen"]

EVERY = 0.5
"""Seconds of speech between two answers."""
METHOD = "logistic on the top label and the seconds of voice heard, crossed by speaker"
PARTS = {"partial answers": False, "final answers": True}
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording of one speaker, the label that is true of it, and who speaks."""

    sound: Sound
    label: str
    speaker: str


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """All answers to some clips, as a stream gives them: one after each half second of speech, one when it is over.

    Args:
        top: Probability of the top label, in [0, 1].
        stated: How sure the model says it is, in [0, 1].
        seconds: How much voice it had heard of the segment.
        right: Whether the top label is the clip's.
        final: Whether the segment was over.
        speakers: Who speaks.
    """

    top: Float[ndarray, " answers"]
    stated: Float[ndarray, " answers"]
    seconds: Float[ndarray, " answers"]
    right: Bool[ndarray, " answers"]
    final: Bool[ndarray, " answers"]
    speakers: Shaped[ndarray, " answers"]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What was fitted on all answers, and what it is worth on speakers that it was fitted without.

    Args:
        options: What the card needs, the table `HEARD`.
        rows: Expected calibration error of partial and of final answers, before and after.
        crossed: Confidence in each answer by a fit without its speaker.
    """

    options: dict[str, dict[str, float]]
    rows: tuple[Calibration, ...]
    crossed: Float[ndarray, " answers"]


def clips_of(samples: Iterable[Sample]) -> Iterator[Clip]:
    """Yield the samples of a corpus whose truth is one label of a taxonomy.

    Raises:
        OptionError: A sample has no such truth.
    """
    for sample in samples:
        if sample.truth is None or sample.truth.categories is None:
            raise OptionError(f"the clip {sample.id} has no label; the confidence is fitted on clips that have one")
        yield Clip(sample.signal, sample.truth.categories.top[0], sample.group["speaker"])


def listen(perceiver: SpeechPerceiver, clips: Iterable[Clip], *, every: float = EVERY) -> Answered:
    """Play each clip to a stream of its own and keep all answers.

    Args:
        perceiver: Reads with the model whose confidence is to be fitted; its temperature is fitted already.
        clips: Recordings of speakers that no training heard.
        every: Seconds of speech between two answers.

    Raises:
        OptionError: A label is none of the model's, or no voice is heard in any clip.
    """
    rows: list[tuple[Any, ...]] = []
    for clip in clips:
        if clip.label not in perceiver.taxonomy.labels:
            allowed = ", ".join(perceiver.taxonomy.labels)
            raise OptionError(f"a clip is labelled {clip.label!r}, which the model does not know; allowed: {allowed}")
        rows += [(*_row(update, clip.label), clip.speaker) for update in _updates(perceiver, clip.sound, every)]
    if not rows:
        raise OptionError("no voice is heard in any clip; a confidence cannot be fitted on no answer")
    top, stated, seconds, right, final, speakers = (np.array(column) for column in zip(*rows, strict=True))
    return Answered(top, stated, seconds, right, final, speakers)


def fit_heard(answered: Answered) -> Fit:
    """Fit how sure an answer may be, by its top label and the voice heard.

    Raises:
        OptionError: The answers are of fewer than two speakers.
    """
    sure = crossed(answered)
    options = {name: round(value, DIGITS) for name, value in _fitted(answered).to_dict().items()}
    rows = []
    for part, final in PARTS.items():
        inside = answered.final == final
        if inside.any():
            before, after = (
                round(confidence_ece(answered.right[inside], table[inside]), DIGITS)
                for table in (answered.stated, sure)
            )
            rows.append(Calibration(part, METHOD, "validation", before, after))
    return Fit({HEARD: options}, tuple(rows), sure)


def crossed(answered: Answered) -> Float[ndarray, " answers"]:
    """Return the confidence in each answer by a fit on the answers of all other speakers.

    Raises:
        OptionError: The answers are of fewer than two speakers.
    """
    known: Sequence[Any] = np.unique(answered.speakers).tolist()
    if len(known) < 2:
        raise OptionError(
            f"the answers are of {len(known)} speaker; a fit that is crossed by speaker needs two or more"
        )
    sure = np.zeros(len(answered.top))
    for speaker in known:
        own = answered.speakers == speaker
        sure[own] = _fitted(answered, ~own).confidence(answered.top[own], answered.seconds[own])
    return sure


def _fitted(answered: Answered, chosen: Any = slice(None)) -> HeardConfidence:
    return fit(answered.top[chosen], answered.seconds[chosen], answered.right[chosen])


def _updates(perceiver: SpeechPerceiver, sound: Sound, every: float) -> Iterator[Update]:
    """Yield the answers to one clip, the one that its end brings included."""
    fold = perceiver.fold(every=every)
    yield from fold.push(Sound(Audio(sound.audio.mono()[None], sound.audio.rate)))
    yield from fold.flush()


def _row(update: Update, label: str) -> tuple[float, float, float, bool, bool]:
    """Top, stated confidence, seconds, right and final of one answer; a speech model states all of them."""
    affect = update.affect
    if affect.categories is None or affect.confidence is None or update.heard is None:
        raise OptionError("a speech model gave an answer without labels, confidence or the voice heard; it needs all")
    said, top = affect.categories.top
    return top, affect.confidence, update.heard, said == label, update.final
