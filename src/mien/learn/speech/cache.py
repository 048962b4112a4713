"""Log-mel caches of the speech corpora: decoded once, trimmed to the voice, kept as float16."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Float16, Int, Shaped
from numpy import ndarray

from mien.dsp.mel import log_mel

__all__ = ["Clips", "build", "load", "trim"]

RATE = 16000
TRIM_DECADES = 3.5
MARGIN = 15


@dataclass(frozen=True, slots=True)
class Clips:
    """Many clips' frames end to end, with one row of facts for each clip.

    Attributes:
        frames: All frames, clip after clip.
        offsets: First frame of each clip and, at the end, the number of frames.
        facts: Columns as arrays of strings: emotion, speaker, sex, split, ... and `speed` (1.0: as recorded).
    """

    frames: Float16[ndarray, "frames bands"]
    offsets: Int[ndarray, " clips_and_one"]
    facts: dict[str, Shaped[ndarray, " clips"]]

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> Float16[ndarray, "time bands"]:
        """Frames of one clip."""
        return self.frames[self.offsets[index] : self.offsets[index + 1]]

    def where(self, mask: Bool[ndarray, " clips"]) -> Int[ndarray, " chosen"]:
        """Indices of the clips for which the mask is true."""
        return np.flatnonzero(mask)


def trim(mel: Float[ndarray, "time bands"]) -> Float[ndarray, "time bands"]:
    """Drop the quiet ends: all before the first and after the last frame within 35 dB of the loudest, less a margin."""
    level = np.log10(np.maximum((10.0 ** mel[:, 4:64]).sum(axis=1), 1e-10))
    smooth = np.convolve(level, np.ones(5) / 5.0, mode="same") if len(level) >= 5 else level
    loud = np.flatnonzero(smooth > smooth.max() - TRIM_DECADES)
    return mel[max(0, loud[0] - MARGIN) : loud[-1] + 1 + MARGIN]


def build(folder: Path, corpus: str, out: Path, *, speeds: tuple[float, ...] = (1.0,)) -> Path:
    """Decode a corpus, change its speed (and pitch with it), and write one cache file.

    Args:
        folder: Folder of the corpus with its Parquet files.
        corpus: Name of the corpus and of the cache.
        out: Folder for the cache.
        speeds: Factors; each clip comes once for each.

    Returns:
        The path of the cache, at once where it already lies.
    """
    path = out / f"{corpus}.npz"
    if path.exists():
        return path
    mels, rows = [], []
    for row, samples in _clips(folder):
        for speed in speeds:
            mels.append(trim(log_mel(_faster(samples, speed))).astype(np.float16))
            rows.append(row | {"speed": str(speed)})
    facts = {key: np.array([str(row[key]) for row in rows]) for key in rows[0]}
    out.mkdir(parents=True, exist_ok=True)
    offsets = np.cumsum([0] + [len(mel) for mel in mels])
    np.savez(path, allow_pickle=False, frames=np.concatenate(mels), offsets=offsets, **facts)
    return path


def load(path: Path) -> Clips:
    """Read a cache that `build` wrote."""
    with np.load(path) as arrays:
        facts = {key: arrays[key] for key in arrays.files if key not in ("frames", "offsets")}
        return Clips(arrays["frames"], arrays["offsets"], facts)


def _clips(folder: Path) -> Iterator[tuple[dict[str, Any], Float[ndarray, " time"]]]:
    import pyarrow.parquet as pq
    import soundfile

    for path in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
            for row in batch.to_pylist():
                samples, _ = soundfile.read(io.BytesIO(row.pop("audio")), dtype="float32")
                yield row, samples


def _faster(samples: Float[ndarray, " time"], speed: float) -> Float[ndarray, " time"]:
    if speed == 1.0:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, RATE * speed, RATE, quality="MQ"), dtype=np.float32)
