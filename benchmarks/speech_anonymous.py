"""What hiding a speaker costs of the emotion in a vector of a voice, and what putting it back costs of hiding.

    MIEN_DATA=... python benchmarks/speech_anonymous.py [--save]

The nearest to a published way of changing voices that can be measured without making sound: vectors of clips (mean and
deviation of the states of Whisper's encoder, whitened to `KEPT` numbers) of RAVDESS and nEMO, in their six common
emotions. In each of `PARTS` parts of the speakers, all that is fitted comes from the other parts:

- hiding: in the subspace that tells training speakers apart most, each clip is turned by an orthogonal matrix of
  chance, one for each speaker and side (what is known of a speaker, and what is tried);
- putting back: each hidden vector is moved by alpha along the normal of a support vector machine for the emotion that
  a classifier hears in the vector before hiding; beside it, by as much in a direction of chance, and the vector that
  was not hidden by as much along the normal;
- emotion: unweighted recall of another classifier, taught on the vectors of other training speakers as they are;
- speaker: equal error rate of cosine scores between pairs of clips of one corpus, in the subspace of speakers. The
  attacker that does not know of the hiding compares a clip as it is with a hidden one; the one that does know hides his
  own clips too, with matrices of his own. One half means hidden, as chance would have it. An attacker who learns from
  hidden clips is not among them.

What is put back is what the first classifier heard, right or wrong: for a large alpha the recall nears that
classifier's own, whatever the voice still holds. With `--save`, the curve is also written to
results/speech/anonymous.json.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import speech_features
from speech_rows import RESULTS, options, paired, rounded, row, show
from speech_systems import logistic

from mien.learn.speech.whitening import Whitening
from mien.metrics.bootstrap import interval
from mien.metrics.categorical import uar
from mien.metrics.ranking import equal_error_rate

SCRIPT = "speech_anonymous.py"
CORPORA = ("ravdess", "nemo")
EMOTIONS = ("angry", "fearful", "happy", "neutral", "sad", "surprised")
KEPT, SPEAKER_NUMBERS, PARTS = 128, 16, 3
MOST = 24
"""Clips of one speaker and emotion that are taken."""
ALPHAS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0)
PAIRS = 4000
PROBE_STRENGTH, NORMAL_STRENGTH = 0.01, 0.01
SEED = 0
NOTE = (
    "partial: vectors of a public encoder, not sound. uar: of six emotions, by a judge who took no part in putting "
    "back, whole speakers drawn; uar_indicator: of what is put back. eer: of an attacker who knows nothing of the "
    "hiding; eer_informed: of one who hides his own clips too; single pairs drawn, so that these intervals are too "
    "narrow. chance: moved in a direction of chance. unhidden: moved without being hidden. gain: over alpha 0, paired."
)


@dataclass(frozen=True)
class Voices:
    """Clips: vectors, places of emotions, speakers, and the corpus of each."""

    vectors: np.ndarray
    emotion: np.ndarray
    speaker: np.ndarray
    corpus: np.ndarray

    def __getitem__(self, kept: np.ndarray) -> Voices:
        return Voices(self.vectors[kept], self.emotion[kept], self.speaker[kept], self.corpus[kept])


@dataclass(frozen=True)
class Judges:
    """What is fitted on training speakers.

    Args:
        whitening: Vectors to few numbers.
        basis: Orthonormal directions that tell speakers apart, shape ``(KEPT, SPEAKER_NUMBERS)``.
        indicator: Hears the emotion before hiding.
        normals: Unit normal of the machine of each emotion, shape ``(emotions, KEPT)``.
        evaluator: Judges the emotion afterwards; taught on other speakers than the two above.
    """

    whitening: Whitening
    basis: np.ndarray
    indicator: Any
    normals: np.ndarray
    evaluator: Any


def open_voices() -> Voices:
    """Return clips of both corpora, at most `MOST` of a speaker and emotion."""
    rng, parts = np.random.default_rng(SEED), []
    for corpus in CORPORA:
        table = speech_features.states(corpus)
        words = [speech_features.WORDS[corpus].get(word, "") for word in table.facts["emotion"].tolist()]
        emotion = np.array([EMOTIONS.index(word) if word in EMOTIONS else -1 for word in words])
        speaker = np.array([f"{corpus} {name}" for name in table.facts["speaker"].tolist()])
        kept = []
        for name in np.unique(speaker):
            for place in range(len(EMOTIONS)):
                kept.append(rng.permutation(np.flatnonzero((speaker == name) & (emotion == place)))[:MOST])
        chosen = np.concatenate(kept)
        parts.append((table.features[chosen], emotion[chosen], speaker[chosen], np.full(len(chosen), corpus)))
    return Voices(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def fit_judges(voices: Voices) -> Judges:
    """Fit everything on training speakers, the evaluator on every other one of them."""
    from sklearn.svm import LinearSVC

    whitening = Whitening.fit(voices.vectors, KEPT)
    numbers = whitening(voices.vectors)
    names = np.unique(voices.speaker)
    mine = np.isin(voices.speaker, names[::2])
    normals = []
    for place in range(len(EMOTIONS)):
        machine = LinearSVC(C=NORMAL_STRENGTH, class_weight="balanced", random_state=SEED)
        slope = machine.fit(numbers[mine], voices.emotion[mine] == place).coef_[0]
        normals.append(slope / np.linalg.norm(slope))
    return Judges(
        whitening,
        speaker_basis(numbers, voices),
        logistic(PROBE_STRENGTH).fit(numbers[mine], voices.emotion[mine]),
        np.stack(normals),
        logistic(PROBE_STRENGTH).fit(numbers[~mine], voices.emotion[~mine]),
    )


def speaker_basis(numbers: np.ndarray, voices: Voices) -> np.ndarray:
    """Return directions in which the means of speakers of one corpus differ most for how much their clips do."""
    means, rest = [], np.zeros((numbers.shape[1], numbers.shape[1]))
    for name in np.unique(voices.speaker):
        own = voices.speaker == name
        corpus = voices.corpus == voices.corpus[own][0]
        means.append(numbers[own].mean(axis=0) - numbers[corpus].mean(axis=0))
        rest += np.cov(numbers[own].T) * own.mean()
    values, vectors = np.linalg.eigh(rest + 0.1 * np.trace(rest) / len(rest) * np.eye(len(rest)))
    whiten = vectors / np.sqrt(values)
    _, _, found = np.linalg.svd(np.stack(means) @ whiten, full_matrices=False)
    basis, _ = np.linalg.qr(whiten @ found[:SPEAKER_NUMBERS].T)
    return np.asarray(basis)


def hide(numbers: np.ndarray, voices: Voices, basis: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn the part of each vector that tells speakers apart, by a matrix of chance for each speaker."""
    hidden = numbers.copy()
    for name in np.unique(voices.speaker):
        own = voices.speaker == name
        turn, _ = np.linalg.qr(rng.normal(size=(basis.shape[1], basis.shape[1])))
        told = numbers[own] @ basis
        hidden[own] += (told @ turn.T - told) @ basis.T
    return hidden


