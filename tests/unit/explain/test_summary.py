"""The lines for the terminal."""

from dataclasses import replace

import numpy as np

from mien.explain.summary import summary
from mien.types import Affect, Analysis, Dimension, Distribution, Link, Moment, Source, Span, Track
from mien.types.taxonomies import EKMAN7

JOY = Affect(
    Distribution(EKMAN7, np.eye(7)[3] * 0.93 + 0.01),
    valence=Dimension(0.7, 0.2),
    arousal=Dimension(-0.2, 0.2),
    span=Span(0, 4),
    confidence=0.8,
)
ANALYSIS = Analysis(
    Source("clip.mp4", "video", duration=75.2, width=1280, height=720),
    tracks=(Track("voice-1", "speech", (JOY,)), Track("face-1", "face", (JOY,))),
    fused=(Track("face-1", "fused", (JOY,)),),
    links=(Link("voice-1", "face-1", 0.81, joined=True),),
    moments=(Moment(Span(3, 5), "face-1", "strongest joy (0.80)"),),
    warnings=("text: no words were found in it",),
)


def test_every_part_has_its_line() -> None:
    assert summary(ANALYSIS) == [
        "clip.mp4: video, 1:15, 1280 x 720",
        "face-1 [face, speech]: mostly joy (94%), valence +0.70, arousal -0.20",
        "0:03-0:05  face-1: strongest joy (0.80)",
        "voice-1 is the voice of face-1 (mouth and voice agree 0.81)",
        "note: text: no words were found in it",
    ]


def test_what_is_unsure_is_said_so() -> None:
    track = Track("ann", "fused", (replace(JOY, confidence=0.3),))
    assert "mostly unsure, joy at best (94%)" in summary(replace(ANALYSIS, fused=(track,)))[1]


def test_many_moments_are_counted() -> None:
    many = tuple(Moment(Span(t, t + 1, "characters"), "ann", "strongest fear (0.90)") for t in range(9))
    lines = summary(replace(ANALYSIS, moments=many))
    assert "characters 0-1  ann: strongest fear (0.90)" in lines
    assert "and 4 more moments" in lines


def test_a_photograph_has_no_length() -> None:
    photo = Analysis(Source("me.jpg", "image", width=10, height=20))
    assert summary(photo) == ["me.jpg: image, 10 x 20", "nobody was perceived"]
