"""Why: words, voice cues and face regions that speak for an affect, and the moments worth looking at."""

from mien.explain.cues import cue_evidence
from mien.explain.moments import moments
from mien.explain.regions import region_evidence
from mien.explain.summary import summary
from mien.explain.words import word_evidence

__all__ = ["cue_evidence", "moments", "region_evidence", "summary", "word_evidence"]
