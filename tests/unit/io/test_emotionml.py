"""EmotionML: every rule of the reader is broken once, and documents of others become tracks as documented."""

from __future__ import annotations

import copy
import os
import random
from pathlib import Path
from typing import Any

import pytest

from mien.errors import InputError
from mien.io.emotionml import read_emotionml
from mien.io.emotionml.vocabularies import VOCABULARIES, W3C
from mien.types import Affect, Analysis, Distribution, Source, Span, Taxonomy, Track

ROOT = Path(__file__).parents[3]
SCHEMAS = Path(os.environ.get("MIEN_SCHEMAS", ROOT.parent / "shared" / "schemas")) / "emotionml"
BIG6, PAD = f'category-set="{W3C}#big6"', f'dimension-set="{W3C}#pad-dimensions"'
ANGER = '<category name="anger"/>'


def document(body: str, sets: str = BIG6) -> bytes:
    return f'<emotionml version="1.0" xmlns="http://www.w3.org/2009/10/emotionml" {sets}>\n{body}</emotionml>'.encode()


def read(body: str, sets: str = BIG6) -> list[Track]:
    return read_emotionml(document(body, sets), "a.xml", warn=lambda _: None)


def told(body: str, sets: str = BIG6) -> list[str]:
    sentences: list[str] = []
    read_emotionml(document(body, sets), "a.xml", warn=sentences.append)
    return sentences


BROKEN = [
    ('<emotion><category name="bliss"/></emotion>', BIG6, "the category 'bliss' is not in the vocabulary .*#big6"),
    (f"<emotion>{ANGER}</emotion>", "", "the category 'anger' is used without a category-set"),
    (f"<emotion>{ANGER}</emotion>", 'category-set="#mine"', "the category-set '#mine' is no vocabulary"),
    (f"<emotion>{ANGER}</emotion>", 'category-set="http://e.org/v#x"', "is no vocabulary that the document declares"),
    (
        f"<emotion>{ANGER}</emotion>",
        f'category-set="{W3C}#pad-dimensions"',
        "is a vocabulary of the kind dimension|not in",
    ),
    ('<emotion><dimension name="arousal"/></emotion>', PAD, "'arousal' has neither a value nor a trace"),
    (
        '<emotion><dimension name="arousal" value="1.5"/></emotion>',
        PAD,
        "value of dimension is '1.5'; allowed: .* 0 to 1",
    ),
    ('<emotion><dimension name="arousal" value="NaN"/></emotion>', PAD, "the value of dimension is 'NaN'"),
    ('<emotion><dimension name="arousal" value="1e999"/></emotion>', PAD, "the value of dimension is '1e999'"),
    (
        '<emotion><dimension name="arousal" value="1"><trace freq="1Hz" samples="0 1"/></dimension></emotion>',
        PAD,
        "has both a value and a trace",
    ),
    (
        '<emotion><dimension name="arousal"><trace freq="1" samples="0 1"/></dimension></emotion>',
        PAD,
        "the freq of trace is '1'; allowed: a rate such as 10Hz",
    ),
    (
        '<emotion><dimension name="arousal"><trace freq="1Hz" samples="0 2"/></dimension></emotion>',
        PAD,
        "the samples of trace is '2'",
    ),
    (f'<emotion start="9" end="8">{ANGER}</emotion>', BIG6, "the end 8 lies before the start 9"),
    (f'<emotion start="0.5">{ANGER}</emotion>', BIG6, r"the start of emotion \(in whole milliseconds\) is '0.5'"),
    (f'<emotion start="9999999999999999999">{ANGER}</emotion>', BIG6, "the start of emotion"),
    (
        f'<emotion offset-to-start="99999999999" duration="5000">{ANGER}</emotion>',
        BIG6,
        "a time of 1e.08 s; allowed: up to",
    ),
    (f"<emotion>{ANGER}{ANGER}</emotion>", BIG6, "the category 'anger' occurs twice"),
    (f'<emotion id="x">{ANGER}</emotion><emotion id="x">{ANGER}</emotion>', BIG6, "the id 'x' occurs twice"),
    ("<emotion/>", BIG6, "emotion holds nothing of category, dimension, appraisal, action-tendency"),
    (f"<emotion>{ANGER}<info/></emotion>", BIG6, "info stands too late in emotion or twice"),
    (f"<emotion><mood/>{ANGER}</emotion>", BIG6, "emotion holds the element 'mood'; allowed: info, category"),
    (f'<emotion mood="x">{ANGER}</emotion>', BIG6, "emotion has the attribute 'mood'; allowed: "),
    (f'<emotion version="2.0">{ANGER}</emotion>', BIG6, "the version of emotion is '2.0'; allowed: 1.0"),
    (f"<emotion>{ANGER}<reference/></emotion>", BIG6, "reference has no uri; it needs one"),
    (f'<emotion>{ANGER}<reference uri="a" role="by"/></emotion>', BIG6, "the role of reference is 'by'; allowed:"),
    (
        "<emotion><info><info/></info></emotion>",
        BIG6,
        "info holds .*info'; allowed: elements of other namespaces|holds nothing",
    ),
    ('<vocabulary type="mood" id="v"><item name="a"/></vocabulary>', BIG6, "the type of vocabulary is 'mood'"),
    ('<vocabulary type="category" id="v"/>', BIG6, "vocabulary holds nothing of item; it needs one"),
    ('<vocabulary type="category" id="1"><item name="a"/></vocabulary>', BIG6, "the id of vocabulary is '1'"),
    (
        '<vocabulary type="category" id="v"><item name="a"/><item name="a"/></vocabulary>',
        BIG6,
        "the item 'a' occurs twice",
    ),
]


