"""WebM with Opus, as browsers record it, demuxed while it comes in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from mien.io.container import Damage, best_stream, decoded
from mien.io.media import HIGHEST_RATE, LOWEST_RATE
from mien.io.quiet import quiet
from mien.io.sounds import mono
from mien.types.signals import Audio, Sound

__all__ = ["WebM"]

MOST_WAITING = 8 << 20
"""Bytes that may wait for the demuxer."""
OPTIONS = {"format_whitelist": "matroska", "protocol_whitelist": ""}


class WebM:
    """A thread that demuxes what is fed to it; sound begins at the time of the first chunk.

    Args:
        sound: Called in the thread with each piece.
        ended: Called in the thread when nothing more comes, with a sentence if the bytes made no sense.
    """

    def __init__(self, sound: Callable[[Sound], None], ended: Callable[[str], None]) -> None:
        self._sound, self._ended = sound, ended
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._open = True
        self._changed = Condition()
        self._start = 0.0
        self._thread: Thread | None = None

    def feed(self, payload: bytes, time: float) -> bool:
        """Take a chunk; return whether there was room for it."""
        with self._changed:
            if self._held + len(payload) > MOST_WAITING:
                return False
            self._chunks.append(payload)
            self._held += len(payload)
            self._changed.notify()
        if self._thread is None:
            self._start = time
            self._thread = Thread(target=self._run, name="mien-webm", daemon=True)
            self._thread.start()
        return True

    def close(self, *, forget: bool = False) -> bool:
        """Let the thread come to its end; return whether there is one that will.

        Args:
            forget: Leave out what still waits, since nobody is there to hear it.
        """
        with self._changed:
            self._open = False
            if forget:
                self._chunks.clear()
            self._changed.notify()
        return self._thread is not None

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes, as soon as there are any; none is the end. For the demuxer."""
        with self._changed:
            while not self._chunks and self._open:
                self._changed.wait()
            if not self._chunks:
                return b""
            chunk = self._chunks.popleft()
            if len(chunk) > size:
                self._chunks.appendleft(chunk[size:])
                chunk = chunk[:size]
            self._held -= len(chunk)
            return chunk

    def _run(self) -> None:
        told = ""
        try:
            told = self._demux()
        except Exception:  # Whatever a demuxer makes of foreign bytes, the stream must hear of its end.
            told = "the WebM sent as sound cannot be demuxed; it must be one recording with Opus, from its first byte"
        self._ended(told)

    def _demux(self) -> str:
        import av

        with quiet(), av.open(self, format="matroska", options=OPTIONS, metadata_errors="replace") as container:
            stream = best_stream(container, "audio")
            if stream is None:
                return "the WebM sent as sound holds no sound that decodes"
            stream.codec_context.thread_count = 1
            origin = (container.start_time or 0) / 1e6
            for frame in decoded(container, stream, Damage()):
                if LOWEST_RATE <= frame.sample_rate <= HIGHEST_RATE and frame.samples:
                    time = max(0.0, (frame.time or 0.0) - origin)
                    self._sound(Sound(Audio(mono(frame)[None], frame.sample_rate), self._start + time))
        return ""
