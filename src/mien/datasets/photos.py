"""Photographs with faces marked by a teacher: boxes, regions to ignore, five points.

The corpus is a Parquet table per split (``train``, ``val``, ``test``). Each row holds one stored picture and what a
teacher found in it; a face that only one of the teacher's ways found is a region to ignore, neither miss nor alarm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float32

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.io.image import read_image

__all__ = ["MESH", "POINTS", "Photo", "load", "photos"]

SPLITS = ("train", "val", "test")
COLUMNS = ("id", "source", "image", "width", "height", "negative", "faces", "human_boxes")

POINTS = ("right_eye", "left_eye", "nose", "right_mouth", "left_mouth")
"""The five points, named from the person's own side: the right eye is left in an unmirrored picture."""

MESH = ((33, 133), (362, 263), (1,), (61,), (291,))
"""Mesh points whose mean is each of the five; eye corners, so that a glance aside does not move the eye."""


@dataclass(frozen=True, slots=True)
class Photo:
    """One stored picture and the faces marked in it.

    Attributes:
        id: Name of the picture inside the corpus.
        source: Name of the collection it came from.
        data: Encoded picture (WebP).
        size: Width and height in pixels.
        negative: True where nothing was found that could be a face.
        boxes: ``(faces, 4)`` x0, y0, x1, y1 in pixels of the stored picture; may reach past its edge.
        ignore: ``(faces,)`` true where a face counts neither as a miss nor as a false alarm.
        points: ``(faces, 5, 2)`` in pixels, ``nan`` where the teacher gave no landmarks.
        people: ``(n, 4)`` face boxes drawn by people; empty where there are none.
    """

    id: str
    source: str
    data: bytes
    size: tuple[int, int]
    negative: bool
    boxes: Float32[np.ndarray, "faces 4"]
    ignore: Bool[np.ndarray, " faces"]
    points: Float32[np.ndarray, "faces 5 2"]
    people: Float32[np.ndarray, "n 4"]


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split as samples: the picture, and what was marked in it as ``extra["photo"]``.

    Args:
        split: ``train``, ``val`` or ``test``.
        root: Folder that holds ``photos/``, or that folder itself; ``$MIEN_DATA`` when not given.

    Raises:
        OptionError: There is no such split.
        InputError: The corpus is not there or cannot be read.
        MissingExtraError: pyarrow is not installed.
    """
    return [_sample(photo) for photo in photos(split, root)]


def photos(split: str, root: Path | None = None) -> list[Photo]:
    """Read one split with its pictures still encoded; arguments and errors as for `load`."""
    check_split(split, SPLITS)
    folder = corpus_folder("photos", root)
    return [_photo(row) for row in read_table(folder / f"{split}.parquet", columns=list(COLUMNS))]


def _sample(photo: Photo) -> Sample:
    return Sample(
        id=photo.id,
        signal=read_image(photo.data),
        group={"source": photo.source},
        extra={"photo": photo},
    )


def _photo(row: Mapping[str, Any]) -> Photo:
    faces = row["faces"] or []
    return Photo(
        id=row["id"],
        source=row["source"],
        data=row["image"],
        size=(row["width"], row["height"]),
        negative=bool(row["negative"]),
        boxes=_boxes([face["box"] for face in faces]),
        ignore=np.array([bool(face["ignore"] or not face["agreed"]) for face in faces], dtype=bool),
        points=np.stack([_points(face["landmarks"]) for face in faces]) if faces else np.zeros((0, 5, 2), np.float32),
        people=_boxes(row["human_boxes"] or []),
    )


def _boxes(rows: list[list[float]]) -> Float32[np.ndarray, "n 4"]:
    return np.array(rows, dtype=np.float32).reshape(-1, 4)


def _points(landmarks: list[float] | None) -> Float32[np.ndarray, "5 2"]:
    if landmarks is None:
        return np.full((5, 2), np.nan, np.float32)
    mesh = np.asarray(landmarks, dtype=np.float32).reshape(-1, 3)[:, :2]
    return np.stack([mesh[list(corners)].mean(axis=0) for corners in MESH])
