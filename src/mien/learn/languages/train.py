"""Joint fine-tuning on all languages, with checkpoints from which it resumes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from mien.learn.text.batches import Rows, collate, endless, plan
from mien.learn.text.net import CategoryHead, Encoder
from mien.learn.text.train import Course, begin, go_on, skip

__all__ = ["LanguagesNet", "LanguagesOptions", "fit", "known_loss"]


@dataclass(frozen=True, slots=True)
class LanguagesOptions(Course):
    """Numbers of a training run; lengths in tokens."""

    epochs: float = 3.0
    batch: int = 32
    dropout: float = 0.1
    max_tokens: int = 64
    least_uses: int = 2
    finnish_lines: int = 6000
    language_weight: float = 0.2
    layers: int = 8
    frozen: int = 4
    bits: int = 17
    strength: float = 3.0
    ridge: float = 5.0
    checkpoint_every: int = 200


class LanguagesNet(nn.Module):
    """One trunk, a head for the emotions and one for the language.

    The second teaches the trunk to keep apart what the same letters mean in two languages, and names the language of a
    text of which it is not known.
    """

    def __init__(self, trunk: Encoder, labels: int, languages: int, dropout: float) -> None:
        super().__init__()
        self.trunk = trunk
        self.categories = CategoryHead(trunk.shape.width, labels, dropout)
        self.languages = CategoryHead(trunk.shape.width, languages, dropout)

    def forward(self, states: Tensor, mask: Tensor, first: int) -> tuple[Tensor, Tensor]:
        """Return logits of the emotions [batch, labels] and of the languages [batch, languages].

        Args:
            states: What the layers below `first` made of the texts, [batch, time, width].
            mask: 1 at real tokens, 0 at padding, [batch, time].
            first: The first layer that still has to run.
        """
        sentence = self.trunk.pool(self.trunk.climb(states, mask, first=first), mask)
        return self.categories(sentence), self.languages(sentence)


class LowerStates:
    """What the frozen lowest layers make of every text, in a file of float16 that a later run finds again.

    Args:
        trunk: The encoder, whose word vectors, places and lowest layers are frozen.
        rows: Token ids and truth.
        options: Numbers of the training.
        path: The file, shape ``(tokens, width)``.
    """

    def __init__(self, trunk: Encoder, rows: Rows, options: LanguagesOptions, path: Path) -> None:
        self._trunk, self._rows, self._options = trunk, rows, options
        self._ends = np.cumsum([0, *map(len, rows.ids)])
        for part in (trunk.words, trunk.places, trunk.embed_norm, *trunk.blocks[: options.frozen]):
            part.requires_grad_(requires_grad=False)
        if not path.exists():
            unfinished = path.with_suffix(".tmp.npy")
            self._compute(unfinished)
            unfinished.replace(path)
        self._states = np.load(path, mmap_mode="r")

    def collate(self, indices: np.ndarray) -> tuple[Tensor, Tensor, Tensor]:
        """Return states [batch, time, width], mask [batch, time] and truth [batch, columns] of some rows."""
        _, mask, truth = collate(self._rows, indices)
        states = torch.zeros(*mask.shape, self._states.shape[1])
        for row, index in enumerate(indices):
            stored = self._states[self._ends[index] : self._ends[index + 1]]
            states[row, : len(stored)] = torch.from_numpy(stored.astype(np.float32))
        return states, mask, truth

    @torch.no_grad()
    def _compute(self, path: Path) -> None:
        shape = (int(self._ends[-1]), self._trunk.shape.width)
        states = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=shape)
        self._trunk.eval()
        for indices in plan(self._rows, self._options.batch, np.random.default_rng(0)):
            ids, mask, _ = collate(self._rows, indices)
            with torch.autocast("cpu", torch.bfloat16, enabled=self._options.half):
                found = self._trunk.climb(self._trunk.embed(ids), mask, last=self._options.frozen)
            for row, index in enumerate(indices):
                length = self._ends[index + 1] - self._ends[index]
                states[self._ends[index] : self._ends[index + 1]] = found[row, :length].float().numpy()
        states.flush()


def known_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Binary cross-entropy, summed over the labels that were asked for (no NaN) and averaged over the batch."""
    known = ~truth.isnan()
    losses = nn.functional.binary_cross_entropy_with_logits(logits, truth.nan_to_num(), reduction="none")
    return (losses * known).sum(1).mean()


def fit(
    net: LanguagesNet, rows: Rows, options: LanguagesOptions, *, out: Path, seed: int
) -> tuple[LanguagesNet, LanguagesNet]:
    """Train `net` and return it with the running average of its weights; goes on from `out`/checkpoint.pt if there.

    The word vectors and the lowest layers stay as they are, so that their states are computed only once: a text of a
    small language would move a few vectors by less than what is lost when they are stored in 4 bits again, and an
    epoch takes half the time.

    Args:
        net: Where training begins; it is changed.
        rows: Token ids, and as truth the labels (NaN where not asked for) followed by the place of the language.
        options: Numbers of the training.
        out: Folder of the checkpoint.
        seed: Of the order and the dropout.
    """
    torch.manual_seed(seed)
    lower = LowerStates(net.trunk, rows, options, out / "states.npy")
    n_steps = math.ceil(len(rows) / options.batch * options.epochs)
    state = begin(net, options, n_steps, out)
    batches = skip(endless(rows, options.batch, seed), state.step)
    return go_on(state, lambda: _losses(net, options, *lower.collate(next(batches))), options, n_steps, out)


def _losses(net: LanguagesNet, options: LanguagesOptions, states: Tensor, mask: Tensor, truth: Tensor) -> list[Tensor]:
    with torch.autocast("cpu", torch.bfloat16, enabled=options.half):
        emotions, languages = net(states, mask, options.frozen)
    spoken = nn.functional.cross_entropy(languages.float(), truth[:, -1].long())
    return [known_loss(emotions.float(), truth[:, :-1]), options.language_weight * spoken]
