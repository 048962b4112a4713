"""The tasks on made conversations, with a perceiver that answers as told."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mien.bench.tasks import CROSSTALK, VOICES, crosstalk, voices
from mien.bench.tasks.crosstalk import Crosstalk, conversations
from mien.bench.tasks.voices import Mixture, mixtures
from mien.datasets import Sample
from mien.types import Affect, Audio, Dimension, Series, Sound, Span, Track

RATE = 16_000
RNG = np.random.default_rng(0)
CALM = Dimension(0.0, 0.5)


def sentence(hertz: float, seconds: float) -> np.ndarray:
    """A tone with silence before and after it."""
    place = np.arange(int(RATE * seconds)) / RATE
    return np.pad(0.3 * np.sin(2 * np.pi * hertz * place), RATE // 2).astype(np.float32)


SAMPLES = [
    Sample(
        f"{reader}-{number}",
        Sound(Audio(sentence(150.0 + 40 * reader, RNG.uniform(2.0, 4.0))[None], RATE)),
        group={"speaker": str(reader)},
    )
    for reader in range(4)
    for number in range(4)
]


def tracks_of(turns: Sequence[tuple[Span, str]], series: tuple[Series, ...] = ()) -> list[Track]:
    names = dict.fromkeys(name for _, name in turns)
    return [
        Track(name, "speech", tuple(Affect(valence=CALM, span=span) for span, other in turns if other == name), series)
        for name in names
    ]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[Track]]:
    """What the perceiver answers, by the number of samples that it hears."""
    answers: dict[int, list[Track]] = {}
    for module in (voices, crosstalk):
        monkeypatch.setattr(module, "PER_COUNT", 3)
        monkeypatch.setattr(module, "build", lambda kind, name, *, voices: None)
        monkeypatch.setattr(
            module, "perceive", lambda _, pieces: answers[sum(len(piece.audio.mono()) for piece in pieces)]
        )
    return answers


def test_perfect_turns_have_no_error(told: dict[int, list[Track]]) -> None:
    made = mixtures(SAMPLES)
    assert len(made) == 6
    told |= {len(one.samples): tracks_of(list(zip(one.spans, one.speakers, strict=True))) for one in made}
    found = {name: measure(VOICES.answer(SAMPLES, "any")).value for name, measure in VOICES.metrics.items()}
    assert found.pop("count_right") == 1.0
    assert found.pop("false_alarm") < 0.08  # a pause between two turns of one reader is held for part of a turn
    assert found.pop("diarization_error") < 0.08
    assert set(found) == {"missed", "confused", "stretches_error"}
    assert list(found.values()) == pytest.approx([0.0] * 3, abs=1e-3)


def test_pauses_count_for_stretches_but_not_for_turns(told: dict[int, list[Track]]) -> None:
    def halves(one: Mixture) -> list[tuple[Span, str]]:
        pairs = zip(one.spans, one.speakers, strict=True)
        return [
            (part, name)
            for span, name in pairs
            for part in (Span(span.start, span.start + 1.0), Span(span.start + 1.8, span.end))
        ]

    told |= {len(one.samples): tracks_of(halves(one)) for one in mixtures(SAMPLES)}
    found = {name: measure(VOICES.answer(SAMPLES, "any")).value for name, measure in VOICES.metrics.items()}
    assert found["missed"] == pytest.approx(0.0, abs=2e-3)
    assert found["stretches_error"] > 0.15


def test_readers_follow_at_once_or_speak_together() -> None:
    made = conversations(SAMPLES, counts=(2,))
    gaps = [
        later.span.start - turn.span.end
        for one in made
        for turn, later in zip(one.turns, one.turns[1:], strict=False)
        if later.speaker != turn.speaker
    ]
    assert min(gaps) < -0.5
    assert max(gaps) <= 0.11
    shares = [one.overlapped.mean() for one in made]
    assert 0.02 < np.mean(shares) < 0.4
    one = made[0]
    both = sum(
        max(0.0, turn.span.end - later.span.start) for turn, later in zip(one.turns, one.turns[1:], strict=False)
    )
    assert one.overlapped.sum() * 0.1 == pytest.approx(both, abs=0.2 * len(one.turns))


def test_all_that_is_found_counts(told: dict[int, list[Track]]) -> None:
    def right(one: Crosstalk) -> list[Track]:
        curve = Series("overlap", 0.0, 10.0, one.overlapped.astype(float))
        return tracks_of([(turn.span, str(turn.speaker)) for turn in one.turns], (curve,))

    told |= {len(one.samples): right(one) for one in conversations(SAMPLES)}
    found = {name: measure(CROSSTALK.answer(SAMPLES, "any")).value for name, measure in CROSSTALK.metrics.items()}
    for name in (
        "changes_found",
        "changes_found_at_once",
        "changes_right",
        "overlap_average_precision",
        "overlap_recall",
        "overlap_precision",
    ):
        assert found[name] == 1.0
    assert found["diarization_error"] < 0.05


def test_one_voice_for_all_finds_nothing(told: dict[int, list[Track]]) -> None:
    told |= {
        len(one.samples): tracks_of([(Span(0.0, len(one.samples) / RATE), "voice-1")]) for one in conversations(SAMPLES)
    }
    found = {name: measure(CROSSTALK.answer(SAMPLES, "any")).value for name, measure in CROSSTALK.metrics.items()}
    assert found["changes_found"] == found["changes_right"] == found["overlap_recall"] == 0.0
    assert found["overlap_average_precision"] == pytest.approx(found["overlap_share"])
