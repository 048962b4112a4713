"""The JSON that the command prints: one line an item, in order, and nothing else."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mien.bench import Result
from mien.cli.main import run
from mien.metrics.bootstrap import Interval
from mien.registry import find, names
from mien.runtime import find_assets

KEYS = {"id", "categories", "valence", "arousal", "dominance", "confidence", "model"}
EXAMPLES = Path(__file__).parents[3] / "examples"


def lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert run(list(arguments)) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return [json.loads(line) for line in captured.out.splitlines()]


def typed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_one_line_an_item_in_order(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    typed(monkeypatch, b"\xef\xbb\xbfThank you so much!\n\nbroken \xc3\x28 here\nWhy?!")
    records = lines(capsys, "perceive", "text", "-", "--jsonl")
    assert [record["id"] for record in records] == ["1", "2", "3", "4"]
    assert [set(record) for record in records] == [KEYS, {"id", "error"}, {"id", "error"}, KEYS]
    first = records[0]["categories"]
    assert first["taxonomy"] == "goemotions28"
    assert max(first["probs"], key=first["probs"].get) == "gratitude"
    assert set(records[0]["valence"]) == {"mean", "std"}
    assert "line 3 is not UTF-8" in records[2]["error"]


def test_unreadable_file_is_one_line_among_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("I love it.\nI hate it.\n")
    (tmp_path / "bad.txt").write_bytes(b"broken \xc3\x28 here")
    a, bad, none = (str(tmp_path / name) for name in ("a.txt", "bad.txt", "none.txt"))
    records = lines(capsys, "perceive", "text", a, bad, none)
    assert [record["id"] for record in records] == [f"{a}:1", f"{a}:2", bad, none]
    assert ["error" in record for record in records] == [False, False, True, True]


def test_faces_largest_on_top(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    face = Image.open(EXAMPLES / "face.webp").convert("RGB")
    sheet = Image.new("RGB", (900, 640), (120, 120, 120))
    sheet.paste(face.resize((270, 300)), (20, 300))
    sheet.paste(face.resize((540, 600)), (330, 20))
    two, none = tmp_path / "two.png", tmp_path / "none.png"
    sheet.save(two)
    Image.fromarray(np.full((90, 90, 3), 127, np.uint8)).save(none)
    first, second, third = lines(capsys, "perceive", "face", str(two), str(none), str(tmp_path / "missing.png"))
    assert len(first["faces"]) == 2
    widths = [face["box"][2] - face["box"][0] for face in first["faces"]]
    assert widths[0] > widths[1]
    assert first["categories"] == first["faces"][0]["categories"]
    assert set(second) == set(third) == {"id", "error"}


def test_cropped_pictures_are_faces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    crop = tmp_path / "crop.png"
    Image.open(EXAMPLES / "face.webp").convert("RGB").resize((48, 48)).save(crop)
    (record,) = lines(capsys, "perceive", "face", str(crop), "--cropped")
    assert set(record) == KEYS


def test_speech_is_pooled_to_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, missing = lines(capsys, "perceive", "speech", str(EXAMPLES / "dialogue.ogg"), str(tmp_path / "no.wav"))
    assert set(record) == KEYS
    assert record["id"] == str(EXAMPLES / "dialogue.ogg")
    assert "does not exist" in missing["error"]


def test_bench_prints_fractions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    found = Result("text/goemotions", "text-affect", 3, 0.1, {"macro_f1": Interval(0.5, 0.4, 0.6)})
    monkeypatch.setattr("mien.cli.bench.evaluate", lambda task, model: found)
    (row,) = lines(capsys, "bench", "text/goemotions", "--json")
    assert row["metrics"] == {"macro_f1": {"value": 0.5, "low": 0.4, "high": 0.6}}
    assert set(row) == {"task", "model", "n", "seconds", "metrics"}


def test_bench_measures_all_whose_model_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Result("any", "any", 3, 0.1, {})
    measured: list[str] = []
    monkeypatch.setattr("mien.cli.bench.evaluate", lambda task, model: measured.append(task.name) or found)
    lines(capsys, "bench", "--json")
    missing = {name for name in names("task") if find("task", name).model not in find_assets()}
    assert set(measured) == set(names("task")) - missing
    assert "text/goemotions" in measured


def test_models_print_their_cards(capsys: pytest.CaptureFixture[str]) -> None:
    cards = {card["name"]: card for card in lines(capsys, "models", "--json")}
    assert cards["text-affect"]["line"] == "open"
    assert all(card["trained_on"] and card["not_for"] for card in cards.values())


def test_doctor_finds_everything_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    assert "NOT OK" not in capsys.readouterr().out


def test_altered_model_ends_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil

    from mien.runtime import find_asset

    shutil.copytree(find_asset("face-expression").folder, tmp_path / "bad")
    with (tmp_path / "bad" / "trunk.onnx").open("ab") as file:
        file.write(b"x")
    assert run(["perceive", "face", str(EXAMPLES / "face.webp"), "--model", str(tmp_path / "bad")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "trunk.onnx has the sha256" in captured.err


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "many.txt").write_text("Thank you!\n" * 2_000, encoding="utf-8")
    command = [sys.executable, "-m", "mien", "perceive", "text", str(tmp_path / "many.txt")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0
