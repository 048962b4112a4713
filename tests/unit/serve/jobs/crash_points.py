"""End a process at every line of an operation on the store, one after the other, and tell what the next start finds.

python crash_points.py FOLDER OPERATION      # prints a JSON array, one object for each line
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from mien.serve.jobs import Job, JobStore

TRACED = (os.sep + os.path.join("mien", "serve", "jobs") + os.sep, os.sep + os.path.join("mien", "io", "save.py"))


def new(store: JobStore) -> Job:
    source, words = store.incoming / "upload", store.incoming / "words.srt"
    source.write_text("source"), words.write_text("words")
    return store.add("a.txt", source, transcript=words)


def claimed(store: JobStore) -> Job:
    new(store)
    job = store.claim("w")
    if job is None:
        raise SystemExit("nothing to claim")
    return job


def finished(store: JobStore) -> Job:
    job = claimed(store)
    store.finish(job, "old result")
    return store.get(job.id)


OPERATIONS: dict[str, tuple[Any, Any]] = {
    "add": (lambda store: None, lambda store, job: new(store)),
    "claim": (new, lambda store, job: store.claim("w")),
    "finish": (claimed, lambda store, job: store.finish(job, "result")),
    "fail": (claimed, lambda store, job: store.fail(job, "why")),
    "requeue": (claimed, lambda store, job: store.requeue_dead(["w"])),
    "delete": (finished, lambda store, job: store.delete(job.id)),
    "expire": (finished, lambda store, job: store.expire(now=4e9)),
    "recover": (claimed, lambda store, job: store.recover()),
}


def crash(folder: Path, operation: str, line: int) -> bool:
    """Run an operation in a process that ends at that line; return whether it got that far."""
    child = os.fork()
    if child == 0:
        prepare, act = OPERATIONS[operation]
        store = JobStore(folder)
        job = prepare(store)
        left = [line]

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            if not any(part in frame.f_code.co_filename for part in TRACED):
                return None
            if event == "line":
                left[0] -= 1
                if left[0] < 0:
                    os._exit(9)
            return trace

        sys.settrace(trace)
        act(store, job)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def look(folder: Path) -> dict[str, Any]:
    """Start anew over a folder and tell what is there."""
    with JobStore(folder) as store:
        store.recover()
        files = {path.name: path.read_text() for path in (folder / "jobs").rglob("*") if path.is_file()}
        folders = {path.name for path in (folder / "jobs").iterdir()}
        jobs = store.list()
        return {
            "states": [job.state for job in jobs],
            "files": files,
            "orphans": len(folders - {job.id for job in jobs}) + len(list(store.incoming.iterdir())),
        }


def main() -> None:
    found = []
    for line in range(2000):
        folder = Path(sys.argv[1]) / str(line)
        hit = crash(folder, sys.argv[2], line)
        found.append(look(folder))
        if not hit:
            break
    print(json.dumps(found))


if __name__ == "__main__":
    main()
