from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path
from types import ModuleType

import av
import numpy as np
import pytest

from mien.errors import InputError, OptionError
from mien.io import DecodeWarning, frames, open_media, pieces, sniff, sounds
from mien.io.skip import Sparing
from mien.types import Frame, Recording, Sound, Video


def write_wave(path: Path, samples: np.ndarray, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[0])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples.T * 32767).astype("<i2").tobytes())
    return path


def write_float_wave(path: Path, samples: np.ndarray, rate: int = 16_000) -> Path:
    body = samples.astype("<f4").tobytes()
    fmt = b"\x03\x00\x01\x00" + rate.to_bytes(4, "little") + (4 * rate).to_bytes(4, "little") + b"\x04\x00\x20\x00"
    head = b"RIFF" + (36 + len(body)).to_bytes(4, "little") + b"WAVEfmt \x10\x00\x00\x00" + fmt
    path.write_bytes(head + b"data" + len(body).to_bytes(4, "little") + body)
    return path


def joined(recording: Recording, **options: float) -> np.ndarray:
    return np.concatenate([piece.audio.mono() for piece in sounds(recording, **options)])  # type: ignore[arg-type]


def recording_of(path: Path) -> Recording:
    media = open_media(path)
    assert isinstance(media, Recording)
    return media


def video_of(path: Path) -> Video:
    media = open_media(path)
    assert isinstance(media, Video)
    return media


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "m4a", "ogg"])
def test_every_sound_format_keeps_its_tone(tmp_path: Path, seeds: ModuleType, suffix: str) -> None:
    recording = recording_of(seeds.write_sound(tmp_path / f"a.{suffix}", seconds=1.2))
    assert (recording.rate, recording.channels) == (48_000, 1)
    assert recording.duration == pytest.approx(1.2, abs=0.08)
    heard = joined(recording)[1600:16_000]
    assert np.argmax(np.abs(np.fft.rfft(heard))) * 16_000 / len(heard) == pytest.approx(220, abs=2)
    assert np.abs(heard).max() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 7])
def test_every_rate_and_number_of_channels(tmp_path: Path, seeds: ModuleType, rate: int, channels: int) -> None:
    recording = recording_of(write_wave(tmp_path / "a.wav", seeds.tone(1.5, rate, channels), rate))
    assert (recording.rate, recording.channels, recording.duration) == (rate, channels, pytest.approx(1.5, abs=1e-3))
    parts = list(sounds(recording))
    assert [len(part.audio.mono()) for part in parts] == [16_000, pytest.approx(8_000, abs=1)]
    assert [part.start for part in parts] == [0.0, 1.0]
    expected = seeds.tone(1.5, 16_000)[0]
    np.testing.assert_allclose(joined(recording)[400:23_600], expected[400:23_600], atol=0.01)


def test_a_length_of_one_piece_changes_nothing_but_the_cuts(tmp_path: Path, seeds: ModuleType) -> None:
    recording = recording_of(write_wave(tmp_path / "a.wav", seeds.tone(1.0, 44_100), 44_100))
    np.testing.assert_array_equal(joined(recording, seconds=0.13), joined(recording, seconds=10))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(tmp_path: Path, bad: float) -> None:
    samples = np.zeros(40_000, np.float32)
    samples[33_000] = bad
    recording = recording_of(write_float_wave(tmp_path / "nan.wav", samples))
    with pytest.raises(
        InputError, match=r"nan.wav holds samples that are NaN or infinite near .* s; they must be finite"
    ):
        joined(recording)


def test_loud_samples_are_clipped(tmp_path: Path) -> None:
    recording = recording_of(write_float_wave(tmp_path / "loud.wav", np.full(2000, 3.0)))
    assert joined(recording).max() == 1.0


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "mov", "webm"])
def test_every_video_format(tmp_path: Path, seeds: ModuleType, suffix: str) -> None:
    video = video_of(seeds.write_video(tmp_path / f"a.{suffix}"))
    assert (video.width, video.height, video.rotation) == (64, 48, 0)
    assert video.duration == pytest.approx(0.6, abs=0.1)
    assert video.recording is not None
    found = list(frames(video))
    assert [frame.time for frame in found] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5], abs=0.002)
    assert found[0].image.pixels[5, 5, 0] > 200
    assert found[0].image.pixels[40, 60, 0] < 120
    assert joined(video.recording).size == pytest.approx(9_600, abs=1_000)


