"""When an emotion of an EmotionML document is: on the clock, relative to something, or as part of a medium."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from mien.errors import InputError
from mien.io.emotionml.write import EMOTIONML
from mien.io.foreign import LATEST
from mien.io.xmltree import Node
from mien.types.span import Span

__all__ = ["Times"]

CLOCK = r"(?:(?:\d{1,4}:)?\d{1,2}:)?\d{1,9}(?:\.\d{1,9})?"
FRAGMENT = re.compile(rf"#(?:.*&)?t=(?:npt:)?({CLOCK})?(?:,({CLOCK}))?(?:&.*)?")
CHARACTERS = re.compile(r"#char=(\d{1,12}),(\d{1,12})(?:;.*)?")


class Times:
    """Spans in seconds from the beginning of the medium, or in characters.

    Times on the clock (milliseconds since 1970) count from the earliest of the document; small ones, which cannot be
    meant so, are times of the medium. A time relative to another emotion follows it in the document.

    Args:
        emotions: All of the document, checked.
        name: What errors call the document.
        lost: Where sentences about what is left out are counted.
    """

    def __init__(self, emotions: Sequence[Node], name: str, lost: Counter[str]) -> None:
        self._name = name
        self._lost = lost
        self._known: dict[str, Span] = {}
        clock = [bound for node in emotions if (bound := _whole(node, "start")) is not None]
        self._origin = min(clock) if clock and min(clock) > LATEST * 1000 else 0
        if self._origin:
            lost["its times are those of a clock; they count from the earliest"] += 1

    def of(self, emotion: Node) -> tuple[bool, Span | None]:
        """Return whether an emotion has a place here, and its span; ``None`` where it has no time.

        Raises:
            InputError: A time lies too far off.
        """
        known, span = self._relative(emotion)
        if span is None and known:
            span = self._absolute(emotion) or _referred(emotion)
        if span is not None and not (-LATEST <= span.start <= span.end <= LATEST):
            raise InputError(
                f"{self._name}, line {emotion.line}: a time of {span.end:g} s; allowed: up to {LATEST:g} s"
            )
        identity = emotion.attributes.get("id", "").strip()
        if identity and span is not None:
            self._known[f"#{identity}"] = span
        return known, span

    def _relative(self, emotion: Node) -> tuple[bool, Span | None]:
        given = emotion.attributes
        anchor = given.get("time-ref-uri")
        if anchor is None and "offset-to-start" not in given:
            return True, None
        ends = given.get("time-ref-anchor-point", "start").strip() == "end"
        other = self._known.get((anchor or "").strip())
        if other is None and (ends or (anchor or "").startswith("#")):
            self._lost["an emotion is timed by something of unknown time and is left out"] += 1
            return False, None
        from_here = 0.0 if other is None else (other.end if ends else other.start)
        start = from_here + (_whole(emotion, "offset-to-start") or 0) / 1000
        return True, Span(start, start + (_whole(emotion, "duration") or 0) / 1000)

    def _absolute(self, emotion: Node) -> Span | None:
        start, end, duration = (_whole(emotion, bound) for bound in ("start", "end", "duration"))
        if start is None and end is None:
            return None
        first = start if start is not None else max(0, (end or 0) - (duration or 0))
        last = end if end is not None else first + (duration or 0)
        return Span((first - self._origin) / 1000, max(first, last) / 1000 - self._origin / 1000)


def _whole(emotion: Node, attribute: str) -> int | None:
    written = emotion.attributes.get(attribute)
    return None if written is None else int(written)


def _referred(emotion: Node) -> Span | None:
    """Return the part of a medium that an emotion is expressed by."""
    for node in emotion.all(f"{{{EMOTIONML}}}reference"):
        if node.attributes.get("role", "expressedBy") != "expressedBy":
            continue
        address = node.attributes["uri"].strip()
        characters = CHARACTERS.search(address)
        if characters is not None and int(characters[1]) <= int(characters[2]):
            return Span(int(characters[1]), int(characters[2]), "characters")
        times = FRAGMENT.search(address)
        if times is not None and (times[1] or times[2]):
            start = _seconds(times[1] or "0")
            return Span(start, max(start, _seconds(times[2])) if times[2] else start)
    return None


def _seconds(written: str) -> float:
    total = 0.0
    for part in written.split(":"):
        total = 60 * total + float(part)
    return total
