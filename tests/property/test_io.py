"""Laws of reading and writing."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mien.io.json as analysis_json
from mien.io import affect_from, affect_line, affect_record, from_json, load, paragraphs, save_text, to_json
from mien.io.chat import parse_chat
from mien.io.text import decode_text
from mien.io.transcript import parse_transcript
from mien.io.vtt import format_time
from mien.types import (
    Affect,
    Analysis,
    Context,
    Dimension,
    Distribution,
    Evidence,
    Link,
    ModelUse,
    Moment,
    Series,
    Source,
    Span,
    Text,
    Track,
    Turn,
)
from mien.types.taxonomies import TAXONOMIES

SCHEMA = jsonschema.Draft202012Validator(analysis_json.schema())
words = st.text(max_size=12)
numbers = st.floats(-1e6, 1e6)
units = st.floats(-1, 1)
probs = st.floats(0, 1)


@st.composite
def spans(draw: st.DrawFn) -> tuple[float, float, str]:
    start = draw(numbers)
    return start, start + draw(st.floats(0, 1e6)), draw(st.sampled_from(["seconds", "characters"]))


@st.composite
def affects(draw: st.DrawFn) -> dict[str, object]:
    """Plain parts of an affect; the test builds the typed one."""
    name = draw(st.sampled_from(sorted(TAXONOMIES)))
    size = len(TAXONOMIES[name])
    return {
        "taxonomy": draw(st.sampled_from([None, name])),
        "probs": draw(st.lists(probs, min_size=size, max_size=size)),
        "valence": draw(st.tuples(units, st.floats(0, 3))),
        "labels": draw(st.lists(words, max_size=2)),
        "evidence": draw(
            st.lists(
                st.tuples(
                    words,
                    numbers,
                    st.none() | spans(),
                    st.none() | st.tuples(numbers, numbers, numbers, numbers),
                    words,
                ),
                max_size=2,
            )
        ),
        "span": draw(st.none() | spans()),
        "confidence": draw(st.none() | probs),
        "kind": draw(st.sampled_from(["expressed", "felt", "perceived", "induced"])),
        "model": draw(st.none() | words),
    }


def span_of(plain: tuple[float, float, str] | None) -> Span | None:
    return None if plain is None else Span(plain[0], plain[1], plain[2])  # type: ignore[arg-type]


def affect_of(plain: dict[str, object]) -> Affect:
    categories = None
    if plain["taxonomy"] is not None:
        taxonomy = TAXONOMIES[plain["taxonomy"]]  # type: ignore[index]
        given = np.array(plain["probs"])
        total = given.sum()
        exclusive = given / total if total > 1e-3 else np.full(len(given), 1 / len(given))
        categories = Distribution(taxonomy, exclusive if taxonomy.exclusive else given)
    evidence = tuple(
        Evidence(source, weight, span_of(span), region, note)
        for source, weight, span, region, note in plain["evidence"]  # type: ignore[attr-defined]
    )
    return Affect(
        categories=categories,
        valence=Dimension(*plain["valence"]),  # type: ignore[misc]
        labels=tuple(plain["labels"]),  # type: ignore[arg-type]
        evidence=evidence,
        span=span_of(plain["span"]),  # type: ignore[arg-type]
        confidence=plain["confidence"],  # type: ignore[arg-type]
        kind=plain["kind"],  # type: ignore[arg-type]
        model=plain["model"],  # type: ignore[arg-type]
    )


@st.composite
def analyses(draw: st.DrawFn) -> dict[str, object]:
    parts = draw(st.sampled_from([(), (2,), (4,)]))
    times = draw(st.integers(0, 4))
    size = times * math.prod(parts)
    return {
        "source": draw(
            st.tuples(
                words,
                words,
                st.sampled_from(["seconds", "characters"]),
                st.none() | st.floats(0, 1e6),
                st.none() | st.integers(0, 9999),
            )
        ),
        "affects": draw(st.lists(affects(), max_size=3)),
        "values": draw(st.lists(numbers | st.just(math.nan), min_size=size, max_size=size)),
        "shape": (times, *parts),
        "rate": draw(st.floats(0.1, 1000)),
        "turn": draw(st.tuples(st.none() | words, spans(), st.none() | words)),
        "link": draw(st.tuples(words, words, units, st.booleans())),
        "words": draw(st.lists(words, min_size=4, max_size=4)),
        "rates": draw(st.dictionaries(words, numbers, max_size=2)),
    }


def analysis_of(plain: dict[str, object]) -> Analysis:
    name, kind, unit, duration, side = plain["source"]  # type: ignore[misc]
    affects = tuple(affect_of(affect) for affect in plain["affects"])  # type: ignore[attr-defined]
    series = Series("curve", 0.5, plain["rate"], np.array(plain["values"], np.float64).reshape(plain["shape"]))  # type: ignore[arg-type,call-overload]
    speaker, span, text = plain["turn"]  # type: ignore[misc]
    turn = Turn(speaker, Span(*span), text, affects[0] if affects else None)
    return Analysis(
        source=Source(name, kind, unit, duration, side, side),
        tracks=(Track("voice-1", "speech", affects, (series,)),),
        fused=(Track("voice-1", "fused", affects),),
        context=Context((turn,)),
        links=(Link(*plain["link"]),),  # type: ignore[misc]
        moments=(Moment(Span(*span), "voice-1", "peak"),),
        models=(ModelUse(*plain["words"]),),  # type: ignore[misc]
        rates=plain["rates"],  # type: ignore[arg-type]
        warnings=tuple(plain["words"]),  # type: ignore[arg-type]
    )


@given(analyses())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_analysis_is_the_same_after_json_and_fits_the_schema(plain: dict[str, object]) -> None:
    analysis = analysis_of(plain)
    written = to_json(analysis)
    assert from_json(written) == analysis
    assert to_json(from_json(written)) == written
    SCHEMA.validate(json.loads(written))


@given(analyses())
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_loaded_is_what_was_saved(tmp_path_factory: pytest.TempPathFactory, plain: dict[str, object]) -> None:
    path = tmp_path_factory.mktemp("saved") / "a.json"
    analysis = analysis_of(plain)
    analysis.to_json(path)
    assert load(path) == analysis


@given(affects())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_record_is_one_line_and_tells_the_affect(plain: dict[str, object]) -> None:
    affect = affect_of(plain)
    line = affect_line(affect_record("a.wav", affect))
    assert "\n" not in line
    back = affect_from(json.loads(line))
    assert (back.categories, back.valence, back.confidence) == (affect.categories, affect.valence, affect.confidence)


@given(st.text())
@settings(deadline=None)
def test_offsets_of_paragraphs_point_at_their_text(content: str) -> None:
    pieces = paragraphs(Text(content))
    for piece in pieces:
        assert content[int(piece.span.start) : int(piece.span.end)] == piece.text
    assert "".join(content.split()) == "".join("".join(piece.text for piece in pieces).split())


plain_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


@given(plain_text, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_text_is_read_as_it_was_written(content: str, encoding: str) -> None:
    if not content.startswith("\ufeff"):
        assert decode_text(content.encode(encoding), "note") == content


said = st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=20)
thousandths = st.integers(0, 10_000_000)


@given(st.lists(st.tuples(thousandths, thousandths, said, st.none() | said), max_size=5), st.booleans())
def test_transcripts_come_back(cues: list[tuple[int, int, str, str | None]], srt: bool) -> None:
    cues = sorted(cues, key=lambda cue: cue[0])
    written = "" if srt else "WEBVTT\n\n"
    for number, (start, length, text, speaker) in enumerate(cues, start=1):
        times = f"{format_time(start / 1000)} --> {format_time((start + length) / 1000)}"
        named = f"<v {speaker}>{text}" if speaker else text
        written += f"{number}\n{times.replace('.', ',') if srt else times}\n{named}\n\n"
    found = parse_transcript(written, "talk")
    assert [(turn.text, turn.speaker) for turn in found] == [(text, speaker) for _, _, text, speaker in cues]
    for turn, (start, length, _, _) in zip(found, cues, strict=True):
        assert (turn.span.start, turn.span.end) == (start / 1000, (start + length) / 1000)


@given(st.lists(st.tuples(said, thousandths, said), max_size=5))
def test_chats_come_back(turns: list[tuple[str, int, str]]) -> None:
    turns = sorted(turns, key=lambda turn: turn[1])
    rows = [{"speaker": speaker, "time": time / 1000, "text": text} for speaker, time, text in turns]
    for written in (
        "".join(json.dumps(row) + "\n" for row in rows) or "\n",
        "speaker,time,text\n" + "".join(f"{row['speaker']},{row['time']!r},{row['text']}\n" for row in rows),
    ):
        if rows or written.startswith("speaker"):
            found = parse_chat(written, "chat")
            assert [(turn.speaker, turn.span.start, turn.text) for turn in found] == [
                (speaker, time / 1000, text) for speaker, time, text in turns
            ]


@given(st.text())
@settings(max_examples=25, deadline=None)
def test_saved_text_is_the_text(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path: Path = tmp_path_factory.mktemp("saved") / "a.txt"
    save_text(path, content)
    assert path.read_bytes() == content.encode("utf-8", errors="replace")
