"""The main job: from a source to an analysis, one by one or many at once."""

from mien.agent.analyze import analyze
from mien.agent.batch import Outcome, analyze_all
from mien.agent.stream import Bounds, News, Session
from mien.agent.team import MODALITIES, Team, choose, fitting, settle

__all__ = [
    "MODALITIES",
    "Bounds",
    "News",
    "Outcome",
    "Session",
    "Team",
    "analyze",
    "analyze_all",
    "choose",
    "fitting",
    "settle",
]