@pytest.mark.parametrize(("turn", "place"), [(90, (-1, 0)), (180, (-1, -1)), (270, (0, -1))])
def test_turned_videos_come_upright(tmp_path: Path, seeds: ModuleType, turn: int, place: tuple[int, int]) -> None:
    video = video_of(seeds.write_video(tmp_path / "a.mp4", turn=turn, sound=False))
    assert video.rotation == turn
    assert (video.width, video.height) == ((64, 48) if turn == 180 else (48, 64))
    for frame in frames(video):
        assert frame.image.pixels.shape == (video.height, video.width, 3)
        assert frame.image.pixels[place][0] > 200


def test_a_variable_frame_rate_keeps_its_times(tmp_path: Path, seeds: ModuleType) -> None:
    times = [0, 0.033, 0.066, 0.1, 0.5, 0.51, 0.52, 1.7, 1.75, 1.8]
    video = video_of(seeds.write_video(tmp_path / "a.mp4", times, sound=False))
    assert [frame.time for frame in frames(video)] == pytest.approx([0, 0.1, 0.5, 1.7, 1.8], abs=0.002)
    assert len(list(frames(video, 1000))) == len(times)


@pytest.mark.parametrize("rate", [5, 10, 12.5, 24, 60])
@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_sparing_the_decoder_changes_no_picture(
    tmp_path: Path, seeds: ModuleType, monkeypatch: pytest.MonkeyPatch, rate: float, suffix: str
) -> None:
    times = np.cumsum(np.random.default_rng(0).choice([0.02, 0.03, 0.04, 0.25], 120, p=[0.3, 0.3, 0.3, 0.1]))
    video = video_of(seeds.write_video(tmp_path / f"a.{suffix}", times.tolist(), sound=False))
    spared = list(frames(video, rate))
    monkeypatch.setattr(Sparing, "_may_spare", lambda self, packet: False)
    whole = list(frames(video, rate))
    assert [frame.time for frame in spared] == [frame.time for frame in whole]
    for one, other in zip(spared, whole, strict=True):
        np.testing.assert_array_equal(one.image.pixels, other.image.pixels)


def test_pictures_are_scaled_down_but_never_up(tmp_path: Path, seeds: ModuleType) -> None:
    video = video_of(seeds.write_video(tmp_path / "a.mp4", sound=False))
    small = next(frames(video, max_side=32)).image
    assert (small.width, small.height) == (32, 24)
    assert next(frames(video, max_side=1000)).image.width == 64


def test_pieces_come_in_order_of_time(tmp_path: Path, seeds: ModuleType) -> None:
    video = video_of(seeds.write_video(tmp_path / "a.mp4", [index / 10 for index in range(25)]))
    found = list(pieces(video, seconds=0.5))
    begins = [piece.start if isinstance(piece, Sound) else piece.time for piece in found]
    assert begins == sorted(begins)  # type: ignore[type-var]
    assert sum(isinstance(piece, Frame) for piece in found) == 25
    assert all(isinstance(piece, Sound) for piece in pieces(recording_of(seeds.write_sound(tmp_path / "a.wav"))))


def test_sound_that_begins_later_keeps_its_time(tmp_path: Path, seeds: ModuleType) -> None:
    video = video_of(seeds.write_video(tmp_path / "a.mkv", [index / 10 for index in range(20)], sound_start=0.7))
    assert video.recording is not None
    assert next(sounds(video.recording)).start == pytest.approx(0.7, abs=0.03)


