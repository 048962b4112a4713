"""A conversation that is not in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mien.agent import analyze, choose
from mien.agent.conversing import analyze_turns, chat_log
from mien.agent.team import Team
from mien.errors import InputError

TURNS = [
    {"speaker": "Ada", "text": "We won!", "start": 1.0, "end": 2.5},
    {"speaker": "Ben", "text": 'I had lost "all" hope,\nreally.', "start": 3.0},
]


@pytest.fixture(scope="module")
def team() -> Team:
    return choose(["text"])


def test_it_equals_the_chat_log_in_a_file(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "chat.jsonl"
    path.write_text(chat_log(TURNS), encoding="utf-8")
    filed, direct = analyze(path, team=team), analyze_turns(TURNS, team, name=str(path))
    assert direct == filed
    assert direct.source == filed.source


def test_times_are_kept(team: Team) -> None:
    found = analyze_turns(TURNS, team)
    assert (found.source.name, found.source.kind, found.source.unit) == ("conversation", "chat", "seconds")
    assert [turn.span.start for turn in found.context.turns] == [1.0, 3.0]
    assert found.context.turns[0].span.end == 2.5
    assert found.persons == ("Ada", "Ben")


def test_without_times_it_is_in_characters(team: Team) -> None:
    found = analyze_turns([{"text": "We won!"}, {"text": "Hm."}], team)
    assert (found.source.unit, found.source.duration) == ("characters", 11.0)


@pytest.mark.parametrize("turns", [[], [{"text": " \n"}], [{"speaker": "Ada", "text": ""}]])
def test_it_needs_words(turns: list[dict[str, object]], team: Team) -> None:
    with pytest.raises(InputError, match=f"the conversation has {len(turns)} turns without words"):
        analyze_turns(turns, team)


def test_a_turn_must_have_a_text(team: Team) -> None:
    with pytest.raises(InputError, match="the conversation, line 1, has the fields 'speaker'"):
        analyze_turns([{"speaker": "Ada"}], team)
