"""A named set of emotion labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mien.errors import OptionError, UnknownNameError

__all__ = ["Taxonomy"]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A named set of emotion labels.

    Args:
        name: The name that files and cards use.
        labels: The labels in the order of every probability vector over them.
        exclusive: Whether exactly one label holds, so that probabilities add up to one. Otherwise each label has a
            probability of its own.
        reference: Where the set was published.
        parents: For a tree, label to the label one tier above.

    Raises:
        OptionError: There is no label, one occurs twice, or a parent is unknown.
    """

    name: str
    labels: tuple[str, ...]
    exclusive: bool = True
    reference: str = ""
    parents: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.labels or len(set(self.labels)) != len(self.labels):
            raise OptionError(f"taxonomy {self.name!r} has the labels {self.labels}; each must occur once")

    def __len__(self) -> int:
        return len(self.labels)

    def __hash__(self) -> int:
        return hash((self.name, self.labels))

    def index(self, label: str) -> int:
        """Return the place of a label.

        Raises:
            UnknownNameError: The taxonomy does not hold the label.
        """
        if label not in self.labels:
            raise UnknownNameError(f"label of {self.name}", label, self.labels)
        return self.labels.index(label)
