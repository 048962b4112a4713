"""Laws that every registered perceiver keeps."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mien.perceive import Fold, Perceiver, perceive
from mien.registry import build, names
from mien.types import Affect, Frame

from .signals import SIGNALS

NAMES = names("perceiver")


@cache
def perceiver_of(name: str) -> Any:
    return build("perceiver", name)


def signals_of(name: str) -> list[Any]:
    return SIGNALS[name.partition("/")[0]]()


def test_there_are_perceivers() -> None:
    assert {name.partition("/")[0] for name in NAMES} >= {"text", "speech", "face"}


@pytest.mark.parametrize("name", NAMES)
def test_is_a_perceiver(name: str) -> None:
    perceiver = perceiver_of(name)
    assert isinstance(perceiver, Perceiver)
    assert isinstance(perceiver.fold(), Fold)
    assert perceiver.name == name
    assert perceiver.infos


@pytest.mark.parametrize("name", NAMES)
def test_one_answer_per_signal_in_its_own_taxonomy(name: str) -> None:
    perceiver, signals = perceiver_of(name), signals_of(name)
    affects = perceiver.read(signals)
    assert len(affects) == len(signals)
    for affect in affects:
        assert affect is None or isinstance(affect, Affect)
        if affect is not None:
            assert affect.categories is not None
            assert affect.categories.taxonomy == perceiver.taxonomy
            assert affect.confidence is not None


@pytest.mark.parametrize("name", NAMES)
def test_batch_does_not_matter(name: str) -> None:
    perceiver, signals = perceiver_of(name), signals_of(name)
    together = perceiver.read(signals * 2)
    alone = [perceiver.read([signal])[0] for signal in signals] * 2
    assert len(together) == len(alone)
    for one, other in zip(together, alone, strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("name", NAMES)
def test_same_twice_and_no_write_to_inputs(name: str) -> None:
    perceiver, signals, kept = perceiver_of(name), signals_of(name), signals_of(name)
    first, second = perceiver.read(signals), perceiver.read(signals)
    for one, other in zip(first, second, strict=True):
        assert_same(one, other, tolerance=0)
    for used, fresh in zip(signals, kept, strict=True):
        assert np.array_equal(array_of(used), array_of(fresh))


@pytest.mark.parametrize("name", NAMES)
def test_empty_stream_gives_no_affect(name: str) -> None:
    tracks = perceive(perceiver_of(name), [])
    assert not [affect for track in tracks for affect in track.affects]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_read(name: str) -> None:
    assert perceiver_of(name).read([]) == []


def array_of(signal: Any) -> np.ndarray:
    if hasattr(signal, "text"):
        return np.array([signal.text])
    return signal.image.pixels if isinstance(signal, Frame) else signal.audio.samples  # type: ignore[no-any-return]


def assert_same(one: Affect | None, other: Affect | None, tolerance: float = 1e-4) -> None:
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert one.categories is not None
        assert other.categories is not None
        assert np.abs(one.categories.probs - other.categories.probs).max() <= tolerance
