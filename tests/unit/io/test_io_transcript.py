from __future__ import annotations

import pytest

from mien.errors import InputError
from mien.io.transcript import parse_transcript
from mien.types import Span

VTT = """WEBVTT - a talk

NOTE nothing --> here

STYLE
::cue { color: red }

intro
00:01.500 --> 00:02.000 align:start
<v.loud Ada Lovelace>Hi <i>there</i> &amp; <00:01.700>welcome</v>

01:00:00.000 --> 01:00:01.000
<v Ada>Yes?</v> <v Bob>No.</v>
"""


def test_vtt_voices_tags_notes_and_settings() -> None:
    first, second, third = parse_transcript(VTT, "talk.vtt")
    assert (first.text, first.speaker, first.span) == ("Hi there & welcome", "Ada Lovelace", Span(1.5, 2.0))
    assert [(turn.text, turn.speaker) for turn in (second, third)] == [("Yes?", "Ada"), ("No.", "Bob")]
    assert third.span == Span(3600, 3601)


def test_srt_names_before_a_colon() -> None:
    content = (
        "1\r\n00:00:00,000 --> 00:00:01,000\r\n{\\an8}Ada: Hi\r\nall!\r\n\r\n"
        "2\r\n00:00:02,000 --> 00:00:03,000\r\n- Ada: You?\r\n- BOB: Me.\r\n\r\n"
        "3\r\n00:00:04,000 --> 00:00:05,000\r\n[Eve]: <b>So.</b>\r\n"
    )
    found = [(turn.speaker, turn.text) for turn in parse_transcript(content, "a.srt")]
    assert found == [("Ada", "Hi all!"), ("Ada", "You?"), ("BOB", "Me."), ("Eve", "So.")]


def test_a_colon_alone_makes_no_name() -> None:
    cues = "\n\n".join(
        f"00:00:0{index},0 --> 00:00:0{index},5\n{text}"
        for index, text in enumerate(["Mind: this.", "He said: no.", "Well."])
    )
    assert {turn.speaker for turn in parse_transcript(cues, "a.srt")} == {None}


def test_a_missing_blank_line_and_disorder() -> None:
    content = "2\n00:00:05,000 --> 00:00:06,000\nlater\n1\n00:00:01,000 --> 00:00:02,000\nsooner\n"
    assert [turn.text for turn in parse_transcript(content, "a.srt")] == ["sooner", "later"]


def test_two_speakers_behind_dashes_are_two_turns() -> None:
    content = "00:00:01,000 --> 00:00:02,000\n- Who?\n- Me.\n"
    assert [turn.text for turn in parse_transcript(content, "a.srt")] == ["Who?", "Me."]


def test_nothing_said_is_no_error() -> None:
    assert parse_transcript("WEBVTT\n", "a.vtt") == []
    assert parse_transcript("00:00:01,000 --> 00:00:02,000\n\n", "a.srt") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("just words\n", "a.srt holds no subtitle; each needs a line like"),
        (
            "1\n00:00:01,000 --> soon\nHi\n",
            "a.srt, line 2: the time 'soon' cannot be read; allowed: HH:MM:SS,mmm or MM:SS.mmm",
        ),
        ("00:00:02,000 --> 00:00:01,000\nHi\n", "line 1: the subtitle ends at 1 s, before it starts at 2 s"),
        ("-->\n", "line 1: the time '' cannot be read"),
    ],
)
def test_errors_name_the_line(content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_transcript(content, "a.srt")
