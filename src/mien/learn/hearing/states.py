"""What a frozen encoder makes of every copy of every clip, kept in files: what upper layers are trained on."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Float16, Int
from numpy import ndarray
from torch import Tensor

from mien.learn.hearing.copies import Copies
from mien.learn.hearing.encoder import WIDTH, Encoder
from mien.perceive.speech.batches import batches, stack

__all__ = ["States", "open_states"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """The states of one layer for one copy of all clips, end to end.

    Attributes:
        table: States, clip after clip; 50 a second.
        offsets: First state of each clip and, at the end, the number of states.
    """

    table: Float16[ndarray, "states width"]
    offsets: Int[ndarray, " clips_and_one"]

    def __getitem__(self, index: int) -> Float16[ndarray, "states width"]:
        """States of one clip."""
        return self.table[self.offsets[index] : self.offsets[index + 1]]

    def pooled(self) -> Float[ndarray, "clips twice_width"]:
        """Mean and spread over time of each clip."""
        rows = (self[index].astype(np.float32) for index in range(len(self.offsets) - 1))
        return np.stack([np.concatenate([row.mean(axis=0), row.std(axis=0)]) for row in rows])


def open_states(encoder: Encoder, copies: Sequence[Copies], layers: Sequence[int], path: Path) -> list[list[States]]:
    """Return, for each layer, the states of each copy; what has no file yet is computed.

    Args:
        encoder: The encoder; it stays as it is.
        copies: Copies of a corpus.
        layers: After which layers; 0 is before the first.
        path: What the names of the files begin with.
    """
    found: list[list[States]] = [[] for _ in layers]
    for number, copy in enumerate(copies):
        offsets = np.cumsum([0, *((np.diff(copy.offsets) + 1) // 2)])
        files = [path.with_name(f"{path.name}-{layer}-{number}.npy") for layer in layers]
        if not all(file.exists() for file in files):
            log.info("%s: states of copy %d", path.name, number)
            _write(encoder, copy, layers, (files, offsets))
        for place, file in enumerate(files):
            found[place].append(States(np.load(file), offsets))
    return found


def _write(
    encoder: Encoder, copy: Copies, layers: Sequence[int], to: tuple[Sequence[Path], Int[ndarray, " clips_and_one"]]
) -> None:
    files, offsets = to
    tables = [np.zeros((offsets[-1], WIDTH), dtype=np.float16) for _ in layers]
    for rows in batches(np.diff(copy.offsets).tolist()):
        states = _run(encoder, *stack([copy[row].astype(np.float32) for row in rows]))
        for table, layer in zip(tables, layers, strict=True):
            for place, row in enumerate(rows):
                part = slice(offsets[row], offsets[row + 1])
                table[part] = states[layer][place, : part.stop - part.start]
    files[0].parent.mkdir(parents=True, exist_ok=True)
    for table, file in zip(tables, files, strict=True):
        np.save(partial := file.with_suffix(".part.npy"), table)
        os.replace(partial, file)


def _run(
    encoder: Encoder, mel: Float[ndarray, "batch frames bands"], kept: ndarray
) -> list[Float16[ndarray, "batch time width"]]:
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        mask = torch.from_numpy(kept)
        states: list[Tensor] = [encoder.stem(torch.from_numpy(mel), mask)]
        for block in encoder.blocks:
            states.append(block(states[-1], mask[:, ::2]))
    return [state.float().numpy().astype(np.float16) for state in states]
