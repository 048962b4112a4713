"""Whether doubt is where listeners disagree: votes as a distribution, and the doubt of models of sound.

    MIEN_DATA=... python benchmarks/speech_ambiguity.py                                  # without a model of mien
    MIEN_DATA=... python benchmarks/speech_ambiguity.py --answers speech-base=build/speech-base --save

No corpus at hand has both sound and the votes on it, so that the question is asked in two parts:

- votes without sound (CREMA-D): `mien.learn.tables.votes` guesses how listeners to the voice alone vote on clips of
  actors it has not seen, from what was meant and from the votes of those who saw the face, without sound or with it.
  Learnt from the actors of train and validation, scored on those of test; three seeds, whole actors drawn. Compared:
  the shares of the votes as targets, the label with most, the label with more than half (other clips left out), and
  shares with a penalty on labels that are seldom voted for together. What single labels teach is also made softer by a
  temperature from the actors of validation, as it is too sure by itself;
- sound without votes: the doubt of a model on EmoDB, which it was not taught on, against how many listeners recognised
  the clip (Burkhardt et al. 2005); and on RAVDESS, speakers unheard, what it is worth to keep silent in doubt. A model
  of mien answers by the files `across-emodb-SEED.npz` and `folds-SEED.npz` of its recipe; beside it stands a linear
  probe on Whisper's encoder (`speech_features.py`).

With `--save`, the figures are also written to results/speech/ambiguity.json.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import speech_features
from speech_rows import RESULTS, answers_of, options, paired, rounded, row, show
from speech_systems import OTHERS, logistic

from mien.bench.folds import FoldAnswers, read_answers, seed_score, silence_scores
from mien.learn.tables.votes import FEWEST, Clips, VoteOptions, guess, held, read_votes, together, unlikely_pairs
from mien.learn.tables.votes_trial import possible_share
from mien.metrics.ambiguity import entropy, entropy_pearson, jensen_shannon
from mien.metrics.bootstrap import Interval
from mien.metrics.categorical import multilabel_macro_f1, uar
from mien.metrics.ranking import spearman
from mien.metrics.selective import area_under_risk_coverage
from mien.types.taxonomies import RAVDESS8

SCRIPT = "speech_ambiguity.py"
SEEDS = (0, 1, 2)
WAYS = {
    "soft": VoteOptions(),
    "plurality": VoteOptions(targets="plurality"),
    "majority": VoteOptions(targets="majority"),
    "penalty": VoteOptions(penalty=1.0),
    "design": VoteOptions(design_only=True),
}
"""Ways to learn from votes; `design` hides the votes of the other raters."""
TEMPERED = ("plurality", "majority")
"""Ways whose answers are also made softer by a temperature, as networks taught by single labels are too sure."""
TEMPERATURES = np.geomspace(0.5, 8, 33)
SELDOM = 0.2
"""Beside the pairs of labels that hardly ever hold together: those that do in fewer than this share of the clips."""
PROBE_STRENGTH = 0.01
NEUTRAL, CALM = RAVDESS8.index("neutral"), RAVDESS8.index("calm")

Said = Sequence[np.ndarray]
"""The shares that a way guesses, one table a seed."""


def votes_row() -> dict[str, Any]:
    """Return what each way of learning from votes is worth on actors that it has not seen."""
    began = time.perf_counter()
    learnt, asked = read_votes(["train", "validation"]), read_votes(["test"])
    said = {way: [guess(learnt, asked, options, seed=seed) for seed in SEEDS] for way, options in WAYS.items()}
    for way in TEMPERED:
        said[f"{way}_tempered"] = [
            tempered(table, temperature(WAYS[way], seed)) for seed, table in enumerate(said[way])
        ]
    found: dict[str, Interval] = {}
    for way, tables in said.items():
        found |= {f"{name}_{way}": score for name, score in way_scores(learnt, asked, tables).items()}
    found |= vote_gains(asked, said)
    metrics: dict[str, Any] = {name: rounded(score) for name, score in found.items()}
    metrics |= floors(learnt, asked)
    note = (
        "partial: votes without sound. js: Jensen-Shannon divergence from the listeners' votes in bits, lower is "
        "better. entropy_r: of the guessed entropy with the listeners'. macro_f1: labels with more than an equal share "
        "of the votes. impossible: share of clips with two labels that hold together in fewer than "
        f"{FEWEST:.0%} of the clips of the rarer one; seldom: {SELDOM:.0%}. aurc: area under risk and coverage for the "
        "label with most votes. *_of_votes: of the listeners' own labels. js_by_intention: the mean votes of training "
        "clips of that intention. *_tempered: made softer by a temperature from the actors of validation."
    )
    return row("speech/ambiguity-votes", metrics, len(asked.actor), (began, SEEDS), SCRIPT, note=note)


def temperature(options: VoteOptions, seed: int) -> float:
    """Return the temperature that comes nearest to the votes on validation, taught on train alone."""
    learnt, asked = read_votes(["train"]), read_votes(["validation"])
    said = guess(learnt, asked, options, seed=seed)
    return float(min(TEMPERATURES, key=lambda one: jensen_shannon(asked.shares, tempered(said, one))))


def tempered(shares: np.ndarray, warmth: float) -> np.ndarray:
    likely = np.maximum(shares, 1e-12) ** (1 / warmth)
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def way_scores(learnt: Clips, asked: Clips, said: Said) -> dict[str, Interval]:
    """Return every figure of one way."""
    scored = partial(_mean_over, asked)
    right = [(table.argmax(axis=1) == asked.shares.argmax(axis=1)) for table in said]
    return {
        "js": scored(jensen_shannon, [asked.shares] * len(said), said),
        "entropy_r": scored(entropy_pearson, [asked.shares] * len(said), said),
        "macro_f1": scored(multilabel_macro_f1, [held(asked.shares)] * len(said), [held(table) for table in said]),
        "impossible": scored(
            pair_share, [pairs_of(learnt, asked, unlikely_pairs)] * len(said), [held(t) for t in said]
        ),
        "seldom": scored(pair_share, [pairs_of(learnt, asked, seldom_pairs)] * len(said), [held(t) for t in said]),
        "aurc": scored(area_under_risk_coverage, right, [table.max(axis=1) for table in said]),
    }


def vote_gains(asked: Clips, said: Mapping[str, Said]) -> dict[str, Interval]:
    """Return the paired differences that the comparison is about, over seeds and actors."""
    shares, holds = asked.shares, held(asked.shares)
    mean = partial(_gain, asked)
    return {
        "js_soft_minus_plurality": mean(jensen_shannon, shares, said["plurality"], said["soft"]),
        "js_soft_minus_plurality_tempered": mean(jensen_shannon, shares, said["plurality_tempered"], said["soft"]),
        "entropy_r_soft_minus_plurality": mean(entropy_pearson, shares, said["plurality"], said["soft"]),
        "js_penalty_minus_soft": mean(jensen_shannon, shares, said["soft"], said["penalty"]),
        "macro_f1_soft_minus_majority": mean(
            multilabel_macro_f1, holds, [held(t) for t in said["majority"]], [held(t) for t in said["soft"]]
        ),
        "macro_f1_soft_minus_majority_tempered": mean(
            multilabel_macro_f1, holds, [held(t) for t in said["majority_tempered"]], [held(t) for t in said["soft"]]
        ),
        "macro_f1_penalty_minus_soft": mean(
            multilabel_macro_f1, holds, [held(t) for t in said["soft"]], [held(t) for t in said["penalty"]]
        ),
    }


def floors(learnt: Clips, asked: Clips) -> dict[str, float]:
    """Return figures without learning, and those of the listeners' own labels."""
    by_intention = np.stack(
        [learnt.shares[learnt.intended == one].mean(axis=0) for one in range(learnt.shares.shape[1])]
    )
    most = np.sort(learnt.shares, axis=1)[:, ::-1]
    return {
        "js_by_intention": round(jensen_shannon(asked.shares, by_intention[asked.intended]), 5),
        "js_even": round(jensen_shannon(asked.shares, np.full_like(asked.shares, 1 / asked.shares.shape[1])), 5),
        "impossible_of_votes": round(pair_share(pairs_of(learnt, asked, unlikely_pairs), held(asked.shares)), 5),
        "seldom_of_votes": round(pair_share(pairs_of(learnt, asked, seldom_pairs), held(asked.shares)), 5),
        "left_out_by_plurality": round(float((most[:, 0] == most[:, 1]).mean()), 5),
        "left_out_by_majority": round(float((most[:, 0] <= 0.5).mean()), 5),
    }


