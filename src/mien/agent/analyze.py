"""From a source to an analysis: read, perceive, conclude."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mien.agent.concluding import conclude
from mien.agent.material import open_source
from mien.agent.perceiving import perceive_material
from mien.agent.team import Team, choose
from mien.types import Analysis, Image, Text, Track

__all__ = ["analyze"]

Progress = Callable[[float, float | None], None]


def analyze(  # noqa: PLR0913 - each is a choice of the user
    source: str | Path | Text | Image,
    *,
    modalities: Sequence[str] | None = None,
    models: Sequence[str] = (),
    open_only: bool = False,
    team: Team | None = None,
    tracks: Sequence[Track] = (),
    progress: Progress | None = None,
) -> Analysis:
    """Turn a source into one timeline of affect per person.

    Args:
        source: Path of a text, chat log, transcript, recording, photograph or video; or a `Text` or `Image`.
        modalities: Which to read, among text, speech and face; by default all that the source holds.
        models: Names or folders of models to use instead of the default ones, at most one a modality.
        open_only: Leave out models whose training data allow no commercial use.
        team: Perceivers to use, so that many sources share them; by default chosen by the options before.
        tracks: Tracks of the same source that other tools or people made, such as `mien.io.read_tracks` gives; they
            are fused like our own.
        progress: Called now and then with how much is done and how much there is, in the unit of the timeline.

    Returns:
        The analysis; a source that holds nothing to perceive gives one that says so.

    Raises:
        InputError: The source cannot be read.
        OptionError: A modality is unknown, or a model is of none that is read.
        UnknownNameError: There is no such model.
        AssetError: A model is missing or altered.

    Example:
        >>> analyze(Text("What a day!"), modalities=["text"]).persons
        ('writer',)
    """
    material = open_source(source)
    team = team or choose(modalities, models=models, open_only=open_only)
    return conclude(perceive_material(material, team, progress or _silent), team, tracks=tracks)


def _silent(done: float, total: float | None) -> None:
    """Take no notice of progress."""
