from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import numpy as np
import pytest

from mien.errors import MissingExtraError
from mien.types import Affect, Analysis, Dimension, Distribution, Source, Span, Taxonomy, Track

MOOD = Taxonomy("mood", ("good", "bad"))


@pytest.fixture
def analysis() -> Analysis:
    joy = Affect(
        Distribution(MOOD, np.array([0.75, 0.25])),
        valence=Dimension(0.5, 0.25),
        span=Span(0, 1.5),
        confidence=0.75,
        model="face-expression",
    )
    photo = Affect(arousal=Dimension(-0.5, 1.0))
    return Analysis(
        Source("a", "video"), (Track('face-1, "A"', "face", (joy, photo)),), (Track("face-1", "fused", (joy,)),)
    )


def test_csv_has_one_row_per_affect(analysis: Analysis, tmp_path: Path) -> None:
    written = analysis.to_csv(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == written
    first, second, third = csv.DictReader(io.StringIO(written))
    assert (first["person"], first["modality"], first["start"], first["end"], first["unit"]) == (
        'face-1, "A"',
        "face",
        "0",
        "1.5",
        "seconds",
    )
    assert (first["label"], first["confidence"], first["mood.good"], first["mood.bad"]) == (
        "good",
        "0.75",
        "0.75",
        "0.25",
    )
    assert (first["valence_mean"], first["valence_std"], first["arousal_mean"], first["kind"]) == (
        "0.5",
        "0.25",
        "",
        "expressed",
    )
    assert (second["start"], second["label"], second["arousal_mean"], second["model"]) == ("", "", "-0.5", "")
    assert third["modality"] == "fused"


def test_an_analysis_of_nothing_is_a_header() -> None:
    assert Analysis(Source("a", "audio")).to_csv().count("\n") == 1


def test_frame_and_parquet_agree(analysis: Analysis, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    table = analysis.to_frame()
    assert len(table) == 3
    assert table["valence_mean"].dtype == "float64"
    assert np.isnan(table["start"][1])
    analysis.to_parquet(tmp_path / "a.parquet")
    back = pandas.read_parquet(tmp_path / "a.parquet")
    assert list(back.columns) == list(table.columns)
    np.testing.assert_array_equal(back["mood.good"], table["mood.good"])
    assert len(Analysis(Source("a", "audio")).to_frame()) == 0


def test_missing_extras_name_the_command(analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        MissingExtraError, match=r"to_frame needs the extra 'tables'; install it with: pip install 'mien\[tables\]'"
    ):
        analysis.to_frame()
    with pytest.raises(MissingExtraError, match="to_parquet needs the extra 'tables'"):
        analysis.to_parquet(tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []
