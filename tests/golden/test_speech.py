"""The shipped speech models answer as they did when they were made."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import mien
from mien.perceive.speech import SpeechPerceiver
from mien.runtime import Model, open_asset
from mien.types import Audio, Sound

ASSETS = Path(mien.__file__).parent / "assets"


def test_emotions_are_as_they_were() -> None:
    with np.load(ASSETS / "speech-base" / "golden.npz") as golden:
        sounds, before = golden["input_sounds"].astype(np.float32), golden["output_probs"]
    affects = SpeechPerceiver(threads=1).read([Sound(Audio(sound[None], 16_000)) for sound in sounds])
    nothing = np.zeros(before.shape[1])
    now = np.stack([nothing if a is None or a.categories is None else a.categories.probs for a in affects])
    assert np.abs(now - before).max() <= 0.02
    top = np.sort(before, axis=1)
    sure = top[:, -1] - top[:, -2] > 0.02
    assert np.array_equal(now.argmax(axis=1)[sure], before.argmax(axis=1)[sure])
    assert not before[-1].any()  # the last is noise


def test_voices_are_heard_as_they_were_and_padding_changes_nothing() -> None:
    model = Model(open_asset(ASSETS / "speech-voices"), threads=1)
    with np.load(ASSETS / "speech-voices" / "golden.npz") as golden:
        mel, mask = golden["input_mel"].astype(np.float32), golden["input_mask"]
        facts, overlap_before, vectors_before = (golden[n] for n in ("input_facts", "output_overlap", "output_vector"))
    (states,), (overlap,) = (model.run(graph, {"mel": mel, "mask": mask}) for graph in ("frames", "overlap"))
    assert np.abs(overlap - overlap_before).max() <= 0.02
    pooled = {"mean": states.mean(axis=1), "variance": states.var(axis=1), "facts": facts}
    vectors = model.run("voices", pooled)[0]
    assert np.abs(vectors - vectors_before).max() <= 0.02
    padded = {"mel": np.pad(mel, ((0, 0), (0, 60), (0, 0))), "mask": np.pad(mask, ((0, 0), (0, 60)))}
    assert np.abs(model.run("frames", padded)[0][:, : mel.shape[1]] - states).max() <= 1e-3
    alone = {name: rows[:1] for name, rows in pooled.items()}
    assert np.abs(model.run("voices", alone)[0] - vectors[:1]).max() <= 1e-4


def test_the_cards_state_their_line_and_scores() -> None:
    for name, most in (("speech-base", 5_000_000), ("speech-voices", 500_000)):
        info = open_asset(ASSETS / name).info
        assert info.line == "research"
        assert info.scores
        assert sum(file.bytes for file in info.files) <= most
