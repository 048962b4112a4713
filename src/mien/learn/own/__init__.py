"""Learning from a user's own labels: a table in, a model folder out that ``--model`` takes everywhere."""

from mien.learn.own.train import Report, train

__all__ = ["Report", "train"]
