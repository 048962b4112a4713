"""A worker: a process that claims one job after the other, until it is told to end or its server is gone.

    python -m mien.serve.jobs.worker FOLDER --name NAME --analyze MODULE:FUNCTION [--model FOLDER]...

Its standard input is its lifeline: when it closes, the server has ended, however that came about, and so does the
worker, at once. On SIGTERM it puts its job back into the queue and ends.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from mien.errors import AssetError, MienError, OutputError
from mien.serve.jobs.job import Job, UnknownJobError
from mien.serve.jobs.store import JobStore

if TYPE_CHECKING:
    from mien.serve.jobs.work import Analyze

__all__ = ["Worker", "main"]

IDLE = 0.2
"""Seconds between two looks for a job."""
BEAT = 0.5
"""Seconds between two reports of progress."""
GRACE = 5.0
"""Seconds in which an analysis that is no longer wanted must end by itself."""
PATIENCE_WITH_OTHERS = 5
"""How much a worker steps back behind the server, which answers people."""
UNWELL = "a model of the server is missing or altered; its log says more"
UNEXPECTED = "an unexpected error stopped the analysis; the log of the server says which"

_log = logging.getLogger(__name__)


class UnwantedError(BaseException):
    """The job was deleted or given to another, or the worker is to end; no handler on the way may keep it."""


class Worker:
    """Works on the jobs of a store, in the main thread of a process.

    Args:
        store: The jobs.
        name: Under which it claims them; no two workers ever have the same.
        analyze: Where to find what analyses a source, as ``module:function``; imported with the first job.
        models: Models that it is given, in place of the default ones of their modalities.
    """

    def __init__(self, store: JobStore, name: str, *, analyze: str, models: Sequence[str] = ()) -> None:
        self._store = store
        self._name = name
        self._analyze = analyze
        self._models = tuple(models)
        self._ending = False
        self._lost = False
        self._progress: tuple[float, float | None] = (0.0, None)

    def run(self) -> None:
        """Work until told to end."""
        while not self._ending:
            job = self._store.claim(self._name)
            if job is None:
                time.sleep(IDLE)
            else:
                self.work(job)

    def end(self) -> None:
        """Ask to end; may be called by a signal."""
        self._ending = True

    def work(self, job: Job) -> None:
        """Work on one job that was claimed."""
        self._lost, self._progress = False, (0.0, None)
        over = threading.Event()
        pulse = threading.Thread(target=self._pulse, args=(job, over), daemon=True)
        pulse.start()
        try:
            self._work(job)
        finally:
            over.set()
            pulse.join()

    def _work(self, job: Job) -> None:
        from mien.serve.jobs.work import result, scrubbed

        try:
            source = self._store.source(job.id)
        except UnknownJobError:
            return  # deleted the moment after it was claimed
        try:
            analysis = _found(self._analyze)(source, job.options, self._note, self._models)
            written = result(analysis, source, job.name)
            self._store.report(job, *self._progress)
            self._store.finish(job, written)
        except UnwantedError:
            self._store.release(job)
        except AssetError:
            # Its sentence says where the models of this machine lie.
            _log.exception("job %s stopped by a model", job.id)
            self._store.fail(job, UNWELL)
        except MienError as error:
            self._store.fail(job, scrubbed(str(error), source, job.name))
        except Exception:
            # Whatever it is, it is our fault and not the client's: the log is told all, the client nothing.
            _log.exception("job %s stopped by an unexpected error", job.id)
            self._store.fail(job, UNEXPECTED)

    def _note(self, done: float, total: float | None) -> None:
        self._progress = (done, total)
        if self._lost or self._ending:
            raise UnwantedError

    def _pulse(self, job: Job, over: threading.Event) -> None:
        """Report now and then; end the process where an analysis does not hear that it is unwanted."""
        while not over.wait(BEAT):
            # What keeps a report from the database keeps the result from it too, and is told there.
            with suppress(OutputError):
                self._lost = not self._store.report(job, *self._progress)
            if (self._lost or self._ending) and not over.wait(GRACE):
                self._store.release(job)
                os._exit(0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Be a worker."""
    parser = argparse.ArgumentParser(prog="mien.serve.jobs.worker")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", required=True)
    parser.add_argument("--analyze", required=True)
    parser.add_argument("--model", dest="models", action="append", default=[])
    given = parser.parse_args(arguments)
    threading.Thread(target=_lifeline, daemon=True).start()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    if hasattr(os, "nice"):
        os.nice(PATIENCE_WITH_OTHERS)
    try:
        _serve(given)
    except MienError as error:
        # Such as a full disk: the supervisor starts another worker in a while.
        sys.exit(f"worker {given.name}: {error}")


def _serve(given: argparse.Namespace) -> None:
    with JobStore(given.folder) as store:
        worker = Worker(store, given.name, analyze=given.analyze, models=given.models)
        # Ctrl-C reaches everyone in the terminal; the server decides what it means.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: worker.end())
        worker.run()


def _lifeline() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


def _found(name: str) -> Analyze:
    module, _, attribute = name.partition(":")
    found: Analyze = getattr(import_module(module), attribute)
    return found


if __name__ == "__main__":
    main()
