"""Clients that break the protocol, vanish, fall silent or come in numbers."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import math
import time
import weakref
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect

from mien.serve.stream import StreamLimits, desk
from mien.serve.stream.protocol import LATEST

from .client import SPEECH, binary, bomb, end, first_words, greeted, rest, serving, talk
from .conftest import Served

ALL = {**SPEECH, "modalities": ["text", "speech", "face"]}
SILENCE = binary(1, 0.0, bytes(3_200))


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ("hello", "a text message is not JSON; it must be an object with a type"),
        ("[1, 2]", "a text message is a list; it must be an object with a type"),
        ("[" * 5_000, "a text message is not JSON"),
        (b"\x01" + bytes(8), "the first message is binary; it must be a hello, as text"),
        ({"type": "end"}, """the first message has the type 'end'; it must be a "hello\""""),
        ({"type": "hello"}, "the hello states the version None; allowed: 1"),
        ({**SPEECH, "version": 2}, "the hello states the version 2; allowed: 1"),
        ({**SPEECH, "modalities": []}, "allowed: a list of text, speech, face"),
        ({**SPEECH, "modalities": ["smell"]}, "allowed: a list of text, speech, face"),
        ({**SPEECH, "modalities": "speech"}, "the hello asks for the modalities 'speech'"),
        ({**SPEECH, "audio": "pcm16"}, "the hello describes sound as 'pcm16'"),
        ({**SPEECH, "audio": {"encoding": "mp3"}}, "sound is encoded as 'mp3'; allowed: pcm16, opus, webm"),
        ({**SPEECH, "audio": {"rate": 1e400}}, "the hello states a rate of inf Hz; allowed: 8000 to 192000"),
        ({**SPEECH, "audio": {"rate": 4_000}}, "the hello states a rate of 4000 Hz; allowed: 8000 to 192000"),
        ({**SPEECH, "audio": {"channels": True}}, "the hello states True channels; allowed: 1 to 8"),
        ({**SPEECH, "video": {"encoding": "h264"}}, "the hello describes pictures as a dict"),
        ({**SPEECH, "explain": "yes"}, "the hello asks to explain 'yes'; allowed: true or false"),
    ],
)
def test_no_hello(served: Served, message: Any, detail: str) -> None:
    sent = message if isinstance(message, str | bytes) else json.dumps(message)
    told, code = asyncio.run(first_words(served[0], [sent]))
    assert code == 1008
    assert [one["type"] for one in told] == ["error"]
    assert detail in told[0]["detail"]


@pytest.mark.parametrize(
    ("message", "code", "detail"),
    [
        (b"", 1008, "a binary message has 0 bytes; it must begin with one byte of kind and eight of time"),
        (b"\x01\x00", 1008, "a binary message has 2 bytes"),
        (binary(7, 0.0, b""), 1008, "a binary message is of the kind 7; allowed: 1 for sound, 2 for a picture"),
        (binary(1, math.nan, bytes(2)), 1008, "a binary message has the time nan"),
        (binary(1, -1.0, bytes(2)), 1008, "a binary message has the time -1.0; allowed: seconds since"),
        (binary(2, 2 * LATEST, bytes(2)), 1008, "a binary message has the time"),
        (binary(1, 0.0, bytes(3)), 1008, "a message of PCM has 3 bytes; it must hold whole samples of 2 bytes"),
        (binary(1, 0.0, bytes(200_002)), 1009, "a sound has 200,002 bytes; allowed: up to 200,000"),
        (binary(2, 0.0, bytes(300_001)), 1009, "a picture has 300,001 bytes; allowed: up to 300,000"),
        (binary(2, 0.0, bomb(60_000, 60_000)), 1009, "a picture has 60000 x 60000 pixels; allowed: up to 9,000,000"),
        ("no JSON", 1008, "a text message is not JSON"),
        ({"type": "turn", "text": 5, "start": 0, "end": 1}, 1008, "a turn has the text 5; it must be a string"),
        ({"type": "turn", "text": "a", "start": 2, "end": 1}, 1008, "a turn runs from 2 to 1; both must be seconds"),
        ({"type": "turn", "text": "a", "start": "0", "end": 1}, 1008, "a turn runs from '0' to 1"),
        (
            {"type": "turn", "text": "a", "start": 0, "end": 1, "speaker": "a" * 101},
            1008,
            "allowed: a name of up to 100 characters",
        ),
        ({"type": "turn", "text": "a" * 30_000, "start": 0, "end": 1}, 1009, "a text message is too large"),
    ],
)
def test_bad_message(served: Served, message: Any, code: int, detail: str) -> None:
    sent = message if isinstance(message, str | bytes) else json.dumps(message)
    told, closed = asyncio.run(talk(served[0], ALL, [SILENCE, sent]))
    assert closed == code
    assert told[-1]["type"] == "error"
    assert detail in told[-1]["detail"]


@pytest.mark.parametrize(
    ("modality", "message", "detail"),
    [
        ("speech", binary(2, 0.0, bytes(4)), "a picture came, but the hello does not name face"),
        ("face", SILENCE, "a sound came, but the hello does not name speech"),
        ("face", json.dumps({"type": "turn", "text": "a", "start": 0, "end": 1}), "does not name text"),
    ],
)
def test_modality_that_was_not_named(served: Served, modality: str, message: Any, detail: str) -> None:
    told, code = asyncio.run(talk(served[0], {**SPEECH, "modalities": [modality]}, [message]))
    assert code == 1008
    assert detail in told[-1]["detail"]


