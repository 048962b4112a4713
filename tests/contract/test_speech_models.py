"""Laws that every shipped speech model keeps, whatever its heads read; a stand-in keeps them where no other does."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.perceive import perceive
from mien.perceive.speech import DEFAULT, SpeechPerceiver
from mien.perceive.speech.batches import stack
from mien.runtime import Model, find_asset, find_assets
from mien.types import Affect, Audio, Sound, Track

from .signals import RATE, sounds, voice

STAND_IN = "stand-in"
SHIPPED = sorted(
    name for name, asset in find_assets().items() if asset.info.modality == "speech" and asset.info.taxonomies
)
NAMES = [*SHIPPED, STAND_IN]


@pytest.fixture(params=NAMES)
def model(request: pytest.FixtureRequest) -> str:
    """Name or folder of a model."""
    return str(request.getfixturevalue("states_model")) if request.param == STAND_IN else str(request.param)


@cache
def perceiver_of(model: str) -> SpeechPerceiver:
    return SpeechPerceiver(model=model, threads=1)


@cache
def talk() -> np.ndarray:
    """Voices with pauses between them, one of them longer than the longest segment: about 21 seconds."""
    hush = 1e-4 * np.random.default_rng(1).normal(size=RATE)
    parts = [hush, voice(2.0, 120), hush, voice(9.0, 220, seed=1), hush, voice(0.9, 160, seed=2), hush]
    return np.concatenate([*parts, voice(4.0, 120, seed=3)]).astype(np.float32)


def cut(samples: np.ndarray, places: list[int]) -> list[Sound]:
    ends = [0, *sorted(places), len(samples)]
    return [Sound(Audio(samples[None, start:end], RATE), start / RATE) for start, end in pairwise(ends)]


def test_there_are_models() -> None:
    assert DEFAULT in SHIPPED


@pytest.mark.parametrize("seed", range(3))
def test_answers_do_not_depend_on_how_a_stream_is_cut(model: str, seed: int) -> None:
    rng, samples = np.random.default_rng(seed), talk()
    whole = perceive(perceiver_of(model), cut(samples, []))
    places = rng.choice(np.arange(1, len(samples)), size=(3, 30, 300)[seed], replace=False)
    assert perceive(perceiver_of(model), cut(samples, places.tolist())) == whole
    assert sum(len(track.affects) for track in whole) >= 4


def test_final_answers_are_the_same_with_and_without_partial_ones(model: str) -> None:
    said: list[list[Track]] = []
    for options in ({"partial": False}, {}, {"every": 1.3}):
        fold = perceiver_of(model).fold(**options)  # type: ignore[arg-type]
        for piece in cut(talk(), list(range(1600, len(talk()), 1600))):
            fold.push(piece)
        said.append(fold.finish())
    assert said[0] == said[1] == said[2]


def test_a_clip_read_whole_answers_as_its_stream(model: str) -> None:
    """A clip of one segment: pooling has nothing to do there."""
    clip = Sound(Audio(voice(3.0, 140)[None], RATE))
    (affect,) = perceiver_of(model).read([clip])
    (track,) = perceive(perceiver_of(model), [clip])
    (final,) = track.affects
    assert affect is not None
    assert np.abs(probs(affect) - probs(final)).max() <= 1e-4
    assert affect.confidence == pytest.approx(final.confidence, abs=1e-4)


def test_company_in_a_batch_changes_nothing(model: str) -> None:
    clips = [clip for clip in sounds() if np.ptp(clip.audio.samples) > 0]
    together = perceiver_of(model).read(clips)
    for clip, affect in zip(clips, together, strict=True):
        (alone,) = perceiver_of(model).read([clip])
        assert np.abs(probs(alone) - probs(affect)).max() <= 1e-4


def test_padding_changes_nothing(model: str) -> None:
    rng, trunk = np.random.default_rng(0), Model(find_asset(model), threads=1)
    mels = [rng.uniform(-8, 1, (length, 80)).astype(np.float32) for length in (15, 90, 130, 610)]
    mel, mask = stack(mels)
    together = trunk.run("trunk", {"mel": mel, "mask": mask}, ["states"])[0]
    for row, part in zip(together, mels, strict=True):
        alone = trunk.run("trunk", {"mel": part[None], "mask": np.ones((1, len(part)), dtype=bool)}, ["states"])[0]
        assert np.isfinite(alone).all()
        assert np.abs(alone[0] - row).max() <= 1e-4 * max(1.0, np.abs(row).max())
    # What stands where the mask is false is never looked at.
    other = np.where(mask[..., None], mel, np.float32(-3))
    again = trunk.run("trunk", {"mel": other, "mask": mask}, ["states"])[0]
    assert np.abs(again - together).max() <= 1e-4 * max(1.0, np.abs(together).max())


def test_memory_does_not_grow_with_the_stream(model: str) -> None:
    """Silence and noise add nothing; speech adds its answers and curves alone."""
    perceiver, hush = perceiver_of(model), (1e-4 * np.random.default_rng(2).normal(size=RATE)).astype(np.float32)
    fold, time = perceiver.fold(), 0.0

    def run(wave: np.ndarray, times: int) -> int:
        nonlocal time
        for _ in range(times):
            fold.push(Sound(Audio(wave[None], RATE), time))
            time += len(wave) / RATE
        return held(fold)

    quiet = run(hush, 10)
    assert run(hush, 40) <= quiet + 1000
    spoken = [run(np.concatenate([voice(3.0, 130), hush]), 4) for _ in range(3)]
    assert spoken[-1] - spoken[0] <= 8 * 5000  # of each answer: its probabilities, its curves, its objects
    assert run(hush, 30) <= spoken[-1] + 1000


def held(root: Any) -> int:
    """Bytes of all arrays that a fold reaches, those of views in full, its models left out."""
    found: dict[int, int] = {}
    waiting, seen = [root], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (str, bytes, int, float, Path, type)) or callable(one):
            continue
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            owner = one
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            found[id(owner)] = owner.nbytes
        elif isinstance(one, dict):
            waiting += one.values()
        elif hasattr(one, "__iter__") and hasattr(one, "__len__"):
            waiting += list(one)
        elif type(one).__name__ not in ("Parts", "Reader"):
            waiting += [getattr(one, name) for name in _fields(one)]
    return sum(found.values()) + 100 * len(seen)


def _fields(one: Any) -> set[str]:
    slots = {name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())}
    return {name for name in slots | set(getattr(one, "__dict__", ())) if hasattr(one, name)}


def probs(affect: Affect | None) -> np.ndarray:
    assert affect is not None
    assert affect.categories is not None
    return affect.categories.probs
