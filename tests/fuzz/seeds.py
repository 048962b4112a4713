"""Small files of every readable format, made on the spot."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

VIDEO_CODECS = {
    "mp4": ("libx264", "aac"),
    "mkv": ("libx264", "libopus"),
    "mov": ("libx264", "aac"),
    "webm": ("libvpx", "libopus"),
}
SOUND_CODECS = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame", "m4a": "aac", "ogg": "libopus"}


def tone(seconds: float, rate: int, channels: int = 1) -> np.ndarray:
    """A sine of 220 Hz, shape ``(channels, time)``."""
    time = np.arange(round(seconds * rate)) / rate
    return np.repeat(0.5 * np.sin(2 * np.pi * 220 * time)[None], channels, axis=0).astype(np.float32)


def picture(index: int, width: int, height: int) -> np.ndarray:
    """A grey ramp with a bright upper left quarter that changes with the index."""
    pixels = np.full((height, width, 3), 60, np.uint8)
    pixels[: height // 2, : width // 2] = (255, 255 - 5 * (index % 40), 0)
    return pixels


def write_sound(path: Path, seconds: float = 0.5, rate: int = 48_000, codec: str | None = None) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec or SOUND_CODECS[path.suffix[1:]], rate=rate, layout="mono")
        _mux_sound(container, stream, tone(seconds, rate), rate)
    return path


def _mux_sound(container: Any, stream: Any, samples: np.ndarray, rate: int, start: float = 0.0) -> None:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "mono")
    frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), round(start * rate)
    fifo = av.AudioResampler(
        stream.codec_context.format, "mono", rate, frame_size=stream.codec_context.frame_size or 1024
    )
    for resampled in [*fifo.resample(frame), *fifo.resample(None)]:
        container.mux(stream.encode(resampled))
    container.mux(stream.encode(None))


def write_video(
    path: Path,
    times: list[float] | None = None,
    *,
    size: tuple[int, int] = (64, 48),
    turn: float | None = None,
    sound: bool = True,
    sound_start: float = 0.0,
) -> Path:
    """A video with one picture at each time, in seconds, and a tone."""
    times = [index / 10 for index in range(6)] if times is None else times
    video_codec, sound_codec = VIDEO_CODECS[path.suffix[1:]]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(video_codec, rate=30, width=size[0], height=size[1], pix_fmt="yuv420p")
        stream.codec_context.time_base = Fraction(1, 1000)
        if turn is not None:
            stream.set_display_rotation(turn)
        audio: Any = container.add_stream(sound_codec, rate=48_000, layout="mono") if sound else None
        for index, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture(index, *size), "rgb24")
            frame.pts, frame.time_base = round(time * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound:
            _mux_sound(container, audio, tone(times[-1] + 0.1, 48_000), 48_000, sound_start)
    return path


def write_image(path: Path, size: tuple[int, int] = (40, 30)) -> Path:
    Image.fromarray(picture(0, *size)).save(path)
    return path


WRITTEN = {
    "note.txt": "I am glad you came.\r\nIt was a long day! \u00e9\u4e2d\n",
    "note.md": "# A day\n\n*What* a day it was.\n",
    "wide.txt": "Weite Welt. \u00e4\u00f6\n",
    "chat.csv": 'speaker,time,text\nAda,0:01,"Hi, Bob!"\nBob,0:03,Oh no.\n',
    "chat.jsonl": '{"speaker": "Ada", "time": 1, "text": "Hi!"}\n{"who": "Bo", "time": "2024-01-02", "text": ""}\n',
    "said.srt": "1\n00:00:00,500 --> 00:00:01,500\nAda: Hi!\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>Bob:</i> No.\n",
    "said.vtt": "WEBVTT\n\nNOTE ours\n\n00:00.500 --> 00:01.500\n<v Ada>Hi &amp; bye</v>\n",
}

ANALYSIS = {
    "format": "mien.analysis",
    "version": 1,
    "source": {"name": "clip.mp4", "kind": "video", "unit": "seconds", "duration": 2.0},
    "taxonomies": {"mood": {"labels": ["good", "bad"], "exclusive": True, "reference": "", "parents": {}}},
    "tracks": [
        {
            "person": "face-1",
            "modality": "face",
            "affects": [
                {
                    "span": {"start": 0, "end": 1, "unit": "seconds"},
                    "categories": {"taxonomy": "mood", "probs": {"good": 0.75, "bad": 0.25}},
                    "valence": {"mean": 0.5, "std": 0.25},
                    "kind": "expressed",
                }
            ],
            "series": [{"name": "box", "start": 0, "rate": 10, "shape": [2, 2], "values": [1, None, 3, 4]}],
        }
    ],
    "fused": [],
    "warnings": ["made for a test"],
}


def write_all(folder: Path) -> list[Path]:
    """Write one file of every format and return their paths."""
    for name, content in WRITTEN.items():
        (folder / name).write_bytes(content.encode("utf-16" if name == "wide.txt" else "utf-8"))
    (folder / "analysis.json").write_text(json.dumps(ANALYSIS))
    for suffix in SOUND_CODECS:
        write_sound(folder / f"sound.{suffix}")
    for suffix in VIDEO_CODECS:
        write_video(folder / f"clip.{suffix}")
    for suffix in ("png", "jpg", "webp"):
        write_image(folder / f"photo.{suffix}")
    return sorted(folder.iterdir())
