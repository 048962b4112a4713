"""Transcripts with times: SubRip (``.srt``) and WebVTT (``.vtt``).

References:
    WebVTT: The Web Video Text Tracks Format. W3C Candidate Recommendation, 4 April 2019.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mien.errors import InputError
from mien.io.paths import read_bytes
from mien.io.text import decode_text
from mien.types.signals import Utterance
from mien.types.span import Span

__all__ = ["parse_transcript", "read_transcript"]

ARROW = "-->"
CLOCK = re.compile(r"(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?")
MARKUP = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]*)>")
WORD = r"(?:[A-Z\u00c0-\u00de][\w.'-]{0,30}|\d{1,4})"
NAMED = re.compile(rf"(?:[-\u2013\u2014]\s*)?(?:\[([^\]:]{{1,40}})\]|({WORD}(?: {WORD}){{0,2}})):\s+(?=\S)")
DASH = re.compile(r"[-\u2013\u2014]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Cue:
    span: Span
    lines: tuple[str, ...]


def read_transcript(path: str | Path) -> list[Utterance]:
    """Return the subtitles of a transcript in order of time, without tags, speakers told by ``<v Name>`` or ``Name:``.

    Raises:
        InputError: The file is no text, holds text without times, or a time in it cannot be read.
    """
    return parse_transcript(decode_text(read_bytes(path), str(path)), str(path))


def parse_transcript(content: str, name: str) -> list[Utterance]:
    r"""Return the subtitles of a transcript that is already text; ``name`` is what errors call it.

    Raises:
        InputError: There is text but no time, or a time cannot be read.

    Example:
        >>> parse_transcript("1\n00:00:01,000 --> 00:00:02,500\nAda: Hi!\n", "a.srt")
        [Utterance(text='Hi!', span=Span(start=1.0, end=2.5, unit='seconds'), speaker='Ada')]
    """
    cues = list(_cues(content, name))
    if not cues and not content.startswith("WEBVTT") and content.strip():
        raise InputError(f"{name} holds no subtitle; each needs a line like 00:00:01,000 --> 00:00:02,500")
    names = _names(cues)
    utterances = [utterance for cue in cues for utterance in _spoken(cue, names)]
    return sorted(utterances, key=lambda utterance: utterance.span.start)


def _cues(content: str, name: str) -> Iterator[_Cue]:
    lines = re.split(r"\r\n|\r|\n", content)
    place = 0
    while place < len(lines):
        if lines[place].startswith(("NOTE", "STYLE", "REGION")) and content.startswith("WEBVTT"):
            place = _blank_after(lines, place)
        elif ARROW in lines[place]:
            end = _blank_after(lines, place)
            yield _Cue(_span(lines[place], f"{name}, line {place + 1}"), tuple(lines[place + 1 : end]))
            place = end
        else:
            place += 1


def _blank_after(lines: list[str], place: int) -> int:
    """The next blank line, or the next timing where the blank line is missing."""
    for after in range(place + 1, len(lines)):
        if not lines[after].strip():
            return after
        if ARROW in lines[after]:
            return after - 1 if lines[after - 1].strip().isdigit() and after - 1 > place else after
    return len(lines)


def _span(line: str, where: str) -> Span:
    before, _, after = line.partition(ARROW)
    start, end = (_seconds(part.split()[:1], where) for part in (before, after))
    if end < start:
        raise InputError(f"{where}: the subtitle ends at {end:g} s, before it starts at {start:g} s")
    return Span(start, end)


def _seconds(written: list[str], where: str) -> float:
    match = CLOCK.fullmatch(written[0]) if written else None
    if match is None:
        given = written[0][:40] if written else ""
        raise InputError(f"{where}: the time {given!r} cannot be read; allowed: HH:MM:SS,mmm or MM:SS.mmm")
    hours, minutes, seconds, fraction = match.groups()
    whole = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
    return float(f"{whole}.{fraction or 0}")


def _names(cues: list[_Cue]) -> frozenset[str]:
    """The words before a colon that are names: they come twice, or such words open half of the subtitles."""
    found = Counter(name for cue in cues for line in cue.lines if (name := _named(line)[0]))
    if 2 * found.total() >= len(cues):
        return frozenset(found)
    return frozenset(name for name, count in found.items() if count > 1)


def _named(line: str) -> tuple[str | None, str]:
    plain = MARKUP.sub("", line).strip()
    match = NAMED.match(plain)
    return (match.group(1) or match.group(2), plain[match.end() :]) if match else (None, plain)


def _spoken(cue: _Cue, names: frozenset[str]) -> Iterator[Utterance]:
    speaker: str | None = None
    words: list[str] = []
    for line in cue.lines:
        for voice, part in _voices(line):
            named, rest = _named(part)
            given = voice or (named if named in names else None)
            dashed = DASH.match(part.strip())
            if (given is not None or dashed) and words:
                yield from _utterance(words, cue, speaker)
                words, speaker = [], None
            speaker = given or speaker
            words.append(rest if named in names else MARKUP.sub("", part).strip()[dashed.end() if dashed else 0 :])
    yield from _utterance(words, cue, speaker)


def _voices(line: str) -> Iterator[tuple[str | None, str]]:
    """A line cut where a WebVTT voice begins."""
    before, *rest = VOICE.split(line)
    if before.strip() or not rest:
        yield None, before
    for voice, part in zip(rest[::2], rest[1::2], strict=True):
        yield html.unescape(voice).strip() or None, part


def _utterance(words: list[str], cue: _Cue, speaker: str | None) -> Iterator[Utterance]:
    text = html.unescape(" ".join(word for word in words if word)).strip()
    if text:
        yield Utterance(text, cue.span, speaker)
