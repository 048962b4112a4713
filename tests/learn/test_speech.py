"""Training of the speech models: on made clips, in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")

from mien.errors import InputError  # noqa: E402
from mien.learn.speech.augment import copies  # noqa: E402
from mien.learn.speech.encoder import read_weights  # noqa: E402
from mien.learn.speech.export import write_affect, write_frames, write_overlap, write_voices  # noqa: E402
from mien.learn.speech.net import Mixture  # noqa: E402
from mien.learn.speech.overlap import OverlapNet, _Maker, train_overlap  # noqa: E402
from mien.learn.speech.publish import golden_sounds  # noqa: E402
from mien.learn.speech.teacher import Whitening, probe, soft_labels  # noqa: E402
from mien.learn.speech.training import Plan, Targets, answer, recall, train  # noqa: E402
from mien.learn.speech.voicenet import N_FACTS, VoiceClips, VoiceNet, train_voices  # noqa: E402
from mien.perceive.speech.frames import measure  # noqa: E402

RNG = np.random.default_rng(0)
PLAN = Plan(members=2, sizes=(32, 16), epochs=25, batch=16, dropout=0.0, mixed=0.0)


def separable(n: int = 96) -> tuple[np.ndarray, Targets]:
    labels = np.arange(n) % 4
    traits = (np.eye(12)[labels] * 3 + RNG.normal(size=(n, 12))).astype(np.float32)
    soft = 4.0 * np.eye(4, dtype=np.float32)[labels]
    return traits, Targets(labels, soft, traits[:, :3].copy())


def test_it_learns_what_can_be_learnt() -> None:
    traits, targets = separable()
    net = train(traits, targets, PLAN, seed=0)
    assert recall(targets.labels, answer(net, traits)) > 0.95


def test_the_same_seed_gives_the_same_network() -> None:
    traits, targets = separable()
    one, two, other = (answer(train(traits, targets, PLAN, seed=seed), traits) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_the_graph_answers_like_the_network(tmp_path: Path) -> None:
    traits, targets = separable()
    net = Mixture([train(traits, targets, PLAN, seed=seed) for seed in (0, 1)])
    session = onnxruntime.InferenceSession(str(write_affect(net, tmp_path / "affect.onnx")))
    graph = session.run(None, {"traits": traits})[0]
    assert np.abs(graph - answer(net, traits)).max() < 0.1
    assert np.abs(session.run(None, {"traits": traits[:1]})[0] - graph[:1]).max() < 1e-5


def test_the_voice_graphs_answer_like_the_network_and_ignore_padding(tmp_path: Path) -> None:
    net = VoiceNet(width=16, size=8).eval()
    frames = onnxruntime.InferenceSession(str(write_frames(net, tmp_path / "frames.onnx")))
    voices = onnxruntime.InferenceSession(str(write_voices(net, tmp_path / "voices.onnx")))
    mel, facts = RNG.normal(size=(3, 90, 80)).astype(np.float32), RNG.normal(size=(3, N_FACTS)).astype(np.float32)
    mask = np.ones((3, 90), dtype=bool)
    (states,) = frames.run(None, {"mel": mel, "mask": mask})
    pooled = {"mean": states.mean(axis=1), "variance": states.var(axis=1), "facts": facts}
    graph = voices.run(None, pooled)[0]
    with torch.inference_mode():
        own = net(torch.from_numpy(mel), torch.from_numpy(mask), torch.from_numpy(facts)).numpy()
    assert np.abs(graph - own).max() < 0.05
    padded = {
        "mel": np.pad(mel, ((0, 0), (0, 40), (0, 0)), constant_values=5.0),
        "mask": np.pad(mask, ((0, 0), (0, 40))),
    }
    again = frames.run(None, padded)[0]
    assert np.abs(again[:, :90] - states).max() < 1e-4
    assert not again[:, 90:].any()


def test_the_overlap_graph_answers_like_the_network_and_ignores_padding(tmp_path: Path) -> None:
    net = OverlapNet(width=8).eval()
    graph = onnxruntime.InferenceSession(str(write_overlap(net, tmp_path / "overlap.onnx")))
    mel, mask = RNG.normal(size=(2, 90, 80)).astype(np.float32), np.ones((2, 90), dtype=bool)
    (overlap,) = graph.run(None, {"mel": mel, "mask": mask})
    with torch.inference_mode():
        own = torch.sigmoid(net(torch.from_numpy(mel), torch.from_numpy(mask))).numpy()
    assert np.abs(overlap - own).max() < 0.05
    padded = {"mel": np.pad(mel, ((0, 0), (0, 40), (0, 0))), "mask": np.pad(mask, ((0, 0), (0, 40)))}
    assert np.abs(graph.run(None, padded)[0][:, :90] - overlap).max() < 1e-4


def test_two_voices_at_once_are_learnt() -> None:
    clips = pitches()
    net = train_overlap(clips, steps=40, seed=0, batch_size=8)
    assert not net.training
    again = train_overlap(clips, steps=40, seed=0, batch_size=8)
    same = zip(net.parameters(), again.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in same)
    mel, truth = _Maker(clips, np.random.default_rng(1)).batch(32)
    with torch.inference_mode():
        logits = net(mel, torch.ones(mel.shape[:2], dtype=torch.bool))
    assert truth.mean() > 0.05
    assert logits[truth > 0.5].mean() > logits[truth < 0.5].mean()


def pitches() -> VoiceClips:
    """Two clips of each of two made voices."""
    frames = [measure(np.pad(sound, (0, 640))) for sound in golden_sounds()[[0, 1, 3, 4]]]
    return VoiceClips(
        np.concatenate([part.mel.astype(np.float16) for part in frames]),
        np.concatenate([part.pitch for part in frames]),
        np.concatenate([part.periodicity > 0.5 for part in frames]),
        np.cumsum([0] + [len(part) for part in frames]),
        np.array([0, 0, 1, 1]),
    )


def test_voices_of_two_pitches_are_learnt() -> None:
    net = train_voices(VoiceNet(width=8, size=4), pitches(), epochs=10, seed=0, batch_size=2)
    assert not net.training


def test_copies_keep_the_clip_first() -> None:
    frames = measure(np.pad(golden_sounds()[0], (0, 640)))
    marks = frames.periodicity > 0.5
    made = list(copies((frames, marks), 2, np.random.default_rng(0)))
    assert made[0][0] is frames
    assert len(made) == 3
    assert all(len(part) == len(own) and np.isfinite(part.mel).all() for part, own in made)


def test_soft_labels_come_from_other_speakers() -> None:
    labels = np.arange(80) % 2
    states = (np.eye(6)[labels] * 4 + RNG.normal(size=(80, 6))).astype(np.float32)
    speakers = np.repeat([f"s{n}" for n in range(8)], 10)
    logits = soft_labels(states, labels, speakers, n_labels=2)
    assert recall(labels, logits) > 0.9
    weights = probe(states, labels, 2)
    assert weights.shape == (7, 2)


def test_whitened_numbers_have_spread_one() -> None:
    states = RNG.normal(size=(200, 10)) @ RNG.normal(size=(10, 10))
    numbers = Whitening.fit(states, 4)(states)
    assert numbers.std(axis=0) == pytest.approx(np.ones(4), abs=0.05)


def test_a_missing_teacher_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist; download the packages"):
        read_weights(tmp_path / "model.bin")
