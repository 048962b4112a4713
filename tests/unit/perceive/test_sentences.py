from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.perceive.text import split_sentences
from mien.perceive.text.sentences import LONGEST, split_passages


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("What?! no way.", ["What?!", "no way."]),
        ("Well... maybe. Hmm… Fine.", ["Well... maybe.", "Hmm…", "Fine."]),
        ("Mr. Hall met Dr. J. R. Reed. They left.", ["Mr. Hall met Dr. J. R. Reed.", "They left."]),
        ("Bring pens, paper, etc. and come at 5 p.m. sharp.", ["Bring pens, paper, etc. and come at 5 p.m. sharp."]),
        ("We had tea, etc. Then we left.", ["We had tea, etc.", "Then we left."]),
        (
            "It was me and I. Then no. 5 came. No. I mean it.",
            ["It was me and I.", "Then no. 5 came.", "No.", "I mean it."],
        ),
        ("It costs 3.50 now.", ["It costs 3.50 now."]),
        ("1. Wash it. 2. Dry it.", ["1. Wash it.", "2. Dry it."]),
        ('"Why?" she asked. "No."', ['"Why?" she asked.', '"No."']),
        ("我很高兴。你呢？「好！」他说", ["我很高兴。", "你呢？", "「好！」", "他说"]),
        ("hi\nhow are you", ["hi", "how are you"]),
        ("A heading\n\na paragraph", ["A heading", "a paragraph"]),
        ("Somebody wrapped this line at a width of some\nforty characters.", 1),
        ("  \n\t ", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str] | int) -> None:
    found = cut(text)
    assert len(found) == sentences if isinstance(sentences, int) else found == sentences


def test_long_sentence_is_cut_at_pauses_then_spaces_then_anywhere() -> None:
    clause = "and so it went on and on without an end in sight, "
    for text in (clause * 20, "word " * 200, "a" * 1000):
        pieces = cut(text)
        assert all(len(piece) <= LONGEST for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(piece.endswith(",") for piece in cut(clause * 20))


@given(st.text(alphabet=st.sampled_from(list("abI.?!… \n\t\r,;\"')。！A1é")), max_size=400), st.integers(1, 60))
def test_ranges_lie_in_order_and_lose_nothing_but_space(text: str, longest: int) -> None:
    for split in (split_sentences, split_passages):
        place = 0
        for start, end in split(text, longest=longest):
            assert place <= start < end <= len(text)
            assert end - start <= longest
            assert not text[place:start].strip()
            assert not text[start].isspace()
            assert not text[end - 1].isspace()
            place = end
        assert not text[place:].strip()


def test_passages_keep_a_short_text_whole() -> None:
    text = " One. Two. Three.\nFour. "
    assert list(split_passages(text)) == [(1, len(text) - 1)]
    assert [text[start:end] for start, end in split_passages(text, longest=10)] == ["One. Two.", "Three.", "Four."]


def test_a_huge_text_takes_linear_time() -> None:
    assert sum(1 for _ in split_sentences("?" * 1_000_000)) == -(-1_000_000 // LONGEST)
    assert sum(1 for _ in split_sentences("so it is " * 100_000)) < 5_000
