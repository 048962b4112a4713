"""What a job is, as it is told to those who ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mien.errors import MienError, UnknownNameError

__all__ = ["STATES", "Hold", "Job", "JobOptions", "State", "UnknownJobError"]

State = Literal["waiting", "running", "done", "failed"]
STATES: tuple[State, ...] = ("waiting", "running", "done", "failed")


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What a client asked for.

    Args:
        modalities: Among text, speech and face; ``None`` is all that the source holds.
        open_only: Leave out models whose training data allow no commercial use.
    """

    modalities: tuple[str, ...] | None = None
    open_only: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One analysis that was asked for, at the moment it was looked up.

    Args:
        id: Its name in addresses: random, so that it cannot be guessed.
        name: What the client calls the source; never part of a path.
        kind: What the source is, such as ``"video"``, where it is known.
        state: Where it stands.
        done: How much is done, in the unit of the timeline (seconds or characters).
        total: How much there is, where it is known.
        error: Why it failed, in one sentence.
        created: When it was added, in seconds since 1970, as the three that follow.
        started: When a worker last began it.
        finished: When it was done or failed.
        expires: When it will be deleted; ``None`` before it is finished, and where nothing expires.
        options: What the client asked for.
        attempt: How often a worker began it; a worker may only finish the attempt that it began.
    """

    id: str
    name: str
    kind: str | None
    state: State
    done: float
    total: float | None
    error: str | None
    created: float
    started: float | None
    finished: float | None
    expires: float | None
    options: JobOptions
    attempt: int = 0

    @property
    def over(self) -> bool:
        """Whether it is done or failed, so that nothing of it will change."""
        return self.state in ("done", "failed")


@dataclass(frozen=True, slots=True)
class Hold:
    """What a worker works on.

    Args:
        job: The job.
        beat: A number that grows whenever the worker reports.
    """

    job: Job
    beat: int


class UnknownJobError(UnknownNameError):
    """An id that no job has; it names no others, because an id is all that keeps a job from strangers.

    Args:
        id: The id as given.
    """

    def __init__(self, id: str) -> None:  # noqa: A002 - it is called id everywhere else
        MienError.__init__(self, f"no job has the id {id[:64]!r}: it was deleted, it expired, or there never was one")
