from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from mien.agent import analyze
from mien.agent.annotate import Settings, Tally, annotate_all
from mien.errors import MissingExtraError, OptionError, OutputError
from mien.io import save_text
from mien.scale import Maker, Outcome, SerialMapper

parquet = pytest.importorskip("pyarrow.parquet", reason="the extra tables is not installed")

TEXT = Settings(("text",), shard_size=2)
LINES = ("I am so glad.", "This is awful!", "What a surprise...", "Good morning.", "I miss you.")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number, line in enumerate(LINES):
        (folder / f"{number}.txt").write_text(f"{line}\nIt is line {number}.\n")
    (folder / "chat.csv").write_text("speaker,text\nAda,I love it!\nBen,I do not.\n")
    (folder / "empty.txt").write_text("")
    (folder / "page.md").write_bytes(b"%PDF-1.7 but not really")
    return folder


def run(
    corpus: Path, out: Path, *, mapper: Any = None, settings: Settings = TEXT, fresh: bool = False
) -> list[tuple[int, int]]:
    """Run to the end; return how many shards were done, and how many of them before, at each step."""
    tallies = annotate_all([corpus], out, mapper or SerialMapper(), settings=settings, fresh=fresh)
    return [(len(tally.reports), tally.n_before) for tally in tallies]


