"""The reader of the norms of words on small files of our own, in both layouts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mien.datasets import warriner
from mien.datasets.corpus import hashed_split
from mien.errors import InputError, OptionError

HEADER = ",Word,V.Mean.Sum,V.SD.Sum,A.Mean.Sum,A.SD.Sum,D.Mean.Sum,D.SD.Sum"
WORDS = [f"word{number}" for number in range(40)]


def test_norms_as_published(tmp_path: Path, write_lines: Any) -> None:
    write_lines("BRM-emot-submit.csv", HEADER, *(f"1,{word},9,2,1,1,5,0.5" for word in WORDS))
    found = {split: warriner.load(split, tmp_path) for split in warriner.SPLITS}
    assert sorted(one.id for part in found.values() for one in part) == sorted(WORDS)
    assert all(hashed_split(one.id) == "validation" for one in found["validation"])
    assert found["validation"]
    assert len(found["test"]) > len(found["validation"])
    truth = found["test"][0].truth
    assert (truth.valence.mean, truth.arousal.mean, truth.dominance.mean) == (1, -1, 0)
    assert (truth.valence.std, truth.arousal.std, truth.dominance.std) == (0.5, 0.25, 0.125)
    assert found["test"][0].signal.text == found["test"][0].id


def test_norms_as_a_table(tmp_path: Path, write_table: Any) -> None:
    row = {f"{name}{end}": 3.0 for name in warriner.DIMENSIONS for end in ("", "_sd")}
    write_table(tmp_path / "text/lexicons/warriner_vad.parquet", [{"word": word, **row} for word in WORDS])
    samples = [one for split in warriner.SPLITS for one in warriner.load(split, tmp_path)]
    assert len(samples) == len(WORDS)
    assert {one.truth.valence.mean for one in samples} == {-0.5}


def test_broken_norms(tmp_path: Path, write_lines: Any) -> None:
    write_lines("BRM-emot-submit.csv", HEADER, "1,word0,10,2,1,1,5,0.5")
    with pytest.raises(InputError, match=r"the word 'word0' has the valence '10'; allowed: 1 to 9"):
        [warriner.load(split, tmp_path) for split in warriner.SPLITS]
    with pytest.raises(OptionError, match="the split 'train' was asked for; allowed: validation, test"):
        warriner.load("train", tmp_path)
