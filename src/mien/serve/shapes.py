"""The JSON that clients send and get."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from mien.serve.jobs import Job, State

__all__ = [
    "Conversation",
    "Health",
    "Influence",
    "Info",
    "JobJson",
    "JobList",
    "Links",
    "NewConversation",
    "NewWords",
    "Problem",
    "Readiness",
    "TokenGiven",
    "TurnGiven",
]


def _without_nul(given: str) -> str:
    if "\x00" in given:
        raise ValueError("it holds NUL characters")
    return given


Modality = Literal["text", "speech", "face"]
Modalities = Annotated[list[Modality], Field(min_length=1, max_length=3)]
LONGEST_TEXT = 4_000_000
LONGEST_SPEAKER = 200
MOST_TURNS = 20_000
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_without_nul)]


class Given(BaseModel):
    """What a client sends: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class TurnGiven(Given):
    """One turn of a conversation."""

    speaker: Annotated[str, StringConstraints(max_length=LONGEST_SPEAKER)] | None = None
    text: Text
    start: Annotated[float, Field(ge=0, le=1e9)] | None = None
    end: Annotated[float, Field(ge=0, le=1e9)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end is not None and (self.start is None or self.end < self.start):
            raise ValueError("a turn that has an end needs a start that is not after it")
        return self


class NewWords(Given):
    """A text, or the turns of a conversation, to be analysed as a job."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "What a day! I cannot believe we won."},
                {"turns": [{"speaker": "Ada", "text": "We won!"}, {"speaker": "Ben", "text": "I had lost all hope."}]},
            ]
        }
    )

    text: Text | None = None
    turns: Annotated[list[TurnGiven], Field(min_length=1, max_length=MOST_TURNS)] | None = None
    name: Annotated[str, StringConstraints(max_length=1000)] | None = None
    modalities: Modalities | None = None
    open_only: bool = False

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.text is None) == (self.turns is None):
            raise ValueError("give either text or turns")
        return self


class NewConversation(Given):
    """The turns of a conversation, answered at once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"turns": [{"speaker": "Ada", "text": "We won!"}, {"speaker": "Ben", "text": "I had lost all hope."}]}
            ]
        }
    )

    turns: Annotated[list[TurnGiven], Field(min_length=1, max_length=500)]
    modalities: Annotated[list[Literal["text"]], Field(min_length=1, max_length=1)] | None = None
    open_only: bool = False


class TokenGiven(Given):
    """The token of the server."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "correct-horse-battery-staple"}]})

    token: Annotated[str, StringConstraints(max_length=1000)]


class Progress(BaseModel):
    """How much is done, in seconds or characters of the source."""

    done: float
    total: float | None


class Options(BaseModel):
    """What was asked for."""

    modalities: list[Modality] | None
    open_only: bool


class Links(BaseModel):
    """Where the parts of a job are."""

    self: str
    events: str
    analysis: str
    report: str
    media: str | None
    exports: dict[str, str]


class JobJson(BaseModel):
    """One analysis that was asked for."""

    id: str
    name: str
    kind: str | None
    state: State
    progress: Progress
    error: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None
    expires: datetime | None
    options: Options
    links: Links

    @classmethod
    def of(cls, job: Job, formats: list[str]) -> Self:
        """Return what is told of a job."""
        here = f"/v1/jobs/{job.id}"
        links = Links(
            self=here,
            events=f"{here}/events",
            analysis=f"{here}/analysis",
            report=f"{here}/report",
            media=f"{here}/media" if job.kind in ("audio", "video", "image") else None,
            exports={name: f"{here}/exports/{name}" for name in formats},
        )
        return cls.model_validate(
            {
                "id": job.id,
                "name": job.name,
                "kind": job.kind,
                "state": job.state,
                "progress": {"done": job.done, "total": job.total},
                "error": job.error,
                "created": _time(job.created),
                "started": _time(job.started),
                "finished": _time(job.finished),
                "expires": _time(job.expires),
                "options": {"modalities": job.options.modalities, "open_only": job.options.open_only},
                "links": links,
            },
            strict=False,
        )


class JobList(BaseModel):
    """Jobs, the newest first."""

    jobs: list[JobJson]


class Influence(BaseModel):
    """How one person's valence goes with that of another in the turn before."""

    source: str = Field(serialization_alias="from")
    to: str
    n: int
    shift: float | None
    lower: float | None
    upper: float | None
    note: str


class Conversation(BaseModel):
    """What was said, and who moves whom; ``analysis`` is of the published schema."""

    analysis: dict[str, object]
    influence: list[Influence]


class FormatInfo(BaseModel):
    """A format of exports; ``available`` says whether what it needs is installed."""

    name: str
    ending: str
    label: str
    available: bool


class Info(BaseModel):
    """What this server is and takes."""

    version: str
    limits: dict[str, float]
    formats: list[FormatInfo]
    modalities: list[Modality]
    token_needed: bool
    keep_hours: float | None


class Health(BaseModel):
    """That the process is up."""

    alive: bool


class Readiness(BaseModel):
    """Whether the server can work: each part, and whether it is well."""

    ready: bool
    workers: bool
    disk: bool
    models: bool


class Problem(BaseModel):
    """What was wrong with a request (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Unsupported Media Type",
                    "status": 415,
                    "detail": "notes.pdf is a PDF, which mien does not read; allowed: text (.txt, .md), ...",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
