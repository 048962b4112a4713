"""Laws of the change of taxonomy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mien.errors import OptionError, UnknownNameError
from mien.types import Affect, Dimension, Distribution, Taxonomy
from mien.types.plane import moments
from mien.types.project import dimensions, normalise, project, project_distribution, project_vad, projection
from mien.types.scales import BRIGHTER, CROWDFLOWER13, EMORYNLP7, SCALES
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28, PARROTT, QUADRANTS4, SENTIMENT3, TAXONOMIES

PAIRS = [(source, onto) for source in TAXONOMIES.values() for onto in TAXONOMIES.values()]
WEIGHTS = st.lists(st.floats(0, 1), min_size=166, max_size=166)


def belief(taxonomy: Taxonomy, weights: list[float]) -> Distribution:
    probs = np.array(weights[: len(taxonomy)])
    if taxonomy.exclusive:
        probs = (probs + 1e-6) / (probs + 1e-6).sum()
    return Distribution(taxonomy, probs)


@pytest.mark.parametrize(("source", "onto"), PAIRS, ids=lambda taxonomy: taxonomy.name)
def test_rows_are_distributions_and_cited(source: Taxonomy, onto: Taxonomy) -> None:
    found = projection(source, onto)
    assert found.matrix.shape == (len(source), len(onto))
    assert found.matrix.min() >= 0
    np.testing.assert_allclose(found.matrix.sum(axis=1), 1, atol=1e-12)
    assert found.references
    assert all(found.references)


@given(weights=WEIGHTS, pair=st.sampled_from(range(len(PAIRS))))
def test_simplex_is_kept(weights: list[float], pair: int) -> None:
    source, onto = PAIRS[pair]
    projected = project_distribution(belief(source, weights), onto)
    assert projected.taxonomy == onto
    if source != onto:
        assert projected.probs.sum() == pytest.approx(1)


@pytest.mark.parametrize("onto", TAXONOMIES.values(), ids=lambda taxonomy: taxonomy.name)
@pytest.mark.parametrize("source", [CROWDFLOWER13, EMORYNLP7], ids=lambda taxonomy: taxonomy.name)
def test_labels_of_a_corpus_leave_through_their_published_map(source: Taxonomy, onto: Taxonomy) -> None:
    found = projection(source, onto)
    assert found.matrix.shape == (len(source), len(onto))
    assert found.matrix.min() >= 0
    np.testing.assert_allclose(found.matrix.sum(axis=1), 1, atol=1e-12)
    assert "Bostan" in found.references[0]
    assert len(found.references) == 1 or onto != EKMAN7


def test_labels_of_a_corpus_without_counterpart_are_not_made_up() -> None:
    powerful = project_distribution(Distribution(EMORYNLP7, np.eye(7)[2]), EKMAN7)
    np.testing.assert_allclose(powerful.probs, 1 / 7)
    assert project_distribution(Distribution(CROWDFLOWER13, np.eye(13)[6]), EKMAN7).top == ("anger", 1.0)


def test_the_six_of_brighter_keep_their_words() -> None:
    six = BRIGHTER[""]
    found = projection(six, EKMAN7)
    assert [EKMAN7.labels[place] for place in found.matrix.argmax(axis=1)] == list(six.labels)
    np.testing.assert_allclose(found.matrix.max(axis=1), 1)


@pytest.mark.parametrize("scale", sorted(set(SCALES) - {"brighter6", "crowdflower13", "emorynlp7"}))
def test_labels_of_a_corpus_without_a_map_are_refused(scale: str) -> None:
    with pytest.raises(UnknownNameError, match=f"unknown map of taxonomy '{scale}'; known: ekman7"):
        projection(SCALES[scale], EKMAN7)
    with pytest.raises(UnknownNameError, match=f"unknown map of taxonomy '{scale}'"):
        projection(EKMAN7, SCALES[scale])


@given(weights=WEIGHTS, name=st.sampled_from(sorted(TAXONOMIES)))
def test_same_taxonomy_changes_nothing(weights: list[float], name: str) -> None:
    affect = Affect(belief(TAXONOMIES[name], weights))
    assert project(affect, TAXONOMIES[name]) is affect


@given(weights=WEIGHTS, more=st.floats(0.01, 5), label=st.integers(0, 6), name=st.sampled_from(sorted(TAXONOMIES)))
def test_more_of_a_label_is_never_less_of_what_it_maps_to(
    weights: list[float], more: float, label: int, name: str
) -> None:
    shares = belief(EKMAN7, weights).probs
    raised = shares.copy()
    raised[label] += more
    before = project_distribution(Distribution(EKMAN7, shares), TAXONOMIES[name]).probs
    after = project_distribution(Distribution(EKMAN7, raised / raised.sum()), TAXONOMIES[name]).probs
    target = projection(EKMAN7, TAXONOMIES[name]).matrix[label]
    best = int(np.argmax(target))
    if target[best] > before[best]:
        assert after[best] >= before[best] - 1e-12


@given(weights=WEIGHTS, name=st.sampled_from(sorted(TAXONOMIES)))
def test_dimensions_stay_in_range_and_spread_at_least_as_the_labels(weights: list[float], name: str) -> None:
    categories = belief(TAXONOMIES[name], weights)
    shares, (means, variances) = normalise(categories), moments(name)
    for place, part in enumerate(dimensions(categories)):
        assert -1 <= part.mean <= 1
        assert part.std**2 >= shares @ variances[:, place] - 1e-9
        between = shares @ (means[:, place] - shares @ means[:, place]) ** 2
        assert part.std**2 >= between - 1e-9


@given(
    valence=st.floats(-1, 1),
    arousal=st.floats(-1, 1),
    std=st.floats(0, 1),
    name=st.sampled_from(sorted(TAXONOMIES)),
)
def test_dimensions_give_a_distribution_over_any_taxonomy(
    valence: float, arousal: float, std: float, name: str
) -> None:
    affect = project(Affect(valence=Dimension(valence, std), arousal=Dimension(arousal, std)), TAXONOMIES[name])
    assert affect.categories is not None
    assert affect.categories.probs.sum() == pytest.approx(1)
    assert affect.valence == Dimension(valence, std)


@given(low=st.floats(-1, 1), step=st.floats(0, 1), std=st.floats(0.05, 1))
def test_more_valence_is_more_of_the_pleasant_quadrants(low: float, step: float, std: float) -> None:
    def pleasant(mean: float) -> float:
        probs = project(Affect(valence=Dimension(min(mean, 1), std)), QUADRANTS4).categories.as_dict()
        return probs["excitement"] + probs["relaxation"]

    assert pleasant(low + step) >= pleasant(low) - 1e-12


@pytest.mark.parametrize("name", ["fer7", "ferplus8", "plutchik8", "ravdess8", "quadrants4"])
def test_what_is_not_known_stays_not_known(name: str) -> None:
    even = Distribution(EKMAN7, np.full(7, 1 / 7))
    projected = project_distribution(even, TAXONOMIES[name]).probs
    assert projected.max() <= 2.5 / len(TAXONOMIES[name])


def test_wide_dimensions_say_little() -> None:
    narrow = project(Affect(valence=Dimension(0.8, 0.1)), SENTIMENT3).categories.probs
    wide = project(Affect(valence=Dimension(0.8, 1.0)), SENTIMENT3).categories.probs
    assert wide.max() < narrow.max()
    assert wide.max() < 0.6


def test_mass_without_counterpart_is_spread_evenly() -> None:
    trust = Distribution(TAXONOMIES["plutchik8"], np.eye(8)[1])
    np.testing.assert_allclose(project_distribution(trust, SENTIMENT3).probs, 1 / 3)
    neutral = project_distribution(Distribution(EKMAN7, np.eye(7)[6]), PARROTT).as_dict()
    assert neutral["love"] == pytest.approx(1 / 6)
    assert neutral["love/lust"] == 0


def test_published_groups() -> None:
    for label, basic in {"grief": "sadness", "caring": "joy", "curiosity": "surprise", "annoyance": "anger"}.items():
        one = Distribution(GOEMOTIONS28, np.eye(28)[GOEMOTIONS28.index(label)])
        assert project_distribution(one, EKMAN7).top == (basic, 1.0)


def test_independent_probabilities_are_normalised_openly() -> None:
    probs = np.zeros(28)
    probs[[GOEMOTIONS28.index("joy"), GOEMOTIONS28.index("anger")]] = 0.9, 0.6
    projected = project(Affect(Distribution(GOEMOTIONS28, probs)), EKMAN7)
    assert projected.categories.as_dict()["joy"] == pytest.approx(0.6)
    assert "add up to 1.50; normalised to 1" in projected.evidence[0].note


def test_measured_dimensions_are_kept() -> None:
    affect = Affect(Distribution(EKMAN7, np.eye(7)[0]), valence=Dimension(0.3, 0.1))
    filled = project_vad(affect)
    assert filled.valence == Dimension(0.3, 0.1)
    assert filled.arousal is not None
    assert filled.arousal.mean > 0.5


def test_joy_is_pleasant_and_anger_is_not() -> None:
    joy, anger = (dimensions(Distribution(EKMAN7, np.eye(7)[EKMAN7.index(label)])) for label in ("joy", "anger"))
    assert joy[0].mean > 0.5 > anger[0].mean
    assert anger[1].mean > 0.5


def test_unknown_taxonomy_lists_the_known_ones() -> None:
    own = Taxonomy("mine", ("yes", "no"))
    with pytest.raises(UnknownNameError, match="map of taxonomy 'mine'; known: ekman7, fer7"):
        project(Affect(Distribution(own, np.array([0.5, 0.5]))), EKMAN7)
    with pytest.raises(UnknownNameError, match="map of taxonomy 'mine'"):
        project(Affect(valence=Dimension(0, 1)), own)


def test_open_labels_cannot_be_projected() -> None:
    with pytest.raises(OptionError, match="open labels only"):
        project(Affect(labels=("wistful",)), EKMAN7)
    with pytest.raises(OptionError, match="open labels only"):
        project_vad(Affect(labels=("wistful",)))


OWN = Taxonomy("desk", ("worried", "cross"))


@given(share=st.floats(0, 1), valence=st.floats(-1, 1))
def test_labels_of_a_models_own_stay_as_words_and_the_dimensions_are_mapped(share: float, valence: float) -> None:
    rated = Affect(valence=Dimension(valence, 0.2))
    affect = Affect(Distribution(OWN, np.array([share, 1 - share])), valence=rated.valence)
    projected = project(affect, EKMAN7)
    assert projected.categories is not None
    expected = project(rated, EKMAN7).categories
    assert expected is not None
    np.testing.assert_array_equal(projected.categories.probs, expected.probs)
    assert projected.labels == (("worried",) if share >= 0.5 else ("cross",))
    assert "no published map" in projected.evidence[-1].note
    assert project(affect, OWN) is affect


def test_labels_of_a_models_own_alone_lead_nowhere() -> None:
    with pytest.raises(UnknownNameError, match="unknown map of taxonomy 'desk'; known: "):
        project(Affect(Distribution(OWN, np.array([1.0, 0.0]))), EKMAN7)
