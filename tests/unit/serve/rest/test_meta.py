"""The server itself: what it takes, whether it is well, its figures, its page, its headers."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import mien
from mien.errors import AssetError, OutputError
from mien.serve import pages
from mien.serve.app import create_app
from mien.serve.events import follow
from mien.serve.jobs import Job, JobOptions, UnknownJobError
from mien.serve.problems import Problem, response
from mien.serve.routes import meta
from mien.serve.settings import Settings, default_folder

from .conftest import ADDRESS
from .test_jobs import send


class FakeWorkers:
    healthy = True

    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def stop(self, timeout: float = 10.0) -> None:
        self.calls.append("stop")


def test_info(client: TestClient) -> None:
    info = client.get("/v1/info").json()
    assert info["version"] == mien.__version__
    assert info["limits"]["upload_bytes"] == 200_000
    assert {"name": "csv", "ending": "csv", "label": "CSV, a row an affect", "available": True} in info["formats"]
    assert info["modalities"] == ["text", "speech", "face"]
    assert info["token_needed"] is False
    assert info["keep_hours"] == 24


def test_models(client: TestClient) -> None:
    cards = {card["name"]: card for card in client.get("/v1/models").json()["models"]}
    assert {"text-affect", "speech-base", "face-expression"} <= set(cards)
    card = client.get("/v1/models/text-affect").json()
    assert card == cards["text-affect"]
    assert card["line"] in ("open", "research")
    assert card["trained_on"][0]["corpus"]
    assert {"task", "metric", "value", "low", "high"} <= set(card["scores"][0])
    assert card["not_for"]
    assert "options" not in card
    answer = client.get("/v1/models/..%2ftext-affect")
    assert answer.status_code == 404
    assert client.get("/v1/models/nobody").json()["detail"].startswith("there is no model 'nobody'; known: ")


def test_models_that_the_operator_named(settings: Settings, mood: Path) -> None:
    with TestClient(create_app(replace(settings, models=(str(mood),))), base_url=ADDRESS) as client:
        cards = client.get("/v1/models").json()["models"]
        assert [card["name"] for card in cards if card["chosen"]] == ["mood"]
        assert cards[0]["name"] == "mood"
        assert "text-affect" in {card["name"] for card in cards}
        assert client.get("/v1/models/mood").json() == cards[0]
        assert str(mood.parent) not in client.get("/v1/models").text
        said = client.post("/v1/conversations", json={"turns": [{"speaker": "Ada", "text": "We won!"}]}).json()
        assert [model["name"] for model in said["analysis"]["models"]] == ["mood"]
        assert client.app.state.streams.team().infos("text")[0].name == "mood"  # type: ignore[attr-defined]
        assert client.get("/readyz").json()["models"] is True
        (mood / "tokenizer.json").write_text("{}")
        assert client.get("/readyz").json()["models"] is False


def test_a_model_of_an_installed_name_takes_its_place(settings: Settings, mood: Path) -> None:
    card = mood / "card.toml"
    card.write_text(card.read_text(encoding="utf-8").replace('"mood"', '"text-affect"', 1), encoding="utf-8")
    client = TestClient(create_app(replace(settings, models=(str(mood),))), base_url=ADDRESS)
    found = [card for card in client.get("/v1/models").json()["models"] if card["name"] == "text-affect"]
    assert [card["chosen"] for card in found] == [True]


def test_taxonomies(client: TestClient) -> None:
    found = {one["name"]: one for one in client.get("/v1/taxonomies").json()["taxonomies"]}
    assert found["ekman7"]["labels"][0] == "anger"
    assert found["ekman7"]["exclusive"] is True
    assert "Ekman" in found["ekman7"]["reference"]


def test_conversation(client: TestClient) -> None:
    turns = [{"speaker": "Ada", "text": "We won!"}, {"speaker": "Ben", "text": "I am so afraid."}] * 2
    answer = client.post("/v1/conversations", json={"turns": turns})
    assert answer.status_code == 200
    analysis = answer.json()["analysis"]
    assert analysis["format"] == "mien.analysis"
    assert {track["person"] for track in analysis["fused"]} == {"Ada", "Ben"}
    pairs = {(pair["from"], pair["to"]): pair for pair in answer.json()["influence"]}
    assert set(pairs) == {("Ada", "Ben"), ("Ben", "Ada")}
    assert pairs["Ada", "Ben"]["shift"] is None
    assert pairs["Ada", "Ben"]["note"].startswith("too few exchanges")


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ([{"text": "a"}] * 6, "6 turns were given; allowed: up to 5"),
        ([{"text": "   "}], "1 turns without words"),
        ([{"text": "a" * 100_001}], "too large|characters"),
        ([], "turns: "),
        ([{"text": "a", "mood": "b"}], "turns.0.mood: "),
    ],
)
def test_conversations_that_are_wrong(client: TestClient, turns: list[dict[str, str]], told: str) -> None:
    answer = client.post("/v1/conversations", json={"turns": turns})
    assert answer.status_code in (413, 422)
    assert any(part in answer.json()["detail"] for part in told.split("|"))


def test_health(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").json() == {"alive": True}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["workers"]) == (503, False)


def test_readiness(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    workers = FakeWorkers()
    client = TestClient(create_app(settings, supervisor=workers), base_url=ADDRESS)
    assert client.get("/readyz").json() == {"ready": True, "workers": True, "disk": True, "models": True}
    (settings.data / "incoming").rmdir()
    assert client.get("/readyz").json()["disk"] is False

    def broken(_: object) -> dict[str, object]:
        raise AssetError("gone")

    monkeypatch.setattr(meta, "listed", broken)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["models"]) == (503, False)
    assert workers.calls == []


def test_metrics(client: TestClient) -> None:
    made = send(client).json()["id"]
    client.get(f"/v1/jobs/{made}")
    client.get(f"/v1/jobs/{made}", headers={"host": "evil.example"})
    client.get("/wp-admin.php")
    text = client.get("/metrics").text
    assert 'mien_jobs{state="waiting"} 1.0' in text
    assert 'mien_requests_total{method="GET",route="/v1/jobs/{id}",status="200"} 1.0' in text
    assert 'route="other",status="421"' in text
    assert 'route="other",status="404"' in text
    assert 'mien_request_seconds_count{route="/v1/jobs/{id}"} 1.0' in text
    assert 'mien_open{kind="request"} 1.0' in text
    assert made not in text
    assert "note.txt" not in text
    assert "wp-admin" not in text


def test_two_servers_keep_figures_apart(tmp_path: Path) -> None:
    one, two = (TestClient(create_app(Settings(tmp_path / name, workers=0)), base_url=ADDRESS) for name in "ab")
    one.get("/healthz")
    assert "/healthz" not in two.get("/metrics").text


@pytest.mark.parametrize("path", ["/", "/v1/info", "/nothing", "/v1/jobs?limit=0", "/healthz"])
def test_every_answer_is_safe(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    nothing = ("default", "manifest", "base-uri", "form-action", "frame-ancestors")
    assert [name for name, allowed in policy.items() if allowed == "'none'"] == [
        name if "-" in name else f"{name}-src" for name in nothing
    ]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["font-src"] == "'self'"
    assert policy["img-src"] == "'self' blob: data:"
    assert policy["media-src"] == policy["worker-src"] == "'self' blob:"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=(self), microphone=(self)" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_a_refused_stranger_gets_safe_headers_too(client: TestClient) -> None:
    assert "content-security-policy" in client.get("/", headers={"host": "evil.example"}).headers


def test_unforeseen_errors_tell_nothing(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(settings)

    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("a secret of the server")

    client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    answer = client.get("/v1/broken")
    assert answer.status_code == 500
    assert answer.json()["detail"] == "the server failed at this; its log says where"
    assert "content-security-policy" in answer.headers
    assert "a secret" not in answer.text
    assert "RuntimeError at GET /v1/broken" in caplog.text
    assert "a secret" not in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (OSError(errno.ENOSPC, "No space left", "/secret"), 507, "the disk of the server is full"),
        (OutputError("/secret cannot be written"), 507, "the disk of the server cannot be written"),
        (AssetError("/secret is missing"), 503, "a model of the server is missing"),
        (sqlite3.OperationalError("database is locked"), 503, "the database of the server is busy"),
        (OSError(errno.EIO, "secret"), 500, "the server failed at this"),
    ],
)
def test_trouble_of_the_machine(settings: Settings, error: Exception, status: int, told: str) -> None:
    app = create_app(settings)

    @app.get("/v1/broken")
    def broken() -> None:
        raise error

    answer = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False).get("/v1/broken")
    assert answer.status_code == status
    assert answer.json()["detail"].startswith(told)
    assert "secret" not in answer.text
    assert ("retry-after" in answer.headers) == (status != 500)


def test_problems_are_bounded() -> None:
    assert len(bytes(response(422, "x" * 10_000).body)) < 1000


def test_wrong_methods_and_addresses(client: TestClient) -> None:
    answer = client.put("/v1/jobs")
    assert answer.status_code == 405
    assert answer.json()["detail"] == "PUT is not allowed at this address; /openapi.json lists what is"
    assert client.get("/v1/session").status_code == 405
    assert client.get("/v1/nothing").json()["detail"].startswith("there is nothing at this address")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> TestClient:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>mien</title>")
    (folder / "assets" / "app-DEHraVg1.js").write_text("let mien = 1;\n" * 200)
    (folder / "assets" / "odd.exe").write_text("x")
    (tmp_path / "secret.txt").write_text("secret")
    original = pages.router
    monkeypatch.setattr(pages, "router", lambda: original(folder))
    return TestClient(create_app(settings), base_url=ADDRESS)


def test_page(page: TestClient) -> None:
    for path in ("/", "/app/", "/app/index.html"):
        answer = page.get(path)
        assert answer.text.startswith("<!doctype html>"), path
        assert answer.headers["cache-control"] == "no-cache"
    script = page.get("/app/assets/app-DEHraVg1.js", headers={"accept-encoding": "gzip"})
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-encoding"] == "gzip"
    assert int(script.headers["content-length"]) < 200
    plain = page.get("/app/assets/app-DEHraVg1.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == script.text


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "assets/odd.exe", "assets"])
def test_only_files_of_the_page(page: TestClient, path: str) -> None:
    answer = page.get(f"/app/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_page_that_is_not_built_says_so(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = pages.router
    monkeypatch.setattr(pages, "router", lambda: original(tmp_path / "nothing"))
    answer = TestClient(create_app(settings), base_url=ADDRESS).get("/")
    assert answer.status_code == 503
    assert "The page is not built" in answer.text


def test_default_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "mien"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".local" / "share" / "mien"


JOB = Job("id", "a", None, "waiting", 0.0, None, None, 0.0, None, None, None, JobOptions())


def events(jobs: list[Job | Exception], ended: threading.Event, most: int = 20) -> list[str]:
    waiting = iter(jobs)

    def look() -> Job:
        job = next(waiting)
        if isinstance(job, Exception):
            raise job
        return job

    async def run() -> list[str]:
        found = []
        async for event in follow(look, lambda job: f"{job.state} {job.done:g}", ended.is_set):
            found.append(event)
            if len(found) >= most:
                ended.set()
        return found

    return asyncio.run(run())


def test_events_tell_changes_until_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mien.serve.events.EVERY", 0.001)
    running = replace(JOB, state="running", done=1.0)
    jobs = [JOB, JOB, running, running, replace(running, done=2.0), replace(JOB, state="done"), JOB]
    told = [f"event: job\ndata: {text}\n\n" for text in ("waiting 0", "running 1", "running 2", "done 0")]
    assert events(list(jobs), threading.Event()) == told


def test_events_beat_and_end_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mien.serve.events.EVERY", 0.001)
    monkeypatch.setattr("mien.serve.events.HEARTBEAT", 0.0)
    assert events([JOB] * 9, threading.Event(), most=3)[1:] == [": still there\n\n"] * 2


def test_events_of_a_deleted_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mien.serve.events.EVERY", 0.001)
    assert events([JOB, UnknownJobError("id")], threading.Event())[-1] == "event: gone\ndata: {}\n\n"


def test_problem_of_a_handshake_without_the_extension() -> None:
    sent = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(Problem(421, "no").answer({"type": "websocket", "extensions": None}, send, send))  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": ""}]
