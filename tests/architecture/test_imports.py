"""What importing mien costs, and that it has no effects."""

from __future__ import annotations

import json
import subprocess
import sys

LIGHT = {"numpy", "jaxtyping", "wadler_lindig", "typing_extensions", "mien"}

PROBE = """
import json, os, sys, time, warnings
import numpy
before = dict(os.environ), list(warnings.filters)
known = set(sys.modules)
start = time.process_time()
import mien
seconds = time.process_time() - start
new = {name.partition(".")[0] for name in set(sys.modules) - known}
same = before == (dict(os.environ), list(warnings.filters))
print(json.dumps({"seconds": seconds, "new": sorted(new), "same": same}))
"""


def probe() -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    assert done.stderr == ""
    return answer


def test_import_loads_nothing_heavy() -> None:
    new = set(probe()["new"])  # type: ignore[call-overload]
    third_party = {name for name in new if name not in sys.stdlib_module_names and not name.startswith("_")}
    assert third_party <= LIGHT


def test_import_is_quick_and_has_no_effects() -> None:
    # Time of the processor, so that what else the machine does is not counted.
    answers = [probe() for _ in range(3)]
    assert min(float(str(answer["seconds"])) for answer in answers) <= 0.3
    assert all(answer["same"] for answer in answers)


def test_facade_names_exist() -> None:
    import mien

    assert len(mien.__all__) > 5
    for name in mien.__all__:
        assert getattr(mien, name) is not None