def content(out: Path) -> dict[str, bytes]:
    """Return every table by name: shards are equal to the byte."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return found


class Deadly:
    """A mapper whose workers die of the tasks that hold a certain file."""

    workers = 1

    def __init__(self, name: str) -> None:
        self._name = name

    def map(self, maker: Maker[Any, Any], items: Sequence[Any]) -> Iterator[Outcome[Any]]:
        for outcome in SerialMapper().map(maker, items):
            held = {item.path for item in items[outcome.index].shard.items}
            yield Outcome(outcome.index, error="it died", died=True) if self._name in held else outcome


def test_rows_are_those_of_an_analysis(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    affects = rows(tmp_path / "out" / "affects")
    for name in ("0.txt", "chat.csv"):
        analysis = analyze(corpus / name, modalities=["text"])
        pairs = [(track, affect) for track in (*analysis.tracks, *analysis.fused) for affect in track.affects]
        mine = [row for row in affects if row["source"] == name]
        assert len(mine) == len(pairs) > 1
        for row, (track, affect) in zip(mine, pairs, strict=True):
            assert (row["person"], row["modality"], row["kind"]) == (track.person, track.modality, affect.kind)
            assert (row["start"], row["end"], row["unit"]) == (affect.span.start, affect.span.end, affect.span.unit)
            assert row["label"] == affect.categories.top[0]
            assert row["taxonomy"] == affect.categories.taxonomy.name
            assert dict(row["probs"]) == pytest.approx(affect.categories.as_dict(), abs=1e-3)
            assert row["valence_mean"] == pytest.approx(affect.valence.mean, abs=1e-3)
            assert row["dominance_std"] == pytest.approx(affect.dominance.std, abs=1e-3)
            assert row["models"] == ["text-affect 1.0.0"]
            assert row["size"] == (corpus / name).stat().st_size
            assert row["modified"].timestamp() == pytest.approx((corpus / name).stat().st_mtime, abs=1e-5)


def test_every_file_has_a_row_and_bad_ones_a_reason(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    files = {row["source"]: row for row in rows(tmp_path / "out" / "files")}
    assert set(files) == {*(f"{number}.txt" for number in range(5)), "chat.csv", "empty.txt", "page.md"}
    assert (files["chat.csv"]["kind"], files["chat.csv"]["persons"]) == ("chat", 2)
    assert files["0.txt"]["affects"] == 4
    errors = {row["path"]: row["reason"] for row in rows(tmp_path / "out" / "errors.parquet")}
    assert set(errors) == {"empty.txt", "page.md"}
    assert errors["empty.txt"].endswith("empty.txt is empty (0 bytes), so there is nothing to read")
    assert "is a PDF, which mien does not read" in errors["page.md"]
    assert {name: row["error"] for name, row in files.items() if row["error"]} == errors


def test_shards_say_what_made_them(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    about = json.loads(parquet.read_schema(tmp_path / "out" / "affects" / "000001.parquet").metadata[b"mien"])
    assert about["shard"] == 1
    assert about["mien"] == "0.1.0"
    assert about["options"] == {"modalities": ["text"], "open_only": False, "shard_size": 2, "models": []}
    assert [model["name"] for model in about["models"]] == ["text-affect"]
    assert all(len(digest) == 64 for digest in about["models"][0]["sha256"].values())


def test_manifest_lists_every_shard_once(corpus: Path, tmp_path: Path) -> None:
    assert run(corpus, tmp_path / "out") == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]
    lines = [json.loads(line) for line in (tmp_path / "out" / "manifest.jsonl").read_text().splitlines()]
    assert sorted(line["shard"] for line in lines) == [0, 1, 2, 3]
    assert sum(line["items"] for line in lines) == 8
    assert sum(line["affects"] for line in lines) == len(rows(tmp_path / "out" / "affects"))


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_a_run_that_stops_goes_on(corpus: Path, tmp_path: Path, steps: int) -> None:
    run(corpus, tmp_path / "whole")
    tallies = annotate_all([corpus], tmp_path / "out", SerialMapper(), settings=TEXT)
    for _ in range(steps):
        next(tallies)
    tallies.close()
    assert run(corpus, tmp_path / "out")[0] == (steps - 1, steps - 1)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_what_a_kill_leaves_behind_is_mended(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "whole")
    run(corpus, tmp_path / "out")
    out, manifest = tmp_path / "out", tmp_path / "out" / "manifest.jsonl"
    first, second, *others = manifest.read_text().splitlines()
    numbers = [json.loads(line)["shard"] for line in (first, second)]
    # Half a line, a shard that is not listed, one that is cut short, and a file that was being written.
    manifest.write_text("\n".join([first, *others, second[:40]]))
    (out / "affects" / f"{numbers[0]:06}.parquet").write_bytes(b"PAR1")
    (out / "affects" / ".mien-0123.tmp").write_bytes(b"PAR1")
    assert run(corpus, out)[0] == (2, 2)
    assert content(out) == content(tmp_path / "whole")
    assert not list(out.rglob("*.tmp"))
    assert sorted(json.loads(line)["shard"] for line in manifest.read_text().splitlines()) == [0, 1, 2, 3]


def test_nothing_is_done_twice(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "affects").iterdir()}
    assert run(corpus, tmp_path / "out") == [(4, 4)]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "affects").iterdir()} == before


def test_other_options_are_refused_unless_fresh(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    other = Settings(("text",), shard_size=3)
    with pytest.raises(
        OptionError, match=r"was begun in another way \(options: shard_size 2, now 3\); give what it was"
    ):
        run(corpus, tmp_path / "out", settings=other)
    with pytest.raises(
        OptionError, match=r"was begun in another way \(options: modalities .*; models: they are others"
    ):
        run(corpus, tmp_path / "out", settings=Settings(("text", "face"), shard_size=2))
    with pytest.raises(OptionError, match=r"was begun in another way \(given: .*corpus'\], now .*corpus/0.txt'\]\)"):
        run(corpus / "0.txt", tmp_path / "out")
    run(corpus, tmp_path / "out", settings=other, fresh=True)
    run(corpus, tmp_path / "anew", settings=other)
    assert content(tmp_path / "out") == content(tmp_path / "anew")
    assert len(list((tmp_path / "out" / "affects").iterdir())) == 3


def test_fresh_removes_only_its_own(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "out")
    save_text(tmp_path / "out" / "notes.txt", "mine")
    save_text(tmp_path / "out" / "affects" / "mine.parquet", "mine")
    run(corpus, tmp_path / "out", fresh=True)
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "out" / "affects" / "mine.parquet").read_text() == "mine"


def test_shards_without_a_plan_are_refused(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "affects").mkdir(parents=True)
    (tmp_path / "out" / "affects" / "000000.parquet").write_bytes(b"")
    with pytest.raises(OutputError, match="holds shards without a plan; --fresh removes them"):
        run(corpus, tmp_path / "out")


def test_two_runs_do_not_share_a_folder(corpus: Path, tmp_path: Path) -> None:
    first = annotate_all([corpus], tmp_path / "out", SerialMapper(), settings=TEXT)
    next(first)
    with pytest.raises(OutputError, match=r"another run writes to .*out; wait for it, or give another --out"):
        run(corpus, tmp_path / "out")
    first.close()
    assert run(corpus, tmp_path / "out")[-1] == (4, 0)


def test_a_file_that_changed_since_the_plan_is_not_read(corpus: Path, tmp_path: Path) -> None:
    tallies = annotate_all([corpus], tmp_path / "out", SerialMapper(), settings=TEXT)
    next(tallies)
    tallies.close()
    (corpus / "4.txt").write_text("Something else.\n")
    (corpus / "3.txt").unlink()
    run(corpus, tmp_path / "out")
    errors = {row["path"]: row["reason"] for row in rows(tmp_path / "out" / "errors.parquet")}
    assert errors["4.txt"] == "it changed since the plan was made; --fresh makes a new one"
    assert errors["3.txt"].endswith("3.txt does not exist; give a file or a folder that does")


def test_a_file_that_kills_workers_costs_no_other_file(corpus: Path, tmp_path: Path) -> None:
    run(corpus, tmp_path / "whole")
    run(corpus, tmp_path / "out", mapper=Deadly("1.txt"))
    errors = {row["path"]: row["reason"] for row in rows(tmp_path / "out" / "errors.parquet")}
    assert errors["1.txt"] == "it cannot be read: it died"
    whole = [row for row in rows(tmp_path / "whole" / "affects") if row["source"] != "1.txt"]
    assert rows(tmp_path / "out" / "affects") == whole
    assert [row["source"] for row in rows(tmp_path / "out" / "files")] == sorted(os.listdir(corpus))


def test_a_worker_with_other_models_refuses(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tallies = annotate_all([corpus], tmp_path / "out", SerialMapper(), settings=TEXT)
    next(tallies)
    monkeypatch.setattr("mien.agent.annotate.settings.__version__", "0.0.1")
    with pytest.raises(OutputError, match="has another mien or other models than the plan was made with"):
        next(tallies)


def test_a_disk_that_is_full_ends_the_run(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: Any) -> None:
        raise OutputError("000000.parquet cannot be written: no space left on device")

    monkeypatch.setattr("mien.agent.annotate.work.write_table", full)
    with pytest.raises(OutputError, match=r"the work cannot go on: .* no space left on device"):
        run(corpus, tmp_path / "out")


def test_an_error_of_our_own_is_one_file(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(path: Path) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("mien.agent.annotate.work.open_source", failing)
    run(corpus, tmp_path / "out")
    errors = rows(tmp_path / "out" / "errors.parquet")
    assert {row["reason"] for row in errors} == {"an error of mien's own: ZeroDivisionError: division by zero"}
    assert len(errors) == 8


def test_missing_pyarrow_names_the_extra(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match="mien annotate needs the extra 'tables'"):
        run(corpus, tmp_path / "out")


def test_tally_counts_what_this_run_did(corpus: Path, tmp_path: Path) -> None:
    tallies = annotate_all([corpus], tmp_path / "out", SerialMapper(), settings=TEXT)
    next(tallies)
    next(tallies)
    tallies.close()
    tally = list(annotate_all([corpus], tmp_path / "out", SerialMapper(), settings=TEXT))[-1]
    assert isinstance(tally, Tally)
    assert (tally.count("items"), tally.n_items, tally.count("failed")) == (8, 8, 2)
    assert tally.count("items", now=True) == 6


def test_sizes_are_checked() -> None:
    with pytest.raises(OptionError, match="a shard size of 0 was given; allowed: 1 or more files"):
        Settings(shard_size=0)
