"""Models: folders with a card and ONNX graphs, found by name and checked by hash."""

from mien.runtime.assets import Asset, find_asset, find_assets, find_fitting, open_asset
from mien.runtime.card import ModelInfo, read_card
from mien.runtime.model import Model, load

__all__ = [
    "Asset",
    "Model",
    "ModelInfo",
    "find_asset",
    "find_assets",
    "find_fitting",
    "load",
    "open_asset",
    "read_card",
]
