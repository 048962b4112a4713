"""BRIGHTER: texts in 28 languages with six emotions that may hold together, and in 11 of them with intensities.

Reads a Parquet table per split, or the published files ``track_a/<split>/<language>.csv`` and
``track_b/<split>/<language>.csv`` (id, text, one column an emotion; split ``train``, ``dev`` or ``test``). A
language whose file is not there has no samples. Four languages (Indonesian, Javanese, Xhosa and Zulu) have no training
data and belong to a track on transfer that is not read here.

English has no disgust and Afrikaans no surprise: their truth is over the labels that were asked for. The published
English test file of track A is blank; its labels are then those of track B, where an intensity above 0 means yes.

Most texts of track B are texts of track A, but in Amharic not in the same split: 1,040 of its training texts in track A
are test texts in track B, and about as many the other way round. What learns from one track must leave those out before
it is measured on the other. 81 test texts of track A, 61 of them Igbo, also occur among its training texts.

References:
    Muhammad et al. (2025). BRIGHTER: bridging the gap in human-annotated textual emotion recognition datasets for 28
    languages. ACL, 8895-8916. Belay et al. (2025). Evaluating the capabilities of large language models for multi-label
    emotion understanding. COLING, 3523-3540 (Amharic, Oromo, Somali, Tigrinya). Data: CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mien.datasets.corpus import check_split, corpus_folder, read_table
from mien.datasets.schema import Sample
from mien.datasets.written import degree, records, sample
from mien.errors import InputError, OptionError
from mien.types import Affect, Distribution, Taxonomy
from mien.types.scales import BRIGHTER, BRIGHTER_INTENSITY

__all__ = ["INTENSITY_LANGUAGES", "LANGUAGES", "SPLITS", "load", "load_intensity"]

SPLITS = ("train", "validation", "test")
FOLDERS = {"train": "train", "validation": "dev", "test": "test"}
LANGUAGES = (
    *("afr", "amh", "arq", "ary", "chn", "deu", "eng", "esp", "hau", "hin", "ibo", "kin", "mar", "orm"),
    *("pcm", "ptbr", "ptmz", "ron", "rus", "som", "sun", "swa", "swe", "tat", "tir", "ukr", "vmw", "yor"),
)
"""The corpus's codes of its languages; ``ptbr`` and ``ptmz`` are the Portuguese of Brazil and Mozambique."""
INTENSITY_LANGUAGES = ("amh", "arq", "chn", "deu", "eng", "esp", "hau", "ptbr", "ron", "rus", "ukr")
"""Those with intensities; Romanian has no training split."""
WHOLE = {0.0, 1.0, 2.0, 3.0}


def load(split: str, root: Path | None = None, *, languages: Iterable[str] = LANGUAGES) -> list[Sample]:
    """Read which emotions a text expresses (track A).

    Args:
        split: ``train`` (65,094 texts), ``validation`` (8,505) or ``test`` (41,553), the official ones.
        root: Folder that holds ``text/brighter_track_a``, or the published files; by default ``$MIEN_DATA``.
        languages: Codes of the languages to read; by default all 28.

    Returns:
        Samples whose signal is an `Utterance`, whose truth has probability 1 for each emotion that holds, over the
        language's set of `mien.types.scales.BRIGHTER`, and whose group names the ``language``.

    Raises:
        OptionError: The split or a language is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    wanted = _check(split, languages, LANGUAGES)
    folder = corpus_folder("text/brighter_track_a", root)
    rows = _rows(folder, "track_a", split, wanted)
    return [_sample(row, BRIGHTER, high=1) for row in rows]


def load_intensity(
    split: str, root: Path | None = None, *, languages: Iterable[str] = INTENSITY_LANGUAGES
) -> list[Sample]:
    """Read how intense each emotion of a text is (track B).

    Args:
        split: ``train`` (23,511 texts), ``validation`` (2,662) or ``test`` (19,691), the official ones.
        root: Folder that holds ``text/brighter_track_b_intensity``, or the published files; by default ``$MIEN_DATA``.
        languages: Codes of the languages to read; by default all 11, of which Romanian has no training split.

    Returns:
        Samples as of `load`, whose truth is a degree of each emotion (none 0, low 1/3, moderate 2/3, high 1) over the
        language's set of `mien.types.scales.BRIGHTER_INTENSITY`.

    Raises:
        OptionError: The split or a language is unknown.
        InputError: The corpus is missing or broken.
        MissingExtraError: The tables are Parquet and pyarrow is not installed.
    """
    wanted = _check(split, languages, INTENSITY_LANGUAGES)
    folder = corpus_folder("text/brighter_track_b_intensity", root)
    rows = _rows(folder, "track_b", split, wanted)
    return [_sample(row, BRIGHTER_INTENSITY, high=3) for row in rows]


def _check(split: str, languages: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    check_split(split, SPLITS)
    wanted = tuple(languages)
    for language in wanted:
        if language not in known:
            raise OptionError(f"the language {language!r} was asked for; allowed: {', '.join(known)}")
    return wanted


def _rows(folder: Path, track: str, split: str, languages: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    table = folder / f"{split}.parquet"
    if table.is_file():
        yield from (row for row in read_table(table) if row["lang"] in languages)
        return
    paths = {language: folder / track / FOLDERS[split] / f"{language}.csv" for language in languages}
    if not any(path.is_file() for path in paths.values()):
        raise InputError(
            f"corpus folder {folder} holds neither {table.name} nor {track}/{FOLDERS[split]}/<language>.csv for any "
            f"of {', '.join(languages)}"
        )
    for language, path in paths.items():
        if path.is_file():
            yield from _published(path, language)


def _published(path: Path, language: str) -> Iterator[Mapping[str, Any]]:
    labels = BRIGHTER.get(language, BRIGHTER[""]).labels
    columns = {name: name for name in ("id", "text", *labels)}
    rows = list(records(path, columns))
    if rows and all(not row[label] for row in rows for label in labels):
        rows = [_yes_or_no(row, labels) for row in records(_other_track(path), columns)]
    for row in rows:
        yield {**row, "lang": language}


def _other_track(path: Path) -> Path:
    """Return the file of track B with the labels of a blank one of track A."""
    other = path.parents[2] / "track_b" / path.parent.name / path.name
    if path.parents[1].name == "track_b" or not other.is_file():
        raise InputError(f"{path} has no labels; needed: labels there or in {other}")
    return other


def _yes_or_no(row: Mapping[str, Any], labels: tuple[str, ...]) -> dict[str, Any]:
    intensities = {
        label: degree(row[label], f"BRIGHTER text {row['id']} has the {label}", low=0, high=3) for label in labels
    }
    return {**row, **{label: int(share > 0) for label, share in intensities.items()}}


def _sample(row: Mapping[str, Any], taxonomies: Mapping[str, Taxonomy], *, high: int) -> Sample:
    taxonomy = taxonomies.get(row["lang"], taxonomies[""])
    shares = [
        degree(row[label], f"BRIGHTER text {row['id']} has the {label}", low=0, high=high, read=_whole)
        for label in taxonomy.labels
    ]
    truth = Affect(Distribution(taxonomy, np.array(shares)))
    return sample(row, truth, group={"language": row["lang"]})


def _whole(value: Any) -> float:
    """Return a number of `WHOLE`, such as 1 of ``1``, ``"1"`` and ``"1.0"``."""
    number = float(value)
    if number not in WHOLE:
        raise ValueError("not a whole number")
    return number
