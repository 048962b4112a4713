"""Recipes of heads on the frozen trunk of another text model."""

from mien.learn.heads.empathy import run as run_empathy
from mien.learn.heads.perspective import run_readers, run_writers
from mien.learn.heads.tweets import run as run_tweets

__all__ = ["run_empathy", "run_readers", "run_tweets", "run_writers"]
