"""What the networks over tables are trained to lower; all take numbers of a batch, one row an item, and return one."""

from __future__ import annotations

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from mien.errors import OptionError

__all__ = ["concordance", "penalty", "rating_loss", "soft_cross_entropy"]

Loss = Callable[[Tensor, Tensor], Tensor]


def soft_cross_entropy(logits: Float[Tensor, "batch labels"], shares: Float[Tensor, "batch labels"]) -> Tensor:
    """Cross-entropy with the share of the votes that each label got; one-hot rows make it the common one."""
    return functional.cross_entropy(logits, shares)


def penalty(
    logits: Float[Tensor, "batch labels"],
    shares: Float[Tensor, "batch labels"],
    unlikely: Float[Tensor, "labels labels"],
) -> Tensor:
    """Mean over the batch of what is said of labels that do not go with those that were voted for.

    Args:
        logits: Of the network.
        shares: Of the votes.
        unlikely: How seldom two labels are voted for together, in [0, 1], 0 on the diagonal.

    References:
        Chou (2025), Revisiting Modeling and Evaluation Approaches in Speech Emotion Recognition: Considering
        Subjectivity of Annotators and Ambiguity of Emotions (the idea; its form here is ours).
    """
    return ((shares @ unlikely) * logits.softmax(dim=1)).sum(dim=1).mean()


def concordance(guess: Float[Tensor, "batch columns"], truth: Float[Tensor, "batch columns"]) -> Tensor:
    """One minus the concordance correlation, averaged over the columns; the batch stands for all items.

    References:
        Wagner et al. (2023), Dawn of the transformer era in speech emotion recognition: closing the valence gap, IEEE
        Transactions on Pattern Analysis and Machine Intelligence 45(9).
    """
    centre, middle = guess.mean(dim=0), truth.mean(dim=0)
    shared = ((guess - centre) * (truth - middle)).mean(dim=0)
    scale = guess.var(dim=0, correction=0) + truth.var(dim=0, correction=0) + (centre - middle) ** 2
    return (1 - 2 * shared / scale.clamp(min=1e-8)).mean()


def rating_loss(name: str) -> Loss:
    """Return the loss of a name.

    Raises:
        OptionError: There is none of that name.
    """
    known: dict[str, Loss] = {"ccc": concordance, "mse": functional.mse_loss}
    if name not in known:
        raise OptionError(f"no loss of ratings is called {name!r}; known: {', '.join(known)}")
    return known[name]
