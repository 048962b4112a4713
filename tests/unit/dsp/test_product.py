from __future__ import annotations

import numpy as np
import pytest

from mien.dsp.product import ALONE, product


@pytest.mark.parametrize("rows", [0, 1, 100, 1_000])
def test_product_is_the_product(rows: int) -> None:
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(rows, 80)).astype(np.float32), rng.normal(size=(80, 24)).astype(np.float32)
    np.testing.assert_allclose(product(one, other), one @ other, rtol=1e-4, atol=1e-4)
    assert product(one, other).dtype == np.float32


def test_table_larger_than_a_stretch() -> None:
    table = np.ones((ALONE, 2), np.float32)
    assert product(np.ones((2, ALONE), np.float32), table).tolist() == [[ALONE, ALONE]] * 2
