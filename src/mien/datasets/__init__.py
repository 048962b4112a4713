"""Corpora as samples: one reader each, in the prepared layout and in the published one."""

from mien.datasets.schema import Sample

__all__ = ["Sample"]
