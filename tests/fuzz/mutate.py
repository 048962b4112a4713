"""Ways to damage a file, each from a seed so that a failure can be made again."""

from __future__ import annotations

import numpy as np

__all__ = ["DAMAGES", "damaged"]


def flip_bits(raw: bytearray, rng: np.random.Generator) -> None:
    for place in rng.integers(0, len(raw), rng.integers(1, 30)):
        raw[place] ^= 1 << int(rng.integers(0, 8))


def flip_one(raw: bytearray, rng: np.random.Generator) -> None:
    raw[int(rng.integers(0, len(raw)))] ^= 1 << int(rng.integers(0, 8))


def truncate(raw: bytearray, rng: np.random.Generator) -> None:
    del raw[int(rng.integers(0, len(raw))) :]


def duplicate(raw: bytearray, rng: np.random.Generator) -> None:
    start, length, place = _stretch(raw, rng)
    raw[place:place] = raw[start : start + length]


def cut(raw: bytearray, rng: np.random.Generator) -> None:
    start, length, _ = _stretch(raw, rng)
    del raw[start : start + length]


def noise(raw: bytearray, rng: np.random.Generator) -> None:
    start, length, _ = _stretch(raw, rng)
    raw[start : start + length] = rng.bytes(length)


def extremes(raw: bytearray, rng: np.random.Generator) -> None:
    """Numbers of a header become the largest, the smallest, or zero."""
    width = int(rng.choice([1, 2, 4, 8]))
    place = int(rng.integers(0, min(len(raw), 400)))
    raw[place : place + width] = rng.choice([b"\xff", b"\x00", b"\x7f", b"\x80"]) * width


def head_noise(raw: bytearray, rng: np.random.Generator) -> None:
    raw[: int(rng.integers(1, 64))] = rng.bytes(int(rng.integers(1, 64)))


DAMAGES = (flip_bits, flip_one, flip_one, truncate, duplicate, cut, noise, extremes, extremes, head_noise)


def damaged(raw: bytes, other: bytes, seed: int) -> bytes:
    """Return the bytes with one to three kinds of damage; now and then with the head of another file."""
    rng = np.random.default_rng(seed)
    work = bytearray(raw)
    if rng.random() < 0.1:
        length = int(rng.integers(4, 200))
        work[:length] = other[:length]
    for index in rng.integers(0, len(DAMAGES), rng.choice([1, 1, 2, 3])):
        if work:
            DAMAGES[index](work, rng)
    return bytes(work)


def _stretch(raw: bytearray, rng: np.random.Generator) -> tuple[int, int, int]:
    return int(rng.integers(0, len(raw))), int(rng.integers(1, max(2, len(raw) // 4))), int(rng.integers(0, len(raw)))
