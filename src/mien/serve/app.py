"""The application: routes, what guards them, and the jobs behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from anyio import to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

import mien
from mien.serve import pages, problems, stream
from mien.serve.headers import SafeHeaders
from mien.serve.jobs import JobStore, Supervisor
from mien.serve.limits import BodyLimit
from mien.serve.metrics import Metrics, Watch
from mien.serve.openapi import TITLE, describer
from mien.serve.parts import Parts, Places, Workers
from mien.serve.routes import ROUTERS
from mien.serve.security import Guard, Sessions
from mien.serve.settings import Settings
from mien.serve.stream import StreamLimits, Streams

__all__ = ["create_app"]

PATIENCE = 5.0
"""Seconds that workers get to end."""
TALKS = 4
"""Conversations of one client that may wait to be answered."""


def create_app(settings: Settings, *, store: JobStore | None = None, supervisor: Workers | None = None) -> FastAPI:
    """Return the application of a server.

    Args:
        settings: What the server is told when it starts.
        store: The jobs; by default those of the data folder.
        supervisor: What runs them, started and stopped by the caller; by default as many processes as the settings
            say, started and stopped with the application.

    Raises:
        OutputError: The data folder cannot be used.
    """
    store = store or JobStore(settings.data, keep=settings.keep)
    own = None
    if supervisor is None and settings.workers:
        own = Supervisor(store, workers=settings.workers, models=settings.models)
    sessions = Sessions()
    parts = Parts(
        settings=settings,
        store=store,
        workers=supervisor or own,
        sessions=sessions,
        uploads=Places(settings.limits.uploads),
        talks=Places(TALKS),
    )
    app = FastAPI(
        title=TITLE,
        version=mien.__version__,
        lifespan=_lifespan(own),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation,
    )
    app.state.parts = parts
    app.state.streams = _streams(settings)
    app.state.metrics = Metrics(store.counts)
    app.openapi = describer(app)  # type: ignore[method-assign]
    problems.install(app)
    _add_routes(app)
    # The last that is added sees a request first.
    app.add_middleware(BodyLimit, limits=settings.limits)
    app.add_middleware(Guard, settings=settings, sessions=sessions)
    app.add_middleware(Watch, metrics=app.state.metrics)
    app.add_middleware(SafeHeaders)
    return app


def _operation(route: APIRoute) -> str:
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def _add_routes(app: FastAPI) -> None:
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(stream.router(app.state.streams))
    app.include_router(pages.router())


def _streams(settings: Settings) -> Streams:
    limits = settings.limits
    most = StreamLimits(streams=limits.streams, picture_pixels=limits.frame_pixels, longest=limits.duration)
    return Streams(most, models=settings.models)


def _lifespan(own: Workers | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if own is not None:
            await to_thread.run_sync(own.start)
        try:
            yield
        finally:
            app.state.parts.closing.set()
            await to_thread.run_sync(app.state.streams.close)
            if own is not None:
                await to_thread.run_sync(own.stop, PATIENCE)

    return lifespan
