"""Chat logs: ``.csv`` (comma, semicolon, tab or bar) and ``.jsonl`` with text and, where known, speaker and time."""

from __future__ import annotations

import csv
import io
import json
import math
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mien.errors import InputError
from mien.io.columns import ROLES, Times, roles_of
from mien.io.paths import read_bytes
from mien.io.text import decode_text
from mien.types.signals import Utterance
from mien.types.span import Span

__all__ = ["is_chat_header", "is_chat_record", "parse_chat", "read_chat"]

DELIMITERS = ",;\t|"
SPOKEN_RATE = 15.0
"""Characters a second: a written turn has no end, so it lasts as long as it takes to say it."""
SHORTEST_TURN = 1.0
_field_limit = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    text: str
    speaker: str | None
    time: float | None
    end: float | None


def read_chat(path: str | Path) -> list[Utterance]:
    """Return the turns of a chat log.

    Turns with times come in order of time, in seconds, and last until the next one or as long as it takes to say them,
    whichever is shorter. A log without times keeps its order; its spans are in characters of all turns joined by line
    breaks. Turns of white space only are left out.

    Raises:
        InputError: The file is no text, has no text column, or a line of it cannot be read.
    """
    return parse_chat(decode_text(read_bytes(path), str(path)), str(path))


def parse_chat(content: str, name: str) -> list[Utterance]:
    r"""Return the turns of a chat log that is already text; ``name`` is what errors call it.

    Raises:
        InputError: There is no text column, or a line cannot be read.

    Example:
        >>> parse_chat("speaker,text\nAda,Hi!\n", "chat.csv")[0].speaker
        'Ada'
    """
    records = _json_records if content.lstrip().startswith("{") else _csv_records
    times = Times()
    rows = [_row(line, record, times, name) for line, record in records(content, name)]
    rows = [row for row in rows if row.text.strip()]
    return _timed(rows) if any(row.time is not None for row in rows) else _untimed(rows)


def is_chat_record(record: object) -> bool:
    """Whether a JSON value looks like one turn: an object with a text and a speaker or a time."""
    return isinstance(record, dict) and "text" in roles_of(record) and len(roles_of(record)) > 1


def is_chat_header(line: str) -> bool:
    """Whether a line is a header of which every column is known, text among them."""
    names = line.strip().split(_delimiter(line))
    return "text" in roles_of(names) and 1 < len(names) == len(roles_of(names))


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _csv_records(content: str, name: str) -> list[tuple[int, dict[str, object]]]:
    lines = content.lstrip("\r\n")
    skipped = content[: len(content) - len(lines)].count("\n")
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=_delimiter(lines.split("\n", 1)[0]))
    with _long_cells():
        try:
            header = next(reader, [])
            _need_text(header, f"{name} has the columns")
            rows = [(skipped + reader.line_num, cells) for cells in reader if any(cells)]
        except csv.Error as error:
            raise InputError(f"{name}, line {skipped + reader.line_num}, is not CSV: {error}") from error
    return [(line, _cells(header, cells, reader.dialect.delimiter, f"{name}, line {line}")) for line, cells in rows]


def _cells(header: list[str], cells: list[str], delimiter: str, where: str) -> dict[str, object]:
    """Lay cells under their columns; a text at the end of a line may hold the delimiter without quotes."""
    surplus = len(cells) - len(header)
    if surplus > 0 and header[-1] == roles_of(header)["text"]:
        cells = [*cells[: len(header) - 1], delimiter.join(cells[len(header) - 1 :])]
    elif surplus > 0 and any(cells[len(header) :]):
        raise InputError(f"{where}, has {len(cells)} cells under {len(header)} columns; quote a text that holds commas")
    return dict(zip(header, cells, strict=False))


def _json_records(content: str, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{name}, line {number}, is not JSON; each line must be one object") from error
        if not isinstance(record, dict):
            raise InputError(f"{name}, line {number}, is a JSON {type(record).__name__}; each line must be one object")
        _need_text(record, f"{name}, line {number}, has the fields")
        yield number, record


def _need_text(names: Mapping[str, object] | list[str], found: str) -> None:
    if "text" not in roles_of(names):
        listed = ", ".join(repr(str(name)[:40]) for name in list(names)[:12]) or "none"
        raise InputError(f"{found} {listed}; it needs one named text (or {', '.join(ROLES['text'][1:])})")


def _row(line: int, record: dict[str, object], times: Times, name: str) -> _Row:
    roles = roles_of(record)
    cells = {role: record.get(column) for role, column in roles.items()}
    text = cells.get("text")
    if text is not None and not isinstance(text, str):
        raise InputError(f"{name}, line {line}: the text is a {type(text).__name__}; it must be a string")
    speaker = str(cells.get("speaker") or "").strip() or None
    time, end = (_time(cells.get(role), times, f"{name}, line {line}") for role in ("time", "end"))
    if time is not None and end is not None and end < time:
        raise InputError(f"{name}, line {line}: the turn ends at {end:g} s, before it starts at {time:g} s")
    return _Row(line, text or "", speaker, time, end)


def _time(given: object, times: Times, where: str) -> float | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    try:
        return times.seconds(given)
    except (ValueError, OverflowError) as error:
        raise InputError(
            f"{where}: the time {str(given)[:40]!r} cannot be read; allowed: seconds, MM:SS, HH:MM:SS, ISO 8601 dates"
        ) from error


def _untimed(rows: list[_Row]) -> list[Utterance]:
    utterances, offset = [], 0
    for row in rows:
        utterances.append(Utterance(row.text, Span(offset, offset + len(row.text), "characters"), row.speaker))
        offset += len(row.text) + 1
    return utterances


def _timed(rows: list[_Row]) -> list[Utterance]:
    starts: list[float] = []
    for row in rows:
        # Many logs write the time only where it changes.
        starts.append(row.time if row.time is not None else (starts[-1] if starts else 0.0))
    order = sorted(range(len(rows)), key=starts.__getitem__)
    following = [*(starts[place] for place in order[1:]), math.inf]
    return [
        Utterance(rows[place].text, _span(rows[place], starts[place], after), rows[place].speaker)
        for place, after in zip(order, following, strict=True)
    ]


def _span(row: _Row, start: float, after: float) -> Span:
    if row.end is not None and row.time is not None:
        return Span(start, row.end)
    spoken = start + max(SHORTEST_TURN, len(row.text) / SPOKEN_RATE)
    return Span(start, min(spoken, after) if after > start else spoken)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let one cell hold a whole file, without a lasting change to the csv module."""
    with _field_limit:
        before = csv.field_size_limit(2**31 - 1)
        try:
            yield
        finally:
            csv.field_size_limit(before)
