"""Who moves whom."""

import math

import numpy as np
import pytest

from mien.explain import Influence, influence
from mien.explain.influence import LEAST, _student
from mien.types import Affect, Dimension, Span, Track, Turn


def turn(speaker: str | None, valence: float | None, at: float = 0.0) -> Turn:
    affect = None if valence is None else Affect(valence=Dimension(float(np.clip(valence, -1, 1)), 0.1))
    return Turn(speaker, Span(at, at + 1), "words", affect)


def talk(n: int, *, seed: int = 0, pull: float = 0.0, inertia: float = 0.3, noise: float = 0.2) -> list[Turn]:
    """A talk of Ann and Ben in which Ben's valence takes ``pull`` of Ann's."""
    rng = np.random.default_rng(seed)
    turns, ben = [], 0.0
    for step in range(n):
        ann = float(rng.uniform(-0.8, 0.8))
        ben = inertia * ben + pull * ann + float(rng.normal(0, noise))
        turns += [turn("Ann", ann, 2 * step), turn("Ben", ben, 2 * step + 1)]
    return turns


def pair(found: tuple[Influence, ...], source: str, target: str) -> Influence:
    return next(each for each in found if (each.source, each.target) == (source, target))


@pytest.mark.parametrize("pull", [0.5, -0.5])
def test_the_one_who_moves_the_other_is_found_with_the_right_sign(pull: float) -> None:
    found = influence(talk(25, pull=pull, noise=0.1))
    ben = pair(found, "Ann", "Ben")
    assert ben.n == 24
    assert ben.shift == pytest.approx(pull, abs=0.15)
    assert ben.lower * ben.upper > 0
    assert ben.note == f"Ben tends to {'follow' if pull > 0 else 'go against'} Ann; this is association, not cause"
    ann = pair(found, "Ben", "Ann")
    assert ann.lower < 0 < ann.upper
    assert ann.note.startswith("no clear pull")


def test_bounds_hold_the_truth_about_as_often_as_they_say() -> None:
    for pull in (0.0, 0.4):
        held = [
            each.lower <= pull <= each.upper
            for seed in range(300)
            for each in influence(talk(12, seed=seed, pull=pull))[:1]
        ]
        assert len(held) == 300
        assert 0.91 <= np.mean(held) <= 0.98


def test_a_return_to_the_usual_mood_is_no_influence() -> None:
    """Both the change of Ben and Ann's distance from him hold his last turn, so their plain correlation is high."""
    turns = talk(60, seed=3, inertia=0.0)
    ann, ben = (
        np.array([each.affect.valence.mean for each in turns if each.speaker == name]) for name in ("Ann", "Ben")
    )
    assert np.corrcoef(np.diff(ben), ann[1:] - ben[:-1])[0, 1] > 0.3
    found = pair(influence(turns), "Ann", "Ben")
    assert found.lower < 0 < found.upper


def test_fit_is_that_of_least_squares() -> None:
    turns = talk(15, seed=5, pull=0.3)
    ann, ben = (
        np.array([each.affect.valence.mean for each in turns if each.speaker == name]) for name in ("Ann", "Ben")
    )
    table = np.column_stack([np.ones(14), ben[:-1], ann[1:]])
    weights, squares, _, _ = np.linalg.lstsq(table, ben[1:], rcond=None)
    error = math.sqrt(np.linalg.inv(table.T @ table)[2, 2] * squares[0] / 11)
    found = pair(influence(turns), "Ann", "Ben")
    assert found.shift == pytest.approx(weights[2])
    assert found.upper - found.shift == pytest.approx(2.2010 * error, rel=1e-3)


@pytest.mark.parametrize(("freedom", "known"), [(5, 2.5706), (6, 2.4469), (10, 2.2281), (40, 2.0211), (120, 1.9799)])
def test_quantile_is_that_of_printed_tables(freedom: int, known: float) -> None:
    assert _student(freedom) == pytest.approx(known, rel=1e-3)


def test_too_few_exchanges_say_so() -> None:
    found = pair(influence(talk(LEAST, pull=0.5)), "Ann", "Ben")
    assert found == Influence("Ann", "Ben", LEAST - 1, None, None, None, "too few exchanges to tell: 7 of at least 8")
    assert pair(influence(talk(LEAST + 1)), "Ann", "Ben").shift is not None


@pytest.mark.parametrize("still", ["Ann", "Ben"])
def test_one_who_never_varies_neither_moves_nor_is_moved(still: str) -> None:
    turns = [turn(each.speaker, 0.3 if each.speaker == still else each.affect.valence.mean) for each in talk(20)]
    for found in influence(turns):
        assert (found.shift, found.lower, found.upper) == (None, None, None)
        assert found.note == f"the valence of {still} hardly varied; nothing to tell"


def test_turns_in_a_row_are_one_and_unread_ones_keep_their_place() -> None:
    whole = talk(20, pull=0.4)
    split = []
    for each in whole:
        mean = each.affect.valence.mean
        apart = min(0.1, 1 - abs(mean))
        split += [turn(each.speaker, mean - apart), turn(each.speaker, None), turn(each.speaker, mean + apart)]
    one, other = (pair(influence(turns), "Ann", "Ben") for turns in (whole, split))
    assert (other.n, other.shift) == (one.n, pytest.approx(one.shift))
    gap = [turn("Ann", None) if place == 20 else each for place, each in enumerate(whole)]
    assert pair(influence(gap), "Ann", "Ben").n == one.n - 1


def test_words_of_nobody_belong_to_no_pair() -> None:
    turns = [each for said in talk(12) for each in (said, turn(None, 0.5))]
    assert influence(turns) == ()


def test_a_speaker_alone_gives_nothing() -> None:
    assert influence([turn("Ann", 0.1 * step) for step in range(9)]) == ()
    assert influence([]) == ()


def test_three_persons_give_the_pairs_that_answer_each_other() -> None:
    turns = [turn(name, 0.1) for _ in range(3) for name in ("Ann", "Ben", "Cy")]
    assert [(each.source, each.target) for each in influence(turns)] == [("Ann", "Ben"), ("Ben", "Cy"), ("Cy", "Ann")]


def test_tracks_say_the_same_as_their_turns_and_faces_are_left_out() -> None:
    turns = talk(20, pull=0.4)
    tracks = [
        Track(name, "text", tuple(each.affect.at(each.span) for each in turns if each.speaker == name))
        for name in ("Ben", "Ann")
    ]
    face = Track("Ann", "face", tuple(turn("Ann", 0.9).affect.at(Span(at, at + 0.1)) for at in range(40)))
    assert pair(influence([*tracks, face]), "Ann", "Ben") == pair(influence(turns), "Ann", "Ben")
