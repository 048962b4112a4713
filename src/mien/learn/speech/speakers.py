"""The recipe of `speech-voices`: vectors that tell voices apart, from the speakers of the emotion corpora."""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Shaped
from numpy import ndarray

from mien.datasets.corpus import corpus_folder
from mien.learn.recipe import Recipe
from mien.learn.speech import cache
from mien.learn.speech.cache import Clips
from mien.learn.speech.export import write_voices
from mien.learn.speech.publish import VOICES, golden_sounds, write_card
from mien.learn.speech.voicenet import VoiceClips, VoiceNet, stretch_facts, train_voices
from mien.perceive.speech.frames import measure
from mien.runtime import Model, open_asset
from mien.runtime.card import Score

__all__ = ["publish", "run"]

OPTIONS: Mapping[str, Any] = {
    "speeds": [1.0, 0.88, 1.12],
    "clips": {"ravdess": 60, "nemo": 120, "emodb": 40},
    "held": {"nemo": ["KD0", "WR0", "MK0"], "emodb": ["14", "15", "16"]},
    "epochs": 10,
    "rate": 3e-3,
    "threads": 1,
}
CLUSTERING: Mapping[str, float] = {"alike": 0.45, "doubt": 0.2, "sure": 2.0, "least": 0.4, "merge": 0.65}
"""Chosen on made conversations of ten speakers that were held out of the training."""


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Make the model.

    Raises:
        OptionError: An option is unknown.
        InputError: A corpus is missing.
    """
    options = recipe.option(OPTIONS)
    torch.set_num_threads(int(options["threads"]))
    path = out / f"net-{seed}.pt"
    net = VoiceNet()
    if not path.exists():
        clips = _speakers(options, out / "frames")
        train_voices(net, clips, epochs=int(options["epochs"]), seed=seed, rate=float(options["rate"]))
        torch.save(net.state_dict(), path)
    net.load_state_dict(torch.load(path))
    results = recipe.folder.parent.parent / "results" / "speech" / "voices.json"
    publish(net.eval(), out / "asset", seed=seed, results=results)


def publish(net: VoiceNet, folder: Path, *, seed: int, results: Path) -> None:
    """Write the shipped folder.

    Args:
        net: The trained network.
        folder: Where to write.
        seed: Seed of the training.
        results: What ``mien bench speech/voices --json`` gave; without it the card has no scores.
    """
    write_voices(net, folder / "voices.onnx")
    write_card(folder, VOICES, {"clustering": CLUSTERING}, _scores(results, seed) if results.is_file() else [])
    write_golden(folder)


def _scores(results: Path, seed: int) -> list[Score]:
    note = "made conversations of two or three of ten readers; pauses inside a turn count as missed speech"
    rows = []
    for result in json.loads(results.read_text(encoding="utf-8")):
        for name, m in result["metrics"].items():
            value, low, high = m["value"], m["low"], m["high"]
            rows.append(Score(result["task"], name, value, low, high, result["n"], (seed,), False, note))
    return rows


def write_golden(folder: Path) -> None:
    """Write ``golden.npz``: measurements of made sounds, and their vectors."""
    frames = [measure(np.pad(sound, (0, 640))) for sound in golden_sounds()[:-1]]
    mel = np.stack([part.mel[:150] for part in frames]).astype(np.float16).astype(np.float32)
    facts = np.stack([stretch_facts(part.mel[:150], part.pitch[:150], part.periodicity[:150] > 0.5) for part in frames])
    mask = np.ones(mel.shape[:2], dtype=bool)
    vectors = Model(open_asset(folder), threads=1).run("voices", {"mel": mel, "mask": mask, "facts": facts})[0]
    arrays = {"input_mel": mel.astype(np.float16), "input_mask": mask, "input_facts": facts, "output_vector": vectors}
    np.savez_compressed(folder / "golden.npz", allow_pickle=False, **arrays)


def _speakers(options: Mapping[str, Any], out: Path) -> VoiceClips:
    """Clips of all corpora; a changed speed makes another speaker."""
    parts, names = [], []
    for corpus, most in options["clips"].items():
        folder = corpus_folder(f"speech/{corpus}")
        clips = cache.load(cache.build(folder, corpus, out, speeds=tuple(options["speeds"])))
        for index in np.flatnonzero(_chosen(clips, corpus, int(most), options["held"].get(corpus, []))):
            parts.append(clips[int(index)])
            names.append(f"{corpus} {clips.facts['speaker'][index]} {clips.facts['speed'][index]}")
    offsets = np.cumsum([0] + [len(frames) for frames, _ in parts])
    return VoiceClips(
        np.concatenate([frames.mel.astype(np.float16) for frames, _ in parts]),
        np.concatenate([frames.pitch for frames, _ in parts]),
        np.concatenate([marks for _, marks in parts]),
        offsets,
        np.unique(names, return_inverse=True)[1],
    )


def _chosen(clips: Clips, corpus: str, most: int, held: list[str]) -> Bool[ndarray, " clips"]:
    """Marks at most so many clips of each speaker, at random, none of those held out or of too little voice."""
    speaker: Shaped[ndarray, " clips"] = clips.facts["speaker"]
    allowed = ~np.isin(speaker, held)
    if corpus == "ravdess":
        allowed &= clips.facts["split"] == "train"
    order = np.array([zlib.crc32(name.encode()) for name in clips.facts["clip_id"].tolist()])
    marks = np.zeros(len(clips), dtype=bool)
    for name in sorted(set(speaker[allowed].tolist())):
        for speed in sorted(set(clips.facts["speed"].tolist())):
            own = np.flatnonzero(allowed & (speaker == name) & (clips.facts["speed"] == speed))
            marks[own[np.argsort(order[own])][:most]] = True
    return marks & np.array([clips[index][1].sum() >= 40 for index in range(len(clips))])
