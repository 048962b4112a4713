"""Cut a text into sentences, each known by where it lies, in one pass and without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["LONGEST", "split_passages", "split_sentences"]

LONGEST = 300
"""Characters of the longest piece; a longer sentence is cut at a pause or a space."""

WRAPPED = 40
"""Characters from which a line counts as wrapped, so that its end need not end a sentence."""

LOOK_BACK = 12

# A stop with its closing quotes, a full stop of Chinese or Japanese (no space follows it), or the end of a line.
_BOUNDARY = re.compile(
    r"(?P<stop>[.!?\u2026\u203c\u203d\u2047-\u2049]+)(?P<closers>[\"'\u2019\u201d\u00bb)\]}*_]*)(?=\s|$)"
    r"|(?P<wide>[\u3002\uff01\uff1f\uff61]+[\u300d\u300f\u201d\u2019\uff09\u3011]*)"
    r"|(?P<line>[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+)"
)
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_PAUSE = re.compile(r"[,;:\u2014\u3001\uff0c\uff1b](?:\s|$)|[\u3001\uff0c\uff1b]")

# After these a name or a number follows, whatever its case.
_TITLE = re.compile(r"mr|mrs|ms|mx|dr|prof|st|sr|jr|rev|hon|gen|col|capt|sgt|lt|gov|sen|rep|pres|vs")
_COUNTED = re.compile(r"no|nr|fig|vol|ch|pp")
# These may end a sentence, so the case of what follows decides.
_SHORT = re.compile(r"etc|inc|ltd|co|corp|approx|dept|est|min|max|al|ca|cf|eg|ie|e\.g|i\.e|a\.m|p\.m|u\.s|u\.k")


def split_sentences(text: str, *, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a text as half-open character ranges, without the white space around them.

    Args:
        text: Any text; its length does not matter for memory.
        longest: Characters that a range may have at most; a longer sentence is cut at a pause, a space or anywhere.

    Yields:
        ``(start, end)`` with ``start < end``, in order, none overlapping. White space between them belongs to none.

    Example:
        >>> text = "Mr. Hall left. Why?"
        >>> [text[start:end] for start, end in split_sentences(text)]
        ['Mr. Hall left.', 'Why?']
    """
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if _ends(text, start, boundary):
            yield from _pieces(text, start, boundary.end(), longest)
            start = boundary.end()
    yield from _pieces(text, start, len(text), longest)


def split_passages(text: str, *, longest: int = LONGEST) -> Iterator[tuple[int, int]]:
    """Yield neighbouring sentences together as long as they fit, as half-open character ranges.

    Args:
        text: Any text; its length does not matter for memory.
        longest: Characters that a range may have at most.

    Example:
        >>> list(split_passages("One. Two. Three.", longest=9))
        [(0, 9), (10, 16)]
    """
    first = last = 0
    for start, end in split_sentences(text, longest=longest):
        if last == 0:
            first = start
        elif end - first > longest:
            yield first, last
            first = start
        last = end
    if last:
        yield first, last


def _ends(text: str, start: int, boundary: re.Match[str]) -> bool:
    if boundary["wide"]:
        return True
    if boundary["line"]:
        return _line_ends(text, start, boundary)
    following = _next_letter(text, boundary.end())
    plain = boundary["stop"] == "." and not boundary["closers"] and following != ""
    if plain and (_is_abbreviation(text, boundary.start(), following) or _is_number(text, start, boundary.start())):
        return False
    if not following.islower():
        return True
    # "Why?" she asked. Well... maybe. But: what?! no way
    return not boundary["closers"] and boundary["stop"][-1] in "!?"


def _line_ends(text: str, start: int, boundary: re.Match[str]) -> bool:
    if len(boundary["line"].replace("\r\n", "\n")) > 1:
        return True
    line_start = max(text.rfind("\n", start, boundary.start()), start)
    wrapped = boundary.start() - line_start >= WRAPPED
    return not (wrapped and _next_letter(text, boundary.end()).islower())


def _next_letter(text: str, place: int) -> str:
    following = text[place : place + LOOK_BACK].lstrip().lstrip("\"'\u2018\u201c\u00ab([")
    return following[:1]


def _is_abbreviation(text: str, stop: int, following: str) -> bool:
    word = _WORD_BEFORE.search(text[max(0, stop - LOOK_BACK) : stop])
    if word is None:
        return False
    name = word[0].casefold()
    initial = len(name) == 1 and name != "i" and following.isupper()
    if initial or _TITLE.fullmatch(name):
        return True
    if _COUNTED.fullmatch(name):
        return following.isdigit()
    return _SHORT.fullmatch(name) is not None and not following.isupper()


def _is_number(text: str, start: int, stop: int) -> bool:
    return stop - start <= LOOK_BACK and text[start:stop].strip().isdigit()


def _pieces(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    start, end = _trim(text, start, end)
    while end - start > longest:
        cut = _cut(text, start, start + longest)
        first, last = _trim(text, start, cut)
        if first < last:
            yield first, last
        start, end = _trim(text, cut, end)
    if start < end:
        yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, start: int, end: int) -> int:
    """Return where to cut: behind the last pause of the second half, else behind its last space, else at its end."""
    half = (start + end) // 2
    pauses = [pause.end() for pause in _PAUSE.finditer(text, half, end)]
    if pauses:
        return pauses[-1]
    space = max(text.rfind(" ", half, end), text.rfind("\n", half, end), text.rfind("\t", half, end))
    return space + 1 if space > 0 else end
