"""What a person may pick to read emotion in a voice, each learnt and tested on the same folds, behind one interface.

openSMILE's eGeMAPS functionals with a support vector machine, a linear probe on the pooled states of Whisper's base
encoder, and a model of mien. `speech.py` measures. The strength of each penalty is chosen within the training speakers
of a fold, by speakers left out there. Answers are kept in build/speech/, in the form in which recipes leave theirs.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import speech_features
from speech_features import BUILD, Table

from mien.bench.folds import FoldAnswers, read_answers
from mien.metrics.categorical import uar
from mien.types.taxonomies import RAVDESS8

INNER = 3
SMILE_STRENGTHS, PROBE_STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0), (0.001, 0.01, 0.1)
"""Inverse strengths of the penalty to choose from."""
CORPUS = "ravdess"

Estimator = Callable[[float], Any]
"""Inverse strength of the penalty to a classifier."""


@dataclass(frozen=True)
class System:
    """Something that reads voices.

    Args:
        folds: Answers to every clip of RAVDESS by what had not heard its speaker; one table a seed.
        reader: Makes what a user calls with the samples of one clip at 16 kHz.
        megabytes: Size of its files, in 1e6 bytes.
        taught: Whether it has to be taught before it can answer.
    """

    folds: Callable[[], list[FoldAnswers]]
    reader: Callable[[], Callable[[np.ndarray], Any]]
    megabytes: Callable[[], float]
    taught: bool = True


def vectors(strength: float) -> Any:
    """Return a support vector machine on standardised features."""
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return make_pipeline(StandardScaler(), SVC(C=strength, class_weight="balanced"))


def logistic(strength: float) -> Any:
    """Return a logistic regression on standardised features."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=200))


def best_strength(estimator: Estimator, strengths: tuple[float, ...], table: Table, kept: np.ndarray) -> float:
    """Return the strength that does best on speakers left out among the kept clips."""
    from sklearn.model_selection import GroupKFold

    features, labels, speakers = table.features[kept], places(table)[kept], table.facts["speaker"][kept]
    scores = []
    for strength in strengths:
        said = np.zeros(len(labels), dtype=np.int64)
        for inside, outside in GroupKFold(INNER).split(features, labels, speakers):
            said[outside] = estimator(strength).fit(features[inside], labels[inside]).predict(features[outside])
        scores.append(uar(labels, said))
    return strengths[int(np.argmax(scores))]


def places(table: Table) -> np.ndarray:
    """Return the places of the labels in the taxonomy of RAVDESS."""
    return np.array([RAVDESS8.index(word) for word in table.facts["emotion"].tolist()])


def learnt_folds(
    name: str, features: Callable[[str], Table], estimator: Estimator, strengths: tuple[float, ...]
) -> list[FoldAnswers]:
    """Return the answers of a system that is taught in each fold; they are kept."""
    path = BUILD / f"folds-{name}.npz"
    if not path.is_file():
        table = features(CORPUS)
        labels, fold = places(table), table.facts["fold_emobox"]
        logits = np.zeros((len(labels), len(RAVDESS8)), dtype=np.float32)
        for one in sorted(set(fold.tolist())):
            kept = fold != one
            strength = best_strength(estimator, strengths, table, kept)
            model = estimator(strength).fit(table.features[kept], labels[kept])
            logits[~kept] = model.decision_function(table.features[~kept])
        facts = {key: table.facts[key] for key in ("speaker", "sex", "fold_emobox", "clip_id")}
        np.savez(path, allow_pickle=False, labels=labels, logits=logits, **facts)
    return [read_answers(path)]


def whole(features: Callable[[str], Table], estimator: Estimator, strengths: tuple[float, ...]) -> Any:
    """Return what a user would have: taught on all speakers (for its speed and size alone)."""
    table = features(CORPUS)
    return estimator(strengths[len(strengths) // 2]).fit(table.features, places(table))


def smile() -> System:
    def reader() -> Callable[[np.ndarray], Any]:
        model, measure = taught(), speech_features.functionals()
        return lambda samples: model.predict(measure(samples)[None])

    def megabytes() -> float:
        import opensmile

        folder = Path(opensmile.__file__).parent
        used = [*folder.rglob("*.so"), *folder.rglob("config/egemaps/**/*.*"), *folder.rglob("config/shared/**/*.*")]
        return (sum(path.stat().st_size for path in used) + len(pickle.dumps(taught()))) / 1e6

    taught = cache(partial(whole, speech_features.smile, vectors, SMILE_STRENGTHS))
    return System(partial(learnt_folds, "egemaps", speech_features.smile, vectors, SMILE_STRENGTHS), reader, megabytes)


def whisper() -> System:
    def reader() -> Callable[[np.ndarray], Any]:
        from mien.dsp.mel import log_mel
        from mien.learn.speech.encoder import teach

        model, weights = taught(), speech_features.weights()

        def read(samples: np.ndarray) -> Any:
            heard = SimpleNamespace(mel=log_mel(samples))  # all that the encoder hears; it needs no pitch
            return model.predict(teach(weights, [(heard, None)], speech_features.LAYERS))

        return read

    def megabytes() -> float:
        return (speech_features.ENCODER.stat().st_size + len(pickle.dumps(taught()))) / 1e6

    taught = cache(partial(whole, speech_features.states, logistic, PROBE_STRENGTHS))
    return System(
        partial(learnt_folds, "whisper", speech_features.states, logistic, PROBE_STRENGTHS), reader, megabytes
    )


def mien_model(model: str, paths: list[Path]) -> System:
    """Return a model of mien.

    Args:
        model: Its name.
        paths: Answers of folds that its recipe left, one file a seed.
    """

    def reader() -> Callable[[np.ndarray], Any]:
        from mien.perceive.speech import SpeechPerceiver
        from mien.types import Audio, Sound

        perceiver = SpeechPerceiver(model=model, threads=1)
        return lambda samples: perceiver.read([Sound(Audio(samples[None], 16000))])

    def megabytes() -> float:
        from mien.runtime import find_asset

        return sum(item.bytes for item in find_asset(model).info.files) / 1e6

    return System(lambda: [read_answers(path) for path in paths], reader, megabytes, taught=False)


OTHERS: Mapping[str, Callable[[], System]] = {"egemaps": smile, "whisper": whisper}
