from __future__ import annotations

from pathlib import Path
from types import ModuleType

from mien.io import find_transcript, sources


def names(given: list[Path]) -> list[str]:
    return [entry.path.name for entry in sources(given)]


def test_a_folder_is_walked_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden.txt", "tool.exe", "sub/c.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Hi.")
    assert names([tmp_path]) == ["a.md", "b.txt", "c.txt"]


def test_each_file_comes_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hi.")
    assert names([tmp_path, tmp_path / "a.txt"]) == ["a.txt"]


def test_a_folder_with_nothing_readable_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "tool.exe").write_text("Hi.")
    (entry,) = sources([tmp_path])
    assert "holds nothing that mien reads; allowed: text" in str(entry.problem)


def test_one_bad_source_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hi.")
    (tmp_path / "b.wav").write_bytes(b"")
    bad, missing, good = sources([tmp_path / "b.wav", tmp_path / "none.txt", tmp_path / "a.txt"])
    assert "is empty" in str(bad.problem)
    assert "does not exist" in str(missing.problem)
    assert (good.kind, good.problem) == ("text", None)


def test_a_transcript_beside_a_recording_goes_with_it(tmp_path: Path, seeds: ModuleType) -> None:
    clip = seeds.write_sound(tmp_path / "talk.wav")
    for name in ("talk.srt", "talk.txt", "other.txt"):
        (tmp_path / name).write_text(seeds.WRITTEN["said.srt"])
    talk = {entry.path.name: entry for entry in sources([tmp_path])}
    assert sorted(talk) == ["other.txt", "talk.wav"]
    assert talk["talk.wav"].transcript == tmp_path / "talk.srt"
    assert find_transcript(clip) == tmp_path / "talk.srt"
    assert names([clip, tmp_path / "talk.srt"]) == ["talk.wav"]


def test_own_subtitles_and_tables_beside_a_recording_are_no_transcript(tmp_path: Path, seeds: ModuleType) -> None:
    clip = seeds.write_sound(tmp_path / "talk.wav")
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\nNOTE mien.analysis\n")
    (tmp_path / "talk.json").write_text('{"format": "mien.analysis"}')
    assert find_transcript(clip) is None
    assert names([tmp_path]) == ["talk.wav"]
