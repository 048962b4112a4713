"""Small media for the samples, drawn and computed here: a tone, two drawn faces, moving and still."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

QUICK = {"deadline": "realtime", "cpu-used": "8"}


def draw_faces(time: float, centres: tuple[float, ...] = (180, 460)) -> Image.Image:
    """A picture of 640 by 360 pixels with faces where the video sample says they are."""
    picture = Image.new("RGB", (640, 360), (58, 66, 84))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 250, 640, 360), fill=(44, 49, 63))
    for index, centre in enumerate(centres):
        middle = centre + 20 * np.sin(time / 2)
        pen.ellipse((middle - 90, 225, middle + 90, 420), fill=((96, 74, 140), (150, 84, 60))[index % 2])
        pen.ellipse((middle - 55, 80, middle + 55, 210), fill=((226, 184, 150), (176, 128, 96))[index % 2])
        pen.pieslice((middle - 58, 68, middle + 58, 190), 180, 360, fill=((70, 44, 30), (30, 26, 28))[index % 2])
        for side in (-22, 22):
            pen.ellipse((middle + side - 7, 132, middle + side + 7, 146), fill=(28, 24, 30))
        smile = 12 * np.sin(time / 3 + index)
        pen.arc(
            (middle - 24, 176 - abs(smile), middle + 24, 176 + abs(smile) + 2),
            *((0, 180) if smile > 0 else (180, 360)),
            fill=(120, 40, 44),
            width=4,
        )
    return picture


def make_photo(path: Path) -> None:
    draw_faces(1.0, (185, 450)).save(path)


def make_sound(path: Path, seconds: int = 30, rate: int = 8000) -> None:
    time = np.arange(seconds * rate) / rate
    tone = 0.2 * np.sin(2 * np.pi * (160 + 30 * np.sin(time)) * time) * (np.sin(time * 3) > 0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((tone * 32767).astype("<i2").tobytes())


def make_video(path: Path, seconds: int = 12, rate: int = 4) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libvpx", rate=rate, options=QUICK)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for step in range(seconds * rate):
            frame = av.VideoFrame.from_ndarray(np.asarray(draw_faces(step / rate)), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def make_media(folder: Path) -> None:
    """Write ``photo.png``, ``audio.wav`` and ``video.webm``."""
    make_photo(folder / "photo.png")
    make_sound(folder / "audio.wav")
    make_video(folder / "video.webm")
