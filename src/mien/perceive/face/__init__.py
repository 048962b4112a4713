"""Faces: found, aligned, read, and followed through a stream."""

from mien.perceive.face.expression import ExpressionReader, Reader
from mien.perceive.face.finder import Face, FaceFinder
from mien.perceive.face.fold import FaceFold
from mien.perceive.face.perceiver import FacePerceiver
from mien.perceive.face.stream import Crop, Rates

__all__ = ["Crop", "ExpressionReader", "Face", "FaceFinder", "FaceFold", "FacePerceiver", "Rates", "Reader"]
