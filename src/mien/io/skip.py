"""Spare the decoder pictures that nobody will see and no other picture is built on."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from typing import Any

__all__ = ["Sparing", "stretch_number"]

EARLY = 0.002
"""Seconds that a picture may come before its due time: times are rounded to milliseconds in some containers."""
REACH = 20
"""Packets that a picture and the one shown before it may lie apart in a file; codecs allow 16."""


def stretch_number(time: float, rate: float) -> int:
    """Return which stretch of ``1 / rate`` seconds a picture belongs to; the first picture of each is wanted."""
    return math.floor((time + EARLY) * rate + 1e-9)


class Sparing:
    """Tells a decoder, packet by packet, whether it may spare the picture if no other is built on it.

    It may where the picture shown before belongs to the same stretch. Codecs that cannot spare a picture decode it.

    Args:
        stream: The libav stream.
        rate: Wanted pictures a second, in Hz.
        origin: The libav time, in seconds, from which the stretches count.
    """

    def __init__(self, stream: Any, rate: float, origin: float) -> None:
        self._decoder, self._rate, self._origin = stream.codec_context, rate, origin
        self._times: deque[float] = deque(maxlen=2 * REACH)

    def over(self, packets: Iterator[Any]) -> Iterator[Any]:
        """Give the packets in the order of the file, each when the decoder has been told about it."""
        ahead: deque[Any] = deque()
        for packet in packets:
            ahead.append(packet)
            time = self._time(packet)
            if time is not None:
                self._times.append(time)
            if len(ahead) > REACH:
                yield self._told(ahead.popleft())
        while ahead:
            yield self._told(ahead.popleft())

    def _told(self, packet: Any) -> Any:
        self._decoder.skip_frame = "NONREF" if self._may_spare(packet) else "DEFAULT"
        return packet

    def _may_spare(self, packet: Any) -> bool:
        time = self._time(packet)
        if time is None:
            return False
        before = max((other for other in self._times if other < time), default=None)
        return before is not None and stretch_number(before, self._rate) == stretch_number(time, self._rate)

    def _time(self, packet: Any) -> float | None:
        return None if packet.pts is None else float(packet.pts * packet.time_base) - self._origin
