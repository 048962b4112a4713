"""A linear map of many numbers that vary together to few that do not."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

__all__ = ["Whitening"]


@dataclass(frozen=True, slots=True)
class Whitening:
    """A linear map of the teacher's states to few numbers, each of mean 0 and spread 1."""

    mean: Float[ndarray, " wide"]
    matrix: Float[ndarray, "wide narrow"]

    @classmethod
    def fit(cls, states: Float[ndarray, "clips wide"], n_kept: int) -> "Whitening":
        """Principal components of standardised states."""
        mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-3
        scaled = (states - mean) / spread
        values, vectors = np.linalg.eigh(scaled.T @ scaled / len(scaled))
        kept = vectors[:, ::-1][:, :n_kept] / np.sqrt(values[::-1][:n_kept])
        return cls(mean, kept / spread[:, None])

    def __call__(self, states: Float[ndarray, "clips wide"]) -> Float[ndarray, "clips narrow"]:
        """Map states; the first columns vary most between clips."""
        return np.asarray((states - self.mean) @ self.matrix, dtype=np.float32)
