"""Streams over a real server: what is answered, and that it ends like an analysis of the same signal."""

from __future__ import annotations

import asyncio
import io
import json
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import mien
from mien.agent import Session, choose
from mien.io import from_json, open_media, pieces, read_image
from mien.io.encode import encode_affect
from mien.types import Analysis, Frame, Sound

from .client import SPEECH, binary, end, jpeg, pcm, talk
from .conftest import Served

EXAMPLES = Path(__file__).parents[4] / "examples"
Told = list[dict[str, Any]]


def sounds(*, seconds: float = 0.1, until: float = 15.0) -> list[Sound]:
    found = pieces(open_media(EXAMPLES / "dialogue.ogg"), seconds=seconds)
    return [piece for piece in found if isinstance(piece, Sound) and piece.start < until]


def pictures(*, until: float = 4.0) -> list[Frame]:
    found = pieces(open_media(EXAMPLES / "talk.mp4"))
    return [piece for piece in found if isinstance(piece, Frame) and (piece.time or 0.0) < until]


def analysis_of(told: Told) -> Analysis:
    assert told[-1]["type"] == "analysis", told[-1]
    return from_json(json.dumps(told[-1]["analysis"]))


def affects(told: Told, modality: str, *, final: bool) -> Told:
    return [one for one in told if one["type"] == "affect" and one["modality"] == modality and one["final"] is final]


