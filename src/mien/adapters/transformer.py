"""Perceivers as a scikit-learn transformer (extra ``bench``): items in, probabilities and dimensions out."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from mien.adapters.inputs import RATE
from mien.adapters.naming import known_names, modality_of, perceiver_of, taxonomy_of
from mien.adapters.table import is_numbers, items_of
from mien.adapters.vectors import feature_names, vectors
from mien.errors import MissingExtraError, UnknownNameError
from mien.perceive import Perceiver
from mien.types import Taxonomy

try:
    from sklearn.base import BaseEstimator, TransformerMixin
    from sklearn.utils import Tags
    from sklearn.utils.validation import validate_data
except ImportError as error:
    raise MissingExtraError("MienTransformer", "bench") from error

__all__ = ["MienTransformer"]

MODALITIES = ("text", "speech", "face")


class MienTransformer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns texts, recordings or pictures into what they express, for scikit-learn.

    It learns nothing: `fit` only looks at the input. An item with nothing to perceive in it, or a missing one, gives a
    row of NaN; put an imputer behind it where such items occur.

    Args:
        modality: text, speech or face, for the shipped perceivers; or any name that `mien.pipeline` knows.
        taxonomy: The labels of the probabilities, such as ``ekman7``; by default those of the model.
        dimensions: Whether the means of valence, arousal and dominance follow the probabilities.
        sampling_rate: Rate of arrays of sound, in Hz; files have their own.
        batch_size: Items that are read together; it changes the time, not the numbers.

    `fit` and `transform` take a list, array, series or table of one column, with one item each: a text; a path, bytes,
    or one-dimensional array of sound; a path, bytes, a PIL image, or an array of shape ``(height, width, 3)``. For
    speech, a table of numbers is taken as one recording a row.

    Example:
        >>> from sklearn.pipeline import make_pipeline
        >>> from sklearn.linear_model import LogisticRegression
        >>> texts = ["We won!", "They all laughed with me.", "He died last night.", "I miss her so much."]
        >>> model = make_pipeline(MienTransformer("text", taxonomy="ekman7"), LogisticRegression())
        >>> model.fit(texts, [1, 1, 0, 0]).predict(["What a lovely present, thank you!"]).tolist()
        [1]
    """

    def __init__(
        self,
        modality: str = "text",
        *,
        taxonomy: Taxonomy | str | None = None,
        dimensions: bool = True,
        sampling_rate: int = RATE,
        batch_size: int = 32,
    ) -> None:
        self.modality = modality
        self.taxonomy = taxonomy
        self.dimensions = dimensions
        self.sampling_rate = sampling_rate
        self.batch_size = batch_size

    def fit(self, X: Any, y: Any = None) -> MienTransformer:  # noqa: ARG002, N803 (as scikit-learn calls them)
        """Look at the input and learn nothing.

        Raises:
            OptionError: The input is of a kind that the modality does not read.
            UnknownNameError: There is no such modality or taxonomy.
        """
        self._items(X, reset=True)
        self._labels()
        return self

    def transform(self, X: Any) -> Float[np.ndarray, "items features"]:  # noqa: N803
        """Return one row per item: a probability for each label, then the means of the dimensions.

        Raises:
            InputError: An item cannot be read.
            OptionError: The input is of a kind that the modality does not read.
            UnknownNameError: There is no such modality or taxonomy.
        """
        items = self._items(X, reset=False)
        return vectors(
            self._perceiver(),
            items,
            self._labels(),
            dimensions=self.dimensions,
            rate=self.sampling_rate,
            batch_size=self.batch_size,
        )

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:  # noqa: ARG002
        """Return the names of the columns: ``goemotions28.joy``, ..., ``valence_mean``, ..."""
        return np.array(feature_names(self._labels(), dimensions=self.dimensions), dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        """There is nothing to learn, so it is fitted from the beginning."""
        return True

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.allow_nan = self.modality != "speech"
        tags.transformer_tags.preserves_dtype = []
        return tags

    def _items(self, X: Any, *, reset: bool) -> list[Any]:  # noqa: N803
        if self._reads() == "speech" and is_numbers(X):
            return list(validate_data(self, X, reset=reset or not hasattr(self, "n_features_in_")))
        if reset:
            self.n_features_in_ = 1
        return items_of(X)

    def _perceiver(self) -> Perceiver[Any]:
        if self.modality in MODALITIES:
            return perceiver_of(f"{self.modality}/affect")
        try:
            return perceiver_of(self.modality)
        except UnknownNameError as error:
            raise UnknownNameError("modality", self.modality, [*MODALITIES, *known_names()]) from error

    def _reads(self) -> str:
        return self.modality if self.modality in MODALITIES else modality_of(self._perceiver())

    def _labels(self) -> Taxonomy:
        return taxonomy_of(self.taxonomy) or self._perceiver().taxonomy
