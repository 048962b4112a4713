"""Ten conditions under which the same clips are heard, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from jaxtyping import Float, Int

from mien.bench.answers import Answers, places, score
from mien.datasets import Sample
from mien.datasets.librispeech import load_babble
from mien.dsp.degrade import babble, coloured_noise, fitted, noisy, reverberated, room_response, telephone
from mien.io.opus import opus_coded
from mien.metrics.bootstrap import Interval
from mien.metrics.categorical import uar
from mien.registry import build
from mien.types import Audio, Sound

__all__ = ["CONDITIONS", "ROBUSTNESS", "conditions", "heard", "robust_answer"]

RATE = 16_000
SEED = 20_000
VOICES_AT_ONCE = 4
ROOMS_EACH = 8
ROOMS: Mapping[str, tuple[float, float]] = {
    "room_03s_1m": (0.3, 1.0),
    "room_03s_3m": (0.3, 3.0),
    "room_06s_1m": (0.6, 1.0),
    "room_06s_3m": (0.6, 3.0),
}
"""Seconds of reverberation, and metres from mouth to microphone."""
CONDITIONS = ("clean", "pink_10db", "pink_0db", "babble_5db", *ROOMS, "telephone", "opus_16k")

Samples = Float[np.ndarray, " _"]
Disturb = Callable[[Samples, np.random.Generator], Samples]


def robust_answer(samples: Sequence[Sample], model: str) -> Answers:
    """Return what the model says of the samples under each condition; where it hears no voice, it is wrong."""
    perceiver = build("perceiver", "speech/affect", model=model)
    found = {name: places(perceiver.read(heard(samples, name, disturb))) for name, disturb in conditions().items()}
    return Answers(
        {"label": places([sample.truth for sample in samples])},
        {**found, "all": np.stack([found[name] for name in CONDITIONS], axis=1)},
        groups=np.array([sample.group["speaker"] for sample in samples]),
    )


def conditions() -> dict[str, Disturb]:
    """Return each condition as a function of sound and chance.

    Raises:
        InputError: LibriSpeech, whose readers babble, is missing.
        MissingExtraError: pyroomacoustics, which simulates the rooms, is not installed.
    """
    readers = load_babble("test")
    return {
        "clean": lambda samples, _: samples,
        "pink_10db": partial(_pink, snr=10.0),
        "pink_0db": partial(_pink, snr=0.0),
        "babble_5db": partial(_among, readers=readers, snr=5.0),
        **{name: partial(_inside, rooms=_rooms(*ROOMS[name])) for name in ROOMS},
        "telephone": lambda samples, _: telephone(samples),
        "opus_16k": lambda samples, _: opus_coded(samples, bitrate=16_000),
    }


def heard(samples: Sequence[Sample], name: str, disturb: Disturb) -> list[Sound]:
    """Return the samples under one condition; chance depends on the condition and on the place of a sample alone."""
    place = CONDITIONS.index(name)
    disturbed = (
        fitted(disturb(sample.signal.audio.mono(), np.random.default_rng((SEED, place, number))))
        for number, sample in enumerate(samples)
    )
    return [Sound(Audio(one[None], RATE)) for one in disturbed]


def _pink(samples: Samples, rng: np.random.Generator, *, snr: float) -> Samples:
    return noisy(samples, coloured_noise(len(samples), 1.0, seed=rng), snr=snr)


def _among(samples: Samples, rng: np.random.Generator, *, readers: Sequence[Samples], snr: float) -> Samples:
    chosen = rng.choice(len(readers), size=VOICES_AT_ONCE, replace=False)
    return noisy(samples, babble([readers[one] for one in chosen], len(samples), seed=rng), snr=snr)


def _inside(samples: Samples, rng: np.random.Generator, *, rooms: Sequence[Samples]) -> Samples:
    return reverberated(samples, rooms[int(rng.integers(len(rooms)))])


def _rooms(time: float, distance: float) -> list[Samples]:
    return [room_response(time=time, distance=distance, seed=SEED + number) for number in range(ROOMS_EACH)]


def _fall(truth: Int[np.ndarray, " items"], estimates: Int[np.ndarray, "items conditions"]) -> float:
    """Return how far the unweighted average recall of the worst condition lies below that of the first, clean one."""
    scores = [uar(truth, estimates[:, place]) for place in range(estimates.shape[1])]
    return scores[0] - min(scores)


ROBUSTNESS: Mapping[str, Callable[[Answers], Interval]] = {
    "worst_fall": score(_fall, "label", "all"),
    **{f"uar_{name}": score(uar, "label", name) for name in CONDITIONS},
}
