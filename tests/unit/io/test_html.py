from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

import mien.io.html as page_module
from mien.errors import AssetError, InputError, OutputError
from mien.io.html import to_html
from mien.io.json import from_json
from mien.types import Analysis, Context, Source, Span, Turn

PAGE = (
    "<!doctype html><head><title>mien report</title></head><body>"
    f"{page_module.ANALYSIS_PLACE}{page_module.MEDIA_PLACE}<script>code()</script></body>"
)
TEXT = Analysis(Source("notes/day <1>.txt", "text", "characters", 3.0))
SOUND = Analysis(Source("talk.wav", "audio", "seconds", 1.0))


@pytest.fixture(autouse=True)
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    built = tmp_path / "report.html"
    built.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(page_module, "PAGE", built)
    return built


def carried(page: str, place: str) -> dict[str, object]:
    found = re.search(rf'<script id="{place}" type="application/json">(.*?)</script>', page, re.DOTALL)
    return dict(json.loads(found.group(1))) if found else {}


def test_analysis_is_inside_as_its_own_json() -> None:
    document = carried(to_html(TEXT), "mien-analysis")
    assert document == json.loads(TEXT.to_json())


def test_title_names_the_source_escaped() -> None:
    assert "<title>day &lt;1&gt;.txt · mien</title>" in to_html(TEXT)


def test_nothing_in_the_analysis_can_end_its_script_element() -> None:
    evil = "</script><script>alert(1)</script><!-- \u2028 & null"
    analysis = Analysis(TEXT.source, context=Context((Turn(None, Span(0, 3, "characters"), evil),)))
    made = to_html(analysis)
    assert made.count("</script>") == 3
    assert "<!--" not in made
    assert "\u2028" not in made
    assert "alert" in made
    document = carried(made, "mien-analysis")
    assert from_json(json.dumps(document)) == analysis


def test_page_is_written_where_asked(tmp_path: Path) -> None:
    made = to_html(TEXT, tmp_path / "out.html")
    assert (tmp_path / "out.html").read_text(encoding="utf-8") == made


def test_small_media_go_inside(tmp_path: Path) -> None:
    sound = tmp_path / "talk.bin"
    sound.write_bytes(b"RIFF\0\0\0\0WAVEfmt ")
    media = carried(to_html(SOUND, media=sound), "mien-media")
    assert media["kind"] == "embedded"
    assert media["mime"] == "audio/wav"
    assert base64.b64decode(str(media["base64"])) == sound.read_bytes()


def test_large_media_are_referred_to_relative_to_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "LARGEST_EMBEDDED", 4)
    sound = tmp_path / "a talk.wav"
    sound.write_bytes(b"RIFF\0\0\0\0WAVEfmt ")
    (tmp_path / "out").mkdir()
    media = carried(to_html(SOUND, tmp_path / "out" / "page.html", media=sound), "mien-media")
    assert media["href"] == "../a%20talk.wav"
    assert "too large" in str(media["note"])
    assert str(carried(to_html(SOUND, media=sound), "mien-media")["href"]).startswith("file://")


@pytest.mark.parametrize(
    ("head", "kind", "mime"),
    [
        (b"\x89PNG\r\n\x1a\n", "image", "image/png"),
        (b"\xff\xd8\xff\xe0", "image", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBP", "image", "image/webp"),
        (b"\0\0\0\x20ftypM4A ", "audio", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "audio", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "video", "video/mp4"),
        (b"\x1aE\xdf\xa3", "video", "video/webm"),
        (b"unknown", "audio", "audio/mpeg"),
    ],
)
def test_type_follows_the_content(tmp_path: Path, head: bytes, kind: str, mime: str) -> None:
    file = tmp_path / "wrong.txt"
    file.write_bytes(head)
    analysis = Analysis(Source("wrong.txt", kind))
    assert carried(to_html(analysis, media=file), "mien-media")["mime"] == mime


def test_words_need_no_media(tmp_path: Path) -> None:
    assert carried(to_html(TEXT, media=tmp_path / "missing.txt"), "mien-media")["kind"] == "none"


def test_missing_media_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        to_html(SOUND, media=tmp_path / "missing.wav")


def test_missing_page_says_how_to_build_it(page: Path) -> None:
    page.unlink()
    with pytest.raises(AssetError, match=r"report.html is missing .* 'pip install \.'"):
        to_html(TEXT)


def test_page_without_its_places_is_an_asset_error(page: Path) -> None:
    page.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(AssetError, match="has no place"):
        to_html(TEXT)


def test_unwritable_output_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        to_html(TEXT, tmp_path / "no" / "folder" / "out.html")
