"""Clips as other rooms, streets, lines and microphones would give them, to learn from.

What the task ``speech/robust`` measures lies inside the ranges drawn from here, but none of its rooms, noises or voices
is ever heard in training.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from jaxtyping import Float

from mien.datasets.librispeech import load_babble
from mien.dsp.degrade import (
    babble,
    clipped,
    coloured_noise,
    fitted,
    gained,
    noisy,
    reverberated,
    room_response,
    telephone,
)
from mien.dsp.degrade.channel import LAWS
from mien.errors import OptionError
from mien.io.opus import opus_coded

__all__ = ["Odds", "Pool", "disturbed", "open_pool"]

FIRST_SEED = 1_000_000
"""Seeds of rooms begin here, far above those of the task."""
MOST_ROOMS = 10_000
TIMES, DISTANCES = (0.15, 0.8), (0.5, 4.0)
EXPONENTS, NOISE_SNR = (0.0, 2.0), (-3.0, 25.0)
VOICES, BABBLE_SNR = (3, 5), (0.0, 20.0)
CLIPPED = (0.001, 0.03)
BITRATES = (8_000, 32_000)
LEVELS = (-20.0, 6.0)

Samples = Float[np.ndarray, " _"]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What is heard beside and around the speakers.

    Args:
        rooms: Impulse responses at 16 kHz.
        voices: One array at 16 kHz a reader, for babble.
    """

    rooms: Sequence[Samples]
    voices: Sequence[Samples]


@dataclass(frozen=True, slots=True)
class Odds:
    """How often each thing happens to a clip, from 0 to 1; they happen independently of each other.

    Args:
        room: It is said in a room.
        noise: Something is heard beside it.
        babble: What is heard beside it is other voices.
        clipping: The microphone is set too high.
        line: It goes over a telephone or through Opus, either as often.

    Raises:
        OptionError: One of them is out of range.
    """

    room: float = 0.5
    noise: float = 0.5
    babble: float = 0.4
    clipping: float = 0.1
    line: float = 0.3

    def __post_init__(self) -> None:
        for item in fields(self):
            if not 0 <= getattr(self, item.name) <= 1:
                raise OptionError(f"odds of {getattr(self, item.name)} were given for {item.name}; allowed: 0 to 1")


def open_pool(path: Path, *, n_rooms: int = 64, seed: int = 0) -> Pool:
    """Return the readers of LibriSpeech that are for training, and rooms, which are simulated once and kept in a file.

    Args:
        path: File of the rooms (``.npz``), read where it lies already and holds enough of them.
        n_rooms: Rooms, from 1 to 10,000; one takes a few tenths of a second.
        seed: Seed of the rooms where they are not in the file.

    Raises:
        OptionError: The number is out of range.
        InputError: LibriSpeech is missing.
        MissingExtraError: pyroomacoustics is needed and not installed.
    """
    if not 1 <= n_rooms <= MOST_ROOMS:
        raise OptionError(f"a pool of {n_rooms} rooms was asked for; allowed: 1 to {MOST_ROOMS}")
    voices = load_babble("train")
    if path.is_file():
        with np.load(path) as kept:
            rooms = [kept[name] for name in kept.files]
        if len(rooms) >= n_rooms:
            return Pool(rooms[:n_rooms], voices)
    rooms = [_room(FIRST_SEED + MOST_ROOMS * seed + number) for number in range(n_rooms)]
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, allow_pickle=False, **{str(number): room for number, room in enumerate(rooms)})
    return Pool(rooms, voices)


def disturbed(samples: Samples, rng: np.random.Generator, pool: Pool, *, odds: Odds | None = None) -> Samples:
    """Return a clip as it might have been recorded elsewhere: as long, and never above full scale.

    In this order: a room, noise of any colour or other voices, clipping, a line, and another level. About one clip in
    six has nothing but another level.

    Args:
        samples: Speech, mono at 16 kHz.
        rng: What chance is drawn from; the same state gives the same result.
        pool: Rooms and voices.
        odds: How often each thing happens.

    Raises:
        OptionError: Noise is to be added to a clip of silence.
    """
    odds = odds or Odds()
    steps: Sequence[tuple[float, Callable[[Samples], Samples]]] = (
        (odds.room, lambda clip: reverberated(clip, pool.rooms[int(rng.integers(len(pool.rooms)))])),
        (odds.noise, lambda clip: _beside(clip, rng, pool.voices if rng.random() < odds.babble else ())),
        (odds.clipping, lambda clip: clipped(clip, share=float(rng.uniform(*CLIPPED)))),
        (odds.line, lambda clip: _over_a_line(clip, rng)),
    )
    for share, step in steps:
        if rng.random() < share:
            samples = step(samples)
    return fitted(gained(samples, float(rng.uniform(*LEVELS))))


def _beside(samples: Samples, rng: np.random.Generator, voices: Sequence[Samples]) -> Samples:
    if not voices:
        noise = coloured_noise(len(samples), float(rng.uniform(*EXPONENTS)), seed=rng)
        return noisy(samples, noise, snr=float(rng.uniform(*NOISE_SNR)))
    n = min(len(voices), int(rng.integers(VOICES[0], VOICES[1] + 1)))
    chosen = [voices[one] for one in rng.choice(len(voices), size=n, replace=False)]
    return noisy(samples, babble(chosen, len(samples), seed=rng), snr=float(rng.uniform(*BABBLE_SNR)))


def _over_a_line(samples: Samples, rng: np.random.Generator) -> Samples:
    if rng.random() < 0.5:
        return telephone(samples, law=str(rng.choice(LAWS)))
    return opus_coded(samples, bitrate=int(rng.integers(*BITRATES)))


def _room(seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    return room_response(time=float(rng.uniform(*TIMES)), distance=float(rng.uniform(*DISTANCES)), seed=seed)
