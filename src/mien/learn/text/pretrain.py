"""Further pre-training of the trunk on texts without labels: masked words, or words that were put in place of others.

References:
    Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional Transformers", NAACL (masked words).
    Aroyehun et al. (2023), "LEIA: Linguistic Embeddings for the Identification of Affect", EPJ Data Science 12, 52
        (emotion words are masked more often).
    Clark et al. (2020), "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators", ICLR (replaced
        words; here they are drawn by their frequency, without a generator).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from mien.errors import OptionError
from mien.learn.text.batches import Rows, collate, endless
from mien.learn.text.net import Encoder

MASK, FIRST_WORD = 103, 999
"""The token that stands for a hidden word, and the first one that is a letter or a word: before it stand signs."""
SHARE, PREFERRED = 0.15, 0.5
"""How many words are hidden: of all, and of those that are preferred."""
PRIOR = 0.5
"""Texts in which every word is taken to have occurred besides, so that a rare one proves little."""


@dataclass(frozen=True, slots=True)
class PretrainOptions:
    """Numbers of the pre-training.

    Args:
        task: ``none``, ``masked``, ``emotion-masked`` or ``replaced``.
        steps: Batches.
        batch: Texts a batch.
        rate: Of AdamW; it rises for a tenth of the steps and falls to nothing.
        words: How many words count as words of emotion.
    """

    task: str = "none"
    steps: int = 300
    batch: int = 32
    rate: float = 5e-5
    words: int = 500


def emotion_words(rows: Rows, neutral: int, count: int, size: int) -> np.ndarray:
    """Return which of ``size`` tokens speak of emotion: those that most tell labelled texts from neutral ones.

    No lexicon is needed: words are ranked by the z-score of their log odds between the two kinds of text.

    Args:
        rows: Texts with 0 or 1 for each label.
        neutral: Column of the label that says that there is no emotion.
        count: How many.
        size: Of the vocabulary.

    References:
        Monroe et al. (2008), "Fightin' Words", Political Analysis 16(4).
    """
    counts = np.full((2, size), PRIOR)
    for ids, truth in zip(rows.ids, rows.truth, strict=True):
        np.add.at(counts[int(truth[neutral] > 0)], np.unique(ids), 1)
    counts[:, :FIRST_WORD] = PRIOR
    total = counts.sum(axis=1, keepdims=True)
    odds = np.log(counts / (total - counts))
    score = (odds[0] - odds[1]) / np.sqrt((1 / counts).sum(axis=0))
    chosen = np.zeros(size, bool)
    chosen[np.argsort(-score)[:count]] = True
    return chosen


class Masking(nn.Module):
    """Guess the hidden words from the states at their places; the word vectors serve as the output's weights."""

    def __init__(self, trunk: Encoder, preferred: np.ndarray | None = None) -> None:
        super().__init__()
        width = trunk.shape.width
        self.trunk = trunk
        self.inner = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(trunk.shape.vocabulary))
        self.preferred = None if preferred is None else torch.from_numpy(preferred)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the loss of a batch, with words hidden anew."""
        hidden = self._hide(ids, mask)
        if not bool(hidden.any()):
            return self.bias.sum() * 0
        states = self.trunk.states(torch.where(hidden, MASK, ids), mask)[hidden]
        logits = nn.functional.linear(self.inner(states), self.trunk.words.weight, self.bias)
        return nn.functional.cross_entropy(logits.float(), ids[hidden])

    def _hide(self, ids: Tensor, mask: Tensor) -> Tensor:
        words = mask.bool() & (ids >= FIRST_WORD)
        share = torch.full(ids.shape, SHARE)
        if self.preferred is not None:
            share = torch.where(self.preferred[ids], PREFERRED, SHARE)
        return words & (torch.rand(ids.shape) < share)


class Replacing(nn.Module):
    """Tell which words were put in place of others; those are drawn by how often they occur."""

    def __init__(self, trunk: Encoder, frequencies: np.ndarray) -> None:
        super().__init__()
        self.trunk, self.out = trunk, nn.Linear(trunk.shape.width, 1)
        self.frequencies = torch.from_numpy(frequencies.astype(np.float32))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the loss of a batch, with words replaced anew."""
        words = mask.bool() & (ids >= FIRST_WORD)
        drawn = torch.multinomial(self.frequencies, ids.numel(), replacement=True).view(ids.shape)
        mixed = torch.where(words & (torch.rand(ids.shape) < SHARE), drawn, ids)
        logits = self.out(self.trunk.states(mixed, mask)).float()[..., 0]
        return nn.functional.binary_cross_entropy_with_logits(logits[words], (mixed != ids).float()[words])


def pretrain(trunk: Encoder, texts: Rows, labelled: Rows, neutral: int, options: PretrainOptions, seed: int) -> None:
    """Train the trunk in place on texts alone.

    Args:
        trunk: Changed in place.
        texts: Their truth is not looked at.
        labelled: The rows of which the words of emotion are learnt.
        neutral: Column of the label that says that there is no emotion.
        options: Which task, and how long.
        seed: Of the order and of what is hidden.

    Raises:
        OptionError: No task has the name asked for.
    """
    if options.task == "none":
        return
    torch.manual_seed(seed)
    task = _task(trunk, texts, lambda: emotion_words(labelled, neutral, options.words, trunk.shape.vocabulary), options)
    optimizer = torch.optim.AdamW(task.parameters(), lr=options.rate, weight_decay=0.01, fused=True)
    task.train()
    for step, indices in zip(range(options.steps), _batches(texts, options, seed), strict=False):
        height = min((step + 1) / max(1, options.steps // 10), 1 - step / options.steps)
        for group in optimizer.param_groups:
            group["lr"] = options.rate * height
        ids, mask, _ = collate(texts, indices)
        with torch.autocast("cpu", torch.bfloat16):
            loss = task(ids, mask)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()


def _batches(texts: Rows, options: PretrainOptions, seed: int) -> Iterator[np.ndarray]:
    return endless(texts, options.batch, seed)


def _task(trunk: Encoder, texts: Rows, preferred: Callable[[], np.ndarray], options: PretrainOptions) -> nn.Module:
    if options.task == "masked":
        return Masking(trunk)
    if options.task == "emotion-masked":
        return Masking(trunk, preferred())
    if options.task == "replaced":
        return Replacing(trunk, _frequencies(texts.ids, trunk.shape.vocabulary))
    raise OptionError(f"no pre-training is called {options.task!r}; known: none, masked, emotion-masked, replaced")


def _frequencies(ids: Sequence[Sequence[int]], size: int) -> np.ndarray:
    counts = np.bincount(np.concatenate([np.array(row) for row in ids]), minlength=size).astype(float)
    counts[:FIRST_WORD] = 0
    return counts / counts.sum()
