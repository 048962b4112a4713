"""One client: its messages are read as they come, the work is done in threads, and answers go back in order.

Waiting is bounded by `asyncio.timeout`: up to Python 3.11, `asyncio.wait_for` forgets that it was cancelled where what
it waits for ends at the same moment, and a stream whose other half has failed would then run for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import WebSocket, WebSocketDisconnect

from mien.agent.team import Team, research
from mien.errors import MienError
from mien.io.webm import WebM
from mien.serve.stream.desk import Desk
from mien.serve.stream.inbox import Inbox, Item
from mien.serve.stream.protocol import (
    SUBPROTOCOL,
    Audio,
    Binary,
    End,
    Hello,
    Ping,
    StreamError,
    message,
    read_binary,
    read_hello,
    read_text,
)
from mien.serve.stream.sound import pcm16
from mien.types import Sound, Utterance

if TYPE_CHECKING:
    from mien.serve.stream.hub import Streams

__all__ = ["Connection"]

PACKET = 0.02
"""Seconds of sound that an Opus packet is taken for while it waits."""
TITLES = {
    "protocol": "bad protocol",
    "large": "too large",
    "failed": "the server failed",
    "busy": "too many streams",
    "idle": "idle",
}
REASON = 120
"""Characters of a sentence that a closing frame has room for."""
GREETING = 10.0
"""Seconds within which the hello must come."""
GRACE = 2.0
"""Seconds for which a client that sends sound too fast has to wait, before the oldest sound is dropped."""
GONE = (RuntimeError, WebSocketDisconnect, TimeoutError, OSError)
Result = TypeVar("Result")
log = logging.getLogger("mien.serve")


class Connection:
    """The stream of one client, from its hello to its end.

    Args:
        socket: The WebSocket, not accepted yet.
        streams: What all streams share.
    """

    def __init__(self, socket: WebSocket, streams: Streams) -> None:
        self._socket, self._streams, self._limits = socket, streams, streams.limits
        self._inbox = Inbox(streams.limits)
        self._hello = Hello(())
        self._webm: WebM | None = None
        self._demuxed: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve the client until it ends, vanishes or breaks the protocol."""
        offered = self._socket.scope.get("subprotocols") or []
        try:
            await self._socket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in offered else None)
            if offered and SUBPROTOCOL not in offered:
                raise StreamError("protocol", f"none of the subprotocols offered is known here; allowed: {SUBPROTOCOL}")
            await self._admitted()
            await self._socket.close(1000)
        except StreamError as error:
            await self._refuse(error)
        except MienError as error:
            await self._refuse(StreamError("protocol", str(error)))
        except GONE:
            pass  # The client has vanished; what it held is freed with this object.
        except Exception as error:
            log.error("unforeseen %s in a stream", type(error).__name__, exc_info=error)
            await self._refuse(StreamError("failed", "the server failed at this stream; its log says where"))

    async def _admitted(self) -> None:
        if self._streams.open >= self._limits.streams:
            raise StreamError("busy", f"{self._limits.streams} streams are open, as many as allowed; try again later")
        self._streams.open += 1
        try:
            await self._serve()
        finally:
            self._streams.open -= 1
            if self._webm is not None:
                self._webm.close(forget=True)

    async def _serve(self) -> None:
        first = await self._next(min(GREETING, self._limits.idle))
        if not isinstance(first, str):
            raise StreamError("protocol", "the first message is binary; it must be a hello, as text")
        self._hello = read_hello(first)
        team = await self._threaded(self._streams.workers, self._streams.team)
        desk = Desk(team, self._hello, self._limits)
        await self._send(self._ready(team))
        tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._pump(desk))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        met = [one for one in outcomes if isinstance(one, Exception)]
        try:
            if met:
                raise met[0]
        finally:
            # An error knows this frame; what knows the error in turn would keep all of the stream until the garbage
            # collector runs.
            del tasks, task, outcomes, met

    async def _receive(self) -> None:
        """Read messages until the client says that it has ended."""
        while True:
            given = await self._next(self._limits.idle)
            told = self._binary(given) if isinstance(given, bytes) else read_text(given)
            if isinstance(told, End):
                break
            await self._take(told)
        if self._webm is not None and self._webm.close():
            self._check_demuxed(await self._demuxed)
        self._inbox.close()

    async def _take(self, told: Binary | Utterance | Ping) -> None:
        if isinstance(told, Utterance):
            if "text" not in self._hello.modalities:
                raise StreamError("protocol", "a turn came, but the hello does not name text among the modalities")
            await self._inbox.room()
            self._inbox.put(Item("turn", told))
        elif isinstance(told, Ping):
            if told.note:
                await self._send(message("warning", note=told.note))
        elif told.kind == "picture":
            self._inbox.put(Item("picture", told.payload, told.time))
        elif told.payload:
            await self._hear(told, self._hello.audio or Audio())

    async def _hear(self, told: Binary, audio: Audio) -> None:
        if audio.encoding == "webm":
            self._record(told)
        elif audio.encoding == "opus":
            await self._keep(Item("sound", told.payload, told.time, PACKET))
        else:
            sound = pcm16(told.payload, audio, told.time)
            await self._keep(Item("sound", sound, told.time, sound.audio.duration))

    async def _keep(self, item: Item) -> None:
        await self._inbox.calm(GRACE)
        self._inbox.put(item)

    def _record(self, told: Binary) -> None:
        """Hand a chunk of WebM to the thread that demuxes it."""
        if self._demuxed.done():
            self._check_demuxed(self._demuxed.result())
            raise StreamError("protocol", "WebM came after the end of the recording; begin a new stream")
        if self._webm is None:
            self._webm = _demuxer(asyncio.get_running_loop(), self._keep, self._demuxed)
        if not self._webm.feed(told.payload, told.time):
            raise StreamError("busy", "WebM came faster than it could be read")

    @staticmethod
    def _check_demuxed(problem: str) -> None:
        if problem:
            raise StreamError("protocol", problem)

    async def _pump(self, desk: Desk) -> None:
        """Have the messages read, a share at a time, and send what follows."""
        inbox, workers = self._inbox, self._streams.workers
        while items := await inbox.take():
            for answer in await self._threaded(workers, desk.work, items, inbox.backlog, dict(inbox.dropped)):
                await self._send(answer)
        for answer in await self._threaded(self._streams.closers, desk.finish, dict(inbox.dropped)):
            await self._send(answer)

    def _binary(self, content: bytes) -> Binary:
        told = read_binary(content)
        sound = told.kind == "sound"
        wanted = "speech" if sound else "face"
        if wanted not in self._hello.modalities:
            raise StreamError("protocol", f"a {told.kind} came, but the hello does not name {wanted}")
        most = self._limits.audio_bytes if sound else self._limits.picture_bytes
        if len(told.payload) > most:
            raise StreamError("large", f"a {told.kind} has {len(told.payload):,} bytes; allowed: up to {most:,}")
        return told

    async def _next(self, within: float) -> str | bytes:
        """Return the next message."""
        try:
            async with asyncio.timeout(within):
                given = await self._socket.receive()
        except TimeoutError as error:
            raise StreamError("idle", f"no message came for {within:g} seconds") from error
        if given["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(given.get("code", 1006))
        text: str | None = given.get("text")
        if text is None:
            return bytes(given["bytes"])
        if len(text) > self._limits.text_bytes:
            raise StreamError("large", f"a text message is too large; allowed: {self._limits.text_bytes:,} bytes")
        return text

    async def _send(self, answer: str) -> None:
        try:
            async with asyncio.timeout(self._limits.patience):
                await self._socket.send_text(answer)
        except TimeoutError as error:
            raise StreamError("protocol", f"answers were not received for {self._limits.patience:g} seconds") from error

    async def _threaded(self, pool: Executor, work: Callable[..., Result], *given: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(pool, work, *given)

    async def _refuse(self, error: StreamError) -> None:
        told = message("error", title=TITLES[error.reason], detail=error.detail)
        try:
            async with asyncio.timeout(GREETING):
                await self._socket.send_text(told)
                await self._socket.close(error.code, error.detail[:REASON])
        except GONE:
            pass

    def _ready(self, team: Team) -> str:
        modalities = [name for name in self._hello.modalities if name in team.perceivers]
        if not modalities:
            raise StreamError("protocol", f"none of the modalities can be read: {'; '.join(team.left_out)}")
        infos = [info for name in modalities for info in team.infos(name)]
        models = [{"name": info.name, "version": info.version, "line": info.line} for info in infos]
        notes = [line for line in team.left_out if line.split(maxsplit=1)[0] in self._hello.modalities]
        restricted = research(infos)
        if restricted:
            notes.append(f"research models take part ({', '.join(restricted)}): no commercial use")
        return message("ready", modalities=modalities, models=models, limits=dict(self._limits.told()), notes=notes)


def _demuxer(
    loop: asyncio.AbstractEventLoop, keep: Callable[[Item], Coroutine[Any, Any, None]], ended: asyncio.Future[str]
) -> WebM:
    """Return a demuxer whose thread puts sound into the loop's hands and waits until it was taken."""

    def hear(sound: Sound) -> None:
        item = Item("sound", sound, sound.start, sound.audio.duration)
        asyncio.run_coroutine_threadsafe(keep(item), loop).result(2 * GRACE)

    def end(told: str) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, ended, told)

    return WebM(hear, end)


def _settle(ended: asyncio.Future[str], told: str) -> None:
    if not ended.done():
        ended.set_result(told)
