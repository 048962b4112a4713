"""``mien measure``: what can be measured without a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import click

from mien.cli.items import Item, items_of
from mien.io import affect_line, error_record
from mien.perceive.measuring import VoiceCues, measure_voice

__all__ = ["command"]

UNKNOWN = "unknown"
LINES = (
    "pitch {pitch:1 Hz}, from {pitch_low:1 Hz} to {pitch_high:1 Hz}, spread {pitch_spread:1 semitones}",
    "jitter {jitter:100 %}, shimmer {shimmer:100 %}, harmonics to noise {harmonicity:1 dB}",
    "level {level:1 dB}, spread {level_spread:1 dB}, alpha ratio {alpha_ratio:1 dB}, "
    "Hammarberg index {hammarberg_index:1 dB}",
    "{speech_rate:1} syllables a second, {articulation_rate:1} without pauses; {n_pauses:1} pauses",
)
PAUSES = " of {pause_length:1 s}, in all {pause_share:100 %}"
"""A cue, what it is multiplied by, and its unit."""


@click.command("measure")
@click.argument("what", type=click.Choice(["voice"]))
@click.argument("files", nargs=-1, metavar="[FILES or -]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; shares are fractions, unknown is null.")
@click.option("--floor", default=75.0, show_default=True, metavar="HZ", help="Lowest pitch that is looked for.")
@click.option("--ceiling", default=600.0, show_default=True, metavar="HZ", help="Highest pitch that is looked for.")
def command(what: str, files: tuple[str, ...], as_json: bool, floor: float, ceiling: float) -> None:  # noqa: ARG001
    """Measure voices without a model: pitch, jitter, shimmer, noise, level, spectral tilt, rate and pauses.

    Each file holds one person. With - or no FILES, paths come from standard input, one a line.
    """
    for item in items_of("speech", files or ("-",)):
        cues = None if item.error else measure_voice(item.piece.audio, floor=floor, ceiling=ceiling)
        click.echo(_record(item, cues) if as_json else "\n  ".join(_lines(item, cues)))


def _record(item: Item, cues: VoiceCues | None) -> str:
    return affect_line(error_record(item.id, item.error or "") if cues is None else {"id": item.id, **asdict(cues)})


def _lines(item: Item, cues: VoiceCues | None) -> Iterator[str]:
    if cues is None:
        yield f"{item.id}: {item.error}"
        return
    yield f"{item.id}: {cues.duration:.1f} s"
    said = {name: _Said(value) for name, value in asdict(cues).items()}
    *lines, rate = LINES
    yield from (line.format_map(said) for line in lines)
    yield (rate + PAUSES if cues.n_pauses else rate).format_map(said)


class _Said:
    """A cue in words, written as ``{cue:factor unit}``."""

    def __init__(self, value: float | None) -> None:
        self._value = value

    def __format__(self, form: str) -> str:
        if self._value is None:
            return UNKNOWN
        factor, _, unit = form.partition(" ")
        number = f"{self._value}" if isinstance(self._value, int) else f"{float(factor) * self._value:.1f}"
        return f"{number} {unit}".rstrip()
