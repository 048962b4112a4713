"""EmotionML 1.0 to tracks.

Where the document is an export of mien, its tracks come back. Else the rules are these. A person is what a reference
with the role ``experiencedBy`` points to. The modality is what the emotion is expressed through, if that is one of
face, voice and text; else ``fused``. Shares of categories are their ``value`` (how strong), else their ``confidence``.
Pleasure (or valence), arousal and dominance (or potency) go from [0, 1] to [-1, 1]; their spread is that of people who
rate one word, and wider where the confidence is less. Traces become series, and their mean the value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mien.errors import InputError
from mien.io.emotionml.rules import DESCRIPTIONS, check, set_of
from mien.io.emotionml.times import Times
from mien.io.emotionml.vocabularies import DIMENSIONS, Vocabulary
from mien.io.emotionml.write import EMOTIONML, MIEN, THROUGH
from mien.io.foreign import UNNAMED, Warn, decimal, lines_of, spread_of, warn_left_out
from mien.io.labels import Reading, distribution, read_labels
from mien.io.xmltree import Node, parse_xml
from mien.types.affect import KINDS, Affect, Dimension, Distribution, Kind
from mien.types.analysis import Modality, Series, Track
from mien.types.span import Span

__all__ = ["read_emotionml"]

Key = tuple[int, str, Modality]


@dataclass(slots=True)
class _Made:
    """What becomes of one track."""

    affects: list[Affect] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)


def read_emotionml(raw: bytes, name: str, *, warn: Warn = warn_left_out) -> list[Track]:
    """Return the tracks of an EmotionML document.

    Args:
        raw: The document.
        name: What errors call it.
        warn: Called with a sentence for what has no place in a track.

    Raises:
        InputError: It is no XML, or breaks a rule of EmotionML; the sentence names the line and the rule.

    Example:
        >>> words = '<vocabulary type="category" id="v"><item name="joy"/></vocabulary>'
        >>> felt = '<emotion category-set="#v" start="0" end="900"><category name="joy"/></emotion>'
        >>> document = f'<emotionml version="1.0" xmlns="{EMOTIONML}">{words}{felt}</emotionml>'
        >>> read_emotionml(document.encode(), "a.emotionml")[0].affects[0].categories.top
        ('joy', 1.0)
    """
    root = parse_xml(raw, name)
    return _Reader(root, name, check(root, name), warn).tracks()


class _Reader:
    def __init__(self, root: Node, name: str, known: Mapping[str, Vocabulary], warn: Warn) -> None:
        self._root, self._name, self._known, self._warn = root, name, known, warn
        self._lost: Counter[str] = Counter()
        self._emotions = list(root.all(f"{{{EMOTIONML}}}emotion"))
        self._own = self._own_tracks()
        self._readings = self._read_sets()

    def tracks(self) -> list[Track]:
        """Return every track, those of an export of ours in their order, then the others as they come."""
        times = Times(self._emotions, self._name, self._lost)
        made: dict[Key, _Made] = {(number, *track): _Made() for number, track in self._own.items()}
        for emotion in self._emotions:
            known, span = times.of(emotion)
            if known:
                self._read(emotion, span, made.setdefault(self._key(emotion), _Made()))
        for sentence in lines_of(self._lost):
            self._warn(f"{self._name}: {sentence}")
        return [
            Track(person, modality, tuple(found.affects), tuple(found.series))
            for (_, person, modality), found in made.items()
        ]

    def _own_tracks(self) -> dict[int, tuple[str, Modality]]:
        info = self._root.first(f"{{{EMOTIONML}}}info")
        found: dict[int, tuple[str, Modality]] = {}
        for node in info.all(f"{{{MIEN}}}track") if info is not None else ():
            modality = next((known for known in THROUGH if known == node.attributes.get("modality")), None)
            if modality is None:
                raise InputError(f"{self._name}, line {node.line}: a track has no modality; allowed: {_names(THROUGH)}")
            number = int(
                decimal(node.attributes.get("number", ""), self._where(node), "the number of a track", least=1)
            )
            found[number] = (node.attributes.get("person", UNNAMED), modality)  # type: ignore[assignment]
        return found

    def _read_sets(self) -> dict[str, Reading | None]:
        """Find the taxonomy of each vocabulary from the labels that are used of it."""
        used: dict[str, set[str]] = {}
        for emotion in self._emotions:
            address = set_of("category", emotion, self._root)
            for node in emotion.all(f"{{{EMOTIONML}}}category"):
                used.setdefault(str(address), set()).add(self._label(node, str(address)))
        readings: dict[str, Reading | None] = {}
        for address, labels in used.items():
            stated = self._known[address].taxonomy
            readings[address] = None if stated == "" else read_labels(sorted(labels), stated)
            if readings[address] is None and stated != "":
                self._lost[f"{address} is no taxonomy known here; its labels are read as open words"] += 1
        return readings

    def _label(self, node: Node, address: str) -> str:
        item = node.attributes["name"].strip()
        return self._known[address].labels.get(item, item)

    def _where(self, node: Node) -> str:
        return f"{self._name}, line {node.line}"

    def _told(self, emotion: Node) -> Node | None:
        """Return what our own export says of an affect."""
        info = emotion.first(f"{{{EMOTIONML}}}info")
        return None if info is None else info.first(f"{{{MIEN}}}affect")

    def _key(self, emotion: Node) -> Key:
        told = self._told(emotion)
        number = told.attributes.get("track", "") if told is not None else ""
        if number.isdecimal() and len(number) < 10 and int(number) in self._own:
            return (int(number), *self._own[int(number)])
        through = emotion.attributes.get("expressed-through", "").split()
        modalities = [modality for modality, theirs in THROUGH.items() if theirs in through]
        return 0, _person(emotion), modalities[0] if len(modalities) == 1 else "fused"  # type: ignore[return-value]

    def _read(self, emotion: Node, span: Span | None, made: _Made) -> None:
        """Add what an emotion says to its track."""
        for part in DESCRIPTIONS[2:]:
            for node in emotion.all(f"{{{EMOTIONML}}}{part}"):
                self._lost[f"the {part} {node.attributes['name'].strip()!r} has no place in an affect"] += 1
        made.series += self._traces(emotion, span)
        categories, labels, confidence = self._categories(emotion)
        dimensions = self._dimensions(emotion)
        if categories is None and not dimensions and not labels:
            return
        told = self._told(emotion)
        given = told.attributes if told is not None else {}
        if "confidence" in given:
            confidence = decimal(given["confidence"], self._where(emotion), "the confidence", least=0, most=1)
        kind: Kind = next((known for known in KINDS if known == given.get("kind")), "expressed")
        made.affects.append(
            Affect(
                categories=categories,
                labels=(*labels, *self._words(emotion)),
                span=span,
                confidence=confidence,
                kind=kind,
                model=given.get("model"),
                valence=dimensions.get("valence"),
                arousal=dimensions.get("arousal"),
                dominance=dimensions.get("dominance"),
            )
        )

    def _words(self, emotion: Node) -> list[str]:
        """Return the open words that our own export sets beside categories."""
        info = emotion.first(f"{{{EMOTIONML}}}info")
        found = info.all(f"{{{MIEN}}}label") if info is not None else ()
        return [node.attributes["text"] for node in found if node.attributes.get("text")]

    def _categories(self, emotion: Node) -> tuple[Distribution | None, list[str], float | None]:
        """Return the distribution that the categories mean, or their words, and how sure the first of them is."""
        nodes = list(emotion.all(f"{{{EMOTIONML}}}category"))
        if not nodes:
            return None, [], None
        address = str(set_of("category", emotion, self._root))
        shares, sure = _shares(nodes)
        named = {self._label(node, address): share for node, share in zip(nodes, shares, strict=True)}
        reading = self._readings[address]
        if reading is None:
            return None, sorted(named, key=lambda label: -named[label]), sure
        taxonomy, meaning = reading
        merged: dict[str, float] = {}
        for label, share in named.items():
            merged[meaning[label]] = merged.get(meaning[label], 0.0) + share
        return distribution(taxonomy, merged), [], sure

    def _dimensions(self, emotion: Node) -> dict[str, Dimension]:
        found: dict[str, Dimension] = {}
        told = self._told(emotion)
        for node in emotion.all(f"{{{EMOTIONML}}}dimension"):
            theirs = node.attributes["name"].strip()
            ours = DIMENSIONS.get(theirs.lower())
            if ours is None:
                self._lost[f"the dimension {theirs!r} has no place in an affect"] += 1
                continue
            stated = told.attributes.get(f"{ours}-std") if told is not None else None
            std = spread_of(_maybe(node, "confidence"))
            if stated is not None:
                std = decimal(stated, self._where(node), f"the spread of {ours}", least=0)
            found.setdefault(ours, Dimension(2 * _strength(node) - 1, std))
        return found

    def _traces(self, emotion: Node, span: Span | None) -> list[Series]:
        series = []
        for node in (node for kind in DESCRIPTIONS[:2] for node in emotion.all(f"{{{EMOTIONML}}}{kind}")):
            if not node.children:
                continue
            trace = node.children[0]
            rate = float(trace.attributes["freq"].strip().removesuffix("Hz"))
            if not rate > 0:
                raise InputError(f"{self._where(trace)}: the freq of trace is 0 Hz; it must be more")
            values = np.array([float(sample) for sample in trace.attributes["samples"].split()])
            ours = DIMENSIONS.get(node.attributes["name"].strip().lower()) if node.tag.endswith("dimension") else None
            start = span.start if span is not None and span.unit == "seconds" else 0.0
            series.append(
                Series(ours or node.attributes["name"].strip(), start, rate, 2 * values - 1 if ours else values)
            )
        return series


def _person(emotion: Node) -> str:
    for node in emotion.all(f"{{{EMOTIONML}}}reference"):
        if node.attributes.get("role") == "experiencedBy":
            address = node.attributes["uri"].strip()
            return address.rpartition("#")[2].rstrip("/").rpartition("/")[2] or address or UNNAMED
    return UNNAMED


def _shares(nodes: list[Node]) -> tuple[list[float], float | None]:
    """Return the share of each category, and how sure the first of them is."""
    if any("value" in node.attributes or node.children for node in nodes):
        strengths = [_strength(node) for node in nodes]
        top = max(range(len(nodes)), key=strengths.__getitem__)
        total = max(1e-9, sum(strengths))
        return [strength / total for strength in strengths], _maybe(nodes[top], "confidence")
    confidences = [_maybe(node, "confidence") for node in nodes]
    if any(confidence is not None for confidence in confidences):
        shares = [1.0 if confidence is None else confidence for confidence in confidences]
        return shares, shares[0] if len(nodes) == 1 else None
    return [1 / len(nodes)] * len(nodes), None


def _strength(node: Node) -> float:
    """Return the value of a description, or the mean of its trace; one where it has neither."""
    if node.children:
        return float(np.mean([float(sample) for sample in node.children[0].attributes["samples"].split()]))
    given = _maybe(node, "value")
    return 1.0 if given is None else given


def _maybe(node: Node, attribute: str) -> float | None:
    written = node.attributes.get(attribute)
    return None if written is None else float(written)


def _names(known: Mapping[str, str]) -> str:
    return ", ".join(known)
