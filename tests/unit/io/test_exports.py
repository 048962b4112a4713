"""The table of formats: each name leads to a writer, and each writer writes the whole file or none."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mien.errors import MissingExtraError, OptionError, OutputError
from mien.io.exports import FORMATS, available, check_format, export
from mien.types import Affect, Analysis, Dimension, Distribution, Source, Span, Track
from mien.types.taxonomies import EKMAN7

JOY = Affect(Distribution(EKMAN7, np.eye(7)[3]), valence=Dimension(0.5, 0.2), span=Span(0, 1.5))
TALK = Analysis(Source("talk.mp4", "video", duration=2.0), (Track("ann", "face", (JOY,)),))
LETTER = Analysis(
    Source("letter.txt", "text", "characters", 9.0), (Track("writer", "text", (JOY.at(Span(0, 9, "characters")),)),)
)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_writes(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"talk.{FORMATS[name].ending}"
    export(TALK, name, path)
    assert path.is_dir() == FORMATS[name].folder
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    if path.is_file():
        assert path.stat().st_size > 50


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("parquet", "html", "audformat")])
def test_methods_write_what_the_table_writes(name: str, tmp_path: Path) -> None:
    export(TALK, name, tmp_path / "table")
    written = getattr(TALK, f"to_{name}")(tmp_path / "method")
    assert (tmp_path / "method").read_text(encoding="utf-8") == written
    assert (tmp_path / "table").read_text(encoding="utf-8") == written


def test_a_folder_is_packed(tmp_path: Path) -> None:
    export(TALK, "audformat", tmp_path / "talk.audformat.zip")
    with zipfile.ZipFile(tmp_path / "talk.audformat.zip") as packed:
        assert "talk.audformat/db.yaml" in packed.namelist()


def test_an_earlier_database_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    for _ in range(2):
        export(TALK, "audformat", tmp_path / "talk")
    (tmp_path / "mine").mkdir()
    with pytest.raises(OutputError, match="mine is there already and is no audformat database"):
        export(TALK, "audformat", tmp_path / "mine")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["mine", "talk"]


@pytest.mark.parametrize("name", ["eaf", "textgrid", "audformat"])
def test_what_has_no_times_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"needs times in seconds, and the analysis of letter\.txt (counts|has) char"):
        export(LETTER, name, tmp_path / "letter")
    assert not list(tmp_path.iterdir())


def test_unknown_formats_and_missing_extras_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match="the format 'docx' was asked for; allowed: json, csv, parquet, html"):
        check_format("docx")
    monkeypatch.setitem(sys.modules, "audformat", None)
    assert not available("audformat")
    with pytest.raises(MissingExtraError, match="the format audformat needs the extra 'tables'"):
        check_format("audformat")
    with pytest.raises(MissingExtraError, match="to_audformat needs the extra 'tables'"):
        TALK.to_audformat("nowhere")
