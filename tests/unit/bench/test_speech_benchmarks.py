"""The benchmarks of speech on made vectors: folds are of unseen speakers, hiding hides, rows keep their shape."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the benchmarks need the extra bench")
pytest.importorskip("torch", reason="the teacher is on the learning side")

FOLDER = Path(__file__).parents[3] / "benchmarks"
sys.path.insert(0, str(FOLDER))
import speech_ambiguity  # noqa: E402 - benchmarks are scripts, not a package
import speech_anonymous  # noqa: E402
import speech_arousal  # noqa: E402
import speech_features  # noqa: E402
import speech_rows  # noqa: E402
import speech_systems  # noqa: E402

sys.path.remove(str(FOLDER))

from mien.types.taxonomies import RAVDESS8  # noqa: E402


def made(seed: int = 0, speakers: int = 12, each: int = 2) -> Any:
    """Vectors in which the emotion is in the first columns and the speaker in others; four speakers a fold."""
    rng, rows, facts = np.random.default_rng(seed), [], []
    for speaker in range(speakers):
        own = rng.normal(size=8)
        for label in RAVDESS8.labels:
            for strong in range(each):
                vector = rng.normal(size=40) * 0.5
                vector[RAVDESS8.index(label)] += 3
                vector[10:18] += 2 * own
                vector[20] += strong
                rows.append(vector)
                strength = "strong" if strong and label != "neutral" else "normal"
                about = {"speaker": f"{speaker}", "emotion": label, "intensity": strength, "sex": "female"}
                facts.append({**about, "fold_emobox": f"{speaker // 4}", "clip_id": f"{len(rows)}", "rms_dbfs": "-20"})
    columns = {key: np.array([fact[key] for fact in facts]) for key in facts[0]}
    return speech_features.Table(np.array(rows, dtype=np.float32), columns)


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(speech_systems, "BUILD", tmp_path)
    return tmp_path


def test_each_clip_is_answered_once_by_what_had_not_heard_its_speaker(build: Path) -> None:
    table, seen = made(), []

    class Listening:
        """Remembers which rows it was taught, and knows every label."""

        def __init__(self, strength: float) -> None:
            self.model = speech_systems.logistic(strength)

        def fit(self, features: np.ndarray, labels: np.ndarray) -> Listening:
            self.taught = {row.tobytes() for row in features}
            self.model.fit(features, labels)
            return self

        def predict(self, features: np.ndarray) -> np.ndarray:
            seen.append(self.taught & {row.tobytes() for row in features})
            return np.asarray(self.model.predict(features))

        def decision_function(self, features: np.ndarray) -> np.ndarray:
            seen.append(self.taught & {row.tobytes() for row in features})
            return np.asarray(self.model.decision_function(features))

    (found,) = speech_systems.learnt_folds("made", lambda corpus: table, Listening, (0.01, 0.1))
    assert len(seen) == 3 * (2 * speech_systems.INNER + 1)
    assert not any(seen)
    assert (found.said == found.labels).mean() > 0.9
    assert (build / "folds-made.npz").is_file()
    again = speech_systems.learnt_folds("made", None, None, ())[0]  # kept answers are not made again
    assert np.array_equal(again.logits, found.logits)


def test_strong_acting_is_found_on_unheard_speakers() -> None:
    table = made()
    scores = speech_arousal.strengths(table)
    twice = table.facts["emotion"] != "neutral"
    strong = table.facts["intensity"] == "strong"
    assert scores[twice & strong].mean() > scores[twice & ~strong].mean()


def test_the_gap_row_has_every_label(build: Path) -> None:
    (found,) = speech_systems.learnt_folds("made", lambda corpus: made(), speech_systems.logistic, (0.1,))
    metrics = speech_arousal.gap_row("whisper", [found])["metrics"]
    assert {f"recall_{label}" for label in RAVDESS8.labels} <= set(metrics)
    assert metrics["gap"]["value"] == pytest.approx(
        metrics["uar_high"]["value"] - metrics["uar_low"]["value"], abs=2e-5
    )


def voices() -> Any:
    table = made(speakers=18, each=3)
    kept = np.isin(table.facts["emotion"], speech_anonymous.EMOTIONS)
    emotion = np.array([speech_anonymous.EMOTIONS.index(word) for word in table.facts["emotion"][kept].tolist()])
    corpus = np.where(table.facts["speaker"][kept].astype(int) % 2, "ravdess", "nemo")
    return speech_anonymous.Voices(table.features[kept], emotion, table.facts["speaker"][kept], corpus)


def test_hiding_turns_speakers_and_leaves_the_rest() -> None:
    heard, rng = voices(), np.random.default_rng(0)
    basis, _ = np.linalg.qr(rng.normal(size=(40, 8)))
    hidden = speech_anonymous.hide(heard.vectors, heard, basis, rng)
    rest = np.eye(40) - basis @ basis.T
    assert np.allclose(hidden @ rest, heard.vectors @ rest, atol=1e-4)
    assert np.allclose(np.linalg.norm(hidden, axis=1), np.linalg.norm(heard.vectors, axis=1), atol=1e-4)
    assert not np.allclose(hidden, heard.vectors, atol=0.1)


def test_hiding_raises_the_error_of_the_speaker_and_alpha_the_recall(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"KEPT": 24, "SPEAKER_NUMBERS": 8, "PAIRS": 400, "ALPHAS": (0.0, 16.0)}.items():
        monkeypatch.setattr(speech_anonymous, name, value)
    found = speech_anonymous.curve(voices())
    assert found["eer_before"]["value"] + 0.1 < found["eer_alpha_0"]["value"]
    assert found["uar_alpha_16"]["value"] >= found["uar_alpha_0"]["value"] - 0.02
    assert found["uar_alpha_16"]["value"] > found["uar_chance_16"]["value"]


def test_rows_replace_those_of_the_same_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    for task, value in (("b", 1), ("a", 2), ("b", 3)):
        made_row = speech_rows.row(f"speech/{task}", {"uar": value}, 1, (0.0, [0]), "speech.py", note="x")
        speech_rows.show([made_row], path, save=True)
    held = json.loads(path.read_text(encoding="utf-8"))
    assert [(row["task"], row["metrics"]["uar"]) for row in held] == [("speech/a", 2), ("speech/b", 3)]
    assert {"model", "n", "seconds", "metrics", "version", "seeds", "command", "note"} <= set(held[0])
    capsys.readouterr()


def test_answers_are_found_by_model_and_a_folder_without_is_named(tmp_path: Path) -> None:
    for seed in (0, 1):
        np.savez(tmp_path / f"folds-{seed}.npz", labels=np.zeros(1))
    assert [path.name for path in speech_rows.answers_of([f"speech-base={tmp_path}"])["speech-base"]] == [
        "folds-0.npz",
        "folds-1.npz",
    ]
    with pytest.raises(SystemExit, match="names no folder with answers across-emodb-SEED"):
        speech_rows.answers_of([f"speech-base={tmp_path}"], "across-emodb")


def test_words_of_corpora_become_labels(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"emotion": np.array(["anger", "boredom", "anxiety"]), "clip_id": np.array(["a", "b", "c"])}
    monkeypatch.setattr(speech_features, "states", lambda corpus: speech_features.Table(np.eye(3), facts))
    features, labels, kept = speech_ambiguity.labelled("emodb")
    assert [RAVDESS8.labels[place] for place in labels] == ["angry", "fearful"]
    assert features.shape == (2, 3)
    assert kept["clip_id"].tolist() == ["a", "c"]


def test_a_temperature_softens_and_keeps_the_order() -> None:
    shares = np.array([[0.7, 0.2, 0.1], [1.0, 0.0, 0.0]])
    softer = speech_ambiguity.tempered(shares, 2.0)
    assert np.allclose(softer.sum(axis=1), 1)
    assert (softer.max(axis=1) <= shares.max(axis=1)).all()
    assert np.array_equal(softer[0].argsort(), shares[0].argsort())
    assert np.allclose(speech_ambiguity.tempered(shares, 1.0), shares, atol=1e-9)


def test_within_a_label_its_mean_is_taken_away() -> None:
    found = speech_ambiguity.beyond(np.array([1.0, 3.0, 10.0]), np.array([0, 0, 4]))
    assert found.tolist() == [-1.0, 1.0, 0.0]
