"""Make a corpus of many small files of our own: texts, chats, pictures of the drawn head, and voices of the dialogue.

    python benchmarks/corpus.py build/corpus --items 2000

The same number gives the same files. Of 20 files 9 are texts, 3 chats, 5 pictures and 3 voices. The voices are
stretches of examples/dialogue.ogg at other speeds, the pictures crops of examples/face.webp, turned, lit and blurred.
"""

from __future__ import annotations

import argparse
import random
import wave
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SHARES = {"texts": 9, "chats": 3, "pictures": 5, "voices": 3}
RATE = 16_000
SECONDS = 30.0
"""Length of a voice before its speed is changed."""

WHO = ("My sister", "The doctor", "Our neighbour", "The new teacher", "Nobody", "My old friend", "The driver")
DID = ("called me", "forgot about us", "came to the door", "sang for the children", "lied again", "waited all night")
WHY = ("and I am so happy about it", "and it made me furious", "which I did not expect at all", "and I miss them badly",
       "and I was scared to death", "so there is nothing to add", "and I am proud of that", "what a mess")  # fmt: skip
END = (".", "!", "...", "?")


def make(folder: Path, items: int) -> None:
    """Write the corpus, unless it is there already."""
    done = folder / f".made-{items}"
    if done.exists():
        return
    sound, face = _dialogue(), Image.open(EXAMPLES / "face.webp").convert("RGB")
    for kind, share in SHARES.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for number in range(items * share // sum(SHARES.values())):
            chance = random.Random(f"{kind} {number}")
            path = folder / kind / f"{number:05}"
            if kind == "texts":
                text = "\n".join(sentence(chance) for _ in range(chance.randint(8, 24)))
                path.with_suffix(".txt").write_text(f"{text}\n", encoding="utf-8")
            elif kind == "chats":
                path.with_suffix(".csv").write_text(chat(chance), encoding="utf-8")
            elif kind == "pictures":
                picture(face, chance).save(path.with_suffix(".jpg"), quality=90)
            else:
                write_wave(path.with_suffix(".wav"), voice(sound, chance))
    done.touch()


def sentence(chance: random.Random) -> str:
    """Return a sentence that nobody said."""
    return f"{chance.choice(WHO)} {chance.choice(DID)} {chance.choice(WHY)}{chance.choice(END)}"


def chat(chance: random.Random) -> str:
    """Return a chat of two as CSV."""
    turns = (
        f"{place * 9},{'Ada' if place % 2 else 'Ben'},{sentence(chance)}" for place in range(chance.randint(10, 20))
    )
    return "\n".join(["time,speaker,text", *turns, ""])


def picture(face: Image.Image, chance: random.Random) -> Image.Image:
    """Return the head, seen anew."""
    left, top = chance.randint(0, 60), chance.randint(0, 60)
    cut = face.crop((left, top, face.width - chance.randint(0, 60), face.height - chance.randint(0, 60)))
    seen = ImageOps.mirror(cut) if chance.random() < 0.5 else cut
    seen = seen.rotate(chance.uniform(-12, 12), Image.Resampling.BILINEAR, fillcolor=(90, 90, 96))
    seen = ImageEnhance.Brightness(seen).enhance(chance.uniform(0.6, 1.4))
    return seen.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.5)))


def voice(sound: np.ndarray, chance: random.Random) -> np.ndarray:
    """Return a stretch of the dialogue, faster or slower, and so higher or lower."""
    start = chance.randrange(0, len(sound) - round(SECONDS * RATE))
    stretch = sound[start : start + round(SECONDS * RATE)]
    places = np.arange(0, len(stretch) - 1, chance.uniform(0.85, 1.2))
    return np.asarray(np.interp(places, np.arange(len(stretch)), stretch) * chance.uniform(0.4, 1.0))


def write_wave(path: Path, samples: np.ndarray) -> None:
    """Write mono samples in [-1, 1] as 16-bit WAVE."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _dialogue() -> np.ndarray:
    with av.open(str(EXAMPLES / "dialogue.ogg")) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        parts = [piece.to_ndarray()[0] for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    return np.concatenate(parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make a corpus of many small files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--items", type=int, default=2000)
    given = parser.parse_args()
    make(given.folder, given.items)
