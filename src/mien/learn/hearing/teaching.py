"""What the recipe of the teachers left: logits of all clips, for each fold and the shipped split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from mien.errors import InputError
from mien.learn.hearing.material import Material
from mien.learn.hearing.stages import Soft

__all__ = ["kept_lessons", "lesson_path"]


def lesson_path(folder: Path, part: str) -> Path:
    """Return the file of what the teacher says of all clips, having heard those of a part alone."""
    return folder / f"lesson-{part}.npy"


def kept_lessons(folder: Path, main: Material) -> Soft:
    """Return what gives, for a part, the logits that its teachers left; they never heard whom the learner meets.

    Args:
        folder: Folder of the recipe `speech-teacher`.
        main: The main corpus.

    Raises:
        InputError: On the call, if the teachers left nothing for the part, or for another number of clips.
    """

    def said(part: str) -> Float[ndarray, "clips labels"]:
        path = lesson_path(folder, part)
        if not path.exists():
            raise InputError(f"{path} does not exist; run the recipe speech-teacher first, or name its folder")
        found: Float[ndarray, "clips labels"] = np.load(path)
        if len(found) != len(main.labels):
            raise InputError(f"{path} answers {len(found)} clips; the corpus has {len(main.labels)}")
        return found

    return said
