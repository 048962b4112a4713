"""The shipped folder of the face finder: graph, golden answers and card, written from what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from mien.learn.card import file_row, table
from mien.learn.finder.evaluate import Figure
from mien.runtime import Model, open_asset

LICENCE = "Apache-2.0"

SUMMARY = "Finds faces in a picture: box, score and five points (eyes, nose tip, mouth corners)."

LIMITS = (
    "Its teacher and its test faces come from the same detectors, which leave very hard faces (strong profile, heavy "
    "blur, under 16 px) out; recall in life is lower than the figures here.",
    "Adults of conference and news pictures are over-represented; children, old people and full profiles are rare.",
    "Age, skin colour and sex are not annotated in its pictures, so differences between such groups are not measured.",
    "The points of the lower face are guesses where a mask covers it.",
)

NOT_FOR = (
    "identifying people",
    "watching people without their knowledge and consent",
    "deciding about a person",
)

CORPUS = {
    "corpus": "photos (public repositories' pictures, faces marked by MediaPipe and YuNet)",
    "licence": "various, many unstated",
    "tier": "C",
    "commercial": False,
    "note": "pictures are not shipped; the marks come from models under Apache-2.0",
}


def drawn_head() -> np.ndarray:
    """Draw a plain head before a striped wall, ``(1, 160, 192, 3)``: input of the golden file, no photograph."""
    picture = Image.new("RGB", (192, 160), (90, 120, 150))
    pen = ImageDraw.Draw(picture)
    for left in range(0, 192, 24):
        pen.rectangle((left, 0, left + 11, 160), fill=(110, 140, 165))
    pen.ellipse((48, 10, 144, 130), fill=(60, 40, 30))
    pen.ellipse((58, 28, 134, 138), fill=(224, 180, 150))
    for middle in (80, 112):
        pen.ellipse((middle - 10, 68, middle + 10, 80), fill=(250, 250, 250))
        pen.ellipse((middle - 5, 69, middle + 5, 79), fill=(50, 30, 20))
        pen.line((middle - 12, 60, middle + 12, 59), fill=(60, 40, 30), width=4)
    pen.polygon(((96, 74), (88, 100), (104, 100)), fill=(205, 155, 125))
    pen.ellipse((78, 110, 114, 124), fill=(170, 70, 70))
    return np.asarray(picture)[None].copy()


def write_golden(folder: Path) -> None:
    """Write ``golden.npz``: the drawn head and the grids that the shipped graph answers with."""
    pixels = drawn_head()
    grids = Model(open_asset(folder), threads=1).run("finder", {"pixels": pixels})
    fine, middle, coarse = grids
    np.savez_compressed(
        folder / "golden.npz", input_pixels=pixels, output_grid8=fine, output_grid16=middle, output_grid32=coarse
    )


def write_card(
    folder: Path,
    *,
    version: str,
    options: Mapping[str, Any],
    scores: Sequence[Figure] = (),
    groups: Sequence[Figure] = (),
) -> None:
    """Write ``card.toml`` for the graph that lies in the folder."""
    graph = folder / "finder.onnx"
    head = {
        "name": "face-finder",
        "version": version,
        "modality": "face",
        "line": "research",
        "licence": LICENCE,
        "summary": SUMMARY,
        "recipe": "recipes/face-finder",
        "not_for": list(NOT_FOR),
        "limits": list(LIMITS),
    }
    file = file_row(graph, licence=LICENCE, line="research")
    parts = [
        table(head),
        "[options]\n" + table(options),
        "[[files]]\n" + table(file),
        "[[trained_on]]\n" + table(CORPUS),
        *("[[scores]]\n" + table(_score(figure)) for figure in scores),
        *("[[groups]]\n" + table(_group(figure)) for figure in groups),
    ]
    (folder / "card.toml").write_text("\n".join(parts), encoding="utf-8")


def _score(figure: Figure) -> dict[str, Any]:
    metric, _, note = figure.name.partition(" ")
    row = {"task": "face/finder", "metric": metric, **_rounded(figure), "n": figure.n, "seeds": [0], "in_corpus": True}
    return {**row, "note": note} if note else row


def _group(figure: Figure) -> dict[str, Any]:
    value = round(figure.value, 4)
    return {"name": figure.name, "metric": "recall", "value": value, "n": figure.n, "task": "face/finder"}


def _rounded(figure: Figure) -> dict[str, float]:
    return {name: round(float(getattr(figure, name)), 4) for name in ("value", "low", "high")}
