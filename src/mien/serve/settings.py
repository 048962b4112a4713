"""What a server is told when it starts: where it listens, where it keeps its data, and how much it takes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["DAY", "Limits", "Settings", "default_folder"]

DAY = 86_400.0
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one server takes.

    Args:
        upload_bytes: Largest body of an upload.
        text_bytes: Largest text, chat log or transcript.
        json_bytes: Largest body of JSON.
        duration: Longest recording, in seconds.
        picture_pixels: Most pixels of a photograph.
        frame_pixels: Most pixels of a picture of a video.
        turns: Most turns of a conversation that is answered at once.
        waiting: Most jobs that may wait.
        uploads: Most uploads of one client at a time.
        idle: Longest silence within a body, in seconds.
        pace: Slowest body, in bytes a second, counted after ``idle`` seconds.
        streams: Most WebSocket streams at a time.
        connections: Most connections at a time.
    """

    upload_bytes: int = 2048 * MIB
    text_bytes: int = 8 * MIB
    json_bytes: int = 8 * MIB
    duration: float = 4 * 3600.0
    picture_pixels: int = 50_000_000
    frame_pixels: int = 9_000_000
    turns: int = 500
    waiting: int = 100
    uploads: int = 4
    idle: float = 20.0
    pace: float = 1024.0
    streams: int = 256
    connections: int = 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server is told when it starts.

    Args:
        data: Folder of jobs, their files and results; nothing is written anywhere else.
        host: Address that it listens at.
        port: Port that it listens at.
        token: What a client must know; ``None`` where only this machine can reach the server.
        keep: How long results are kept, in seconds; ``None`` for ever.
        workers: Processes that run jobs; 0 runs none.
        allow_hosts: Further names, or names with a port, by which clients may call the server.
        models: Folders of models that read in place of the default ones of their modalities.
        limits: How much it takes.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8765
    token: str | None = None
    keep: float | None = DAY
    workers: int = 2
    allow_hosts: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


def default_folder() -> Path:
    """Return where this user's programs keep their data: ``XDG_DATA_HOME``, or the place of the platform."""
    named = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    if named and Path(named).is_absolute():
        return Path(named) / "mien"
    return Path.home() / ".local" / "share" / "mien"
