"""``mien live``: what voices and faces seem to express, while it happens."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType

import click
from rich.console import Console
from rich.live import Live as Screen
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from mien.agent import News
from mien.agent.live import Live, stream
from mien.cli.options import models_option
from mien.errors import OptionError
from mien.explain import summary
from mien.types import Affect, Analysis, Dimension

__all__ = ["command"]

NOTICE = (
    "mien live tells what voices and faces seem to express. Use it only where everyone who is heard or seen has agreed."
    " Nothing leaves this machine; nothing is kept{kept}. Ctrl-C ends."
)
ENDINGS = {".json": "to_json", ".html": "to_html", ".csv": "to_csv", ".vtt": "to_vtt"}
MOST_LABELS = 3
WIDTH = 20
FORGET = 15.0
"""Seconds after which somebody of whom nothing more was heard leaves the screen."""


@click.command("live")
@click.option("--microphone/--no-microphone", default=None, help="Listen; by default yes, unless a source is given.")
@click.option("--camera/--no-camera", default=False, help="Look; by default no.")
@click.option("--device", "microphone_device", help="Name or number of the microphone.")
@click.option("--camera-device", help="Path, name or number of the camera.")
@click.option("--source", type=click.Path(path_type=Path), help="Play this recording or video instead.")
@click.option("--fast", is_flag=True, help="Read the source as fast as possible, not in real time.")
@models_option
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the analysis here (.json, .html, .csv or .vtt).")
def command(  # noqa: PLR0913, PLR0917 - click gives each option as an argument
    microphone: bool | None,
    camera: bool,
    microphone_device: str | None,
    camera_device: str | None,
    source: Path | None,
    fast: bool,
    models: tuple[str, ...],
    keep: Path | None,
) -> None:
    """Show what voices and faces seem to express, while it happens: emotions, valence and arousal of each person.

    It listens to the microphone (extra live) and looks through the camera, or plays a recording or video.
    """
    if keep is not None and keep.suffix not in ENDINGS:
        raise OptionError(f"the analysis was to be kept as {keep.name}; allowed endings: {', '.join(ENDINGS)}")
    listen = (source is None) if microphone is None else microphone
    live = stream(
        microphone=_device(microphone_device) if listen and microphone_device else listen,
        camera=_device(camera_device) if camera and camera_device else camera,
        source=source,
        models=models,
        pace=not fast,
    )
    console = Console(stderr=True)
    console.print(NOTICE.format(kept=f" but the analysis, in {keep}" if keep else ""), markup=False, style="bold")
    with live:
        _follow(live, console)
        _close(live.analysis(), console, keep)


def _device(given: str) -> str | int:
    return int(given) if given.isdecimal() else given


def _follow(live: Live, console: Console) -> None:
    """Show news until the stream ends or the user does."""
    try:
        with Board(console) as board:
            for news in live:
                board.show(news)
    except KeyboardInterrupt:
        console.print("ending", style="dim")


def _close(analysis: Analysis, console: Console, keep: Path | None) -> None:
    for line in summary(analysis):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if keep is not None:
        getattr(analysis, ENDINGS[keep.suffix])(keep)
        console.print(f"kept in {keep}", markup=False, highlight=False)


class Board:
    """The latest fused affect of each person, as bars on a terminal; elsewhere one line for each final one."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._latest: dict[str, tuple[float, Affect]] = {}
        self._screen = Screen(console=console, refresh_per_second=8, transient=True) if console.is_terminal else None

    def __enter__(self) -> Board:
        if self._screen is not None:
            self._screen.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._screen is not None:
            self._screen.stop()

    def show(self, news: News) -> None:
        """Take news in."""
        if news.modality != "fused":
            return
        if self._screen is None:
            if news.final:
                self._console.print(_line(news), markup=False, highlight=False, soft_wrap=True)
            return
        now = time.monotonic()
        known = self._latest.get(news.person)
        if known is None or _end(news.affect) >= _end(known[1]):
            self._latest[news.person] = (now, news.affect)
        self._latest = {name: one for name, one in self._latest.items() if now - one[0] < FORGET}
        self._screen.update(self.table())

    def table(self) -> Table:
        """Return what is shown."""
        table = Table(box=None, padding=(0, 2))
        for title in ("person", "emotions", "valence", "arousal", "sure"):
            table.add_column(title, justify="left")
        for person, (_, affect) in sorted(self._latest.items()):
            sure = "" if affect.confidence is None else f"{affect.confidence:.0%}"
            table.add_row(escape(person), _emotions(affect), _needle(affect.valence), _needle(affect.arousal), sure)
        return table


def _emotions(affect: Affect) -> Text:
    if affect.categories is None:
        return Text("unknown")
    ranked = sorted(affect.categories.as_dict().items(), key=lambda pair: -pair[1])[:MOST_LABELS]
    lines = [f"{label:<9} {'█' * round(share * WIDTH):<{WIDTH}} {share:4.0%}" for label, share in ranked]
    return Text("\n".join(lines))


def _needle(part: Dimension | None) -> Text:
    """A scale from -1 to 1 with a mark where the value lies."""
    if part is None:
        return Text("unknown")
    place = round((part.mean + 1) / 2 * (WIDTH - 1))
    scale = ["·"] * WIDTH
    scale[WIDTH // 2] = "|"
    scale[place] = "●"
    return Text(f"{''.join(scale)} {part.mean:+.2f}")


def _line(news: News) -> str:
    label, share = news.affect.categories.top if news.affect.categories else ("unknown", 0.0)
    start = news.affect.span.start if news.affect.span else 0.0
    parts = [f"{name} {part.mean:+.2f}" for name, part in _plane(news.affect) if part is not None]
    return f"{start:7.1f} s  {news.person}: {label} {share:.0%}, {', '.join(parts)}"


def _plane(affect: Affect) -> tuple[tuple[str, Dimension | None], ...]:
    return ("valence", affect.valence), ("arousal", affect.arousal)


def _end(affect: Affect) -> float:
    return affect.span.end if affect.span else 0.0
