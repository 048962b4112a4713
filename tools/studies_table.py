"""The page of the studies: what each mechanism was worth, null results as null."""

from __future__ import annotations

from generated import ROOT, table
from targets_table import targets_table

from mien.bench.study import Study, read_studies

MEANING = {"gain": "gain", "loss": "loss", "null": "null: the interval holds zero"}
HEAD = (
    "Generated from `studies/` by `tools/results_table.py`. Each study trains with a mechanism and without it, on the "
    "same data, with the same seeds, and is scored on validation data alone. Brackets hold a 95 % interval over draws "
    "of items (of whole actors, where they are known) and of seeds; where it holds zero, the study found nothing, and "
    "says so. Trainings of studies are short (their options are in `study.toml`): a gain here need not be one in a "
    "long training, and the other way."
)

AIMS = (
    "What was aimed at before training, what the shipped models reach on test splits, and the reason where they fall "
    "short. The aim of BRIGHTER is the floor of character n-grams (`results/text/brighter-floor.json`) plus .06."
)


def studies_page() -> str:
    """Return the page with every study."""
    studies = read_studies(ROOT / "studies")
    ran = [study for study in studies if study.finding() is not None]
    waiting = [study for study in studies if study.finding() is None]
    header = ("study", "metric", "without", "with", "difference", "verdict")
    parts = ["# Studies", HEAD, table(header, [_row(study) for study in ran]), _commands()]
    if waiting:
        parts += ["## Not run yet", "\n".join(f"- `{study.name}`: {study.summary}" for study in waiting)]
    parts += ["## How far the text models come", AIMS, targets_table(), "## What was asked"]
    for study in studies:
        parts += [f"### {study.name}", f"{study.summary} With: {study.mechanism}. Expected: {study.expected}."]
        parts += ["References: " + "; ".join(study.references) + "."]
    return "\n\n".join(parts) + "\n"


def _row(study: Study) -> tuple[str, ...]:
    finding = study.finding()
    if finding is None:
        raise SystemExit(f"the study {study.name} has no result")
    means = [f"{sum(scores) / len(scores):.3f}" for scores in (finding.without, finding.with_)]
    gap = finding.difference
    change = f"{gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]"
    return study.name, finding.metric, *means, change, MEANING[finding.verdict]


def _commands() -> str:
    return (
        "`mien studies` shows the same in a checkout; `mien studies NAME --run` runs a study again "
        "(it needs the extra `learn` and the corpora in `MIEN_DATA`)."
    )
