"""Which perceivers take part in an analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mien.errors import OptionError
from mien.perceive import Perceiver
from mien.registry import build
from mien.runtime import ModelInfo
from mien.types import ModelUse

__all__ = ["MODALITIES", "Team", "choose"]

MODALITIES = ("text", "speech", "face")
DEFAULTS: Mapping[str, str] = {modality: f"{modality}/affect" for modality in MODALITIES}


@dataclass(frozen=True, slots=True)
class Team:
    """The perceivers of an analysis, by modality, built once and used for every source.

    Args:
        perceivers: Modality to perceiver.
        left_out: Sentences that say which modality has no perceiver, and why.
    """

    perceivers: Mapping[str, Perceiver[Any]]
    left_out: tuple[str, ...] = ()

    def infos(self, modality: str) -> tuple[ModelInfo, ...]:
        """Return the cards of the models behind one modality."""
        return self.perceivers[modality].infos


def choose(modalities: Sequence[str] | None = None, *, open_only: bool = False, threads: int | None = None) -> Team:
    """Build the perceivers of these modalities, by default of all.

    Args:
        modalities: Among text, speech and face.
        open_only: Leave out every perceiver that needs a research model.
        threads: Threads that each model may use; by default the machine's processors, at most two.

    Raises:
        OptionError: A modality is unknown.
        AssetError: A model is missing or altered.
    """
    wanted = _checked(modalities)
    perceivers = {modality: build("perceiver", DEFAULTS[modality], threads=threads) for modality in wanted}
    if not open_only:
        return Team(perceivers)
    kept = {name: perceiver for name, perceiver in perceivers.items() if not research(perceiver.infos)}
    return Team(kept, tuple(f"{name} is left out: it has no open model" for name in wanted if name not in kept))


def research(infos: Sequence[ModelInfo]) -> list[str]:
    """Return the names of the models that are not open."""
    return [info.name for info in infos if info.line != "open"]


def uses(infos: Sequence[ModelInfo]) -> tuple[ModelUse, ...]:
    """Return how an analysis names its models."""
    return tuple(ModelUse(info.name, info.version, info.line, info.licence) for info in infos)


def _checked(modalities: Sequence[str] | None) -> list[str]:
    if modalities is None:
        return list(MODALITIES)
    unknown = [name for name in modalities if name not in MODALITIES]
    if unknown or not modalities:
        given = unknown[0] if unknown else ""
        raise OptionError(f"the modality {given!r} was asked for; allowed: {', '.join(MODALITIES)}")
    return list(dict.fromkeys(modalities))
