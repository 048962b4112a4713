"""Tables on speech in docs/explanation/voices.md, for `results_table.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generated import ROOT, between, table

RESULTS = ROOT / "results" / "speech"
PAGE = ROOT / "docs" / "explanation" / "voices.md"
ABSENT = "Not measured yet."
SYSTEMS = {"egemaps": "openSMILE eGeMAPS, SVM", "whisper": "Whisper base, two blocks, linear probe"}
WAYS = {
    "soft": "shares of the votes",
    "plurality": "the label with most",
    "plurality_tempered": "the same, softened by a temperature",
    "majority": "the label with more than half, others left out",
    "majority_tempered": "the same, softened by a temperature",
    "penalty": "shares, with a penalty on seldom pairs",
    "design": "shares, without the votes of others",
}
FEATURES = {
    "whisper": "Whisper base, two blocks",
    "egemaps": "openSMILE eGeMAPS",
    "traits": "mien's traits, without level",
    "level": "level alone",
}
RATERS = {
    "ccc": "networks, concordance correlation",
    "mse": "networks, squared error",
    "stretched": "the same, stretched to the spread of the ratings",
    "boosting": "gradient boosting",
    "ridge": "ridge regression",
}
ALPHAS = ("0", "1", "2", "4", "8", "16")


def pages() -> dict[Path, str]:
    """Return the page with its tables."""
    text = PAGE.read_text(encoding="utf-8")
    tables = {
        "systems": systems_table(),
        "votes": votes_table(),
        "doubt": doubt_table(),
        "arousal": arousal_table(),
        "strength": strength_table(),
        "anonymous": anonymous_table(),
        "ratings": ratings_table(),
    }
    for name, body in tables.items():
        text = between(text, f"voices-{name}", body)
    return {PAGE: text}


def systems_table() -> str:
    """Return the systems side by side."""
    lines = [
        (name, _bounds(found["uar"]), _bounds(found["accuracy"]), *_costs(found))
        for name, found in _models("systems.json", "speech/systems-").items()
    ]
    return table(("system", "recall", "accuracy", "ms a second", "files, MB"), lines) if lines else ABSENT


def votes_table() -> str:
    """Return what each way of learning from votes is worth."""
    found = _metrics("ambiguity.json", "speech/ambiguity-votes")
    if not found:
        return ABSENT
    columns = {"divergence": "js", "entropy": "entropy_r", "macro F1": "macro_f1", "seldom": "seldom"}
    lines = [(shown, *(_bounds(found[f"{key}_{way}"]) for key in columns.values())) for way, shown in WAYS.items()]
    gains = {
        "shares less most, divergence": "js_soft_minus_plurality",
        "shares less most softened, divergence": "js_soft_minus_plurality_tempered",
        "shares less half, macro F1": "macro_f1_soft_minus_majority",
        "shares less half softened, macro F1": "macro_f1_soft_minus_majority_tempered",
        "penalty less none, macro F1": "macro_f1_penalty_minus_soft",
        "penalty less none, divergence": "js_penalty_minus_soft",
    }
    told = "; ".join(f"{name} {_bounds(found[key])}" for name, key in gains.items())
    floors = (
        f"The mean votes of an intention diverge by {found['js_by_intention']:.3f}; of the listeners' own labels, "
        f"{found['seldom_of_votes']:.3f} of the clips hold a seldom pair. The rule of the half leaves out "
        f"{found['left_out_by_majority']:.0%} of the clips."
    )
    return f"{table(('learnt from', *columns), lines)}\n\nDifferences, whole actors drawn: {told}. {floors}"


def doubt_table() -> str:
    """Return how doubt goes with listeners, and what silence is worth."""
    doubts = _models("ambiguity.json", "speech/ambiguity-emodb-")
    silences = _models("ambiguity.json", "speech/ambiguity-ravdess-")
    lines = [
        (
            name,
            *(
                _bounds(doubts[name][key]) if name in doubts else ""
                for key in ("r_doubt_unrecognised", "r_doubt_unrecognised_within")
            ),
            *(_bounds(found[f"accuracy_at_{share}"]) for share in ("50%", "80%", "100%")),
        )
        for name, found in silences.items()
    ]
    header = ("model", "doubt and unrecognised, r", "within an emotion, r", "surest half", "four fifths", "all")
    return table(header, lines) if lines else ABSENT


def arousal_table() -> str:
    """Return the recall of excited and calm emotions."""
    lines = [
        (name, *(_bounds(found[key]) for key in ("uar_high", "uar_low", "gap")))
        for name, found in _models("arousal.json", "speech/arousal-").items()
    ]
    return table(("system", "excited", "calm", "gap"), lines) if lines else ABSENT


def strength_table() -> str:
    """Return how well strong acting is told from normal."""
    found = _metrics("arousal.json", "speech/strength")
    lines = [
        (
            shown,
            _bounds(found[f"auc_{name}"]),
            *(f"{found[f'auc_{name}_{label}']:.3f}" for label in ("angry", "fearful")),
        )
        for name, shown in FEATURES.items()
        if found
    ]
    return table(("a linear probe on", "all emotions", "angry", "fearful"), lines) if lines else ABSENT


def anonymous_table() -> str:
    """Return the curve of emotion and speaker over alpha."""
    found = _metrics("anonymous.json", "speech/anonymous")
    if not found:
        return ABSENT
    lines = [("as it is", "", _bounds(found["uar_before"]), "", _bounds(found["eer_before"]), "")]
    columns = ("uar_alpha", "uar_unhidden", "uar_chance", "eer_alpha", "eer_informed")
    lines += [(f"hidden, alpha {alpha}", *(_bounds(found[f"{key}_{alpha}"]) for key in columns)) for alpha in ALPHAS]
    header = ("vectors", "recall, hidden", "not hidden", "moved by chance", "error of speaker", "attacker knows")
    return (
        f"{table(header, lines)}\n\nThe classifier whose answer is put back: recall {_bounds(found['uar_indicator'])}."
    )


def ratings_table() -> str:
    """Return the concordance correlation of each way."""
    found = _metrics("ratings.json", "speech/ratings")
    if not found:
        return ABSENT
    names = ("valence", "arousal", "dominance")
    lines = [(shown, *(_bounds(found[f"ccc_{name}_{way}"]) for name in names)) for way, shown in RATERS.items()]
    lines.append(("concordance less squared error", *(_bounds(found[f"gain_{name}"]) for name in names)))
    lines.append(("concordance less stretched", *(_bounds(found[f"gain_over_stretched_{name}"]) for name in names)))
    return table(("learnt by", *names), lines)


def _costs(found: Mapping[str, Any]) -> tuple[str, str]:
    return f"{found['milliseconds_per_second']['value']:.1f}", f"{found['megabytes']:.1f}"


def _models(name: str, prefix: str) -> dict[str, Mapping[str, Any]]:
    """Return the metrics of each system or model whose task begins so, by its name."""
    rows = [row for row in _rows(name) if row["task"].startswith(prefix)]
    kinds = {row["task"].removeprefix(prefix): row["metrics"] for row in rows}
    return {SYSTEMS.get(kind, f"`{kind}` (mien)"): metrics for kind, metrics in kinds.items()}


def _metrics(name: str, task: str) -> Mapping[str, Any]:
    return next((row["metrics"] for row in _rows(name) if row["task"] == task), {})


def _rows(name: str) -> list[dict[str, Any]]:
    path = RESULTS / name
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    return rows


def _bounds(score: Mapping[str, float]) -> str:
    return f"{score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"
