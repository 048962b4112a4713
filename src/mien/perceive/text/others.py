"""Which texts another installed model reads better than the English one: those in its languages."""

from __future__ import annotations

from pathlib import Path

from mien.perceive.text.ngrams import Ngrams
from mien.runtime import Asset, find_assets

__all__ = ["Claims", "claimants"]


class Claims:
    """Tells whether a text is in a language of a model rather than in English.

    Args:
        path: A linear model over character n-grams with one output, the log odds of it.
    """

    def __init__(self, path: Path) -> None:
        self._ngrams = Ngrams.read(path)

    def holds(self, text: str) -> bool:
        """Return whether the model claims the text."""
        return bool(self._ngrams.logits(text)[0] > 0)


def claimants() -> dict[str, Claims]:
    """Return the installed text models of other languages by name, with what tells which texts are theirs."""
    found = {name: _claims(asset) for name, asset in find_assets().items() if asset.info.modality == "text"}
    return {name: claims for name, claims in found.items() if claims is not None}


def _claims(asset: Asset) -> Claims | None:
    name = asset.info.options.get("claims")
    return Claims(asset.file(str(name))) if name else None
