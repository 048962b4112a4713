"""The description of the API, changed only on purpose: rewrite it with ``python tests/snapshot/test_openapi.py``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mien.serve.app import create_app
from mien.serve.examples import EXAMPLES
from mien.serve.settings import Settings

FILE = Path(__file__).with_name("openapi.json")
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def described() -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        return create_app(Settings(Path(folder) / "data", workers=0)).openapi()


def operations(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in whole["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def has_example(content: dict[str, Any], whole: dict[str, Any]) -> bool:
    schema = content.get("schema", {})
    if schema.get("format") == "binary" or "example" in content:
        return True
    name = schema.get("$ref", "").rpartition("/")[2]
    return bool(whole["components"]["schemas"].get(name, {}).get("examples"))


def test_openapi() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(described()))


def test_every_route_is_described() -> None:
    found = dict(operations(described()))
    assert len(found) >= 18
    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    for name, operation in found.items():
        assert operation["summary"], name
        assert operation["description"].endswith("."), name
        assert operation["tags"], name


def test_every_body_has_an_example() -> None:
    whole = described()
    for name, operation in operations(whole):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (content for body in bodies for content in body.get("content", {}).items()):
            if content[0] != "text/html":
                assert has_example(content[1], whole), (name, content[0])


def test_every_error_is_a_problem() -> None:
    for name, operation in operations(described()):
        assert {"400", "401", "403", "413", "421"} <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            if status >= "400" and name != "get /readyz":
                assert answer["content"].keys() == {"application/problem+json"}, (name, status)
                assert answer["content"]["application/problem+json"]["schema"] == PROBLEM


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_examples_are_valid(name: str) -> None:
    whole = described()
    schema = {"$ref": f"#/components/schemas/{name}", "components": whole["components"]}
    Draft202012Validator(schema).validate(EXAMPLES[name])


def test_every_reference_leads_somewhere() -> None:
    whole = described()

    def check(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                assert value["$ref"].rpartition("/")[2] in whole["components"]["schemas"], value["$ref"]
            for item in value.values():
                check(item)
        elif isinstance(value, list):
            for item in value:
                check(item)

    check(whole)


if __name__ == "__main__":
    FILE.write_text(json.dumps(described(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
