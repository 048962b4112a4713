from __future__ import annotations

import heapq
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import mien
from mien.agent import Bounds, News, Session, Team, choose
from mien.errors import OptionError
from mien.io import find_transcript, open_media, pieces, read_words
from mien.types import Analysis, Audio, Frame, Image, Sound, Span, Utterance

EXAMPLES = Path(__file__).parents[3] / "examples"
Piece = Sound | Frame | Utterance


@pytest.fixture(scope="module")
def team() -> Team:
    return choose(threads=1)


@pytest.fixture(scope="module")
def voice(team: Team) -> Team:
    return Team({"speech": team.perceivers["speech"]})


def begin(piece: Piece) -> float:
    if isinstance(piece, Utterance):
        return piece.span.start
    return piece.start if isinstance(piece, Sound) else piece.time or 0.0


def signal(path: Path, *, seconds: float) -> Iterator[Piece]:
    """The pieces of a file with the words of its transcript, each turn just before its sound."""
    words = read_words(transcript) if (transcript := find_transcript(path)) else []
    return heapq.merge(words, pieces(open_media(path), seconds=seconds), key=begin)


def through(session: Session, stream: Iterator[Piece]) -> tuple[list[News], Analysis]:
    news = [one for piece in stream for one in session.push(piece)]
    analysis = session.finish()
    return [*news, *session.remaining], analysis


