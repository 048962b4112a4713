"""What follows once everything is perceived: reasons, who is who, one timeline per person, and what to watch."""

from __future__ import annotations

from collections.abc import Sequence

from mien.agent.explaining import explain
from mien.agent.perceiving import Perceived
from mien.agent.projecting import own_labels
from mien.agent.team import Team, research, uses
from mien.explain import moments
from mien.fuse import imported, link, reliabilities, spoken
from mien.registry import build
from mien.types import Analysis, Context, Taxonomy, Track, Turn, Utterance
from mien.types.project import is_mapped

__all__ = ["conclude"]

NOTHING = {
    "text": "no words were found in it",
    "speech": "no voice was found in it",
    "face": "no face was found in it",
}


def conclude(perceived: Perceived, team: Team, *, tracks: Sequence[Track] = (), reasons: bool = True) -> Analysis:
    """Turn what was perceived into an analysis.

    Args:
        perceived: The tracks of one source, with the folds that they came from.
        team: The perceivers that made them.
        tracks: More tracks of the same source, made elsewhere; they fuse like our own and keep their own reasons.
        reasons: Whether to look for the words, voice cues and parts of the face that speak for each affect.
    """
    infos = tuple(info for modality in perceived.read for info in team.infos(modality))
    # Reasons are found before fusing, so that the fused affects carry the strongest of them.
    own = explain(perceived, team) if reasons else list(perceived.tracks)
    every = [*own, *imported(tracks)]
    links = link(_of(every, "speech"), _of(every, "face"))
    every = spoken(every)
    fused = build("fuser", "fuse/reliability", reliability=reliabilities(infos)).fuse(every, links)
    return Analysis(
        source=perceived.source,
        tracks=tuple(every),
        fused=tuple(fused),
        context=Context(tuple(map(_turn, perceived.utterances))),
        links=tuple(links),
        moments=tuple(moments(fused)),
        models=uses(infos),
        rates=perceived.rates,
        warnings=(*perceived.warnings, *_remarks(perceived, own, team), *_joined(imported(tracks))),
    )


def _joined(tracks: Sequence[Track]) -> list[str]:
    """Say which tracks others made."""
    told = ", ".join(dict.fromkeys(f"{track.person} ({track.modality})" for track in tracks))
    return [f"tracks that were made elsewhere took part: {told}"] if told else []


def _of(tracks: Sequence[Track], modality: str) -> list[Track]:
    return [track for track in tracks if track.modality == modality]


def _turn(utterance: Utterance) -> Turn:
    return Turn(utterance.speaker, utterance.span, utterance.text)


def _unmapped(tracks: Sequence[Track]) -> list[Taxonomy]:
    """Return the taxonomies of models' own, from which no map leads to the fused timeline."""
    found = (affect.categories.taxonomy for track in tracks for affect in track.affects if affect.categories)
    return [taxonomy for taxonomy in dict.fromkeys(found) if not is_mapped(taxonomy)]


def _remarks(perceived: Perceived, tracks: Sequence[Track], team: Team) -> list[str]:
    read = perceived.read
    found = {track.modality for track in tracks if track.affects}
    remarks = [f"{modality}: {NOTHING[modality]}" for modality in read if modality not in found]
    if not read and team.perceivers:
        remarks.append(f"it holds nothing to read for {', '.join(team.perceivers)}")
    remarks += [f"{own_labels(one)}; the fused timeline rests on the rest" for one in _unmapped(tracks)]
    restricted = research([info for modality in read for info in team.infos(modality)])
    if restricted:
        remarks.append(
            f"research models took part ({', '.join(restricted)}): their training data allow no commercial use; "
            "--open-only leaves them out"
        )
    return [*remarks, *(line for line in team.left_out if line.split(maxsplit=1)[0] in perceived.held)]
