"""Requests that schemathesis makes from the description of the API: no answer is a 500, all are as described.

The default run makes a few of each operation; ``-m slow`` makes many.
"""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as options
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import data, sampled_from
from schemathesis import checks
from schemathesis.generation import GenerationMode

from mien.serve.app import create_app
from mien.serve.jobs import JobStore
from mien.serve.settings import Limits, Settings
from mien.types import Affect, Analysis, Dimension, Source, Span, Track

CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
)
SPAN = Span(0, 11, "characters")
TRACK = Track("writer", "text", (Affect(valence=Dimension(0.5, 0.2), span=SPAN),))
DONE = Analysis(Source("note.txt", "text", "characters", 11), tracks=(TRACK,), fused=(TRACK,))
FEW = options(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
MANY = options(FEW, max_examples=250)
PATHS = json.loads((Path(__file__).parents[1] / "snapshot" / "openapi.json").read_text(encoding="utf-8"))["paths"]
OPERATIONS = [f"{method} {path}" for path, methods in PATHS.items() for method in methods]
TOO_LARGE = 413
turn = count()


class Workers:
    """What says that it works, and does not."""

    healthy = True

    def start(self) -> None:
        """Nothing begins."""

    def stop(self, timeout: float = 10.0) -> None:
        """Nothing ends."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    limits = Limits(json_bytes=100_000, upload_bytes=100_000, waiting=40, turns=10)
    folder = tmp_path_factory.mktemp("serve") / "data"
    settings = Settings(folder, allow_hosts=("testserver", "localhost"), limits=limits)
    return create_app(settings, supervisor=Workers())


@pytest.fixture(scope="module")
def api(app: Any) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def a_job(store: JobStore) -> str:
    """A job that is there: done, waiting or failed, by turns."""
    kind = ("done", "waiting", "failed")[next(turn) % 3]
    for old in store.list(limit=1000):
        store.delete(old.id)
    note = store.incoming / "note.txt"
    note.write_text("What a day!")
    job = store.add("note.txt", note, kind="text")
    if kind != "waiting":
        held = store.claim("a-test")
        assert held is not None
        _ = store.finish(held, DONE.to_json()) if kind == "done" else store.fail(held, "it was too sad")
    return job.id


def is_emptied(case: Any) -> bool:
    """A form has no word for an empty list: what is sent is a request without the field, which may be right."""
    return isinstance(case.body, dict) and "form" in (case.media_type or "") and [] in list(case.body.values())


def check(case: Any, app: Any) -> None:
    known = next(turn) % 4
    parameters = case.path_parameters or {}
    # Where what was wrong is put right here, the request may be accepted.
    mended = bool(known and parameters)
    if known and "id" in parameters:
        parameters["id"] = a_job(app.state.parts.store)
    if known > 1 and "format" in parameters:
        parameters["format"] = ("csv", "vtt", "json", "html", "emotionml")[next(turn) % 5]
    if known > 1 and case.path == "/v1/models/{name}":
        parameters["name"] = "text-affect"
    response = case.call()
    # Too large a body is refused before it is looked at; the check for wrong data does not count that as refused.
    refused = mended or is_emptied(case) or response.status_code == TOO_LARGE
    chosen = [one for one in CHECKS if not (refused and one is checks.negative_data_rejection)]
    case.validate_response(response, checks=chosen)


def check_all(api: Any, app: Any, name: str, amount: options) -> None:
    method, _, path = name.partition(" ")
    operation = api[path][method]

    @amount
    @given(data())
    def run(drawn: Any) -> None:
        mode = drawn.draw(sampled_from(list(GenerationMode)))
        try:
            case = drawn.draw(operation.as_strategy(generation_mode=mode))
        except Unsatisfiable:
            return
        check(case, app)

    run()


def test_there_are_operations() -> None:
    assert len(OPERATIONS) >= 18


@pytest.mark.parametrize("name", OPERATIONS)
def test_few(api: Any, app: Any, name: str) -> None:
    check_all(api, app, name, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_many(api: Any, app: Any, name: str) -> None:
    check_all(api, app, name, MANY)


def test_nothing_is_outside_the_data_folder(app: Any, tmp_path: Path) -> None:
    folder = app.state.parts.store.folder
    assert [path.name for path in folder.parent.iterdir()] == ["data"]
    assert list((folder / "incoming").iterdir()) == []