@pytest.mark.parametrize(("body", "sets", "sentence"), BROKEN)
def test_a_broken_rule_is_told_with_its_line(body: str, sets: str, sentence: str) -> None:
    with pytest.raises(InputError, match=rf"^a\.xml, line \d+: .*({sentence})"):
        read(body, sets)


def test_the_line_is_the_line_of_the_element() -> None:
    with pytest.raises(InputError, match=r"^a\.xml, line 4: the category 'bliss'"):
        read(f'<emotion>{ANGER}</emotion>\n\n<emotion><category name="bliss"/></emotion>')


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a document type declaration .* is not read"),
        (b"<a><b></a>", "line 1: it is no well-formed XML: mismatched tag"),
        (b"", "no element found"),
        (b"<a/>", "the root is 'a'; it must be emotionml"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "unknown encoding|encoding that is not read"),
        (b"<a>\xff\xfe</a>", "not well-formed"),
        (b"<a>" * 100, "more than 64 deep"),
        (
            b'<emotionml xmlns="http://www.w3.org/2009/10/emotionml" version="1.1"/>',
            "the version of emotionml is '1.1'",
        ),
    ],
)
def test_what_is_no_document_is_refused(raw: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_emotionml(raw, "a.xml")


@pytest.mark.parametrize(("body", "sets", "sentence"), BROKEN)
def test_the_schema_refuses_no_less_than_its_own_rules(body: str, sets: str, sentence: str) -> None:
    """Whatever the schema refuses, the reader refuses: here each document that the schema lets pass is one of ours."""
    etree = pytest.importorskip("lxml.etree")
    if not (SCHEMAS / "emotionml.xsd").is_file():
        pytest.skip(f"the schema of EmotionML is not here: MIEN_SCHEMAS names no folder that holds it ({SCHEMAS})")
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "emotionml.xsd")))
    beyond = "vocabulary|category-set|neither|both|lies before|up to|version of emotion|999|start of emotion|not in"
    if schema.validate(etree.fromstring(document(body, sets))):
        assert any(part in sentence for part in beyond.split("|")), sentence


def test_the_note_of_vocabularies_is_held_whole() -> None:
    if not (SCHEMAS / "emotion-voc.emotionml").is_file():
        pytest.skip(f"the vocabularies of the W3C note are not here ({SCHEMAS})")
    etree = pytest.importorskip("lxml.etree")
    space = "{http://www.w3.org/2009/10/emotionml}"
    root = etree.parse(str(SCHEMAS / "emotion-voc.emotionml")).getroot()
    held = {
        f"{W3C}#{node.get('id')}": (node.get("type"), tuple(item.get("name") for item in node.iter(f"{space}item")))
        for node in root.iter(f"{space}vocabulary")
    }
    assert held == {address: (found.kind, found.items) for address, found in VOCABULARIES.items()}
    assert read_emotionml((SCHEMAS / "emotion-voc.emotionml").read_bytes(), "voc") == []


