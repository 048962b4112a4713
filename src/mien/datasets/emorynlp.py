"""EmoryNLP: utterances of the series Friends with one of seven emotions of the feeling wheel.

Reads a Parquet table per split, or the published ``emotion-detection-trn.json``, ``-dev.json`` and ``-tst.json``, in
the folder or in its ``json``. Only the published layout has the whole training split of 9,934: the table has the 7,551
that were released again with times.

No episode is in two splits. 178 lines of the training split occur in the test split of MELD, which annotates the same
series: leave them out of what learns from here before it is measured there.

References:
    Zahiri and Choi (2018). Emotion detection on TV show transcripts with sequence-based convolutional neural networks.
    AAAI workshop on affective content analysis. Data: Apache-2.0; the words of the series belong to its owners.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import certain, first_file, sample
from mien.errors import InputError
from mien.types import Affect
from mien.types.scales import EMORYNLP7

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "validation", "test")
FILES = {
    f"{ours}": f"emotion-detection-{theirs}.json" for ours, theirs in zip(SPLITS, ("trn", "dev", "tst"), strict=True)
}
TURN = 3
"""How many digits the published number of an utterance has."""


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split.

    Args:
        split: ``train``, ``validation`` (1,344 utterances) or ``test`` (1,328).
        root: Folder that holds ``text/emorynlp``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` with its speakers, whose truth is one label of
        `mien.types.scales.EMORYNLP7`, and whose group names the ``dialogue`` (a scene) and the ``speaker``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/emorynlp", root)
    published = first_file(folder, FILES[split], f"json/{FILES[split]}")
    rows = _table(folder / f"{split}.parquet") if published is None else _scenes(published)
    return [_sample(row) for row in rows]


def _table(path: Path) -> Iterator[dict[str, Any]]:
    for row in read_table(path):
        speakers = row["speaker"].strip("[]").replace("'", "").replace('"', "")
        yield {**row, "text": row["utterance"], "speaker": speakers, **_name(row)}


def _name(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of an utterance and its scene as the corpus writes them, which its later release parts."""
    if isinstance(row["scene_id"], str):
        return {"id": row["utterance_id"], "dialogue": row["scene_id"]}
    scene = f"s{row['season']:02}_e{row['episode']:02}_c{row['scene_id']:02}"
    return {"id": f"{scene}_u{row['utterance_id']:0{TURN}}", "dialogue": scene}


def _scenes(path: Path) -> Iterator[dict[str, Any]]:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        for scene in (scene for episode in held["episodes"] for scene in episode["scenes"]):
            for turn in scene["utterances"]:
                yield {
                    "id": turn["utterance_id"],
                    "dialogue": scene["scene_id"],
                    "text": turn["transcript"],
                    "speaker": ", ".join(turn["speakers"]),
                    "emotion": turn["emotion"],
                }
    except (OSError, ValueError, KeyError, TypeError) as error:
        needed = "episodes of scenes of utterances"
        raise InputError(f"{path} cannot be read ({type(error).__name__}: {error}); needed: {needed}") from error


def _sample(row: Mapping[str, Any]) -> Sample:
    truth = Affect(certain(EMORYNLP7, str(row["emotion"]).lower(), f"EmoryNLP utterance {row['id']}"))
    return sample(row, truth, group={"dialogue": row["dialogue"], "speaker": row["speaker"]})
