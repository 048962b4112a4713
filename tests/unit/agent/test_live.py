from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mien
from mien.agent import Team, choose
from mien.agent.live import Live
from mien.errors import InputError, MissingExtraError, OptionError
from mien.io import devices, open_media, pieces

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def voice() -> Team:
    return choose(["speech"], threads=1)


class Microphone:
    """A module like sounddevice, with one microphone that plays the dialogue."""

    class PortAudioError(Exception):
        pass

    def __init__(self, *, lost: bool = False) -> None:
        self.lost = lost

    def query_devices(self, device: Any, kind: str) -> dict[str, float]:
        if device == "none":
            raise ValueError("No input device matching 'none'")
        return {"default_samplerate": 16_000.0}

    def InputStream(self, *, callback: Any, blocksize: int, **given: Any) -> Any:
        sound = np.concatenate([piece.audio.samples[0] for piece in pieces(open_media(EXAMPLES / "dialogue.ogg"))])

        class Opened:
            def __enter__(self) -> None:
                for place in range(0, 60_000, blocksize):
                    block = sound[place : place + blocksize, None]
                    callback(block, len(block), None, None)

            def __exit__(self, *given: object) -> None:
                pass

        return Opened()


def test_source_is_played_and_ends_like_its_analysis() -> None:
    live = mien.stream(source=EXAMPLES / "talk.mp4", pace=False)
    news = list(live)
    assert {one.modality for one in news} == {"text", "speech", "face", "fused"}
    assert any(one.modality == "fused" and one.final for one in news)
    found, known = live.analysis(), mien.analyze(EXAMPLES / "talk.mp4")
    assert [(track.person, track.modality, len(track.affects)) for track in found.tracks] == [
        (track.person, track.modality, len(track.affects)) for track in known.tracks
    ]
    assert found.links == known.links


def test_real_time(voice: Team, tmp_path: Path) -> None:
    import wave

    with wave.open(str(tmp_path / "second.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(32_000))
    begun = time.monotonic()
    with mien.stream(source=tmp_path / "second.wav", team=voice) as live:
        assert list(live) == []
    assert 0.95 < time.monotonic() - begun < 5
    assert live.analysis().source.duration == pytest.approx(1.0)


def test_microphone(voice: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Microphone())  # type: ignore[arg-type]
    with mien.stream(microphone=True, team=voice) as live:
        news = [next(live) for _ in range(3)]
        assert {one.modality for one in news} <= {"speech", "fused"}
    analysis = live.analysis()
    assert analysis.source.kind == "audio"
    assert analysis.persons == ("voice-1",)


def test_microphone_and_camera_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Microphone())  # type: ignore[arg-type]
    # A file in the place of a camera: libav opens either by name and format.
    monkeypatch.setitem(devices.CAMERAS, sys.platform, ("mov", str(EXAMPLES / "talk.mp4")))
    with mien.stream(microphone=True, camera=True, team=choose(["speech", "face"], threads=1)) as live:
        seen: set[str] = set()
        while not {"speech"} <= seen:
            seen.add(next(live).modality)
    assert live.analysis().source.kind in ("video", "audio")


def test_camera_gives_as_many_pictures_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(devices.CAMERAS, sys.platform, ("mov", str(EXAMPLES / "talk.mp4")))
    shown = list(devices.camera(rate=5.0))
    assert shown
    assert all(later.time - frame.time > 0 for frame, later in pairwise(shown))  # type: ignore[operator]
    assert (shown[0].image.width, shown[0].image.height) == (640, 360)


def test_what_cannot_be_opened_is_said(monkeypatch: pytest.MonkeyPatch, voice: Team) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", Microphone())  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the microphone 'none' cannot be opened: No input device matching"):
        next(mien.stream(microphone="none", team=voice))
    with pytest.raises(InputError, match=r"the camera '/dev/nowhere' cannot be opened"):
        next(mien.stream(camera="/dev/nowhere", team=choose(["face"])))
    monkeypatch.setitem(sys.modules, "sounddevice", None)  # type: ignore[arg-type]
    with pytest.raises(MissingExtraError, match="the microphone needs the extra 'live'"):
        next(mien.stream(microphone=True, team=voice))


def test_missing_library_is_said(monkeypatch: pytest.MonkeyPatch, voice: Team, tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(InputError, match="the PortAudio library is missing"):
        next(mien.stream(microphone=True, team=voice))


def test_what_was_asked_for_is_checked(voice: Team) -> None:
    with pytest.raises(OptionError, match="a stream was asked of nothing, or of devices and a source"):
        mien.stream()
    with pytest.raises(OptionError, match="a stream was asked of nothing, or of devices and a source"):
        mien.stream(microphone=True, source="clip.mp4")
    with pytest.raises(InputError, match=r"letter\.txt is a text; only recordings and videos can be played"):
        mien.stream(source=EXAMPLES / "letter.txt")
    with pytest.raises(OptionError, match="face was asked for, but there is only text, speech to read"):
        mien.stream(source=EXAMPLES / "dialogue.ogg", modalities=["face"])


def test_lost_sound_sets_the_clock_anew() -> None:
    from queue import Queue

    heard: Any = Queue()
    for clock in (0.0, 0.11, 0.19, 3.0, 3.1):
        heard.put((clock, np.zeros(1_600, np.float32)))
    steady = devices._steady(heard, 16_000)
    assert [round(next(steady).start, 3) for _ in range(5)] == [0.0, 0.1, 0.2, 3.0, 3.1]


def test_error_of_one_input_reaches_the_reader(voice: Team) -> None:
    from mien.agent import Session

    def broken() -> Any:
        raise InputError("it is unplugged")
        yield

    live = Live(Session(voice), [broken, broken])
    with pytest.raises(InputError, match="it is unplugged"):
        next(live)
    assert live.analysis().persons == ()
