"""The transformer at work inside scikit-learn."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import mien
from mien import MienTransformer
from mien.errors import OptionError, UnknownNameError

EXAMPLES = Path(__file__).parents[3] / "examples"
GLAD = [
    "We won the cup!",
    "She said yes!",
    "What a lovely present.",
    "The sun is out, I love it.",
    "Thank you, friend.",
]
SAD = [
    "He died last night.",
    "I miss her so much.",
    "Nobody came to my birthday.",
    "We lost it all.",
    "I cried all day.",
]
TEXTS, TRUTH = GLAD + SAD, [1] * 5 + [0] * 5


def test_rows_are_what_the_perceiver_says() -> None:
    rows = MienTransformer().fit_transform(TEXTS)
    assert rows.shape == (10, 31)
    affect = mien.build("perceiver", "text/affect").read([mien.types.Utterance(GLAD[0], mien.Span(0, 1))])[0]
    np.testing.assert_allclose(rows[0, :28], affect.categories.probs, atol=1e-5)
    np.testing.assert_allclose(
        rows[0, 28:], [affect.valence.mean, affect.arousal.mean, affect.dominance.mean], atol=1e-5
    )


def test_names_follow_the_columns() -> None:
    names = MienTransformer(taxonomy="sentiment3").get_feature_names_out().tolist()
    assert names == [
        "sentiment3.negative",
        "sentiment3.neutral",
        "sentiment3.positive",
        "valence_mean",
        "arousal_mean",
        "dominance_mean",
    ]
    assert MienTransformer(taxonomy="sentiment3", dimensions=False).transform(TEXTS).shape == (10, 3)


def test_pipeline_and_cross_validation() -> None:
    model = make_pipeline(MienTransformer("text", taxonomy="ekman7"), StandardScaler(), LogisticRegression())
    scores = cross_val_score(model, TEXTS, TRUTH, cv=5)
    assert scores.mean() >= 0.8


def test_column_transformer_and_set_output() -> None:
    table = pandas.DataFrame({"words": TEXTS, "hour": range(10)}, index=range(100, 110))
    columns = ColumnTransformer(
        [("affect", MienTransformer(taxonomy="ekman7"), "words"), ("same", "passthrough", ["hour"])]
    ).set_output(transform="pandas")
    out = columns.fit_transform(table)
    assert list(out.index) == list(table.index)
    assert "affect__ekman7.joy" in out.columns
    assert out["same__hour"].tolist() == list(range(10))
    one = MienTransformer(taxonomy="ekman7").set_output(transform="pandas").fit_transform(table[["words"]])
    np.testing.assert_allclose(one["ekman7.joy"], out["affect__ekman7.joy"])


def test_clone_and_pickle_give_the_same() -> None:
    transformer = MienTransformer(taxonomy="ekman7", batch_size=3).fit(TEXTS)
    rows = transformer.transform(TEXTS)
    copies = [clone(transformer), pickle.loads(pickle.dumps(transformer))]
    assert len(pickle.dumps(transformer)) < 2000
    for copy in copies:
        np.testing.assert_allclose(copy.transform(TEXTS), rows, atol=1e-6)


def test_missing_items_give_rows_of_nan() -> None:
    rows = MienTransformer(taxonomy="ekman7").fit_transform(pandas.Series(["Hello!", None, "", np.nan, pandas.NA]))
    assert np.isnan(rows[1:]).all()
    assert np.isfinite(rows[0]).all()


def test_recordings_as_paths_arrays_and_table() -> None:
    silence = np.zeros(8000, np.float32)
    rows = MienTransformer("speech").fit_transform([EXAMPLES / "dialogue.ogg", silence])
    assert rows.shape == (2, 11)
    assert np.isfinite(rows[0]).all()
    assert rows[0, :8].sum() == pytest.approx(1)
    assert np.isnan(rows[1]).all()
    assert MienTransformer("speech", sampling_rate=8000).fit_transform(np.stack([silence] * 3)).shape == (3, 11)


def test_pictures() -> None:
    path = EXAMPLES / "face.webp"
    rows = MienTransformer("face", taxonomy="ekman7").fit_transform([str(path), path.read_bytes()])
    assert rows.shape == (2, 10)
    np.testing.assert_allclose(rows[0], rows[1])
    assert MienTransformer("face-expression").fit_transform([path]).shape == (1, 11)


def test_wrong_uses_are_named() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown modality 'smell'; known: .*speech.*text"):
        MienTransformer("smell").fit(TEXTS)
    with pytest.raises(UnknownNameError, match="unknown taxonomy 'ekman8'"):
        MienTransformer(taxonomy="ekman8").fit(TEXTS)
    with pytest.raises(OptionError, match="one str was given to a transformer; allowed: a list or array of items"):
        MienTransformer().fit("Hello!")
    with pytest.raises(OptionError, match="a table of 2 columns was given; allowed: one column"):
        MienTransformer().fit(pandas.DataFrame({"a": TEXTS, "b": TEXTS}))
    with pytest.raises(OptionError, match=r"numbers \(float64\) were given; allowed: texts, paths or arrays"):
        MienTransformer().fit(np.zeros(3))
    with pytest.raises(OptionError, match="0 items were given"):
        MienTransformer().fit([])


WITHOUT = """
import sys
sys.modules["sklearn"] = None
import mien
from mien import *
try:
    mien.MienTransformer
except mien.errors.MissingExtraError as error:
    sys.stdout.write(str(error))
"""


def test_without_scikit_learn_the_extra_is_named() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout == "MienTransformer needs the extra 'bench'; install it with: pip install 'mien[bench]'"
