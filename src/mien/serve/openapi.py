"""The description of the API: complete, with the published schema of an analysis, and every error as a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

import mien
from mien.io.json import schema as analysis_schema
from mien.serve.examples import EXAMPLES
from mien.serve.shapes import NewWords, Problem

__all__ = ["SUMMARY", "TITLE", "describer"]

TITLE = "mien"
SUMMARY = "Emotion in text, speech and faces, as one timeline per person."
DESCRIPTION = """\
Send a file or words as a job, follow it, and get the analysis in many formats. Everything stays on the machine of the
server; no address that a client gives is ever fetched. Errors are `application/problem+json` (RFC 9457).

Where the server has a token, send `Authorization: Bearer TOKEN`, or get a cookie for it from `POST /v1/session`.
Live audio and video go over the WebSocket `/v1/stream`, which OpenAPI cannot describe.
"""
REFS = "#/components/schemas/{model}"
TAGS = [
    {"name": "jobs", "description": "What is to be analysed, and how far it is."},
    {"name": "results", "description": "What came of it."},
    {"name": "conversations", "description": "Turns that are answered at once."},
    {"name": "models", "description": "What is installed."},
    {"name": "server", "description": "What the server takes, and who may use it."},
    {"name": "health", "description": "For those who run it."},
]


def describer(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what describes an application; it is described once."""
    found: dict[str, Any] = {}

    def describe() -> dict[str, Any]:
        if not found:
            found.update(_described(app))
        return found

    return describe


def _described(app: FastAPI) -> dict[str, Any]:
    whole = get_openapi(
        title=TITLE,
        version=mien.__version__,
        summary=SUMMARY,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = whole.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for model in (NewWords, Problem):
        _add(schemas, model.__name__, model.model_json_schema(ref_template=REFS))
    _add(schemas, "Analysis", _rebased(analysis_schema()))
    schemas["Conversation"]["properties"]["analysis"] = {"$ref": "#/components/schemas/Analysis"}
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "mien-session"},
    }
    whole["security"] = [{}, {"token": []}, {"session": []}]
    return whole


def _add(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    for inner, definition in schema.pop("$defs", {}).items():
        schemas.setdefault(inner, definition)
    schemas[name] = schema


def _rebased(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an analysis with its inner names moved to where OpenAPI keeps them."""
    inner = {name: f"Analysis{name[:1].upper()}{name[1:]}" for name in schema.get("$defs", {})}

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: _moved_ref(item, inner) if key == "$ref" else moved(item) for key, item in value.items()}
        return [moved(item) for item in value] if isinstance(value, list) else value

    plain = {key: value for key, value in schema.items() if key not in ("$schema", "$id", "$defs")}
    result: dict[str, Any] = moved(plain)
    result["$defs"] = {inner[name]: moved(definition) for name, definition in schema.get("$defs", {}).items()}
    return result


def _moved_ref(reference: object, inner: dict[str, str]) -> object:
    name = str(reference).removeprefix("#/$defs/")
    return f"#/components/schemas/{inner[name]}" if name in inner else "#/components/schemas/Analysis"
