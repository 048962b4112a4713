"""Laws of fusion."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.errors import OptionError
from mien.fuse import ReliabilityFuser, fuse, persons, reliabilities
from mien.registry import build
from mien.runtime import ModelInfo
from mien.runtime.card import Score
from mien.types import Affect, Dimension, Distribution, Link, Span, Track
from mien.types.taxonomies import EKMAN7, FERPLUS8, GOEMOTIONS28, RAVDESS8, taxonomy

SECOND = Span(0, 1)
SEEDS = st.integers(0, 100_000)
MODALITIES = ("text", "speech", "face")


def belief(seed: int, *, name: str = "ekman7", span: Span | None = SECOND, sharp: float = 0.3) -> Affect:
    rng = np.random.default_rng(seed)
    labels = taxonomy(name)
    probs = rng.dirichlet(np.full(len(labels), sharp)) if labels.exclusive else rng.random(len(labels))
    parts = [Dimension(float(rng.uniform(-1, 1)), float(rng.uniform(0.05, 0.5))) for _ in range(3)]
    return Affect(Distribution(labels, probs), *parts, span=span, confidence=float(rng.uniform(0.2, 1)))


def alike(one: Affect, two: Affect, tolerance: float = 1e-9) -> None:
    np.testing.assert_allclose(one.categories.probs, two.categories.probs, atol=tolerance)
    assert one.confidence == pytest.approx(two.confidence, abs=tolerance)
    for part in ("valence", "arousal", "dominance"):
        left, right = getattr(one, part), getattr(two, part)
        assert (left.mean, left.std) == pytest.approx((right.mean, right.std), abs=tolerance)


def one_of(tracks: list[Track]) -> Affect:
    assert len(tracks) == 1
    assert len(tracks[0].affects) == 1
    return tracks[0].affects[0]


@given(seeds=st.lists(SEEDS, min_size=2, max_size=6), order=SEEDS)
def test_order_does_not_matter(seeds: list[int], order: int) -> None:
    tracks = [Track("ann", MODALITIES[place % 3], (belief(seed),)) for place, seed in enumerate(seeds)]
    mixed = [tracks[place] for place in np.random.default_rng(order).permutation(len(tracks))]
    assert fuse(tracks) == fuse(mixed)


@given(seed=SEEDS, copies=st.lists(st.sampled_from(MODALITIES), min_size=1, max_size=6))
def test_a_belief_fused_with_itself_is_unchanged(seed: int, copies: list[str]) -> None:
    own = belief(seed)
    alike(one_of(fuse([Track("ann", modality, (own,)) for modality in copies])), own)


@given(seed=SEEDS, copies=st.integers(2, 5))
def test_more_of_the_same_reading_changes_nothing(seed: int, copies: int) -> None:
    own, other = belief(seed), belief(seed + 1)
    once = fuse([Track("ann", "speech", (own,)), Track("ann", "face", (other,))])
    often = fuse([Track("ann", "speech", (own,)), Track("ann", "face", (other,) * copies)])
    alike(one_of(once), one_of(often))


@given(seed=SEEDS, place=st.integers(0, 2))
def test_an_even_belief_changes_nothing(seed: int, place: int) -> None:
    tracks = [Track("ann", "text", (belief(seed),)), Track("ann", "face", (belief(seed + 1),))]
    even = Track("ann", MODALITIES[place], (Affect(Distribution(EKMAN7, np.full(7, 1 / 7)), span=SECOND),))
    alike(one_of(fuse(tracks)), one_of(fuse([*tracks, even])))
    assert [e.source for e in one_of(fuse(tracks)).evidence] == [
        e.source for e in one_of(fuse([*tracks, even])).evidence
    ]


@given(seed=SEEDS, place=st.integers(0, 2))
def test_a_belief_without_confidence_changes_nothing(seed: int, place: int) -> None:
    tracks = [Track("ann", "text", (belief(seed),)), Track("ann", "face", (belief(seed + 1),))]
    blind = Track("ann", MODALITIES[place], (replace(belief(seed + 2), confidence=0.0),))
    alike(one_of(fuse(tracks)), one_of(fuse([*tracks, blind])))


@given(seed=SEEDS, name=st.sampled_from(["ekman7", "goemotions28", "ferplus8", "ravdess8", "plutchik8"]))
def test_an_absent_modality_is_not_there(seed: int, name: str) -> None:
    alone = fuse([Track("ann", "speech", (belief(seed, name=name),))], reliability={"speech": 0.4, "face": 0.9})
    with_empty = fuse(
        [Track("ann", "speech", (belief(seed, name=name),)), Track("ann", "face")], reliability={"speech": 0.8}
    )
    alike(one_of(alone), one_of(with_empty))


@given(seeds=st.lists(SEEDS, min_size=1, max_size=5))
def test_result_is_an_average_with_enough_spread(seeds: list[int]) -> None:
    beliefs = [belief(seed) for seed in seeds]
    merged = one_of(fuse([Track("ann", MODALITIES[place % 3], (each,)) for place, each in enumerate(beliefs)]))
    table = np.stack([each.categories.probs for each in beliefs])
    assert np.all(merged.categories.probs <= table.max(axis=0) + 1e-9)
    assert np.all(merged.categories.probs >= table.min(axis=0) - 1e-9)
    means = [each.valence.mean for each in beliefs]
    assert min(means) - 1e-9 <= merged.valence.mean <= max(means) + 1e-9
    assert merged.valence.std >= min(each.valence.std for each in beliefs) - 1e-9
    assert merged.confidence <= max(each.confidence for each in beliefs) + 1e-9


@given(seed=SEEDS, low=st.floats(0.05, 0.9), more=st.floats(0.01, 0.1))
def test_more_reliable_weighs_more(seed: int, low: float, more: float) -> None:
    joy, anger = (replace(certain(label), span=SECOND) for label in ("joy", "anger"))
    tracks = [Track("ann", "text", (joy,)), Track("ann", "face", (anger,))]
    before = one_of(fuse(tracks, reliability={"text": low, "face": 0.5})).categories.as_dict()["joy"]
    after = one_of(fuse(tracks, reliability={"text": low + more, "face": 0.5})).categories.as_dict()["joy"]
    assert after > before


def certain(label: str, confidence: float = 0.9, share: float = 0.94, span: Span | None = SECOND) -> Affect:
    probs = np.full(7, (1 - share) / 6)
    probs[EKMAN7.index(label)] = share
    return Affect(Distribution(EKMAN7, probs), span=span, confidence=confidence)


def test_conflict_names_both_modalities_and_labels() -> None:
    merged = one_of(fuse([Track("ann", "text", (certain("joy"),)), Track("ann", "face", (certain("anger", 0.8),))]))
    conflict = merged.evidence[0]
    assert conflict.source == "conflict"
    assert conflict.note == "face says anger (0.80), text says joy (0.90)"
    assert 0.6 < conflict.weight <= 0.8
    assert merged.confidence < 0.8


@pytest.mark.parametrize(("label", "confidence"), [("joy", 0.9), ("anger", 0.3), ("neutral", 0.9)])
def test_no_conflict_where_they_agree_one_is_unsure_or_shows_nothing(label: str, confidence: float) -> None:
    merged = one_of(
        fuse([Track("ann", "text", (certain("joy"),)), Track("ann", "face", (certain(label, confidence),))])
    )
    assert all(reason.source != "conflict" for reason in merged.evidence)


def test_each_second_holds_what_falls_into_it() -> None:
    faces = tuple(certain("joy", span=Span(t / 10, (t + 1) / 10)) for t in range(25))
    words = (certain("sadness", span=Span(1.2, 3.4)),)
    track = fuse([Track("ann", "face", faces), Track("ann", "text", words)])[0]
    assert [affect.span for affect in track.affects] == [Span(t, t + 1) for t in range(4)]
    assert track.affects[0].categories.top[0] == "joy"
    assert track.affects[3].categories.top[0] == "sadness"
    assert track.affects[1].categories.as_dict()["joy"] == pytest.approx(
        track.affects[1].categories.as_dict()["sadness"]
    )


def test_short_steps_and_moments_without_length_have_a_place() -> None:
    affects = (certain("joy", span=Span(0.25, 0.35)), certain("anger", span=Span(0.7, 0.7)))
    track = fuse([Track("ann", "speech", affects)], step=0.1)[0]
    assert [(affect.span.start, affect.span.end) for affect in track.affects] == [(0.2, 0.3), (0.3, 0.4), (0.7, 0.8)]


def test_characters_stay_one_stretch_an_utterance() -> None:
    spans = [Span(0, 12, "characters"), Span(13, 40, "characters")]
    track = fuse([Track("ann", "text", tuple(certain("joy", span=span) for span in spans))])[0]
    assert [affect.span for affect in track.affects] == spans


def test_words_with_times_alone_keep_their_spans() -> None:
    track = fuse([Track("ann", "text", (certain("joy", span=Span(100.5, 4000.25)),))])[0]
    assert track.affects[0].span == Span(100.5, 4000.25)


def test_photographs_have_no_span() -> None:
    fused = fuse([Track(name, "face", (certain("joy", span=None),)) for name in ("face-1", "face-2")])
    assert [track.person for track in fused] == ["face-1", "face-2"]
    assert fused[0].affects[0].span is None


def test_two_units_never_mix() -> None:
    readings = (certain("joy", span=Span(0, 1)), certain("anger", span=Span(0, 1, "characters")))
    track = fuse([Track("ann", "text", readings)])[0]
    assert [affect.span.unit for affect in track.affects] == ["seconds", "characters"]


def test_persons_join_by_name_and_by_link_only() -> None:
    tracks = [
        Track("Ann", "text"),
        Track("Ann", "speech"),
        Track("voice-2", "speech"),
        Track("face-1", "face"),
        Track("face-2", "face"),
    ]
    links = [
        Link("Ann", "face-1", 0.8, joined=True),
        Link("voice-2", "face-2", 0.3, joined=False),
    ]
    group = persons(tracks, links)
    assert group == {"Ann": "Ann", "face-1": "Ann", "voice-2": "voice-2", "face-2": "face-2"}
    assert persons(tracks, [Link("voice-2", "face-2", 0.9, joined=True)])["voice-2"] == "face-2"


def test_confidence_gathers_labels_that_mean_the_same() -> None:
    probs = np.zeros(28)
    probs[[GOEMOTIONS28.index(label) for label in ("joy", "excitement", "anger")]] = 0.4, 0.3, 0.3
    affect = Affect(Distribution(GOEMOTIONS28, probs), span=SECOND, confidence=0.4)
    merged = one_of(fuse([Track("ann", "text", (affect,))]))
    assert merged.categories.top == ("joy", pytest.approx(0.7))
    assert merged.confidence == pytest.approx(0.7)
    less = one_of(fuse([Track("ann", "text", (replace(affect, confidence=0.2),))]))
    assert less.confidence == pytest.approx(0.2 + 0.8 / 2)


def test_open_labels_alone_are_left_out() -> None:
    assert fuse([Track("ann", "text", (Affect(labels=("wistful",), span=SECOND),))]) == []
    assert fuse([]) == []


def test_dimensions_alone_are_fused() -> None:
    affect = Affect(valence=Dimension(0.8, 0.1), arousal=Dimension(0.5, 0.1), span=SECOND)
    merged = one_of(fuse([Track("ann", "text", (affect,))]))
    assert merged.valence.mean == pytest.approx(0.8)
    assert merged.categories.top[0] == "joy"


def test_evidence_of_the_readings_is_carried_and_shares_add_up() -> None:
    from mien.types import Evidence

    joy = certain("joy").because(*(Evidence("word", weight / 10, note=str(weight)) for weight in range(6)))
    merged = one_of(fuse([Track("ann", "text", (joy,)), Track("ann", "face", (certain("joy"),))]))
    assert [reason.note for reason in merged.evidence if reason.source == "word"] == ["5", "4", "3"]
    assert sum(reason.weight for reason in merged.evidence if reason.source in MODALITIES) == pytest.approx(1)


def test_taxonomies_of_all_modalities_meet() -> None:
    tracks = [
        Track(
            "ann", "text", (Affect(Distribution(GOEMOTIONS28, np.eye(28)[GOEMOTIONS28.index("love")]), span=SECOND),)
        ),
        Track("ann", "speech", (Affect(Distribution(RAVDESS8, np.eye(8)[RAVDESS8.index("happy")]), span=SECOND),)),
        Track("ann", "face", (Affect(Distribution(FERPLUS8, np.eye(8)[FERPLUS8.index("happiness")]), span=SECOND),)),
    ]
    merged = one_of(fuse(tracks))
    assert merged.categories.top == ("joy", pytest.approx(1))
    assert merged.valence.mean > 0.7


def test_reliability_is_the_first_share_of_right_labels_on_validation() -> None:
    card = ModelInfo("a", "1", "speech", "open", "MIT", "", "")
    known = [("r_valence", 0.8), ("accuracy", 0.6), ("accuracy", 0.2)]
    scores = (Score("x", "accuracy", 0.9), *(Score("x", name, value, split="validation") for name, value in known))
    assert reliabilities([replace(card, scores=scores), card]) == {"speech": 0.6}


def test_fuser_is_built_by_name() -> None:
    fuser = build("fuser", "fuse/reliability", reliability={"text": 0.5}, taxonomy="sentiment3")
    assert isinstance(fuser, ReliabilityFuser)
    merged = one_of(fuser.fuse([Track("ann", "text", (certain("joy"),))]))
    assert merged.categories.top[0] == "positive"
    assert merged.model == "fuse/reliability"


def test_faults_are_named() -> None:
    with pytest.raises(OptionError, match="step of 0 s was given"):
        fuse([], step=0)
    with pytest.raises(OptionError, match="reliability of text is 2; allowed: 0 to 1"):
        ReliabilityFuser(reliability={"text": 2})
