"""Turns of conversations with those before them, of which a head learns what was said before means for an answer.

MELD names its speakers; in DailyDialog and EmoContext two people take turns. What EmoContext calls others may be any of
the labels that it does not ask for.

A turn is not learnt from where a later split of any of the corpora holds it: a turn of some length that is the same as
one there or comes after it, or any turn that comes after the same turn as there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mien.datasets import Sample, dailydialog, emocontext, meld
from mien.datasets.written import letters
from mien.errors import OptionError
from mien.types.scales import EMOCONTEXT4
from mien.types.taxonomies import EKMAN7

__all__ = ["CORPORA", "Heard", "held_out", "turns_of"]

CORPORA = ("meld", "dailydialog", "emocontext")
DEPTH = 2
"""Turns before each that are kept."""
LONG = 25
"""Letters and digits beyond which a turn is somebody's own; shorter ones, such as "I don't know", are everybody's."""
EMOTIONS = {"happy": "joy", "sad": "sadness", "angry": "anger"}


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A turn as it is heard.

    Args:
        text: What is said.
        before: The turns before it, the nearest first, each with whether the same person spoke.
        allowed: Which labels of ``ekman7`` may be true, shape ``(7,)``; one, or those that were not asked for.
        dialogue: Name of its dialogue within its corpus and split.
    """

    text: str
    before: tuple[tuple[str, bool], ...]
    allowed: np.ndarray
    dialogue: str


def turns_of(corpus: str, split: str) -> list[Heard]:
    """Return the labelled turns of a split.

    Raises:
        OptionError: The corpus has no conversations.
        InputError: It is missing.
    """
    if corpus == "emocontext":
        return [_chat(sample) for sample in emocontext.load(split)]
    if corpus == "meld":
        return list(_dialogues(meld.load(split)))
    if corpus == "dailydialog":
        return list(_dialogues(dailydialog.load(split)))
    raise OptionError(f"no conversations are called {corpus!r}; known: {', '.join(CORPORA)}")


def held_out(turns: Sequence[Heard], later: Sequence[Heard]) -> list[Heard]:
    """Return the turns that nothing in later splits repeats."""
    seen = {key for turn in later for key in _keys(turn)}
    return [turn for turn in turns if seen.isdisjoint(_keys(turn))]


def _keys(turn: Heard) -> Iterator[str]:
    """Yield what a turn and those before it may share with others: long words of their own, and what follows what."""
    texts = [letters(text) for text in (turn.text, *(text for text, _ in turn.before))]
    yield from (text for text in texts if len(text) > LONG)
    if len(texts) > 1:
        yield " > ".join(texts)


def _dialogues(samples: Sequence[Sample]) -> Iterator[Heard]:
    told: dict[str, list[Sample]] = defaultdict(list)
    for sample in sorted(samples, key=lambda one: int(one.group["turn"])):
        told[sample.group["dialogue"]].append(sample)
    for turns in told.values():
        for place, here in enumerate(turns):
            if here.truth is not None and here.truth.categories is not None:
                before = tuple((one.signal.text, _is_same(one, here)) for one in turns[max(0, place - DEPTH) : place])
                allowed = here.truth.categories.probs > 0.5
                yield Heard(here.signal.text, before[::-1], allowed, here.group["dialogue"])


def _is_same(one: Sample, other: Sample) -> bool:
    if "speaker" in one.group:
        return one.group["speaker"] == other.group["speaker"]
    return (int(one.group["turn"]) - int(other.group["turn"])) % 2 == 0


def _chat(sample: Sample) -> Heard:
    first, second = sample.extra["context"]
    if sample.truth is None or sample.truth.categories is None:
        raise OptionError(f"the dialogue {sample.id} has no label; each must have one")
    label = EMOCONTEXT4.labels[int(sample.truth.categories.probs.argmax())]
    asked = [EKMAN7.index(basic) for basic in EMOTIONS.values()]
    allowed = ~np.isin(np.arange(len(EKMAN7)), asked)
    if label in EMOTIONS:
        allowed = np.arange(len(EKMAN7)) == EKMAN7.index(EMOTIONS[label])
    return Heard(sample.signal.text, ((second, False), (first, True)), allowed, sample.id)
