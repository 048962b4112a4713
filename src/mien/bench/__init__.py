"""Measuring: tasks as declarations, evaluated with intervals."""

from mien.bench.task import Result, Task, evaluate

__all__ = ["Result", "Task", "evaluate"]
