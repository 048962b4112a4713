"""mien perceives emotion in text, speech and faces, offline, as one timeline per person.

    >>> import mien
    >>> analysis = mien.analyze("clip.mp4")            # doctest: +SKIP
    >>> analysis.fused[0].affects[0].categories.top    # doctest: +SKIP
    ('joy', 0.82)

Types and errors are here at once; the verbs load what they need on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mien import errors, types
from mien.errors import MienError
from mien.types import Affect, Analysis, Dimension, Distribution, Evidence, Span, Taxonomy, Track
from mien.version import __version__

if TYPE_CHECKING:
    from mien.adapters import pipeline
    from mien.adapters.transformer import MienTransformer as MienTransformer
    from mien.agent import analyze
    from mien.agent.live import stream
    from mien.io import load
    from mien.perceive.measuring import measure_voice
    from mien.perceive.text.words import look_up
    from mien.registry import build
    from mien.types.project import project
    from mien.types.taxonomies import taxonomy

__all__ = [
    "Affect",
    "Analysis",
    "Dimension",
    "Distribution",
    "Evidence",
    "MienError",
    "Span",
    "Taxonomy",
    "Track",
    "__version__",
    "analyze",
    "build",
    "errors",
    "load",
    "look_up",
    "measure_voice",
    "pipeline",
    "project",
    "stream",
    "taxonomy",
    "types",
]

_LAZY = {
    # Not in __all__: it needs an extra, and a star import must work without one.
    "MienTransformer": "mien.adapters.transformer",
    "analyze": "mien.agent",
    "build": "mien.registry",
    "load": "mien.io",
    "look_up": "mien.perceive.text.words",
    "measure_voice": "mien.perceive.measuring",
    "pipeline": "mien.adapters",
    "project": "mien.types.project",
    "stream": "mien.agent.live",
    "taxonomy": "mien.types.taxonomies",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'mien' has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *_LAZY})
