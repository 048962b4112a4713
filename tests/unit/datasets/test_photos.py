from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mien.datasets import photos
from mien.errors import InputError, OptionError

pyarrow = pytest.importorskip("pyarrow", reason="the corpus is Parquet")
parquet = pytest.importorskip("pyarrow.parquet", reason="the corpus is Parquet")


def face(box: list[float], *, agreed: bool = True, ignore: bool = False, marks: bool = False) -> dict[str, Any]:
    mesh = np.arange(478 * 3, dtype=np.float32).tolist() if marks else None
    return {"box": box, "agreed": agreed, "ignore": ignore, "landmarks": mesh}


def row(name: str, faces: list[dict[str, Any]], people: list[list[float]] | None) -> dict[str, Any]:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 20, 20)).save(buffer, "WEBP")
    size = {"width": 40, "height": 30, "image": buffer.getvalue()}
    return {"id": name, "source": "own", **size, "negative": not faces, "faces": faces, "human_boxes": people}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    faces = [face([1, 2, 11, 14], marks=True), face([20, 2, 30, 14], agreed=False), face([5, 5, 9, 9], ignore=True)]
    rows = [row("a", faces, [[1, 1, 9, 9]]), row("b", [], None)]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "photos" / "val.parquet")
    return tmp_path


def test_faces_regions_and_points(root: Path) -> None:
    photo, empty = photos.photos("val", root)
    assert photo.boxes[0].tolist() == [1, 2, 11, 14]
    assert photo.ignore.tolist() == [False, True, True]
    assert photo.points[0, 2].tolist() == [3, 4]
    assert photo.points[0, 0].tolist() == [(33 + 133) / 2 * 3, (33 + 133) / 2 * 3 + 1]
    assert np.isnan(photo.points[1:]).all()
    assert photo.people.tolist() == [[1, 1, 9, 9]]
    assert empty.negative
    assert empty.boxes.shape == (0, 4)
    assert empty.points.shape == (0, 5, 2)


def test_samples_hold_the_decoded_picture(root: Path) -> None:
    sample, _ = photos.load("val", root)
    assert sample.id == "a"
    assert sample.truth is None
    assert sample.group == {"source": "own"}
    assert sample.signal.pixels.shape == (30, 40, 3)
    assert sample.extra["photo"].size == (40, 30)


def test_unknown_split_is_refused(root: Path) -> None:
    with pytest.raises(OptionError, match="allowed: train, val, test"):
        photos.photos("dev", root)


def test_missing_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        photos.photos("test", tmp_path)
