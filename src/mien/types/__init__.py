"""The nouns of mien: signals, taxonomies, affect, conversations and analyses. numpy only."""

from mien.types.affect import Affect, Dimension, Distribution, Evidence
from mien.types.analysis import Analysis, Link, ModelUse, Moment, Series, Source, Track
from mien.types.context import Context, Turn
from mien.types.signals import Audio, Frame, Image, Recording, Sound, Text, Utterance, Video
from mien.types.span import Span
from mien.types.taxonomy import Taxonomy

__all__ = [
    "Affect",
    "Analysis",
    "Audio",
    "Context",
    "Dimension",
    "Distribution",
    "Evidence",
    "Frame",
    "Image",
    "Link",
    "ModelUse",
    "Moment",
    "Recording",
    "Series",
    "Sound",
    "Source",
    "Span",
    "Taxonomy",
    "Text",
    "Track",
    "Turn",
    "Utterance",
    "Video",
]
