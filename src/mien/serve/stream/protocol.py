"""The messages of a stream, version 1: what a client may say, checked, and how answers are written."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from mien.agent import MODALITIES
from mien.agent.stream import News
from mien.io.encode import encode_affect
from mien.types import Span, Utterance

__all__ = ["CLOSE", "SUBPROTOCOL", "Audio", "Binary", "End", "Hello", "Ping", "StreamError", "news", "read_binary"]
__all__ += ["message", "read_hello", "read_text"]

SUBPROTOCOL = "mien.v1"
CLOSE = {"protocol": 1008, "large": 1009, "failed": 1011, "busy": 1013, "idle": 4408}
HEAD = struct.Struct("<Bd")
SOUND, PICTURE = 1, 2
ENCODINGS = ("pcm16", "opus", "webm")
LOWEST_RATE, HIGHEST_RATE, MOST_CHANNELS = 8_000, 192_000, 8
LONGEST_NAME = 100
LATEST = 10 * 366 * 86_400.0
"""Times past this are no times of a stream."""


class StreamError(Exception):
    """What ends a stream, told to the client.

    Args:
        reason: A key of `CLOSE`.
        detail: What was wrong, what was given and what is allowed, in one sentence.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.code = reason, detail, CLOSE[reason]


@dataclass(frozen=True, slots=True)
class Audio:
    """How sound comes.

    Args:
        encoding: ``pcm16`` (little endian), ``opus`` (raw packets) or ``webm`` (with Opus).
        rate: Samples a second of PCM, in Hz.
        channels: Channels of PCM and of Opus packets.
    """

    encoding: Literal["pcm16", "opus", "webm"] = "pcm16"
    rate: int = 16_000
    channels: int = 1


@dataclass(frozen=True, slots=True)
class Hello:
    """What a client says first."""

    modalities: tuple[str, ...]
    audio: Audio | None = None
    explain: bool = True


@dataclass(frozen=True, slots=True)
class Binary:
    """Sound or a picture, with its time in seconds."""

    kind: Literal["sound", "picture"]
    time: float
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class End:
    """The client has said all."""


@dataclass(frozen=True, slots=True)
class Ping:
    """A sign of life, or what this version does not know; ``note`` says which."""

    note: str = ""


def read_hello(text: str) -> Hello:
    """Return the first message.

    Raises:
        StreamError: It is none.
    """
    plain = _object(text)
    if plain.get("type") != "hello":
        _refuse(f'the first message has the type {_shown(plain.get("type"))}; it must be a "hello"')
    if plain.get("version") != 1:
        _refuse(f"the hello states the version {_shown(plain.get('version'))}; allowed: 1")
    modalities = plain.get("modalities", list(MODALITIES))
    known = isinstance(modalities, list) and all(isinstance(name, str) and name in MODALITIES for name in modalities)
    if not known or not modalities:
        _refuse(f"the hello asks for the modalities {_shown(modalities)}; allowed: a list of {', '.join(MODALITIES)}")
    video, explain = plain.get("video"), plain.get("explain", True)
    if video is not None and (not isinstance(video, dict) or video.get("encoding", "jpeg") != "jpeg"):
        _refuse(f'the hello describes pictures as {_shown(video)}; allowed: {{"encoding": "jpeg"}}')
    if not isinstance(explain, bool):
        _refuse(f"the hello asks to explain {_shown(explain)}; allowed: true or false")
    named = tuple(name for name in MODALITIES if name in modalities)
    return Hello(named, _audio(plain.get("audio"), named), explain)


def read_text(text: str) -> Utterance | End | Ping:
    """Return a later text message.

    Raises:
        StreamError: It is no JSON object, or a turn that is none.
    """
    plain = _object(text)
    kind = plain.get("type")
    if kind == "turn":
        return _turn(plain)
    if kind == "end":
        return End()
    return Ping("" if kind == "ping" else f"messages of the type {_shown(kind)} are not known here and were left out")


