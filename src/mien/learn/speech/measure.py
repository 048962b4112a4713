"""What the shipped speech models are worth: calibration, scores with intervals, groups; all through the perceiver."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int, Shaped
from numpy import ndarray

from mien.calibrate.temperature import fit
from mien.datasets.ravdess import load
from mien.datasets.schema import Sample
from mien.metrics.bootstrap import interval
from mien.metrics.calibration import ece
from mien.metrics.categorical import accuracy, uar
from mien.perceive.speech import SpeechPerceiver
from mien.runtime.card import Calibration, Group, Score
from mien.types.taxonomies import RAVDESS8

__all__ = ["Heard", "calibration", "cross_scores", "fusing_scores", "groups", "hear", "scores", "temperature"]

TASK = "speech/ravdess"
HEAD = "ravdess8"
INSIDE = "every speaker unseen once; not the shipped weights"
OUTSIDE = "a line that learnt from other corpora; not the shipped weights"

Probs = Float[ndarray, "clips labels"]


class Heard:
    """What the perceiver says of a split, beside the truth; where it hears no voice, each label is equally likely."""

    def __init__(self, samples: Sequence[Sample], perceiver: SpeechPerceiver) -> None:
        affects = perceiver.read([sample.signal for sample in samples])
        nothing = np.full(len(RAVDESS8), 1.0 / len(RAVDESS8))
        self.probs: Probs = np.stack(
            [nothing if a is None or a.categories is None else a.categories.probs for a in affects]
        )
        self.truth: Int[ndarray, " clips"] = np.array([_place(sample) for sample in samples])
        self.facts: Mapping[str, Shaped[ndarray, " clips"]] = {
            name: np.array([sample.group[name] for sample in samples]) for name in ("speaker", "sex")
        }
        self.n_unheard = sum(affect is None for affect in affects)


def hear(split: str, *, folder: Path, voices: Path, root: Path | None = None) -> Heard:
    """Run the perceiver with models in folders on one split of the main corpus."""
    return Heard(load(split, root), SpeechPerceiver(model=str(folder), voices=str(voices), threads=1))


def temperature(heard: Heard) -> float:
    """Temperature that fits what was heard with a temperature of one."""
    return fit(np.log(np.clip(heard.probs, 1e-7, 1.0)), heard.truth).temperature


def calibration(before: Heard, after: Heard, warmth: float) -> Calibration:
    """The row of the card: expected calibration error on validation before and after."""
    errors = [round(float(ece(heard.truth, heard.probs)), 4) for heard in (before, after)]
    return Calibration(HEAD, "temperature", "validation", errors[0], errors[1], round(warmth, 4))


def scores(heard: Heard, seed: int) -> list[Score]:
    """Scores on the speakers of the test split; whole speakers are drawn for the interval."""
    answers = heard.probs.argmax(axis=1)
    speakers = heard.facts["speaker"]
    measured = {
        "uar": interval(uar, heard.truth, answers, groups=speakers),
        "accuracy": interval(accuracy, heard.truth, answers, groups=speakers),
        "ece": interval(ece, heard.truth, heard.probs, groups=speakers),
    }
    note = "four speakers that no training heard; the corpus is the one it was trained on"
    return [
        Score(TASK, name, round(m.value, 4), round(m.low, 4), round(m.high, 4), len(answers), (seed,), True, note)
        for name, m in measured.items()
    ]


def fusing_scores(heard: Heard, seed: int) -> list[Score]:
    """The accuracy on the speakers of the validation split, by which fusing weighs this model against others."""
    speakers, answers = heard.facts["speaker"], heard.probs.argmax(axis=1)
    m = interval(accuracy, heard.truth, answers, groups=speakers)
    numbers = round(m.value, 4), round(m.low, 4), round(m.high, 4)
    return [Score(TASK, "accuracy", *numbers, len(answers), (seed,), True, "what fusing rests on", "validation")]


def cross_scores(path: Path) -> list[Score]:
    """Scores that a stage of the recipe left in a file."""
    rows = []
    for row in json.loads(path.read_text(encoding="utf-8")):
        inside = row["task"] == "speech/ravdess-folds"
        note = INSIDE if inside else OUTSIDE
        for name, m in row["metrics"].items():
            if not isinstance(m, dict) or name.startswith("gain"):
                continue
            seeds = tuple(row["seeds"])
            rows.append(Score(row["task"], name, m["value"], m["low"], m["high"], row["n"], seeds, inside, note))
    return rows


def groups(
    answers: Int[ndarray, " clips"], truth: Int[ndarray, " clips"], sex: Shaped[ndarray, " clips"]
) -> list[Group]:
    """Unweighted recall of women and men, from the six folds: all twenty-four speakers, each unseen."""
    rows = []
    for name in ("female", "male"):
        inside = sex == name
        value = round(float(uar(truth[inside], answers[inside])), 4)
        rows.append(Group(name, "uar", value, int(inside.sum()), "speech/ravdess-folds"))
    return rows


def _place(sample: Sample) -> int:
    if sample.truth is None or sample.truth.categories is None:
        return -1
    return int(sample.truth.categories.probs.argmax())
