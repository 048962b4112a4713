"""An analysis in few words: what is averaged, what is left out, and that this is said."""

from __future__ import annotations

import numpy as np
import pytest

from mien.serve.mcp.digest import HONESTY, digest, passages
from mien.types import (
    Affect,
    Analysis,
    Context,
    Dimension,
    Distribution,
    Link,
    Moment,
    Source,
    Span,
    Track,
    Turn,
)
from mien.types.taxonomies import SENTIMENT3


def affect(start: float, end: float, positive: float, *, valence: float = 0.0, confidence: float = 0.8) -> Affect:
    probs = np.array([(1 - positive) / 2, (1 - positive) / 2, positive])
    return Affect(
        Distribution(SENTIMENT3, probs),
        Dimension(valence, 0.1),
        span=Span(start, end),
        confidence=confidence,
    )


def analysis(*affects: Affect, person: str = "Ada", **more: object) -> Analysis:
    return Analysis(
        Source("talk.wav", "audio", duration=9.0),
        (Track(person, "text", affects),),
        (Track(person, "fused", affects),),
        **more,  # type: ignore[arg-type]
    )


def test_time_weighs_and_spread_is_that_of_the_mixture() -> None:
    found = digest(analysis(affect(0, 3, 0.9, valence=0.5), affect(3, 4, 0.1, valence=-0.5)), name="talk")
    (person,) = found["persons"]
    assert person["labels"][0] == {"label": "positive", "probability": pytest.approx(0.7)}
    assert person["valence"] is not None
    assert person["valence"]["mean"] == pytest.approx(0.25)
    assert person["valence"]["std"] == pytest.approx((0.01 + 0.75 * 0.0625 + 0.25 * 0.5625) ** 0.5, abs=1e-3)
    assert person["arousal"] is None
    assert found["notes"] == [HONESTY]
    assert found["source"] == "talk"


def test_unsure_is_said() -> None:
    sure, unsure = (
        digest(analysis(affect(0, 1, 0.6, confidence=share)), name="talk")["persons"][0]["unsure"]
        for share in (0.5, 0.49)
    )
    assert (sure, unsure) == (False, True)


def test_the_passages_that_say_most_come_in_order() -> None:
    affects = [affect(second, second + 1, 0.5, valence=second / 20) for second in range(20)]
    found = digest(analysis(*affects), name="talk")
    starts = [passage["place"]["start"] for passage in found["passages"] if passage["place"]]
    assert starts == list(range(8, 20))
    assert "of 20 passages the 12 that say most are listed" in found["notes"]
    every = digest(analysis(*affects), name="talk", every_passage=True)
    assert len(every["passages"]) == 20
    assert every["notes"] == [HONESTY]


def test_moments_and_warnings() -> None:
    moments = tuple(Moment(Span(second, second + 1), "Ada", "valence rises") for second in range(12))
    found = digest(analysis(affect(0, 1, 0.5), moments=moments, warnings=("it is cut short",)), name="talk")
    assert len(found["moments"]) == 10
    assert found["notes"] == [HONESTY, "it is cut short", "of 12 moments the first 10 are listed"]


def test_words_are_those_of_the_span_and_short() -> None:
    long = "so " * 200
    text = Analysis(
        Source("letter.txt", "text", "characters", 30.0),
        (
            Track("writer", "text", (Affect(valence=Dimension(0.1, 0.1), span=Span(6, 11, "characters")),)),
            Track("Ben", "text", (Affect(valence=Dimension(0.1, 0.1), span=Span(20, 620, "characters")),)),
        ),
        context=Context(
            (Turn(None, Span(0, 12, "characters"), "Hello there."), Turn("Ben", Span(20, 620, "characters"), long))
        ),
    )
    first, second = passages(text)
    assert (first["text"], first["label"], first["valence"]) == ("there", None, 0.1)
    assert len(second["text"]) == 160
    assert second["text"].endswith("...")


def test_a_voice_goes_by_the_name_of_its_face() -> None:
    one = affect(0, 1, 0.9)
    joined = Analysis(
        Source("talk.mp4", "video", duration=1.0),
        (Track("voice-1", "text", (one,)), Track("face-1", "face", (one,))),
        (Track("face-1", "fused", (one,)),),
        links=(Link("voice-1", "face-1", 0.7, joined=True),),
    )
    found = digest(joined, name="talk")
    assert [passage["person"] for passage in found["passages"]] == ["face-1"]
    assert found["persons"][0]["modalities"] == ["face", "text"]


def test_nobody() -> None:
    found = digest(Analysis(Source("hum.wav", "audio", duration=1.0), warnings=("speech: no voice",)), name="hum")
    assert found["persons"] == found["passages"] == found["moments"] == []
    assert found["notes"] == [HONESTY, "speech: no voice"]
