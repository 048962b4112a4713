"""The work of one stream, done in a thread of the pool: pieces in, messages out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mien.agent import Session, Team
from mien.errors import InputError
from mien.io import read_image, to_json
from mien.io.opus import OpusPackets
from mien.serve.stream.inbox import Item
from mien.serve.stream.limits import StreamLimits
from mien.serve.stream.protocol import Hello, StreamError, message, news
from mien.types import Frame

__all__ = ["Desk"]

LONGEST_SIDE = 1280
"""Larger pictures are scaled down, as those of a video are."""
BEHIND = 0.5
"""Seconds of waiting sound from which partial answers of speech are left out: they would be late when they come."""
JPEG = b"\xff\xd8"


class Desk:
    """One stream's session with its decoders; only one thread at a time may use it.

    Args:
        team: The perceivers of all streams.
        hello: What the client asked for.
        limits: How much is taken.
    """

    def __init__(self, team: Team, hello: Hello, limits: StreamLimits) -> None:
        self._limits = limits
        kept = {name: perceiver for name, perceiver in team.perceivers.items() if name in hello.modalities}
        self._session = Session(Team(kept, team.left_out), explain=hello.explain, bounds=limits.bounds)
        opus = hello.audio is not None and hello.audio.encoding == "opus"
        self._opus = OpusPackets(hello.audio.channels) if opus and hello.audio is not None else None
        self._scale = 1.0
        self._told: dict[str, int] = {}
        self._noted: set[str] = set()

    def work(self, items: Sequence[Item], backlog: float, dropped: Mapping[str, int]) -> list[str]:
        """Read some items and return the messages that follow.

        Args:
            items: What to read, in the order in which it came.
            backlog: Seconds of sound that wait behind them.
            dropped: How many pieces of each modality had to go before anyone read them.

        Raises:
            StreamError: The client sent what may not be.
        """
        answers: list[str] = []
        behind = backlog + sum(item.size for item in items if item.kind == "sound")
        for item in items:
            behind -= item.size if item.kind == "sound" else 0.0
            self._session.hurry(hurried=behind > BEHIND)
            answers += self._read(item)
        return [*answers, *self._losses(dropped)]

    def finish(self, dropped: Mapping[str, int]) -> list[str]:
        """End the stream and return the last messages, the analysis among them."""
        analysis = self._session.finish()
        last = [news(one, self._scale) for one in self._session.remaining]
        whole = f'{{"type":"analysis","analysis":{to_json(analysis).strip()}}}'
        return [*last, *self._losses(dropped), whole]

    def _read(self, item: Item) -> Iterator[str]:
        if item.kind == "picture":
            yield from self._picture(item)
        elif item.kind == "sound" and isinstance(item.content, bytes):
            yield from self._packet(item)
        else:
            for one in self._session.push(item.content):
                yield news(one, self._scale)

    def _packet(self, item: Item) -> Iterator[str]:
        if self._opus is None:
            return
        before = self._opus.damaged
        for sound in self._opus.push(item.content, item.time):
            yield from self._read(Item("sound", sound))
        if self._opus.damaged > before:
            yield from self._note("some Opus packets do not decode and were left out")

    def _picture(self, item: Item) -> Iterator[str]:
        if not self._session.due(item.time):
            return
        frame = self._decoded(item)
        if frame is None:
            yield from self._note("some pictures do not decode and were left out; allowed: whole JPEG images")
            return
        for one in self._session.push(frame):
            yield news(one, self._scale)

    def _decoded(self, item: Item) -> Frame | None:
        width, height = _size(item.content)
        if width * height > self._limits.picture_pixels:
            raise StreamError(
                "large",
                f"a picture has {width} x {height} pixels; allowed: up to {self._limits.picture_pixels:,} pixels",
            )
        if not width * height:
            return None
        try:
            image = read_image(item.content, max_side=LONGEST_SIDE, most_pixels=self._limits.picture_pixels)
        except InputError:
            return None
        self._scale = max(image.width, image.height) / max(width, height)
        return Frame(image, item.time)

    def _losses(self, dropped: Mapping[str, int]) -> Iterator[str]:
        """Say what was lost since it was last said."""
        for modality in sorted({*dropped, *self._session.dropped}):
            total = dropped.get(modality, 0) + self._session.dropped.get(modality, 0)
            count = total - self._told.get(modality, 0)
            if count:
                self._told[modality] = total
                yield message("dropped", modality=modality, count=count, total=total)
        if dropped.get("speech"):
            yield from self._note("sound came faster than it could be read; the oldest was left out")

    def _note(self, note: str) -> Iterator[str]:
        if note not in self._noted:
            self._noted.add(note)
            yield message("warning", note=note)


def _size(content: bytes) -> tuple[int, int]:
    """Return width and height as the head of a JPEG states them; zeros where it is none."""
    place = 2
    while content.startswith(JPEG) and place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[place + 7 : place + 9]), int.from_bytes(content[place + 5 : place + 7])
        length = int.from_bytes(content[place + 2 : place + 4])
        if marker == 0xFF:
            place += 1
        elif length < 2:
            break
        else:
            place += 2 + length
    return 0, 0
