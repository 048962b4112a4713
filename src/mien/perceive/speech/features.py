"""What the heads of a speech model read of a segment: the seam between a network's lower part and its heads.

Heads are trained on features, and a card names those that its heads read. A network of another kind joins `FEATURES`
under a name of its own; a name stands for the same numbers for good, so that heads that were trained on them go on
answering as they did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from mien.errors import UnknownNameError
from mien.perceive.speech.batches import batches, stack
from mien.perceive.speech.segments import Segment
from mien.perceive.speech.traits import traits
from mien.runtime import Model

__all__ = ["FEATURES", "Features", "features_of"]

TRUNK = "trunk"


@dataclass(frozen=True, slots=True)
class Features:
    """One kind of features.

    Args:
        measure: Model and segments to features, shape ``(segments, width)``.
        graphs: Graphs of the model that it runs; a folder with other heads on the same features takes them along.
    """

    measure: Callable[[Model, Sequence[Segment]], Float[np.ndarray, "segments width"]]
    graphs: tuple[str, ...] = ()


def _traits(_: Model, segments: Sequence[Segment]) -> Float[np.ndarray, "segments width"]:
    return np.stack([traits(segment.frames, segment.voiced) for segment in segments])


def _states(model: Model, segments: Sequence[Segment]) -> Float[np.ndarray, "segments width"]:
    """Pooled vectors of the model's own network, which reads the mel frames of many segments at once."""
    groups = list(batches([len(segment.frames) for segment in segments]))
    stacked = (stack([segments[number].frames.mel for number in group]) for group in groups)
    found = model.run_each(TRUNK, [{"mel": mel, "mask": mask} for mel, mask in stacked], ["states"])
    rows = np.concatenate([states for (states,) in found])
    return np.asarray(rows[np.argsort(np.concatenate(groups))], dtype=np.float32)


FEATURES: Mapping[str, Features] = {"states": Features(_states, (TRUNK,)), "traits": Features(_traits)}
"""``states`` come from the graph ``trunk`` of the model: ``mel`` [batch, time, 80], as `Frames` hold it, padded with
zeros, and ``mask`` [batch, time], true on a segment's own frames, to ``states`` [batch, width]. The mask is honoured:
padding and company in the batch change no answer. ``traits`` are measured without a network."""


def features_of(name: str) -> Features:
    """Return the features of that name.

    Raises:
        UnknownNameError: This version of mien knows no such features.
    """
    if name not in FEATURES:
        raise UnknownNameError("kind of features", name, FEATURES)
    return FEATURES[name]
