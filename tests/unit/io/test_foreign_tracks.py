"""Files of other tools become tracks by the stated rules, and whatever is in them, errors are one sentence."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mien.errors import InputError, OptionError
from mien.fuse import fuse, imported
from mien.io import LeftOutWarning, read_tracks, sniff
from mien.io.eaf import read_eaf
from mien.io.exports import FORMATS, export
from mien.io.foreign import medium
from mien.io.labels import distribution, read_labels
from mien.io.openface_read import read_openface
from mien.io.textgrid import read_textgrid
from mien.types import Affect, Analysis, Dimension, Distribution, Series, Source, Span, Track
from mien.types.taxonomies import EKMAN7, TAXONOMIES

JOY = Affect(
    Distribution(EKMAN7, np.eye(7)[3]), Dimension(0.5, 0.2), labels=("glad",), span=Span(0, 1.5), confidence=0.5
)
BOX = Series("box", 0.0, 10.0, np.array([[1.0, 2.0, 30.0, 40.0]] * 15))
TALK = Analysis(Source("talk.mp4", "video", duration=2.0), (Track("ann", "face", (JOY,), (BOX,)),))
OPENFACE = """frame, face_id, timestamp, confidence, success, gaze_0_x, pose_Rx, AU01_r, AU12_c, x_0
1, 0, 0.000, 0.98, 1, 0.1, 0.2, 1.5, 1, 300
2, 0, 0.040, 0.98, 1, 0.1, 0.2, 2.5, 0, 301
3, 0, 0.080, 0.02, 0, 0, 0, 0, 0, 0
1, 1, 0.000, 0.90, 1, 0.3, 0.2, 0.5, 0, 300
"""


def elan(tiers: str, slots: str = "", units: str = "milliseconds") -> bytes:
    slots = slots or "".join(f'<TIME_SLOT TIME_SLOT_ID="t{n}" TIME_VALUE="{n * 500}"/>' for n in range(6))
    head = f'<HEADER TIME_UNITS="{units}"/><TIME_ORDER>{slots}</TIME_ORDER>'
    return f"<ANNOTATION_DOCUMENT>{head}{tiers}</ANNOTATION_DOCUMENT>".encode()


def mark(number: int, start: int, end: int, value: str) -> str:
    times = f'TIME_SLOT_REF1="t{start}" TIME_SLOT_REF2="t{end}"'
    inner = f'<ALIGNABLE_ANNOTATION ANNOTATION_ID="a{number}" {times}><ANNOTATION_VALUE>{value}</ANNOTATION_VALUE>'
    return f"<ANNOTATION>{inner}</ALIGNABLE_ANNOTATION></ANNOTATION>"


def tier(name: str, *marks: str, who: str = "") -> str:
    return f'<TIER TIER_ID="{name}" PARTICIPANT="{who}">{"".join(marks)}</TIER>'


def ignore(sentence: str) -> None:
    """Say nothing."""


def test_elan_tiers_of_others() -> None:
    told: list[str] = []
    raw = elan(
        tier("emotion", mark(1, 0, 1, "Angry"), mark(2, 1, 2, "sad"), who="Ann")
        + tier("face@Bob", mark(3, 0, 1, "grumpy"))
        + tier("valence", mark(4, 0, 1, "-0.5"), who="Ann")
        + tier("arousal", mark(5, 0, 1, "7"), who="Ann")
        + tier("words", mark(6, 0, 3, "well I would not say so"), who="Ann")
    )
    ann, bob = read_eaf(raw, "a.eaf", warn=told.append)
    assert (ann.person, ann.modality, bob.person, bob.modality) == ("Ann", "fused", "Bob", "face")
    first, second = ann.affects
    assert first.categories is None or first.categories.taxonomy.name == "ekman7"
    assert first.valence == Dimension(-0.5, 0.3)
    assert (first.span, second.span) == (Span(0, 0.5), Span(0.5, 1.0))
    assert len(told) == 3
    assert "the tier 'arousal' has values beyond -1 to 1" in told[0]


def test_elan_hangs_below() -> None:
    ref = (
        '<TIER TIER_ID="valence" PARTICIPANT="Ann"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="b" ANNOTATION_REF="a1">'
        "<ANNOTATION_VALUE>0.25</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>"
    )
    (ann,) = read_eaf(elan(tier("emotion", mark(1, 0, 2, "joy"), who="Ann") + ref), "a.eaf")
    assert ann.affects[0].valence == Dimension(0.25, 0.3)
    assert ann.affects[0].span == Span(0, 1)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (elan("", units="PAL-frames"), "counts time in 'PAL-frames'; allowed: milliseconds"),
        (elan(tier("a", mark(1, 0, 9, "joy"))), "line 1: the time slot 't9' does not exist"),
        (elan("", '<TIME_SLOT TIME_SLOT_ID="t0" TIME_VALUE="1e3"/>'), "the time in milliseconds is '1e3'"),
        (elan("", f'<TIME_SLOT TIME_SLOT_ID="t0" TIME_VALUE="{10**30}"/>'), "the time in milliseconds is '1000000"),
        (elan(tier("a", mark(1, 3, 1, "joy"))), "tier 'a': a mark ends at 0.5 s, before it starts at 1.5 s"),
        (elan("<TIER/>"), "TIER has no TIER_ID; it needs one"),
        (elan(tier("face.valence@ann", mark(1, 0, 1, "2"))), "the valence is '2'; allowed: a number from -1 to 1"),
        (
            elan(tier("face.confidence@ann", mark(1, 0, 1, "0.2"))),
            "there is a confidence or probability, but of nothing",
        ),
    ],
)
def test_wrong_elan_documents(raw: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_eaf(raw, "a.eaf", warn=ignore)


def test_unaligned_annotations_are_told() -> None:
    slots = '<TIME_SLOT TIME_SLOT_ID="t0" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="t1"/>'
    with pytest.warns(LeftOutWarning, match="1 annotations are not aligned to time and are left out"):
        read_eaf(elan(tier("a", mark(1, 0, 1, "joy")), slots), "a.eaf")


LONG = TALK.to_textgrid()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_textgrids_in_each_encoding_and_form(encoding: str) -> None:
    short = '"ooTextFile"\n"TextGrid"\n0\n2\n<exists>\n1\n"IntervalTier"\n"voice@Änn"\n0\n2\n1\n0\n2\n"fearful"\n'
    (track,) = read_textgrid(short.encode(encoding), "a.TextGrid")
    assert (track.person, track.modality, track.affects[0].categories.top[0]) == ("Änn", "speech", "fearful")  # type: ignore[union-attr]
    assert read_textgrid(LONG.encode(encoding), "a.TextGrid")[0].affects[0].labels == ("glad",)


@pytest.mark.parametrize(
    ("grid", "sentence"),
    [
        ("hello", "ends where a quoted text should come"),
        ('"ooTextFile" "Sound"', "is no TextGrid"),
        (LONG[: len(LONG) // 2], r"cut short|stands where|is ''"),
        (
            LONG.replace("intervals: size = 2", "intervals: size = 99999999999999", 1),
            "the number of intervals is '9999",
        ),
        (LONG.replace("1.500", "1e999"), "xmax is '1e999'"),
        (LONG.replace("1.500", "NaN"), "xmax is|the time is"),
        (LONG.replace('"IntervalTier"', '"Sound"'), "the tier has the class 'Sound'"),
        ('"ooTextFile" "TextGrid', "a quoted text has no end"),
        ("ooBinaryFile\x08TextGrid", "a binary TextGrid; save it"),
    ],
)
def test_wrong_textgrids(grid: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_textgrid(grid.encode(), "a.TextGrid")


def test_openface_becomes_series() -> None:
    told: list[str] = []
    first, second = read_openface(OPENFACE.encode(), "of.csv", warn=told.append)
    assert (first.person, first.modality, first.affects, second.person) == ("openface-0", "face", (), "openface-1")
    assert [series.name for series in first.series] == ["confidence", "gaze_0_x", "pose_Rx", "AU01_r", "AU12_c"]
    intensity = first.curve("AU01_r")
    assert intensity is not None
    assert intensity.rate == 25.0
    np.testing.assert_array_equal(intensity.values, [1.5, 2.5, np.nan])
    assert told == ["of.csv: the columns of landmarks are left out"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("0.040", "1e999", "line 3: the timestamp is '1e999'"),
        ("0.040", "nan", "line 3: the timestamp is 'nan'"),
        ("2.5", "inf", "line 3: the AU01_r is 'inf'"),
        (", 301", "", "line 3: 9 cells under 10 columns; the file may be cut short"),
        ("timestamp", "moment", "no columns frame and timestamp"),
        ("0.040", "99999999", "frames of one face; allowed"),
    ],
)
def test_wrong_openface_tables(old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_openface(OPENFACE.replace(old, new).encode(), "of.csv", warn=ignore)


def test_audformat_of_others(tmp_path: Path) -> None:
    audformat = pytest.importorskip("audformat")
    pandas = pytest.importorskip("pandas")
    from mien.io.audformat import quiet_tables

    with quiet_tables():
        database = audformat.Database("others", source="", usage=audformat.define.Usage.OTHER)
        database.schemes["emotion"] = audformat.Scheme(labels=["happy", "angry"])
        database.schemes["arousal"] = audformat.Scheme("float", minimum=1, maximum=5)
        database.schemes["speaker"] = audformat.Scheme("str")
        index = audformat.segmented_index(["a.wav"] * 2, ["0s", "1s"], ["1s", pandas.NaT])
        database["emotion"] = audformat.Table(index)
        for name, values in (("emotion", ["happy", None]), ("arousal", [3.0, 5.0]), ("speaker", ["ann", "bob"])):
            database["emotion"][name] = audformat.Column(scheme_id=name)
            database["emotion"][name].set(values)
        database.save(str(tmp_path / "db"), storage_format="csv")
    told: list[str] = []
    ann, bob = read_tracks(tmp_path / "db", warn=told.append)
    assert (ann.person, ann.modality, ann.affects[0].categories.top[0]) == ("ann", "fused", "happy")  # type: ignore[union-attr]
    assert (ann.affects[0].arousal, bob.affects[0].arousal) == (Dimension(0.0, 0.3), Dimension(1.0, 0.3))
    assert bob.affects[0].span == Span(1, 1)
    assert "a segment without an end is taken as a point in time" in told[0]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("db.yaml", "!!python/object/apply:os.system ['touch {folder}/ran']", "is no header of audformat"),
        ("db.yaml", "a: &a [1]\nb: *a\n", "holds aliases"),
        ("db.yaml", "[1, 2]", "must be a mapping"),
        ("db.yaml", "name: x\n", "cannot be loaded as an audformat database"),
        ("db.face.1.pkl", "x", "stores db.face.1.pkl as a pickle"),
        ("other.yaml", "a: 1", "holds 2 headers"),
    ],
)
def test_unsafe_databases(name: str, content: str, sentence: str, tmp_path: Path) -> None:
    pytest.importorskip("audformat")
    TALK.to_audformat(tmp_path / "db")
    (tmp_path / "db" / name).write_text(content.format(folder=tmp_path))
    with pytest.raises(InputError, match=sentence):
        read_tracks(tmp_path / "db")
    assert not (tmp_path / "ran").exists()


def test_labels_find_their_taxonomy() -> None:
    found = [
        read_labels(labels) for labels in (["JOY", "fear"], ["happy", "calm"], ["pos", "neg"], ["amusement"], ["odd"])
    ]
    assert [reading and reading[0].name for reading in found] == [
        "ekman7",
        "ravdess8",
        "sentiment3",
        "goemotions28",
        None,
    ]
    assert read_labels(["joy"], "plutchik8") == (TAXONOMIES["plutchik8"], {"joy": "joy"})
    assert read_labels([]) is None


def test_shares_leave_the_rest_to_labels_without_one() -> None:
    assert distribution(EKMAN7, {"joy": 0.4}).as_dict()["fear"] == pytest.approx(0.1)
    assert distribution(EKMAN7, {"joy": 1.0, "fear": 1.0}).as_dict()["fear"] == 0.5
    assert distribution(EKMAN7, dict.fromkeys(EKMAN7.labels, 0.0)).probs == pytest.approx(1 / 7)
    assert distribution(TAXONOMIES["goemotions28"], {"joy": 0.4}).probs.sum() == pytest.approx(0.4)


def test_the_medium_is_named_without_its_folders(tmp_path: Path) -> None:
    clip = tmp_path / "clips" / "talk.mp4"
    clip.parent.mkdir()
    clip.touch()
    stored = tmp_path / "source.mp4"
    stored.touch()
    assert medium(TALK, tmp_path / "out.eaf", clip) == "clips/talk.mp4"
    assert medium(TALK, tmp_path / "out.eaf", stored) == "talk.mp4"
    assert medium(Analysis(Source("/home/ann/talk.mp4", "video")), tmp_path / "out.eaf", None) == "talk.mp4"


def test_times_before_the_beginning_have_no_place_in_a_tier() -> None:
    early = Analysis(Source("a.wav", "audio"), (Track("ann", "speech", (JOY.at(Span(-1, 1)),)),))
    with pytest.raises(OptionError, match="a TextGrid needs times from 0 s on"):
        early.to_textgrid()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello", "holds no tracks that mien reads; allowed: EmotionML"),
        (b"\x89PNG\r\n\x1a\n\x00", "holds no tracks"),
        (b"<html><body/></html>", "XML with the root 'html', which holds no tracks"),
        (b"<", "no well-formed XML"),
        (b'{"format": "other"}', "holds no analysis of mien"),
        (
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>',
            "DOCTYPE|type decl",
        ),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><emotionml/>', "a document type declaration"),
    ],
)
def test_what_is_none_of_them_is_told(content: bytes, sentence: str, tmp_path: Path) -> None:
    (tmp_path / "a.x").write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_tracks(tmp_path / "a.x")


def test_an_analysis_of_ours_gives_its_tracks(tmp_path: Path) -> None:
    TALK.to_json(tmp_path / "talk.json")
    assert read_tracks(tmp_path / "talk.json") == list(TALK.tracks)


def test_they_are_no_sources_of_their_own(tmp_path: Path) -> None:
    for name in ("emotionml", "eaf", "textgrid"):
        export(TALK, name, tmp_path / f"a.{FORMATS[name].ending}")
        with pytest.raises(
            InputError, match="holds annotations of a recording; give the recording, and these with --tr"
        ):
            sniff(tmp_path / f"a.{FORMATS[name].ending}")
    (tmp_path / "of.csv").write_text(OPENFACE)
    with pytest.raises(InputError, match="holds annotations of a recording"):
        sniff(tmp_path / "of.csv")
    export(TALK, "openface", tmp_path / "talk.openface.csv")
    assert sniff(tmp_path / "talk.openface.csv") == "analysis"


SEEDS: dict[str, Any] = {
    "emotionml": TALK.to_emotionml().encode(),
    "eaf": TALK.to_eaf().encode(),
    "textgrid": LONG.encode(),
    "openface": TALK.to_openface().encode(),
    "foreign-openface": OPENFACE.encode(),
}
SPLICES = (
    b"\x00",
    b"\xff\xfe",
    b"1e999",
    b"NaN",
    b"-1",
    b"99999999999999999999",
    b'"',
    b"<",
    b"&x;",
    b"",
    b"\xc3",
    b"]]>",
)


def sentence_of(path: Path) -> str:
    """What reading ends in; any error but the one for wrong input goes through."""
    try:
        read_tracks(path, warn=ignore)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files_end_in_one_sentence(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    path = tmp_path / "a.file"
    for _ in range(150):
        raw = SEEDS[name]
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(raw) + 1)
            raw = raw[:at] + chance.choice(SPLICES) + raw[at + chance.choice((0, 1, 3, 40)) :]
        path.write_bytes(raw[: chance.choice((len(raw), chance.randrange(1, len(raw) + 1)))] or b" ")
        told = sentence_of(path)
        assert "\n" not in told
        assert len(told) < 600


@pytest.mark.parametrize("name", ["emotionml", "eaf", "textgrid", "audformat", "openface"])
def test_nothing_is_nothing_everywhere(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{FORMATS[name].ending}"
    export(Analysis(Source("a.wav", "audio")), name, path)
    assert read_tracks(path) == []


@pytest.mark.parametrize("name", ["emotionml", "audformat", "openface"])
def test_a_photograph_has_no_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{FORMATS[name].ending}"
    seen = Affect(Distribution(EKMAN7, np.eye(7)[3]), confidence=0.5)
    export(Analysis(Source("a.png", "image"), (Track("face-1", "face", (seen,)),)), name, path)
    (track,) = read_tracks(path)
    assert track.affects[0].span is None
    assert track.affects[0].categories == seen.categories
    with pytest.raises(OptionError, match=r"needs times in seconds, and the analysis of a\.png has no times"):
        Analysis(Source("a.png", "image"), (Track("face-1", "face", (seen,)),)).to_eaf()


def test_characters_are_kept_by_emotionml(tmp_path: Path) -> None:
    read = Affect(valence=Dimension(0.5, 0.2), span=Span(3, 9, "characters"))
    Analysis(Source("a.txt", "text", "characters"), (Track("ann", "text", (read,)),)).to_emotionml(tmp_path / "a.xml")
    assert read_tracks(tmp_path / "a.xml")[0].affects[0].span == read.span


@pytest.mark.parametrize("name", ["emotionml", "audformat"])
def test_tracks_that_come_back_fuse_as_they_did(name: str, tmp_path: Path) -> None:
    goemotions = TAXONOMIES["goemotions28"]
    words = Affect(Distribution(goemotions, np.linspace(0, 0.9, 28)), span=Span(0.5, 2.25), confidence=0.4)
    tracks = (*TALK.tracks, Track("ann", "text", (words, JOY.at(Span(2.25, 4.0)))))
    path = tmp_path / f"a.{FORMATS[name].ending}"
    export(Analysis(TALK.source, tracks), name, path)
    reliability = {"face": 0.7, "text": 0.4}
    (mine,), (theirs,) = (fuse(each, reliability=reliability) for each in (tracks, imported(read_tracks(path))))
    for one, other in zip(mine.affects, theirs.affects, strict=True):
        assert one.span == other.span
        assert one.categories is not None
        assert other.categories is not None
        np.testing.assert_allclose(one.categories.probs, other.categories.probs, atol=1e-6)
        assert other.confidence == pytest.approx(one.confidence, abs=1e-6)


@pytest.mark.parametrize("ending", ["yaml", "parquet"])
def test_damaged_databases_end_in_one_sentence(ending: str, tmp_path: Path) -> None:
    pytest.importorskip("audformat")
    TALK.to_audformat(tmp_path / "db")
    (path,) = (tmp_path / "db").glob(f"*.{ending}")
    whole, chance = path.read_bytes(), random.Random(ending)
    for _ in range(40):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + chance.choice(SPLICES) + whole[at + chance.choice((0, 1, 3, 400)) :])
        assert "\n" not in sentence_of(tmp_path / "db")
