"""Recipes of heads on the trunk of another text model, and of a model for tweets with a trunk of its own."""

from mien.learn.heads.context import run as run_context
from mien.learn.heads.empathy import run as run_empathy
from mien.learn.heads.perspective import run_readers, run_writers
from mien.learn.heads.research import run as run_research
from mien.learn.heads.teacher import run as run_teacher
from mien.learn.heads.tweets import run as run_tweets

__all__ = [
    "run_context",
    "run_empathy",
    "run_readers",
    "run_research",
    "run_teacher",
    "run_tweets",
    "run_writers",
]
