"""Pipelines answer as Hugging Face's do, and say so where they do not."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

import mien
from mien.adapters import Pipeline, known_names
from mien.errors import InputError, OptionError, UnknownNameError
from mien.types import Utterance

EXAMPLES = Path(__file__).parents[3] / "examples"
THANKS = "Thank you so much!"


@pytest.fixture(scope="module")
def text() -> Pipeline:
    return mien.pipeline("text-affect")


@pytest.fixture(scope="module")
def speech() -> Pipeline:
    return mien.pipeline("speech-affect")


@pytest.fixture(scope="module")
def face() -> Pipeline:
    return mien.pipeline("face-expression")


def voice(rate: int = 16_000) -> np.ndarray:
    """A buzz with the spectrum of a vowel that rises and falls, loud enough to count as a voice."""
    times = np.arange(int(1.5 * rate)) / rate
    pitch = 140 + 30 * np.sin(2 * np.pi * 1.3 * times)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    sound = sum(np.sin(part * phase) / part**1.2 for part in range(1, 25))
    return (0.15 * sound * np.hanning(len(times)) ** 0.3).astype(np.float32)


def wave_bytes(samples: np.ndarray, rate: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def test_one_text_gives_a_list_of_one(text: Pipeline) -> None:
    (entry,) = text(THANKS)
    assert set(entry) == {"label", "score"}
    assert entry["label"] == "gratitude"
    assert entry["score"] > 0.5


def test_list_of_texts_gives_one_each(text: Pipeline) -> None:
    answers = text([THANKS, "I am furious."])
    assert [entry["label"] for entry in answers] == ["gratitude", "anger"]


def test_given_top_k_gives_lists(text: Pipeline) -> None:
    assert [len(entries) for entries in text([THANKS, "No."], top_k=1)] == [1, 1]
    three = text(THANKS, top_k=3)
    assert [entry["score"] for entry in three] == sorted((entry["score"] for entry in three), reverse=True)
    assert len(three) == 3


def test_all_labels_are_independent(text: Pipeline) -> None:
    every = text(THANKS, top_k=None)
    affect = text.perceiver.read([Utterance(THANKS, mien.Span(0, len(THANKS), "characters"))])[0]
    assert {entry["label"]: entry["score"] for entry in every} == affect.categories.as_dict()


def test_taxonomy_projects_and_adds_up_to_one() -> None:
    every = mien.pipeline("text/affect", taxonomy="ekman7", top_k=None)(THANKS)
    assert {entry["label"] for entry in every} == set(mien.taxonomy("ekman7").labels)
    assert sum(entry["score"] for entry in every) == pytest.approx(1)


def test_generator_is_read_as_it_is_asked(text: Pipeline) -> None:
    taken: list[int] = []

    def texts() -> Iterator[str]:
        for number in range(100):
            taken.append(number)
            yield f"This is day {number}."

    answers = text(texts(), batch_size=4)
    assert taken == []
    next(answers)
    assert len(taken) == 4


def test_batch_does_not_matter(text: Pipeline) -> None:
    texts = [THANKS, "Oh no.", "It rains and it rains, and nobody knows why.", ""]
    for one, many in zip(text(texts, batch_size=1, top_k=5), text(texts, batch_size=4, top_k=5), strict=True):
        assert [entry["label"] for entry in one] == [entry["label"] for entry in many]
        assert [entry["score"] for entry in one] == pytest.approx([entry["score"] for entry in many], abs=1e-5)


def test_dict_array_and_series_of_texts(text: Pipeline) -> None:
    assert text([{"text": THANKS}]) == text([THANKS])
    assert [entry["label"] for entry in text(np.array([THANKS, THANKS]))] == ["gratitude"] * 2


def form(answer: Any) -> Any:
    """The form of an answer: its lists, with ``d`` for each label with its score."""
    if isinstance(answer, dict):
        assert set(answer) == {"label", "score"}
        return "d"
    return [form(each) for each in answer]


@pytest.mark.parametrize(
    ("inputs", "options", "expected"),
    [
        (THANKS, {}, ["d"]),
        (THANKS, {"top_k": 1}, ["d"]),
        (THANKS, {"top_k": 2}, ["d", "d"]),
        ([THANKS], {}, ["d"]),
        ([THANKS, "No."], {}, ["d", "d"]),
        ([THANKS, "No."], {"top_k": 1}, [["d"], ["d"]]),
        ([THANKS, "No."], {"top_k": 2}, [["d", "d"], ["d", "d"]]),
        ({"text": THANKS}, {}, "d"),
        ({"text": THANKS}, {"top_k": 2}, ["d", "d"]),
        ([{"text": THANKS}], {}, ["d"]),
    ],
    ids=str,
)
def test_forms_are_those_of_transformers(text: Pipeline, inputs: Any, options: Any, expected: Any) -> None:
    """As ``transformers`` 5.23 answered the same calls with a model of random weights."""
    assert form(text(inputs, **options)) == expected
    if isinstance(inputs, list):
        assert form(list(text(iter(inputs), **options))) == expected


def test_nothing_to_perceive_has_no_label(text: Pipeline) -> None:
    assert text("") == [{"label": None, "score": 0.0}]
    assert text(["", THANKS])[0] == {"label": None, "score": 0.0}


def test_speech_takes_path_bytes_dict_and_array(speech: Pipeline) -> None:
    samples = voice()
    answer = speech(samples)
    assert len(answer) == 5
    assert {entry["label"] for entry in answer} <= set(mien.taxonomy("ravdess8").labels)
    assert speech({"raw": samples, "sampling_rate": 16_000}) == answer
    assert speech({"array": samples, "sampling_rate": 16_000, "path": None}) == answer
    assert speech(wave_bytes(samples, 16_000))[0]["label"] == answer[0]["label"]
    assert len(speech(str(EXAMPLES / "dialogue.ogg"), top_k=None)) == 8


def test_speech_is_resampled_and_whole_numbers_are_scaled(speech: Pipeline) -> None:
    scores = {entry["label"]: entry["score"] for entry in speech(voice(), top_k=None)}
    other = speech({"raw": voice(48_000), "sampling_rate": 48_000}, top_k=None)
    whole = speech((voice() * 32767).astype(np.int16), top_k=None)
    for answer in (other, whole):
        assert {entry["label"]: entry["score"] for entry in answer} == pytest.approx(scores, abs=0.1)


def test_list_of_recordings_gives_lists(speech: Pipeline) -> None:
    answers = speech([voice(), np.zeros(16_000, np.float32)], top_k=2)
    assert [len(entries) for entries in answers] == [2, 1]
    assert answers[1] == [{"label": None, "score": 0.0}]


def test_faces_take_path_pillow_and_array(face: Pipeline) -> None:
    path = EXAMPLES / "face.webp"
    answer = face(str(path))
    assert answer[0]["label"] == "happiness"
    with PIL.Image.open(path) as picture:
        assert face(picture) == answer
        assert face(np.asarray(picture.convert("RGB"))) == answer
    assert face(path.read_bytes()) == answer
    assert face([path, path]) == [answer, answer]


def test_unknown_names_list_the_known(text: Pipeline) -> None:
    with pytest.raises(UnknownNameError, match=r"unknown pipeline 'text-afect'; known: .*face-expression.*text-affect"):
        mien.pipeline("text-afect")
    with pytest.raises(UnknownNameError, match="unknown taxonomy 'ekman8'; known: ekman7"):
        mien.pipeline("text-affect", taxonomy="ekman8")
    with pytest.raises(OptionError, match="the model 'speech-voices' answers in no labels; known: "):
        mien.pipeline("speech-voices")
    assert {"text-affect", "speech/affect", "face-affect", "face-expression"} <= set(known_names())


@pytest.mark.parametrize("top_k", [0, -1, True, "all"])
def test_wrong_top_k(text: Pipeline, top_k: object) -> None:
    with pytest.raises(OptionError, match=r"top_k is .*; allowed: 1 or more, or None for all"):
        text(THANKS, top_k=top_k)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"batch_size is -2; allowed: 1 or more$"):
        text(THANKS, batch_size=-2)


def test_wrong_items(text: Pipeline, speech: Pipeline, face: Pipeline) -> None:
    with pytest.raises(OptionError, match="a int was given for text; allowed: a string"):
        text([3])
    with pytest.raises(OptionError, match="a int was given to a pipeline"):
        text(3)
    with pytest.raises(InputError, match="mien fetches nothing"):
        speech("https://example.org/a.wav")
    with pytest.raises(OptionError, match=r"sound of shape \(2, 100\) was given; allowed: one channel"):
        speech(np.zeros((2, 100), np.float32))
    with pytest.raises(OptionError, match="a dict with 'array' was given; allowed: a path, bytes"):
        speech({"array": voice()})
    with pytest.raises(InputError, match="samples that are NaN or infinite"):
        speech(np.full(100, np.nan, np.float32))
    with pytest.raises(OptionError, match="sound at 10 Hz was given; allowed: 1000 to 768000 Hz"):
        speech({"raw": voice(), "sampling_rate": 10})
    with pytest.raises(InputError, match="a recording of 4 bytes"):
        speech(b"noise"[:4])
    with pytest.raises(InputError, match=r"nowhere\.webp does not exist"):
        face("nowhere.webp")
    with pytest.raises(OptionError, match="a float was given for face"):
        face([2.0])