def test_a_document_of_others_becomes_tracks() -> None:
    (ann,) = read(
        '<emotion start="500" end="1500" expressed-through="voice"><category name="happiness" value="0.6"/>'
        '<category name="anger" value="0.2" confidence="0.5"/><dimension name="pleasure" value="0.75" confidence="0"/>'
        '<reference uri="http://e.org/people#ann" role="experiencedBy"/></emotion>',
        f"{BIG6} {PAD}",
    )
    (affect,) = ann.affects
    assert (ann.person, ann.modality, affect.span) == ("ann", "speech", Span(0.5, 1.5))
    assert affect.categories is not None
    assert affect.categories.taxonomy.name == "ferplus8"
    assert affect.categories.top == ("happiness", pytest.approx(0.75))
    assert affect.valence is not None
    assert (affect.valence.mean, affect.valence.std) == (0.5, pytest.approx(3**-0.5))


@pytest.mark.parametrize(
    ("given", "span"),
    [
        ('time-ref-uri="a.mp4" offset-to-start="250" duration="500"', Span(0.25, 0.75)),
        ('start="1000" duration="500"', Span(1.0, 1.5)),
        ('start="1400000000000" end="1400000000500"', Span(0.0, 0.5)),
        ("", None),
    ],
)
def test_times(given: str, span: Span | None) -> None:
    (track,) = read(f"<emotion {given}>{ANGER}</emotion>")
    assert track.affects[0].span == span


@pytest.mark.parametrize(
    ("uri", "span"),
    [
        ("a.mp4#t=1.5,2", Span(1.5, 2.0)),
        ("a.mp4#t=npt:0:01:00,61.5", Span(60.0, 61.5)),
        ("a.txt#char=3,9", Span(3, 9, "characters")),
        ("a.png", None),
    ],
)
def test_parts_of_a_medium(uri: str, span: Span | None) -> None:
    (track,) = read(f'<emotion>{ANGER}<reference uri="{uri}"/></emotion>')
    assert track.affects[0].span == span


def test_an_emotion_may_be_timed_by_another() -> None:
    first = f'<emotion id="one" start="1000" end="2000">{ANGER}</emotion>'
    timed = 'time-ref-uri="#one" time-ref-anchor-point="end" offset-to-start="100" duration="50"'
    after = f"<emotion {timed}>{ANGER}</emotion>"
    (track,) = read(first + after)
    assert track.affects[1].span == Span(2.1, 2.15)
    assert told(after + first) == ["a.xml: an emotion is timed by something of unknown time and is left out"]


def test_traces_are_series_and_their_mean() -> None:
    (track,) = read(
        '<emotion start="2000" end="3000"><dimension name="arousal">'
        '<trace freq="2 Hz" samples="0.5 1"/></dimension></emotion>',
        PAD,
    )
    (series,) = track.series
    assert (series.name, series.start, series.rate, series.values.tolist()) == ("arousal", 2.0, 2.0, [0.0, 1.0])
    assert track.affects[0].arousal is not None
    assert track.affects[0].arousal.mean == 0.5


def test_what_is_left_out_is_told() -> None:
    sets = f'{BIG6} dimension-set="{W3C}#fsre-dimensions" appraisal-set="{W3C}#occ-appraisals"'
    body = (
        f'<emotion>{ANGER}<dimension name="unpredictability" value="1"/><appraisal name="effort" value="1"/></emotion>'
        * 2
    )
    assert told(body, sets) == [
        "a.xml: the appraisal 'effort' has no place in an affect (2 times)",
        "a.xml: the dimension 'unpredictability' has no place in an affect (2 times)",
    ]
    words = '<vocabulary type="category" id="v"><item name="grumpy"/></vocabulary>'
    body = f'{words}<emotion category-set="#v"><category name="grumpy"/></emotion>'
    assert told(body) == ["a.xml: #v is no taxonomy known here; its labels are read as open words"]
    assert read(body)[0].affects[0].labels == ("grumpy",)


