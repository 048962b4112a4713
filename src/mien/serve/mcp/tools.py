"""What the tools do, without the protocol."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from mien.agent import Team, analyze, choose, fitting
from mien.agent.conversing import analyze_turns
from mien.agent.projecting import project_analysis
from mien.errors import InputError
from mien.explain.influence import influence
from mien.runtime import ModelInfo
from mien.serve.mcp.digest import Digest, Exchange, digest
from mien.serve.mcp.roots import Roots
from mien.serve.models import Listed, listed
from mien.types import Analysis, Text
from mien.types.taxonomies import taxonomy as named

__all__ = ["Conversation", "Model", "Models", "Tools", "Turn"]

LONGEST_TEXT = 200_000
MOST_TURNS = 500
Modality = Literal["text", "speech", "face"]
Progress = Callable[[float, float | None], None]


class Turn(TypedDict):
    """One turn: the words, and where known who said them and when (seconds)."""

    text: str
    speaker: NotRequired[str | None]
    start: NotRequired[float | None]
    end: NotRequired[float | None]


class Conversation(TypedDict):
    """A conversation: its digest with every turn, and how each person's valence goes with that of another."""

    digest: Digest
    influence: list[Exchange]


class Model(TypedDict):
    """One model: what it reads, on which terms, how well it was measured, and what it must not be used for.

    Where `chosen`, it reads in place of the default of its modality.
    """

    name: str
    version: str
    modality: str
    line: str
    licence: str
    summary: str
    taxonomies: list[str]
    scores: list[str]
    limits: list[str]
    not_for: list[str]
    chosen: bool


class Models(TypedDict):
    """The models that the operator named, and those that are installed."""

    models: list[Model]


class Tools:
    """The tools, which share their models and work one at a time: each uses both processors.

    Args:
        roots: Which files may be read.
        models: Folders of models that read in place of the default ones of their modalities.
        open_only: Leave out models whose training data allow no commercial use.
    """

    def __init__(self, roots: Roots, *, models: Sequence[str] = (), open_only: bool = False) -> None:
        self._roots = roots
        self._models = tuple(models)
        self._open_only = open_only
        self._teams: dict[tuple[str, ...] | None, Team] = {}
        self._turn = threading.Lock()

    def text(self, text: str, taxonomy: str | None = None) -> Digest:
        """Return the digest of a text.

        Raises:
            InputError: The text is empty or too long.
            UnknownNameError: There is no such taxonomy.
        """
        if not text.strip():
            raise InputError("an empty text was given; give some words")
        if len(text) > LONGEST_TEXT:
            raise InputError(f"a text of {len(text):,} characters was given; allowed: {LONGEST_TEXT:,}, or use a file")
        with self._turn:
            analysis = analyze(Text(text), team=self._team(("text",)))
        return digest(_projected(analysis, taxonomy), name="text")

    def file(
        self,
        path: str,
        modalities: Sequence[Modality] | None = None,
        taxonomy: str | None = None,
        *,
        progress: Progress | None = None,
    ) -> Digest:
        """Return the digest of a file.

        Args:
            path: The file; a relative path is looked for in each root.
            modalities: Which to read; by default all that it holds.
            taxonomy: The labels to answer in.
            progress: Called now and then with how much is done, and how much there is; what it raises ends the work.

        Raises:
            InputError: The file lies outside the roots, or cannot be read.
            OptionError: A modality is unknown.
            UnknownNameError: There is no such taxonomy.
        """
        found = self._roots.find(path)
        with self._turn:
            team = self._team(tuple(modalities) if modalities else None)
            analysis = analyze(found, team=team, progress=progress)
        return digest(_projected(analysis, taxonomy), name=path)

    def conversation(self, turns: Sequence[Turn], taxonomy: str | None = None) -> Conversation:
        """Return the digest of a conversation, with every turn, and who moves whom.

        Raises:
            InputError: There are no words, or too many turns.
            UnknownNameError: There is no such taxonomy.
        """
        if not 1 <= len(turns) <= MOST_TURNS:
            raise InputError(f"{len(turns)} turns were given; allowed: 1 to {MOST_TURNS}")
        with self._turn:
            analysis = _projected(analyze_turns([dict(turn) for turn in turns], self._team(("text",))), taxonomy)
        found = influence([track for track in analysis.tracks if track.modality == "text"])
        return Conversation(
            digest=digest(analysis, name="conversation", every_passage=True),
            influence=[
                Exchange(
                    source=each.source,
                    target=each.target,
                    n=each.n,
                    shift=each.shift,
                    lower=each.lower,
                    upper=each.upper,
                    note=each.note,
                )
                for each in found
            ],
        )

    def models(self) -> Models:
        """Return the models that the operator named, and those that are installed."""
        return Models(models=[_model(each) for each in listed(self._models).values()])

    def _team(self, modalities: tuple[str, ...] | None) -> Team:
        if modalities not in self._teams:
            own = fitting(self._models, modalities)
            self._teams[modalities] = choose(modalities, models=own, open_only=self._open_only)
        return self._teams[modalities]


def _projected(analysis: Analysis, taxonomy: str | None) -> Analysis:
    return analysis if taxonomy is None else project_analysis(analysis, named(taxonomy))


def _model(model: Listed) -> Model:
    info: ModelInfo = model.asset.info
    return Model(
        name=info.name,
        version=info.version,
        modality=info.modality,
        line=info.line,
        licence=info.licence,
        summary=info.summary,
        taxonomies=list(info.taxonomies),
        scores=[f"{score.task} {score.metric} {score.value:.3f}" for score in info.scores if not score.note],
        limits=list(info.limits),
        not_for=list(info.not_for),
        chosen=model.chosen,
    )
