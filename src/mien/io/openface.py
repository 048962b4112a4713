"""Faces as OpenFace 2 lists them: one row per frame and face.

The first five columns are OpenFace's own (``confidence`` and ``success`` say whether the face was found: 1 or 0). What
follows is named plainly: who, the box in pixels, the affect that covers the frame and its stretch. Action units, gaze
and pose are not measured here, so their columns are missing.

References:
    T. Baltrušaitis, A. Zadeh, Y. C. Lim and L.-P. Morency (2018). OpenFace 2.0: facial behavior analysis toolkit.
    FG, 59-66.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mien.io.save import save_text
from mien.types.affect import Affect
from mien.types.analysis import Analysis, Series, Track

__all__ = ["BOX", "FIRST", "NAMED", "to_openface"]

FIRST = ("frame", "face_id", "timestamp", "confidence", "success")
BOX = ("box_left", "box_top", "box_right", "box_bottom")
DIMENSIONS = ("valence", "arousal", "dominance")
NAMED = (
    "person",
    *BOX,
    "span_start",
    "span_end",
    "label",
    "label_confidence",
    *(f"{name}{part}" for name in DIMENSIONS for part in ("", "_std")),
    "model",
)
EDGE = 1e-6
DEFAULT_RATE = 10.0
"""Frames a second where nothing says how often faces were read."""


def to_openface(analysis: Analysis, path: str | Path | None = None) -> str:
    """Return one row per frame and face, and write them to ``path`` if one is given.

    An analysis without faces gives the header only; affects of other modalities are left out, and so are stretches in
    characters. A photograph is frame 1 at 0 s, with an empty ``span_start`` and ``span_end``.

    Raises:
        OutputError: The file cannot be written.

    Example:
        >>> from mien.types import Source
        >>> to_openface(Analysis(Source("a.mp4", "video")))[:36]
        'frame,face_id,timestamp,confidence,s'
    """
    faces = [track for track in analysis.tracks if track.modality == "face"]
    written = io.StringIO()
    writer = csv.DictWriter(written, [*FIRST, *NAMED, *_labels(faces)], lineterminator="\n", restval="")
    writer.writeheader()
    rows = [row for number, track in enumerate(faces) for row in _rows(track, number, _rate(analysis, faces))]
    writer.writerows(sorted(rows, key=lambda row: (row["timestamp"], row["face_id"])))
    if path is not None:
        save_text(path, written.getvalue())
    return written.getvalue()


def _labels(faces: list[Track]) -> list[str]:
    found = (affect.categories for track in faces for affect in track.affects)
    return list(dict.fromkeys(f"{each.taxonomy.name}.{label}" for each in found if each for label in each.as_dict()))


def _rate(analysis: Analysis, faces: list[Track]) -> float:
    boxes = [box.rate for track in faces if (box := track.curve("box")) is not None]
    return max(boxes) if boxes else analysis.rates.get("read", DEFAULT_RATE)


def _rows(track: Track, number: int, rate: float) -> Iterator[dict[str, Any]]:
    """Give a row for each seen box, and one at the start of each affect that no box falls into."""
    affects = [affect for affect in track.affects if affect.span is None or affect.span.unit == "seconds"]
    series = track.curve("box")
    boxes = _boxes(series)
    covering: dict[int, list[Affect | None]] = {}
    nothing: list[Affect | None] = [None]
    for affect in affects:
        seen = [place for place in _covered(affect, series) if place in boxes]
        for place in seen:
            covering.setdefault(place, []).append(affect)
        if not seen:
            start = affect.span.start if affect.span is not None else 0.0
            yield _row(track.person, number, start, rate, None, affect)
    for place, (time, box) in boxes.items():
        for told in covering.get(place, nothing):
            yield _row(track.person, number, time, rate, box, told)


def _boxes(series: Series | None) -> dict[int, tuple[float, tuple[float, ...]]]:
    """Return the time and the sides of each box that was seen, by its place in the series."""
    if series is None or series.values.ndim != 2 or series.values.shape[1] != len(BOX):
        return {}
    return {
        place: (series.start + place / series.rate, tuple(box))
        for place, box in enumerate(series.values.tolist())
        if all(math.isfinite(side) for side in box)
    }


def _covered(affect: Affect, series: Series | None) -> range:
    """Return the places of a series whose times an affect covers."""
    if affect.span is None or series is None:
        return range(0)
    first, last = ((time - series.start) * series.rate - EDGE for time in (affect.span.start, affect.span.end))
    return range(max(0, math.ceil(first)), min(len(series.values), math.ceil(last)))


def _row(
    person: str, number: int, time: float, rate: float, box: tuple[float, ...] | None, affect: Affect | None
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "frame": round(time * rate) + 1,
        "face_id": number,
        "timestamp": round(time, 6),
        "confidence": 1,
        "success": 1,
        "person": person,
    }
    row.update(zip(BOX, box or (), strict=False))
    if affect is not None:
        row.update(_told(affect))
    return row


def _told(affect: Affect) -> Iterator[tuple[str, Any]]:
    if affect.span is not None:
        yield "span_start", affect.span.start
        yield "span_end", affect.span.end
    if affect.categories is not None:
        name = affect.categories.taxonomy.name
        yield from ((f"{name}.{label}", prob) for label, prob in affect.categories.as_dict().items())
    top = affect.categories.top[0] if affect.categories is not None else "; ".join(affect.labels)
    parts = (("label", top), ("label_confidence", affect.confidence), ("model", affect.model))
    yield from ((name, part) for name, part in parts if part is not None)
    for name in DIMENSIONS:
        dimension = getattr(affect, name)
        if dimension is not None:
            yield name, dimension.mean
            yield f"{name}_std", dimension.std
