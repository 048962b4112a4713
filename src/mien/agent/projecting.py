"""A whole analysis in another taxonomy."""

from __future__ import annotations

from dataclasses import replace

from mien.types import Affect, Analysis, Context, Taxonomy, Track
from mien.types.project import is_mapped, project, projection

__all__ = ["own_labels", "project_analysis"]


def project_analysis(analysis: Analysis, onto: Taxonomy) -> Analysis:
    """Return an analysis with the categories of every affect over another taxonomy.

    A change of taxonomy is never silent: a warning names the maps, and who published them.

    Args:
        analysis: The analysis; it stays as it is.
        onto: The taxonomy that is wanted.

    Raises:
        UnknownNameError: No map leads there from a taxonomy of the analysis.
        OptionError: An affect has neither categories nor a dimension.

    References:
        Those of `mien.types.maps`.

    Example:
        >>> from mien.agent import analyze
        >>> from mien.types import Text
        >>> from mien.types.taxonomies import EKMAN7
        >>> seen = project_analysis(analyze(Text("What a day!"), modalities=["text"]), EKMAN7)
        >>> seen.fused[0].affects[0].categories.taxonomy.name
        'ekman7'
    """
    turns = (
        replace(turn, affect=project(turn.affect, onto)) if turn.affect is not None else turn
        for turn in analysis.context.turns
    )
    return replace(
        analysis,
        tracks=tuple(_track(track, onto) for track in analysis.tracks),
        fused=tuple(_track(track, onto) for track in analysis.fused),
        context=Context(tuple(turns)),
        warnings=(*analysis.warnings, *_remarks(analysis, onto)),
    )


def own_labels(taxonomy: Taxonomy) -> str:
    """Say that no map leads from the labels of a model's own."""
    return f"the labels of {taxonomy.name} ({', '.join(taxonomy.labels)}) have no published map and are kept as words"


def _track(track: Track, onto: Taxonomy) -> Track:
    return replace(track, affects=tuple(project(affect, onto) for affect in track.affects))


def _remarks(analysis: Analysis, onto: Taxonomy) -> list[str]:
    sources = dict.fromkeys(
        affect.categories.taxonomy
        for track in (*analysis.tracks, *analysis.fused)
        for affect in track.affects
        if affect.categories is not None and affect.categories.taxonomy != onto
    )
    remarks = [
        f"categories were projected from {source.name} onto {onto.name} after {'; '.join(_references(source, onto))}"
        if is_mapped(source)
        else f"{own_labels(source)}; those of {onto.name} come from valence, arousal and dominance"
        for source in sources
    ]
    if any(_dimensional(affect) for track in (*analysis.tracks, *analysis.fused) for affect in track.affects):
        remarks.append(f"where there were no categories, those of {onto.name} come from valence, arousal and dominance")
    return remarks


def _references(source: Taxonomy, onto: Taxonomy) -> tuple[str, ...]:
    return projection(source, onto).references


def _dimensional(affect: Affect) -> bool:
    return affect.categories is None
