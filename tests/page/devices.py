"""A camera and a microphone that are files: what Chromium's fake devices play over and over."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av

RATE = 48_000
PICTURES = 15


def make_microphone(source: Path, path: Path) -> None:
    """Write the sound of a recording as PCM."""
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(source)) as media, wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for frame in (*media.decode(audio=0), None):
            for piece in resampler.resample(frame):
                file.writeframes(piece.to_ndarray().tobytes())


def make_camera(source: Path, path: Path) -> None:
    """Write the pictures of a video as a row of JPEGs."""
    with av.open(str(source)) as media, av.open(str(path), "w", format="mjpeg") as file:
        video = media.streams.video[0]
        stream = file.add_stream("mjpeg", rate=PICTURES, options={"qscale": "3"})
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuvj420p"
        count = 0
        for frame in media.decode(video):
            if frame.time is None or frame.time < count / PICTURES:
                continue
            picture = frame.reformat(format="yuvj420p")
            picture.pts, picture.time_base = count, Fraction(1, PICTURES)
            file.mux(stream.encode(picture))
            count += 1
        file.mux(stream.encode(None))
