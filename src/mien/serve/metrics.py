"""Figures for Prometheus: requests, jobs and open connections. No name, text or address of anyone is among them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import mien
from mien.serve.jobs import State

__all__ = ["CONTENT_TYPE", "Metrics", "Watch"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})
OTHER = "other"


class Metrics:
    """The figures of one server.

    Args:
        counts: Gives the number of jobs by state.
    """

    def __init__(self, counts: Callable[[], Mapping[State, int]]) -> None:
        self._registry = CollectorRegistry()
        info = Gauge("mien_info", "The version of mien.", ["version"], registry=self._registry)
        info.labels(mien.__version__).set(1)
        self.requests = Counter(
            "mien_requests", "Requests that were answered.", ["method", "route", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "mien_request_seconds",
            "Time from a request to the beginning of its answer.",
            ["route"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self.open = Gauge("mien_open", "Requests and streams that are open.", ["kind"], registry=self._registry)
        self._registry.register(_Jobs(counts))

    def text(self) -> bytes:
        """Return all figures in the format of Prometheus."""
        return generate_latest(self._registry)


class _Jobs(Collector):
    """Counts the jobs when it is asked, and not before."""

    def __init__(self, counts: Callable[[], Mapping[State, int]]) -> None:
        self._counts = counts

    def describe(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily("mien_jobs", "Jobs that are kept, by state.", labels=["state"])

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = GaugeMetricFamily("mien_jobs", "Jobs that are kept, by state.", labels=["state"])
        for state, count in self._counts().items():
            found.add_metric([state], count)
        yield found


class Watch:
    """Counts and times requests by route, never by address.

    Args:
        app: What is watched.
        metrics: Where the figures go.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, kind = time.perf_counter(), "stream" if scope["type"] == "websocket" else "request"

        async def watched(message: Message) -> None:
            if message["type"] in STARTS:
                self._note(scope, int(message.get("status", 101)), time.perf_counter() - began)
            await send(message)

        with self._metrics.open.labels(kind).track_inprogress():
            await self._app(scope, receive, watched)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = str(getattr(scope.get("route"), "path", OTHER))
        method = scope.get("method", "GET")
        self._metrics.requests.labels(method if method in METHODS else OTHER, route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)


STARTS = ("http.response.start", "websocket.http.response.start", "websocket.accept")