def seldom_pairs(shares: np.ndarray) -> np.ndarray:
    return np.asarray(together(shares) < SELDOM)


def pairs_of(learnt: Clips, asked: Clips, rule: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    return np.repeat(rule(learnt.shares)[None], len(asked.actor), axis=0)


def pair_share(pairs: Any, said: Any) -> float:
    return 1.0 - possible_share(pairs, said)


def _mean_over(asked: Clips, metric: Callable[[Any, Any], float], truth: Said, said: Said) -> Interval:
    return seed_score([(one, other, asked.actor) for one, other in zip(truth, said, strict=True)], metric)


def _gain(asked: Clips, metric: Callable[[Any, Any], float], truth: np.ndarray, before: Said, after: Said) -> Interval:
    return paired(metric, [(truth, one, other, asked.actor) for one, other in zip(before, after, strict=True)])


def doubt_row(name: str, runs: Sequence[FoldAnswers]) -> dict[str, Any]:
    """Return how the doubt of a model on EmoDB goes with how many listeners recognised a clip."""
    began = time.perf_counter()
    facts = speech_features.states("emodb").facts
    heard = {clip: place for place, clip in enumerate(facts["clip_id"].tolist())}
    places = [np.array([heard[clip] for clip in run.facts["clip_id"].tolist()]) for run in runs]
    missed, dull = (100 - facts[key].astype(float) for key in ("recognised_pct", "natural_pct"))
    doubt = [entropy(run.probs) for run in runs]
    paired = list(zip(runs, places, doubt, strict=True))
    found = {
        "r_doubt_unrecognised": seed_score([(missed[at], far, run.speaker) for run, at, far in paired], spearman),
        "r_doubt_unnatural": seed_score([(dull[at], far, run.speaker) for run, at, far in paired], spearman),
        "r_doubt_unrecognised_within": seed_score(
            [(beyond(missed[at], run.labels), beyond(far, run.labels), run.speaker) for run, at, far in paired],
            spearman,
        ),
        "r_wrong_unrecognised": seed_score(
            [(missed[at], (run.said != run.labels).astype(float), run.speaker) for run, at, _ in paired], spearman
        ),
        "uar": seed_score([(run.labels, run.said, run.speaker) for run in runs], uar),
        **silence_scores(runs),
    }
    note = (
        "partial: a listening test in place of votes. r_*: rank correlation over clips of the entropy of the answer "
        "(or of being wrong) with the share of listeners who did not recognise the emotion, or find it natural. "
        "within: beyond the mean of their emotion, as some emotions are easy for listeners and hard for a model. "
        "Only clips that four of five listeners recognised are in the corpus, which leaves little to correlate with. "
        "Whole speakers are drawn, of whom there are ten."
    )
    metrics = {key: rounded(score) for key, score in found.items()}
    return model_row(f"emodb-{name}", metrics, runs, began, note)


def beyond(values: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return how far values lie from the mean of their label."""
    return np.asarray(values - (np.bincount(labels, weights=values) / np.maximum(np.bincount(labels), 1))[labels])


def silence_row(name: str, runs: Sequence[FoldAnswers]) -> dict[str, Any]:
    """Return what keeping silent in doubt is worth on RAVDESS."""
    began = time.perf_counter()
    metrics = {key: rounded(score) for key, score in silence_scores(runs).items()}
    note = "Six folds of unseen speakers, whole speakers drawn; surest first, by the top probability."
    return model_row(f"ravdess-{name}", metrics, runs, began, note)


def model_row(
    name: str, metrics: Mapping[str, Any], runs: Sequence[FoldAnswers], began: float, note: str
) -> dict[str, Any]:
    model = name.partition("-")[2]
    own, ran = "" if model in OTHERS else model, (began, range(len(runs)))
    return row(f"speech/ambiguity-{name}", metrics, len(runs[0].labels), ran, SCRIPT, model=own, note=note)


def probe_across() -> FoldAnswers:
    """Return what the linear probe says of EmoDB, taught on RAVDESS and nEMO."""
    path = speech_features.BUILD / "across-emodb-whisper.npz"
    if not path.is_file():
        parts = [labelled(corpus) for corpus in ("ravdess", "nemo", "emodb")]
        features, labels = (np.concatenate([part[key] for part in parts[:2]]) for key in (0, 1))
        rows, truth, facts = parts[2]
        model = logistic(PROBE_STRENGTH).fit(features, labels)
        logits = np.full((len(rows), len(RAVDESS8)), -1e9)
        logits[:, model[-1].classes_] = model.decision_function(rows)
        logits[:, NEUTRAL] = np.logaddexp(logits[:, NEUTRAL], logits[:, CALM])
        logits[:, [place for place in range(len(RAVDESS8)) if place not in truth]] = -1e9
        np.savez(path, labels=truth, logits=logits, speaker=facts["speaker"], clip_id=facts["clip_id"])
    return read_answers(path)


def labelled(corpus: str) -> tuple[np.ndarray, np.ndarray, Mapping[str, np.ndarray]]:
    """Return the clips of a corpus whose word has a label: features, places, facts."""
    table = speech_features.states(corpus)
    words = table.facts["emotion"]
    kept = np.isin(words, list(speech_features.WORDS[corpus]))
    labels = np.array([RAVDESS8.index(speech_features.WORDS[corpus][word]) for word in words[kept].tolist()])
    return table.features[kept], labels, {key: column[kept] for key, column in table.facts.items()}


def main() -> None:
    given = options(__doc__).parse_args()
    rows = [votes_row(), doubt_row("whisper", [probe_across()]), silence_row("whisper", OTHERS["whisper"]().folds())]
    for model, paths in answers_of(given.answers).items():
        across = sorted(paths[0].parent.glob("across-emodb-[0-9]*.npz"))
        rows += [doubt_row(model, [read_answers(path) for path in across])] if across else []
        rows.append(silence_row(model, [read_answers(path) for path in paths]))
    show(rows, RESULTS / "ambiguity.json", save=given.save)


if __name__ == "__main__":
    main()
