"""The work of one job: from its source to an analysis as JSON that speaks of nothing on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from mien.agent import Team, choose
from mien.agent import analyze as analyze_source
from mien.io import to_json
from mien.io.walk import TRANSCRIPTS
from mien.serve.jobs.job import JobOptions
from mien.types import Analysis

__all__ = ["Analyze", "Progress", "analyze", "result", "scrubbed"]

Progress = Callable[[float, float | None], None]
Models = tuple[str, ...]
"""Models that read in place of the default ones of their modalities."""
Analyze = Callable[[Path, JobOptions, Progress, Models], Analysis]
"""What workers call; tests give their own."""


def analyze(source: Path, options: JobOptions, progress: Progress, models: Models = ()) -> Analysis:
    """Analyse a source with the models of this process, which are loaded once."""
    return analyze_source(source, team=_team(options, models), progress=progress)


def result(analysis: Analysis, source: Path, name: str) -> str:
    """Return an analysis as JSON under the client's name for the source, without our paths."""
    warnings = tuple(scrubbed(warning, source, name) for warning in analysis.warnings)
    return to_json(replace(analysis, source=replace(analysis.source, name=name), warnings=warnings))


def scrubbed(sentence: str, source: Path, name: str) -> str:
    """Return a sentence with the client's names in place of our paths.

    Example:
        >>> scrubbed("/data/jobs/k3/source.mp4 is empty", Path("/data/jobs/k3/source.mp4"), "me.mp4")
        'me.mp4 is empty'
    """
    for path in (source, source.resolve()):
        sentence = sentence.replace(str(path), name)
        for suffix in TRANSCRIPTS:
            sentence = sentence.replace(str(path.with_suffix(suffix)), "the transcript")
        sentence = sentence.replace(f"{path.parent}{os.sep}", "")
    return sentence


def _team(options: JobOptions, models: Models) -> Team:
    """The perceivers that are asked for, out of those that this process has once and for all."""
    return _whole(models).only(options.modalities, open_only=options.open_only)


@cache
def _whole(models: Models) -> Team:
    # One thread each: there are as many workers as the processors can take.
    return choose(models=models, threads=1)
