"""Impulse responses of rooms that nobody built: random in size and places, with a stated time and distance."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from mien.dsp.degrade.level import RATE
from mien.dsp.degrade.reverberation import reverberation_time
from mien.errors import MissingExtraError, OptionError

__all__ = ["room_response"]

SMALLEST, LARGEST = np.array([4.0, 3.5, 2.4]), np.array([8.0, 6.0, 3.4])
"""Length, width and height in metres between which sizes are drawn."""
HEADS = (1.0, 1.8)
"""Height in metres of mouths and microphones."""
WALL = 0.4
SHORTEST, LONGEST = 0.1, 1.5
NEAREST, FARTHEST = 0.2, 4.5
SPEED = 343.0
DISPLACEMENT = 0.05
TRIES, STEPS = 10_000, 8
CLOSE = 0.05
"""Part of the wanted time by which the measured one may be off."""


def room_response(*, time: float, distance: float, seed: int) -> Float[np.ndarray, " taps"]:
    """Return the impulse response between a mouth and a microphone in a rectangular room, by image sources.

    Size, places and height are random; all walls absorb alike. How much is tried until the measured time is within 5 %
    of the wanted one, eight times at most; a room that is not there by then is returned as it is.

    Args:
        time: Seconds in which sound falls by 60 dB, from 0.1 to 1.5.
        distance: From mouth to microphone in metres, from 0.2 to 4.5.
        seed: Seed of room and places.

    Returns:
        Response at 16 kHz, float32.

    Raises:
        OptionError: Time or distance is out of range.
        MissingExtraError: pyroomacoustics is not installed.

    References:
        J. B. Allen and D. A. Berkley (1979). Image method for efficiently simulating small-room acoustics. JASA 65(4),
        943-950.
        E. De Sena, N. Antonello, M. Moonen and T. van Waterschoot (2015). On the modeling of rectangular geometries in
        room acoustic simulations. IEEE/ACM TASLP 23(4), 774-786 (images displaced at random).
        R. Scheibler, E. Bezzam and I. Dokmanić (2018). Pyroomacoustics: a Python package for audio room simulation and
        array processing algorithms. ICASSP, 351-355.
    """
    if not SHORTEST <= time <= LONGEST:
        raise OptionError(f"a reverberation of {time} s was asked for; allowed: {SHORTEST} to {LONGEST} s")
    if not NEAREST <= distance <= FARTHEST:
        raise OptionError(f"a distance of {distance} m was asked for; allowed: {NEAREST} to {FARTHEST} m")
    acoustics = _acoustics()
    size, mouth, microphone = _places(distance, np.random.default_rng(seed))
    absorbed = _absorbed(size, time)
    for _ in range(STEPS):
        # The same displacements at each step, so that only the walls change.
        acoustics.random.seed(seed)
        response = _response(acoustics, (size, mouth, microphone), 1.0 - np.exp(-absorbed), _order(size, time))
        measured = reverberation_time(response)
        if abs(measured - time) <= CLOSE * time:
            break
        absorbed *= measured / time
    return response


def _acoustics() -> Any:
    try:
        import pyroomacoustics
    except ImportError as error:
        raise MissingExtraError("simulating rooms", "bench") from error
    # Echoes that several threads add up come in another order each time, and so to another sum.
    pyroomacoustics.constants.set("num_threads", 1)
    return pyroomacoustics


def _places(distance: float, rng: np.random.Generator) -> tuple[Float[np.ndarray, " 3"], ...]:
    """Draw a room, a mouth and a microphone until both lie inside it, away from the walls."""
    for _ in range(TRIES):
        size, drawn = rng.uniform(SMALLEST, LARGEST), rng.uniform(size=2)
        low, high = np.array([WALL, WALL, HEADS[0]]), np.array([*(size[:2] - WALL), HEADS[1]])
        mouth, angle = rng.uniform(low, high), 2.0 * np.pi * drawn[0]
        rise = (HEADS[0] - mouth[2]) + drawn[1] * (HEADS[1] - HEADS[0])
        along = np.sqrt(max(0.0, distance**2 - rise**2))
        microphone = mouth + np.array([along * np.cos(angle), along * np.sin(angle), rise])
        if abs(rise) <= distance and (low <= microphone).all() and (microphone <= high).all():
            return size, mouth, microphone
    raise OptionError(f"no room was found in which {distance} m lie between two places; give a shorter distance")


def _absorbed(size: Float[np.ndarray, " 3"], time: float) -> float:
    """Return a first guess at the negative logarithm of what the walls reflect, by Sabine's formula."""
    walls = 2.0 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2])
    absorption = 24.0 * np.log(10.0) / SPEED * size.prod() / (walls * time)
    return float(-np.log1p(-min(absorption, 0.95)))


def _order(size: Float[np.ndarray, " 3"], time: float) -> int:
    """Return how many reflections reach as far as sound travels in the time."""
    nearest = min(a * b / np.hypot(a, b) for a, b in ((size[0], size[1]), (size[0], size[2]), (size[1], size[2])))
    return int(np.ceil(SPEED * time / nearest))


def _response(
    acoustics: Any, places: tuple[Float[np.ndarray, " 3"], ...], absorption: float, order: int
) -> Float[np.ndarray, " taps"]:
    size, mouth, microphone = places
    room = acoustics.ShoeBox(
        size,
        fs=RATE,
        materials=acoustics.Material(float(absorption)),
        max_order=order,
        use_rand_ism=True,
        max_rand_disp=DISPLACEMENT,
    )
    room.add_source(mouth)
    room.add_microphone(microphone)
    room.compute_rir()
    return np.asarray(room.rir[0][0], dtype=np.float32)
