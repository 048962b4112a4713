"""Running graphs on several batches at once."""

from __future__ import annotations

import numpy as np
import pytest

from mien.errors import AssetError
from mien.runtime import load

LENGTHS = (5, 9, 3, 17, 9, 2)


def batch(length: int) -> dict[str, np.ndarray]:
    """Two rows of token ids of that length."""
    ids = np.random.default_rng(length).integers(1000, 2000, (2, length))
    return {"ids": ids, "mask": np.ones_like(ids)}


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_each_batch_is_answered_in_its_place(threads: int) -> None:
    batches = [batch(length) for length in LENGTHS]
    model, alone = load("text-affect", threads=threads), load("text-affect", threads=1)
    found = model.run_each("trunk", batches)
    assert len(found) == len(batches)
    for feeds, outputs in zip(batches, found, strict=True):
        np.testing.assert_allclose(outputs[0], alone.run("trunk", feeds)[0], atol=1e-5)


def test_no_batches_and_one() -> None:
    model = load("text-affect", threads=2)
    assert model.run_each("trunk", []) == []
    (outputs,) = model.run_each("trunk", [batch(4)])
    assert outputs[0].shape[0] == 2


def test_a_graph_that_is_missing() -> None:
    with pytest.raises(AssetError, match=r"lists no file 'nothing\.onnx'"):
        load("text-affect", threads=2).run_each("nothing", [batch(4), batch(5)])
