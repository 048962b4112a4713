from __future__ import annotations

from pathlib import Path

import pytest

from mien.errors import InputError
from mien.io import read_chat
from mien.io.chat import is_chat_header, parse_chat
from mien.types import Span


def spans(content: str) -> list[tuple[float, float]]:
    return [(turn.span.start, turn.span.end) for turn in parse_chat(content, "chat")]


def test_csv_with_speaker_time_and_text() -> None:
    first, second = parse_chat('Speaker;Time;Text\nAda;0:01;"Hi; ""Bob""!"\nBob;1:02:03.5;Oh no.\n', "chat.csv")
    assert (first.speaker, first.text, first.span.start) == ("Ada", 'Hi; "Bob"!', 1.0)
    assert second.span.start == 3723.5


@pytest.mark.parametrize(
    "names", ["sender,sent_at,message", "Author,Timestamp,Content", "from,date,body", "name,start,msg"]
)
def test_synonyms(names: str) -> None:
    (turn,) = parse_chat(f"{names}\nAda,5,Hi\n", "chat.csv")
    assert (turn.speaker, turn.text, turn.span.start) == ("Ada", "Hi", 5.0)


def test_json_lines() -> None:
    turns = parse_chat('{"who": "Ada", "time": 2, "text": "Hi"}\n\n{"text": "Yo", "time": 5, "end": 9}\n', "chat.jsonl")
    assert [turn.speaker for turn in turns] == ["Ada", None]
    assert turns[1].span == Span(5, 9)


def test_a_turn_lasts_until_the_next_or_as_long_as_it_takes_to_say_it() -> None:
    assert spans("time,text\n0,Hi\n0.5,Yo\n100," + "a" * 30 + "\n") == [(0, 0.5), (0.5, 1.5), (100, 102)]


def test_turns_come_in_order_of_time() -> None:
    assert [turn.text for turn in parse_chat("time,text\n9,b\n1,a\n", "chat")] == ["a", "b"]


def test_a_row_without_a_time_has_that_of_the_row_before() -> None:
    assert [start for start, _ in spans("time,text\n,z\n4,a\n,b\n9,c\n")] == [0, 4, 4, 9]


@pytest.mark.parametrize(
    "times",
    [
        ("2024-01-02T10:00:00Z", "2024-01-02T11:00:30+01:00"),
        ("2024/01/02 10:00", "2024/01/02 10:00:30"),
        ("1700000000", "1700000030"),
        ("1700000000000", "1700000030000"),
    ],
)
def test_dates_count_from_the_first(times: tuple[str, str]) -> None:
    assert [start for start, _ in spans(f"time,text\n{times[0]},a\n{times[1]},b\n")] == [0, 30]


def test_without_times_spans_are_in_characters_of_the_joined_turns() -> None:
    turns = parse_chat("speaker,text\nAda,Hello\nBob,\nAda,Yes\n", "chat")
    joined = "\n".join(turn.text for turn in turns)
    assert [turn.span.unit for turn in turns] == ["characters", "characters"]
    assert [joined[int(turn.span.start) : int(turn.span.end)] for turn in turns] == ["Hello", "Yes"]


def test_a_text_column_alone_is_enough() -> None:
    assert [turn.text for turn in parse_chat("text\nHi\nYo\n", "chat")] == ["Hi", "Yo"]


def test_a_header_alone_holds_no_turn() -> None:
    assert parse_chat("speaker,text\n", "chat") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n", r"chat.csv has the columns 'a', 'b'; it needs one named text \(or message, content"),
        ("time,text\n0,Hi\nsoon,Yo\n", "chat.csv, line 3: the time 'soon' cannot be read; allowed: seconds, MM:SS"),
        ("time,text\nnan,Hi\n", "line 2: the time 'nan' cannot be read"),
        ("time,end,text\n5,4,Hi\n", "line 2: the turn ends at 4 s, before it starts at 5 s"),
        ("time,text\n2024-01-01,a\n2024-01-01T00:00Z,b\n", "line 3: the time '2024-01-01T00:00Z' cannot be read"),
        ('{"text": "a"}\n{"text": \n', "line 2, is not JSON; each line must be one object"),
        ('{"text": "a"}\n[1]\n', "line 2, is a JSON list; each line must be one object"),
        ('{"text": "a"}\n{"say": "b"}\n', "line 2, has the fields 'say'; it needs one named text"),
        ('{"text": ["a"]}\n', "line 1: the text is a list; it must be a string"),
        ('{"text": "a", "time": true}\n', "line 1: the time 'True' cannot be read"),
    ],
)
def test_errors_name_the_line_or_the_columns(content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_chat(content, "chat.csv")


def test_one_huge_cell(tmp_path: Path) -> None:
    path = tmp_path / "chat.csv"
    path.write_text('speaker,text\nAda,"' + "so " * 200_000 + '"\n')
    assert len(read_chat(path)[0].text) == 600_000


def test_header_words() -> None:
    assert is_chat_header("speaker,text")
    assert not is_chat_header("Dear Ada, I got your message")
    assert not is_chat_header("text")


def test_text_at_the_end_may_hold_commas_without_quotes(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("speaker,time,text\nBen,2,Well, I hate it\n")
    assert [turn.text for turn in read_chat(log)] == ["Well, I hate it"]


def test_more_cells_than_columns_are_refused(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("text,speaker\nWell, I hate it,Ben\n")
    with pytest.raises(InputError, match=r"line 2, has 3 cells under 2 columns; quote a text that holds commas"):
        read_chat(log)
