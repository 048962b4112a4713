"""Own labels for texts: heads on the frozen sentence encoder, on upper blocks of their own, or on all of it anew."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from tokenizers import Tokenizer

from mien.learn.card import file_row, table, write_card
from mien.learn.own.fitting import ClassHead, RatingHead, spread_of
from mien.learn.own.heads import (
    CLASSES,
    RATINGS,
    class_options,
    taxonomy_of,
    widened,
    write_classes,
    write_ratings,
)
from mien.learn.own.table import Labels
from mien.learn.own.train import Fitted, Say
from mien.learn.text.batches import encode_rows
from mien.learn.text.graph import write_trunk, write_upper
from mien.learn.text.publish import GOLDEN
from mien.learn.text.reload import reload_trunk
from mien.perceive.text import TextPerceiver
from mien.perceive.text.heads import heads_of
from mien.runtime import Asset, ModelInfo, find_asset
from mien.runtime.card import Calibration, Score
from mien.types import Span, Taxonomy, Utterance
from mien.types.project import is_mapped
from mien.types.taxonomies import EKMAN7

__all__ = ["TextTrainer"]

BASE = "text-affect"
BLOCKS = 2
"""Upper blocks that are trained."""
AT_ONCE = 500
"""Texts between two lines of progress."""
TAKEN_OVER = ("max_tokens", "batch_tokens", "read_passages", "timeline_sentences")
"""Options of the base that belong to its trunk."""
LABELLED = ("temperature", "confidence_slope", "confidence_offset", "thresholds", "categories", "labels", "exclusive")
"""Options of the base that belong to its head for labels."""
RATED = ("std_scale", "ratings", "dimensions")
PROJECTED = EKMAN7
"""What readings are projected onto where a model rates alone."""
LICENCE = "as you choose; the trunk is under the licence of its file"


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """What the heads of a folder answer in, and what the card says of them."""

    taxonomy: Taxonomy
    options: dict[str, Any]
    calibration: tuple[Calibration, ...]


class TextTrainer:
    """Learns labels of texts on the trunk of a text model.

    What the user's table does not teach stays as the base has it: with labels alone, valence, arousal and dominance are
    the base's; with ratings alone, the labels are.

    Args:
        base: Name or folder of a text model; by default ``text-affect``.

    Raises:
        UnknownNameError: There is no such model.
    """

    item = "text"

    def __init__(self, base: str | None = None) -> None:
        self._base = _with_trunk(find_asset(base or BASE))
        self._perceiver = TextPerceiver(model=str(self._base.folder))

    def features(self, items: Sequence[str], say: Say) -> Float[np.ndarray, "n width"]:
        """Return the sentence vector of each text, shape ``(n, width)``."""
        # Texts of like length together cost least; each keeps its place.
        order = np.argsort([len(text) for text in items], kind="stable")
        rows: list[np.ndarray] = []
        for start in range(0, len(items), AT_ONCE):
            texts = [items[place] for place in order[start : start + AT_ONCE]]
            rows.append(self._perceiver.vectors([_utterance(text) for text in texts]))
            say(f"{min(start + AT_ONCE, len(items)):,} of {len(items):,} texts read")
        vectors = np.concatenate(rows)
        return vectors[np.argsort(order, kind="stable")]

    def tune(
        self, labels: Labels, left: Int[np.ndarray, "left"], *, full: bool, seed: int, kept: Path | None, say: Say
    ) -> Fitted:
        """Train the encoder or its upper blocks, with heads, on the rows that are not left out; judge them by those."""
        from mien.learn.own.tuning import tune
        from mien.learn.text.steps import Plan, is_half_fast
        from mien.learn.text.upper import UpperBlocks, lower_states

        plan = Plan() if full else Plan(half=is_half_fast())
        encoder = reload_trunk(self._base.file("trunk.onnx"), dropout=plan.dropout)
        tokenizer = Tokenizer.from_file(str(self._base.file("tokenizer.json")))
        codes = labels.codes[:, None] if labels.classes else np.zeros((len(labels), 0))
        rows = encode_rows(tokenizer, labels.items, np.hstack([codes, labels.ratings]), max_tokens=plan.max_tokens)
        upper = None if full else UpperBlocks(encoder, BLOCKS)
        if upper is not None:
            rows = lower_states(encoder, rows, upper.below)
            say(f"{len(rows):,} texts read by the lower blocks")
        found = tune(upper or encoder, rows, labels, left, plan=plan, seed=seed, kept=kept, say=say)
        classes = ClassHead(found.classes, found.logits) if found.classes else None
        stds = spread_of(labels.ratings[left], found.means)
        ratings = RatingHead(found.ratings, found.means, stds) if found.ratings else None
        return Fitted(labels, left, classes, ratings, found.trunk, tuned=full)

    def write(self, fitted: Fitted, scores: Sequence[Score], folder: Path, head: Mapping[str, Any]) -> None:
        """Write the trunk, the heads, the card and the golden answers."""
        answers = self._write_heads(fitted, folder, str(head["name"]))
        options = {key: self._base.info.options[key] for key in TAKEN_OVER} | answers.options
        options |= self._write_trunk(fitted, folder, int(options["max_tokens"]))
        graphs = ("trunk", options.get("upper"), options["categories"], options["ratings"])
        files = ["tokenizer.json", *(f"{graph}.onnx" for graph in graphs if graph)]
        for each in files:
            if not (folder / each).exists():
                shutil.copyfile(self._base.file(each), folder / each)
        self._write_card((fitted, scores), folder, head, files, replace(answers, options=options))
        write_golden(folder)

    def _write_trunk(self, fitted: Fitted, folder: Path, positions: int) -> dict[str, Any]:
        """Write what was trained below the heads; return what the card says of it."""
        if fitted.trunk is None:
            return {}
        if fitted.tuned:
            write_trunk(fitted.trunk, folder / "trunk.onnx", positions=positions)
            return {}
        write_upper(fitted.trunk.blocks, folder / "upper.onnx")
        heads = [CLASSES] * bool(fitted.classes) + [RATINGS] * bool(fitted.ratings)
        return {"upper": "upper", "upper_block": fitted.trunk.below, "upper_heads": heads}

    def _write_heads(self, fitted: Fitted, folder: Path, name: str) -> _Answers:
        """Write the graphs of what was learnt; return what the card says of those and of the base's other heads.

        On a trunk that was tuned the base's heads would talk nonsense: they are left out, and so are those that read
        upper blocks of the base.
        """
        info, labels = self._base.info, fitted.labels
        old, tuned = heads_of(info), fitted.tuned or "upper" in info.options
        options: dict[str, Any] = {}
        calibration: tuple[Calibration, ...] = ()
        taxonomy = PROJECTED if tuned else old.taxonomy
        if fitted.classes is not None:
            taxonomy = taxonomy_of(name, labels.classes)
            write_classes(widened(fitted.classes.linear, labels.classes, taxonomy), folder)
            fit, calibration = class_options(fitted.classes, labels.codes[fitted.judged])
            options |= {"categories": CLASSES, **fit, **_named(taxonomy)}
        else:
            options |= {"categories": ""} if tuned else {**_kept(info, LABELLED), "categories": old.categories}
        if fitted.ratings is not None:
            write_ratings(fitted.ratings, folder)
            options |= {"ratings": RATINGS, "dimensions": list(labels.dimensions)}
        else:
            options |= {"ratings": "", "dimensions": []} if tuned else {**_kept(info, RATED), "ratings": old.ratings}
        return _Answers(taxonomy, options, calibration)

    def _write_card(
        self,
        learnt: tuple[Fitted, Sequence[Score]],
        folder: Path,
        head: Mapping[str, Any],
        files: Sequence[str],
        answers: _Answers,
    ) -> None:
        info, (fitted, scores) = self._base.info, learnt
        parts = [
            table({**head, **_head(fitted, info, answers.taxonomy.name)}),
            "[options]\n" + table(answers.options),
            *(f"[[files]]\n{table(self._row(folder / each, head))}" for each in files),
            *(f"[[base]]\n{table(asdict(row))}" for row in info.base),
            *(f"[[trained_on]]\n{table(asdict(row))}" for row in info.trained_on),
            f"[[trained_on]]\n{table(_corpus(fitted, str(head['line'])))}",
            *(f"[[calibration]]\n{table(asdict(row))}" for row in answers.calibration),
            *(f"[[scores]]\n{table(asdict(row))}" for row in scores),
        ]
        (folder / "card.toml").write_text("\n".join(parts), encoding="utf-8")
        write_card(folder)

    def _row(self, path: Path, head: Mapping[str, Any]) -> dict[str, Any]:
        known = {row.name: row for row in self._base.info.files}
        if path.name in known:  # a tuned trunk is still derived from the base's
            return file_row(path, licence=known[path.name].licence, line=known[path.name].line)
        return file_row(path, licence=LICENCE, line=str(head["line"]))


def _with_trunk(asset: Asset) -> Asset:
    """Return the model whose trunk an asset sits on, which may be itself."""
    return find_asset(asset.info.trunk) if asset.info.trunk else asset


def write_golden(folder: Path) -> None:
    """Write ``golden.npz``: sentences of our own and what the model says of them, by which a copy can be checked."""
    said: dict[str, Any] = {"input_texts": np.array(GOLDEN)}
    affects = TextPerceiver(model=str(folder), threads=1).read([_utterance(text) for text in GOLDEN])
    known = [affect for affect in affects if affect is not None]
    if known[0].categories is not None:
        said["output_probs"] = np.stack([affect.categories.probs for affect in known if affect.categories is not None])
    for name in ("valence", "arousal", "dominance"):
        if getattr(known[0], name) is not None:
            said[f"output_{name}"] = np.array([getattr(affect, name).mean for affect in known])
    np.savez_compressed(folder / "golden.npz", **said)


def _utterance(text: str) -> Utterance:
    return Utterance(text, Span(0, max(1, len(text)), "characters"))


def _kept(info: ModelInfo, names: Sequence[str]) -> dict[str, Any]:
    return {name: info.options[name] for name in names if name in info.options}


def _named(taxonomy: Taxonomy) -> dict[str, Any]:
    """Return how the card names labels of the user's own; those of a published taxonomy go by its name."""
    return {} if is_mapped(taxonomy) else {"labels": list(taxonomy.labels), "exclusive": True}


def _head(fitted: Fitted, base: ModelInfo, taxonomy: str) -> dict[str, Any]:
    labels = fitted.labels
    learnt = [*labels.classes, *labels.dimensions]
    return {
        "version": "1.0.0",
        "licence": LICENCE,
        "summary": f"Reads {', '.join(learnt)} from texts, as {labels.source} labels them.",
        "recipe": f"mien train text {labels.source}",
        "taxonomies": [taxonomy],
        "not_for": list(base.not_for),
        "limits": [
            f"Learnt from {len(labels):,} rows of one table; on other kinds of text it can be far worse.",
            "The scores are of rows that were left out"
            + ("." if fitted.trunk is not None else " in turn; the head that is here has seen all of them."),
            *base.limits,
        ],
    }


def _corpus(fitted: Fitted, line: str) -> dict[str, Any]:
    return {
        "corpus": fitted.labels.source,
        "licence": "not stated",
        "tier": "own",
        "commercial": line == "open",
        "note": f"{len(fitted.labels):,} rows of the owner of this model",
    }
