"""The microphone and the camera of this machine, as pieces with times (extra ``live`` for the microphone)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import Any

import numpy as np
from jaxtyping import Float

from mien.errors import InputError, MissingExtraError
from mien.io.geometry import Geometry
from mien.io.quiet import quiet
from mien.types.signals import Audio, Frame, Image, Sound

__all__ = ["camera", "microphone"]

CHUNK = 0.1
WAITING = 100
"""Chunks of sound that may wait: ten seconds."""
STALE = 0.5
"""Seconds by which sound may fall behind the clock before its times are set anew."""
BLINK = 0.5
CAMERAS = {"linux": ("v4l2", "/dev/video0"), "darwin": ("avfoundation", "0"), "win32": ("dshow", "video=0")}


def microphone(device: str | int | None = None, *, begun: float | None = None) -> Iterator[Sound]:
    """Give what the microphone hears, mono at the device's own rate, until the reader stops.

    Args:
        device: Its name or number; the system's own choice where not given.
        begun: What `time.monotonic` was at the stream's zero; now where not given.

    Raises:
        MissingExtraError: The extra ``live`` is not installed.
        InputError: There is no such microphone, or it cannot be opened.
    """
    sounddevice = _sounddevice()
    origin = time.monotonic() if begun is None else begun
    heard: Queue[tuple[float, Float[np.ndarray, " time"]]] = Queue(WAITING)

    def hear(block: Any, count: int, clock: Any, status: Any) -> None:  # noqa: ARG001 - as PortAudio calls it
        if heard.full():
            heard.get_nowait()
        heard.put_nowait((time.monotonic() - origin - count / rate, block[:, 0].copy()))

    try:
        rate = int(sounddevice.query_devices(device, "input")["default_samplerate"])
        opened = sounddevice.InputStream(
            samplerate=rate, channels=1, dtype="float32", device=device, blocksize=round(CHUNK * rate), callback=hear
        )
    except (sounddevice.PortAudioError, ValueError) as error:
        raise InputError(f"{_named('microphone', device)} cannot be opened: {_first_line(error)}") from error
    with opened:
        yield from _steady(heard, rate)


def camera(device: str | int | None = None, *, rate: float = 10.0, begun: float | None = None) -> Iterator[Frame]:
    """Give what the camera sees until the reader stops.

    Args:
        device: Its path or name as libav has it, or its number; the first one where not given.
        rate: Pictures a second at most, in Hz.
        begun: What `time.monotonic` was at the stream's zero; now where not given.

    Raises:
        InputError: There is no such camera, or it cannot be opened.
    """
    import av

    origin = time.monotonic() if begun is None else begun
    form, first = CAMERAS.get(sys.platform, CAMERAS["linux"])
    place = first if device is None else _place(form, device)
    with quiet():
        try:
            container = av.open(place, format=form)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise InputError(f"{_named('camera', device)} cannot be opened: {_first_line(error)}") from error
        with container:
            yield from _seen(container, rate, origin)


def _seen(container: Any, rate: float, origin: float) -> Iterator[Frame]:
    stream = container.streams.video[0]
    last = -1
    geometry: Geometry | None = None
    for frame in container.decode(stream):
        now = time.monotonic() - origin
        if int(now * rate) <= last:
            continue
        last = int(now * rate)
        geometry = geometry or Geometry.of(frame, stream)
        pixels = frame.reformat(*geometry.fitted(1280), "rgb24", interpolation="BILINEAR", threads=1).to_ndarray()
        yield Frame(Image(geometry.upright(pixels)), now)


def _steady(heard: Queue[tuple[float, Float[np.ndarray, " time"]]], rate: int) -> Iterator[Sound]:
    """Count the times of sound by its samples, and by the clock only where sound was lost."""
    due: float | None = None
    while True:
        try:
            clock, samples = heard.get(timeout=BLINK)
        except (Empty, Full):
            continue
        if due is None or clock - due > STALE:
            due = max(0.0, clock, due or 0.0)
        yield Sound(Audio(samples[None], rate), due)
        due += len(samples) / rate


def _sounddevice() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        raise MissingExtraError("the microphone", "live") from error
    except OSError as error:
        raise InputError(
            "no microphone can be opened: the PortAudio library is missing; install it (Debian: libportaudio2)"
        ) from error
    return sounddevice


def _place(form: str, device: str | int) -> str:
    if form == "v4l2" and str(device).isdecimal():
        return f"/dev/video{device}"
    return f"video={device}" if form == "dshow" and not str(device).startswith("video=") else str(device)


def _named(what: str, device: str | int | None) -> str:
    return f"the {what}" if device is None else f"the {what} {device!r}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
