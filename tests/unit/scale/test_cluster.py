"""Ray on this machine, in a process of its own: what Ray leaves behind in a process would disturb other tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mien.errors import MissingExtraError
from mien.scale import RayMapper

HERE = Path(__file__).parent
SCRIPT = """
import json, os, sys
sys.path.insert(0, {here!r})
os.environ["PYTHONPATH"] = {here!r}
from scale_makers import Squares
from mien.scale import RayMapper
maker = Squares({marks!r}, deadly=(5,), once=(2,), bad=(3,), seconds=0.05)
outcomes = list(RayMapper(workers=2).map(maker, range(12)))
import ray
facts = [[o.index, o.result and o.result[0], o.error, o.died] for o in outcomes]
pids = {{o.result[1] for o in outcomes if o.result}}
answer = {{"facts": sorted(facts), "workers": len(pids), "left": ray.is_initialized(), "here": os.getpid() in pids}}
print(json.dumps(answer))
"""
LONELY = """
from mien.scale import RayMapper
list(RayMapper(address={address!r}).map(lambda: abs, [1]))
"""


@pytest.mark.slow
def test_ray_outlives_dead_workers(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra cluster is not installed")
    code = SCRIPT.format(here=str(HERE), marks=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    facts = {index: rest for index, *rest in answer["facts"]}
    assert sorted(facts) == list(range(12))
    assert facts[5] == [None, "the worker that had it died, 3 times out of 3", True]
    assert facts[3] == [None, "3 cannot be squared", False]
    assert all(facts[index] == [index**2, None, False] for index in facts if index not in {3, 5})
    assert answer["workers"] >= 2
    assert not answer["left"]
    assert not answer["here"]


@pytest.mark.parametrize("address", ["127.0.0.1:9", "[::1]:9"])
def test_an_address_where_nothing_listens_is_refused_at_once(address: str) -> None:
    pytest.importorskip("ray", reason="the extra cluster is not installed")
    code = LONELY.format(address=address)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert f"no Ray cluster answers at '{address}'; give the address of one, and its token" in done.stderr


def test_missing_ray_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(
        MissingExtraError, match=r"the engine ray needs the extra 'cluster'.*pip install 'mien\[cluster\]'"
    ):
        RayMapper()


def test_nothing_is_reported_to_others() -> None:
    pytest.importorskip("ray", reason="the extra cluster is not installed")
    RayMapper(workers=1)
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
