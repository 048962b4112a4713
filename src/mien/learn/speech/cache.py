"""Caches of the speech corpora: each clip measured once as the perceiver would, and trimmed to the voice."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Float16, Int, Shaped
from numpy import ndarray

from mien.dsp.level import decibels
from mien.perceive.speech.activity import ActivityOptions, Background, voiced
from mien.perceive.speech.frames import Frames, Measurer

__all__ = ["Clips", "build", "faster", "load", "measured", "spoken"]

RATE = 16000
MARGIN = 15
BLOCKS = 8


@dataclass(frozen=True, slots=True)
class Clips:
    """Many clips' frames end to end, with one row of facts for each clip.

    Attributes:
        mel: Log-mel frames, clip after clip.
        tracks: Pitch, periodicity and whether voiced, of each frame.
        offsets: First frame of each clip and, at the end, the number of frames.
        facts: Columns as arrays of strings: emotion, speaker, sex, split, ... and `speed` (1.0: as recorded).
    """

    mel: Float16[ndarray, "frames bands"]
    tracks: Float16[ndarray, "frames 3"]
    offsets: Int[ndarray, " clips_and_one"]
    facts: dict[str, Shaped[ndarray, " clips"]]

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> tuple[Frames, Bool[ndarray, " frames"]]:
        """Measurements of one clip, and its voiced frames."""
        part = slice(int(self.offsets[index]), int(self.offsets[index + 1]))
        mel, tracks = self.mel[part].astype(np.float32), self.tracks[part].astype(np.float32)
        return Frames(mel, decibels(mel), tracks[:, 0], tracks[:, 1]), tracks[:, 2] > 0.5

    def where(self, mask: Bool[ndarray, " clips"]) -> Int[ndarray, " chosen"]:
        """Indices of the clips for which the mask is true."""
        return np.flatnonzero(mask)


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
    mels, tracks, rows = [], [], []
    for row, samples in _clips(folder):
        for speed in speeds:
            frames, marks = _trimmed(faster(samples, speed))
            mels.append(frames.mel.astype(np.float16))
            tracks.append(np.stack([frames.pitch, frames.periodicity, marks], axis=1).astype(np.float16))
            rows.append(row | {"speed": str(speed)})
    facts = {key: np.array([str(row[key]) for row in rows]) for key in rows[0]}
    offsets = np.cumsum([0] + [len(mel) for mel in mels])
    out.mkdir(parents=True, exist_ok=True)
    arrays = {"mel": np.concatenate(mels), "tracks": np.concatenate(tracks), "offsets": offsets}
    np.savez(path, allow_pickle=False, **arrays, **facts)
    return path


def load(path: Path) -> Clips:
    """Read a cache that `build` wrote."""
    with np.load(path) as arrays:
        facts = {key: arrays[key] for key in arrays.files if key not in ("mel", "tracks", "offsets")}
        return Clips(arrays["mel"], arrays["tracks"], arrays["offsets"], facts)


def _trimmed(samples: Float[ndarray, " time"]) -> tuple[Frames, Bool[ndarray, " frames"]]:
    frames, marks = measured(samples)
    part = spoken(marks)
    return frames[part], marks[part]


def measured(samples: Float[ndarray, " time"]) -> tuple[Frames, Bool[ndarray, " frames"]]:
    """Return the measurements of a whole clip, and its voiced frames."""
    measurer, background, options = Measurer(), Background(BLOCKS), ActivityOptions()
    blocks = [*measurer.push(samples), *measurer.finish()]
    marks = np.concatenate([voiced(block, background.push(block.level), options) for block in blocks])
    joined = Frames(
        np.concatenate([block.mel for block in blocks]),
        np.concatenate([block.level for block in blocks]),
        np.concatenate([block.pitch for block in blocks]),
        np.concatenate([block.periodicity for block in blocks]),
    )
    return joined, marks


def spoken(marks: Bool[ndarray, " frames"]) -> slice:
    """Return the frames from a margin before the first voiced one to a margin after the last; all where none is."""
    found = np.flatnonzero(marks)
    return slice(max(0, int(found[0]) - MARGIN), int(found[-1]) + 1 + MARGIN) if len(found) else slice(None)


def _clips(folder: Path) -> Iterator[tuple[dict[str, Any], Float[ndarray, " time"]]]:
    import pyarrow.parquet as pq
    import soundfile

    for path in sorted(folder.glob("*.parquet")):
        for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
            for row in batch.to_pylist():
                samples, _ = soundfile.read(io.BytesIO(row.pop("audio")), dtype="float32")
                yield row, samples


def faster(samples: Float[ndarray, " time"], speed: float) -> Float[ndarray, " time"]:
    """Play sound faster, which raises its pitch too."""
    if speed == 1.0:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples, RATE * speed, RATE, quality="MQ"), dtype=np.float32)
