"""The trial of context: one small head on the vectors of the frozen encoder, with the turns before and without them.

References:
    Chatterjee et al. (2019). SemEval-2019 task 3: EmoContext, contextual emotion detection in text. SemEval, 39-48.
    Poria et al. (2019). MELD: a multimodal multi-party dataset for emotion recognition in conversations. ACL, 527-536.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import nn

from mien.errors import OptionError
from mien.learn.heads.turns import EMOTIONS, Heard, turns_of
from mien.learn.text import decide
from mien.learn.text.corpora import dimension_row, label_row
from mien.metrics.bootstrap import Metric
from mien.metrics.categorical import macro_f1, weighted_f1
from mien.perceive.text import TextPerceiver
from mien.types import Span, Utterance
from mien.types.scales import EMOCONTEXT4
from mien.types.taxonomies import EKMAN7, GOEMOTIONS28

MODEL = "text-affect"
OWN = {basic: name for name, basic in EMOTIONS.items()}
"""What EmoContext calls the basic emotions that it asks for."""


@dataclass(frozen=True, slots=True)
class ContextOptions:
    """What a trial of context does.

    Args:
        corpus: ``emocontext`` or ``meld``.
        turns: How many of the turns before are seen; 0 for none.
        seen: What is seen of a turn: ``vectors`` of the encoder, or ``affects``, which is what the model says of it.
        inner: Width of the head's hidden layer.
        dropout: Of the vectors.
        epochs: Passes over the training split.
        batch: Turns a batch.
        rate: Of AdamW.
    """

    corpus: str = "emocontext"
    turns: int = 2
    seen: str = "vectors"
    inner: int = 128
    dropout: float = 0.2
    epochs: int = 8
    batch: int = 128
    rate: float = 1e-3


class ContextTrial:
    """Train the head on a corpus of conversations and read its validation split."""

    metrics: Mapping[str, Metric] = {"macro_f1": macro_f1, "weighted_f1": weighted_f1}
    defaults: Mapping[str, Any] = asdict(ContextOptions())

    def run(self, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Train with the options over their defaults.

        Raises:
            OptionError: An option is unknown, or the corpus is.
        """
        known = [one.name for one in fields(ContextOptions)]
        for name in options:
            if name not in known:
                raise OptionError(f"a trial of context has no option {name!r}; known: {', '.join(known)}")
        given = ContextOptions(**options)
        torch.set_num_threads(1)
        learnt, judged = (turns_of(given.corpus, split) for split in ("train", "validation"))
        labels, truth = (np.array([_label(one, given.corpus) for one in turns]) for turns in (learnt, judged))
        net = _fit(_features(learnt, given), labels, given, seed)
        with torch.no_grad():
            logits = net(torch.from_numpy(_features(judged, given))).numpy()
        said = _decided(logits, truth, labels)
        return dict.fromkeys(self.metrics, (truth, said))


def _label(turn: Heard, corpus: str) -> int:
    """Return the place of a turn's label in its corpus's own taxonomy."""
    label = EKMAN7.labels[int(turn.allowed.argmax())] if turn.allowed.sum() == 1 else "others"
    return EMOCONTEXT4.index(OWN.get(label, label)) if corpus == "emocontext" else EKMAN7.index(label)


@cache
def _perceiver() -> TextPerceiver:
    return TextPerceiver(model=MODEL, threads=1)


@cache
def _vectors(texts: tuple[str, ...]) -> np.ndarray:
    order = np.argsort([len(text) for text in texts], kind="stable")
    found = []
    for start in range(0, len(order), 2000):
        pieces = [_utterance(texts[place]) for place in order[start : start + 2000]]
        found.append(_perceiver().vectors(pieces))
    vectors: np.ndarray = np.concatenate(found)[np.argsort(order, kind="stable")]
    return vectors.astype(np.float32)


def _utterance(text: str) -> Utterance:
    return Utterance(text, Span(0, max(1, len(text)), "characters"))


@cache
def _affects(texts: tuple[str, ...]) -> np.ndarray:
    """Return log odds of the labels and the means of the dimensions; zeros where nothing is said."""
    said = _perceiver().read([_utterance(text) for text in texts])
    width = len(GOEMOTIONS28) + 3
    rows = [np.zeros(width) if one is None else np.hstack([label_row(one), dimension_row(one)]) for one in said]
    found = np.stack(rows).astype(np.float32)
    found[:, :-3] = decide.log_odds(np.clip(found[:, :-3], 1e-4, 1 - 1e-4)) / 4
    return found


def _features(turns: Sequence[Heard], options: ContextOptions) -> np.ndarray:
    """Return what is seen of each turn and of the turns before it, a mark of who speaks, and zeros for none."""
    count = options.turns
    texts = tuple(sorted({text for one in turns for text, _ in ((one.text, True), *one.before[:2])}))
    read = _vectors if options.seen == "vectors" else _affects
    vectors, places = read(texts), {text: place for place, text in enumerate(texts)}
    width = vectors.shape[1]
    features = np.zeros((len(turns), width + count * (width + 2)), np.float32)
    for row, one in zip(features, turns, strict=True):
        row[:width] = vectors[places[one.text]]
        for number, (text, same) in enumerate(one.before[:count]):
            start = width + number * (width + 2)
            row[start : start + width] = vectors[places[text]]
            row[start + width + int(same)] = 1
    return features


def _fit(features: np.ndarray, labels: np.ndarray, options: ContextOptions, seed: int) -> nn.Module:
    torch.manual_seed(seed)
    inner = (nn.Linear(features.shape[1], options.inner), nn.GELU(), nn.Dropout(options.dropout))
    net = nn.Sequential(nn.Dropout(options.dropout), *inner, nn.Linear(options.inner, int(labels.max()) + 1))
    optimizer = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.01)
    n_steps = options.epochs * -(-len(labels) // options.batch)
    falling = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / n_steps)
    inputs, truth = torch.from_numpy(features), torch.from_numpy(labels)
    net.train()
    for _ in range(options.epochs):
        for rows in torch.randperm(len(labels)).split(options.batch):
            loss = nn.functional.cross_entropy(net(inputs[rows]), truth[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            falling.step()
    return net.eval()


def _decided(logits: np.ndarray, truth: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    """Return labels, with the shares of the labels that were learnt changed to those of the other half of the items."""
    said = np.zeros(len(truth), np.int64)
    half = np.arange(len(truth)) % 2 == 0
    n_labels = logits.shape[1]
    prior = np.bincount(learnt, minlength=n_labels) / len(learnt)
    for here, there in ((half, ~half), (~half, half)):
        share = (np.bincount(truth[there], minlength=n_labels) + 1) / (there.sum() + n_labels)
        said[here] = (logits[here] + np.log(share / prior)).argmax(axis=1)
    return said
