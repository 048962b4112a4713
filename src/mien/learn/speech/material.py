"""What the emotion network learns from: traits of clips and of disturbed copies, labels, and the teacher's states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray

from mien.datasets.corpus import corpus_folder
from mien.learn.speech import cache
from mien.learn.speech.augment import copies
from mien.learn.speech.encoder import read_weights, teach
from mien.learn.speech.teacher import Whitening, soft_labels
from mien.learn.speech.training import Targets
from mien.perceive.speech.traits import traits
from mien.types.taxonomies import RAVDESS8

__all__ = ["BESIDE", "MAIN", "WORDS", "Material", "collect", "open_material"]

MAIN = "ravdess"
BESIDE = ("nemo", "emodb")
WORDS: Mapping[str, Mapping[str, str]] = {
    MAIN: {label: label for label in RAVDESS8.labels},
    "nemo": {
        "anger": "angry",
        "fear": "fearful",
        "happiness": "happy",
        "neutral": "neutral",
        "sadness": "sad",
        "surprised": "surprised",
    },
    "emodb": {
        "anger": "angry",
        "anxiety": "fearful",
        "disgust": "disgust",
        "happiness": "happy",
        "neutral": "neutral",
        "sadness": "sad",
    },
}
"""Each corpus's word to the label of ``RAVDESS8``; clips of other words (boredom) are left out."""

Part = tuple["Material", Bool[ndarray, " clips"]]


@dataclass(frozen=True, slots=True)
class Material:
    """One corpus.

    Attributes:
        traits: The clip as it is first, then its copies.
        states: The teacher's pooled states.
        labels: Places in ``RAVDESS8``.
        facts: Columns of the corpus.
    """

    traits: Float[ndarray, "clips copies traits"]
    states: Float[ndarray, "clips wide"]
    labels: Int[ndarray, " clips"]
    facts: Mapping[str, Shaped[ndarray, " clips"]]

    @property
    def plain(self) -> Bool[ndarray, " clips"]:
        """Marks the clips at the speed of the recording."""
        return self.facts["speed"] == "1.0"

    @property
    def all(self) -> Bool[ndarray, " clips"]:
        """Marks every clip."""
        return np.ones(len(self.labels), dtype=bool)


def open_material(name: str, options: Mapping[str, Any], out: Path, *, seed: int) -> Material:
    """Read a corpus; what is not in the folder yet is measured, and heard by the teacher, first.

    Raises:
        InputError: The corpus or the teacher's file is missing.
    """
    folder = out / "frames"
    speeds = tuple(options["speeds"]) if name == MAIN else (1.0,)
    clips = cache.load(cache.build(corpus_folder(f"speech/{name}"), name, folder, speeds=speeds))
    path = folder / f"teacher-{name}.npy"
    if not path.exists():
        np.save(path, teach(read_weights(Path(options["teacher"])), clips, int(options["teacher_layer"])))
    measured = _measured(clips, int(options["copies"][name]), out / f"traits-{name}.npy", seed=seed)
    words = clips.facts["emotion"]
    kept = np.isin(words, list(WORDS[name]))
    labels = np.array([RAVDESS8.index(WORDS[name][word]) for word in words[kept].tolist()])
    facts = {key: column[kept] for key, column in clips.facts.items()}
    return Material(measured[kept], np.load(path).astype(np.float32)[kept], labels, facts)


def collect(parts: Sequence[Part], n_kept: int) -> tuple[Float[ndarray, "rows traits"], Targets]:
    """Traits of the marked clips and their copies, and what each should give; nothing here has seen other clips."""
    whitening = Whitening.fit(np.concatenate([part.states[chosen] for part, chosen in parts]), n_kept)
    rows, targets = [], []
    for part, chosen in parts:
        states, labels = part.states[chosen], part.labels[chosen]
        soft = soft_labels(states, labels, part.facts["speaker"][chosen], n_labels=len(RAVDESS8))
        n = part.traits.shape[1]
        rows.append(part.traits[chosen].reshape(-1, part.traits.shape[2]))
        targets.append([np.repeat(table, n, axis=0) for table in (labels, soft, whitening(states))])
    return np.concatenate(rows), Targets(*(np.concatenate(tables) for tables in zip(*targets, strict=True)))


def _measured(clips: cache.Clips, n: int, path: Path, *, seed: int) -> Float[ndarray, "clips copies traits"]:
    if not path.exists():
        rng = np.random.default_rng(seed)
        rows = [[traits(*copy) for copy in copies(clips[index], n, rng)] for index in range(len(clips))]
        np.save(path, np.array(rows, dtype=np.float32))
    return np.asarray(np.load(path))
