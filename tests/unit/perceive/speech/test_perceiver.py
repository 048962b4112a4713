"""The speech perceiver on whole recordings."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import UnknownNameError
from mien.perceive.speech import SpeechPerceiver
from mien.types import Affect, Audio, Sound
from mien.types.taxonomies import RAVDESS8

from .conftest import RATE, Samples, quiet, speak


@pytest.fixture(scope="module")
def perceiver() -> SpeechPerceiver:
    return SpeechPerceiver(threads=1)


def sound(samples: Samples) -> Sound:
    return Sound(Audio(samples[None], RATE))


def probs(affect: Affect | None) -> np.ndarray:
    assert affect is not None
    assert affect.categories is not None
    return affect.categories.probs


def test_one_answer_for_each_recording_and_none_for_silence(perceiver: SpeechPerceiver) -> None:
    affects = perceiver.read(
        [sound(speak()), sound(quiet()), sound(np.zeros(0, dtype=np.float32)), sound(speak(pitch=200.0))]
    )
    assert [affect is None for affect in affects] == [False, True, True, False]
    first = affects[0]
    assert first is not None
    assert first.categories is not None
    assert first.categories.taxonomy == RAVDESS8
    assert first.confidence is not None
    assert 0.0 < first.confidence < 1.0
    assert first.valence is not None
    assert any("derived" in evidence.note for evidence in first.evidence)


def test_the_batch_does_not_matter(perceiver: SpeechPerceiver) -> None:
    sounds = [sound(speak(1.0 + 0.3 * n, pitch=100.0 + 20.0 * n)) for n in range(8)]
    together = perceiver.read(sounds)
    for one, affect in zip(sounds, together, strict=True):
        assert np.abs(probs(perceiver.read([one])[0]) - probs(affect)).max() <= 1e-5


def test_the_gain_does_not_matter(perceiver: SpeechPerceiver) -> None:
    samples = np.concatenate([quiet(), speak(), quiet()])
    loud, soft = perceiver.read([sound(samples), sound(0.25 * samples)])
    assert np.abs(probs(loud) - probs(soft)).max() <= 0.02


def test_segments_are_pooled(perceiver: SpeechPerceiver) -> None:
    one, two = speak(2.0), speak(2.0, pitch=240.0, beat=6.0)
    whole = sound(np.concatenate([one, quiet(), two]))
    fold = perceiver.fold()
    fold.push(whole)
    alone = [probs(affect) for track in fold.finish() for affect in track.affects]
    assert len(alone) == 2
    both = probs(perceiver.read([whole])[0])
    assert np.all(both >= np.minimum(*alone) - 1e-6)
    assert np.all(both <= np.maximum(*alone) + 1e-6)


def test_inputs_are_not_written_to(perceiver: SpeechPerceiver) -> None:
    samples = speak()
    samples.setflags(write=False)
    perceiver.read([sound(samples)])


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(UnknownNameError, match="nobody"):
        SpeechPerceiver(model="nobody")
