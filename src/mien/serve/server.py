"""A server in this process: bound before anything is started, ended by a signal without leaving anything behind."""

from __future__ import annotations

import errno
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace

import uvicorn

from mien.errors import OptionError
from mien.io.paths import reason
from mien.serve.app import PATIENCE, create_app
from mien.serve.connections import TimedHttp
from mien.serve.jobs import JobStore, Supervisor
from mien.serve.settings import Settings

__all__ = ["address", "bound", "serve"]

GRACE = 3
"""Seconds that open requests get to end."""
KEEP_ALIVE = 5
LARGEST_HEADERS = 2**16
LARGEST_MESSAGE = 4 * 2**20
"""Bytes of a message of a stream; a larger one ends it."""
TICK = 0.2
REFUSED = {errno.EADDRINUSE: "is taken", errno.EACCES: "is not allowed to this user"}


def serve(settings: Settings, *, started: Callable[[Settings], None]) -> None:
    """Serve until a signal ends it.

    Args:
        settings: What the server is told; port 0 takes any port that is free.
        started: Called with the settings, the real port in them, once requests are answered.

    Raises:
        OptionError: The address cannot be listened at.
        OutputError: The data folder cannot be used.
    """
    with bound(settings.host, settings.port) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        store = JobStore(settings.data, keep=settings.keep)
        # What is packed on its way to a client is content too, and stays where the rest of it is.
        tempfile.tempdir = str(store.incoming)
        supervisor = Supervisor(store, workers=settings.workers, models=settings.models)
        supervisor.start()
        try:
            _run(settings, store, supervisor, listener, started)
        finally:
            supervisor.stop(PATIENCE)


def _run(
    settings: Settings,
    store: JobStore,
    supervisor: Supervisor,
    listener: socket.socket,
    started: Callable[[Settings], None],
) -> None:
    app = create_app(settings, store=store, supervisor=supervisor)
    server = uvicorn.Server(_config(app, settings))

    def end(*_: object) -> None:
        # A second signal changes nothing: the end is near anyway, and a forced one would leave work half done.
        app.state.parts.closing.set()
        server.should_exit = True

    # In a thread of its own uvicorn leaves the signals to us, so that they end everything in order.
    thread = threading.Thread(target=server.run, args=([listener],), name="server")
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        thread.start()
        while thread.is_alive() and not server.started:
            thread.join(TICK)
        if server.started:
            started(settings)
        while thread.is_alive():
            thread.join(TICK)
    finally:
        server.should_exit = True
        thread.join()
        for number, handler in before.items():
            signal.signal(number, handler)


def address(settings: Settings) -> str:
    """Return the address of the page."""
    host = "127.0.0.1" if settings.host == "0.0.0.0" else "::1" if settings.host == "::" else settings.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address.

    Raises:
        OptionError: It cannot be.
    """
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise OptionError(f"there is no address {host!r} to listen at; give one of this machine with --host") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(1)
    except OSError as error:
        listener.close()
        told = REFUSED.get(error.errno or 0, f"cannot be used ({reason(error)})")
        raise OptionError(
            f"port {port} of {host} {told}; give another with --port, or 0 for any that is free"
        ) from error
    return listener


def _config(app: object, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=TimedHttp,
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=settings.limits.connections,
        forwarded_allow_ips="127.0.0.1,::1",
    )
