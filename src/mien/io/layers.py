"""Tiers of ELAN and Praat to tracks.

Tiers named as `mien.io.tiers` names them give back what was exported. Any other tier is read by these rules. Its person
is the participant (ELAN), else what stands after ``@`` in its name, else its name. Its modality is ``text``, ``speech``
or ``face`` where its name (before ``@``) says so, else ``fused``: somebody judged the whole. A tier called valence,
arousal or dominance whose marks are numbers from -1 to 1 tells that dimension. The labels of every other tier belong to
a taxonomy by the rule of `mien.io.labels`, else they are open words; a tier that mostly holds sentences is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mien.errors import InputError
from mien.io.foreign import UNNAMED, Warn, decimal, lines_of, spread_of
from mien.io.labels import Reading, distribution, read_labels
from mien.io.tiers import MOMENTS, NAMED, NUMBERS, WORDS
from mien.types.affect import Affect, Dimension
from mien.types.analysis import Modality, Track
from mien.types.span import Span

__all__ = ["Layer", "tracks_of"]

DIMENSIONS = ("valence", "arousal", "dominance")
MODALITIES: Mapping[str, Modality] = {
    "text": "text",
    "words": "text",
    "speech": "speech",
    "voice": "speech",
    "face": "face",
}
MOST_WORDS = 3
"""Words that a label has at most; a longer text is speech or a remark."""

Place = tuple[float, float]
Group = tuple[str, Modality, str]
Told = dict[Place, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Layer:
    """A tier as a file holds it.

    Args:
        name: Its name.
        marks: Start and end in seconds, and what is written there.
        participant: Whose it is, where the file says so.
    """

    name: str
    marks: Sequence[tuple[float, float, str]]
    participant: str = ""


def tracks_of(layers: Sequence[Layer], name: str, warn: Warn) -> list[Track]:
    """Return the tracks that tiers mean, one per person and modality, in order of appearance.

    Args:
        layers: The tiers of a file.
        name: What errors call the file.
        warn: Called with a sentence for each thing that has no place in a track.

    Raises:
        InputError: A number of a tier of ours is none, or a mark ends before it starts.
    """
    lost: Counter[str] = Counter()
    groups: dict[Group, Told] = {}
    for layer in layers:
        _check(layer, name)
        found = _own(layer) or _foreign(layer, lost)
        if found is not None:
            group, part = found
            told = groups.setdefault(group, {})
            for start, end, text in layer.marks:
                if text.strip():
                    told.setdefault((start, end), {})[part] = text.strip()
    readings = _readings(groups, lost)
    tracks: dict[tuple[str, Modality], list[Affect]] = {}
    for (person, modality, _), told in groups.items():
        affects = tracks.setdefault((person, modality), [])
        affects += [_affect(place, parts, readings, name) for place, parts in told.items()]
    for sentence in lines_of(lost):
        warn(f"{name}: {sentence}")
    return [Track(*whose, tuple(sorted(affects, key=_start))) for whose, affects in tracks.items()]


def _start(affect: Affect) -> Place:
    return (affect.span.start, affect.span.end) if affect.span is not None else (0.0, 0.0)


def _check(layer: Layer, name: str) -> None:
    for start, end, _ in layer.marks:
        if end < start:
            raise InputError(
                f"{name}, tier {layer.name[:40]!r}: a mark ends at {end:g} s, before it starts at {start:g} s"
            )


def _own(layer: Layer) -> tuple[Group, str] | None:
    """Return whose a tier of ours is and what it tells."""
    match = NAMED.fullmatch(layer.name)
    if match is None:
        return None
    modality, part, number, person = match.groups()
    return (person, modality, number or "1"), part  # type: ignore[return-value]


def _foreign(layer: Layer, lost: Counter[str]) -> tuple[Group, str] | None:
    kind, at, after = layer.name.partition("@")
    kind = kind.strip().casefold()
    texts = [text.strip() for _, _, text in layer.marks if text.strip()]
    long = sum(len(text.split()) > MOST_WORDS for text in texts)
    if kind == MOMENTS or 2 * long > len(texts):
        lost[f"the tier {layer.name[:40]!r} holds no labels and is left out"] += 1
        return None
    person = layer.participant.strip() or (after.strip() if at else "")
    if kind in DIMENSIONS:
        if not all(_is_share(text) for text in texts):
            lost[f"the tier {layer.name[:40]!r} has values beyond -1 to 1 and is left out"] += 1
            return None
        return (person or UNNAMED, "fused", ""), kind
    return (person or layer.name.strip() or UNNAMED, MODALITIES.get(kind, "fused"), ""), ""


def _is_share(text: str) -> bool:
    try:
        decimal(text, "", "", least=-1, most=1)
    except InputError:
        return False
    return True


def _readings(groups: Mapping[Group, Told], lost: Counter[str]) -> dict[str, Reading | None]:
    """Return the taxonomy of each kind of label tier, from all labels that occur in it."""
    labels: dict[str, set[str]] = {}
    for told in groups.values():
        for parts in told.values():
            for part in parts.keys() - {WORDS, *NUMBERS}:
                labels.setdefault(part, set()).add(parts[part])
    readings = {part: read_labels(sorted(found), part) for part, found in labels.items()}
    for part in labels:
        if readings[part] is None:
            shown = ", ".join(repr(label[:20]) for label in sorted(labels[part])[:4])
            lost[f"the labels {shown} are of no taxonomy known here and are read as open words"] += 1
    return readings


def _affect(place: Place, parts: Mapping[str, str], readings: Mapping[str, Reading | None], name: str) -> Affect:
    where = f"{name}, at {place[0]:g} s"
    dimensions = {
        part: Dimension(decimal(parts[part], where, f"the {part}", least=-1, most=1), spread_of())
        for part in DIMENSIONS
        if part in parts
    }
    sure = {
        part: decimal(parts[part], where, f"the {part}", least=0, most=1)
        for part in ("probability", "confidence")
        if part in parts
    }
    words = [word for word in parts.get(WORDS, "").split("; ") if word]
    categories = None
    for part in parts.keys() - {WORDS, *NUMBERS}:
        reading = readings[part]
        if reading is None:
            words.append(parts[part])
        else:
            taxonomy, meaning = reading
            categories = distribution(taxonomy, {meaning[parts[part]]: sure.get("probability", 1.0)})
    if categories is None and not words and not dimensions:
        raise InputError(f"{where}: there is a confidence or probability, but of nothing")
    return Affect(
        categories=categories,
        labels=tuple(words),
        span=Span(*place),
        confidence=sure.get("confidence"),
        valence=dimensions.get("valence"),
        arousal=dimensions.get("arousal"),
        dominance=dimensions.get("dominance"),
    )
