"""Sound that comes bit by bit: lines, Opus packets, WebM while it is recorded."""

from __future__ import annotations

import io
from fractions import Fraction
from threading import Event

import av
import numpy as np
import pytest

from mien.io.line import Line
from mien.io.opus import OpusPackets
from mien.io.webm import WebM
from mien.types import Sound

RATE = 48_000
TONE = (0.3 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)).astype(np.float32)


def recording() -> tuple[bytes, list[bytes]]:
    """A second of a tone as WebM, and its packets."""
    into = io.BytesIO()
    packets = []
    with av.open(into, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        for place in range(0, RATE, 960):
            frame = av.AudioFrame.from_ndarray(TONE[None, place : place + 960], "flt", "mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, place, Fraction(1, RATE)
            for packet in stream.encode(frame):
                packets.append(bytes(packet))
                container.mux(packet)
        container.mux(stream.encode(None))
    return into.getvalue(), packets


def demuxed(chunks: list[bytes], *, start: float = 0.0) -> tuple[list[Sound], str]:
    found: list[Sound] = []
    told: list[str] = []
    over = Event()

    def end(problem: str) -> None:
        told.append(problem)
        over.set()

    demuxer = WebM(found.append, end)
    for number, chunk in enumerate(chunks):
        assert demuxer.feed(chunk, start + number)
    assert demuxer.close() == bool(chunks)
    assert over.wait(20) == bool(chunks)
    return found, told[0] if told else ""


@pytest.mark.parametrize("size", [37, 4_000, 10**6])
def test_webm_gives_the_same_sound_however_it_is_cut(size: int) -> None:
    whole, _ = recording()
    found, problem = demuxed([whole[place : place + size] for place in range(0, len(whole), size)], start=2.0)
    assert problem == ""
    assert found[0].start == pytest.approx(2.0, abs=0.01)
    samples = np.concatenate([sound.audio.samples[0] for sound in found])
    assert len(samples) == pytest.approx(RATE, abs=2_000)
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(0.3 / 2**0.5, rel=0.05)


def test_webm_that_is_none_is_said() -> None:
    _, problem = demuxed([b"no recording at all" * 100])
    assert (
        problem == "the WebM sent as sound cannot be demuxed; it must be one recording with Opus, from its first byte"
    )


def test_webm_that_breaks_off_gives_what_it_has() -> None:
    whole, _ = recording()
    found, problem = demuxed([whole[: len(whole) // 2]])
    assert problem == ""
    assert sum(sound.audio.duration for sound in found) > 0.2


def test_webm_that_nobody_hears_is_forgotten() -> None:
    demuxer = WebM(lambda sound: None, lambda problem: None)
    assert not demuxer.close(forget=True)
    assert demuxer.read(10) == b""


def test_webm_waits_only_so_far() -> None:
    held = Event()
    demuxer = WebM(lambda sound: held.wait(10), lambda problem: None)  # type: ignore[arg-type,return-value]
    whole, _ = recording()
    demuxer.feed(whole, 0.0)
    assert not all(demuxer.feed(bytes(1 << 20), 1.0) for _ in range(12))
    held.set()
    demuxer.close(forget=True)


def test_opus_packets() -> None:
    _, packets = recording()
    decoder = OpusPackets(1)
    sounds = [sound for number, packet in enumerate(packets) for sound in decoder.push(packet, number * 0.02)]
    assert [sound.start for sound in sounds] == pytest.approx([number * 0.02 for number in range(len(packets))])
    samples = np.concatenate([sound.audio.samples[0] for sound in sounds])
    assert np.sqrt(np.mean(samples[4_800:-4_800] ** 2)) == pytest.approx(0.3 / 2**0.5, rel=0.05)
    assert list(decoder.push(b"", 1.0)) == []
    list(decoder.push(b"\xff\xff\xff", 1.0))
    assert decoder.damaged == 1
    assert list(decoder.push(packets[5], 1.0))


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_lines_do_not_depend_on_how_sound_is_cut(rate: int) -> None:
    rng = np.random.default_rng(0)
    samples = rng.uniform(-1, 1, 3 * rate).astype(np.float32)

    def through(cuts: list[int]) -> np.ndarray:
        line = Line(rate, 16_000, 1_600, 0.0)
        parts = np.split(samples, cuts)
        pieces = [piece for part in parts for piece in line.push(part)] + list(line.finish())
        return np.concatenate([piece.audio.samples[0] for piece in pieces])

    whole = through([])
    assert len(whole) == pytest.approx(48_000, abs=1)
    np.testing.assert_array_equal(whole, through(sorted(rng.integers(0, len(samples), 200).tolist())))
