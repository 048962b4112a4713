"""FER2013 and FER+: 35,887 grey faces of 48 x 48 pixels with one label each, and with the votes of ten people.

Reads a Parquet table per split, or the published layout: ``fer2013.csv`` (emotion, pixels, Usage) beside
``fer2013new.csv`` (the votes, in the same order).

References:
    I. J. Goodfellow et al. (2013). Challenges in representation learning: a report on three machine learning contests.
    ICONIP, 117-124.
    E. Barsoum, C. Zhang, C. Canton Ferrer and Z. Zhang (2016). Training deep networks for facial expression recognition
    with crowd-sourced label distribution. ICMI, 279-283. Votes: MIT. The pictures were gathered from the web without
    the consent of those shown, and have no clear licence.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.errors import InputError
from mien.io.image import read_image
from mien.types import Affect, Distribution, Frame, Image
from mien.types.taxonomies import FERPLUS8

__all__ = ["SPLITS", "Faces", "load", "load_faces", "majority", "shares"]

SPLITS = ("train", "val", "test")
USAGES = {"train": "Training", "val": "PublicTest", "test": "PrivateTest"}
SIDE = 48
OTHERS = ("unknown", "NF")
VOTES = (*FERPLUS8.labels, *OTHERS)
"""What a vote can be for: a class, cannot tell, or no face."""


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """One split as arrays.

    Attributes:
        rows: Number of each face within the published table of its split, from 0.
        pixels: Grey faces.
        labels: FER2013's own label, a place in ``FER7``.
        votes: Votes for the eight classes of ``FERPLUS8``, for "cannot tell" and for "no face".
        duplicate: Whether the same pixels stand in an earlier split (never known in the published layout).
    """

    rows: Int[np.ndarray, " face"]
    pixels: UInt8[np.ndarray, "face 48 48"]
    labels: Int[np.ndarray, " face"]
    votes: Int[np.ndarray, "face 10"]
    duplicate: Bool[np.ndarray, " face"]


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train`` (Training, 28,709 faces), ``val`` (PublicTest, 3,589) or ``test`` (PrivateTest, 3,589).
        root: Folder that holds ``face/fer2013``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is a `Frame` and whose truth is the share of votes; ``None`` where most people saw no face
        or could not tell. ``extra`` holds ``label`` (place of FER2013's own label in ``FER7``), ``majority`` (place of
        FER+'s in ``FERPLUS8``, or ``None``), ``votes`` and ``duplicate``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    faces = load_faces(split, root)
    places, parts = majority(faces.votes), shares(faces.votes)
    return [_sample(split, faces, index, int(places[index]), parts[index]) for index in range(len(faces.rows))]


def load_faces(split: str, root: Path | None = None) -> Faces:
    """Read one official split as arrays; see `load`."""
    check_split(split, SPLITS)
    folder = corpus_folder("face/fer2013", root)
    if (folder / "fer2013.csv").is_file():
        return _stack(_from_csv(folder, USAGES[split]), folder)
    return _stack(_from_table(folder / f"{split}.parquet"), folder)


def majority(votes: Int[np.ndarray, "face 10"]) -> Int[np.ndarray, " face"]:
    """Return the place in ``FERPLUS8`` of each face's label under FER+'s majority rule, -1 where it has none.

    Single votes are dropped; then a class must hold more than half of what is left, and be no "cannot tell" or "no
    face". 3,153 test faces have a label.
    """
    kept = _kept(votes)
    top = kept.argmax(axis=1)
    clear = (kept.max(axis=1) * 2 > kept.sum(axis=1)) & (top < len(FERPLUS8))
    return np.where(clear, top, -1)


def shares(votes: Int[np.ndarray, "face 10"]) -> Float[np.ndarray, "face 8"]:
    """Return the share of each class among the votes for a class, single votes dropped.

    Where most said "cannot tell" or "no face", all shares are 0.
    """
    kept = _kept(votes)
    named = kept[:, : len(FERPLUS8)]
    usable = (kept.argmax(axis=1) < len(FERPLUS8)) & (named.sum(axis=1) > 0)
    return np.where(usable[:, None], named / np.maximum(named.sum(axis=1, keepdims=True), 1), 0.0)


def _kept(votes: Int[np.ndarray, "face 10"]) -> Int[np.ndarray, "face 10"]:
    return np.where(votes > 1, votes, 0)


def _sample(split: str, faces: Faces, index: int, place: int, parts: Float[np.ndarray, " label"]) -> Sample:
    grey = faces.pixels[index]
    truth = Affect(Distribution(FERPLUS8, parts), kind="perceived") if parts.any() else None
    extra = {
        "label": int(faces.labels[index]),
        "majority": place if place >= 0 else None,
        "votes": faces.votes[index],
        "duplicate": bool(faces.duplicate[index]),
    }
    signal = Frame(Image(np.repeat(grey[:, :, None], 3, axis=2)))
    return Sample(f"{split}-{faces.rows[index]}", signal, truth, extra=extra)


def _stack(found: Iterator[dict[str, Any]], folder: Path) -> Faces:
    try:
        rows = list(found)
    except (KeyError, ValueError) as error:
        raise InputError(f"corpus folder {folder} cannot be read: {error}") from error
    if not rows:
        raise InputError(f"corpus folder {folder} holds no faces of the split")
    return Faces(
        np.array([row["row"] for row in rows], dtype=np.int64),
        np.stack([row["pixels"] for row in rows]),
        np.array([row["label"] for row in rows], dtype=np.int64),
        np.array([row["votes"] for row in rows], dtype=np.int64),
        np.array([row["duplicate"] for row in rows], dtype=bool),
    )


def _from_table(path: Path) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(read_table(path)):
        yield {
            "row": number,
            "pixels": read_image(row["image"]).pixels[:, :, 0],
            "label": row["emotion"],
            "votes": [row[f"votes_{name}"] for name in VOTES],
            "duplicate": row.get("pixel_dup_in_earlier_split") or False,
        }


def _from_csv(folder: Path, usage: str) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(min(sys.maxsize, 1 << 24))
    with (
        (folder / "fer2013.csv").open(encoding="utf-8", newline="") as pictures,
        _votes_file(folder).open(encoding="utf-8-sig", newline="") as votes,
    ):
        pairs = zip(csv.DictReader(pictures), csv.DictReader(votes), strict=True)
        chosen = (pair for pair in pairs if pair[0]["Usage"] == usage)
        for number, (picture, vote) in enumerate(chosen):
            yield {
                "row": number,
                "pixels": _pixels(picture["pixels"], folder, number),
                "label": int(picture["emotion"]),
                "votes": [int(vote[name]) for name in VOTES],
                "duplicate": False,
            }


def _votes_file(folder: Path) -> Path:
    path = folder / "fer2013new.csv"
    if not path.is_file():
        raise InputError(f"corpus folder {folder} has fer2013.csv but no fer2013new.csv, which holds the votes")
    return path


def _pixels(written: str, folder: Path, number: int) -> UInt8[np.ndarray, "48 48"]:
    values = np.array(written.split(), dtype=np.int64)
    if values.size != SIDE * SIDE or values.min() < 0 or values.max() > 255:
        raise InputError(
            f"{folder / 'fer2013.csv'}, face {number} has {values.size} pixels; allowed: {SIDE * SIDE} from 0 to 255"
        )
    return values.reshape(SIDE, SIDE).astype(np.uint8)
