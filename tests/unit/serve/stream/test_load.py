"""A few streams at once in real time; benchmarks/streams.py measures many."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

from .conftest import Served

BENCHMARK = Path(__file__).parents[4] / "benchmarks" / "streams.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("streams_benchmark", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_five_streams_are_answered_in_time(served: Served, benchmark: ModuleType) -> None:
    heard = asyncio.run(benchmark.crowd(served[0], 5, 5.0))
    assert all(one.ended for one in heard)
    assert sum(one.finals for one in heard) >= 3
    found = benchmark.figures(heard)
    assert found["dropped"] == 0
    # Generous: whoever runs the tests may run other things beside them.
    assert found["latency_p50_seconds"] < 1.0
    assert found["partial_answers"] >= 10


def test_connected_clients_come_and_go(served: Served, benchmark: ModuleType) -> None:
    import psutil

    times, memory = asyncio.run(benchmark.connected(served[0], 12, 4.0, psutil.Process()))
    assert times >= 1
    assert memory
    begun = time.monotonic()
    while served[1].open and time.monotonic() < begun + 20:
        time.sleep(0.05)
    assert served[1].open == 0
