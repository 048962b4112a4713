"""Laws of calibration."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from mien import calibrate
from mien.calibrate import HeardConfidence, conformal, heard, isotonic, temperature
from mien.errors import OptionError, UnknownNameError
from mien.metrics.calibration import confidence_ece, ece, nll
from mien.types import Affect, Dimension, Distribution
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28

SEEDS = st.integers(0, 10_000)


def overconfident(seed: int = 0, n: int = 4000, k: int = 7, factor: float = 2.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    honest = rng.normal(size=(n, k)) * 1.5
    probs = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    truth = (rng.random((n, 1)) > probs.cumsum(axis=1)).sum(axis=1).clip(0, k - 1)
    return honest * factor, truth


@given(seed=SEEDS, degree=st.floats(0.1, 10))
def test_temperature_keeps_the_order_and_the_simplex(seed: int, degree: float) -> None:
    probs = np.random.default_rng(seed).dirichlet(np.ones(7))
    affect = temperature.Temperature(degree)(Affect(Distribution(EKMAN7, probs)))
    assert affect.categories.probs.sum() == pytest.approx(1)
    assert np.argmax(affect.categories.probs) == np.argmax(probs)
    assert affect.confidence == affect.categories.top[1]


@given(seed=SEEDS)
def test_temperature_of_one_changes_nothing(seed: int) -> None:
    probs = np.random.default_rng(seed).random(28)
    affect = temperature.Temperature(1.0)(Affect(Distribution(GOEMOTIONS28, probs)))
    np.testing.assert_allclose(affect.categories.probs, probs, atol=1e-6)


def test_temperature_is_found_and_helps() -> None:
    logits, truth = overconfident()
    found = temperature.fit(logits, truth)
    assert found.temperature == pytest.approx(2.5, rel=0.1)
    before, after = (temperature.Temperature(degree).logits(logits) for degree in (1.0, found.temperature))
    assert ece(truth, after) < 0.03 < ece(truth, before)
    assert nll(truth, after) < nll(truth, before)
    votes = np.eye(7)[truth]
    assert temperature.fit(logits, votes).temperature == pytest.approx(found.temperature)


def test_temperature_of_independent_probabilities_is_found() -> None:
    rng = np.random.default_rng(1)
    honest = rng.normal(size=(3000, 5)) * 2
    truth = rng.random(honest.shape) < 1 / (1 + np.exp(-honest))
    assert temperature.fit(honest * 0.5, truth, exclusive=False).temperature == pytest.approx(0.5, rel=0.1)


@given(seed=SEEDS, n=st.integers(1, 60))
def test_isotonic_agrees_with_scikit_learn(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    scores, right = rng.integers(0, 20, n) / 20, rng.random(n) < 0.5
    found = isotonic.fit(scores, right)
    known = IsotonicRegression().fit(scores, right.astype(float)).predict(scores)
    np.testing.assert_allclose(found.confidence(scores), known, atol=1e-9)
    grid = found.confidence(np.linspace(0, 1, 50))
    assert np.all(np.diff(grid) >= -1e-12)
    assert 0 <= grid.min() <= grid.max() <= 1


def test_isotonic_maps_confidence_only() -> None:
    found = isotonic.fit([0.2, 0.9, 0.9], [0, 1, 0])
    affect = found(Affect(Distribution(EKMAN7, np.eye(7)[3]), confidence=0.9))
    assert affect.confidence == pytest.approx(0.5)
    assert affect.categories.top == ("joy", 1.0)
    assert found(Affect(valence=Dimension(0, 1))).confidence is None


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_sets_hold_the_truth_as_often_as_promised(coverage: float) -> None:
    logits, truth = overconfident(seed=3)
    probs = temperature.Temperature(1.0).logits(logits)
    found = conformal.fit_set(probs[:2000], truth[:2000], coverage=coverage)
    held = probs[2000:][np.arange(2000), truth[2000:]] >= found.threshold
    assert held.mean() == pytest.approx(coverage, abs=0.03)


def test_set_is_named_in_the_evidence_and_never_empty() -> None:
    found = conformal.ConformalSet(0.3, 0.9)
    probs = np.array([0.35, 0, 0, 0.4, 0.25, 0, 0])
    affect = found(Affect(Distribution(EKMAN7, probs)))
    assert affect.evidence[-1].note == "joy, anger"
    assert found.labels(Distribution(EKMAN7, np.full(7, 1 / 7))) == ("anger",)


def test_spread_holds_the_truth_as_often_as_promised() -> None:
    rng = np.random.default_rng(0)
    truth, std = rng.uniform(-0.5, 0.5, 4000), rng.uniform(0.05, 0.2, 4000)
    mean = np.clip(truth + rng.normal(size=4000) * std * 2, -1, 1)
    found = conformal.fit_spread(mean[:2000], std[:2000], truth[:2000])
    assert found.factor == pytest.approx(2 * 1.645, rel=0.1)
    bounds = [found.bounds(Dimension(float(m), float(s))) for m, s in zip(mean[2000:], std[2000:], strict=True)]
    held = [low <= true <= high for (low, high), true in zip(bounds, truth[2000:], strict=True)]
    assert np.mean(held) == pytest.approx(0.9, abs=0.03)
    assert found(Affect(valence=Dimension(0.2, 0.1))).valence.std == pytest.approx(0.2, rel=0.1)


def test_too_few_items_promise_nothing() -> None:
    assert conformal.fit_set([[0.9, 0.1]] * 3, [0, 0, 0]).threshold == 0


@pytest.mark.parametrize(
    "fitted",
    [
        temperature.Temperature(1.7),
        isotonic.Isotonic((0.1, 0.9), (0.0, 1.0)),
        conformal.ConformalSet(0.2, 0.9),
        conformal.ConformalSpread("arousal", 1.2, 0.9),
    ],
)
def test_maps_survive_being_stored(fitted) -> None:
    assert calibrate.from_dict(json.loads(json.dumps(fitted.to_dict()))) == fitted


def test_faults_are_named() -> None:
    with pytest.raises(UnknownNameError, match="unknown method of calibration 'platt'; known: conformal-set"):
        calibrate.from_dict({"method": "platt"})
    with pytest.raises(OptionError, match=r"has the keys \['t'\]; it must have \['temperature'\]"):
        calibrate.from_dict({"method": "temperature", "t": 1})
    with pytest.raises(OptionError, match="temperature of 0 was given"):
        temperature.Temperature(0)
    with pytest.raises(OptionError, match="their items must agree"):
        temperature.fit([[0.0, 1.0]], [0, 1])
    with pytest.raises(OptionError, match="shares that do not fall"):
        isotonic.Isotonic((0.1, 0.2), (0.5, 0.4))
    with pytest.raises(OptionError, match=r"coverage of 1\.5 was asked for"):
        conformal.fit_set([[0.9, 0.1]], [0], coverage=1.5)
    with pytest.raises(OptionError, match="one value an item"):
        isotonic.fit([0.1, 0.2], [1])
    with pytest.raises(OptionError, match="needs finite values"):
        conformal.fit_spread([0.0], [float("nan")], [0.0])
    with pytest.raises(OptionError, match="whole numbers from 0 to 1"):
        conformal.fit_set([[0.9, 0.1]], [2])
    with pytest.raises(OptionError, match="unknown dimension 'mood'"):
        conformal.ConformalSpread("mood", 1, 0.9)


def answers(known: HeardConfidence, seed: int = 0, n: int = 20_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Top labels and seconds, and answers that are right as often as a known map says."""
    rng = np.random.default_rng(seed)
    top, seconds = rng.uniform(0.15, 0.99, n), np.exp(rng.uniform(np.log(known.least), np.log(known.most), n))
    return top, seconds, rng.random(n) < known.confidence(top, seconds)


