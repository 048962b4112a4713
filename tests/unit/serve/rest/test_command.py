"""``mien serve``: what it takes and what it refuses."""

from __future__ import annotations

import builtins
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mien.cli.main import run
from mien.errors import OptionError
from mien.serve import command, server
from mien.serve.settings import Settings


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """What the server was told; it starts and ends at once."""
    found: list[Settings] = []

    def serve(settings: Settings, *, started: Callable[[Settings], None]) -> None:
        found.append(settings)
        started(settings)

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.delenv("MIEN_TOKEN", raising=False)
    return found


def test_defaults(asked: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    opened: list[str] = []
    monkeypatch.setattr(command.click, "launch", opened.append)
    assert run(["serve"]) == 0
    assert (asked[0].host, asked[0].port, asked[0].token, asked[0].keep) == ("127.0.0.1", 8765, None, 86400.0)
    assert opened == ["http://127.0.0.1:8765/"]
    assert capsys.readouterr().out.startswith("mien serves at http://127.0.0.1:8765/ and keeps its data in ")


def test_options(asked: list[Settings], tmp_path: Path) -> None:
    given = ["serve", "--no-browser", "--port", "9000", "--data", str(tmp_path), "--keep", "for-ever", "--workers", "3"]
    more = ["--allow-host", "mood.example", "--allow-host", "box:80", "--max-upload", "5", "--max-hours", "0.5"]
    assert run([*given, *more, "--max-waiting", "7", "--token", "short"]) == 0
    settings = asked[0]
    assert (settings.port, settings.data, settings.keep, settings.workers) == (9000, tmp_path, None, 3)
    assert settings.allow_hosts == ("mood.example", "box:80")
    assert settings.token == "short"
    limits = settings.limits
    assert (limits.upload_bytes, limits.duration, limits.waiting) == (5 * 2**20, 1800.0, 7)


def test_models_are_named_at_the_start(asked: list[Settings], mood: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mood.parent)
    assert run(["serve", "--no-browser", "--model", "mood"]) == 0
    assert asked[0].models == (str(mood),)


def test_another_address_needs_a_token(
    asked: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--no-browser", "--host", "0.0.0.0"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("mien: at 0.0.0.0 others can reach the server, so it needs --token or MIEN_TOKEN")
    assert told.count("\n") == 1
    assert run(["serve", "--no-browser", "--host", "0.0.0.0", "--token", "short"]) == 2
    assert "the token has 5 characters; it needs 16 or more" in capsys.readouterr().err
    assert asked == []
    monkeypatch.setenv("MIEN_TOKEN", "a-token-that-is-long-enough")
    assert run(["serve", "--no-browser", "--host", "0.0.0.0"]) == 0
    assert asked[0].token == "a-token-that-is-long-enough"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--keep", "0"], "--keep '0' was given; allowed: a number of hours above 0, or for-ever"),
        (["--keep", "soon"], "--keep 'soon'"),
        (["--model", "nobody"], "unknown model 'nobody'; known: "),
        (["--model", "."], "the model folder . has no card.toml"),
        (["--model", "face-expression", "--model", "face-expression"], "two models were given for face"),
        (["--keep", "nan"], "--keep 'nan'"),
        (["--allow-host", "http://x/"], "--allow-host 'http://x/' is no name"),
        (["--port", "70000"], "70000 is not in the range"),
        (["--workers", "0"], "0 is not in the range"),
    ],
)
def test_what_is_refused(
    options: list[str], told: str, asked: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", "--no-browser", *options]) == 2
    assert told in capsys.readouterr().err
    assert asked == []


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    original = builtins.__import__

    def missing(name: str, *given: Any, **options: Any) -> Any:
        if name == "mien.serve.server":
            raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")
        return original(name, *given, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    assert run(["serve", "--no-browser"]) == 2
    assert capsys.readouterr().err.strip().endswith("install it with: pip install 'mien[serve]'")


def test_bound() -> None:
    with server.bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(OptionError, match=f"port {port} of 127.0.0.1 is taken; give another with --port"):
            server.bound("127.0.0.1", port)
    with pytest.raises(OptionError, match=r"there is no address 'no\.such\.host\.invalid'|cannot be used"):
        server.bound("no.such.host.invalid", 0)
    with pytest.raises(OptionError, match=r"port 80 of 192\.0\.2\.1 cannot be used"):
        server.bound("192.0.2.1", 80)


def test_address() -> None:
    assert server.address(Settings(Path(), host="0.0.0.0", port=1)) == "http://127.0.0.1:1/"
    assert server.address(Settings(Path(), host="::", port=1)) == "http://[::1]:1/"
    assert server.address(Settings(Path(), host="mood.example", port=80)) == "http://mood.example:80/"


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_bound_to_the_newer_loopback() -> None:
    try:
        server.bound("::1", 0).close()
    except OptionError as error:
        pytest.skip(str(error))