def test_sound_ends_like_the_file(served: Served, tmp_path: Path) -> None:
    messages = [pcm(piece) for piece in sounds(seconds=0.237)]
    told, code = asyncio.run(talk(served[0], SPEECH, [*messages, end()]))
    assert code == 1000
    with wave.open(str(tmp_path / "same.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"".join(message[9:] for message in messages))
    known = mien.analyze(tmp_path / "same.wav", modalities=["speech"])
    found = analysis_of(told)
    assert found.tracks == known.tracks
    assert found.fused == known.fused
    finals = affects(told, "speech", final=True)
    assert [one["affect"]["span"]["end"] for one in finals] == [
        affect.span.end for affect in sorted(_spoken(known), key=lambda affect: affect.span.start)
    ]


def test_answers_come_while_somebody_speaks(served: Served) -> None:
    async def at_ease() -> Told:
        from .client import greeted, rest

        async with greeted(served[0], SPEECH) as client:
            listening = asyncio.create_task(rest(client))
            for piece in sounds(until=4.0):
                await client.send(pcm(piece))
                await asyncio.sleep(0.03)
            await client.send(end())
            return await asyncio.wait_for(listening, 60)

    told = asyncio.run(at_ease())
    early = [one for one in told if one["type"] == "affect" and not one["final"]]
    assert {one["modality"] for one in early} == {"speech", "fused"}
    assert all({"span", "categories", "valence", "arousal"} <= set(one["affect"]) for one in early)


def test_pictures_keep_who_is_who(served: Served) -> None:
    shown = [jpeg(frame) for frame in pictures()]
    hello = {"type": "hello", "version": 1, "modalities": ["face"], "video": {"encoding": "jpeg"}}

    async def in_time() -> Told:
        from .client import greeted, rest

        async with greeted(served[0], hello) as client:
            listening = asyncio.create_task(rest(client))
            for message in shown:
                await client.send(message)
                await asyncio.sleep(0.08)
            await client.send(end())
            return await asyncio.wait_for(listening, 60)

    told = asyncio.run(in_time())
    if any(one["type"] == "dropped" for one in told):
        pytest.skip("this machine is too busy to look at every picture")
    session = Session(choose(["face"]))
    for message, frame in zip(shown, pictures(), strict=True):
        session.push(Frame(read_image(message[9:]), frame.time))
    known = session.finish()
    assert [(track.person, track.modality) for track in analysis_of(told).tracks] == [("face-1", "face")]
    assert analysis_of(told).tracks == known.tracks
    seen = affects(told, "face", final=True)
    assert {one["person"] for one in seen} == {"face-1"}
    left, top, right, bottom = seen[0]["box"]
    assert 0 <= left < right <= 640
    assert 0 <= top < bottom <= 360


def test_words_are_answered_and_name_the_voice(served: Served) -> None:
    turn = {"type": "turn", "text": "Good morning. Did you get any sleep?", "speaker": "Ada", "start": 0.4, "end": 3.3}
    hello = {**SPEECH, "modalities": ["speech", "text"]}
    messages = [json.dumps(turn), *(pcm(piece) for piece in sounds(until=3.5)), end()]
    told, _ = asyncio.run(talk(served[0], hello, messages))
    assert [one["person"] for one in affects(told, "text", final=True)] == ["Ada"]
    assert analysis_of(told).persons == ("Ada",)
    assert {track.modality for track in analysis_of(told).tracks} == {"text", "speech"}
    assert analysis_of(told).context.turns[0].text == turn["text"]


def test_what_was_final_stays_in_the_analysis(served: Served) -> None:
    told, _ = asyncio.run(talk(served[0], {**SPEECH, "explain": False}, [*map(pcm, sounds()), end()]))
    known = {
        json.dumps({**encode_affect(affect), "evidence": None}, sort_keys=True)
        for track in analysis_of(told).fused
        for affect in track.affects
    }
    finals = {
        json.dumps({**one["affect"], "evidence": None}, sort_keys=True) for one in affects(told, "fused", final=True)
    }
    assert finals <= known


def test_opus_packets(served: Served) -> None:
    with av.open(str(EXAMPLES / "dialogue.ogg")) as container:
        packets = [packet for packet in container.demux(audio=0) if packet.pts is not None and packet.size]
        messages = [
            binary(1, max(0.0, float(packet.pts * packet.time_base)), bytes(packet)) for packet in packets[:600]
        ]
        name = container.streams.audio[0].codec_context.name
    if "opus" not in name:
        messages = _encoded(opus=True)
    told, code = asyncio.run(
        talk(
            served[0],
            {**SPEECH, "audio": {"encoding": "opus", "channels": 1}},
            [*messages, binary(1, 12.0, b"\xff\xfe"), end()],
        )
    )
    assert code == 1000
    known = [
        affect
        for affect in _spoken(mien.analyze(EXAMPLES / "dialogue.ogg", modalities=["speech"]))
        if affect.span.end < 11
    ]
    found = _spoken(analysis_of(told))[: len(known)]
    assert len(known) >= 2
    for mine, theirs in zip(found, known, strict=True):
        assert mine.span.start == pytest.approx(theirs.span.start, abs=0.1)
        assert mine.categories.probs == pytest.approx(theirs.categories.probs, abs=0.15)


def test_webm_of_a_browser(served: Served, tmp_path: Path) -> None:
    recording = b"".join(_encoded(opus=False))
    (tmp_path / "talk.webm").write_bytes(recording)
    chunks = [recording[place : place + 3_000] for place in range(0, len(recording), 3_000)]
    hello = {**SPEECH, "audio": {"encoding": "webm"}}
    messages = [binary(1, 0.1 * place, chunk) for place, chunk in enumerate(chunks)]
    told, code = asyncio.run(talk(served[0], hello, [*messages, end()]))
    assert code == 1000
    known = mien.analyze(tmp_path / "talk.webm", modalities=["speech"])
    assert analysis_of(told).tracks == known.tracks
    assert _spoken(known)


def _spoken(analysis: Analysis) -> list[Any]:
    found = [affect for track in analysis.tracks if track.modality == "speech" for affect in track.affects]
    return sorted(found, key=lambda affect: affect.span.start)


def _encoded(*, opus: bool) -> list[bytes]:
    """The first 12 s of the dialogue as messages of Opus packets, or as the chunks of a WebM."""
    into = io.BytesIO()
    messages: list[bytes] = []
    with av.open(into, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        whole = np.concatenate([piece.audio.samples[0] for piece in sounds(until=12.0)])
        up = np.repeat(whole, 3).astype(np.float32)
        for place in range(0, len(up) - 959, 960):
            frame = av.AudioFrame.from_ndarray(up[None, place : place + 960], "flt", "mono")
            frame.sample_rate, frame.pts, frame.time_base = 48_000, place, Fraction(1, 48_000)
            for packet in stream.encode(frame):
                messages.append(binary(1, max(0.0, float(packet.pts * packet.time_base)), bytes(packet)))
                container.mux(packet)
        container.mux(stream.encode(None))
    return messages if opus else [into.getvalue()]
