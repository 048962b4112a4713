"""Tables on text in docs/explanation/ and docs/how-to/, for `results_table.py`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from generated import ROOT, between, table

RESULTS = ROOT / "results" / "text"
REASONS = ROOT / "docs" / "explanation" / "reasons.md"
SPEED = ROOT / "docs" / "explanation" / "speed-of-text.md"
CONTEXT = ROOT / "docs" / "explanation" / "context.md"
NUMBERS = ROOT / "docs" / "explanation" / "what-the-numbers-mean.md"
OWN = ROOT / "docs" / "how-to" / "train-a-model.md"
WAYS = {
    "occlusion": "each word taken out (`mien`)",
    "masking": "each word masked",
    "alone": "each word alone",
    "occlusion_and_masking": "taken out, and masked",
    "occlusion_and_alone": "taken out, and alone",
    "gradients": "integrated gradients",
    "attention": "attention of the last layer",
    "random": "random order",
}
SYSTEMS = {
    "vader": "VADER",
    "tfidf": "TF-IDF, logistic regression",
    "minilm": "MiniLM in int8, transformers",
    "mien": "mien",
}
ROOF = {
    "tokens_per_sentence": "tokens of a sentence",
    "mega_operations_per_sentence": "operations of a sentence, in 1e6",
    "peak_float_gigaops_per_core": "peak of a core in float32, in 1e9 a second",
    "peak_int8_gigaops_per_core": "peak of a core in int8, in 1e9 a second",
    "batched_gigaops_per_core": "trunk, sentences together, in 1e9 a second",
    "batched_share_of_float_peak": "the same, of the peak in float32",
    "alone_gigaops_per_core": "trunk, one sentence, in 1e9 a second",
    "bound_float_sentences_per_second": "sentences a second that two cores in float32 cannot exceed",
    "bound_int8_sentences_per_second": "the same in int8",
}
HEARD = {
    "context-pairs": ("own pairs", {"accuracy": "accuracy"}),
    "emocontext": ("EmoContext", {"micro_f1": "micro F1 of happy, sad, angry", "macro_f1": "macro F1"}),
    "meld-context": ("MELD", {"weighted_f1": "weighted F1", "macro_f1": "macro F1"}),
}
TURNED = {
    "both_right": "right on both sides",
    "flip_rate": "another answer on each side",
    "right_way": "probabilities that move the right way, as half do by chance",
}
OWN_WAYS = {"head": "a head on the frozen encoder", "upper": "upper blocks", "full": "all of it, `--full`"}
ABSENT = "Not measured yet."


def pages() -> dict[Path, str]:
    """Return the pages with their tables."""
    reasons = REASONS.read_text(encoding="utf-8")
    for split in ("test", "validation"):
        reasons = between(reasons, f"faithfulness-{split}", faithfulness_table(split))
    speed = between(SPEED.read_text(encoding="utf-8"), "systems", systems_table())
    context = between(CONTEXT.read_text(encoding="utf-8"), "context", context_table())
    numbers = between(NUMBERS.read_text(encoding="utf-8"), "other-corpora", other_corpora_table())
    own = between(OWN.read_text(encoding="utf-8"), "own-labels", own_labels_table())
    speed = between(speed, "roofline", roofline_table())
    return {REASONS: reasons, SPEED: speed, CONTEXT: context, NUMBERS: numbers, OWN: own}


def faithfulness_table(split: str) -> str:
    """Return how faithful each way of finding reasons is on a split."""
    found = _rows(f"faithfulness{'' if split == 'test' else f'-{split}'}.json")
    if not found:
        return ABSENT
    metrics = found[0]["metrics"]
    header = (
        "words are weighed by",
        "readings",
        *(f"{short}, {how}" for how in ("deleted", "masked") for short in ("compr.", "suff.")),
    )
    lines = [
        (
            name,
            f"{metrics[f'readings_{way}']:.1f}" if metrics.get(f"readings_{way}") else "",
            *(
                _bounds(metrics[f"{metric}_{how}_{way}"])
                for how in ("deleted", "masked")
                for metric in ("comprehensiveness", "sufficiency")
            ),
        )
        for way, name in WAYS.items()
    ]
    return f"{found[0]['n']} comments.\n\n{table(header, lines)}"


def context_table() -> str:
    """Return what it is worth to hear the turns before, and how many pairs turn."""
    lines = []
    for name, (corpus, metrics) in HEARD.items():
        for row in _rows(f"{name}.json"):
            found = row["metrics"]
            lines += [
                (f"{corpus}, {row['n']}", shown, *(_bounds(found[f"{key}{way}"]) for way in ("", "_alone", "_gain")))
                for key, shown in metrics.items()
            ]
    turned = [
        f"{shown} {_bounds(row['metrics'][key])}"
        for row in _rows("context-pairs.json")
        for key, shown in TURNED.items()
    ]
    if not lines:
        return ABSENT
    header = ("items", "metric", "with the turns before", "alone", "gain")
    return f"{table(header, lines)}\n\nShare of the pairs: {'; '.join(turned)}."


def other_corpora_table() -> str:
    """Return how far reading a corpus that nothing was learnt from lies behind learning from it."""
    columns = ("macro_f1_own", "macro_f1_others", "gap_others", "macro_f1_shipped", "gap_shipped")
    lines = [
        (row["task"].partition(",")[0], f"{row['n']}", *(_bounds(row["metrics"][name]) for name in columns))
        for row in _rows("other-corpora.json")
    ]
    header = ("test split of", "n", "learnt from it", "from the three others", "gap", "as shipped", "gap")
    return table(header, lines) if lines else ABSENT


def own_labels_table() -> str:
    """Return what each way to learn own labels is worth, and how long it takes."""
    found = _rows("own-labels.json")
    if not found:
        return ABSENT
    metrics = found[0]["metrics"]
    lines = [
        (
            shown,
            _bounds(metrics[f"macro_f1_{way}"]),
            _bounds(metrics[f"full_minus_{way}"]) if way != "full" else "",
            f"{metrics[f'seconds_{way}']['value']:,.0f}",
        )
        for way, shown in OWN_WAYS.items()
    ]
    return table(("what learns", "macro F1", "behind `--full`", "seconds"), lines)


def systems_table() -> str:
    """Return the systems side by side."""
    found = {row["task"].partition("-")[2]: row["metrics"] for row in _rows("systems.json")}
    if not found:
        return ABSENT
    columns = {
        "macro F1, GoEmotions": ("macro_f1", 3),
        "r valence, SemEval-2018": ("r_valence_semeval2018", 3),
        "r valence, EmoBank": ("r_valence_emobank", 3),
        "ms alone": ("milliseconds_alone", 2),
        "sentences/s": ("sentences_per_second", 0),
        "files, MB": ("files_megabytes", 1),
        "memory, MB": ("memory_megabytes", 0),
        "import, s": ("import_seconds", 2),
        "first answer, s": ("first_answer_seconds", 2),
    }
    lines = [
        (
            name,
            *(
                f"{found[key][metric]['value']:,.{digits}f}" if metric in found[key] else ""
                for metric, digits in columns.values()
            ),
        )
        for key, name in SYSTEMS.items()
    ]
    return table(("system", *columns), lines)


def roofline_table() -> str:
    """Return how near the model comes to what the processor can do."""
    found = _rows("roofline.json")
    if not found:
        return ABSENT
    metrics = found[0]["metrics"]
    lines = [
        (name, f"{metrics[key]:,.2f}" if metrics[key] < 10 else f"{metrics[key]:,.0f}") for key, name in ROOF.items()
    ]
    return f"{found[0]['note']}\n\n{table(('what', 'value'), lines)}"


def _rows(name: str) -> list[dict[str, Any]]:
    path = RESULTS / name
    if not path.is_file():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _bounds(score: dict[str, float]) -> str:
    return f"{score['value']:.3f} [{score['low']:.3f}, {score['high']:.3f}]"
