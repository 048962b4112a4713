"""Texts in other languages go to the installed model that claims them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mien
from mien.errors import OptionError
from mien.perceive.text import TextPerceiver, perceiver
from mien.perceive.text.heads import heads_of
from mien.perceive.text.others import Claims, claimants
from mien.runtime import find_assets, open_asset
from mien.types import Span, Utterance

ENGLISH = Path(mien.__file__).parent / "assets" / "text-affect"


class Umlauts:
    """Claims what holds an umlaut."""

    def holds(self, text: str) -> bool:
        return "ü" in text


def written(*texts: str) -> list[Utterance]:
    return [Utterance(text, Span(0, max(1, len(text)), "characters")) for text in texts]


def test_own_models_claim_nothing() -> None:
    assert not {"text-affect"} & set(claimants())
    assert "claims" not in find_assets()["text-affect"].info.options


def test_each_text_goes_to_its_model_and_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceiver, "claimants", lambda: {str(ENGLISH): Umlauts()})
    read: list[tuple[str, int]] = []
    both = TextPerceiver(threads=1)
    (_, other) = both._others[0]
    for name, one in (("own", both), ("other", other)):
        whole = one._read_all
        monkeypatch.setattr(
            one, "_read_all", lambda items, name=name, whole=whole: read.append((name, len(items))) or whole(items)
        )
    texts = ("I am glad.", "Ich bin müde.", " ", "I am sad.", "Für dich!")
    affects = both.read(written(*texts))
    assert sorted(read) == [("other", 2), ("own", 3)]
    alone = TextPerceiver(model="text-affect", threads=1).read(written(*texts))
    assert [affect is None for affect in affects] == [affect is None for affect in alone]
    for found, expected in zip(affects, alone, strict=True):
        if found is not None and expected is not None:
            assert np.allclose(found.categories.probs, expected.categories.probs, atol=1e-5)
    assert [info.name for info in both.infos] == ["text-affect", "text-affect"]


def test_a_named_model_reads_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perceiver, "claimants", lambda: {str(ENGLISH): Umlauts()})
    assert len(TextPerceiver(model="text-affect", threads=1).infos) == 1


def test_claims_are_the_sign_of_a_linear_model(tmp_path: Path) -> None:
    arrays = {"rarity": np.ones(1 << 8, np.uint8), "weights": np.zeros((1 << 8, 1), np.int8)}
    for bias, holds in ((0.1, True), (-0.1, False)):
        np.savez(tmp_path / "claims.npz", **arrays, scale=np.ones(1, np.float32), bias=np.array([bias], np.float32))
        assert Claims(tmp_path / "claims.npz").holds("any text") is holds


def test_thresholds_of_a_language() -> None:
    info = open_asset(ENGLISH).info
    options = dict(info.options) | {"languages": ["deu", "fin"], "language_thresholds": [[0.2] * 28, [0.3] * 28]}
    heads = heads_of(type(info)(**{name: getattr(info, name) for name in info.__slots__} | {"options": options}))
    assert (heads.thresholds_in("fin") == 0.3).all()
    assert (heads.thresholds_in(None) == heads.thresholds).all()
    with pytest.raises(OptionError, match="knows no language 'xyz'; those it tells apart: deu, fin"):
        heads.thresholds_in("xyz")
    with pytest.raises(OptionError, match="those it tells apart: none"):
        TextPerceiver(model="text-affect", threads=1).in_language("deu")
