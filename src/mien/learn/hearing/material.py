"""What the networks learn from: clips of several corpora, and what a frozen encoder makes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Shaped
from numpy import ndarray

from mien.learn.hearing.copies import Copies, open_copies
from mien.learn.hearing.encoder import Encoder, open_encoder
from mien.learn.hearing.fit import Clip, Mel
from mien.learn.hearing.nets import N_IMITATED, mean_and_spread
from mien.learn.speech.whitening import Whitening
from mien.perceive.speech.batches import batches, stack

__all__ = ["BESIDE", "MAIN", "Material", "clips_of", "imitated", "open_material"]

MAIN = "ravdess"
BESIDE = ("nemo", "emodb", "emodb_cut2s")
TEACHING = 3
"""Layers of the frozen encoder whose pooled states are imitated: those from which emotions are read best."""

Chosen = Bool[ndarray, " clips"]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """One corpus.

    Attributes:
        copies: The clips as they are first, then as they might have sounded.
        labels: Places in ``RAVDESS8``.
    """

    copies: Sequence[Copies]
    labels: Int[ndarray, " clips"]

    @property
    def facts(self) -> Mapping[str, Shaped[ndarray, " clips"]]:
        """Columns of the corpus."""
        return self.copies[0].facts

    @property
    def all(self) -> Chosen:
        """Marks every clip."""
        return np.ones(len(self.labels), dtype=bool)

    def plain(self, chosen: Chosen) -> list[Mel]:
        """Return the marked clips as they are."""
        return [self.copies[0][row] for row in np.flatnonzero(chosen).tolist()]


def open_material(corpus: str, options: Mapping[str, Any]) -> Material:
    """Read a corpus; copies that have no file in the folder of the option ``material`` yet are made first.

    Raises:
        InputError: The corpus is missing.
        MissingExtraError: pyroomacoustics is needed and not installed.
    """
    copies = open_copies(corpus, options["copies"][corpus], Path(options["material"]) / "copies")
    return Material(copies, copies[0].labels(corpus))


def imitated(corpus: str, material: Material, options: Mapping[str, Any]) -> Float[ndarray, "clips wide"]:
    """Return mean and spread over time of a frozen encoder's states, for each clip as it is; kept in a file.

    Raises:
        InputError: The encoder's file is missing.
    """
    path = Path(options["material"]) / f"states-{corpus}.npy"
    if not path.exists():
        np.save(path, _pooled(open_encoder(Path(options["encoder"]), TEACHING), material.plain(material.all)))
    found: Float[ndarray, "clips wide"] = np.load(path)
    return found


def clips_of(
    parts: Sequence[tuple[Material, Float[ndarray, "clips wide"], Chosen]],
    soft: Sequence[Float[ndarray, "clips labels"]] | None = None,
) -> list[Clip]:
    """Return the marked clips as the training takes them; nothing here has seen other clips.

    Args:
        parts: Corpora, what `imitated` gave for each, and which of their clips.
        soft: For each part, a teacher's logits of its marked clips.
    """
    marked = [states[chosen] for _, states, chosen in parts]
    whitening = Whitening.fit(np.concatenate(marked), N_IMITATED)
    clips = []
    for number, (material, _, chosen) in enumerate(parts):
        numbers = whitening(marked[number])
        for place, row in enumerate(np.flatnonzero(chosen).tolist()):
            said = None if soft is None else soft[number][place]
            heard = [copy[row] for copy in material.copies]
            clips.append(Clip(heard, int(material.labels[row]), numbers[place], said))
    return clips


def _pooled(encoder: Encoder, mels: Sequence[Mel]) -> Float[ndarray, "clips wide"]:
    """Return mean and spread over time of the encoder's states."""
    rows = np.zeros((len(mels), 0), dtype=np.float32)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for places in batches([len(mel) for mel in mels]):
            frames, kept = stack([np.asarray(mels[place], dtype=np.float32) for place in places])
            states = encoder(torch.from_numpy(frames), torch.from_numpy(kept)).float()
            pooled = mean_and_spread(states, torch.from_numpy(kept[:, ::2]))
            rows = rows if rows.size else np.zeros((len(mels), pooled.shape[1]), dtype=np.float32)
            rows[places] = pooled.numpy()
    return rows