@pytest.mark.parametrize("known", [(0.6, -0.4, 0.8), (1.0, 0.0, 0.0), (1.4, 0.5, -0.3)])
def test_confidence_by_what_was_heard_finds_a_known_relation(known: tuple[float, float, float]) -> None:
    truth = HeardConfidence(*known, least=0.2, most=6.0)
    found = heard.fit(*answers(truth))
    assert (found.slope, found.offset, found.weight) == pytest.approx(known, abs=0.08)
    assert (found.least, found.most) == pytest.approx((0.2, 6.0), rel=0.01)
    top, seconds, right = answers(truth, seed=1)
    assert confidence_ece(right, found.confidence(top, seconds)) < 0.015


def test_confidence_by_what_was_heard_helps_where_early_answers_are_worse() -> None:
    top, seconds, right = answers(HeardConfidence(0.8, -0.6, 0.9, 0.2, 6.0))
    early = seconds < 1
    sure = heard.fit(top, seconds, right).confidence(top, seconds)
    assert confidence_ece(right[early], sure[early]) < 0.25 * confidence_ece(right[early], top[early])


@given(seed=SEEDS, weight=st.floats(0, 3), slope=st.floats(0, 3))
def test_confidence_by_what_was_heard_rises_with_both_and_ends_at_its_bounds(
    seed: int, weight: float, slope: float
) -> None:
    known = HeardConfidence(slope, -0.3, weight, 0.5, 4.0)
    rng = np.random.default_rng(seed)
    top, seconds = np.sort(rng.random(9)), np.sort(rng.uniform(0, 10, 9))
    assert (np.diff(known.confidence(top, np.ones(9))) >= 0).all()
    assert (np.diff(known.confidence(np.full(9, 0.4), seconds)) >= 0).all()
    assert known.confidence(0.4, 0.1) == known.confidence(0.4, 0.5)
    assert known.confidence(0.4, 4.0) == known.confidence(0.4, 1e9)
    assert HeardConfidence.read(json.loads(json.dumps(known.to_dict()))) == known


@pytest.mark.parametrize("right", [0, 1])
def test_answers_that_are_all_alike_give_a_finite_confidence(right: int) -> None:
    found = heard.fit([0.9, 0.95, 1.0, 0.0], [1.0, 2.0, 3.0, 3.0], [right] * 4)
    sure = found.confidence([0.5, 1.0], [1.0, 1.0])
    assert np.isfinite(sure).all()
    assert (sure > 0.5).all() == bool(right)


def test_wrong_confidence_by_what_was_heard_is_refused() -> None:
    with pytest.raises(OptionError, match=r"an answer after 0.0 s was given; the seconds heard must be positive"):
        heard.fit([0.5, 0.6], [0.0, 1.0], [1, 0])
    with pytest.raises(OptionError, match=r"seconds heard from 2.0 to 1.0 were given; allowed: 0 < least <= most"):
        HeardConfidence(1.0, 0.0, 0.0, 2.0, 1.0)
    with pytest.raises(OptionError, match="needs finite values; given"):
        HeardConfidence(float("nan"), 0.0, 0.0, 1.0, 1.0)
    with pytest.raises(OptionError, match=r"has the keys \['slope'\]; it must have \['least', 'most', 'offset'"):
        HeardConfidence.read({"slope": 1.0})
