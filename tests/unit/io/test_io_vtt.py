from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.errors import InputError
from mien.io import affect_from, affect_line, affect_record, error_record, sniff
from mien.io.transcript import parse_transcript
from mien.types import Affect, Analysis, Dimension, Distribution, Source, Span, Taxonomy, Track

JOY = Distribution(Taxonomy("mood", ("joy", "R&B")), np.array([0.71, 0.29]))


def analysis(*affects: Affect, person: str = "face-1") -> Analysis:
    return Analysis(Source("a", "video"), fused=(Track(person, "fused", affects),))


def test_a_subtitle_per_fused_span(tmp_path: Path) -> None:
    late, early = Affect(JOY, span=Span(61.5, 62)), Affect(valence=Dimension(-0.25, 0.1), span=Span(0, 1))
    written = analysis(late, early).to_vtt(tmp_path / "a.vtt")
    assert (
        "00:00:00.000 --> 00:00:01.000\n<v face-1>valence -0.25\n\n00:01:01.500 --> 00:01:02.000\n<v face-1>joy 0.71\n"
        in written
    )
    assert sniff(tmp_path / "a.vtt") == "analysis"


def test_names_are_escaped() -> None:
    written = analysis(Affect(JOY, span=Span(0, 1)), person="A <&> B").to_vtt()
    (turn,) = parse_transcript(written, "a.vtt")
    assert (turn.speaker, turn.text) == ("A <&> B", "joy 0.71")


def test_a_timeline_over_characters_has_no_subtitle() -> None:
    written = analysis(Affect(JOY, span=Span(0, 9, "characters")), Affect(labels=("odd",))).to_vtt()
    assert written == "WEBVTT\n\nNOTE mien.analysis: nothing here has a time\n"


def test_open_words_are_said() -> None:
    assert "<v face-1>calm, odd" in analysis(Affect(labels=("calm", "odd"), span=Span(0, 1))).to_vtt()


def test_records_have_every_part_and_no_more() -> None:
    record = affect_record("a.png", Affect(JOY, confidence=0.5, span=Span(0, 1)))
    assert list(record) == ["id", "categories", "valence", "arousal", "dominance", "confidence", "model"]
    assert record["categories"] == {"taxonomy": "mood", "probs": {"joy": 0.71, "R&B": 0.29}}
    assert record["valence"] is None
    assert "id" not in affect_record(None, Affect(JOY))


def test_errors_are_records_too() -> None:
    record = error_record(3, "a\nb")
    assert affect_line(record) == '{"id": 3, "error": "a\\nb"}'
    with pytest.raises(InputError, match="nothing was perceived in 3: a"):
        affect_from(record)
    with pytest.raises(InputError, match="the record of 1 is malformed"):
        affect_from({"id": 1, "valence": {"mean": 7, "std": 0}})
