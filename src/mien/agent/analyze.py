"""From a source to an analysis: read, perceive, fuse, explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from mien.agent.explaining import explain
from mien.agent.material import open_source
from mien.agent.perceiving import perceive_material
from mien.agent.team import Team, choose, research, uses
from mien.explain import moments
from mien.fuse import link, reliabilities, spoken
from mien.registry import build
from mien.types import Analysis, Context, Image, Text, Track, Turn, Utterance

__all__ = ["analyze"]

Progress = Callable[[float, float | None], None]
NOTHING = {
    "text": "no words were found in it",
    "speech": "no voice was found in it",
    "face": "no face was found in it",
}


def analyze(
    source: str | Path | Text | Image,
    *,
    modalities: Sequence[str] | None = None,
    open_only: bool = False,
    team: Team | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Turn a source into one timeline of affect per person.

    Args:
        source: Path of a text, chat log, transcript, recording, photograph or video; or a `Text` or `Image`.
        modalities: Which to read, among text, speech and face; by default all that the source holds.
        open_only: Leave out models whose training data allow no commercial use.
        team: Perceivers to use, so that many sources share them; by default chosen by the two options before.
        progress: Called now and then with how much is done and how much there is, in the unit of the timeline.

    Returns:
        The analysis; a source that holds nothing to perceive gives one that says so.

    Raises:
        InputError: The source cannot be read.
        OptionError: A modality is unknown.
        AssetError: A model is missing or altered.

    Example:
        >>> analyze(Text("What a day!"), modalities=["text"]).persons
        ('writer',)
    """
    material = open_source(source)
    team = team or choose(modalities, open_only=open_only)
    perceived = perceive_material(material, team, progress or _silent)
    infos = tuple(info for modality in perceived.read for info in team.infos(modality))
    # Reasons are found before fusing, so that the fused affects carry the strongest of them.
    tracks = explain(material, perceived, team)
    links = link(_of(tracks, "speech"), _of(tracks, "face"))
    tracks = spoken(tracks)
    fused = build("fuser", "fuse/reliability", reliability=reliabilities(infos)).fuse(tracks, links)
    return Analysis(
        source=perceived.source,
        tracks=tuple(tracks),
        fused=tuple(fused),
        context=Context(tuple(map(_turn, material.utterances))),
        links=tuple(links),
        moments=tuple(moments(fused)),
        models=uses(infos),
        rates=perceived.rates,
        warnings=(*perceived.warnings, *_remarks(perceived.read, tracks, team, material.modalities)),
    )


def _of(tracks: Sequence[Track], modality: str) -> list[Track]:
    return [track for track in tracks if track.modality == modality]


def _turn(utterance: Utterance) -> Turn:
    return Turn(utterance.speaker, utterance.span, utterance.text)


def _remarks(read: Sequence[str], tracks: Sequence[Track], team: Team, held: Sequence[str]) -> list[str]:
    found = {track.modality for track in tracks if track.affects}
    remarks = [f"{modality}: {NOTHING[modality]}" for modality in read if modality not in found]
    if not read and team.perceivers:
        remarks.append(f"it holds nothing to read for {', '.join(team.perceivers)}")
    restricted = research([info for modality in read for info in team.infos(modality)])
    if restricted:
        remarks.append(
            f"research models took part ({', '.join(restricted)}): their training data allow no commercial use; "
            "--open-only leaves them out"
        )
    return [*remarks, *(line for line in team.left_out if line.split(maxsplit=1)[0] in held)]


def _silent(done: float, total: float | None) -> None:
    """Take no notice of progress."""
