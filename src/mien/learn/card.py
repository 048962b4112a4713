"""``python -m mien.learn.card ASSET``: write CARD.md of a model from its card.toml."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mien.runtime.card import Calibration, Group, ModelInfo, Score, read_card

__all__ = ["About", "card_markdown", "file_row", "publish_card", "table", "write_card"]

SCORES = ("task", "metric", "value", "95 % interval", "n", "seeds")


@dataclass(frozen=True, slots=True)
class About:
    """What a card says that is neither fitted nor measured.

    Args:
        head: The keys at the top; ``licence`` and ``line`` hold for each file, too.
        files: Names of the files.
        base: Rows of ``[[base]]``.
        trained_on: Rows of ``[[trained_on]]``.
    """

    head: Mapping[str, Any]
    files: Sequence[str]
    base: Sequence[Mapping[str, Any]]
    trained_on: Sequence[Mapping[str, Any]]


def card_markdown(info: ModelInfo) -> str:
    """Return the card of a model as Markdown."""
    parts = [
        f"# {info.name} {info.version}",
        info.summary,
        f"Modality: {info.modality}. Line: **{info.line}**. Licence of the weights: {info.licence}. "
        f"Made by `{info.recipe}`. Answers in: {', '.join(info.taxonomies) or 'no taxonomy'}.",
        *_section("Trained on", _corpora(info)),
        *_section("Base", [f"- {row.name} ({row.licence}){_note(row.note)}" for row in info.base]),
        *_section("Scores", _table(SCORES, map(_score, info.scores))),
        *_section("Calibration", _calibration(info)),
        *_section("Groups", _table(("group", "task", "metric", "value", "n"), map(_group, info.groups))),
        *_section("Limits", [f"- {line}" for line in info.limits]),
        *_section("Must not be used for", [f"- {line}" for line in info.not_for]),
        *_section("Files", _files(info)),
    ]
    return "\n\n".join(parts) + "\n"


def publish_card(
    folder: Path,
    about: About,
    options: Mapping[str, Any],
    *,
    calibration: Sequence[Calibration] = (),
    scores: Sequence[Score] = (),
    groups: Sequence[Group] = (),
) -> None:
    """Write ``card.toml`` for the files that lie in the folder, and CARD.md after it.

    Args:
        folder: The model's folder.
        about: What is neither fitted nor measured.
        options: What the perceiver needs; values that are mappings become tables of their own.
        calibration: How the heads were calibrated.
        scores: What was measured.
        groups: The same by groups of people or texts.
    """
    kept = {key: about.head[key] for key in ("licence", "line")}
    tables: list[tuple[str, Mapping[str, Any]]] = [
        *(("files", file_row(folder / name, **kept)) for name in about.files),
        *(("base", row) for row in about.base),
        *(("trained_on", row) for row in about.trained_on),
        *(("calibration", asdict(row)) for row in calibration),
        *(("scores", asdict(row)) for row in scores),
        *(("groups", asdict(row)) for row in groups),
    ]
    nested = {key: value for key, value in options.items() if isinstance(value, Mapping)}
    parts = [table(about.head), "[options]\n" + table({k: v for k, v in options.items() if k not in nested})]
    parts += [f"[options.{name}]\n{table(value)}" for name, value in nested.items()]
    parts += [f"[[{name}]]\n{table(row)}" for name, row in tables]
    (folder / "card.toml").write_text("\n".join(parts), encoding="utf-8")
    write_card(folder)


def write_card(folder: Path) -> Path:
    """Write CARD.md beside card.toml and return its path.

    Raises:
        AssetError: card.toml is missing or malformed.
    """
    path = folder / "CARD.md"
    path.write_text(card_markdown(read_card(folder / "card.toml")), encoding="utf-8")
    return path


def file_row(path: Path, *, licence: str, line: str) -> dict[str, Any]:
    """Return the row of ``[[files]]`` for a file that is there."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"name": path.name, "sha256": digest, "bytes": len(content), "licence": licence, "line": line}


def table(values: Mapping[str, Any]) -> str:
    """Return text, numbers, truth values and lists of them as lines of TOML; what is ``None`` is left out."""
    # JSON and TOML write these alike.
    known = {key: value for key, value in values.items() if value is not None}
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in known.items())


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "\n".join(lines)] if lines else []


def _note(note: str) -> str:
    return f": {note}" if note else ""


def _corpora(info: ModelInfo) -> list[str]:
    rows = []
    for row in info.trained_on:
        use = "commercial use allowed" if row.commercial else "no commercial use"
        rows.append(f"- {row.corpus}: {row.licence} (tier {row.tier}, {use}){_note(row.note)}")
    return rows


def _calibration(info: ModelInfo) -> list[str]:
    header = ("head", "method", "temperature", "split", "ECE before", "ECE after")
    rows = [
        (row.head, row.method, f"{row.temperature:.3f}", row.split, f"{row.ece_before:.3f}", f"{row.ece_after:.3f}")
        for row in info.calibration
    ]
    return _table(header, rows)


def _score(row: Score) -> tuple[str, ...]:
    interval = f"{row.low:.3f} to {row.high:.3f}" if row.low is not None and row.high is not None else ""
    seeds = ", ".join(str(seed) for seed in row.seeds)
    task = (
        row.task
        + ("" if row.split == "test" else f", {row.split}")
        + ("" if row.in_corpus else " (other corpus)")
        + (f" ({row.note})" if row.note else "")
    )
    return task, row.metric, f"{row.value:.3f}", interval, str(row.n or ""), seeds


def _group(row: Group) -> tuple[str, ...]:
    return row.name + (f" ({row.note})" if row.note else ""), row.task, row.metric, f"{row.value:.3f}", str(row.n)


def _files(info: ModelInfo) -> list[str]:
    rows = [(row.name, f"{row.bytes:,}", row.licence, row.line, row.sha256[:16]) for row in info.files]
    return _table(("file", "bytes", "licence", "line", "sha256"), rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = ["| " + " | ".join(row) + " |" for row in rows]
    if not body:
        return []
    return ["| " + " | ".join(header) + " |", "|" + "---|" * len(header), *body]


if __name__ == "__main__":
    sys.stdout.write(f"{write_card(Path(sys.argv[1]))}\n")