def test_what_does_not_decode_is_left_out(served: Served) -> None:
    messages = [
        binary(2, 0.0, b"no picture"),
        binary(2, 0.2, bomb(64, 64)),
        json.dumps({"type": "wave"}),
        json.dumps({"type": "ping"}),
        json.dumps({"type": "turn", "text": "half \ud83d a face", "speaker": "\udc00", "start": 0, "end": 1}),
        end(),
    ]
    told, code = asyncio.run(talk(served[0], ALL, messages))
    assert code == 1000
    notes = [one["note"] for one in told if one["type"] == "warning"]
    assert "messages of the type 'wave' are not known here and were left out" in notes
    assert notes.count("some pictures do not decode and were left out; allowed: whole JPEG images") == 1
    assert told[-1]["analysis"]["turns"][0]["text"] == "half ? a face"


@pytest.mark.parametrize("chunk", [b"no recording at all" * 500, b"\x1aE\xdf\xa3" + bytes(5_000)])
def test_webm_that_is_none(served: Served, chunk: bytes) -> None:
    hello = {**SPEECH, "audio": {"encoding": "webm"}}
    told, code = asyncio.run(talk(served[0], hello, [binary(1, 0.0, chunk), end()]))
    assert code == 1008
    assert "the WebM sent as sound" in told[-1]["detail"]


SOME = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=100),
    st.builds(
        binary,
        st.integers(0, 3),
        st.one_of(st.floats(0, 100), st.floats()),
        st.one_of(st.binary(max_size=64), st.just(bomb(32, 32)), st.just(bytes(32_000))),
    ),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    ).map(json.dumps),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["turn", "ping", "hello", "wave"])},
        optional={
            "text": st.text(max_size=50),
            "start": st.floats(0, 50),
            "end": st.floats(0, 50),
            "speaker": st.text(max_size=9),
        },
    ).map(json.dumps),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    messages=st.lists(SOME, max_size=6),
    encoding=st.sampled_from(["pcm16", "opus", "webm"]),
    greeted_first=st.booleans(),
)
def test_whatever_comes_has_a_reasoned_end(
    served: Served, caplog: pytest.LogCaptureFixture, messages: list[Any], encoding: str, greeted_first: bool
) -> None:
    caplog.set_level(logging.ERROR)
    hello = {**ALL, "audio": {"encoding": encoding}}
    if greeted_first:
        told, code = asyncio.run(talk(served[0], hello, [*messages, end()]))
    else:
        told, code = asyncio.run(first_words(served[0], [*messages, "x"]))
    assert code in (1000, 1008, 1009)
    assert told[-1]["type"] == ("analysis" if code == 1000 else "error")
    assert not caplog.records


async def _vanish(address: str, times: int) -> None:
    for _ in range(times):
        async with connect(address, proxy=None, ping_interval=None) as client:
            await client.send(json.dumps(ALL))
            await client.recv()
            for tick in range(20):
                await client.send(binary(1, tick / 10, bytes(3_200)))
                await client.send(binary(2, tick / 10, b"\xff\xd8" + bytes(20_000)))
            client.transport.abort()


def _settled(streams: Any) -> None:
    begun = time.monotonic()
    while streams.open and time.monotonic() < begun + 60:
        time.sleep(0.05)
    assert streams.open == 0


def test_vanished_clients_free_everything(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    address, streams = served
    desks: list[weakref.ref[Any]] = []
    begin = desk.Desk.__init__

    def watched(self: Any, *given: Any) -> None:
        desks.append(weakref.ref(self))
        begin(self, *given)

    monkeypatch.setattr(desk.Desk, "__init__", watched)
    asyncio.run(_vanish(address, 10))
    _settled(streams)
    gc.collect()
    before = psutil.Process().memory_info().rss
    gc.disable()  # what a stream held must not wait for the garbage collector
    try:
        asyncio.run(_vanish(address, 60))
        _settled(streams)
        time.sleep(0.5)
        held = sum(one() is not None for one in desks)
    finally:
        gc.enable()
    assert len(desks) == 70
    # Where a client vanishes while it is answered, the libraries' own errors may hold each other for a while.
    assert held <= 20
    gc.collect()
    assert sum(one() is not None for one in desks) <= 1
    assert psutil.Process().memory_info().rss - before < 20e6


def test_silent_and_surplus_clients() -> None:
    async def both(address: str) -> tuple[int, int, Any, Any]:
        async with greeted(address, SPEECH) as first, connect(address, proxy=None, ping_interval=None) as second:
            surplus = await rest(second)
            silent = await rest(first)
            return second.close_code or 0, first.close_code or 0, surplus, silent

    with serving(StreamLimits(streams=1, idle=1.0)) as (address, streams):
        full, idle, surplus, silent = asyncio.run(both(address))
        assert (full, idle) == (1013, 4408)
        assert "1 streams are open, as many as allowed; try again later" in surplus[-1]["detail"]
        assert "no message came for 1 seconds" in silent[-1]["detail"]
        assert streams.open == 0


def test_unknown_subprotocol(served: Served) -> None:
    async def other() -> tuple[Any, int]:
        async with connect(served[0], subprotocols=["chat"], proxy=None, ping_interval=None) as client:  # type: ignore[list-item]
            return await rest(client), client.close_code or 0

    told, code = asyncio.run(other())
    assert code == 1008
    assert "allowed: mien.v1" in told[-1]["detail"]
