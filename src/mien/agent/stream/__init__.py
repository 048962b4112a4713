"""The main job on a stream: pieces in, news out, and an analysis at the end."""

from mien.agent.stream.arrivals import Bounds
from mien.agent.stream.news import News
from mien.agent.stream.session import Session

__all__ = ["Bounds", "News", "Session"]
