"""Heads that read what a network of their own makes of the mel frames."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mien.errors import OptionError, UnknownNameError
from mien.perceive.speech import SpeechPerceiver
from mien.perceive.speech.features import FEATURES, features_of
from mien.runtime import Model, open_asset
from mien.types import Audio, Sound

from .conftest import RATE, Samples, quiet, speak
from .test_activity import segments


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


def test_a_confidence_that_is_not_whole_is_refused(states_model: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(states_model, tmp_path / "copy"))
    card = copy / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("weight = 0.5\n", ""), encoding="utf-8")
    with pytest.raises(
        OptionError, match=r"has the keys \['least', 'most', 'offset', 'slope'\]; it must have .*weight"
    ):
        SpeechPerceiver(model=str(copy))
