from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.perceive.text.ngrams import LONGEST, Ngrams, counted, hashed

BITS = 12


def written(path: Path) -> Ngrams:
    rng = np.random.default_rng(0)
    np.savez(
        path,
        rarity=np.full(1 << BITS, 20, np.uint8),
        weights=rng.integers(-127, 127, (1 << BITS, 3)).astype(np.int8),
        scale=np.full(3, 0.1, np.float32),
        bias=np.array([0.5, 0, -0.5], np.float32),
    )
    return Ngrams.read(path)


def test_each_ngram_has_a_place() -> None:
    letters = len(" so ")
    assert len(hashed("so", BITS)) == sum(max(0, letters - length + 1) for length in range(1, LONGEST + 1))
    places = hashed("the quick brown fox", BITS)
    assert places.min() >= 0
    assert places.max() < 1 << BITS


def test_equal_ngrams_have_equal_places_and_others_do_not() -> None:
    places, shares = counted("aaaaa", 20)
    assert len(places) == len(counted("aaaaaaaa", 20)[0])
    assert shares.max() == pytest.approx(1 + np.log(5))
    found = {tuple(hashed(text, 20).tolist()) for text in ("ab", "ba", "aб", "a b", "a")}
    assert len(found) == 5


def test_case_and_space_do_not_count(tmp_path: Path) -> None:
    model = written(tmp_path / "ngrams.npz")
    assert np.array_equal(model.logits("So  GLAD\n"), model.logits("so glad"))


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\U0001f600", "a" * 5000])
def test_any_text_has_finite_logits(tmp_path: Path, text: str) -> None:
    logits = written(tmp_path / "ngrams.npz").logits(text)
    assert logits.shape == (3,)
    assert np.isfinite(logits).all()


def test_weights_count_by_share(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "one.npz",
        rarity=np.full(1 << BITS, 20, np.uint8),
        weights=np.ones((1 << BITS, 1), np.int8),
        scale=np.ones(1, np.float32),
        bias=np.zeros(1, np.float32),
    )
    places, shares = counted("glad", BITS)
    expected = shares.sum() / np.linalg.norm(shares)
    assert Ngrams.read(tmp_path / "one.npz").logits("glad")[0] == pytest.approx(expected, rel=1e-5)
    assert len(places) > 10
