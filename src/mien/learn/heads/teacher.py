"""A larger encoder, fine-tuned on tweets, and what it says of the training tweets: soft truth for a student.

It answers all columns of each tweet, of which people rated only some.

References:
    Hinton et al. (2015). Distilling the knowledge in a neural network. arXiv 1503.02531.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from tokenizers import Tokenizer
from torch import nn

from mien.datasets.written import letters
from mien.errors import InputError, OptionError
from mien.learn.heads.answers import quality
from mien.learn.heads.material import COLUMNS, column_weights, tweets
from mien.learn.heads.net import HeadNet, Lower
from mien.learn.heads.whole import Objective, WholeOptions, answer, fit
from mien.learn.recipe import Recipe
from mien.learn.text.corpora import comments
from mien.learn.text.mpnet import MPNet, load_mpnet
from mien.learn.text.teacher import ANSWERS, teacher_folder
from mien.learn.text.train import CHECKPOINT

__all__ = ["TeacherOptions", "TweetsSaid", "answered_texts", "read_answers", "run"]

_log = logging.getLogger(__name__)

WEIGHTS = ("net", "averaged")
"""The weights that a checkpoint holds: the last, and their running average."""


@dataclass(frozen=True, slots=True)
class TeacherOptions(WholeOptions):
    """Numbers of the training.

    Args:
        start: What `recipes/text-teacher` left: the folder of its checkpoint. Empty: the encoder as it was published.
        weights: Which weights of that checkpoint: ``net`` or ``averaged``.
        frozen_blocks: The lowest blocks that stand as they are; so do all word vectors.
        comments: Training comments of GoEmotions that are answered for beside the tweets.
    """

    rate: float = 4e-5
    layer_decay: float = 0.92
    start: str = ""
    weights: str = "averaged"
    frozen_blocks: int = 0
    comments: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class TweetsSaid:
    """What a teacher says.

    Args:
        texts: The training tweets, and comments after them.
        probs: In the columns of the tweets' truth, shape ``(texts, COLUMNS)`` in [0, 1].
        corpora: What it learnt from before the tweets, or answers for beside them.
    """

    texts: tuple[str, ...]
    probs: Float[np.ndarray, "n columns"]
    corpora: tuple[str, ...]


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Fine-tune the teacher and write what it says of all training tweets to ``out``/answers.npz.

    Raises:
        OptionError: The recipe has an unknown option, or one has no such value.
        InputError: A corpus or the checkpoint to start from is missing.
        MissingExtraError: The packages with the encoder's weights are not installed.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    options = TeacherOptions(**recipe.option(asdict(TeacherOptions())))
    torch.manual_seed(seed)
    folder = teacher_folder(Path(options.start) if options.start else out)
    reader = Lower(load_trunk(folder, options), _tokenizer(folder), options.emoji_names)
    net = HeadNet(reader.encoder, COLUMNS, options.dropout)
    part = tweets("train")
    rows = reader.tokens(part.texts, part.truth, max_tokens=options.max_tokens)
    nets = fit(net, rows, options, Objective(column_weights(options.degree_weight)), out=out, seed=seed)
    chosen = max(nets, key=lambda one: _worth(one, reader, options))
    texts = answered_texts(options.comments)
    said = TweetsSaid(texts, _said(chosen, reader, texts, options), _corpora(options))
    write_answers(out / ANSWERS, said)


def load_trunk(folder: Path, options: TeacherOptions) -> MPNet:
    """Return the encoder that training begins from.

    Args:
        folder: Of the published encoder.
        options: Where to take fine-tuned weights from, and what stands still.

    Raises:
        OptionError: A checkpoint has no weights of that name.
        InputError: There is no checkpoint.
    """
    if options.weights not in WEIGHTS:
        raise OptionError(f"the option weights is {options.weights!r}; allowed: {', '.join(WEIGHTS)}")
    trunk = load_mpnet(folder, options.dropout)
    if options.start:
        trunk.load_state_dict(_fine_tuned(Path(options.start) / CHECKPOINT, options.weights))
    for part in _standing(trunk, options.frozen_blocks):
        part.requires_grad_(requires_grad=False)
    return trunk


def _fine_tuned(path: Path, weights: str) -> dict[str, torch.Tensor]:
    if not path.is_file():
        raise InputError(
            f"there is no checkpoint {path}; run recipes/text-teacher first, or leave the option start out"
        )
    stored = torch.load(path, weights_only=True, mmap=True)[weights]
    return {name.removeprefix("trunk."): value for name, value in stored.items() if name.startswith("trunk.")}


def _standing(trunk: MPNet, blocks: int) -> list[nn.Module]:
    """Return the parts that are not trained: the word vectors, and whatever lies below the first trained block."""
    below = [trunk.places, trunk.embed_norm, *trunk.blocks[:blocks]] if blocks else []
    return [trunk.words, *below]


def _tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def _worth(net: HeadNet, reader: Lower, options: TeacherOptions) -> float:
    part = tweets("validation")
    found = quality(part, _said(net, reader, part.texts, options))
    _log.info("teacher on validation: %s", {name: round(value, 4) for name, value in found.items()})
    return sum(found.values())


def _said(net: HeadNet, reader: Lower, texts: Sequence[str], options: TeacherOptions) -> Float[np.ndarray, "n columns"]:
    nothing = np.full((len(texts), COLUMNS), np.nan)
    return answer(net, reader.tokens(texts, nothing, max_tokens=options.max_tokens), half=options.half)


def _corpora(options: TeacherOptions) -> tuple[str, ...]:
    if options.start:
        return "goemotions", "emobank"
    return ("goemotions",) if options.comments else ()


def answered_texts(count: int) -> tuple[str, ...]:
    """Return the training tweets, and the first training comments of GoEmotions that are not validation or test tweets.

    Args:
        count: How many comments.
    """
    held_out = {letters(text) for split in ("validation", "test") for text in tweets(split).texts} if count else set()
    others = [text for text in comments("train").texts if letters(text) not in held_out] if count else []
    return (*tweets("train").texts, *others[:count])


def write_answers(path: Path, said: TweetsSaid) -> None:
    """Write what a teacher says; of the texts, which may not be passed on, only their number and a hash."""
    temporary = path.with_suffix(".part.npz")
    digest, corpora = np.array(_digest(said.texts)), np.array(said.corpora, dtype=str)
    np.savez_compressed(temporary, probs=said.probs.astype(np.float16), digest=digest, corpora=corpora)
    temporary.replace(path)


def read_answers(path: Path) -> TweetsSaid:
    """Read what a teacher said.

    Raises:
        InputError: The file is missing or not one of this teacher, or it speaks of other texts.
    """
    try:
        with np.load(path) as stored:
            probs, digest = stored["probs"].astype(np.float32), str(stored["digest"])
            corpora = tuple(stored["corpora"].tolist())
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"the teacher's answers {path} cannot be read: {error}; run recipes/tweets-teacher first"
        ) from error
    texts = answered_texts(max(0, len(probs) - len(tweets("train").texts)))
    if len(texts) != len(probs) or _digest(texts) != digest:
        raise InputError(f"the teacher's answers {path} are of other texts; run recipes/tweets-teacher again")
    return TweetsSaid(texts, probs, corpora)


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
