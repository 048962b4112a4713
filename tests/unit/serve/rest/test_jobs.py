"""Jobs: added as a form or as JSON, listed, looked up, deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mien.serve.jobs import JobStore
from mien.serve.routes import jobs as module
from mien.serve.settings import Settings

NOTE = ("note.txt", b"What a day!", "application/x-whatever")


def send(client: TestClient, file: tuple[str, bytes, str] = NOTE, **fields: str) -> Any:
    return client.post("/v1/jobs", files={"file": file}, data=fields)


def left_over(settings: Settings) -> list[Path]:
    return list((settings.data / "incoming").iterdir())


def test_a_file_becomes_a_job(client: TestClient, store: JobStore, settings: Settings) -> None:
    answer = send(client, modalities="text, speech,text", open_only="true")
    job = answer.json()
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}" == job["links"]["self"]
    assert (job["name"], job["kind"], job["state"]) == ("note.txt", "text", "waiting")
    assert job["options"] == {"modalities": ["text", "speech"], "open_only": True}
    assert job["progress"] == {"done": 0, "total": None}
    assert job["created"].endswith("Z")
    assert job["links"]["media"] is None
    assert job["links"]["exports"]["csv"] == f"/v1/jobs/{job['id']}/exports/csv"
    assert store.source(job["id"]).read_bytes() == b"What a day!"
    assert left_over(settings) == []
    assert client.get(job["links"]["self"]).json() == job


def test_a_text_becomes_a_job(client: TestClient, store: JobStore) -> None:
    job = client.post("/v1/jobs", json={"text": "Ein schöner Tag!", "name": "../tag.txt"}).json()
    assert (job["name"], job["kind"]) == ("tag.txt", "text")
    assert store.source(job["id"]).read_text(encoding="utf-8") == "Ein schöner Tag!"


def test_turns_become_a_job(client: TestClient, store: JobStore) -> None:
    turns = [{"speaker": "Ada", "text": "We won!"}, {"speaker": "Ben", "text": "Ü!\nReally?"}]
    answer = client.post("/v1/jobs", json={"turns": turns, "modalities": ["text"]})
    assert (answer.status_code, answer.json()["kind"]) == (202, "chat")
    assert store.source(answer.json()["id"]).read_text().count("\n") == 2


def test_a_transcript_lies_beside_its_recording(client: TestClient, store: JobStore) -> None:
    from .test_inspecting import sound

    files = {
        "file": ("a.wav", sound(1.0), "x/y"),
        "transcript": ("b.srt", b"1\n00:00:00,000 --> 00:00:01,000\nHi!", ""),
    }
    answer = client.post("/v1/jobs", files=files)
    assert answer.status_code == 202, answer.text
    assert answer.json()["links"]["media"] is not None
    source = store.source(answer.json()["id"])
    assert sorted(path.name for path in source.parent.iterdir()) == ["source.srt", "source.wav"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"modalities": "text,smell"}, "the modality 'smell'"),
        ({"modalities": "text,"}, "the modality"),
        ({"open_only": "maybe"}, "open_only is 'maybe'; allowed: true, false"),
        ({"url": "http://example.org/x.mp4"}, "the form has the field 'url'"),
    ],
)
def test_wrong_options(client: TestClient, settings: Settings, fields: dict[str, str], told: str) -> None:
    answer = send(client, **fields)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert left_over(settings) == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{", "the body: invalid JSON"),
        ("[]", "the body"),
        ("{}", "give either text or turns"),
        ('{"text": "a", "turns": [{"text": "b"}]}', "give either text or turns"),
        ('{"text": ""}', "text: "),
        ('{"text": 3}', "text: "),
        ('{"turns": []}', "turns: "),
        ('{"turns": [{"speaker": "A"}]}', "turns.0.text: field required"),
        ('{"turns": [{"text": "a", "start": NaN}]}', "turns.0.start: "),
        ('{"turns": [{"text": "a", "end": 3}]}', "needs a start"),
        ('{"turns": [{"text": "a", "start": 4, "end": 3}]}', "needs a start that is not after it"),
        ('{"text": "a", "url": "http://x"}', "url: "),
        ('{"text": "a", "modalities": ["smell"]}', "modalities.0: "),
        ('{"text": "a", "modalities": []}', "modalities: "),
        ('{"text": "\\ud800"}', ""),
        ('{"text": "a\\u0000b"}', "NUL"),
    ],
)
def test_wrong_json(client: TestClient, settings: Settings, body: str, told: str) -> None:
    answer = client.post("/v1/jobs", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]
    assert left_over(settings) == []


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "multipart/form-data"])
def test_other_types(client: TestClient, kind: str) -> None:
    answer = client.post("/v1/jobs", content=b"What a day!", headers={"content-type": kind})
    assert answer.status_code == 415


def test_a_form_without_a_file(client: TestClient) -> None:
    answer = client.post("/v1/jobs", files={"transcript": ("a.srt", b"x", "")})
    assert (answer.status_code, answer.json()["detail"][:31]) == (422, "the form has no field 'file'; t")


def test_refused_files_leave_nothing(client: TestClient, settings: Settings) -> None:
    answer = send(client, ("../../../../tmp/evil.sh", b"%PDF-1.4", "video/mp4"))
    assert answer.status_code == 415
    assert answer.json()["detail"].startswith("evil.sh is a PDF")
    assert left_over(settings) == []
    assert list((settings.data / "jobs").iterdir()) == []


def test_too_many_wait(client: TestClient) -> None:
    for _ in range(4):
        assert send(client).status_code == 202
    answer = send(client)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    assert "4 jobs wait already" in answer.json()["detail"]


def test_no_room_on_the_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPARE", 2**62)
    answer = send(client)
    assert (answer.status_code, answer.json()["title"]) == (507, "Insufficient Storage")


def test_too_large(client: TestClient, settings: Settings) -> None:
    answer = send(client, ("a.txt", b"x" * 300_000, ""))
    assert answer.status_code == 413
    assert answer.json()["detail"] == "the body is too large; allowed: up to 200,000 bytes"
    assert left_over(settings) == []


def test_list_is_newest_first_and_pages(client: TestClient) -> None:
    made = [send(client, (f"{number}.txt", b"Hi!", "")).json()["id"] for number in range(3)]
    newest = client.get("/v1/jobs", params={"limit": 2}).json()["jobs"]
    assert [job["id"] for job in newest] == made[:0:-1]
    rest = client.get("/v1/jobs", params={"before": newest[-1]["id"]}).json()["jobs"]
    assert [job["id"] for job in rest] == made[:1]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=x", "before=../x", "before=" + "x" * 65])
def test_wrong_pages(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/jobs?{query}").status_code == 422


def test_delete_removes_everything(client: TestClient, store: JobStore, settings: Settings) -> None:
    made = send(client).json()["id"]
    assert client.delete(f"/v1/jobs/{made}").status_code == 204
    assert list((settings.data / "jobs").iterdir()) == []
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/analysis"), ("GET", "/media"), ("GET", "/events")):
        answer = client.request(method, f"/v1/jobs/{made}{path}")
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/jobs", params={"before": made}).status_code == 404


@pytest.mark.parametrize("odd", ["..", "%2e%2e", "..%2f..%2fjobs.db", "a%00b", "x" * 65, "%ff", "a.b"])
def test_ids_that_are_none(client: TestClient, odd: str) -> None:
    for part in ("", "/analysis", "/media", "/report", "/exports/csv"):
        assert client.get(f"/v1/jobs/{odd}{part}").status_code in (404, 422)
