"""How sure answers may be before a segment ends: as the stream gives them, fitted without the speaker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from mien.calibrate import HeardConfidence
from mien.datasets import Sample
from mien.errors import OptionError
from mien.learn.speech.partials import Answered, Clip, clips_of, crossed, fit_heard, listen
from mien.metrics.calibration import confidence_ece
from mien.perceive.speech import SpeechPerceiver
from mien.types import Affect, Audio, Distribution, Sound
from mien.types.taxonomies import RAVDESS8

from .voices import RATE, SPEAKERS, hush, say

KNOWN = HeardConfidence(0.7, -0.8, 0.9, 0.2, 6.0)


def sound(*parts: np.ndarray) -> Sound:
    return Sound(Audio(np.concatenate(parts)[None], RATE))


def made(n: int = 4000) -> Answered:
    """Answers of six speakers that are right as often as `KNOWN` says, by a model that states its top probability."""
    rng = np.random.default_rng(0)
    top, seconds = rng.uniform(0.15, 0.99, n), np.exp(rng.uniform(np.log(0.2), np.log(6), n))
    right = rng.random(n) < KNOWN.confidence(top, seconds)
    return Answered(top, top, seconds, right, seconds > 3, rng.integers(0, 6, n).astype(str))


def test_a_known_relation_is_found_and_the_error_falls() -> None:
    answered = made()
    found = fit_heard(answered)
    values = found.options["confidence_heard"]
    assert (values["slope"], values["offset"], values["weight"]) == pytest.approx((0.7, -0.8, 0.9), abs=0.2)
    partial, final = found.rows
    assert (partial.head, final.head) == ("partial answers", "final answers")
    assert partial.split == "validation"
    assert partial.ece_before > 0.15
    assert partial.ece_after < 0.05
    inside = ~answered.final
    assert partial.ece_after == pytest.approx(confidence_ece(answered.right[inside], found.crossed[inside]), abs=1e-5)


def test_no_answer_is_judged_by_a_fit_on_its_speaker() -> None:
    """One speaker of whom every answer is wrong: the others' fit knows nothing of that."""
    answered = made()
    own = answered.speakers == "3"
    spoilt = Answered(
        answered.top, answered.top, answered.seconds, answered.right & ~own, answered.final, answered.speakers
    )
    np.testing.assert_allclose(crossed(spoilt)[own], crossed(answered)[own])
    assert crossed(spoilt)[~own].mean() < crossed(answered)[~own].mean()
    one = Answered(*(getattr(answered, name)[own] for name in Answered.__dataclass_fields__))
    with pytest.raises(OptionError, match="the answers are of 1 speaker; a fit that is crossed by speaker needs two"):
        crossed(one)


def test_answers_are_those_of_the_stream(states_model: Path) -> None:
    perceiver = SpeechPerceiver(model=str(states_model), threads=1)
    clips = [
        Clip(sound(hush(0.3), say("lively", name, 0, seconds=2.6)), RAVDESS8.labels[place], name)
        for place, name in enumerate(SPEAKERS)
    ]
    found = listen(perceiver, clips)
    assert found.final.sum() == len(SPEAKERS)  # of each clip its one segment, though nothing follows it
    assert (~found.final).sum() >= 3 * len(SPEAKERS)
    for clip in clips:
        own = found.speakers == clip.speaker
        updates = (fold := perceiver.fold()).push(clip.sound) + fold.flush()
        assert found.seconds[own].tolist() == [update.heard for update in updates]
        assert found.stated[own].tolist() == [update.affect.confidence for update in updates]
        tops = [update.affect.categories.top for update in updates if update.affect.categories]
        assert found.top[own].tolist() == [share for _, share in tops]
        assert found.right[own].tolist() == [label == clip.label for label, _ in tops]
    assert set(fit_heard(found).options["confidence_heard"]) == set(KNOWN.to_dict())


def test_what_cannot_be_judged_is_told(states_model: Path) -> None:
    perceiver = SpeechPerceiver(model=str(states_model), threads=1)
    with pytest.raises(OptionError, match="a clip is labelled 'lively', which the model does not know; allowed: neutr"):
        listen(perceiver, [Clip(sound(hush()), "lively", "ada")])
    with pytest.raises(OptionError, match="no voice is heard in any clip"):
        listen(perceiver, [Clip(sound(hush()), "happy", "ada")])
    with pytest.raises(OptionError, match="the clip one has no label"):
        list(clips_of([Sample("one", sound(hush()))]))
    truth = Affect(Distribution(RAVDESS8, np.eye(8)[2]))
    (clip,) = clips_of([Sample("one", sound(hush()), truth, {"speaker": "ada"})])
    assert (clip.label, clip.speaker) == (RAVDESS8.labels[2], "ada")
