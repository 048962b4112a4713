"""Essays on what news stories stir in their readers, with the empathy and the distress that the writers report.

Two corpora share the essays. ``empathic-reactions`` (2018) has 1,860; reads a Parquet table, or the published
``data/responses/data/messages.csv``. ``wassa2022`` has the same 1,860 as its training split, with an emotion and facts
on the writers added, and 270 new ones; reads a Parquet table per split, or the published
``messages_train_ready_for_WS.tsv``, ``messages_dev_features_ready_for_WS_2022.tsv`` and ``goldstandard_dev_2022.tsv``.
The answers to its test split are not public.

Never train on the one and measure on the training split of the other. A writer has up to five essays and is named in
the group; no writer is in two splits.

References:
    Buechel, Buffone, Slaff, Ungar and Sedoc (2018). Modeling empathy and distress in reaction to news stories. EMNLP,
    4758-4765. Data: CC BY 4.0.
    Barriere, Tafreshi, Sedoc and Alqahtani (2022). WASSA 2022 shared task: predicting empathy, emotion and personality
    in reaction to news stories. WASSA, 214-227. What it adds has no stated licence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets.corpus import check_split, corpus_folder, hashed_split, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import degree, first_file, lines, records, sample
from mien.errors import InputError
from mien.types import Affect, Distribution
from mien.types.scales import EMPATHY2
from mien.types.taxonomies import EKMAN7

__all__ = ["SPLITS", "WASSA_SPLITS", "load", "load_wassa2022"]

SPLITS = ("train", "validation", "test", "all")
WASSA_SPLITS = ("train", "validation")
WASSA_FILES = {
    "train": "messages_train_ready_for_WS.tsv",
    "validation": "messages_dev_features_ready_for_WS_2022.tsv",
}
ANSWERS = "goldstandard_dev_2022.tsv"
NAMED = {name: name for name in ("message_id", "response_id", "article_id")} | {"essay": "text"}
RATED = NAMED | {label: label for label in EMPATHY2.labels}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read essays of 2018.

    Args:
        split: ``train``, ``validation`` or ``test``: 80, 10 and 10 of 100 writers by a hash, as there is no official
            split; ``all`` for the 1,860 essays, to be split by the ``writer`` in the group.
        root: Folder that holds ``text/empathic_reactions``, or the published layout; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance`, whose truth is what the writer felt as degrees of
        `mien.types.scales.EMPATHY2` (ratings of 1 to 7 as 0 to 1), and whose group names ``writer`` and ``article``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The table is Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/empathic_reactions", root)
    published = first_file(folder, "messages.csv", "data/responses/data/messages.csv")
    rows = read_table(folder / "all.parquet") if published is None else records(published, RATED)
    return [_sample(row) for row in rows if split in ("all", hashed_split(row["response_id"]))]


def load_wassa2022(split: str, root: Path | None = None) -> list[Sample]:
    """Read one official split of the shared task of 2022.

    Args:
        split: ``train`` (1,860 essays) or ``validation`` (270).
        root: Folder that holds ``text/wassa2022_empathy``, or the published files; by default ``$MIEN_DATA``.

    Returns:
        Samples as of `load`, whose truth has the essay's emotion, a label of ``ekman7``, as its open label, and whose
        group also has the codes of the writer's ``gender``, ``race`` and ``education``.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, WASSA_SPLITS)
    folder = corpus_folder("text/wassa2022_empathy", root)
    published = first_file(folder, WASSA_FILES[split])
    if published is None:
        rows: Iterator[Mapping[str, Any]] = iter(read_table(folder / f"{split}.parquet"))
    elif split == "train":
        rows = records(published, {**RATED, "emotion": "emotion"}, delimiter="\t")
    else:
        rows = _answered(published, published.with_name(ANSWERS))
    return [_sample(row, emotion=True) for row in rows]


def _answered(essays: Path, answers: Path) -> Iterator[dict[str, Any]]:
    """Yield essays with the answers of a file without a header: empathy, distress, emotion, and more on the writer."""
    rows, given = list(records(essays, NAMED, delimiter="\t")), [line.split("\t") for line in lines(answers)]
    if len(rows) != len(given):
        raise InputError(
            f"{answers} has {len(given)} lines for the {len(rows)} essays of {essays.name}; needed: one each"
        )
    for number, (row, answer) in enumerate(zip(rows, given, strict=True), start=1):
        if len(answer) < 3:
            raise InputError(
                f"{answers}, line {number} has {len(answer)} columns; needed: empathy, distress and emotion"
            )
        yield {**row, **dict(zip(("empathy", "distress", "emotion"), answer, strict=False))}


def _sample(row: Mapping[str, Any], *, emotion: bool = False) -> Sample:
    what = f"essay {row['message_id']}"
    shares = [degree(row[label], f"{what} has the {label}", low=1, high=7) for label in EMPATHY2.labels]
    if emotion and row["emotion"] not in EKMAN7.labels:
        raise InputError(f"{what} has the emotion {row['emotion']!r}; allowed: {', '.join(EKMAN7.labels)}")
    labels = (row["emotion"],) if emotion else ()
    truth = Affect(Distribution(EMPATHY2, np.array(shares)), labels=labels, kind="felt")
    return sample({**row, "id": row["message_id"]}, truth, group=_group(row))


def _group(row: Mapping[str, Any]) -> dict[str, str]:
    facts = {name: row[name] for name in ("gender", "race", "education") if row.get(name) not in (None, "")}
    codes = {name: f"{float(code):g}" for name, code in facts.items()}
    return {"writer": row["response_id"], "article": str(row["article_id"]), **codes}
