"""What training on the concordance correlation is worth for valence, arousal and dominance of speech.

    MIEN_DATA=... python benchmarks/speech_ratings.py [--save]

Small perceptrons on the 46 features of the Quechua Collao corpus, whose sound is not at hand, learn from the authors'
splits train and validation and are scored on test: with the concordance correlation over a batch as the loss, and with
the squared error; three seeds. Rows have no speaker or clip, so that rows are drawn, and whether a speaker is in two
splits cannot be told. The study `ccc-loss` compares the same on the validation split alone. Two plain regressions learn
from the same rows. With `--save`, the figures are also written to results/speech/ratings.json.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from speech_rows import RESULTS, options, paired, rounded, row, show

from mien.bench.folds import seed_score
from mien.learn.tables.ratings import DIMENSIONS, Rated, RatingOptions, rate, read_rated
from mien.metrics.bootstrap import interval
from mien.metrics.dimensional import ccc, mean_ccc

SCRIPT = "speech_ratings.py"
SEEDS = (0, 1, 2)
WAYS = ("mse", "ccc")
NOTE = (
    "partial: features of other authors in place of an encoder of sound. *_mse and *_ccc: trained on the squared error "
    "and on the concordance correlation, mean of three seeds. stretched: trained on the squared error, and given the "
    "mean and spread of the training ratings afterwards, which alone raises the correlation. ridge and boosting: plain "
    "regressions by scikit-learn on the same rows."
)


def plain(learnt: Rated, asked: Rated) -> dict[str, np.ndarray]:
    """Return what plain regressions say."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    ridge = make_pipeline(StandardScaler(), RidgeCV()).fit(learnt.features, learnt.ratings)
    columns = [
        HistGradientBoostingRegressor(random_state=0).fit(learnt.features, column).predict(asked.features)
        for column in learnt.ratings.T
    ]
    return {"ridge": ridge.predict(asked.features), "boosting": np.stack(columns, axis=1)}


def parts_of(rated: Rated) -> tuple[np.ndarray, np.ndarray]:
    return rated.features, rated.ratings


def stretched(said: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return what is said of the asked rows, with mean and spread of the training ratings.

    Args:
        said: Of the asked rows, then of the training rows.
        truth: Ratings of the training rows.
    """
    asked, learnt = said[: -len(truth)], said[-len(truth) :]
    return np.asarray((asked - learnt.mean(axis=0)) * truth.std(axis=0) / learnt.std(axis=0) + truth.mean(axis=0))


def measure() -> dict[str, Any]:
    """Return the row of all figures."""
    began = time.perf_counter()
    learnt, asked = read_rated(["train", "validation"]), read_rated(["test"])
    both = Rated(*(np.concatenate([one, other]) for one, other in zip(parts_of(asked), parts_of(learnt), strict=True)))
    tables = {way: [rate(learnt, both, RatingOptions(loss=way), seed=seed) for seed in SEEDS] for way in WAYS}
    said = {way: [table[: len(asked.ratings)] for table in runs] for way, runs in tables.items()}
    said["stretched"] = [stretched(table, learnt.ratings) for table in tables["mse"]]
    others = plain(learnt, asked)
    truth, each = asked.ratings, np.arange(len(asked.ratings))
    metrics: dict[str, Any] = {}
    for place, name in enumerate(DIMENSIONS):
        for way, tables in said.items():
            metrics[f"ccc_{name}_{way}"] = rounded(
                seed_score([(truth[:, place], one[:, place], each) for one in tables], ccc)
            )
        for other, gain in (("mse", "gain"), ("stretched", "gain_over_stretched")):
            pairs = zip(said[other], said["ccc"], strict=True)
            runs = [(truth[:, place], before[:, place], after[:, place], each) for before, after in pairs]
            metrics[f"{gain}_{name}"] = rounded(paired(ccc, runs))
        for way, table in others.items():
            metrics[f"ccc_{name}_{way}"] = rounded(interval(ccc, truth[:, place], table[:, place], n=300))
    runs = [(truth, before, after, each) for before, after in zip(said["mse"], said["ccc"], strict=True)]
    metrics["gain_mean"] = rounded(paired(mean_ccc, runs))
    return row("speech/ratings", metrics, len(truth), (began, SEEDS), SCRIPT, note=NOTE)


def main() -> None:
    given = options(__doc__).parse_args()
    show([measure()], RESULTS / "ratings.json", save=given.save)


if __name__ == "__main__":
    main()
