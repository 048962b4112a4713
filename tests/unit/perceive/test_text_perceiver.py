from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from mien.errors import OptionError, UnknownNameError
from mien.perceive import perceive
from mien.perceive.reading import Reading
from mien.perceive.text import TextPerceiver
from mien.perceive.text.fold import Item, TextFold
from mien.types import Affect, Dimension, Span, Utterance


@pytest.fixture(scope="module")
def perceiver() -> TextPerceiver:
    return TextPerceiver(threads=1)


def written(text: str, start: int = 0, speaker: str | None = None) -> Utterance:
    return Utterance(text, Span(start, start + len(text), "characters"), speaker)


class Counting:
    """Reads nothing; answers how many words an item has."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.before: list[list[str]] = []

    def items_of(self, utterance: Utterance, before: Sequence[Utterance] = ()) -> Iterator[Item]:
        self.before.append([turn.text for turn in before])
        yield Item((utterance.text,), utterance.span)

    def read_items(self, items: Sequence[Item]) -> list[Affect | None]:
        self.batches.append(len(items))
        return [
            Affect(valence=Dimension(0, len(item.passages[0].split())), span=item.span) if item.passages[0] else None
            for item in items
        ]


@pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u200e", "\U0001f600\U0001f680"])
def test_nothing_to_perceive(perceiver: TextPerceiver, text: str) -> None:
    assert perceiver.read([written(text)]) == [None]
    assert perceive(perceiver, [written(text)]) == []


def test_blank_items_keep_their_place(perceiver: TextPerceiver) -> None:
    affects = perceiver.read([written("I am glad."), written(" "), written("I am sad.")])
    assert [affect is None for affect in affects] == [False, True, False]


def test_affect_is_whole(perceiver: TextPerceiver) -> None:
    utterance = Utterance("That was kind of you.", Span(1.5, 3.0), "Ann")
    (affect,) = perceiver.read([utterance])
    assert affect.span == utterance.span
    assert affect.categories.taxonomy.name == "goemotions28"
    assert affect.model == "text-affect"
    assert 0 < affect.confidence < 1
    assert all(0 < part.std < 1 for part in (affect.valence, affect.arousal, affect.dominance))


def test_written_text_is_read_by_sentence_and_timed_text_as_it_is(perceiver: TextPerceiver) -> None:
    (track,) = perceive(perceiver, [written("I am glad. You are mean!", start=100)])
    assert track.person == "writer"
    assert track.modality == "text"
    assert [affect.span for affect in track.affects] == [
        Span(100, 110, "characters"),
        Span(111, 124, "characters"),
    ]
    (track,) = perceive(perceiver, [Utterance("I am glad. You are mean!", Span(2.0, 5.0), "Bo")])
    assert track.person == "Bo"
    assert [affect.span for affect in track.affects] == [Span(2.0, 5.0)]


def test_long_text_is_pooled_by_length(perceiver: TextPerceiver) -> None:
    good, bad = "What a lovely, lovely day this was, I enjoyed it all. ", "It was horrible, I hated it. "
    mixed, glad = perceiver.read([written(good * 30 + bad * 5), written(good * 30)])
    (sad,) = perceiver.read([written(bad * 30)])
    assert sad.valence.mean < mixed.valence.mean < glad.valence.mean
    assert abs(mixed.valence.mean - glad.valence.mean) < abs(mixed.valence.mean - sad.valence.mean)
    assert mixed.valence.std > glad.valence.std


def test_long_sentences_are_read_to_their_end(perceiver: TextPerceiver) -> None:
    dull = "the report lists the rooms and the tables and the chairs " * 20
    plain, sad = perceiver.read([written(dull), written(dull + "and I am so sad that I cannot stop crying " * 4)])
    assert sad.valence.mean < plain.valence.mean


def test_a_huge_line_takes_bounded_work(perceiver: TextPerceiver) -> None:
    text = "so it goes on " * 200_000
    (affect,) = perceiver.read([written(text)])
    (track,) = perceive(perceiver, [written(text)])
    assert affect is not None
    assert len(track.affects) <= perceiver.info.options["timeline_sentences"]
    assert track.affects[-1].span.end == len(text.rstrip())


def test_broken_characters_are_read_over(perceiver: TextPerceiver) -> None:
    (affect,) = perceiver.read([written("I am glad \ud800\x00\x07 today")])
    assert affect is not None


def test_pending_changes_nothing_but_when_answers_come(perceiver: TextPerceiver) -> None:
    pieces = [written("I am glad. You are mean!"), written("", 30), written("What is it?", 40, "Ann")]
    at_once = TextPerceiver(threads=1, pending=1).fold()
    updates = [update for piece in pieces for update in at_once.push(piece)]
    assert [update.person for update in updates] == ["writer", "writer", "Ann"]
    assert all(update.final for update in updates)
    for one, other in zip(at_once.finish(), perceive(perceiver, pieces), strict=True):
        assert one.person == other.person
        for mine, theirs in zip(one.affects, other.affects, strict=True):
            assert mine.span == theirs.span
            assert np.abs(mine.categories.probs - theirs.categories.probs).max() <= 1e-4


def test_fold_reads_together_and_keeps_speakers_apart() -> None:
    reader = Counting()
    fold = TextFold(reader, pending=2)
    assert fold.push(Utterance("one", Span(5, 6), "Ann")) == []
    assert [update.person for update in fold.push(Utterance("one two", Span(1, 2)))] == ["Ann", "writer"]
    fold.push(Utterance("", Span(2, 3), "Ann"))
    fold.push(Utterance("a b c", Span(3, 4), "Ann"))
    tracks = fold.finish()
    assert reader.batches[:2] == [2, 2]
    assert {track.person: [affect.valence.std for affect in track.affects] for track in tracks} == {
        "Ann": [3, 1],
        "writer": [2],
    }


@pytest.mark.parametrize("context", [0, 2])
def test_fold_keeps_as_many_utterances_as_the_reader_sees(context: int) -> None:
    reader = Counting()
    fold = TextFold(reader, pending=1, context=context)
    for text in ("one", "two", " ", "three", "four"):
        fold.push(written(text))
    kept = [[], ["one"], ["one", "two"], ["one", "two"], ["two", "three"]]
    assert reader.before == (kept if context else [[]] * 5)


def test_pooling_widens_the_spread_where_parts_differ() -> None:
    reading = Reading(np.array([[0.2], [0.6]]), np.array([[-0.5] * 3, [0.5] * 3]), np.full((2, 3), 0.1))
    pooled = reading.pool([0, 1], [1, 3])
    assert pooled.probs[0, 0] == pytest.approx(0.5)
    assert pooled.means[0] == pytest.approx([0.25] * 3)
    assert pooled.stds[0] == pytest.approx([np.sqrt(0.01 + 0.25 - 0.0625)] * 3)
    same = reading.pool([0], [7])
    assert same.stds[0] == pytest.approx([0.1] * 3)


def test_options() -> None:
    with pytest.raises(OptionError, match="pending is 0; allowed: 1 or more"):
        TextPerceiver(pending=0)
    with pytest.raises(UnknownNameError, match=r"unknown model 'no-such-model'; known: .*text-affect"):
        TextPerceiver(model="no-such-model")