def read_binary(content: bytes) -> Binary:
    """Return a binary message: one byte of kind, eight of time, and the payload.

    Raises:
        StreamError: It is too short, of an unknown kind, or its time is none.
    """
    if len(content) < HEAD.size:
        _refuse(f"a binary message has {len(content)} bytes; it must begin with one byte of kind and eight of time")
    kind, time = HEAD.unpack_from(content)
    if kind not in (SOUND, PICTURE):
        _refuse(f"a binary message is of the kind {kind}; allowed: {SOUND} for sound, {PICTURE} for a picture")
    if not (math.isfinite(time) and 0 <= time <= LATEST):
        _refuse(f"a binary message has the time {time}; allowed: seconds since the stream began, from 0")
    return Binary("sound" if kind == SOUND else "picture", time, content[HEAD.size :])


def message(kind: str, /, **parts: Any) -> str:
    """Return a message of the server."""
    return json.dumps({"type": kind, **parts}, allow_nan=False, separators=(",", ":"))


def news(one: News, scale: float = 1.0) -> str:
    """Return the message of an affect; boxes are divided by ``scale``, by which the picture was made smaller."""
    box = {} if one.box is None else {"box": [round(side / scale, 1) for side in one.box]}
    affect = encode_affect(one.affect)
    return message("affect", modality=one.modality, person=one.person, final=one.final, affect=affect, **box)


def _audio(plain: Any, modalities: Sequence[str]) -> Audio | None:
    if plain is None:
        return Audio() if "speech" in modalities else None
    if not isinstance(plain, dict):
        _refuse(f"the hello describes sound as {_shown(plain)}; allowed: an object with encoding, rate and channels")
    encoding, rate, channels = plain.get("encoding", "pcm16"), plain.get("rate", 16_000), plain.get("channels", 1)
    if encoding not in ENCODINGS:
        _refuse(f"the hello says that sound is encoded as {_shown(encoding)}; allowed: {', '.join(ENCODINGS)}")
    if not (_is_whole(rate) and LOWEST_RATE <= rate <= HIGHEST_RATE):
        _refuse(f"the hello states a rate of {_shown(rate)} Hz; allowed: {LOWEST_RATE} to {HIGHEST_RATE}")
    most = 2 if encoding == "opus" else MOST_CHANNELS
    if not (_is_whole(channels) and 1 <= channels <= most):
        _refuse(f"the hello states {_shown(channels)} channels; allowed: 1 to {most}")
    return Audio(encoding, rate, channels)


def _turn(plain: Mapping[str, Any]) -> Utterance:
    text, speaker, start, end = (plain.get(name) for name in ("text", "speaker", "start", "end"))
    if not isinstance(text, str):
        _refuse(f"a turn has the text {_shown(text)}; it must be a string")
    if speaker is not None and not (isinstance(speaker, str) and len(speaker) <= LONGEST_NAME):
        _refuse(f"a turn has the speaker {_shown(speaker)}; allowed: a name of up to {LONGEST_NAME} characters")
    begin, over = _time(start), _time(end)
    if begin is None or over is None or over < begin:
        _refuse(f"a turn runs from {_shown(start)} to {_shown(end)}; both must be seconds since the stream began")
    return Utterance(_mended(text), Span(begin, over), _mended(speaker).strip() if speaker else None)


def _mended(text: str) -> str:
    """Put a mark in place of what is half a character: JSON can write it, Unicode has no meaning for it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _object(text: str) -> dict[str, Any]:
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        _refuse("a text message is not JSON; it must be an object with a type")
    if not isinstance(plain, dict):
        _refuse(f"a text message is {_shown(plain)}; it must be an object with a type")
    return plain


def _is_whole(given: Any) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)


def _time(given: Any) -> float | None:
    number = isinstance(given, int | float) and not isinstance(given, bool)
    return float(given) if number and 0 <= given <= LATEST else None


def _shown(given: Any) -> str:
    """Return what was given, short."""
    shown = ascii(given) if isinstance(given, str | int | float | bool | None) else f"a {type(given).__name__}"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _refuse(detail: str) -> NoReturn:
    raise StreamError("protocol", detail)
