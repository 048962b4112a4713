"""What the rows of a corpus depend on, beside its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mien.agent.team import Team, choose
from mien.errors import OptionError
from mien.version import __version__

__all__ = ["Settings"]

THREADS = 1
"""Threads of each model: workers share the processors, and no row may depend on how many there are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of a run.

    Args:
        modalities: Among text, speech and face; ``None`` for all that a file holds.
        open_only: Leave out models whose training data allow no commercial use.
        shard_size: Most files a shard has.
        models: Names or folders of models to use instead of the default ones, at most one a modality.

    Raises:
        OptionError: A modality is unknown, or the size is below 1.
    """

    modalities: tuple[str, ...] | None = None
    open_only: bool = False
    shard_size: int = 256
    models: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.shard_size < 1:
            raise OptionError(f"a shard size of {self.shard_size} was given; allowed: 1 or more files")

    def team(self) -> Team:
        """Return the perceivers, as every worker builds them.

        Raises:
            OptionError: A modality is unknown, or a model is of none that is read.
            UnknownNameError: There is no such model.
            AssetError: A model is missing or altered.
        """
        return choose(self.modalities, models=self.models, open_only=self.open_only, threads=THREADS)

    def facts(self, team: Team) -> Mapping[str, Any]:
        """Return the options with the version of mien and the hashes of the models: what tells runs apart."""
        lists = {"modalities": None if self.modalities is None else list(self.modalities), "models": list(self.models)}
        options = {**asdict(self), **lists}
        return {"mien": __version__, "options": options, "models": _models(team)}


def _models(team: Team) -> list[dict[str, Any]]:
    infos = {info.name: info for modality in sorted(team.perceivers) for info in team.infos(modality)}
    return [
        {
            "name": info.name,
            "version": info.version,
            "line": info.line,
            "sha256": {item.name: item.sha256 for item in info.files},
        }
        for info in infos.values()
    ]
