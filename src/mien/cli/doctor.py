"""``mien doctor``: what works on this machine."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

import mien
from mien.errors import MienError
from mien.registry import build, names
from mien.runtime import find_assets
from mien.runtime.assets import Asset

__all__ = ["command"]

BASE = ("numpy", "onnxruntime", "av", "tokenizers", "pillow", "soxr", "rich", "click")
EXTRAS = {
    "tables": ("pandas", "pyarrow"),
    "bench": ("sklearn", "soundfile", "pyroomacoustics"),
    "serve": ("fastapi", "uvicorn", "websockets", "python_multipart", "prometheus_client", "mcp"),
    "live": ("sounddevice",),
    "cluster": ("ray",),
    "learn": ("torch", "onnx", "pyroomacoustics"),
}


@click.command("doctor")
def command() -> int:
    """Say what works on this machine; exit status 2 when a part of the main job does not."""
    click.echo(f"mien {mien.__version__}, Python {platform.python_version()}, {platform.platform()}")
    checks = [_check(f"package {name}", partial(version, name)) for name in BASE]
    checks += [_check(f"model {name}", partial(_whole, asset)) for name, asset in find_assets().items()]
    checks += [_check(f"perceiver {name}", partial(_builds, name)) for name in names("perceiver")]
    checks.append(_check("report page", _page))
    for extra, modules in EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        state = "installed" if not missing else f"not installed: pip install 'mien[{extra}]'"
        click.echo(f"  extra {extra}: {state}")
    return 0 if all(checks) else 2


def _check(what: str, probe: Callable[[], Any]) -> bool:
    try:
        found = probe()
    except (MienError, PackageNotFoundError, OSError) as error:
        click.echo(f"  NOT OK {what}: {error}")
        return False
    click.echo(f"  ok {what}: {found}")
    return True


def _whole(asset: Asset) -> str:
    for item in asset.info.files:
        asset.file(item.name)
    return f"{asset.info.version} ({asset.info.line}), every file has its hash"


def _builds(name: str) -> str:
    return f"answers in {build('perceiver', name).taxonomy.name}"


def _page() -> str:
    page = Path(sys.modules["mien"].__file__ or "").parent / "io" / "report.html"
    return f"{page.stat().st_size:,} bytes"
