"""``mien words``: what a user sees of words for emotions."""

from __future__ import annotations

import io
import json

import pytest

from mien.cli.main import run


def test_a_listed_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["words", "homesick"]) == 0
    place, others, rated, known = capsys.readouterr().out.splitlines()
    assert place.startswith("homesick: sadness > neglect > homesickness (sure 0.")
    assert others == "  ekman7 sadness, plutchik8 sadness, goemotions28 sadness"
    assert rated.startswith("  valence -0.")
    assert known == "  'homesick' is in our lists: sadness/neglect/homesickness"


def test_an_ambiguous_word_and_one_without_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["words", "stunned", "bored"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("surprise/surprise/astonishment or fear/horror/shock" in line for line in lines)
    bored = lines.index("bored: no place in the tree")
    assert lines[bored + 1].startswith("  valence -0.65")


def test_words_from_standard_input_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("over the moon\n\nᚠᚢᚦ\n"))
    assert run(["words", "--json", "--onto", "ekman7"]) == 0
    moon, runes = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert moon["id"] == "over the moon"
    assert max(moon["categories"]["probs"], key=moon["categories"]["probs"].get) == "joy"
    assert moon["evidence"] == ["'over the moon' is in our lists: joy/cheerfulness/elation"]
    assert runes == {"id": "ᚠᚢᚦ", "error": "neither the lists nor the model know anything of it"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["words", "?"], "'?' is no word; allowed: a word or short phrase of 1 to 40 letters"),
        (["words", "qwzx", "--model", "nothing"], "nothing"),
        (["words", "glad", "--onto", "ekman"], "'ekman' is not one of"),
    ],
)
def test_wrong_input_is_one_sentence(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("mien: ")
    assert told in captured.err
    assert captured.err.count("\n") == 1