def test_our_own_taxonomies_are_declared_and_the_note_is_used_where_it_is_exact() -> None:
    mood = Taxonomy("my mood", ("so so", "r&b"))
    odd = Affect(Distribution(mood, [0.25, 0.75]), span=Span(0, 1))  # type: ignore[arg-type]
    six = Taxonomy("six", VOCABULARIES[f"{W3C}#big6"].items)
    angry = Affect(Distribution(six, [0.5, 0.1, 0.1, 0.1, 0.1, 0.1]), span=Span(0, 1))  # type: ignore[arg-type]
    written = Analysis(Source("a.mp4", "video"), (Track("ann", "face", (odd, angry)),)).to_emotionml()
    assert '<vocabulary type="category" id="n-my-mood">' in written
    assert '<mien:label text="r&amp;b" />' in written
    assert f'category-set="{W3C}#big6"' in written
    (track,) = read_emotionml(written.encode(), "a", warn=lambda _: None)
    assert track.affects[0].labels == ("r&b", "so so")
    assert track.affects[1].categories is not None
    assert track.affects[1].categories.taxonomy.name == "ferplus8"


RICH = document(
    f'<info/><vocabulary type="category" id="v"><info/><item name="joy"><info/></item><item name="fear"/></vocabulary>'
    f'<emotion id="e" start="0" end="9" duration="9" expressed-through="face voice" category-set="#v"><info>x</info>'
    f'<category name="joy" value="0.5" confidence="1"/><dimension name="arousal"><trace freq="2Hz" samples="0 1"/>'
    f'</dimension><reference uri="a.mp4#t=1,2" role="expressedBy" media-type="video/mp4"/></emotion>'
    f'<emotion time-ref-uri="#e" time-ref-anchor-point="end" offset-to-start="-1">{ANGER}</emotion>',
    f"{BIG6} {PAD}",
)
ODD = ("", " ", "-1", "1.5", "x y", "NaN", "1e3", "#v", "end", "dimension", "joy", "10 Hz", "99999999999999999999")


def mutate(root: Any, chance: random.Random) -> None:
    """Change one thing of a document."""
    node = chance.choice([each for each in root.iter() if isinstance(each.tag, str)])
    kind = chance.randrange(6)
    if kind == 0 and node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]
    elif kind == 1 and node.attrib:
        node.set(chance.choice(list(node.attrib)), chance.choice(ODD))
    elif kind == 2:
        node.set(chance.choice(("value", "name", "id", "start", "freq", "mood")), chance.choice(ODD))
    elif kind == 3:
        node.insert(chance.randrange(len(node) + 1), copy.deepcopy(chance.choice(list(root.iter()))))
    elif kind == 4 and len(node):
        node.remove(chance.choice(list(node)))
    else:
        node.text = chance.choice(("", " ", "words"))


def passes(raw: bytes) -> bool:
    try:
        read_emotionml(raw, "a.xml", warn=lambda _: None)
    except InputError:
        return False
    return True


def test_what_the_schema_refuses_is_refused() -> None:
    """Small changes of a valid document: the reader lets none pass that the schema does not."""
    etree = pytest.importorskip("lxml.etree")
    if not (SCHEMAS / "emotionml.xsd").is_file():
        pytest.skip(f"the schema of EmotionML is not here: MIEN_SCHEMAS names no folder that holds it ({SCHEMAS})")
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "emotionml.xsd")))
    schema.assertValid(etree.fromstring(RICH))
    read_emotionml(RICH, "a.xml", warn=lambda _: None)
    chance, refused = random.Random(1), 0
    for _ in range(2000):
        root = etree.fromstring(RICH)
        mutate(root, chance)
        raw = etree.tostring(root)
        if not schema.validate(etree.fromstring(raw)):
            refused += 1
            assert not passes(raw), f"{schema.error_log.last_error}: {raw.decode()}"
    assert refused > 500