def test_a_truncated_file_is_used_as_far_as_it_goes(tmp_path: Path, seeds: ModuleType) -> None:
    times = [index / 10 for index in range(40)]
    for suffix in ("mkv", "flac"):
        path = tmp_path / f"a.{suffix}"
        made = seeds.write_video(path, times) if suffix == "mkv" else seeds.write_sound(path, 4.0)
        raw = made.read_bytes()
        path.write_bytes(raw[: len(raw) // 2])
        heard: list[str] = []
        found = list(pieces(open_media(path), warn=heard.append))
        assert found
        assert any("decode only up to" in sentence for sentence in heard), heard


def test_damage_is_told_by_a_python_warning_where_nobody_listens(tmp_path: Path, seeds: ModuleType) -> None:
    raw = seeds.write_sound(tmp_path / "a.flac", 4.0).read_bytes()
    (tmp_path / "a.flac").write_bytes(raw[: len(raw) // 2])
    with pytest.warns(DecodeWarning, match="the sounds decode only up to"):
        list(sounds(recording_of(tmp_path / "a.flac")))


def test_a_wave_that_is_cut_short_is_told(tmp_path: Path, seeds: ModuleType) -> None:
    path = seeds.write_sound(tmp_path / "a.wav", 1.0)
    path.write_bytes(path.read_bytes()[:50_000])
    heard: list[str] = []
    open_media(path, warn=heard.append)
    assert heard == [f"{path} is cut short: its header states more sound than it holds"]


def test_a_live_recording_that_states_no_length_is_measured(tmp_path: Path, seeds: ModuleType) -> None:
    with av.open(str(tmp_path / "live.webm"), "w", options={"live": "1"}) as container:
        stream = container.add_stream("libvpx", rate=30, width=64, height=48, pix_fmt="yuv420p")
        for index in range(60):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(seeds.picture(index, 64, 48), "rgb24")))
        container.mux(stream.encode(None))
    assert video_of(tmp_path / "live.webm").duration == pytest.approx(2.0, abs=0.05)


def test_cover_art_is_no_video(tmp_path: Path, seeds: ModuleType) -> None:
    with av.open(str(tmp_path / "song.mp3"), "w") as container:
        sound = container.add_stream("libmp3lame", rate=48_000, layout="mono")
        cover = container.add_stream("png", width=64, height=48, pix_fmt="rgb24")
        cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(seeds.picture(0, 64, 48), "rgb24")))
        samples = av.AudioFrame.from_ndarray(seeds.tone(1.0, 48_000), "fltp", "mono")
        samples.sample_rate = 48_000
        container.mux(sound.encode(samples))
        container.mux(sound.encode(None))
    assert sniff(tmp_path / "song.mp3") == "audio"
    assert isinstance(open_media(tmp_path / "song.mp3"), Recording)


def test_a_stream_that_does_not_decode_is_left_out(tmp_path: Path, seeds: ModuleType) -> None:
    path = seeds.write_video(tmp_path / "a.mkv")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"A_OPUS", b"A_XPUS"))
    video = video_of(path)
    assert video.recording is None
    assert len(list(pieces(video))) == 6


@pytest.mark.parametrize("size", [20, 200, 2000])
def test_truncated_beyond_use_is_refused(tmp_path: Path, seeds: ModuleType, size: int) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(seeds.write_video(path).read_bytes()[:size])
    with pytest.raises(
        InputError,
        match=r"a.mp4 cannot be decoded as audio or video: it is damaged, cut short .*; allowed: wav, flac",
    ):
        open_media(path)


def test_noise_and_text_are_no_media(tmp_path: Path) -> None:
    for name, raw in (("noise.wav", np.random.default_rng(0).bytes(5000)), ("list.mp4", b"#EXTM3U\nhttp://x/y\n")):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(InputError, match=r"cannot be decoded|holds neither"):
            open_media(tmp_path / name)


def test_options_are_checked_at_once(tmp_path: Path, seeds: ModuleType) -> None:
    video = video_of(seeds.write_video(tmp_path / "a.mp4"))
    assert video.recording is not None
    with pytest.raises(OptionError, match="0 pictures a second were asked for; allowed: more than 0, at most 1000"):
        frames(video, 0)
    with pytest.raises(OptionError, match="a longest side of 0 pixels was asked for; allowed: 1 or more, or None"):
        frames(video, max_side=0)
    with pytest.raises(OptionError, match="a rate of 5 Hz was asked for; allowed: 1000 to 768000 Hz"):
        sounds(video.recording, rate=5)
    with pytest.raises(OptionError, match="pieces of 0 s were asked for; allowed: more than 0, at most 600 s"):
        sounds(video.recording, seconds=0)


def test_memory_stays_the_same_and_libav_stays_silent(tmp_path: Path, seeds: ModuleType) -> None:
    """Decoding ten times as long must not take more memory; libav must not write to standard error."""
    path = seeds.write_video(tmp_path / "a.mp4", [index / 30 for index in range(900)], size=(640, 360))
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3 : len(raw) // 3 + 50] = bytes(50)
    path.write_bytes(raw)
    program = (
        "import sys, resource, warnings; warnings.simplefilter('ignore')\n"
        "from mien.io import frames, open_media\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for index, _ in enumerate(frames(open_media(sys.argv[1]), 30)):\n"
        "    early = peak() if index == 60 else (early if index > 60 else 0)\n"
        "sys.stdout.write(f'{index} {peak() - early}')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    count, grown = map(int, done.stdout.split())
    assert count > 800
    assert grown < 40_000
