"""From what the heads of a speech model say to an affect."""

from collections.abc import Sequence

from jaxtyping import Float
from numpy import ndarray

from mien.perceive.heads import DIMENSIONS
from mien.perceive.reading import Reading
from mien.perceive.speech.heads import Heads
from mien.types import Affect, Dimension, Distribution, Evidence, Span, Taxonomy
from mien.types.project import dimensions

__all__ = ["affect_of"]

DERIVED = "{} derived from {}, not measured"


def affect_of(reading: Reading, heads: Heads, span: Span, *, seconds: float, model: str) -> Affect:
    """Return one reading as an affect; dimensions that are not rated follow from labels, where a table says how.

    Args:
        reading: What the heads say, of one segment or pooled over several.
        heads: What they answer in.
        span: The stretch of sound that it speaks of.
        seconds: How much voice was heard in it so far.
        model: Name of the model.
    """
    labels, rated = heads.labels, heads.dimensions_of(reading.means[0], reading.stds[0])
    categories = _distribution(labels.taxonomy, reading.probs[0])
    found, evidence = _derived(reading, heads, [name for name in DIMENSIONS if name not in rated])
    known = {**found, **rated}
    return Affect(
        categories,
        known.get("valence"),
        known.get("arousal"),
        known.get("dominance"),
        evidence=evidence,
        span=span,
        confidence=labels.sureness(categories.top[1], seconds),
        model=model,
    )


def _derived(reading: Reading, heads: Heads, names: Sequence[str]) -> tuple[dict[str, Dimension], tuple[Evidence, ...]]:
    """Return those dimensions as they follow from labels, and a reason that says so; none where nothing leads there."""
    head = heads.derived
    if head is None or not names:
        return {}, ()
    own = heads.beside is None
    source = _distribution(head.taxonomy, (reading.probs if own else reading.others[0])[0])
    found = dict(zip(DIMENSIONS, dimensions(source), strict=True))
    listed = f"{', '.join(names[:-1])} and {names[-1]} are" if len(names) > 1 else f"{names[-1]} is"
    note = DERIVED.format(listed, "the categories" if own else f"the labels of {head.taxonomy.name}")
    return {name: found[name] for name in names}, (Evidence("projection", 0.0, note=note),)


def _distribution(taxonomy: Taxonomy, probs: Float[ndarray, " labels"]) -> Distribution:
    return Distribution(taxonomy, probs / probs.sum() if taxonomy.exclusive else probs)
