"""Keep libav from writing to standard error while mien decodes.

Nothing changes before the first use or after the last.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet"]

_lock = threading.Lock()
_state: dict[str, int | None] = {"users": 0, "before": None}


@contextmanager
def quiet() -> Iterator[None]:
    """Silence libav within the block; blocks may overlap, as lazy decoders do."""
    import av.logging

    with _lock:
        if not _state["users"]:
            _state["before"] = av.logging.get_level()
            av.logging.set_level(None)
        _state["users"] = (_state["users"] or 0) + 1
    try:
        yield
    finally:
        with _lock:
            _state["users"] = (_state["users"] or 0) - 1
            if not _state["users"]:
                av.logging.set_level(_state["before"])
