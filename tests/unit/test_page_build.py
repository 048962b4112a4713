"""The build hook of the pages, with npm stood in for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("hatchling")
    monkeypatch.syspath_prepend(str(ROOT))
    sys.modules.pop("hatch_build", None)
    import hatch_build

    return hatch_build


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    for name in ("src", "plugins", "dist"):
        (folder / name).mkdir(parents=True)
    sources = ("index.html", "app.html", "tsconfig.json", "vite.config.ts", "vite.app.config.ts", "src/main.tsx")
    for name in (*sources, "plugins/single-file.ts"):
        (folder / name).write_text(name, encoding="utf-8")
    packages = {"": {"name": "page"}, "node_modules/vite": {"version": "8.0.0"}}
    packages["node_modules/axe"] = {"version": "1.0.0", "dev": True}  # type: ignore[dict-item]
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_text(json.dumps({"packages": packages}), encoding="utf-8")
    return folder


class Npm:
    """Notes what is asked of npm, and writes the pages when asked to build."""

    def __init__(self, returncode: int = 0) -> None:
        self.asked: list[str] = []
        self.returncode = returncode

    def __call__(self, web: Path, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        self.asked.append(arguments[0])
        if arguments[0] == "run":
            (web / "dist" / "index.html").write_text("<html>built</html>\n", encoding="utf-8")
            assets = web / "dist" / "app" / "assets"
            assets.mkdir(parents=True, exist_ok=True)
            (web / "dist" / "app" / "index.html").write_text("<html>served</html>\n", encoding="utf-8")
            (assets / f"app-{len(self.asked)}.js").write_text("", encoding="utf-8")
        if arguments[0] == "ci" and not self.returncode:
            (web / "node_modules").mkdir(exist_ok=True)
            shutil.copy(web / "package-lock.json", web / "node_modules" / ".package-lock.json")
        return subprocess.CompletedProcess(arguments, self.returncode, "", "npm error network\n    at somewhere")


def build(hook: ModuleType, web: Path, npm: Npm, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(hook, "_npm", npm)
    page = web.parent / "report.html"
    hook.build_pages(web, page, web.parent / "page", say=lambda _: None)
    return page.read_text(encoding="utf-8")


def test_page_is_built_once_and_again_when_a_source_changes(
    hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = Npm()
    assert build(hook, web, npm, monkeypatch).startswith("<html>built</html>")
    build(hook, web, npm, monkeypatch)
    assert npm.asked == ["ci", "run"]
    (web / "src" / "main.tsx").write_text("changed", encoding="utf-8")
    build(hook, web, npm, monkeypatch)
    assert npm.asked == ["ci", "run", "run"]


def test_served_page_is_a_folder_without_leftovers(
    hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm, served = Npm(), web.parent / "page"
    build(hook, web, npm, monkeypatch)
    (served / "assets" / "app-of-before.js").write_text("", encoding="utf-8")
    assert (served / "index.html").read_text(encoding="utf-8").startswith("<html>served</html>\n<!-- built from ")
    build(hook, web, npm, monkeypatch)
    assert (served / "assets" / "app-of-before.js").is_file()
    (served / "index.html").unlink()
    build(hook, web, npm, monkeypatch)
    assert npm.asked == ["ci", "run", "run"]
    assert not (served / "assets" / "app-of-before.js").exists()


def test_both_pages_go_into_wheels_though_git_ignores_them(hook: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    monkeypatch.setattr(hook, "build_pages", lambda web, page, served, say: built.append((page, served)))
    app: Any = type("App", (), {"display_info": print})
    for target in ("wheel", "sdist"):
        made = hook.CustomBuildHook(str(ROOT), {}, None, None, "", target, app)
        data: dict[str, Any] = {"artifacts": []}
        made.initialize("standard", data)
        assert data["artifacts"] == (["src/mien/io/report.html", "src/mien/serve/page/"] if target == "wheel" else [])
    assert built == [(ROOT / "src/mien/io/report.html", ROOT / "src/mien/serve/page")]


def test_packages_are_installed_again_when_a_version_changes(
    hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = Npm()
    build(hook, web, npm, monkeypatch)
    lock: dict[str, Any] = json.loads((web / "package-lock.json").read_text(encoding="utf-8"))
    lock["packages"]["node_modules/vite"]["version"] = "9.0.0"
    (web / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    build(hook, web, npm, monkeypatch)
    assert npm.asked == ["ci", "run", "ci", "run"]


def test_unreachable_registry_is_told_without_a_stack(
    hook: ModuleType, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(hook.PageError, match="needs access to an npm registry") as caught:
        build(hook, web, Npm(returncode=1), monkeypatch)
    assert "npm error network" in str(caught.value)
    assert "at somewhere" not in str(caught.value)
    assert not (web.parent / "report.html").exists()


def test_lockfile_names_no_addresses() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]
