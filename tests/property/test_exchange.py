"""Laws of the formats of other tools: their own libraries read what is written, and what is read back is what was.

Equal means: within the precision of the format, which is a millisecond for EmotionML, ELAN and Praat.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mien.errors import OptionError
from mien.io import read_tracks
from mien.io.audformat import quiet_tables
from mien.types import Affect, Analysis, Dimension, Distribution, Moment, Series, Source, Span, Track
from mien.types.taxonomies import TAXONOMIES

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(os.environ.get("MIEN_SCHEMAS", ROOT.parent / "shared" / "schemas"))
RUN = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MODALITIES = ("text", "speech", "face")
HALF = 0.0005 + 1e-6
"""Half a millisecond."""

shown = st.characters(codec="utf-8").filter(str.isprintable)
names = st.text(shown, min_size=1, max_size=8).filter(lambda name: name == name.strip())
wild = st.text(max_size=6)
shares = st.floats(0, 1)


@st.composite
def affects(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(TAXONOMIES)))
    size = min(40, len(TAXONOMIES[name]))
    start = draw(st.floats(0, 9e4))
    return {
        "taxonomy": draw(st.sampled_from([name, name, None])),
        "probs": draw(st.lists(shares, min_size=size, max_size=size)),
        "valence": draw(st.none() | st.tuples(st.floats(-1, 1), st.floats(0, 3))),
        "arousal": draw(st.tuples(st.floats(-1, 1), st.floats(0, 3))),
        "labels": draw(st.lists(names.filter(lambda word: ";" not in word), max_size=2, unique=True)),
        "span": draw(st.none() | st.tuples(st.just(start), st.just(start) | st.floats(0, 500).map(start.__add__))),
        "confidence": draw(st.none() | shares),
        "model": draw(st.none() | names),
    }


@st.composite
def analyses(draw: st.DrawFn, names: st.SearchStrategy[str] = names) -> dict[str, Any]:
    persons = draw(st.lists(names, min_size=1, max_size=2, unique=True))
    return {
        "source": draw(names),
        "tracks": draw(
            st.lists(
                st.tuples(st.sampled_from(persons), st.sampled_from(MODALITIES), st.lists(affects(), max_size=4)),
                max_size=3,
                unique_by=lambda track: track[:2],
            )
        ),
        "fused": [(persons[0], "fused", draw(st.lists(affects(), max_size=2)))],
        "moment": draw(st.tuples(st.floats(0, 9e4), names, names)),
    }


def affect_of(plain: dict[str, Any]) -> Affect:
    categories = None
    if plain["taxonomy"] is not None:
        taxonomy = TAXONOMIES[plain["taxonomy"]]
        given = np.resize(np.array(plain["probs"]), len(taxonomy)) + (1e-3 if taxonomy.exclusive else 0)
        categories = Distribution(taxonomy, given / given.sum() if taxonomy.exclusive else np.minimum(given, 1))
    return Affect(
        categories,
        Dimension(*plain["valence"]) if plain["valence"] else None,
        Dimension(*plain["arousal"]),
        labels=tuple(plain["labels"]),
        span=Span(*plain["span"]) if plain["span"] else None,
        confidence=plain["confidence"],
        model=plain["model"],
    )


def analysis_of(plain: dict[str, Any]) -> Analysis:
    tracks, fused = (
        tuple(Track(person, modality, tuple(map(affect_of, found))) for person, modality, found in plain[part])
        for part in ("tracks", "fused")
    )
    time, person, note = plain["moment"]
    return Analysis(
        Source(plain["source"], "video", duration=10.0),
        tracks,
        fused,
        moments=(Moment(Span(time, time + 1), person, note),),
    )


def every(analysis: Analysis) -> tuple[Track, ...]:
    return (*analysis.tracks, *analysis.fused)


def timed(analysis: Analysis) -> bool:
    """Whether tiers can hold it: it has no affect at all, or one with a time."""
    found = [affect for track in every(analysis) for affect in track.affects]
    return not found or any(affect.span is not None for affect in found)


def milliseconds(affect: Affect) -> tuple[int, int]:
    assert affect.span is not None
    start = round(affect.span.start * 1000)
    return start, max(start + 1, round(affect.span.end * 1000))


def labelled(track: Track) -> Counter[tuple[int, int, str]]:
    return Counter(
        (*milliseconds(affect), affect.categories.top[0])
        for affect in track.affects
        if affect.span is not None and affect.categories is not None
    )


def same_affect(mine: Affect, theirs: Affect, *, spread: bool = True) -> None:
    assert (mine.span is None) == (theirs.span is None)
    if mine.span is not None and theirs.span is not None:
        assert abs(mine.span.start - theirs.span.start) <= HALF
        assert abs(mine.span.end - theirs.span.end) <= 3 * HALF
    assert (mine.labels, mine.categories is None) == (theirs.labels, theirs.categories is None)
    for name in ("valence", "arousal", "dominance"):
        one, other = getattr(mine, name), getattr(theirs, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert other.mean == pytest.approx(one.mean, abs=2e-6)
            assert not spread or other.std == pytest.approx(one.std, abs=1e-6)
    assert theirs.confidence == pytest.approx(mine.confidence, abs=1e-6)


def same_probs(mine: Affect, theirs: Affect) -> None:
    if mine.categories is not None and theirs.categories is not None:
        assert mine.categories.taxonomy == theirs.categories.taxonomy
        np.testing.assert_allclose(mine.categories.probs, theirs.categories.probs, atol=2e-6)


def by_person(tracks: list[Track] | tuple[Track, ...]) -> dict[tuple[str, str], list[Affect]]:
    return {(track.person, track.modality): list(track.affects) for track in tracks}


def order(affect: Affect) -> tuple[object, ...]:
    start = (-1, -1) if affect.span is None else (round(affect.span.start * 1000), round(affect.span.end * 1000))
    arousal = round(affect.arousal.mean, 4) if affect.arousal else 0
    return (*start, arousal)


@cache
def schema() -> Any:
    etree = pytest.importorskip("lxml.etree")
    place = SCHEMAS / "emotionml" / "emotionml.xsd"
    if not place.is_file():
        pytest.skip(f"the schema of EmotionML is not here: MIEN_SCHEMAS names no folder that holds it ({SCHEMAS})")
    return etree.XMLSchema(etree.parse(str(place)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exchange")


def read_quietly(path: Path) -> list[Track]:
    return read_tracks(path, warn=lambda _: None)


@given(analyses() | analyses(names=wild))
@RUN
def test_emotionml_fits_the_schema_and_our_own_rules(folder: Path, plain: dict[str, Any]) -> None:
    from lxml import etree

    written = analysis_of(plain).to_emotionml(folder / "a.emotionml")
    schema().assertValid(etree.fromstring(written.encode("utf-8", errors="replace")))
    assert len(read_quietly(folder / "a.emotionml")) == len(plain["tracks"]) + 1


@given(analyses())
@RUN
def test_emotionml_comes_back(folder: Path, plain: dict[str, Any]) -> None:
    analysis = analysis_of(plain)
    analysis.to_emotionml(folder / "b.emotionml")
    back = read_quietly(folder / "b.emotionml")
    assert [(track.person, track.modality) for track in back] == [
        (track.person, track.modality) for track in every(analysis)
    ]
    for mine, theirs in zip(every(analysis), back, strict=True):
        for one, other in zip(mine.affects, theirs.affects, strict=True):
            same_affect(one, other)
            same_probs(one, other)
            assert (one.kind, one.model) == (other.kind, other.model)


@given(analyses() | analyses(names=wild))
@RUN
def test_pympi_reads_the_elan_document(folder: Path, plain: dict[str, Any]) -> None:
    pympi = pytest.importorskip("pympi")
    analysis = analysis_of(plain)
    if not timed(analysis):
        with pytest.raises(OptionError, match="an ELAN document needs times in seconds"):
            analysis.to_eaf()
        return
    analysis.to_eaf(folder / "a.eaf")
    document = pympi.Elan.Eaf(str(folder / "a.eaf"))
    tiers = list(document.get_tier_names())
    found = Counter(
        found[:3]
        for tier in tiers
        if tier.partition("@")[0].partition("#")[0].partition(".")[2] in TAXONOMIES
        for found in annotations(document, tier)
        if found[2]
    )
    assert found == sum(map(labelled, every(analysis)), Counter())
    for name in document.get_controlled_vocabulary_names():
        entries = document.get_cv_entries(name)
        assert [values[0][0] for values, *_ in entries.values()] == list(TAXONOMIES[name].labels)
    assert document.get_linked_files()[0]["RELATIVE_MEDIA_URL"].startswith("./")


def annotations(document: Any, tier: str) -> list[tuple[int, int, str]]:
    if document.get_parameters_for_tier(tier).get("PARENT_REF"):
        return [found[:3] for found in document.get_ref_annotation_data_for_tier(tier)]
    return [found[:3] for found in document.get_annotation_data_for_tier(tier)]


@given(analyses())
@RUN
def test_praatio_reads_the_textgrid(folder: Path, plain: dict[str, Any]) -> None:
    textgrid = pytest.importorskip("praatio.textgrid")
    analysis = analysis_of(plain)
    if not timed(analysis):
        with pytest.raises(OptionError, match="a TextGrid needs times in seconds"):
            analysis.to_textgrid()
        return
    analysis.to_textgrid(folder / "a.TextGrid")
    grid = textgrid.openTextgrid(str(folder / "a.TextGrid"), includeEmptyIntervals=False, reportingMode="error")
    found: Counter[tuple[int, int, str]] = Counter()
    for name in grid.tierNames:
        if name.partition("@")[0].partition("#")[0].partition(".")[2] in TAXONOMIES:
            found.update(
                (round(1000 * start), round(1000 * end), label) for start, end, label in grid.getTier(name).entries
            )
    assert found == sum(map(labelled, every(analysis)), Counter())
    ((time, mark),) = grid.getTier("moments").entries
    assert time == pytest.approx(plain["moment"][0], abs=HALF)
    # praatio leaves the doubled quotes of a point as they are.
    assert mark.replace('""', '"') == f"{plain['moment'][1]}: {plain['moment'][2]}"
    whole = textgrid.openTextgrid(str(folder / "a.TextGrid"), includeEmptyIntervals=True, reportingMode="error")
    for name in whole.tierNames:
        if name != "moments":
            check_no_gaps(whole.getTier(name).entries, whole.maxTimestamp)


def check_no_gaps(entries: Any, end: float) -> None:
    assert entries[0].start == 0
    assert entries[-1].end == pytest.approx(end)
    assert all(one.end == other.start for one, other in pairwise(entries))


@given(analyses(), st.sampled_from(["eaf", "TextGrid"]))
@RUN
def test_tiers_come_back(folder: Path, plain: dict[str, Any], ending: str) -> None:
    analysis = analysis_of(plain)
    if not timed(analysis):
        return
    getattr(analysis, f"to_{ending.lower()}")(folder / f"b.{ending}")
    back = by_person(read_quietly(folder / f"b.{ending}"))
    assert set(back) == set(by_person(every(analysis)))
    for whose, mine in by_person(every(analysis)).items():
        expected = sorted((affect for affect in mine if affect.span is not None), key=order)
        for one, other in zip(expected, sorted(back[whose], key=order), strict=True):
            same_affect(one, other, spread=False)
            if one.categories is not None and other.categories is not None:
                assert one.categories.top[1] == pytest.approx(
                    other.categories.as_dict()[same_label(one, other)], abs=2e-6
                )


def same_label(one: Affect, other: Affect) -> str:
    assert one.categories is not None
    assert other.categories is not None
    assert other.categories.taxonomy == one.categories.taxonomy
    return one.categories.top[0]


@given(analyses() | analyses(names=wild))
@settings(RUN, max_examples=6)
def test_audformat_loads_the_database(folder: Path, plain: dict[str, Any]) -> None:
    audformat = pytest.importorskip("audformat")
    analysis = analysis_of(plain)
    analysis.to_audformat(folder / "database")
    with quiet_tables():
        database = audformat.Database.load(str(folder / "database"), load_data=True, num_workers=1, verbose=False)
    assert sum(len(table) for table in map(database.__getitem__, database.tables)) == sum(
        len(track.affects) for track in every(analysis)
    )
    for table in map(database.__getitem__, database.tables):
        assert table.type == ("segmented" if table.is_segmented else "filewise")
        for column in table.columns.values():
            assert column.rater_id in database.raters
            assert column.scheme_id in database.schemes


@given(analyses())
@settings(RUN, max_examples=6)
def test_audformat_comes_back(folder: Path, plain: dict[str, Any]) -> None:
    pytest.importorskip("audformat")
    analysis = analysis_of(plain)
    analysis.to_audformat(folder / "again")
    back = by_person(read_quietly(folder / "again"))
    assert set(back) == set(by_person(every(analysis)))
    for whose, mine in by_person(every(analysis)).items():
        for one, other in zip(sorted(mine, key=order), sorted(back[whose], key=order), strict=True):
            same_affect(one, other)
            same_probs(one, other)
            assert one.model == other.model


@given(analyses(), st.lists(st.booleans(), max_size=20))
@RUN
def test_openface_rows_come_back(folder: Path, plain: dict[str, Any], seen: list[bool]) -> None:
    analysis = with_box(analysis_of(plain), seen)
    written = analysis.to_openface(folder / "a.csv")
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert all(row["success"] == "1" and float(row["timestamp"]) >= 0 for row in rows)
    assert [float(row["timestamp"]) for row in rows] == sorted(float(row["timestamp"]) for row in rows)
    back = by_person(read_quietly(folder / "a.csv"))
    for track in analysis.tracks:
        if track.modality == "face" and track.affects:
            unique = list(distinct(track))
            for one, other in zip(unique, sorted(back[track.person, "face"], key=order), strict=True):
                same_affect(words_gone(one), other)
                same_probs(one, other)


def with_box(analysis: Analysis, seen: list[bool]) -> Analysis:
    boxes = np.array([[1.0, 2.0, 3.0, 4.0] if there else [np.nan] * 4 for there in seen]).reshape(-1, 4)
    tracks = tuple(
        Track(track.person, track.modality, track.affects, (Series("box", 0.0, 10.0, boxes),))
        for track in analysis.tracks
    )
    return Analysis(analysis.source, tracks, analysis.fused)


def distinct(track: Track) -> Iterator[Affect]:
    """The same affect told twice of one stretch is one row's worth."""
    yield from sorted(dict.fromkeys(track.affects), key=order)


def words_gone(affect: Affect) -> Affect:
    """A row has one label: open words beside a category are not kept."""
    return (
        affect
        if affect.categories is None
        else Affect(affect.categories, affect.valence, affect.arousal, span=affect.span, confidence=affect.confidence)
    )
