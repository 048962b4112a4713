"""The head for empathic concern and distress: its two halves, and the model that they become."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("onnx")
pytest.importorskip("sklearn")

from mien.datasets import Sample  # noqa: E402
from mien.learn.heads import asset, empathy  # noqa: E402
from mien.learn.heads.net import Lower  # noqa: E402
from mien.learn.recipe import Recipe  # noqa: E402
from mien.runtime import find_asset  # noqa: E402
from mien.types import Affect, Distribution, Span, Utterance  # noqa: E402
from mien.types.scales import EMPATHY2  # noqa: E402

MOVED = ("Those poor children, I cried for them.", "My heart breaks for the families who lost all they had.")
COLD = ("The report lists the prices of grain.", "Nothing in it concerns me, and I went on to other news.")
OPTIONS = empathy.EmpathyOptions(epochs=2, batch=8)


def essay(number: int) -> Sample:
    """Return an essay of two passages' worth of sentences, by one of six writers, moved or not."""
    moved = number % 2 == 0
    text = " ".join([(MOVED if moved else COLD)[number // 2 % 2]] * (9 if number % 3 else 3)) + f" Page {number}."
    truth = Affect(Distribution(EMPATHY2, np.array([0.9, 0.8] if moved else [0.1, 0.2])))
    return Sample(
        str(number), Utterance(text, Span(0, len(text), "characters")), truth, {"writer": str(number % 6)}, {}
    )


ESSAYS = [essay(number) for number in range(24)]


@pytest.fixture(scope="module")
def lower() -> Lower:
    return Lower.of(find_asset("text-affect"), dropout=0.1)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_either_half_tells_moved_from_cold(lower: Lower, share: float) -> None:
    options = replace(OPTIONS, line_share=share)
    material = empathy.essays(ESSAYS, lower, options)
    assert len(material.owners) > len(ESSAYS)  # some have more than one passage
    assert material.means.shape == (len(material.owners), 3 * lower.encoder.shape.width)
    head = empathy.train(material, np.arange(18), lower, options, 0)
    said = empathy.said(head, material, np.arange(18, 24))
    assert said[::2].min(axis=0) == pytest.approx(said[::2].max(axis=0), abs=0.2)
    assert (said[::2].min(axis=0) > said[1::2].max(axis=0)).all()


def test_the_model_says_what_was_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lower: Lower) -> None:
    kept: dict[str, Any] = {}
    train = empathy.train
    monkeypatch.setattr(empathy.empathy, "load", lambda _: ESSAYS)
    monkeypatch.setattr(empathy.empathy, "load_wassa2022", lambda _: ESSAYS[:9])
    monkeypatch.setattr(empathy, "train", lambda *given: kept.setdefault("head", train(*given)))
    empathy.run(Recipe("text-empathy", tmp_path, (0,), {"epochs": 2, "batch": 8}), tmp_path / "out", 0)
    affects = asset.said_by(tmp_path / "out" / "text-empathy", [one.signal.text for one in ESSAYS])
    told = np.stack([affect.degrees[0].probs for affect in affects if affect is not None])
    expected = empathy.said(kept["head"], empathy.essays(ESSAYS, lower, OPTIONS), np.arange(24))
    # Steps so few move a weight by less than int8 can hold, so that part of what the block learnt is rounded away.
    np.testing.assert_allclose(told, expected, atol=0.1)
