"""Log-mel frames of the clips of a corpus, as they are and as they might have sounded; made once and kept in files."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Float16, Int, Shaped
from numpy import ndarray

from mien.datasets.corpus import corpus_folder, read_table
from mien.datasets.recordings import decode
from mien.learn.speech.cache import faster, measured, spoken
from mien.learn.speech.disturb import Pool, disturbed, open_pool
from mien.types.taxonomies import RAVDESS8

__all__ = ["KINDS", "WORDS", "Copies", "open_copies"]

log = logging.getLogger(__name__)

KINDS = ("plain", "faster", "disturbed")
"""As it is; a little faster or slower, and higher or lower with it; that, and recorded elsewhere."""
SPEEDS = (0.9, 1.1)
LEAST_VOICED = 25
"""Where fewer frames than this sound like a voice in a disturbed clip, the undisturbed one says where it speaks."""
KNOWN = 0.3
"""So often it says so anyway."""
FACTS = ("clip_id", "speaker", "sex", "emotion", "intensity", "split", "text", "fold_emobox")
WORDS: Mapping[str, Mapping[str, str]] = {
    "ravdess": {label: label for label in RAVDESS8.labels},
    "nemo": {
        "anger": "angry",
        "fear": "fearful",
        "happiness": "happy",
        "neutral": "neutral",
        "sadness": "sad",
        "surprised": "surprised",
    },
    "emodb": {"anger": "angry", "happiness": "happy", "neutral": "neutral", "sadness": "sad"},
    "emodb_cut2s": {"anxiety": "fearful", "disgust": "disgust"},
}
"""Each corpus's word to the label of ``RAVDESS8``; clips of other words are left out.

EmoDB is whole here for four words; two more come from clips that were cut to two seconds.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Copies:
    """One kind of copy of all clips of a corpus, end to end.

    Attributes:
        mel: Log-mel frames.
        offsets: First frame of each clip and, at the end, the number of frames.
        facts: Columns of the corpus.
    """

    mel: Float16[ndarray, "frames bands"]
    offsets: Int[ndarray, " clips_and_one"]
    facts: Mapping[str, Shaped[ndarray, " clips"]]

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Float16[ndarray, "frames bands"]:
        """Frames of one clip."""
        return self.mel[self.offsets[index] : self.offsets[index + 1]]

    def labels(self, corpus: str) -> Int[ndarray, " clips"]:
        """Places of the clips' words in ``RAVDESS8``."""
        return np.array([RAVDESS8.index(WORDS[corpus][word]) for word in self.facts["emotion"].tolist()])


def open_copies(corpus: str, kinds: Sequence[str], out: Path) -> list[Copies]:
    """Return the copies of a corpus, first to last; those without a file yet are made.

    Args:
        corpus: Name of the corpus, among `WORDS`.
        kinds: Of each copy, among `KINDS`.
        out: Folder of the files and of the simulated rooms.

    Raises:
        InputError: A corpus is missing.
        MissingExtraError: pyroomacoustics is needed and not installed.
    """
    paths = [out / f"{corpus}-{number}.npz" for number in range(len(kinds))]
    for number, (path, kind) in enumerate(zip(paths, kinds, strict=True)):
        if not path.exists():
            log.info("%s, copy %d: %s", corpus, number, kind)
            _write(path, corpus, kind, number)
    return [_load(path) for path in paths]


def _load(path: Path) -> Copies:
    with np.load(path) as arrays:
        return Copies(arrays["mel"], arrays["offsets"], {name: arrays[name] for name in FACTS})


def _write(path: Path, corpus: str, kind: str, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pool = open_pool(path.parent / "rooms.npz", n_rooms=96) if kind == "disturbed" else None
    mels, rows = [], list(_rows(corpus))
    for place, (_, samples) in enumerate(rows):
        mels.append(_copy(samples, kind, pool, np.random.default_rng((number, place, 7))).astype(np.float16))
    facts = {name: np.array([str(row.get(name)) for row, _ in rows]) for name in FACTS}
    partial = path.with_suffix(".part.npz")
    np.savez(
        partial,
        allow_pickle=False,
        mel=np.concatenate(mels),
        offsets=np.cumsum([0, *map(len, mels)]),
        **facts,
    )
    os.replace(partial, path)


def _rows(corpus: str) -> Iterator[tuple[dict[str, Any], Float[ndarray, " time"]]]:
    for path in sorted(corpus_folder(f"speech/{corpus}").glob("*.parquet")):
        for row in read_table(path):
            if row["emotion"] in WORDS[corpus]:
                yield row, decode(row.pop("audio"), row["clip_id"]).audio.mono()


def _copy(
    samples: Float[ndarray, " time"], kind: str, pool: Pool | None, rng: np.random.Generator
) -> Float[ndarray, "frames bands"]:
    if kind != "plain":
        samples = faster(samples, float(rng.uniform(*SPEEDS)))
    if pool is None:
        frames, marks = measured(samples)
        return frames.mel[spoken(marks)]
    frames, marks = measured(disturbed(samples, rng, pool))
    if marks.sum() < LEAST_VOICED or rng.random() < KNOWN:
        marks = measured(samples)[1]
    return frames.mel[spoken(marks)]
