"""A server without workers, whose jobs a test finishes itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from mien.serve.app import create_app
from mien.serve.jobs import JobStore
from mien.serve.settings import Limits, Settings
from mien.types import Affect, Analysis, Dimension, Distribution, Source, Span, Track
from mien.types.taxonomies import GOEMOTIONS28

ADDRESS = "http://127.0.0.1:8765"
TOKEN = "a-token-that-is-long-enough"
LIMITS = Limits(
    upload_bytes=200_000,
    text_bytes=5_000,
    json_bytes=20_000,
    duration=3.0,
    picture_pixels=10_000,
    frame_pixels=10_000,
    turns=5,
    waiting=4,
    uploads=2,
    idle=0.3,
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=0, limits=LIMITS)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url=ADDRESS) as found:
        yield found


@pytest.fixture
def store(client: TestClient) -> JobStore:
    found: JobStore = client.app.state.parts.store  # type: ignore[attr-defined]
    return found


@pytest.fixture
def finish(store: JobStore) -> Callable[[str, Analysis], None]:
    def finish(identity: str, analysis: Analysis) -> None:
        job = store.claim("a-test")
        assert job is not None
        assert job.id == identity
        assert store.finish(job, analysis.to_json())

    return finish


@pytest.fixture
def analysis() -> Analysis:
    share = [0.0] * len(GOEMOTIONS28)
    share[GOEMOTIONS28.index("joy")] = 0.9
    affect = Affect(
        Distribution(GOEMOTIONS28, share),  # type: ignore[arg-type]
        valence=Dimension(0.6, 0.2),
        span=Span(0, 11, "characters"),
        confidence=0.8,
    )
    return Analysis(
        Source("note.txt", "text", "characters", 11),
        tracks=(Track("writer", "text", (affect,)),),
        fused=(Track("writer", "fused", (affect,)),),
    )
