from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import numpy as np
import pytest

import mien.io.json as analysis_json
from mien.errors import InputError, OptionError, OutputError
from mien.io import affect_line, affect_record, from_json, load, to_json
from mien.io.affect_json import affect_from
from mien.types import Affect, Analysis, Dimension, Distribution, Series, Source, Taxonomy, Track
from mien.types.scales import EMPATHY2, INTENSITY4
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28, PARROTT


def changed(seeds: ModuleType, **parts: Any) -> str:
    return json.dumps({**seeds.ANALYSIS, **parts})


def test_a_minimal_analysis_comes_back() -> None:
    analysis = Analysis(Source("a.txt", "text", "characters", 5.0), warnings=("Nothing was said.",))
    assert from_json(to_json(analysis)) == analysis
    jsonschema.Draft202012Validator(analysis_json.schema()).validate(json.loads(to_json(analysis)))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(analysis_json.schema())


def test_trees_independent_labels_and_unmeasured_values_come_back() -> None:
    several = tuple(
        Affect(Distribution(taxonomy, np.full(len(taxonomy), 1 / len(taxonomy), np.float32)))
        for taxonomy in (EKMAN7, GOEMOTIONS28, PARROTT)
    )
    curve = Series("box", 0.0, 10.0, np.array([[np.nan, 1.1], [2.2, np.nan]]))
    analysis = Analysis(Source("a", "video"), tracks=(Track("face-1", "face", several, (curve,)),))
    back = from_json(to_json(analysis))
    assert back == analysis
    assert back.tracks[0].affects[2].categories is not None
    assert back.tracks[0].affects[2].categories.taxonomy.parents == PARROTT.parents


def test_degrees_come_back_with_their_scales() -> None:
    felt = Affect(degrees=(Distribution(EMPATHY2, np.array([0.25, 0.5])), Distribution(INTENSITY4, np.full(4, 0.1))))
    analysis = Analysis(Source("a", "text", "characters"), tracks=(Track("writer", "text", (felt,)),))
    written = to_json(analysis)
    jsonschema.Draft202012Validator(analysis_json.schema()).validate(json.loads(written))
    assert from_json(written) == analysis
    assert affect_from(json.loads(affect_line(affect_record(1, felt)))).degrees == felt.degrees
    plain = affect_record(1, Affect(valence=Dimension(0.5, 0.2)))
    assert not {"degrees", "kind"} & set(plain)
    assert affect_record(1, replace(felt, kind="induced"))["kind"] == "induced"


def test_a_file_of_version_1_stays_readable(seeds: ModuleType) -> None:
    analysis = from_json(json.dumps(seeds.ANALYSIS))
    assert analysis.tracks[0].affects[0].categories == Distribution(
        Taxonomy("mood", ("good", "bad")), np.array([0.75, 0.25])
    )
    assert np.isnan(analysis.tracks[0].series[0].values[0, 1])


def test_names_that_are_no_utf8_come_back(tmp_path: Path) -> None:
    analysis = Analysis(Source("b\udce4.wav", "audio"))
    to_json(analysis, tmp_path / "a.json")
    assert load(tmp_path / "a.json") == analysis


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"version": 2}, "the text is of version 2, newer than this mien reads; allowed: up to 1"),
        ({"version": "1"}, "states the version '1'; allowed: whole numbers from 1 to 1"),
        ({"format": "other"}, 'holds no analysis of mien; it must be an object with "format": "mien.analysis"'),
        ({"source": {"kind": "text"}}, "is not a well-formed analysis: 'name' is missing or unknown"),
        ({"source": []}, "is not a well-formed analysis"),
        ({"tracks": {}}, "tracks must be a list"),
        ({"taxonomies": {}}, "'mood' is missing or unknown"),
        ({"rates": {"read": "fast"}}, "'fast' is no number"),
        ({"warnings": [1]}, "1 is no text"),
        ({"links": [{"voice": "a", "face": "b", "score": 1, "joined": 1}]}, "1 is neither true nor false"),
        (
            {"moments": [{"span": {"start": 2, "end": 1, "unit": "seconds"}, "person": "a", "note": ""}]},
            "the end must not lie before the start",
        ),
        ({"source": {"name": "a", "kind": "b", "unit": "hours"}}, "'hours' is no unit; allowed: seconds, characters"),
        ({"source": {"name": "a", "kind": "b", "width": 1.5}}, "1.5 is no whole number"),
        ({"fused": [{"person": "a", "modality": "smell"}]}, "modality 'smell'; allowed: text, speech, face, fused"),
    ],
)
def test_malformed_analyses_are_refused(seeds: ModuleType, parts: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        from_json(changed(seeds, **parts))


@pytest.mark.parametrize("written", ["", "{", "[" * 100_000, '{"format": "mien.analysis", "version": NaN}'])
def test_what_is_no_json_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="the text is not JSON, so it holds no analysis"):
        from_json(written)


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(OptionError, match="the analysis of a has no form in JSON: Out of range float"):
        to_json(Analysis(Source("a", "audio"), rates={"read": float("inf")}))
    moods = [Distribution(Taxonomy("mood", labels), np.array([0.5, 0.5])) for labels in (("a", "b"), ("c", "d"))]
    track = Track("x", "text", tuple(Affect(mood) for mood in moods))
    with pytest.raises(OptionError, match="two different taxonomies named 'mood'; rename one"):
        to_json(Analysis(Source("a", "text"), tracks=(track,)))


def test_writing_where_nothing_can_be_written(tmp_path: Path) -> None:
    analysis = Analysis(Source("a", "text"), fused=(Track("x", "fused", (Affect(valence=Dimension(0, 1)),)),))
    with pytest.raises(OutputError, match="does not exist"):
        analysis.to_json(tmp_path / "none" / "a.json")
