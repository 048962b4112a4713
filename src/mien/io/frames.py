"""The pictures of a video as a stream, decoded on the way; only those that are wanted become RGB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mien.errors import InputError, OptionError
from mien.io.container import (
    Clock,
    Damage,
    Stretch,
    Warn,
    best_stream,
    frames_of,
    opened,
    packets,
    report,
    stretch_of,
    warn_user,
)
from mien.io.geometry import Geometry
from mien.io.skip import Sparing, stretch_number
from mien.types.signals import Frame, Image, Video

__all__ = ["frames"]


def frames(video: Video, rate: float = 10.0, *, max_side: int | None = 1280, warn: Warn = warn_user) -> Iterator[Frame]:
    """Decode a video and give at most ``rate`` pictures a second, upright, with square pixels.

    Due times are multiples of ``1 / rate``; the first picture shown at or after each is given, once, with its own
    presentation time. A video with fewer pictures gives each of them.

    Args:
        video: The handle.
        rate: Pictures a second, in Hz.
        max_side: Longest side in pixels; larger pictures are scaled down. ``None`` keeps every size.
        warn: Called with a sentence where the file is damaged.

    Yields:
        Pictures in order of time.

    Raises:
        InputError: Nothing decodes.
        OptionError: The rate or the side is not allowed.
    """
    if not 0 < rate <= 1000:
        raise OptionError(f"{rate} pictures a second were asked for; allowed: more than 0, at most 1000")
    if max_side is not None and max_side < 1:
        raise OptionError(f"a longest side of {max_side} pixels was asked for; allowed: 1 or more, or None")
    return _frames(video, rate, max_side, warn)


def _frames(video: Video, rate: float, max_side: int | None, warn: Warn) -> Iterator[Frame]:
    path = video.path
    with opened(path) as container:
        stream = best_stream(container, "video")
        stretch = stretch_of(container, path.stat().st_size, video.duration)
        clock, damage, last, given = Clock(stretch), Damage(), None, 0
        geometries: dict[tuple[int, int, int], Geometry] = {}
        for frame in _decoded(container, stream, rate, stretch, damage):
            time = clock.read(frame.time)
            time = clock.last if time is None else time
            number = stretch_number(time, rate)
            if number == last:
                continue
            shape = (frame.width, frame.height, frame.rotation)
            if shape not in geometries:
                # Once per shape: a frame asked for its side data lives on until the garbage collector runs.
                geometries[shape] = Geometry.of(frame, stream)
            image = _image(frame, geometries[shape].fitted(max_side), geometries[shape], damage)
            if image is not None:
                last, given = number, given + 1
                yield Frame(image, time)
        if not given:
            raise InputError(f"{path} holds no picture that decodes; it may be truncated or damaged")
        shown_for = 1 / video.frame_rate if video.frame_rate else 0.0
        report(path, "pictures", damage, clock.last + shown_for, stretch, warn)


def _decoded(container: Any, stream: Any, rate: float, stretch: Stretch, damage: Damage) -> Iterator[Any]:
    if stream is None:
        return
    for packet in Sparing(stream, rate, stretch.origin).over(packets(container, [stream], damage)):
        yield from frames_of(packet, damage)


def _image(frame: Any, size: tuple[int, int], geometry: Geometry, damage: Damage) -> Image | None:
    import av

    try:
        pixels = frame.reformat(*size, "rgb24", interpolation="BILINEAR", threads=1).to_ndarray()
    except (av.FFmpegError, ValueError, MemoryError):
        damage.lost += 1
        return None
    return Image(geometry.upright(pixels))
