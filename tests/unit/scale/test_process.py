from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from mien.errors import OptionError
from mien.scale import Mapper, ProcessMapper, RayMapper, SerialMapper

HERE = Path(__file__).parent


@pytest.fixture
def makers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of makers, which spawned processes find on the path that they inherit."""
    monkeypatch.syspath_prepend(str(HERE))
    import scale_makers

    return scale_makers


def test_all_are_mappers() -> None:
    assert all(isinstance(mapper, Mapper) for mapper in (SerialMapper(), ProcessMapper(), RayMapper()))


def test_every_item_has_one_outcome(makers: Any) -> None:
    outcomes = list(ProcessMapper(workers=2).map(makers.Squares(seconds=0.02), range(20)))
    assert sorted(outcome.index for outcome in outcomes) == list(range(20))
    assert all(outcome.result[0] == outcome.index**2 for outcome in outcomes)
    workers = {outcome.result[1] for outcome in outcomes}
    assert len(workers) == 2
    assert os.getpid() not in workers


def test_no_items_no_processes(makers: Any) -> None:
    assert list(ProcessMapper(workers=2).map(makers.broken, [])) == []


@pytest.mark.parametrize("mapper", [SerialMapper(), ProcessMapper(workers=2)], ids=["serial", "process"])
def test_an_error_is_the_outcome_of_its_item(mapper: Mapper, makers: Any) -> None:
    outcomes = {outcome.index: outcome for outcome in mapper.map(makers.Squares(bad=(2,)), range(4))}
    assert outcomes[2].error == "2 cannot be squared"
    assert not outcomes[2].died
    assert [outcomes[index].result[0] for index in (0, 1, 3)] == [0, 1, 9]


@pytest.mark.parametrize("mapper", [SerialMapper(), ProcessMapper(workers=2)], ids=["serial", "process"])
def test_a_worker_that_cannot_start_says_so(mapper: Mapper, makers: Any) -> None:
    errors = {outcome.error for outcome in mapper.map(makers.broken, range(3))}
    assert errors == {"the worker could not start: ValueError: no model is here"}


def test_the_item_of_a_killed_worker_is_run_again(makers: Any, tmp_path: Path) -> None:
    outcomes = list(ProcessMapper(workers=2).map(makers.Squares(str(tmp_path), once=(3, 7)), range(10)))
    assert (tmp_path / "died-3").exists()
    assert sorted(outcome.result[0] for outcome in outcomes) == [number**2 for number in range(10)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_item_that_kills_its_workers_is_given_up(makers: Any, workers: int) -> None:
    outcomes = {outcome.index: outcome for outcome in ProcessMapper(workers=workers).map(
        makers.Squares(deadly=(1,)), range(5)
    )}  # fmt: skip
    assert sorted(outcomes) == list(range(5))
    assert outcomes[1].died
    assert outcomes[1].error == "the worker that had it died, 3 times out of 3"
    assert not any(outcomes[index].died for index in (0, 2, 3, 4))


def test_leaving_early_ends_the_workers(makers: Any) -> None:
    before = set(psutil.Process().children())
    outcomes = ProcessMapper(workers=2).map(makers.Squares(seconds=0.1), range(100))
    next(outcomes)
    workers = [child for child in psutil.Process().children() if child not in before and "spawn" in _line(child)]
    assert len(workers) == 2
    outcomes.close()
    assert not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)


def test_workers_use_one_thread_and_the_environment_stays(makers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    (outcome,) = ProcessMapper(workers=1).map(makers.threads, ["OPENBLAS_NUM_THREADS"])
    assert outcome.result == "1"
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(HERE)!r})\n"
        "from scale_makers import Squares\nfrom mien.scale import ProcessMapper\n"
        "if __name__ == '__main__':\n"
        "    for outcome in ProcessMapper(workers=2).map(Squares(seconds=5.0), range(9)):\n        pass\n"
    )
    parent = psutil.Popen([sys.executable, str(script)], stdout=subprocess.DEVNULL)
    workers: list[psutil.Process] = []
    deadline = time.monotonic() + 60
    while len(workers) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
        workers = [child for child in parent.children() if "spawn_main" in _line(child)]
    assert len(workers) == 2
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs(workers, timeout=20)
    for worker in alive:
        worker.kill()
    assert not alive


def test_numbers_are_checked() -> None:
    with pytest.raises(OptionError, match="0 workers were asked for; allowed: 1 or more"):
        ProcessMapper(workers=0)
    with pytest.raises(OptionError, match="0 tries were asked for; allowed: 1 or more"):
        ProcessMapper(tries=0)
    with pytest.raises(OptionError, match="0 tries were asked for; allowed: 1 or more"):
        RayMapper(tries=0)


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
