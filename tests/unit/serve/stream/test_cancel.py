"""A stream that breaks the protocol ends, whatever its other task is doing at that moment."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from mien.serve.stream import Streams
from mien.serve.stream.connection import Connection

from .client import SPEECH, binary, bomb


class Socket:
    """A WebSocket whose first warning has been sent a few turns of the loop after a bad message has come."""

    def __init__(self, turns: int) -> None:
        self.scope: dict[str, Any] = {}
        self.told: list[str] = []
        self._turns, self._warned = turns, asyncio.Event()
        self._messages = [
            {"type": "websocket.receive", "text": json.dumps({**SPEECH, "modalities": ["speech", "face"]})},
            {"type": "websocket.receive", "bytes": binary(2, 0.0, bomb(32, 32))},
        ]

    async def accept(self, subprotocol: str | None) -> None:
        pass

    async def receive(self) -> dict[str, Any]:
        if self._messages:
            return self._messages.pop(0)
        await self._warned.wait()
        return {"type": "websocket.receive", "bytes": b"\x01"}

    async def send_text(self, text: str) -> None:
        self.told.append(json.loads(text)["type"])
        if self.told[-1] == "warning":
            self._warned.set()
            for _ in range(self._turns):
                await asyncio.sleep(0)

    async def close(self, code: int, reason: str = "") -> None:
        self.told.append(str(code))


@pytest.fixture(scope="module")
def streams() -> Iterator[Streams]:
    streams = Streams()
    yield streams
    streams.close()


@pytest.mark.parametrize("turns", range(12))
def test_an_error_ends_the_stream_while_an_answer_goes_out(streams: Streams, turns: int) -> None:
    async def run() -> list[str]:
        socket = Socket(turns)
        await asyncio.wait_for(Connection(socket, streams).run(), 30)  # type: ignore[arg-type]
        return socket.told

    assert asyncio.run(run()) == ["ready", "warning", "error", "1008"]
    assert streams.open == 0
