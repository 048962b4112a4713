"""Own labels for texts: heads on the frozen sentence encoder, on upper blocks of their own, or on all of it anew."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from tokenizers import Tokenizer

from mien.learn.own.card import About, Answers, label_names, taken_over, write_own_card
from mien.learn.own.fitting import ClassHead, RatingHead, spread_of
from mien.learn.own.heads import (
    CLASSES,
    RATINGS,
    Input,
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
from mien.runtime import Asset, find_asset
from mien.runtime.card import Calibration, Score
from mien.types import Span, Utterance
from mien.types.taxonomies import EKMAN7

__all__ = ["TextTrainer"]

BASE = "text-affect"
FEATURES = Input("sentence")
BLOCKS = 2
"""Upper blocks that are trained."""
AT_ONCE = 500
"""Texts between two lines of progress."""
TAKEN_OVER = ("max_tokens", "batch_tokens", "read_passages", "timeline_sentences")
"""Options of the base that belong to its trunk."""
RATED = ("std_scale", "ratings", "dimensions")
PROJECTED = EKMAN7
"""What readings are projected onto where a model rates alone."""
LICENCE = "as you choose; the trunk is under the licence of its file"
HEARD, ELSEWHERE = "texts", "other kinds of text"


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
    timed = False
    edge: float | None = None

    def __init__(self, base: str | None = None) -> None:
        self._base = _with_trunk(find_asset(base or BASE))
        self._perceiver = TextPerceiver(model=str(self._base.folder))

    def features(
        self,
        labels: Labels,
        kept: Path,  # noqa: ARG002 - texts are read in seconds
        say: Say,
    ) -> tuple[Labels, Float[np.ndarray, "n width"]]:
        """Return the table and the sentence vector of each text, shape ``(n, width)``."""
        items = labels.items
        # Texts of like length together cost least; each keeps its place.
        order = np.argsort([len(text) for text in items], kind="stable")
        rows: list[np.ndarray] = []
        for start in range(0, len(items), AT_ONCE):
            texts = [items[place] for place in order[start : start + AT_ONCE]]
            rows.append(self._perceiver.vectors([_utterance(text) for text in texts]))
            say(f"{min(start + AT_ONCE, len(items)):,} of {len(items):,} texts read")
        vectors = np.concatenate(rows)
        return labels, vectors[np.argsort(order, kind="stable")]

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

    def write(self, fitted: Fitted, scores: Sequence[Score], folder: Path, head: Mapping[str, str]) -> None:
        """Write the trunk, the heads, the card and the golden answers."""
        answers = self._write_heads(fitted, folder, head["name"])
        options = taken_over(self._base.info, TAKEN_OVER) | answers.options
        options |= self._write_trunk(fitted, folder, int(options["max_tokens"]))
        graphs = ("trunk", options.get("upper"), options["categories"], options["ratings"])
        files = ["tokenizer.json", *(f"{graph}.onnx" for graph in graphs if graph)]
        borrowed = {"trunk.onnx": "trunk.onnx"}
        for each in files:
            if not (folder / each).exists():
                shutil.copyfile(self._base.file(each), folder / each)
                borrowed[each] = each
        about = About(head["name"], head["modality"], head["line"], HEARD, ELSEWHERE, LICENCE)
        answers = replace(answers, options=options, borrowed=borrowed)
        write_own_card(folder, about, (fitted, scores), self._base.info, answers)
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

    def _write_heads(self, fitted: Fitted, folder: Path, name: str) -> Answers:
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
            write_classes(widened(fitted.classes.linear, labels.classes, taxonomy), folder, FEATURES)
            fit, calibration = class_options(fitted.classes, labels.codes[fitted.judged])
            options |= {"categories": CLASSES, **fit, **label_names(taxonomy)}
        else:
            options |= {"categories": ""} if tuned else {**taken_over(info), "categories": old.categories}
        if fitted.ratings is not None:
            write_ratings(fitted.ratings, folder, FEATURES)
            options |= {"ratings": RATINGS, "dimensions": list(labels.dimensions)}
        else:
            options |= (
                {"ratings": "", "dimensions": []} if tuned else {**taken_over(info, RATED), "ratings": old.ratings}
            )
        return Answers(taxonomy, options, calibration)


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
