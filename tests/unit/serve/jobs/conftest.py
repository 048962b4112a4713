"""A store in a fresh folder, and a way to fill it."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mien.serve.jobs import Job, JobOptions, JobStore

Put = Callable[..., Job]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[JobStore]:
    with JobStore(tmp_path / "data") as store:
        yield store


@pytest.fixture
def put(store: JobStore) -> Put:
    """Add a job whose source is a text."""

    def put(text: str = "quick", name: str = "letter.txt", options: JobOptions | None = None) -> Job:
        source = store.incoming / secrets.token_hex(8)
        source.write_text(text, encoding="utf-8")
        return store.add(name, source, options)

    return put


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of what workers call instead of models; also known to the processes that are started."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return "fakes:analyze"


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait until something is so."""

    def until(is_so: Callable[[], object], seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, "it did not come about in time"
            time.sleep(0.02)

    return until
