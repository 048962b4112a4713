"""What a student takes from a teacher."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mien.errors import InputError, MissingExtraError  # noqa: E402
from mien.learn.text import teacher  # noqa: E402
from mien.learn.text.batches import Rows, collate, taken  # noqa: E402
from mien.learn.text.net import EncoderShape, TextNet  # noqa: E402
from mien.learn.text.teacher import Said, read_teacher, taught  # noqa: E402
from mien.learn.text.train import TrainOptions, fit  # noqa: E402


def rows(count: int, columns: int) -> Rows:
    """Return rows of two tokens; those of sentences (three columns) have tokens of their own."""
    first = 20 if columns == 3 else 2
    return Rows(tuple((1, number + first) for number in range(count)), np.ones((count, columns), np.float32))


SAID = Said(
    probs=np.full((4, 28), 0.25, np.float32),
    means=np.full((4, 3), 2, np.float32),
    rated_probs=np.full((2, 28), 0.75, np.float32),
    rated_means=np.full((2, 3), -1, np.float32),
)


def test_sentences_keep_their_share_and_each_gets_what_it_lacks() -> None:
    labelled, ratings = taught(rows(4, 28), rows(2, 3), SAID, 0.25)
    assert labelled.truth.tolist() == rows(4, 28).truth.tolist()
    assert taken(labelled.soft, np.array([1, 3])).tolist() == [[0.25] * 28] * 2
    assert taken(labelled.rated, np.array([0])).tolist() == [[2.0] * 3]
    assert ratings.truth.tolist() == [[0.5] * 3] * 2  # three quarters of 1, one of -1
    assert ratings.soft.tolist() == [[0.75] * 28] * 2
    assert taken(rows(2, 3).soft, np.array([0])) is None


def test_a_student_learns_what_nobody_but_its_teacher_said(tmp_path: Path) -> None:
    torch.manual_seed(0)
    net = TextNet(EncoderShape(vocabulary=40, positions=16, width=32, layers=1, heads=2, inner=48), 28, 0.0)
    labelled, ratings = taught(rows(4, 28), rows(2, 3), SAID, 1.0)
    numbers = {
        "epochs": 300.0,
        "head_rate": 5e-3,
        "batch": 4,
        "dimension_batch": 2,
        "soft_weight": 1.0,
        "half": False,
        "dropout": 0.0,
    }
    last, _ = fit(net, labelled, ratings, TrainOptions(**numbers), out=tmp_path, seed=0)
    with torch.no_grad():
        comments, sentences = (last.trunk(*collate(part, np.arange(len(part)))[:2]) for part in (labelled, ratings))
        assert torch.allclose(last.dimensions(comments)[0], torch.tensor(2.0), atol=0.3)
        assert torch.allclose(last.categories(comments).sigmoid(), torch.tensor(0.25), atol=0.1)
        assert torch.allclose(last.dimensions(sentences)[0], torch.tensor(-1.0), atol=0.3)
        assert torch.allclose(last.categories(sentences).sigmoid(), torch.tensor(0.75), atol=0.1)


def test_a_teacher_of_other_texts_is_refused() -> None:
    with pytest.raises(InputError, match="speaks of 4 comments and 2 sentences; there are 5 and 2"):
        taught(rows(5, 28), rows(2, 3), SAID, 0.5)


def test_a_file_that_is_no_teachers_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", probs=SAID.probs)
    for name in ("other.npz", "missing.npz"):
        with pytest.raises(InputError, match="run recipes/text-teacher first"):
            read_teacher(tmp_path / name)


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {4: (SAID.probs, SAID.means), 2: (SAID.rated_probs, SAID.rated_means)}
    monkeypatch.setattr(teacher, "answer", lambda _net, _tokenizer, texts: told[len(texts)])
    comments, sentences = (SimpleNamespace(texts=["a text"] * count) for count in (4, 2))
    teacher._write(None, None, comments, sentences, tmp_path / "answers.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.npz"]
    for name, values in asdict(read_teacher(tmp_path / "answers.npz")).items():
        assert np.array_equal(values, getattr(SAID, name))


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "PACKAGE", "surely-not-installed-{:03}")
    with pytest.raises(MissingExtraError, match="surely-not-installed-001"):
        teacher.teacher_folder(tmp_path)
