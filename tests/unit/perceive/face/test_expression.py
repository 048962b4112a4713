from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import numpy as np
import pytest

from mien.errors import OptionError
from mien.perceive.face import ExpressionReader
from mien.types.taxonomies import FER7, FERPLUS8


class Halves:
    """A model whose vector is the mean grey of the left and of the right half, and whose heads look at them."""

    def __init__(self, temperature: float = 1.0, flip: bool = False) -> None:
        rows = [SimpleNamespace(head=head, temperature=temperature) for head in ("ferplus", "fer2013")]
        self.info = SimpleNamespace(options={"flip": flip}, calibration=rows, name="halves", version="1.0.0")

    def run(self, graph: str, feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        if graph == "trunk":
            faces = feeds["faces"]
            assert faces.dtype == np.float32
            assert faces.max() <= 1
            return [np.stack([faces[..., :24].mean((1, 2, 3)), faces[..., 24:].mean((1, 2, 3))], axis=1)]
        scores = np.zeros((len(feeds["vectors"]), 8 if graph == "ferplus" else 7), np.float32)
        scores[:, :2] = 4 * feeds["vectors"]
        return [scores]


def reader(**options: object) -> ExpressionReader:
    return ExpressionReader(Halves(**options))  # type: ignore[arg-type]


def crops(count: int = 5) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 48, 48), dtype=np.uint8)


def test_probabilities_add_up_and_the_batch_does_not_matter() -> None:
    faces = crops(130)
    probs = reader().probabilities(faces)
    assert probs.shape == (130, 8)
    assert np.allclose(probs.sum(axis=1), 1)
    assert np.array_equal(probs[7], reader().probabilities(faces[7:8])[0])


def test_temperature_softens() -> None:
    assert reader(temperature=4.0).probabilities(crops()).max() < reader().probabilities(crops()).max()


def test_a_mirrored_face_gives_the_same_answer_where_both_sides_are_read() -> None:
    faces = crops()
    both = reader(flip=True)
    assert np.allclose(both.probabilities(faces), both.probabilities(faces[:, :, ::-1]))
    assert not np.allclose(both.probabilities(faces, once=True), both.probabilities(faces[:, :, ::-1], once=True))


def test_an_affect_has_label_confidence_and_derived_dimensions() -> None:
    (affect,) = reader().read(crops(1))
    assert affect.categories is not None
    assert affect.categories.taxonomy == FERPLUS8
    assert affect.confidence == affect.categories.top[1]
    assert affect.model == "halves 1.0.0"
    assert affect.valence is not None
    assert affect.arousal is not None
    assert "not perceived" in affect.evidence[0].note


def test_the_other_head_has_its_own_labels() -> None:
    other = ExpressionReader(Halves(), head="fer2013")  # type: ignore[arg-type]
    assert other.taxonomy == FER7
    assert other.probabilities(crops()).shape == (5, 7)


def test_no_faces_give_no_answers() -> None:
    assert reader().read(crops(0)) == []


def test_unknown_head_and_wrong_shape() -> None:
    with pytest.raises(OptionError, match="the head 'smile' was asked for; allowed: ferplus, fer2013"):
        ExpressionReader(Halves(), head="smile")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"shape \(1, 20, 20\); allowed: \(faces, 48, 48\)"):
        reader().probabilities(np.zeros((1, 20, 20), np.uint8))
