"""Whole corpora: files to Parquet shards, one row an affect, on one machine or many."""

from mien.agent.annotate.folder import Folder
from mien.agent.annotate.plan import Item, Plan, Shard, cut, find_items
from mien.agent.annotate.run import Tally, annotate_all
from mien.agent.annotate.settings import Settings

__all__ = ["Folder", "Item", "Plan", "Settings", "Shard", "Tally", "annotate_all", "cut", "find_items"]
