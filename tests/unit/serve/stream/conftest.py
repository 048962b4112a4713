from __future__ import annotations

from collections.abc import Iterator

import pytest

from mien.serve.stream import StreamLimits, Streams

from .client import serving

Served = tuple[str, Streams]


@pytest.fixture(scope="package")
def served() -> Iterator[Served]:
    """A server of streams that takes little at a time."""
    with serving(StreamLimits(idle=20.0, picture_bytes=300_000, audio_bytes=200_000, text_bytes=20_000)) as served:
        yield served
