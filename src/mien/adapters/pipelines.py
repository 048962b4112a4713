"""Perceivers that are called, and answer, as Hugging Face pipelines are and do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypedDict

import numpy as np

from mien.adapters.inputs import piece_of
from mien.adapters.naming import modality_of, perceiver_of, taxonomy_of
from mien.errors import OptionError
from mien.perceive import Perceiver
from mien.types import Affect, Frame, Image, Sound, Taxonomy, Utterance
from mien.types.project import project, projection

__all__ = ["Entry", "Pipeline", "pipeline"]

TopK = int | Literal["usual"] | None
ONE = (str, bytes, bytearray, Path, Mapping, np.ndarray, Utterance, Sound, Frame, Image)
USUAL = 5
"""How many labels a recording or a picture gets where none was asked for."""


class Entry(TypedDict):
    """One label with its score; both are of no one (``None``, 0.0) where there was nothing to perceive."""

    label: str | None
    score: float


class Pipeline:
    """A perceiver as a function from items to labels with scores.

    Args:
        perceiver: What reads the items.
        taxonomy: The labels to answer in, by name or as such; by default the perceiver's own.
        top_k: How many labels an item gets, ``None`` for all; by default as `pipeline` says.
        batch_size: Items that are read together; it changes the time, not the answers.

    Raises:
        UnknownNameError: There is no such taxonomy, or no map leads there.
        OptionError: `top_k` or `batch_size` is below 1.
    """

    def __init__(
        self,
        perceiver: Perceiver[Any],
        *,
        taxonomy: Taxonomy | str | None = None,
        top_k: TopK = "usual",
        batch_size: int = 8,
    ) -> None:
        self.perceiver = perceiver
        self.modality = modality_of(perceiver)
        self.taxonomy = taxonomy_of(taxonomy) or perceiver.taxonomy
        projection(perceiver.taxonomy, self.taxonomy)  # refuses here what it would refuse at the first item
        self.top_k = _checked("top_k", top_k)
        self.batch_size = batch_size
        _checked("batch_size", batch_size)

    def __call__(self, inputs: Any, *, top_k: TopK = "usual", batch_size: int | None = None) -> Any:
        """Return the labels of one item, of a list of items, or of any other iterable, which is read as it is asked.

        Args:
            inputs: One item, a list, or an iterable of items; `mien.adapters.inputs.piece_of` says what an item is.
            top_k: As for the pipeline, for this call only.
            batch_size: As for the pipeline, for this call only.

        Returns:
            For one item a list of ``{"label", "score"}``, the likeliest first. For a list, such a list per item; of
            texts without a given `top_k`, one ``{"label", "score"}`` per item. For another iterable, an iterator. A
            text in a dict gets, as there, a bare ``{"label", "score"}``.

        Raises:
            InputError: An item cannot be read.
            OptionError: An item is of a kind that the modality does not have, or an option is wrong.
        """
        chosen = self.top_k if top_k == "usual" else _checked("top_k", top_k)
        flat = chosen == "usual" and self.modality == "text"
        answers = self._answers(_items(inputs), chosen, _checked("batch_size", batch_size or self.batch_size))
        if _is_one(inputs):
            answer = next(answers)
            return answer[0] if flat and isinstance(inputs, Mapping) else answer
        shaped = (answer[0] if flat else answer for answer in answers)
        return list(shaped) if isinstance(inputs, list | tuple) else shaped

    def _answers(self, items: Iterator[Any], top_k: TopK, size: int) -> Iterator[list[Entry]]:
        while batch := list(islice(items, size)):
            pieces = [piece_of(self.modality, item) for item in batch]
            yield from (self._entries(affect, top_k) for affect in self.perceiver.read(pieces))

    def _entries(self, affect: Affect | None, top_k: TopK) -> list[Entry]:
        categories = None if affect is None else project(affect, self.taxonomy).categories
        if categories is None:
            return [Entry(label=None, score=0.0)]
        most = (1 if self.modality == "text" else USUAL) if top_k == "usual" else top_k
        ordered = sorted(categories.as_dict().items(), key=lambda pair: -pair[1])
        return [Entry(label=label, score=score) for label, score in ordered[: None if most is None else int(most)]]


def pipeline(
    task: str | Perceiver[Any],
    *,
    taxonomy: Taxonomy | str | None = None,
    top_k: TopK = "usual",
    batch_size: int = 8,
) -> Pipeline:
    """Return a perceiver that is called, and answers, as a Hugging Face pipeline is and does.

    As there, a text gets its likeliest label and a list of texts one label each, unless `top_k` is given; a recording
    or picture gets its five likeliest. A list gives a list; a generator or any other iterable is read as its answers
    are asked for. Unlike there, scores over a taxonomy of labels that do not exclude each other are independent and do
    not add up to one; an item with nothing to perceive gets the label ``None`` with the score 0; addresses are not
    fetched; and of a picture with several faces the largest is read.

    Args:
        task: Name of a perceiver (``text-affect``, ``speech-affect``, ``face-affect``, also with ``/``), of a model or
            of its folder; or a perceiver.
        taxonomy: The labels to answer in, such as ``ekman7``; by default those of the model.
        top_k: How many labels an item gets, ``None`` for all.
        batch_size: Items that are read together.

    Raises:
        UnknownNameError: Nothing goes by the name, or there is no such taxonomy.
        OptionError: An option is wrong.

    Example:
        >>> read = pipeline("text-affect")
        >>> read("Thank you so much!")[0]["label"]
        'gratitude'
        >>> [entry["label"] for entry in read(["Thank you!", "I am so angry."])]
        ['gratitude', 'anger']
    """
    perceiver = perceiver_of(task) if isinstance(task, str) else task
    return Pipeline(perceiver, taxonomy=taxonomy, top_k=top_k, batch_size=batch_size)


def _is_one(inputs: Any) -> bool:
    """Whether this is one item; a picture of Pillow's is, an array of strings is not."""
    if isinstance(inputs, np.ndarray):
        return inputs.dtype.kind in "fiub"
    return isinstance(inputs, ONE) or hasattr(inputs, "getexif")


def _items(inputs: Any) -> Iterator[Any]:
    if _is_one(inputs):
        return iter([inputs])
    if not isinstance(inputs, Iterable):
        raise OptionError(f"a {type(inputs).__name__} was given to a pipeline; allowed: an item or items to read")
    return iter(inputs)


def _checked(name: str, value: Any) -> Any:
    if value is None and name == "top_k":
        return value
    if value != "usual" and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise OptionError(f"{name} is {value!r}; allowed: 1 or more" + (", or None for all" * (name == "top_k")))
    return value
