"""What a student takes from a teacher."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mien.errors import InputError, MissingExtraError  # noqa: E402
from mien.learn.text import teacher  # noqa: E402
from mien.learn.text.batches import Rows, soft_rows  # noqa: E402
from mien.learn.text.teacher import Said, read_teacher, taught  # noqa: E402


def rows(count: int, columns: int) -> Rows:
    return Rows(tuple((1, number + 2) for number in range(count)), np.ones((count, columns), np.float32))


SAID = Said(np.full((4, 28), 0.25, np.float32), np.full((4, 3), 2, np.float32), np.full((2, 3), -1, np.float32))


def test_sentences_keep_their_share_and_comments_join_them() -> None:
    labelled, ratings = taught(rows(4, 28), rows(2, 3), SAID, 0.25)
    assert labelled.truth.tolist() == rows(4, 28).truth.tolist()
    assert soft_rows(labelled, np.array([1, 3])).tolist() == [[0.25] * 28] * 2
    assert len(ratings) == 6
    assert ratings.truth[:2].tolist() == [[0.5] * 3] * 2  # three quarters of 1, one of -1
    assert ratings.truth[2:].tolist() == [[2.0] * 3] * 4
    assert ratings.ids[2:] == labelled.ids


def test_a_teacher_of_other_texts_is_refused() -> None:
    with pytest.raises(InputError, match="speaks of 4 comments and 2 sentences; there are 5 and 2"):
        taught(rows(5, 28), rows(2, 3), SAID, 0.5)


def test_a_file_that_is_no_teachers_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", probs=SAID.probs)
    for name in ("other.npz", "missing.npz"):
        with pytest.raises(InputError, match="run recipes/text-teacher first"):
            read_teacher(tmp_path / name)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "answers.npz", probs=SAID.probs, means=SAID.means, rated=SAID.rated)
    assert np.array_equal(read_teacher(tmp_path / "answers.npz").probs, SAID.probs)


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "PACKAGE", "surely-not-installed-{:03}")
    with pytest.raises(MissingExtraError, match="surely-not-installed-001"):
        teacher.teacher_folder(tmp_path)
