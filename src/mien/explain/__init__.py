"""Why: words, voice cues and face regions that speak for an affect, moments worth a look, and who moves whom."""

from mien.explain.cues import cue_evidence
from mien.explain.influence import Influence, influence
from mien.explain.moments import moments
from mien.explain.regions import region_evidence
from mien.explain.summary import summary
from mien.explain.words import word_evidence

__all__ = ["Influence", "cue_evidence", "influence", "moments", "region_evidence", "summary", "word_evidence"]
