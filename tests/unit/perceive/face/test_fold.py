from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive import Fold, Perceiver, perceive
from mien.perceive.face import FacePerceiver, Rates
from mien.types import Frame, Image

World = SimpleNamespace


def perceiver(world: World, **options: Any) -> FacePerceiver:
    return FacePerceiver(model=world.Glance(), finder=world.Eye(), **options)


def test_is_a_perceiver(world: World) -> None:
    assert isinstance(perceiver(world), Perceiver)
    assert isinstance(perceiver(world).fold(), Fold)
    assert perceiver(world).rates == {"detect": 5.0, "read": 10.0}


def test_one_track_with_spans_box_and_mouth(world: World) -> None:
    scene = lambda time: world.paint((world.ANN, 20 + 20 * time, 40))  # noqa: E731
    (track,) = perceive(perceiver(world), world.film(scene, 3.0))
    assert (track.person, track.modality) == ("face-1", "face")
    assert [(affect.span.start, affect.span.end) for affect in track.affects if affect.span] == [(0, 1), (1, 2), (2, 3)]
    box, mouth = track.curve("box"), track.curve("mouth_motion")
    assert box is not None
    assert mouth is not None
    assert box.values.shape == (30, 4)
    assert mouth.values.shape == (30,)
    assert np.isnan(mouth.values[0])
    assert np.all(np.isfinite(mouth.values[1:]))
    assert np.allclose(box.values[:, 0], 20 + 2 * np.arange(30), atol=2)
    assert box.rate == 10


def test_two_who_cross_keep_their_names(world: World) -> None:
    def scene(time: float) -> Image:
        return world.paint((world.BEN, 240 - 60 * time, 42), (world.ANN, 20 + 60 * time, 40))

    tracks = perceive(perceiver(world), world.film(scene, 4.0))
    assert [track.person for track in tracks] == ["face-1", "face-2"]
    for track, begins, ends in zip(tracks, (20, 240), (254, 6), strict=True):
        box = track.curve("box")
        assert box is not None
        first, last = box.values[0, 0], box.values[np.isfinite(box.values[:, 0])][-1, 0]
        assert abs(first - begins) < 3
        assert abs(last - ends) < 9


def test_someone_who_leaves_and_returns_stays_the_same(world: World) -> None:
    def scene(time: float) -> Image:
        return world.paint((world.ANN, 40 if time < 1 else 200, 40)) if time < 1 or time >= 3 else world.paint()

    (track,) = perceive(perceiver(world), world.film(scene, 4.0))
    assert len(track.affects) == 2
    box = track.curve("box")
    assert box is not None
    assert np.all(np.isnan(box.values[11:29]))


def test_pushing_gives_updates_that_end_as_the_tracks(world: World) -> None:
    scene = lambda time: world.paint((world.ANN, 20 + 20 * time, 40), (world.BEN, 200, 50))  # noqa: E731
    fold, updates = perceiver(world).fold(), []
    for frame in world.film(scene, 2.5):
        updates += fold.push(frame)
    tracks = fold.finish()
    assert any(not update.final for update in updates)
    final = [update.affect for update in updates if update.final and update.person == "face-1"]
    assert final == list(tracks[0].affects[: len(final)])
    assert len(final) >= 1


def test_frames_that_are_not_due_are_passed_over(world: World) -> None:
    scene = lambda time: world.paint((world.ANN, 20 + 20 * time, 40))  # noqa: E731
    slow = perceive(perceiver(world), world.film(scene, 2.0, rate=10))
    fast = perceive(perceiver(world), world.film(scene, 2.0, rate=50))
    assert [a.span for a in slow[0].affects] == [a.span for a in fast[0].affects]


def test_frames_shown_a_little_early_are_not_lost(world: World) -> None:
    frames = [Frame(frame.image, max(0.0, (frame.time or 0) - 0.002)) for frame in world.film(still(world), 2.0)]
    (track,) = perceive(perceiver(world), frames)
    assert np.all(np.isfinite(track.series[0].values))
    assert len(track.series[0].values) == 20


def test_searches_are_few_and_small_in_between(world: World) -> None:
    eye = world.Eye()
    perceive(FacePerceiver(model=world.Glance(), finder=eye, size=640), world.film(still(world), 2.0))
    assert eye.sizes.count(640) == 10
    assert [size for size in eye.sizes if size != 640] == [128] * 10


def test_a_face_seen_once_is_not_believed(world: World) -> None:
    def scene(time: float) -> Image:
        return world.paint((world.BEN, 200, 40)) if time < 0.15 else world.paint()

    assert perceive(perceiver(world), world.film(scene, 2.0)) == []


def test_a_stream_of_one_picture_is_believed(world: World) -> None:
    (track,) = perceive(perceiver(world), world.film(still(world), 0.1))
    assert len(track.affects) == 1


def test_a_photograph_has_no_span(world: World) -> None:
    photo = Frame(world.paint((world.ANN, 40, 40), (world.BEN, 200, 40)))
    tracks = perceive(perceiver(world), [photo])
    assert [track.person for track in tracks] == ["face-1", "face-2"]
    assert all(track.affects[0].span is None for track in tracks)
    assert tracks[0].affects[0] == perceiver(world).read([photo])[0]


def test_read_and_faces(world: World) -> None:
    empty, both = world.paint(), world.paint((world.ANN, 40, 40), (world.BEN, 200, 40))
    kept = both.pixels.copy()
    reader = perceiver(world)
    one, nothing = reader.read([Frame(both), Frame(empty)])
    assert nothing is None
    assert one is not None
    assert one.evidence[-1].region is not None
    assert len(reader.faces(both)) == 2
    assert reader.faces(empty) == []
    assert np.array_equal(both.pixels, kept)


def test_cropped_pictures_are_read_as_they_are(world: World) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (48, 48), dtype=np.uint8)
    photo = Frame(Image(np.repeat(grey[:, :, None], 3, axis=2)))
    (affect,) = FacePerceiver(model=world.Glance(), cropped=True).read([photo])
    assert affect is not None
    assert affect.categories is not None
    assert affect.categories.probs[0] == pytest.approx(grey.mean() / 255)


def test_crops_are_kept_for_explaining(world: World) -> None:
    fold = perceiver(world).fold()
    for frame in world.film(still(world), 2.0):
        fold.push(frame)
    fold.finish()
    assert sorted(fold.crops("face-1")) == [0, 1]
    assert fold.crops("nobody") == {}


def test_memory_holds_no_pictures(world: World) -> None:
    fold = perceiver(world).fold()
    for frame in world.film(still(world), 30.0):
        fold.push(frame)
        assert all(len(stream.waiting) <= 5 for stream in fold._streams.values())


@pytest.mark.parametrize(
    ("rates", "text"), [({"detect": 0}, "must be positive"), ({"detect": 20.0}, "read at least as often")]
)
def test_impossible_rates(rates: dict[str, float], text: str) -> None:
    with pytest.raises(OptionError, match=text):
        Rates(**rates)


def still(world: World) -> Any:
    return lambda time: world.paint((world.ANN, 100, 40))
