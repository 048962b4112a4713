"""The trial of an encoder's make: small ones that begin from nothing, read on the validation split of GoEmotions."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from mien.errors import OptionError
from mien.learn.text import decide
from mien.learn.text.base import base_folder
from mien.learn.text.batches import encode_rows
from mien.learn.text.corpora import comments, sentences
from mien.learn.text.disentangled import DisentangledEncoder
from mien.learn.text.net import Encoder, EncoderShape, TextNet
from mien.learn.text.teacher import answer
from mien.learn.text.train import TrainOptions, fit
from mien.learn.text.trial import TrialOptions, decided
from mien.metrics.bootstrap import Metric
from mien.metrics.categorical import multilabel_macro_f1
from mien.types.taxonomies import GOEMOTIONS28

ENCODERS = {"absolute": Encoder, "disentangled": DisentangledEncoder}
TRAINING = {
    "epochs": 4.0,
    "batch": 64,
    "rate": 1e-3,
    "layer_decay": 1.0,
    "average": 0.9,
    "dimension_weight": 0.0,
    "dimension_every": 10**9,
    "freeze_words_after": 10**9,
    "checkpoint_every": 10**9,
}
"""Where the training differs by default from that of the shipped model, which begins from pretrained weights."""


@dataclass(frozen=True, slots=True)
class ScratchOptions:
    """What a trial adds to the numbers of a training run.

    Args:
        attention: ``absolute`` for places added to the words, ``disentangled`` for distances in the attention.
        width: Numbers a token.
        layers: Of the encoder.
        heads: Of each layer.
    """

    attention: str = "absolute"
    width: int = 128
    layers: int = 3
    heads: int = 4


class ScratchTrial:
    """Train a small encoder from nothing on the comments of GoEmotions and read its validation split."""

    metrics: Mapping[str, Metric] = {"macro_f1": multilabel_macro_f1}
    defaults: Mapping[str, Any] = {**asdict(TrainOptions()), **TRAINING, **asdict(ScratchOptions())}

    def run(self, options: Mapping[str, Any], seed: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Train with the options over their defaults.

        Raises:
            OptionError: An option is unknown, or the attention is.
        """
        for name in options:
            if name not in self.defaults:
                raise OptionError(
                    f"a trial from nothing has no option {name!r}; known: {', '.join(sorted(self.defaults))}"
                )
        given = {**self.defaults, **options}
        own = ScratchOptions(**{one.name: given.pop(one.name) for one in fields(ScratchOptions)})
        torch.set_num_threads(1)
        judged = comments("validation")
        tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
        probs, _ = answer(_trained(own, TrainOptions(**given), tokenizer, seed), tokenizer, judged.texts)
        _, said = decided(judged.truth, decide.log_odds(probs), TrialOptions())
        return {"macro_f1": (judged.truth > 0, said)}


def small_net(own: ScratchOptions, vocabulary: int, dropout: float) -> TextNet:
    """Return a net with weights of chance.

    Raises:
        OptionError: No attention has the name asked for.
    """
    if own.attention not in ENCODERS:
        raise OptionError(f"no attention is called {own.attention!r}; known: {', '.join(ENCODERS)}")
    shape = EncoderShape(vocabulary, width=own.width, layers=own.layers, heads=own.heads, inner=4 * own.width)
    net = TextNet(shape, len(GOEMOTIONS28), dropout)
    net.trunk = ENCODERS[own.attention](shape, dropout)
    return net


def _trained(own: ScratchOptions, options: TrainOptions, tokenizer: Tokenizer, seed: int) -> TextNet:
    """Return the running average of the weights, which does best from nothing."""
    torch.manual_seed(seed)
    labelled, rated = comments("train"), sentences("train")
    rows = encode_rows(tokenizer, labelled.texts, labelled.truth, max_tokens=options.max_tokens)
    ratings = encode_rows(tokenizer, rated.texts, rated.truth, max_tokens=options.max_tokens)
    net = small_net(own, tokenizer.get_vocab_size(), options.dropout)
    with tempfile.TemporaryDirectory() as folder:
        return fit(net, rows, ratings, options, out=Path(folder), seed=seed)[1]
