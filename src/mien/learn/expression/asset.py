"""The folder of the shipped model: graphs, calibration, scores, golden answers and the card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, UInt8

from mien.datasets.fer2013 import Faces, majority
from mien.metrics.bootstrap import Interval, interval
from mien.metrics.calibration import ece, nll
from mien.metrics.categorical import accuracy, macro_f1, uar
from mien.perceive.face.expression import ExpressionReader
from mien.runtime import Model, open_asset

Scores = Float[np.ndarray, "face label"]
Labels = Int[np.ndarray, " face"]

GRAPHS = ("trunk.onnx", "ferplus.onnx", "fer2013.onnx")
LICENCE = "Apache-2.0"
TEMPERATURES = np.geomspace(0.25, 4, 801)
METRICS: Mapping[str, Callable[[Any, Any], float]] = {"accuracy": accuracy, "uar": uar, "macro_f1": macro_f1}


def finish(folder: Path, head: str, validation: Faces, test: Faces, seed: int) -> dict[str, float]:
    """Calibrate the graphs in ``folder``, measure them once on the test split and write card and golden answers.

    Args:
        folder: Holds the graphs; the rest is written beside them.
        head: The part of the card that no run changes, as TOML.
        validation: Faces to calibrate on.
        test: Faces to measure on.
        seed: Seed of the training.

    Returns:
        The test accuracy by task.
    """
    parts = [head, _files(folder)]
    _save(folder, parts)
    rows = {name: _calibrate(folder, name, validation) for name in ("ferplus", "fer2013")}
    parts += [_table("calibration", row) for row in rows.values()]
    _save(folder, parts)
    found: dict[str, float] = {}
    for name in rows:
        scores, values = _measure(folder, name, test, seed)
        parts += scores
        found[f"face/{name}"] = values
    _save(folder, parts)
    golden(folder)
    return found


def truth(faces: Faces, head: str) -> Labels:
    """Return the true place of each face under a head, -1 where it has none."""
    return majority(faces.votes) if head == "ferplus" else faces.labels


def golden(folder: Path) -> None:
    """Write ``golden.npz``: drawn faces and what the model says of them."""
    model = Model(open_asset(folder))
    crops = drawn_faces(8)
    answers = {name: ExpressionReader(model, head=name).probabilities(crops) for name in ("ferplus", "fer2013")}
    np.savez_compressed(
        folder / "golden.npz",
        input_crops=crops,
        output_ferplus=answers["ferplus"].astype(np.float32),
        output_fer2013=answers["fer2013"].astype(np.float32),
    )


def drawn_faces(count: int) -> UInt8[np.ndarray, "face 48 48"]:
    """Return faces drawn from ellipses and curves, each with another mouth, brow and light."""
    down, across = np.mgrid[0:48, 0:48].astype(np.float64) + 0.5
    faces = []
    for index in range(count):
        rng = np.random.default_rng(index)
        bend, gape, brow = rng.uniform(-0.03, 0.03), rng.uniform(0.8, 4.5), rng.uniform(-2.5, 2.5)
        grey = 90 + 70 * (((across - 24) / 19) ** 2 + ((down - 25) / 25) ** 2 < 1) + (across - 24) * rng.uniform(-1, 1)
        for eye in (15.25, 32.75):
            grey -= 80 * (((across - eye) / 3.6) ** 2 + ((down - 19.1) / (1.2 + gape / 3)) ** 2 < 1)
            inner = np.abs(across - 24) / 9 - 1
            grey -= 60 * ((np.abs(down - 14 + brow * inner) < 1.2) & (np.abs(across - eye) < 4.5))
        curve = 37 + gape / 3 + bend * ((across - 24) ** 2 - 27)
        grey -= 80 * ((np.abs(down - curve) < gape / 2) & (np.abs(across - 24) < 7.5))
        grey -= 25 * ((np.abs(down - 30) < 0.8) & (np.abs(across - 24) < 3))
        faces.append(np.clip(np.rint(grey + rng.normal(0, 4, grey.shape)), 0, 255))
    return np.stack(faces).astype(np.uint8)


def _calibrate(folder: Path, head: str, faces: Faces) -> dict[str, Any]:
    """Return the calibration row of a head: the temperature with the least loss on faces that have a label."""
    labels = truth(faces, head)
    known = labels >= 0
    probs = _probabilities(folder, head, faces)[known]
    scores, labels = np.log(np.maximum(probs, 1e-12)), labels[known]
    losses = [nll(labels, _softmax(scores / temperature)) for temperature in TEMPERATURES]
    best = float(TEMPERATURES[int(np.argmin(losses))])
    return {
        "head": head,
        "method": "temperature",
        "temperature": round(best, 4),
        "ece_before": round(ece(labels, probs), 4),
        "ece_after": round(ece(labels, _softmax(scores / best)), 4),
        "split": "val (PublicTest)",
    }


def _measure(folder: Path, head: str, faces: Faces, seed: int) -> tuple[list[str], float]:
    labels = truth(faces, head)
    probs = _probabilities(folder, head, faces)
    known, fresh = labels >= 0, (labels >= 0) & ~faces.duplicate
    rows = [_score(head, name, metric, labels, probs.argmax(1), known, seed) for name, metric in METRICS.items()]
    rows.append(_score(head, "accuracy", accuracy, labels, probs.argmax(1), fresh, seed, "no test face that recurs"))
    rows.append(_score(head, "ece", ece, labels, probs, known, seed))
    return [_table("scores", row) for row in rows], float(rows[0]["value"])


def _score(  # noqa: PLR0913, PLR0917 - what a row of the card consists of
    head: str,
    name: str,
    metric: Callable[[Any, Any], float],
    labels: Labels,
    answers: np.ndarray,
    rows: Bool[np.ndarray, " face"],
    seed: int,
    note: str = "",
) -> dict[str, Any]:
    found: Interval = interval(metric, labels[rows], answers[rows])
    return {
        "task": f"face/{head}",
        "metric": name,
        "value": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "n": int(rows.sum()),
        "seeds": [seed],
        "in_corpus": True,
        "note": note,
    }


def _probabilities(folder: Path, head: str, faces: Faces) -> Scores:
    reader = ExpressionReader(Model(open_asset(folder)), head="ferplus" if head == "ferplus" else "fer2013")
    return reader.probabilities(faces.pixels)


def _softmax(scores: Scores) -> Scores:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _files(folder: Path) -> str:
    rows = []
    for name in GRAPHS:
        content = (folder / name).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        row = {"name": name, "sha256": digest, "bytes": len(content), "licence": LICENCE, "line": "research"}
        rows.append(_table("files", row))
    return "\n".join(rows)


def _table(name: str, row: Mapping[str, Any]) -> str:
    """Return one row of an array of tables; JSON's values are TOML's here."""
    lines = [f"{key} = {json.dumps(value)}" for key, value in row.items() if value != ""]
    return "\n".join([f"[[{name}]]", *lines, ""])


def _save(folder: Path, parts: list[str]) -> None:
    (folder / "card.toml").write_text("\n".join(part.rstrip() + "\n" for part in parts), encoding="utf-8")
