"""CrowdFlower's "emotion in text": 40,000 English tweets with one of 13 labels, on which raters often disagreed.

Reads a Parquet table per split, or the published ``text_emotion.csv`` (tweet_id, sentiment, author, content).

There is no official split. A hash of the text gives each tweet its split, so that equal tweets fall together; 48 texts
of the test split occur in the training split but for case and spaces. The ids are as published.

References:
    CrowdFlower (2016). Sentiment analysis: emotion in text. Licence not stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mien.datasets.corpus import check_split, corpus_folder, hashed_split, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import certain, first_file, records, sample
from mien.types import Affect
from mien.types.scales import CROWDFLOWER13

__all__ = ["SPLITS", "load"]

SPLITS = ("train", "validation", "test")
COLUMNS = {"tweet_id": "tweet_id", "sentiment": "emotion", "content": "text"}


def load(split: str, root: Path | None = None) -> list[Sample]:
    """Read one split.

    Args:
        split: ``train``, ``validation`` or ``test``: 80, 10 and 10 of 100 tweets.
        root: Folder that holds ``text/crowdflower``, or the published file; by default ``$MIEN_DATA``.

    Returns:
        Samples whose signal is an `Utterance` and whose truth is one label of `mien.types.scales.CROWDFLOWER13`.

    Raises:
        OptionError: The split is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    check_split(split, SPLITS)
    folder = corpus_folder("text/crowdflower", root)
    published = first_file(folder, "text_emotion.csv")
    if published is None:
        return [_sample(row) for row in read_table(folder / f"{split}.parquet")]
    return [_sample(row) for row in records(published, COLUMNS) if hashed_split(row["text"]) == split]


def _sample(row: Mapping[str, Any]) -> Sample:
    what = f"CrowdFlower tweet {row['tweet_id']}"
    return sample({**row, "id": row["tweet_id"]}, Affect(certain(CROWDFLOWER13, row["emotion"], what)))
