"""The columns of a chat log: the names that go for speaker, time, end and text, and how a time is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

__all__ = ["ROLES", "Times", "roles_of"]

ROLES: dict[str, tuple[str, ...]] = {
    "text": ("text", "message", "content", "utterance", "body", "msg", "sentence", "words", "transcript"),
    "speaker": ("speaker", "name", "author", "sender", "user", "username", "from", "who", "person", "role"),
    "time": ("time", "timestamp", "start", "start_time", "date", "datetime", "sent_at", "created_at", "at", "ts"),
    "end": ("end", "end_time", "stop"),
}
CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d{1,2}(?:[.,]\d+)?)")
EPOCH_SECONDS = 1e8
EPOCH_MILLISECONDS = 1e11
FARTHEST = 1e10
LONGEST_TIME = 64


def roles_of(names: Iterable[object]) -> dict[str, str]:
    """Return role to column name; the first synonym in the order of `ROLES` wins.

    Example:
        >>> roles_of(["Sent_At", "Sender", "Message"])
        {'text': 'Message', 'speaker': 'Sender', 'time': 'Sent_At'}
    """
    given = {str(name).strip().lower().replace(" ", "_"): str(name) for name in names}
    found = {role: next((given[word] for word in words if word in given), None) for role, words in ROLES.items()}
    return {role: name for role, name in found.items() if name is not None}


class Times:
    """Reads the times of one log; dates and Unix times count from the first one, other times from zero."""

    def __init__(self) -> None:
        self._origin: float | None = None
        self._aware: bool | None = None

    def seconds(self, given: object) -> float:
        """Return a time in seconds.

        Args:
            given: A number of seconds, ``MM:SS``, ``HH:MM:SS``, an ISO 8601 date, or Unix seconds or milliseconds.

        Raises:
            ValueError: It is none of these.
        """
        if isinstance(given, bool) or not isinstance(given, (int, float, str)):
            raise ValueError("not a time")
        written = str(given).strip()
        if len(written) > LONGEST_TIME:
            raise ValueError("too long")
        seconds = self._parsed(written)
        if not abs(seconds) <= FARTHEST:
            raise ValueError("too far away")
        return seconds

    def _parsed(self, written: str) -> float:
        clock = CLOCK.fullmatch(written)
        if clock:
            hours, minutes, seconds = clock.groups()
            return 3600 * float(hours or 0) + 60 * float(minutes) + float(seconds.replace(",", "."))
        try:
            return self._number(float(written))
        except ValueError:
            return self._date(written)

    def _number(self, number: float) -> float:
        if abs(number) < EPOCH_SECONDS:
            return number
        return self._since_first(number / 1000 if abs(number) >= EPOCH_MILLISECONDS else number)

    def _date(self, written: str) -> float:
        moment = datetime.fromisoformat(written.replace("/", "-"))
        aware = moment.tzinfo is not None
        if self._aware not in (None, aware):
            raise ValueError("dates with and without a time zone are mixed")
        self._aware = aware
        return self._since_first((moment if aware else moment.replace(tzinfo=UTC)).timestamp())

    def _since_first(self, seconds: float) -> float:
        if self._origin is None:
            self._origin = seconds
        return seconds - self._origin
