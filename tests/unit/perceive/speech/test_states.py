"""Heads that read what a network of their own makes of the mel frames."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.errors import OptionError, UnknownNameError
from mien.perceive.speech import SpeechPerceiver
from mien.perceive.speech.features import FEATURES, features_of
from mien.perceive.speech.growing import Growing
from mien.perceive.speech.heads import heads_of
from mien.perceive.speech.reader import Reader
from mien.runtime import Model, open_asset
from mien.types import Audio, Sound

from .conftest import RATE, Samples, quiet, speak
from .test_activity import segments


class Counting:
    """A model that counts the frames that its trunk reads."""

    def __init__(self, model: Model) -> None:
        self._model, self.info, self.frames = model, model.info, 0

    def run(self, *given: Any) -> list[np.ndarray]:
        return self._model.run(*given)

    def run_each(self, graph: str, feeds: Sequence[Mapping[str, np.ndarray]], *rest: Any) -> list[list[np.ndarray]]:
        self.frames += sum(int(each["mask"].sum()) for each in feeds)
        return self._model.run_each(graph, feeds, *rest)


@pytest.fixture
def counting(states_model: Path) -> Counting:
    return Counting(Model(open_asset(states_model), threads=1))


@pytest.fixture(scope="module")
def perceiver(states_model: Path) -> SpeechPerceiver:
    return SpeechPerceiver(model=str(states_model), threads=1)


def sound(samples: Samples) -> Sound:
    return Sound(Audio(samples[None], RATE))


def found(seconds: Sequence[float]) -> list:
    return [segments(speak(each, pitch=110.0 + 9 * place))[0] for place, each in enumerate(seconds)]


@pytest.mark.parametrize("threads", [1, 2])
def test_rows_come_in_the_order_of_the_segments(states_model: Path, threads: int) -> None:
    every = found([3.0, 0.5, 5.0, 1.0, 2.9, 0.6])
    model = Model(open_asset(states_model), threads=threads)
    rows = features_of("states").measure(model, every)
    assert rows.dtype == np.float32
    for segment, row in zip(every, rows, strict=True):
        feeds = {"mel": segment.frames.mel[None], "mask": np.ones((1, len(segment.frames)), dtype=bool)}
        np.testing.assert_allclose(model.run("trunk", feeds)[0][0], row, atol=1e-5)


def test_a_folder_with_other_heads_takes_the_trunk_along() -> None:
    assert features_of("states").graphs == ("trunk",)
    assert set(FEATURES) == {"states", "traits"}
    with pytest.raises(UnknownNameError, match="unknown kind of features 'waves'; known: states, traits"):
        features_of("waves")


def test_vectors_are_the_states_of_a_recording(perceiver: SpeechPerceiver) -> None:
    one, nothing = perceiver.vectors([sound(speak()), sound(quiet())])
    assert nothing is None
    assert one is not None
    assert one.shape == (24,)


def test_an_answer_is_surer_the_more_was_heard(perceiver: SpeechPerceiver) -> None:
    """By the table of the card: its weight is positive, so that of two answers alike the later is the surer one."""
    heads = perceiver._heads.labels
    assert heads.sureness(0.6, 0.5) < heads.sureness(0.6, 1.0) < heads.sureness(0.6, 3.0)
    assert heads.sureness(0.6, 6.0) == heads.sureness(0.6, 600.0)  # longer than anything it was fitted on
    fold = perceiver.fold()
    updates = fold.push(sound(np.concatenate([speak(4.0), quiet(1.0)])))
    assert len(updates) >= 7
    heard = [update.heard for update in updates]
    assert heard == sorted(heard)
    for update in updates:
        assert update.affect.categories is not None
        assert update.affect.confidence == pytest.approx(heads.sureness(update.affect.categories.top[1], update.heard))


def test_partial_answers_come_each_half_second(perceiver: SpeechPerceiver) -> None:
    updates = perceiver.fold().push(sound(np.concatenate([quiet(0.5), speak(4.0)])))
    ends = [update.affect.span.end for update in updates if update.affect.span and not update.final]
    np.testing.assert_allclose(np.diff(ends), 0.5, atol=1e-6)
    assert len(ends) >= 7


def growing(counting: Counting, window: float) -> Growing:
    return Growing(Reader(counting, counting, heads_of(counting.info)), window)  # type: ignore[arg-type]


def test_a_partial_answer_reads_a_window_whatever_was_heard_before(counting: Counting) -> None:
    (whole,) = found([5.5])
    reads = growing(counting, 1.0)
    for length in range(50, len(whole.frames), 50):
        before = counting.frames
        reading = reads.read(whole.part(0, length))
        assert counting.frames - before <= 100 + 149  # at most one window that is over, and the newest
        assert reading.probs.shape == (1, 8)
    assert counting.frames <= 2.5 * len(whole.frames)


def test_a_partial_answer_is_the_mean_over_windows_by_voice(counting: Counting) -> None:
    (whole,) = found([3.0])
    reader, reads = Reader(counting, counting, heads_of(counting.info)), growing(counting, 1.0)  # type: ignore[arg-type]
    for length in (80, 140, 260):
        reading = reads.read(whole.part(0, length))
    parts = [whole.part(0, 100), whole.part(100, 200), whole.part(200, 260)]
    expected = reader.read(parts).pool(range(3), [int(part.voiced.sum()) for part in parts])
    np.testing.assert_allclose(reading.probs, expected.probs, atol=1e-6)
    # One that skipped answers in between, as a stream in a hurry does, says the same.
    np.testing.assert_allclose(growing(counting, 1.0).read(whole.part(0, 260)).probs, expected.probs, atol=1e-6)


def test_windows_of_one_segment_are_not_those_of_the_next(counting: Counting) -> None:
    one, other = found([3.0, 3.0])
    reads, fresh = growing(counting, 1.0), growing(counting, 1.0)
    for length in (150, 250):
        reads.read(one.part(0, length))
    final = reads.read(one)
    np.testing.assert_array_equal(final.probs, growing(counting, 0.0).read(one).probs)
    later = replace(other.part(0, 250), start=one.start)  # the stream began anew, and counts from its beginning
    np.testing.assert_allclose(reads.read(later).probs, fresh.read(later).probs, atol=1e-6)
    whole = growing(counting, 0.0).read(later).probs
    assert np.abs(whole - fresh.read(later).probs).max() > 0


def test_a_confidence_that_is_not_whole_is_refused(states_model: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(states_model, tmp_path / "copy"))
    card = copy / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("weight = 0.5\n", ""), encoding="utf-8")
    with pytest.raises(
        OptionError, match=r"has the keys \['least', 'most', 'offset', 'slope'\]; it must have .*weight"
    ):
        SpeechPerceiver(model=str(copy))