def pairs(voices: Voices, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places of two clips of one corpus each, as many of one speaker as of two, and whether it is one."""
    first = rng.integers(len(voices.speaker), size=20 * PAIRS)
    second = rng.integers(len(voices.speaker), size=20 * PAIRS)
    allowed = (voices.corpus[first] == voices.corpus[second]) & (first != second)
    same = voices.speaker[first] == voices.speaker[second]
    chosen = np.concatenate([np.flatnonzero(allowed & (same == one))[: PAIRS // 2] for one in (True, False)])
    return first[chosen], second[chosen], same[chosen]


def cosine(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    scale = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / np.maximum(scale, 1e-9))


def part_answers(voices: Voices, tested: np.ndarray, seed: int) -> dict[str, tuple[np.ndarray, ...]]:
    """Return truth, estimate and speaker for each figure of the speakers of one part."""
    judges, asked = fit_judges(voices[~tested]), voices[tested]
    rng = np.random.default_rng(seed)
    numbers = judges.whitening(asked.vectors)
    heard = judges.indicator.predict(numbers)
    tried, known = (hide(numbers, asked, judges.basis, rng) for _ in range(2))
    chance = rng.normal(size=judges.normals.shape)
    chance /= np.linalg.norm(chance, axis=1, keepdims=True)
    one, other, same = pairs(asked, rng)
    found: dict[str, tuple[np.ndarray, ...]] = {
        "uar_before": (asked.emotion, judges.evaluator.predict(numbers), asked.speaker),
        "uar_indicator": (asked.emotion, heard, asked.speaker),
        "eer_before": (same, cosine(numbers[one] @ judges.basis, numbers[other] @ judges.basis)),
    }
    for alpha in ALPHAS:
        moved, mine = tried + alpha * judges.normals[heard], known + alpha * judges.normals[heard]
        aside, shown = tried + alpha * chance[heard], numbers + alpha * judges.normals[heard]
        name = f"{alpha:g}"
        found[f"uar_alpha_{name}"] = (asked.emotion, judges.evaluator.predict(moved), asked.speaker)
        found[f"uar_unhidden_{name}"] = (asked.emotion, judges.evaluator.predict(shown), asked.speaker)
        found[f"uar_chance_{name}"] = (asked.emotion, judges.evaluator.predict(aside), asked.speaker)
        found[f"eer_alpha_{name}"] = (same, cosine(numbers[one] @ judges.basis, moved[other] @ judges.basis))
        found[f"eer_informed_{name}"] = (same, cosine(mine[one] @ judges.basis, moved[other] @ judges.basis))
    return found


def curve(voices: Voices) -> dict[str, dict[str, float]]:
    """Return every figure over the speakers of all parts."""
    names = np.random.default_rng(SEED).permutation(np.unique(voices.speaker))
    part = {name: place % PARTS for place, name in enumerate(names.tolist())}
    place = np.array([part[name] for name in voices.speaker.tolist()])
    answers = [part_answers(voices, place == one, one) for one in range(PARTS)]
    joined = {
        name: [np.concatenate(rows) for rows in zip(*(one[name] for one in answers), strict=True)]
        for name in answers[0]
    }
    found = {}
    for name, columns in joined.items():
        metric: Callable[[Any, Any], float] = uar if name.startswith("uar") else equal_error_rate
        groups = columns[2] if len(columns) > 2 else None
        found[name] = rounded(interval(metric, columns[0], columns[1], groups=groups, n=200), 4)
    truth, hidden, speaker = joined["uar_alpha_0"]
    for alpha in ALPHAS[1:]:
        back = joined[f"uar_alpha_{alpha:g}"][1]
        found[f"uar_gain_{alpha:g}"] = rounded(paired(uar, [(truth, hidden, back, speaker)]), 4)
    return found


def main() -> None:
    given = options(__doc__).parse_args()
    began, voices = time.perf_counter(), open_voices()
    found = row("speech/anonymous", curve(voices), len(voices.speaker), (began, [SEED]), SCRIPT, note=NOTE)
    show([found], RESULTS / "anonymous.json", save=given.save)


if __name__ == "__main__":
    main()
