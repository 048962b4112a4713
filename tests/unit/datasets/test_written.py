"""What the readers of written corpora share."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mien.datasets.corpus import hashed_split
from mien.datasets.written import certain, degree, first_file, lines, numbered, present, records, sample
from mien.errors import InputError
from mien.types import Affect, Span
from mien.types.scales import XED9
from mien.types.taxonomies import EKMAN7


def test_records_take_our_names_and_keep_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('\ufeffID,Text,More\n1,"a, b",x\n', encoding="utf-8")
    assert list(records(path, {"ID": "id", "Text": "text"})) == [{"id": "1", "text": "a, b", "More": "x"}]


def test_quotation_marks_may_be_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    path.write_text('id\ttext\n1\t"Well\n2\tgo on"\n', encoding="utf-8")
    rows = records(path, {"id": "id", "text": "text"}, delimiter="\t", quoted=False)
    assert [row["text"] for row in rows] == ['"Well', 'go on"']


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (b"id\n1\n", "lacks the column 'text'; needed: id, text"),
        (b"id,text\n1\n", "line 2 is too short; needed: id, text"),
        (b"id,text\n1,\xff\n", "cannot be read: .*utf-8"),
        (b"", "lacks the column 'id'"),
    ],
)
def test_broken_tables_are_named(tmp_path: Path, held: bytes, told: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(held)
    with pytest.raises(InputError, match=told):
        list(records(path, {"id": "id", "text": "text"}))


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"table\.csv cannot be read"):
        list(records(tmp_path / "table.csv", {"id": "id"}))
    with pytest.raises(InputError, match=r"lines\.txt cannot be read"):
        lines(tmp_path / "lines.txt")


def test_only_line_feeds_end_a_line(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes("one\u2028still one\x85\n\nthree\n".encode())
    assert lines(path) == ["one\u2028still one\x85", "", "three"]
    path.write_text("", encoding="utf-8")
    assert lines(path) == []


def test_first_file_is_the_first_that_is_there(tmp_path: Path) -> None:
    assert first_file(tmp_path, "a", "b/c") is None
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").touch()
    assert first_file(tmp_path, "a", "b/c") == tmp_path / "b" / "c"


def test_a_sample_spans_its_text() -> None:
    (row,) = numbered([{"text": "Oh no", "speaker": "Ada"}], "test")
    found = sample(row, Affect(certain(EKMAN7, "sadness", "line 1")), group={"dialogue": "7"})
    assert (found.id, found.signal.speaker, found.group) == ("test-0", "Ada", {"dialogue": "7"})
    assert found.signal.span == found.truth.span == Span(0, 5, "characters")


def test_several_labels_may_hold() -> None:
    held = present(XED9, ["joy", "trust"], "line 1").as_dict()
    assert [label for label, p in held.items() if p == 1] == ["joy", "trust"]
    with pytest.raises(InputError, match="line 1 has the label 'glee'; allowed: anger, anticipation"):
        present(XED9, ["joy", "glee"], "line 1")


def test_degrees_are_shares_of_their_scale() -> None:
    assert [degree(value, "it has", low=1, high=7) for value in (1, "4", 7.0)] == [0, 0.5, 1]


@pytest.mark.parametrize("value", ["0.9", 8, "nan", "much", None])
def test_what_is_no_degree_is_named(value: Any) -> None:
    with pytest.raises(InputError, match=rf"essay 3 has the empathy {value!r}; allowed: 1 to 7"):
        degree(value, "essay 3 has the empathy", low=1, high=7)


def test_a_hash_splits_in_eighty_ten_and_ten() -> None:
    found = Counter(hashed_split(f"key {number}") for number in range(5000))
    assert found["train"] == pytest.approx(4000, abs=120)
    assert found["validation"] == pytest.approx(500, abs=90)
    assert found["test"] == pytest.approx(500, abs=90)
