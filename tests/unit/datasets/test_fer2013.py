from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mien.datasets import fer2013
from mien.errors import InputError, OptionError
from mien.types.taxonomies import FER7, FERPLUS8

VOTES = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
ROWS = [
    ("Training", 3, "0,10,0,0,0,0,0,0,0,0"),
    ("PrivateTest", 6, "4,1,1,2,0,0,0,0,1,1"),
    ("PrivateTest", 0, "0,0,0,3,5,0,0,2,0,0"),
    ("PrivateTest", 2, "0,0,0,0,0,0,0,0,0,10"),
]


def corpus(folder: Path, rows: list[tuple[str, int, str]] = ROWS) -> Path:
    faces, votes = ["emotion,pixels,Usage"], [VOTES]
    for index, (usage, emotion, given) in enumerate(rows):
        faces.append(f"{emotion},{' '.join([str(index)] * 2304)},{usage}")
        votes.append(f"{usage},fer{index}.png,{given}")
    (folder / "fer2013.csv").write_text("\n".join(faces) + "\n")
    (folder / "fer2013new.csv").write_text("\n".join(votes) + "\n")
    return folder


def test_published_layout(tmp_path: Path) -> None:
    samples = fer2013.load("test", corpus(tmp_path))
    assert [sample.id for sample in samples] == ["test-0", "test-1", "test-2"]
    assert samples[0].signal.image.pixels.shape == (48, 48, 3)
    assert np.all(samples[1].signal.image.pixels == 2)
    assert [FER7.labels[sample.extra["label"]] for sample in samples] == ["neutral", "angry", "fear"]
    assert len(fer2013.load("train", tmp_path)) == 1


def test_majority_drops_single_votes_and_needs_more_than_half_of_the_rest(tmp_path: Path) -> None:
    clear, even, none = fer2013.load("test", corpus(tmp_path))
    assert FERPLUS8.labels[clear.extra["majority"]] == "neutral"  # 4 of the 6 votes that are left
    assert even.extra["majority"] is None  # 5 of 10
    assert none.extra["majority"] is None
    assert none.truth is None


def test_truth_is_the_share_of_votes(tmp_path: Path) -> None:
    clear = fer2013.load("test", corpus(tmp_path))[0]
    assert clear.truth is not None
    assert clear.truth.categories is not None
    shares = clear.truth.categories.as_dict()
    assert shares["neutral"] == pytest.approx(4 / 6)
    assert shares["sadness"] == pytest.approx(2 / 6)
    assert shares["happiness"] == 0


def test_no_face_can_win_only_as_itself() -> None:
    votes = np.array([[0, 0, 0, 0, 0, 0, 0, 0, 0, 10], [0, 3, 0, 0, 0, 0, 0, 0, 7, 0], [1] * 10])
    assert fer2013.majority(votes).tolist() == [-1, -1, -1]
    assert not fer2013.shares(votes).any()


def test_broken_files(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="'dev' was asked for; allowed: train, val, test"):
        fer2013.load("dev", tmp_path)
    corpus(tmp_path)
    (tmp_path / "fer2013new.csv").write_text(VOTES + "\n")
    with pytest.raises(InputError, match="cannot be read"):
        fer2013.load("test", tmp_path)
    (tmp_path / "fer2013new.csv").unlink()
    with pytest.raises(InputError, match=r"no fer2013new\.csv, which holds the votes"):
        fer2013.load("test", tmp_path)
    corpus(tmp_path)
    (tmp_path / "fer2013.csv").write_text("emotion,pixels,Usage\n" + "0,1 2 3,PrivateTest\n" * 4)
    with pytest.raises(InputError, match="face 0 has 3 pixels; allowed: 2304"):
        fer2013.load("test", tmp_path)
    corpus(tmp_path, ROWS[:1])
    with pytest.raises(InputError, match="holds no faces of the split"):
        fer2013.load("test", tmp_path)


@pytest.mark.data
def test_the_official_majority_set_has_its_size() -> None:
    faces = fer2013.load_faces("test")
    assert len(faces.rows) == 3589
    assert int((fer2013.majority(faces.votes) >= 0).sum()) == 3153
