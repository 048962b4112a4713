"""Make `talk.mp4` and `talk.srt`: a drawn head says six lines in four moods; the mouth follows the voice.

python -m tools.examples.talk examples
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, sosfilt
from tools.examples.head.light import Camera, Picture, render
from tools.examples.head.pose import MOODS, Pose, add, mix
from tools.examples.sound import frames, resample
from tools.examples.subtitles import Line, write_subtitles
from tools.examples.voice import MANNERS, RATE, VOICES, Samples, speak

FRAME_RATE = 20
LINES = (
    ("neutral", 0.9, "I am waiting for a letter."),
    ("happy", 1.1, "It is here! They took me!"),
    ("happy", 0.9, "I am so happy!"),
    ("surprised", 1.0, "Wait, what? It starts tomorrow?"),
    ("sad", 1.1, "Then I have to leave tonight."),
    ("sad", 0.9, "I will miss you so much."),
)
BLINKS = (0.5, 2.9, 4.6, 7.4, 9.3, 11.6, 13.4)


def speech() -> tuple[Samples, list[tuple[float, float, str]]]:
    """Return the samples at `RATE` and, line by line, start and end in seconds and the mood."""
    pieces: list[Samples] = []
    moods: list[tuple[float, float, str]] = []
    clock = 0
    for number, (mood, pause, text) in enumerate(LINES):
        spoken = speak(text, MANNERS[mood].on(VOICES["Ben"]), seed=20 + number)
        silence = np.zeros(round(pause * RATE))
        pieces += [silence, spoken]
        start = clock + len(silence)
        clock = start + len(spoken)
        moods.append((start / RATE, clock / RATE, mood))
    pieces.append(np.zeros(round(0.7 * RATE)))
    return np.concatenate(pieces), moods


def subtitles(moods: list[tuple[float, float, str]]) -> list[Line]:
    """Return the lines with their times."""
    return [(start, end, text) for (start, end, _), (_, _, text) in zip(moods, LINES, strict=True)]


def poses(samples: Samples, moods: list[tuple[float, float, str]]) -> list[Pose]:
    """Return one pose a frame: the mood of the line, the mouth of the voice, blinks and small turns of the head."""
    times = np.arange(0.0, len(samples) / RATE, 1 / FRAME_RATE)
    weights = _mood_weights(times, moods)
    opening, rounding = _mouth(samples, times)
    out = []
    for number, time in enumerate(times):
        mood = mix({name: float(curve[number]) for name, curve in weights.items()})
        out.append(add(add(mood, _speaking(mood, opening[number], rounding[number])), _life(float(time))))
    return out


def _mood_weights(times: Samples, moods: list[tuple[float, float, str]]) -> dict[str, Samples]:
    """A mood begins with its line, so that the mouth rests in silence, and ends where the next begins; both softly."""
    begins = [0.0, *[start + 0.05 for start, _, _ in moods[1:]], float(times[-1]) + 1.0]
    weights = {name: np.zeros_like(times) for name in MOODS}
    for (_, _, name), begin, end in zip(moods, begins, begins[1:], strict=False):
        weights[name] += (times >= begin) & (times < end)
    return {name: gaussian_filter1d(curve, 0.12 * FRAME_RATE, mode="nearest") for name, curve in weights.items()}


def _mouth(samples: Samples, times: Samples) -> tuple[Samples, Samples]:
    """How open (loudness) and how round (little energy above 1.5 kHz) the mouth is, 0 to 1."""
    high = sosfilt(butter(2, 1500.0, "highpass", fs=RATE, output="sos"), samples)
    loud, bright = (_level(part, times) for part in (samples, np.asarray(high)))
    opening = np.clip(loud / np.quantile(loud, 0.92), 0.0, 1.0) ** 0.7
    opening[loud < 0.02 * loud.max()] = 0.0
    return opening, np.clip(1.0 - 2.2 * bright / np.maximum(loud, 1e-4), 0.0, 1.0) * opening


def _level(samples: Samples, times: Samples) -> Samples:
    smooth = np.sqrt(gaussian_filter1d(samples**2, 0.025 * RATE))
    return np.asarray(np.interp(times, np.arange(len(samples)) / RATE, smooth))


def _speaking(mood: Pose, opening: float, rounding: float) -> Pose:
    room = 1.0 - 0.75 * mood.jaw  # a mouth that is open already opens less
    return Pose(jaw=0.62 * room * opening - 0.45 * mood.jaw * (1.0 - opening), round_lips=0.45 * rounding)


def _life(time: float) -> Pose:
    blink = max(np.exp(-(((time - at) / 0.07) ** 2)) for at in BLINKS)
    return Pose(
        blink=float(blink),
        yaw=7.0 * np.sin(0.9 * time) + 2.0 * np.sin(2.3 * time + 1.0),
        pitch=1.8 * np.sin(1.7 * time + 0.4),
        roll=1.5 * np.sin(0.7 * time + 2.0),
        move_x=0.16 * np.sin(0.5 * time),
        move_y=0.03 * np.sin(1.9 * time),
    )


def write(path: Path, pictures: list[Picture], samples: Samples) -> None:
    """Write pictures and mono samples as H.264 and AAC."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        height, width = pictures[0].shape[:2]
        video = container.add_stream(
            "libx264", rate=FRAME_RATE, options={"crf": "22", "preset": "slow", "threads": "1"}
        )
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = container.add_stream("aac", rate=48000, layout="mono")
        audio.bit_rate = 64_000
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAME_RATE)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for sound in frames(resample(samples, RATE, 48000), 48000, size=1024):
            container.mux(audio.encode(sound))
        container.mux(audio.encode(None))


def main(folder: Path) -> None:
    """Draw every frame (some seconds each) and write the video into the folder."""
    samples, moods = speech()
    samples = samples + np.random.default_rng(1).normal(0.0, 0.0008, len(samples))
    camera = Camera(width=640, height=360, tall=3.3, up=-0.30, oversample=1.25)
    with ProcessPoolExecutor(max_workers=2) as pool:
        pictures = list(pool.map(partial(render, camera=camera), poses(samples, moods), chunksize=4))
    write(folder / "talk.mp4", pictures, samples)
    write_subtitles(folder / "talk.srt", subtitles(moods))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
