"""Texts made to be slow: each is read or refused in time that grows with its length, not with the square of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mien.errors import InputError
from mien.io import read

LENGTH = 1_000_000
TEXTS = {
    "lines": "\n" * LENGTH,
    "spaces": " " * LENGTH,
    "quotes": '"' * LENGTH,
    "brackets": "[" * LENGTH,
    "objects": '{"a":' * (LENGTH // 5),
    "digits": "text,time\na," + "1" * LENGTH,
    "clocks": "text,time\na," + "1:" * (LENGTH // 2),
    "columns": "text" + "," * LENGTH,
    "notes": "WEBVTT\n" + "NOTE\n" * (LENGTH // 5),
    "tags": "WEBVTT\n\n0:01.0 --> 0:02.0\n" + "<" * LENGTH,
    "voices": "WEBVTT\n\n0:01.0 --> 0:02.0\n" + "<v <v." * (LENGTH // 6),
    "gap": "WEBVTT\n\n0:01.0 --> 0:02.0\n<v" + " " * LENGTH,
    "styles": "0:01.0 --> 0:02.0\n" + "{\\" * (LENGTH // 2),
    "names": "0:01.0 --> 0:02.0\n" + "Ada " * (LENGTH // 4),
    "entities": "0:01.0 --> 0:02.0\n" + "&amp" * (LENGTH // 4),
    "arrows": "-->\n" * (LENGTH // 4),
    "cues": "0:01.0 --> 0:02.0\n" * (LENGTH // 18),
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("suffix", [".txt", ".csv", ".vtt", ".json"])
def test_no_text_takes_long(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"slow{suffix}"
    path.write_text(TEXTS[name])
    begin = time.process_time()
    sentence = refusal(path)
    assert time.process_time() - begin < 4
    assert "\n" not in sentence
    assert len(sentence) < 1000


def refusal(path: Path) -> str:
    try:
        read(path)
    except InputError as error:
        return str(error)
    return ""
