"""A stream of sound: the same answers however it is cut, names from a transcript, bounded memory."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive import perceive
from mien.perceive.speech import SpeechPerceiver
from mien.perceive.speech.curves import NAMES
from mien.types import Audio, Sound, Span, Track, Utterance

from .conftest import RATE, Samples, cut, quiet, speak


@pytest.fixture(scope="module")
def perceiver() -> SpeechPerceiver:
    return SpeechPerceiver(threads=1)


@pytest.fixture(scope="module")
def whole(perceiver: SpeechPerceiver, talk: Samples) -> list[Track]:
    return perceive(perceiver, cut(talk, [len(talk)]))


@pytest.mark.parametrize("sizes", [[16000], [160], [1, 7999, 333], [50000, 17]])
def test_the_cutting_does_not_matter(
    perceiver: SpeechPerceiver, talk: Samples, whole: list[Track], sizes: list[int]
) -> None:
    assert perceive(perceiver, cut(talk, sizes)) == whole


def test_two_voices_are_told_apart(whole: list[Track]) -> None:
    assert [track.person for track in whole] == ["voice-1", "voice-2"]
    assert [len(track.affects) for track in whole] == [2, 2]
    spans = sorted((affect.span.start, track.person) for track in whole for affect in track.affects if affect.span)
    assert [person for _, person in spans] == ["voice-1", "voice-2"] * 2


def test_names_of_a_transcript_are_used(perceiver: SpeechPerceiver, talk: Samples) -> None:
    turns = [Utterance("so", Span(0.7 + 3.3 * n, 3.2 + 3.3 * n), ("Ada", "Ben")[n % 2]) for n in range(4)]
    fold = perceiver.fold(turns)
    for piece in cut(talk, [RATE]):
        fold.push(piece)
    assert [track.person for track in fold.finish()] == ["Ada", "Ben"]


def test_a_change_of_speaker_ends_a_segment(perceiver: SpeechPerceiver) -> None:
    samples = np.concatenate([quiet(0.5), speak(2.0, pitch=110.0), speak(2.0, pitch=220.0)])
    turns = [Utterance("so", Span(0.4, 2.5), "Ada"), Utterance("so", Span(2.5, 4.5), "Ben")]
    tracks = {track.person: track for track in _run(perceiver, samples, turns)}
    assert set(tracks) == {"Ada", "Ben"}
    assert [affect.span.end for affect in tracks["Ada"].affects if affect.span] == pytest.approx([2.5], abs=0.02)


def test_one_voice_after_another_without_a_pause_is_two(perceiver: SpeechPerceiver) -> None:
    samples = np.concatenate([quiet(0.5), speak(2.8, pitch=105.0, tube=1.3), speak(2.8, pitch=230.0, tube=0.75)])
    found = _run(perceiver, np.concatenate([samples, quiet(0.5)]), [])
    assert [track.person for track in found] == ["voice-1", "voice-2"]
    (first,), (second,) = (track.affects for track in found)
    assert first.span.end == second.span.start == pytest.approx(3.3, abs=0.2)


def test_a_voice_that_a_transcript_names_is_not_divided(perceiver: SpeechPerceiver) -> None:
    samples = np.concatenate([quiet(0.5), speak(2.8, pitch=105.0, tube=1.3), speak(2.8, pitch=230.0, tube=0.75)])
    (track,) = _run(perceiver, samples, [Utterance("so", Span(0.4, 6.2), "Ada")])
    assert (track.person, len(track.affects)) == ("Ada", 1)


def test_partial_answers_come_while_somebody_speaks(perceiver: SpeechPerceiver) -> None:
    fold = perceiver.fold()
    updates = [
        update for piece in cut(np.concatenate([speak(4.0), quiet(1.0)]), [RATE // 2]) for update in fold.push(piece)
    ]
    assert [update.final for update in updates].count(True) == 1
    assert 4 <= len(updates) <= 11
    assert updates[-1].final
    assert updates[0].affect.span
    assert updates[0].affect.span.duration < 2.0


def test_the_curves_cover_the_stream(whole: list[Track], talk: Samples) -> None:
    for track in whole:
        curves = {series.name: series for series in track.series}
        assert list(curves) == list(NAMES)
        assert all(
            series.rate == 10.0 and len(series.values) == np.ceil(len(talk) / RATE * 10) for series in curves.values()
        )
        activity = curves["voice_activity"].values
        assert activity.min() == 0.0
        assert activity.max() <= 1.0
        for name in NAMES[1:]:
            assert np.isnan(curves[name].values[activity == 0.0]).all()
        assert 0.0 < np.nanmedian(curves["jitter"].values) < 0.05
        assert 0.0 < np.nanmedian(curves["shimmer"].values) < 0.3
        assert 0.0 < np.nanmedian(curves["harmonicity"].values) < 40.0
        assert 0.0 <= np.nanmin(curves["overlap"].values) <= np.nanmax(curves["overlap"].values) <= 1.0
    low, high = (np.nanmedian(track.series[1].values) for track in whole)
    assert low == pytest.approx(105.0, rel=0.12)
    assert high == pytest.approx(230.0, rel=0.12)


def test_a_hole_in_the_times_keeps_the_times(perceiver: SpeechPerceiver) -> None:
    fold = perceiver.fold()
    first, second = np.concatenate([quiet(0.5), speak(1.5)]), np.concatenate([quiet(0.5), speak(1.5)])
    for piece in [*cut(first, [RATE]), *cut(second, [RATE], start=100.0)]:
        fold.push(piece)
    starts = [affect.span.start for track in fold.finish() for affect in track.affects if affect.span]
    assert starts == pytest.approx([0.5, 100.5], abs=0.25)


def test_memory_does_not_grow_with_silence_or_speech(perceiver: SpeechPerceiver) -> None:
    fold = perceiver.fold()
    for number in range(60):
        fold.push(Sound(Audio(speak(1.0)[None], RATE), float(number)))
    held = fold._segmenter._held  # type: ignore[union-attr]
    assert held.end - held.start < 1000
    assert len(fold._measurer._waiting) < RATE
    assert sum(len(piece) for _, piece in fold._heard._pieces) < 10 * RATE


def test_sound_at_another_rate_is_refused(perceiver: SpeechPerceiver) -> None:
    with pytest.raises(OptionError, match="given at 8000 Hz; allowed: 16000 Hz"):
        perceiver.fold().push(Sound(Audio(np.zeros((1, 800), dtype=np.float32), 8000)))


def test_nothing_gives_no_track(perceiver: SpeechPerceiver) -> None:
    assert perceiver.fold().finish() == []
    assert perceive(perceiver, cut(quiet(3.0), [RATE])) == []


def _run(perceiver: SpeechPerceiver, samples: Samples, turns: list[Utterance]) -> list[Track]:
    fold = perceiver.fold(turns)
    for piece in cut(samples, [RATE]):
        fold.push(piece)
    return fold.finish()