def assert_alike(one: Analysis, other: Analysis) -> None:
    """Equal but for the name of the source and the last bits of words that were read in other company."""
    for mine, theirs in zip((*one.tracks, *one.fused), (*other.tracks, *other.fused), strict=True):
        assert (mine.person, mine.modality, mine.series) == (theirs.person, theirs.modality, theirs.series)
        for affect, known in zip(mine.affects, theirs.affects, strict=True):
            assert affect.span == known.span
            assert affect.categories is not None
            assert known.categories is not None
            np.testing.assert_allclose(affect.categories.probs, known.categories.probs, atol=1e-6)
            assert affect.confidence == pytest.approx(known.confidence, abs=1e-6)
            assert [reason.note for reason in affect.evidence] == [reason.note for reason in known.evidence]
    for name in ("context", "links", "moments", "models", "rates", "warnings"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize(("clip", "seconds"), [("dialogue.ogg", 0.137), ("talk.mp4", 0.311)])
def test_ends_like_analyze(team: Team, clip: str, seconds: float) -> None:
    news, analysis = through(Session(team), signal(EXAMPLES / clip, seconds=seconds))
    assert_alike(analysis, mien.analyze(EXAMPLES / clip, team=team))
    said = {(one.modality, one.affect.span) for one in news if one.final}
    assert said >= {(track.modality, affect.span) for track in analysis.tracks for affect in track.affects}


def test_final_fused_news_are_those_of_the_analysis(voice: Team) -> None:
    news, analysis = through(Session(voice), signal(EXAMPLES / "dialogue.ogg", seconds=0.1))
    finals = [one for one in news if one.modality == "fused" and one.final]
    places = [(one.person, one.affect.span) for one in finals]
    assert len(set(places)) == len(places)
    known = {(track.person, affect.span): affect for track in analysis.fused for affect in track.affects}
    before_the_end = finals[: len(finals) // 2]
    assert {one.person for one in before_the_end} == {"Ada", "Ben"}
    for one in before_the_end:
        affect = known[one.person, one.affect.span]
        assert replace(one.affect, evidence=()) == replace(affect, evidence=())


def test_answers_every_half_second_of_speech(voice: Team) -> None:
    session = Session(voice)
    open_end: float | None = None
    answers = 0
    for piece in pieces(open_media(EXAMPLES / "dialogue.ogg"), seconds=0.1):
        for one in session.push(piece):
            if one.modality != "speech":
                continue
            span = one.affect.span
            assert span is not None
            last = span.start if open_end is None else open_end
            # Before a first answer lie the margin of a segment and what it takes to tell that it is speech.
            assert span.end - last <= (1.0 if open_end is None else 0.5) + 1e-6 or one.final
            open_end = None if one.final else span.end
            answers += 1
    assert answers > 60


def test_hurry_leaves_out_partial_answers_only(voice: Team) -> None:
    sound = list(pieces(open_media(EXAMPLES / "dialogue.ogg"), seconds=0.1))[:150]
    at_ease, hurried = Session(voice), Session(voice)
    for piece in sound:
        at_ease.push(piece)
        hurried.hurry(hurried=True)
        assert all(one.final for one in hurried.push(piece) if one.modality == "speech")
    assert hurried.finish().tracks == at_ease.finish().tracks


def test_another_rate_and_more_channels_end_like_the_file(voice: Team, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    whole = np.concatenate([piece.audio.samples[0] for piece in pieces(open_media(EXAMPLES / "dialogue.ogg"))])
    # Stretched to another rate as it is: what matters is that both ways hear the same.
    left = np.round(whole[: 16_000 * 12] * 20_000).astype("<i2")
    both = np.stack([left, np.round(left * 0.5 + rng.normal(0, 20, len(left))).astype("<i2")], axis=1)
    with wave.open(str(tmp_path / "two.wav"), "wb") as file:
        file.setparams((2, 2, 22_050, 0, "NONE", ""))
        file.writeframes(both.tobytes())

    def stream() -> Iterator[Piece]:
        place = 0
        while place < len(both):
            step = int(rng.integers(100, 5_000))
            samples = both[place : place + step].T.astype(np.float32) / np.float32(2**15)
            yield Sound(Audio(samples, 22_050), place / 22_050)
            place += step

    _, analysis = through(Session(voice), stream())
    reference = mien.analyze(tmp_path / "two.wav", team=voice)
    assert sum(len(track.affects) for track in analysis.tracks) >= 2
    assert_alike(analysis, reference)


def test_late_pieces_are_left_out_and_counted(team: Team) -> None:
    session = Session(team, explain=False)
    second = Audio(np.zeros((1, 16_000), np.float32), 16_000)
    picture = Image(np.zeros((48, 64, 3), np.uint8))
    for time in range(30):
        session.push(Sound(second, float(time)))
        session.push(Frame(picture, time + 0.5))
    for late in (
        Sound(second, 28.0),
        Frame(picture, 12.0),
        Frame(picture, 29.4),
        Utterance("Too late.", Span(2.0, 3.0)),
    ):
        assert session.push(late) == []
    assert session.push(Utterance("In time.", Span(15.0, 16.0)))
    assert session.dropped == {"speech": 1, "face": 2, "text": 1}
    warnings = session.finish().warnings
    assert "2 pictures came too late or out of order and were left out" in warnings
    assert "1 turns came too late or out of order and were left out" in warnings


def test_wavering_clock_leaves_no_hole(voice: Team) -> None:
    rng = np.random.default_rng(3)
    steady = list(signal(EXAMPLES / "dialogue.ogg", seconds=0.1))
    wavering = (
        Sound(piece.audio, max(0.0, piece.start + rng.uniform(-0.04, 0.04))) if place else piece
        for place, piece in enumerate(steady)
        if isinstance(piece, Sound)
    )
    session = Session(voice)
    _, analysis = through(session, wavering)
    _, known = through(Session(voice), (piece for piece in steady if isinstance(piece, Sound)))
    assert not session.dropped
    assert analysis.tracks == known.tracks


def test_bounds(voice: Team, team: Team) -> None:
    session = Session(team, bounds=Bounds(longest=2.0, turns=2, characters=10))
    second = Audio(np.zeros((1, 16_000), np.float32), 16_000)
    for time in range(4):
        session.push(Sound(second, float(time)))
        session.push(Utterance("Hello.", Span(0.0, 1.0)))
    session.push(Utterance("Far too long.", Span(0.0, 1.0)))
    assert session.dropped == {"speech": 2, "text": 3}
    warnings = session.finish().warnings
    assert "3 turns were left out: a stream takes 2 turns of up to 10 characters within 0.000555556 hours" in warnings
    with pytest.raises(OptionError, match="all must be positive"):
        Bounds(longest=0.0)


def test_what_is_no_piece_is_refused(voice: Team) -> None:
    session = Session(voice)
    second = np.zeros((1, 16_000), np.float32)
    with pytest.raises(OptionError, match="a str was given to a stream; allowed: Sound, Frame, Utterance"):
        session.push("hello")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"begins at -1.0 s; times must be finite and not negative"):
        session.push(Sound(Audio(second, 16_000), -1.0))
    with pytest.raises(OptionError, match="begins at nan s"):
        session.push(Sound(Audio(second, 16_000), float("nan")))
    with pytest.raises(OptionError, match="holds NaN or infinity"):
        session.push(Sound(Audio(second * np.nan, 16_000), 0.0))
    with pytest.raises(OptionError, match=r"sound of 10 Hz was given to a stream; allowed: 1000 to 768000 Hz"):
        session.push(Sound(Audio(second[:, :10], 10), 0.0))
    session.finish()
    with pytest.raises(OptionError, match="has ended; begin a new session"):
        session.push(Sound(Audio(second, 16_000), 0.0))
    assert session.finish() is session.finish()


def test_sound_that_stops_does_not_hold_up_the_others(team: Team) -> None:
    session = Session(Team({name: team.perceivers[name] for name in ("speech", "face")}), explain=False)
    picture = Image(np.zeros((48, 64, 3), np.uint8))
    news: list[News] = []
    for piece in signal(EXAMPLES / "dialogue.ogg", seconds=0.1):
        if isinstance(piece, Sound) and piece.start < 2.0:
            news += session.push(piece)
    assert not any(one.final for one in news)
    for tick in range(300):
        news += session.push(Frame(picture, tick / 10))
    spoken = [one for one in news if one.modality == "speech" and one.final]
    fused = [one.affect.span for one in news if one.modality == "fused" and one.final]
    assert len(spoken) == 1
    assert fused == [Span(0.0, 1.0), Span(1.0, 2.0), Span(2.0, 3.0)][: len(fused)]
    assert len(fused) >= 2


def test_silence_takes_no_memory(voice: Team) -> None:
    import tracemalloc

    rng = np.random.default_rng(0)
    hum = Audio((rng.normal(0, 1e-3, (1, 16_000))).astype(np.float32), 16_000)
    session = Session(voice)

    def minutes(first: int, last: int) -> int:
        for second in range(60 * first, 60 * last):
            session.push(Sound(hum, float(second)))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    before = minutes(0, 1)
    after = minutes(1, 6)
    tracemalloc.stop()
    assert after - before < 200_000


def test_chat_without_times(team: Team) -> None:
    session = Session(Team({"text": team.perceivers["text"]}))
    news = session.push(Utterance("I love this!", Span(0, 12, "characters"), "Ada"))
    assert [(one.modality, one.final) for one in news] == [("text", True), ("fused", False)]
    assert session.finish().source.kind == "chat"
    assert [(one.modality, one.person, one.final) for one in session.remaining] == [("fused", "Ada", True)]


def test_photograph_and_modality_that_nobody_reads(team: Team) -> None:
    session = Session(Team({"text": team.perceivers["text"]}, ("face is left out: it has no open model",)))
    assert session.push(Frame(Image(np.zeros((32, 32, 3), np.uint8)), 0.0)) == []
    assert "face is left out: it has no open model" in session.finish().warnings


def test_voice_joins_a_face_while_the_stream_runs(team: Team) -> None:
    both = Team({name: team.perceivers[name] for name in ("speech", "face")})
    session = Session(both, explain=False)
    talk = list(pieces(open_media(EXAMPLES / "talk.mp4"), seconds=0.1))
    news: list[News] = []
    for shift in (0.0, 15.8):
        for piece in talk:
            if isinstance(piece, Sound):
                news += session.push(replace(piece, start=piece.start + shift))
            else:
                news += session.push(replace(piece, time=(piece.time or 0.0) + shift))
    late = [one for one in news if one.modality == "fused" and one.affect.span and one.affect.span.start > 20]
    assert {one.person for one in late} == {"face-1"}
    assert any({"speech", "face"} <= {reason.source for reason in one.affect.evidence} for one in late if one.final)


def test_lately_is_what_the_curves_say(team: Team) -> None:
    fold = team.perceivers["speech"].fold()
    for piece in pieces(open_media(EXAMPLES / "dialogue.ogg"), seconds=0.5):
        fold.push(piece)
    fold.flush()
    recent = {track.person: track.series[0] for track in fold.lately(20.0)}
    for track in fold.finish():
        whole = track.curve("voice_activity")
        values = recent[track.person].values
        assert recent[track.person].start == 20.0
        np.testing.assert_allclose(values, whole.values[200 : 200 + len(values)])
