"""Which perceivers take part in an analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mien.errors import OptionError
from mien.perceive import Perceiver
from mien.registry import build
from mien.runtime import ModelInfo, find_asset
from mien.types import ModelUse

__all__ = ["MODALITIES", "Team", "choose", "fitting", "settle"]

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

    def only(self, modalities: Sequence[str] | None = None, *, open_only: bool = False) -> Team:
        """Return the part of the team that reads these modalities, as `choose` would build it.

        Raises:
            OptionError: A modality is unknown.
        """
        wanted = [name for name in _checked(modalities) if name in self.perceivers]
        kept = [name for name in wanted if not (open_only and research(self.infos(name)))]
        told = tuple(f"{name} is left out: it has no open model" for name in wanted if name not in kept)
        return Team({name: self.perceivers[name] for name in kept}, self.left_out + told)


def choose(
    modalities: Sequence[str] | None = None,
    *,
    models: Sequence[str] = (),
    open_only: bool = False,
    threads: int | None = None,
) -> Team:
    """Build the perceivers of these modalities, by default of all.

    Args:
        modalities: Among text, speech and face.
        models: Names or folders of models to use instead of the default ones, at most one a modality, such as a folder
            that ``mien train`` wrote.
        open_only: Leave out every perceiver that needs a research model.
        threads: Threads that each model may use; by default the machine's processors, at most two.

    Raises:
        OptionError: A modality is unknown, or a model is given for one that is not read or that has one already.
        UnknownNameError: There is no such model.
        AssetError: A model is missing or altered.
    """
    wanted = _checked(modalities)
    own = _by_modality(models, wanted)
    perceivers = {
        modality: build("perceiver", DEFAULTS[modality], threads=threads, **own.get(modality, {}))
        for modality in wanted
    }
    return Team(perceivers).only(wanted, open_only=open_only)


def settle(models: Sequence[str]) -> tuple[str, ...]:
    """Check models that are named once and used for long, and return where they lie.

    Args:
        models: Names or folders, as `choose` takes them.

    Returns:
        Their folders as absolute paths, in the order given.

    Raises:
        OptionError: Two read the same modality, or one reads no affect.
        UnknownNameError: There is no such model.
        AssetError: A file of a model is missing or altered.
    """
    _by_modality(models, MODALITIES)
    assets = [find_asset(model) for model in models]
    for asset in assets:
        asset.check()
    return tuple(str(asset.folder.absolute()) for asset in assets)


def fitting(models: Sequence[str], modalities: Sequence[str] | None) -> tuple[str, ...]:
    """Return those of the models that read one of these modalities, where others may be asked for another time.

    Raises:
        OptionError: A modality is unknown.
    """
    wanted = _checked(modalities)
    return tuple(model for model in models if find_asset(model).info.modality in wanted)


def _by_modality(models: Sequence[str], wanted: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the options that name the model of each modality that has one of its own."""
    found: dict[str, dict[str, str]] = {}
    for model in models:
        info = find_asset(model).info
        if info.modality not in wanted:
            raise OptionError(f"the model {model!r} reads {info.modality}; the modalities read: {', '.join(wanted)}")
        if not info.taxonomies:
            raise OptionError(f"the model {model!r} reads no affect of its own; allowed: one that answers in labels")
        if info.modality in found:
            raise OptionError(f"two models were given for {info.modality}; allowed: one a modality")
        found[info.modality] = {"model": model}
    return found


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
