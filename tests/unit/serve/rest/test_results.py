"""Results: the analysis, exports, the report, the medium."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mien.io.exports import FORMATS
from mien.io.json import from_json
from mien.serve.jobs import JobStore
from mien.serve.settings import Settings
from mien.types import Affect, Analysis, Span, Track
from mien.types.taxonomies import EKMAN7

from .test_inspecting import picture, sound
from .test_jobs import left_over, send

Finish = Callable[[str, Analysis], None]


@pytest.fixture
def done(client: TestClient, finish: Finish, analysis: Analysis) -> str:
    made = str(send(client).json()["id"])
    finish(made, analysis)
    return f"/v1/jobs/{made}"


def test_analysis(client: TestClient, done: str, analysis: Analysis) -> None:
    answer = client.get(f"{done}/analysis")
    assert answer.headers["content-type"] == "application/json"
    assert from_json(answer.text) == analysis


def test_analysis_in_another_taxonomy(client: TestClient, done: str, settings: Settings) -> None:
    answer = client.get(f"{done}/analysis", params={"taxonomy": "ekman7"})
    found = from_json(answer.text)
    assert found.fused[0].affects[0].categories is not None
    assert found.fused[0].affects[0].categories.taxonomy == EKMAN7
    assert found.fused[0].affects[0].categories.top[0] == "joy"
    assert "projected from goemotions28 onto ekman7" in found.warnings[-1]
    assert left_over(settings) == []


@pytest.mark.parametrize("path", ["analysis", "report", "exports/csv"])
def test_unknown_taxonomy(client: TestClient, done: str, path: str) -> None:
    answer = client.get(f"{done}/{path}", params={"taxonomy": "moods9"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("the taxonomy 'moods9' was asked for; allowed: ekman7")


def test_what_cannot_be_projected(client: TestClient, finish: Finish, analysis: Analysis) -> None:
    made = send(client).json()["id"]
    words = Affect(labels=("wistful",), span=Span(0, 11, "characters"))
    finish(made, replace(analysis, tracks=(Track("writer", "text", (words,)),)))
    answer = client.get(f"/v1/jobs/{made}/analysis?taxonomy=ekman7")
    assert (answer.status_code, "open labels only" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("path", ["analysis", "report", "exports/csv", "exports/html"])
def test_results_of_a_job_that_waits(client: TestClient, path: str) -> None:
    answer = client.get(f"{send(client).json()['links']['self']}/{path}")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "the job is waiting; its result is there once it is done"


def test_results_of_a_job_that_failed(client: TestClient, store: JobStore) -> None:
    made = send(client).json()["id"]
    job = store.claim("a-test")
    assert job is not None
    store.fail(job, "note.txt was too sad")
    answer = client.get(f"/v1/jobs/{made}/analysis")
    assert answer.status_code == 409
    assert answer.json()["detail"] == "the job failed, so it has no result: note.txt was too sad"
    assert client.get(f"/v1/jobs/{made}").json()["error"] == "note.txt was too sad"


TIMED_ONLY = {"textgrid", "audformat", "eaf", "openface"}
"""Formats that may refuse words without times."""


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_export(client: TestClient, done: str, name: str, settings: Settings) -> None:
    answer = client.get(f"{done}/exports/{name}")
    if answer.status_code == 422 and name in TIMED_ONLY:
        assert answer.headers["content-type"] == "application/problem+json"
        return
    assert answer.status_code == 200, answer.text
    ending = "zip" if FORMATS[name].folder else FORMATS[name].ending
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''note.txt.{ending}"
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[name].media_type
    assert len(answer.content) > 20
    assert left_over(settings) == []


def test_a_folder_comes_packed(client: TestClient, finish: Finish, analysis: Analysis) -> None:
    made = client.post("/v1/jobs", files={"file": ("a.wav", sound(1.0), "")}).json()["id"]
    timed = Affect(labels=("wistful",), valence=analysis.fused[0].affects[0].valence, span=Span(0, 1))
    tracks = (Track("Ada", "speech", (timed,)),)
    source = replace(analysis.source, name="a.wav", kind="audio", unit="seconds", duration=1.0)
    finish(made, replace(analysis, source=source, tracks=tracks, fused=()))
    answer = client.get(f"/v1/jobs/{made}/exports/audformat")
    assert answer.status_code == 200, answer.text
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "analysis/db.yaml" in names


def test_names_of_clients_are_quoted(client: TestClient, finish: Finish, analysis: Analysis) -> None:
    made = send(client, ('Tag "eins"; ü.txt', b"Hi!", "")).json()["id"]
    finish(made, analysis)
    answer = client.get(f"/v1/jobs/{made}/exports/csv")
    assert answer.headers["content-disposition"].endswith("%3B%20%C3%BC.txt.csv")
    assert "\n" not in answer.headers["content-disposition"]


def test_unknown_format(client: TestClient, done: str) -> None:
    answer = client.get(f"{done}/exports/docx")
    assert (answer.status_code, answer.json()["detail"][:24]) == (404, "there is no format 'docx")


def test_missing_extra(client: TestClient, done: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mien.io.exports.available", lambda name: False)
    answer = client.get(f"{done}/exports/parquet")
    assert (answer.status_code, "pip install 'mien[tables]'" in answer.json()["detail"]) == (501, True)


def test_report_has_the_policy_that_it_declares(client: TestClient, done: str) -> None:
    answer = client.get(f"{done}/report", params={"taxonomy": "ekman7"})
    assert answer.text.startswith("<!doctype html>")
    assert '"ekman7"' in answer.text
    policy = answer.headers["content-security-policy"]
    assert "sha256-" in policy
    assert "unsafe-inline" not in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert policy.removesuffix("; frame-ancestors 'none'") in answer.text


def add(client: TestClient, content: bytes, name: str) -> Any:
    return client.post("/v1/jobs", files={"file": (name, content, "text/html")}).json()["links"]["media"]


def test_media_in_ranges(client: TestClient) -> None:
    content = sound(1.0)
    path = add(client, content, "evil.html")
    whole = client.get(path)
    assert (whole.content, whole.headers["content-type"]) == (content, "audio/wav")
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-security-policy"] == "default-src 'none'; sandbox"
    part = client.get(path, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(content)}"
    assert client.get(path, headers={"range": "bytes=-5"}).content == content[-5:]
    beyond = client.get(path, headers={"range": f"bytes={len(content)}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize("given", ["bytes=5-2", "bytes=x-y", "lines=1-2", "bytes=", "bytes=--1", "bytes=1-2,3-4"])
def test_odd_ranges_are_forgotten(client: TestClient, given: str) -> None:
    content = sound(0.5)
    answer = client.get(add(client, content, "a.wav"), headers={"range": given})
    assert (answer.status_code, answer.content) == (200, content)


def test_pictures_are_media_and_words_are_not(client: TestClient, done: str) -> None:
    assert client.get(add(client, picture(20, 20), "a.png")).headers["content-type"] == "image/png"
    assert add(client, b"What a day!", "a.txt") is None
    assert client.get(f"{done}/media").status_code == 404


@pytest.mark.parametrize("path", ["analysis", "analysis?taxonomy=ekman7", "exports/csv"])
def test_deleted_while_it_is_asked_for(
    client: TestClient, done: str, store: JobStore, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = store.analysis(done.rpartition("/")[2])

    def late(identity: str) -> Any:
        store.delete(identity)
        return found

    monkeypatch.setattr(store, "analysis", late)
    assert client.get(f"{done}/{path}").status_code == 404


def test_a_medium_that_is_gone(client: TestClient, store: JobStore) -> None:
    path = add(client, sound(0.5), "a.wav")
    store.source(path.split("/")[3]).unlink()
    answer = client.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, "this was deleted meanwhile")


@pytest.mark.parametrize("path", ["analysis", "analysis?taxonomy=ekman7", "exports/csv"])
def test_results_come_whole(client: TestClient, done: str, path: str, settings: Settings) -> None:
    whole = client.get(f"{done}/{path}")
    for given in ("bytes=0-1", "bytes=99999999-", "bytes=x"):
        answer = client.get(f"{done}/{path}", headers={"range": given})
        assert (answer.status_code, answer.content) == (200, whole.content)
    assert left_over(settings) == []
