"""The models that a server knows: those that its operator named, and those that are installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mien.runtime import Asset, find_asset, find_assets

__all__ = ["Listed", "listed"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A model of a server.

    Args:
        asset: The model.
        chosen: Whether the operator named it, so that it reads in place of the default of its modality.
    """

    asset: Asset
    chosen: bool


def listed(models: Sequence[str]) -> dict[str, Listed]:
    """Return the models by the names of their cards: those named first, then the installed ones.

    Args:
        models: Names or folders that the operator gave; such a model hides an installed one of its name.

    Raises:
        AssetError: A card cannot be read.
    """
    own = {asset.info.name: Listed(asset, chosen=True) for asset in map(find_asset, models)}
    return own | {name: Listed(asset, chosen=False) for name, asset in find_assets().items() if name not in own}
