"""The tools over standard input and output, as an assistant's program calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

ROOT = Path(__file__).parents[4]
COMMAND = ["-m", "mien", "mcp", "--root", str(ROOT / "examples")]
TURNS = [
    {"speaker": "Ada", "text": "We won the prize!", "start": 0.0},
    {"speaker": "Ben", "text": "Oh no, I lost my keys.", "start": 3.0},
]


def session(task: Callable[[Client], Awaitable[Any]]) -> Any:
    """Run a task with a client whose server is a process of its own."""

    async def whole() -> Any:
        with open(os.devnull, "w") as silence:
            server = StdioServerParameters(command=sys.executable, args=COMMAND, cwd=ROOT)
            async with Client(stdio_client(server, errlog=silence)) as client:
                return await task(client)

    return anyio.run(whole)


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """One session with a call of every kind."""
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "text": ("analyze_text", {"text": "I love it. But then it broke, and I cried."}),
        "projected": ("analyze_text", {"text": "I love it.", "taxonomy": "sentiment3"}),
        "file": ("analyze_file", {"path": "talk.mp4"}),
        "words of a file": ("analyze_file", {"path": "dialogue.ogg", "modalities": ["text"]}),
        "turns": ("analyze_conversation", {"turns": TURNS}),
        "models": ("list_models", {}),
        "outside": ("analyze_file", {"path": "../README.md"}),
        "missing": ("analyze_file", {"path": "nothing.txt"}),
        "no argument": ("analyze_text", {}),
        "wrong turn": ("analyze_conversation", {"turns": [{"speaker": "Ada"}]}),
        "wrong modality": ("analyze_file", {"path": "talk.mp4", "modalities": ["smell"]}),
        "no turns": ("analyze_conversation", {"turns": []}),
        "empty": ("analyze_text", {"text": "  "}),
        "long": ("analyze_text", {"text": "so " * 100_000}),
        "wrong taxonomy": ("analyze_text", {"text": "Hi!", "taxonomy": "ekman8"}),
        "unknown": ("analyze_smell", {}),
    }

    async def task(client: Client) -> dict[str, Any]:
        found: dict[str, Any] = {"tools": (await client.list_tools()).tools, "instructions": client.instructions}
        for name, (tool, arguments) in calls.items():
            found[name] = await client.call_tool(tool, arguments)
        return found

    answer: dict[str, Any] = session(task)
    return answer


def test_tools_describe_themselves(answers: dict[str, Any]) -> None:
    tools = {tool.name: tool for tool in answers["tools"]}
    assert set(tools) == {"analyze_text", "analyze_file", "analyze_conversation", "list_models"}
    for tool in tools.values():
        assert tool.description.endswith(".")
        assert tool.output_schema
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
    assert "not what a person feels" in answers["instructions"]


def test_text(answers: dict[str, Any]) -> None:
    found = answers["text"].structured_content
    assert [passage["label"] for passage in found["passages"]] == ["love", "sadness"]
    assert found["passages"][1]["text"] == "But then it broke, and I cried."
    (person,) = found["persons"]
    assert person["modalities"] == ["text"]
    assert -1 <= person["valence"]["mean"] <= 1
    assert "not what a person feels" in found["notes"][0]
    assert json.loads(answers["text"].content[0].text) == found


def test_projection_is_named(answers: dict[str, Any]) -> None:
    found = answers["projected"].structured_content
    assert found["taxonomies"] == ["sentiment3"]
    assert found["persons"][0]["labels"][0]["label"] == "positive"
    assert any("were projected from goemotions28 onto sentiment3" in note for note in found["notes"])


def test_file_is_concise_and_names_its_models(answers: dict[str, Any]) -> None:
    found = answers["file"].structured_content
    (person,) = found["persons"]
    assert person["modalities"] == ["face", "speech", "text"]
    assert {passage["person"] for passage in found["passages"]} == {person["person"]}
    assert any(model.startswith("speech-base ") and "research" in model for model in found["models"])
    assert any("research models took part" in note for note in found["notes"])
    assert len(answers["file"].content[0].text) < 10_000
    assert found["source"] == "talk.mp4"


def test_modalities_are_chosen(answers: dict[str, Any]) -> None:
    found = answers["words of a file"].structured_content
    assert {modality for person in found["persons"] for modality in person["modalities"]} == {"text"}


def test_conversation_has_every_turn(answers: dict[str, Any]) -> None:
    found = answers["turns"].structured_content
    passages = found["digest"]["passages"]
    assert [(each["person"], each["text"]) for each in passages] == [(turn["speaker"], turn["text"]) for turn in TURNS]
    assert passages[0]["valence"] > 0 > passages[1]["valence"]
    assert found["digest"]["unit"] == "seconds"
    assert {(each["source"], each["target"]) for each in found["influence"]} <= {("Ada", "Ben"), ("Ben", "Ada")}
    assert all("too few exchanges" in each["note"] for each in found["influence"])


def test_models_have_limits(answers: dict[str, Any]) -> None:
    models = {model["name"]: model for model in answers["models"].structured_content["models"]}
    assert {"text-affect", "speech-base", "face-expression"} <= set(models)
    assert models["speech-base"]["line"] == "research"
    assert all(model["limits"] and model["not_for"] and model["licence"] for model in models.values())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("outside", "../README.md lies outside the folders that may be read"),
        ("missing", "nothing.txt does not exist in the folders that may be read"),
        ("no argument", "analyze_text was called with a wrong text: field required"),
        ("wrong turn", "analyze_conversation was called with a wrong turns.0.text: field required"),
        ("wrong modality", "analyze_file was called with a wrong modalities.0: input should be 'text', 'speech' or"),
        ("no turns", "0 turns were given; allowed: 1 to 500"),
        ("empty", "an empty text was given; give some words"),
        ("long", "a text of 300,000 characters was given; allowed: 200,000"),
        ("wrong taxonomy", "unknown taxonomy 'ekman8'; known: ekman7"),
        ("unknown", "Unknown tool: analyze_smell"),
    ],
)
def test_errors_are_one_sentence(answers: dict[str, Any], name: str, text: str) -> None:
    result = answers[name]
    assert result.is_error
    (content,) = result.content
    assert content.text.startswith(text)
    assert "\n" not in content.text
    assert "Traceback" not in content.text


def test_progress_is_told_and_a_cancelled_call_ends() -> None:
    async def task(client: Client) -> tuple[list[tuple[float, float | None]], Any]:
        told: list[tuple[float, float | None]] = []

        async def hear(done: float, total: float | None, message: str | None) -> None:
            told.append((done, total))

        await client.call_tool("analyze_file", {"path": "talk.mp4"}, progress_callback=hear)
        with anyio.move_on_after(0.3):
            await client.call_tool("analyze_file", {"path": "talk.mp4"})
        return told, await client.call_tool("analyze_text", {"text": "Still there!"}, read_timeout_seconds=30)

    told, after = session(task)
    assert told
    assert all(total is not None and 0 <= done <= total for done, total in told)
    assert not after.is_error


def test_only_the_protocol_is_on_standard_output(tmp_path: Path) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "analyze_file", "arguments": {"path": "talk.mp4"}},
        },
    ]
    with subprocess.Popen(
        [sys.executable, *COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("".join(json.dumps(message) + "\n" for message in messages))
        process.stdin.flush()
        lines = [process.stdout.readline(), process.stdout.readline()]
        process.stdin.close()
        lines += process.stdout.readlines()
        assert process.wait(timeout=30) == 0
    assert [json.loads(line)["id"] for line in lines] == [1, 2]
    assert json.loads(lines[1])["result"]["structuredContent"]["persons"]


def test_roots_are_checked_before_serving() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mien", "mcp", "--root", "/no/such/folder"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "mien: the root /no/such/folder was given; it must be a folder that exists\n"


def test_models_are_checked_before_serving() -> None:
    command = [sys.executable, "-m", "mien", "mcp", "--model", "face-finder"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    told = "mien: the model 'face-finder' reads no affect of its own; allowed: one that answers in labels\n"
    assert done.stderr == told


WITHOUT = """
import sys
sys.modules["mcp"] = None
from mien.cli.main import run
sys.exit(run(["mcp"]))
"""


def test_without_the_package_the_extra_is_named() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "mien: mien mcp needs the extra 'serve'; install it with: pip install 'mien[serve]'\n"
