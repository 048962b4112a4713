"""A server of streams on loopback, and clients that speak to it as others would."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

import numpy as np
import uvicorn
from fastapi import FastAPI
from PIL import Image as Pictures
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from mien.serve.stream import StreamLimits, Streams, router
from mien.types import Frame, Sound

SPEECH = {"type": "hello", "version": 1, "modalities": ["speech"], "audio": {"encoding": "pcm16"}}


@contextmanager
def serving(limits: StreamLimits | None = None) -> Iterator[tuple[str, Streams]]:
    """Serve streams with a real uvicorn in a thread; yields the address and what the streams share."""
    streams = Streams(limits)
    app = FastAPI()
    app.include_router(router(streams))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
        yield f"ws://127.0.0.1:{port}/v1/stream", streams
    finally:
        server.should_exit = True
        thread.join(10)
        streams.close()


@asynccontextmanager
async def greeted(address: str, hello: dict[str, Any]) -> AsyncIterator[ClientConnection]:
    """A client that has said hello and was told that the server is ready."""
    async with connect(address, subprotocols=["mien.v1"], max_size=None, proxy=None, ping_interval=None) as client:
        await client.send(json.dumps(hello))
        ready = json.loads(await client.recv())
        assert ready["type"] == "ready", ready
        yield client


async def rest(client: ClientConnection) -> list[dict[str, Any]]:
    """Everything that the server still says."""
    told: list[dict[str, Any]] = []
    with suppress(ConnectionClosed):
        while True:
            told.append(json.loads(await client.recv()))
    return told


async def send_all(client: ClientConnection, messages: list[str | bytes]) -> None:
    """Send messages as far as the server takes them."""
    with suppress(ConnectionClosed):
        for message in messages:
            await client.send(message)


async def talk(address: str, hello: dict[str, Any], messages: list[str | bytes]) -> tuple[list[dict[str, Any]], int]:
    """Send messages while listening; return what the server said and its closing code."""
    async with greeted(address, hello) as client:
        listening = asyncio.create_task(rest(client))
        await send_all(client, messages)
        told = await asyncio.wait_for(listening, 60)
        return told, client.close_code or 0


async def first_words(address: str, messages: list[str | bytes]) -> tuple[list[dict[str, Any]], int]:
    """Send messages as the first ones; return what the server said and its closing code."""
    async with connect(address, max_size=None, proxy=None, ping_interval=None) as client:
        await send_all(client, messages)
        told = await asyncio.wait_for(rest(client), 30)
        return told, client.close_code or 0


def binary(kind: int, time: float, payload: bytes) -> bytes:
    return struct.pack("<Bd", kind, time) + payload


def pcm(piece: Sound, *, shift: float = 0.0) -> bytes:
    samples = np.round(np.clip(piece.audio.samples, -1, 1) * 32767).astype("<i2")
    return binary(1, piece.start + shift, samples.T.tobytes())


def jpeg(frame: Frame, *, quality: int = 92) -> bytes:
    into = io.BytesIO()
    Pictures.fromarray(frame.image.pixels).save(into, "JPEG", quality=quality)
    return binary(2, frame.time or 0.0, into.getvalue())


def end() -> str:
    return json.dumps({"type": "end"})


def bomb(width: int, height: int) -> bytes:
    """A JPEG whose head states a size, and that holds nothing."""
    return b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + bytes(9)
