"""Where models lie: in the package, in other distributions, or in a folder that the user names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from pathlib import Path

from mien.errors import AssetError, OptionError, UnknownNameError
from mien.runtime.card import ModelInfo, read_card

__all__ = ["Asset", "find_asset", "find_assets", "find_fitting", "open_asset"]

GROUP = "mien.assets"


@dataclass(frozen=True, slots=True)
class Asset:
    """A model folder and its card."""

    folder: Path
    info: ModelInfo

    def file(self, name: str) -> Path:
        """Return the path of one file after checking its hash.

        Raises:
            AssetError: The card does not list the file, or the file is missing or altered.
        """
        listed = {item.name: item.sha256 for item in self.info.files}
        if name not in listed:
            raise AssetError(f"model {self.info.name} lists no file {name!r}; listed: {', '.join(sorted(listed))}")
        path = self.folder / name
        if not path.is_file():
            raise AssetError(f"model {self.info.name} lacks its file {path}; install mien again")
        found = _sha256(path, path.stat().st_mtime_ns)
        if found != listed[name]:
            raise AssetError(
                f"model file {path} has the sha256 {found[:16]}..., but its card says {listed[name][:16]}...; "
                "install the model again"
            )
        return path

    def check(self) -> None:
        """Check the hash of every file.

        Raises:
            AssetError: A file is missing or altered.
        """
        for item in self.info.files:
            self.file(item.name)


def open_asset(folder: Path) -> Asset:
    """Open a model folder.

    Raises:
        AssetError: The folder has no readable card.
    """
    return Asset(folder, read_card(folder / "card.toml"))


def find_assets() -> dict[str, Asset]:
    """Return every model that is installed, by name; the package's own first."""
    found: dict[str, Asset] = {}
    for root in _roots():
        for card in sorted(root.glob("*/card.toml")):
            found.setdefault(card.parent.name, open_asset(card.parent))
    return found


def find_asset(name: str) -> Asset:
    """Return the model of that name, or the one in that folder.

    Raises:
        UnknownNameError: No model goes by the name, and no folder of that name holds one.
        AssetError: The card cannot be read.
    """
    for root in _roots():
        if (root / name / "card.toml").is_file():
            return open_asset(root / name)
    if Path(name).is_dir():
        return open_asset(Path(name))
    raise UnknownNameError("model", name, find_assets())


def find_fitting(name: str, *, modality: str, taker: str, affect: bool = True) -> Asset:
    """Return the model of that name, or the one in that folder, if it is of the kind that is needed.

    Args:
        name: Name or folder of the model.
        modality: What it has to read: text, speech or face.
        taker: What needs it, as the error says: a perceiver or a task.
        affect: Whether it has to answer in labels of affect.

    Raises:
        OptionError: It is of another kind.
        UnknownNameError: No model goes by the name, and no folder of that name holds one.
        AssetError: The card cannot be read.
    """
    asset = find_asset(name)
    given, needed = _kind(asset.info.modality, bool(asset.info.taxonomies)), _kind(modality, affect)
    if given != needed:
        raise OptionError(f"the model {name!r} reads {given}; {taker} takes one that reads {needed}")
    return asset


def _kind(modality: str, affect: bool) -> str:
    return f"affect from {modality}" if affect else f"{modality} but no affect"


def _roots() -> list[Path]:
    own = Path(str(files("mien"))) / "assets"
    return [own, *map(_root, entry_points(group=GROUP))]


def _root(entry: EntryPoint) -> Path:
    try:
        return Path(str(files(entry.value)))
    except (ImportError, TypeError) as error:
        raise AssetError(f"the models of {entry.value!r} cannot be found ({error}); install or remove it") from error


@lru_cache(maxsize=256)
def _sha256(path: Path, modified: int) -> str:  # noqa: ARG001 - part of the key: a changed file is read again
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
