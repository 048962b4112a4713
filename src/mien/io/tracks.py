"""Tracks that other tools made: what kind of file it is, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mien.errors import InputError
from mien.io.foreign import Warn, read_all, warn_left_out
from mien.types.analysis import Track

__all__ = ["READABLE", "read_tracks"]

READABLE = (
    "EmotionML, ELAN (.eaf), Praat (.TextGrid), OpenFace (.csv), analyses of mien (.json) and folders of audformat"
)
Reader = Callable[[bytes, str, Warn], list[Track]]
HEAD = 4096


def read_tracks(path: str | Path, *, warn: Warn = warn_left_out) -> list[Track]:
    """Return the tracks that a file of another tool holds, told by its content.

    They fuse like our own: ``mien.analyze(clip, tracks=read_tracks(path))``. A track joins the person of the same name.

    Args:
        path: An EmotionML document, an ELAN document, a TextGrid, an OpenFace table, an analysis of mien, or the folder
            of an audformat database.
        warn: Called with a sentence for what has no place in a track.

    Raises:
        InputError: The file cannot be read, is of no such kind, or breaks a rule of its format.
        MissingExtraError: An audformat database is given, and audformat is not installed.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "ann.TextGrid"
        >>> tier = '"IntervalTier" "face@ann" 0 2 2 0 1.5 "happy" 1.5 2 ""'
        >>> _ = path.write_text(f'"ooTextFile" "TextGrid" 0 2 <exists> 1 {tier}')
        >>> [(track.person, track.modality, track.affects[0].span.end) for track in read_tracks(path)]
        [('ann', 'face', 1.5)]
    """
    if Path(path).is_dir():
        from mien.io.audformat_read import read_audformat

        return read_audformat(path, warn=warn)
    raw = read_all(path)
    return _reader(raw, str(path))(raw, str(path), warn)


def _reader(raw: bytes, name: str) -> Reader:
    head = (
        raw[:HEAD]
        .decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
        .lstrip("\ufeff \t\r\n")
    )
    if head.startswith("<"):
        return _xml
    if "ooTextFile" in head[:200] or head.startswith("ooBinaryFile"):
        return _textgrid
    if head.startswith("{"):
        return _analysis
    first = head.split("\n", 1)[0]
    if "frame" in first and "timestamp" in first:
        return _openface
    raise InputError(f"{name} holds no tracks that mien reads; allowed: {READABLE}")


def _xml(raw: bytes, name: str, warn: Warn) -> list[Track]:
    from mien.io.eaf import read_eaf
    from mien.io.emotionml import read_emotionml
    from mien.io.xmltree import root_tag

    root = root_tag(raw, name)
    if root.endswith("emotionml"):
        return read_emotionml(raw, name, warn=warn)
    if root == "ANNOTATION_DOCUMENT":
        return read_eaf(raw, name, warn=warn)
    raise InputError(f"{name} is XML with the root {root[:60]!r}, which holds no tracks; allowed: {READABLE}")


def _textgrid(raw: bytes, name: str, warn: Warn) -> list[Track]:
    from mien.io.textgrid import read_textgrid

    return read_textgrid(raw, name, warn=warn)


def _openface(raw: bytes, name: str, warn: Warn) -> list[Track]:
    from mien.io.openface_read import read_openface

    return read_openface(raw, name, warn=warn)


def _analysis(raw: bytes, name: str, _: Warn) -> list[Track]:
    from mien.io.json import from_json
    from mien.io.text import decode_text

    analysis = from_json(decode_text(raw, name), name)
    return [*analysis.tracks, *analysis.fused]
