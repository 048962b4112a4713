"""The recipe of `speech-voices`: vectors that tell voices apart, from the speakers of the emotion corpora."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float
from numpy import ndarray

from mien.datasets.corpus import corpus_folder, read_table
from mien.datasets.recordings import decode
from mien.dsp.pitch import WINDOW
from mien.learn.recipe import Recipe
from mien.learn.speech import cache
from mien.learn.speech.export import write_frames, write_overlap, write_voices
from mien.learn.speech.overlap import OverlapNet, train_overlap
from mien.learn.speech.publish import VOICES, golden_sounds, write_card
from mien.learn.speech.voicenet import VoiceClips, VoiceNet, stretch_facts, train_voices
from mien.perceive.speech.activity import ActivityOptions, voiced
from mien.perceive.speech.frames import Frames, measure
from mien.runtime import Model, open_asset
from mien.runtime.card import Score

__all__ = ["publish", "run"]

OPTIONS: Mapping[str, Any] = {
    "speeds": [1.0, 0.88, 1.12],
    "clips": {"ravdess": 60, "nemo": 120, "emodb": 40},
    "held": {"nemo": ["KD0", "WR0", "MK0"], "emodb": ["14", "15", "16"]},
    "epochs": 10,
    "overlap_steps": 1400,
    "overlap_speeds": [1.0, 0.88],
    "rate": 3e-3,
    "threads": 1,
}
LEAST_VOICED = 40
CLUSTERING: Mapping[str, float] = {
    "alike": 0.45,
    "doubt": 0.2,
    "sure": 2.0,
    "least": 0.4,
    "merge": 0.65,
    "scarce": 1.2,
    "share": 0.05,
}
CHANGES: Mapping[str, float] = {"unlike": 0.4, "doubt": 0.3, "sure": 2.0, "least": 0.6}
"""Both chosen on made conversations of ten speakers that were held out of the training."""
NOTES: Mapping[str, str] = {
    "voices": "made conversations of two or three of ten readers; the silence of a sentence's edges counts as missed",
    "crosstalk": "made conversations of two or three of ten readers, who begin at once or before another ends",
}


def run(recipe: Recipe, out: Path, seed: int) -> None:
    """Make the model.

    Raises:
        OptionError: An option is unknown.
        InputError: A corpus is missing.
    """
    options = recipe.option(OPTIONS)
    torch.set_num_threads(int(options["threads"]))
    path = out / f"net-{seed}.pt"
    net, overlap = VoiceNet(), OverlapNet()
    if not path.exists():
        clips = _speakers(options, out / "cache.npz", options["speeds"])
        train_voices(net, clips, epochs=int(options["epochs"]), seed=seed, rate=float(options["rate"]))
        overlap = train_overlap(clips, steps=int(options["overlap_steps"]), seed=seed)
        torch.save({"net": net.state_dict(), "overlap": overlap.state_dict()}, path)
    kept = torch.load(path)
    net.load_state_dict(kept["net"])
    overlap.load_state_dict(kept["overlap"])
    results = recipe.folder.parent.parent / "results" / "speech"
    publish(net.eval(), overlap.eval(), out / "asset", seed=seed, results=results)


def publish(net: VoiceNet, overlap: OverlapNet, folder: Path, *, seed: int, results: Path) -> None:
    """Write the shipped folder.

    Args:
        net: The network of voices.
        overlap: The network of two voices at once.
        folder: Where to write.
        seed: Seed of the training.
        results: Folder of what ``mien bench speech/voices --json`` and the like gave; the card has no other scores.
    """
    write_frames(net, folder / "frames.onnx")
    write_voices(net, folder / "voices.onnx")
    write_overlap(overlap, folder / "overlap.onnx")
    paths = [results / f"{name}.json" for name in NOTES]
    scores = [score for path in paths if path.is_file() for score in _scores(path, seed)]
    write_card(folder, VOICES, {"clustering": CLUSTERING, "changes": CHANGES}, scores)
    write_golden(folder)


def _scores(path: Path, seed: int) -> list[Score]:
    """Return the scores of the version that is written."""
    rows = []
    for result in json.loads(path.read_text(encoding="utf-8")):
        if result["version"] == VOICES["version"]:
            for name, m in result["metrics"].items():
                value, low, high = m["value"], m["low"], m["high"]
                rows.append(
                    Score(result["task"], name, value, low, high, result["n"], (seed,), False, NOTES[path.stem])
                )
    return rows


def write_golden(folder: Path) -> None:
    """Write ``golden.npz``: measurements of made sounds, and what is heard of their voices."""
    frames = [measure(np.pad(sound, (0, 640)))[:150] for sound in golden_sounds()[:-1]]
    mel = np.stack([part.mel for part in frames]).astype(np.float16).astype(np.float32)
    facts = np.stack([stretch_facts(part.mel, part.pitch, part.periodicity > 0.5) for part in frames])
    mask = np.ones(mel.shape[:2], dtype=bool)
    model = Model(open_asset(folder), threads=1)
    (states,), (overlap,) = (model.run(graph, {"mel": mel, "mask": mask}) for graph in ("frames", "overlap"))
    feeds = {"mean": states.mean(axis=1), "variance": states.var(axis=1), "facts": facts}
    (vectors,) = model.run("voices", feeds)
    inputs = {"input_mel": mel.astype(np.float16), "input_mask": mask, "input_facts": facts}
    outputs = {"output_overlap": overlap, "output_vector": vectors}
    np.savez_compressed(folder / "golden.npz", allow_pickle=False, **inputs, **outputs)


def _speakers(options: Mapping[str, Any], path: Path, speeds: Sequence[float]) -> VoiceClips:
    """Clips of all corpora but of those held out, at some speeds; a changed speed makes another speaker."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _measure(options, path)
    held = [f"{corpus}{speaker}" for corpus, speakers in options["held"].items() for speaker in speakers]
    with np.load(path) as arrays:
        names, offsets = arrays["speaker"], arrays["off"]
        of, at = zip(*(name.split("@") for name in names.tolist()), strict=True)
        kept = np.flatnonzero(~np.isin(of, held) & np.isin(at, [str(speed) for speed in speeds]))
        rows = np.concatenate([np.arange(offsets[index], offsets[index + 1]) for index in kept])
        lengths = np.diff(offsets)[kept]
        return VoiceClips(
            arrays["mel"][rows],
            arrays["pitch"][rows],
            arrays["voiced"][rows],
            np.concatenate([[0], np.cumsum(lengths)]),
            np.unique(names[kept], return_inverse=True)[1],
        )


