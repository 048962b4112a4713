"""Make a clip of 1280 x 720 pixels with a talking, moving face, of any length, from examples/talk.mp4.

python benchmarks/clip.py build/clip60.mp4 --seconds 60
python benchmarks/clip.py build/clip600.mp4 --seconds 600
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import av
import numpy as np
from PIL import Image

TALK = Path(__file__).resolve().parents[1] / "examples" / "talk.mp4"
WIDTH, HEIGHT, RATE, SOUND_RATE = 1280, 720, 30, 48000
REPEATED = 60.0
"""Seconds that are encoded; a longer clip repeats them."""


def pictures(seconds: float) -> Iterator[np.ndarray]:
    """Yield frames (720, 1280, 3): the talk again and again, under a camera that wanders and comes nearer."""
    with av.open(str(TALK)) as container:
        each = round(RATE / float(container.streams.video[0].average_rate or RATE))
        talk = [frame.to_image() for frame in container.decode(video=0)]
    for number, picture in enumerate(islice(cycle(talk), math.ceil(seconds * RATE / each))):
        for step in range(each):
            time = (number * each + step) / RATE
            yield np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=_view(picture, time)))


def _view(picture: Image.Image, time: float) -> tuple[float, float, float, float]:
    share = 0.86 + 0.12 * math.cos(0.11 * time)
    width, height = picture.width * share, picture.height * share
    left = (picture.width - width) * (0.5 + 0.45 * math.sin(0.37 * time))
    top = (picture.height - height) * (0.5 + 0.30 * math.sin(0.23 * time))
    return left, top, left + width, top + height


def sounds(seconds: float) -> Iterator[av.AudioFrame]:
    """Yield the talk's sound again and again, in step with the pictures."""
    with av.open(str(TALK)) as container:
        n_pictures = sum(1 for _ in container.decode(video=0))
        length = round(n_pictures * SOUND_RATE / float(container.streams.video[0].average_rate or RATE))
    with av.open(str(TALK)) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=SOUND_RATE)
        parts = [piece.to_ndarray() for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    once = np.concatenate(parts, axis=1)[:, :length]
    once = np.pad(once, ((0, 0), (0, length - once.shape[1])))
    whole = np.tile(once, math.ceil(seconds * SOUND_RATE / length))[:, : round(seconds * SOUND_RATE)]
    for start in range(0, whole.shape[1] - 1023, 1024):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(whole[:, start : start + 1024]), "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, start, Fraction(1, SOUND_RATE)
        yield frame


def encode(path: Path, seconds: float) -> None:
    """Write a clip of at most `REPEATED` seconds."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "23"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        audio = container.add_stream("aac", rate=SOUND_RATE, layout="mono")
        for picture in islice(pictures(seconds), round(seconds * RATE)):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode(None))
        for sound in sounds(seconds):
            container.mux(audio.encode(sound))
        container.mux(audio.encode(None))


def repeat(source: Path, path: Path, times: int) -> None:
    """Write the source's packets several times, one after the other, without encoding them again."""
    with av.open(str(path), "w") as target:
        streams = {}
        for number in range(times):
            with av.open(str(source)) as container:
                for stream in container.streams:
                    if stream.index not in streams:
                        streams[stream.index] = target.add_stream_from_template(stream)
                for packet in container.demux():
                    if packet.dts is not None:
                        _shift(packet, number * REPEATED)
                        packet.stream = streams[packet.stream_index]
                        target.mux(packet)


def _shift(packet: av.Packet, seconds: float) -> None:
    ticks = round(seconds / float(packet.time_base))
    packet.dts += ticks
    packet.pts += ticks


def main() -> None:
    """Read the arguments and write the clip."""
    parser = argparse.ArgumentParser(description="Make a 720p clip with a talking, moving face.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0, help="at most 60, or a multiple of 60")
    given = parser.parse_args()
    given.path.parent.mkdir(parents=True, exist_ok=True)
    if given.seconds <= REPEATED:
        encode(given.path, given.seconds)
        return
    once = given.path.with_name(f".{given.path.stem}.once{given.path.suffix}")
    encode(once, REPEATED)
    repeat(once, given.path, round(given.seconds / REPEATED))
    once.unlink()


if __name__ == "__main__":
    main()
