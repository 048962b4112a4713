"""A teacher for the speech network: pooled states of a public speech encoder, and soft labels of a probe on them."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, Shaped
from numpy import ndarray
from torch.nn import functional

__all__ = ["Whitening", "probe", "soft_labels"]

STEPS = 60


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


def probe(
    states: Float[ndarray, "clips wide"], labels: Int[ndarray, " clips"], n_labels: int, *, decay: float = 0.03
) -> Float[ndarray, "wide_and_one labels"]:
    """Weights and, in the last row, biases of a softmax regression on standardised states."""
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-3
    inputs = torch.from_numpy(((states - mean) / spread).astype(np.float32))
    weights = torch.zeros(inputs.shape[1], n_labels, requires_grad=True)
    biases = torch.zeros(n_labels, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, biases], max_iter=STEPS)
    targets = torch.from_numpy(labels)

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = functional.cross_entropy(inputs @ weights + biases, targets) + decay * (weights**2).sum()
        value.backward()
        return value

    optimiser.step(loss)
    scaled = weights.detach().numpy() / spread[:, None]
    return np.concatenate([scaled, (biases.detach().numpy() - mean @ scaled)[None]]).astype(np.float32)


def soft_labels(
    states: Float[ndarray, "clips wide"],
    labels: Int[ndarray, " clips"],
    speakers: Shaped[ndarray, " clips"],
    *,
    n_labels: int,
    n_parts: int = 4,
) -> Float[ndarray, "clips labels"]:
    """Logits for each clip from a probe that never saw its speaker."""
    order = {speaker: place for place, speaker in enumerate(sorted(set(speakers.tolist())))}
    part = np.array([order[speaker] % n_parts for speaker in speakers.tolist()])
    logits = np.zeros((len(states), n_labels), dtype=np.float32)
    for number in range(n_parts):
        inside = part != number
        weights = probe(states[inside], labels[inside], n_labels)
        logits[~inside] = states[~inside] @ weights[:-1] + weights[-1]
    return logits