def _measure(options: Mapping[str, Any], path: Path) -> None:
    """Measure the chosen clips at every speed and keep them in one file."""
    parts, names = [], []
    for corpus, most in options["clips"].items():
        for name, samples in _chosen(corpus, int(most)):
            for speed in options["speeds"]:
                frames, marks = _trimmed(cache.faster(samples, speed))
                if marks.sum() >= LEAST_VOICED:
                    parts.append((frames.mel.astype(np.float16), frames.pitch, marks))
                    names.append(f"{corpus}{name}@{speed}")
    mel, pitch, voiced_ = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    offsets = np.cumsum([0] + [len(part[0]) for part in parts])
    np.savez(path, allow_pickle=False, mel=mel, pitch=pitch, voiced=voiced_, off=offsets, speaker=np.array(names))


def _chosen(corpus: str, most: int) -> Iterator[tuple[str, Float[ndarray, " time"]]]:
    """At most so many clips of each speaker, at random; of the main corpus, only its speakers of `train`."""
    counts: dict[str, int] = {}
    for path in sorted(corpus_folder(f"speech/{corpus}").glob("*.parquet")):
        rows = read_table(path)
        np.random.default_rng(0).shuffle(rows)
        for row in rows:
            name = row["speaker"]
            if corpus == "ravdess" and row["split"] != "train":
                continue
            counts[name] = counts.get(name, 0) + 1
            if counts[name] <= most:
                yield name, decode(row["audio"], row["clip_id"]).audio.mono()


def _trimmed(samples: Float[ndarray, " time"]) -> tuple[Frames, Bool[ndarray, " frames"]]:
    frames = measure(np.pad(samples, (0, WINDOW)))
    background = float(np.sort(frames.level)[:10].mean())
    marks = voiced(frames, background, ActivityOptions())
    places = np.flatnonzero(marks)
    if len(places) < LEAST_VOICED:
        return frames[:0], marks[:0]
    part = slice(max(0, int(places[0]) - 10), int(places[-1]) + 10)
    return frames[part], marks[part]
