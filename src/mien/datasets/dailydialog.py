"""DailyDialog: English dialogues of language learners' web pages, each turn with one of six emotions or none.

Reads a Parquet table per split, or the published layout: ``<split>/dialogues_<split>.txt`` (turns that end in
``__eou__``) beside ``dialogues_emotion_<split>.txt`` (a number a turn), with the splits ``train``, ``validation`` and
``test``. Only the published layout has the whole training split: the table has 834 of its 11,118 dialogues, chosen for
being emotional, with 12 turns whose word (such as ``excited``) is none of the corpus's; those keep it as an open label.

13 dialogues of the table's training split open like one of the validation split and 16 like one of the test split, as
the corpus holds some dialogues twice.

References:
    Li, Su, Shen, Li, Cao and Niu (2017). DailyDialog: a manually labelled multi-turn dialogue dataset. IJCNLP, 986-995.
    Data: CC BY-NC-SA 4.0.
    Poria et al. (2021). Recognizing emotion cause in conversations. Cognitive Computation 13, 1317-1332 (the labels of
    the table's training split).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import certain, first_file, lines, sample
from mien.errors import InputError
from mien.types import Affect
from mien.types.taxonomies import EKMAN7

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "validation", "test")
NUMBERS = ("neutral", "anger", "disgust", "fear", "happiness", "sadness", "surprise")
"""What the numbers of the published files mean."""
LABELS = {word: "joy" if word == "happiness" else word for word in NUMBERS}
"""The corpus's word to the label of ``EKMAN7``."""
END = "__eou__"


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split, turn by turn.

    Args:
        split: ``train``, ``validation`` (8,069 turns) or ``test`` (7,740).
        root: Folder that holds ``text/dailydialog``, or the corpus in its published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance`, whose truth is one label of `EKMAN7`, and whose group names the
        ``dialogue`` and the ``turn`` from 0.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/dailydialog", root)
    published = first_file(folder, f"{split}/dialogues_{split}.txt", f"dialogues_{split}.txt")
    rows = read_table(folder / f"{split}.parquet") if published is None else _turns(published, split)
    return [_sample(row) for row in rows]


def _turns(texts: Path, split: str) -> Iterator[dict[str, Any]]:
    emotions = texts.with_name(f"dialogues_emotion_{split}.txt")
    dialogues, marks = lines(texts), lines(emotions)
    if len(dialogues) != len(marks):
        raise InputError(
            f"{emotions} has {len(marks)} lines for the {len(dialogues)} of {texts.name}; needed: one each"
        )
    for number, (dialogue, line) in enumerate(zip(dialogues, marks, strict=True), start=1):
        turns, numbers = dialogue.strip().removesuffix(END).split(END), line.split()
        if len(turns) != len(numbers) or not set(numbers) <= set("0123456"):
            raise InputError(
                f"{emotions}, line {number} has {line.strip()[:40]!r} for {len(turns)} turns; needed: 0 to 6 for each"
            )
        for turn, (text, mark) in enumerate(zip(turns, numbers, strict=True)):
            name = {"dialogue_id": f"{split}_{number - 1}", "turn": turn}
            yield {**name, "utterance": text.strip(), "emotion": NUMBERS[int(mark)]}


def _sample(row: Mapping[str, Any]) -> Sample:
    name, word = f"{row['dialogue_id']}_{row['turn']}", row["emotion"]
    known = Affect(certain(EKMAN7, LABELS[word], name), labels=(word,)) if word in LABELS else Affect(labels=(word,))
    group = {"dialogue": row["dialogue_id"], "turn": str(row["turn"])}
    return sample({"id": name, "text": row["utterance"]}, known, group=group)
