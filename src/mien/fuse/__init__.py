"""From tracks a person and modality to one timeline a person."""

from mien.fuse.fuser import Fuser, ReliabilityFuser, fuse
from mien.fuse.imported import imported
from mien.fuse.link import link
from mien.fuse.persons import persons
from mien.fuse.reliability import reliabilities
from mien.fuse.words import spoken

__all__ = ["Fuser", "ReliabilityFuser", "fuse", "imported", "link", "persons", "reliabilities", "spoken"]
