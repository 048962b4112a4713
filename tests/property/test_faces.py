"""Laws of faces in streams: any crop can be cut, and any stream of sightings gives tracks in order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mien.perceive import perceive
from mien.perceive.face import FacePerceiver
from mien.perceive.face.align import TEMPLATE, align
from mien.types import Affect, Distribution, Frame, Image
from mien.types.taxonomies import FERPLUS8

FINITE = st.floats(-1e4, 1e4, allow_nan=False, width=32)


class Even:
    """A reader that always says the same."""

    taxonomy = FERPLUS8
    info: Any = SimpleNamespace(options={}, name="even", version="1")

    def probabilities(self, crops: np.ndarray, *, once: bool = False) -> np.ndarray:
        return np.full((len(crops), 8), 1 / 8)

    def affect(self, probs: np.ndarray) -> Affect:
        return Affect(Distribution(FERPLUS8, probs / probs.sum()), confidence=1 / 8)


@dataclass
class Spot:
    """Finds as many faces as the first pixel says, side by side."""

    def find(self, image: Image, *, size: int | None = None) -> list[Any]:
        faces = []
        for place in range(int(image.pixels[0, 0, 0])):
            box = (20.0 * place, 10.0, 20.0 * place + 15.0, 25.0)
            points = np.array(box[:2]) + TEMPLATE * (15 / 48)
            faces.append(SimpleNamespace(box=box, score=0.9, points=points))
        return faces


def frame(faces: int, time: float) -> Frame:
    pixels = np.zeros((40, 120, 3), np.uint8)
    pixels[0, 0, 0] = faces
    return Frame(Image(pixels), time)


@given(numbers=st.lists(FINITE, min_size=6, max_size=6), height=st.integers(1, 40), width=st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_any_place_can_be_cut_out(numbers: list[float], height: int, width: int) -> None:
    pixels = np.full((height, width, 3), 55, np.uint8)
    crop = align(pixels, np.array(numbers, dtype=np.float64).reshape(2, 3))
    assert crop.shape == (48, 48)
    assert np.all(crop == 55)


@given(steps=st.lists(st.tuples(st.floats(0, 1.5), st.integers(0, 4)), max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_stream_gives_tracks_in_order(steps: list[tuple[float, int]]) -> None:
    times = np.cumsum([pause for pause, _ in steps])
    frames = [frame(faces, float(time)) for time, (_, faces) in zip(times, steps, strict=True)]
    perceiver = FacePerceiver(model=Even(), finder=Spot())  # type: ignore[arg-type]
    tracks = perceive(perceiver, frames)
    assert [track.person for track in tracks] == [f"face-{place + 1}" for place in range(len(tracks))]
    for track in tracks:
        spans = [affect.span for affect in track.affects if affect.span is not None]
        assert len(spans) == len(track.affects) > 0
        assert all(one.end <= other.start + 1e-9 for one, other in pairwise(spans))
        assert all(0 < span.duration <= 1 + 1e-9 for span in spans)
        assert track.series[0].values.shape == (len(track.series[1].values), 4)
        assert track.series[0].start <= spans[0].start + 1e-9
