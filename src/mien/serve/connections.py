"""Connections that do nothing: closed, because uvicorn would wait for ever for the headers of a request."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["TimedHttp"]

PATIENCE = 10.0
"""Seconds after which a connection must have sent the headers of a request; at most twice that between requests."""


class TimedHttp(H11Protocol):
    """HTTP as uvicorn speaks it, on connections that are looked at now and then."""

    _seen: object = None

    def connection_made(self, transport: Any) -> None:
        """Begin to watch the connection."""
        super().connection_made(transport)
        self._watch = self.loop.call_later(PATIENCE, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """End watching it."""
        self._watch.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        transport: asyncio.Transport = self.transport
        # A WebSocket has taken the connection over, and has timeouts of its own.
        if transport.is_closing() or transport.get_protocol() is not self:
            return
        busy = self.cycle is not None and not self.cycle.response_complete
        if not busy and self._seen is self.cycle:
            transport.close()
            return
        self._seen = self.cycle
        self._watch = self.loop.call_later(PATIENCE, self._look)
