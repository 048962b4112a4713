"""What a category head is trained to lower: cross-entropy, and what published works put in its place or beside it.

All take logits and truth [batch, labels] and return one number; truth may be a probability where a loss says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mien.errors import OptionError

CategoryLoss = Callable[[Tensor, Tensor], Tensor]


def binary(logits: Tensor, truth: Tensor) -> Tensor:
    """Binary cross-entropy, summed over the labels and averaged over the batch; truth may be probabilities."""
    return nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="none").sum(1).mean()


def asymmetric(logits: Tensor, truth: Tensor, *, fall: float = 4.0, margin: float = 0.05) -> Tensor:
    """Cross-entropy in which labels that are easily known not to hold count for almost nothing.

    Args:
        logits: Shape [batch, labels].
        truth: 0 or 1.
        fall: Power with which an absent label's loss falls as its probability does.
        margin: Probability below which an absent label counts for nothing.

    References:
        Ridnik et al. (2021), "Asymmetric Loss For Multi-Label Classification", ICCV.
    """
    probs = logits.sigmoid()
    shifted = (probs - margin).clamp(min=0)
    absent = (shifted**fall) * torch.log((1 - shifted).clamp(min=1e-8))
    return -(truth * nn.functional.logsigmoid(logits) + (1 - truth) * absent).sum(1).mean()


def soft_f1(logits: Tensor, truth: Tensor) -> Tensor:
    """Cross-entropy plus one minus the mean over labels of F1 with probabilities in place of decisions.

    References:
        Bénédict et al. (2022), "sigmoidF1: A Smooth F1 Score Surrogate Loss for Multilabel Classification", TMLR.
    """
    probs = logits.sigmoid()
    hits = (probs * truth).sum(0)
    f1 = 2 * hits / (probs.sum(0) + truth.sum(0) + 1e-6)
    seen = truth.sum(0) > 0
    return binary(logits, truth) + (1 - f1[seen]).mean() if bool(seen.any()) else binary(logits, truth)


def balanced(shares: Tensor) -> CategoryLoss:
    """Return cross-entropy in which a label that holds counts by the inverse square root of how common it is.

    Args:
        shares: Share of the training rows for which each label holds, [labels].

    References:
        Mahajan et al. (2018), "Exploring the Limits of Weakly Supervised Pretraining", ECCV (square-root sampling).
    """
    weights = (shares.clamp(min=1e-4) / shares.max()) ** -0.5

    def loss(logits: Tensor, truth: Tensor) -> Tensor:
        every = nn.functional.binary_cross_entropy_with_logits(logits, truth, pos_weight=weights, reduction="none")
        return every.sum(1).mean()

    return loss


def correlation(logits: Tensor, truth: Tensor) -> Tensor:
    """Mean over pairs of one label that holds and one that does not of exp(absent - present).

    It teaches labels by their company: an absent one must stay below each present one.

    References:
        Alhuzali and Ananiadou (2021), "SpanEmo: Casting Multi-label Emotion Classification as Span-prediction", EACL.
    """
    probs = logits.sigmoid()
    present, absent = truth, 1 - truth
    lifted = (torch.exp(probs) * absent).sum(1) * (torch.exp(-probs) * present).sum(1)
    pairs = present.sum(1) * absent.sum(1)
    return (lifted / pairs.clamp(min=1)).mean()


def contrast(sentences: Tensor, truth: Tensor, *, temperature: float = 0.1) -> Tensor:
    """Pull sentences together by how many labels they share, and push the others apart.

    Args:
        sentences: Vectors, [batch, width].
        truth: 0 or 1, [batch, labels]; the weight of a pair is the Jaccard index of its labels.
        temperature: Of the softmax over the batch.

    References:
        Khosla et al. (2020), "Supervised Contrastive Learning", NeurIPS.
        Lin et al. (2023), "An Effective Deployment of Contrastive Learning in Multi-label Text Classification", ACL.
    """
    vectors = nn.functional.normalize(sentences.float(), dim=1)
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    close = (vectors @ vectors.T / temperature).masked_fill(itself, -1e9)
    both = truth @ truth.T
    either = truth.sum(1)[:, None] + truth.sum(1)[None, :] - both
    weights = (both / either.clamp(min=1)).masked_fill(itself, 0)
    total = weights.sum(1)
    spread = -(weights * close.log_softmax(1)).sum(1) / total.clamp(min=1e-6)
    return spread[total > 0].mean() if bool((total > 0).any()) else spread.sum() * 0


def category_loss(name: str, shares: Tensor) -> CategoryLoss:
    """Return the loss of a name.

    Raises:
        OptionError: There is none of that name.
    """
    known = {"binary": binary, "asymmetric": asymmetric, "balanced": balanced(shares), "soft_f1": soft_f1}
    if name not in known:
        raise OptionError(f"no category loss is called {name!r}; known: {', '.join(known)}")
    return known[name]


@dataclass(frozen=True, slots=True)
class Objective:
    """The loss of a batch of labelled texts, with its parts beside the first.

    Args:
        loss: What truth and logits are compared by.
        soft_weight: Share of the loss that a teacher's probabilities get, in [0, 1].
        correlation_weight: Weight of `correlation`.
        contrast_weight: Weight of `contrast`.

    References:
        Hinton et al. (2015), "Distilling the Knowledge in a Neural Network", arXiv:1503.02531 (soft targets).
    """

    loss: CategoryLoss = binary
    soft_weight: float = 0.0
    correlation_weight: float = 0.0
    contrast_weight: float = 0.0

    def __call__(self, logits: Tensor, sentences: Tensor, truth: Tensor, soft: Tensor | None) -> Tensor:
        """Return the loss of logits and sentence vectors; ``soft`` are a teacher's probabilities or None."""
        share = 0.0 if soft is None else self.soft_weight
        total = (1 - share) * self.loss(logits, truth) if share < 1 else logits.new_zeros(())
        if soft is not None and share:
            total = total + share * binary(logits, soft)
        if self.correlation_weight:
            total = total + self.correlation_weight * correlation(logits, truth)
        if self.contrast_weight:
            total = total + self.contrast_weight * contrast(sentences, truth)
        return total
