"""Analyses as ELAN annotation documents (EAF 3.0).

Tiers as `mien.io.tiers` lays them out. The tier with the labels of a layer is aligned to time and has its taxonomy as a
controlled vocabulary; what else is known of the same stretches hangs below it (symbolic association). Documents of any
version are read by the rules of `mien.io.layers`.

References:
    H. Sloetjes and P. Wittenburg (2008). Annotation by category: ELAN and ISO DCR. LREC.
    ELAN annotation format, schema version 3.0 (EAFv3.0.xsd).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import Path

from mien.errors import InputError
from mien.io.foreign import Warn, medium, warn_left_out, whole
from mien.io.layers import Layer, tracks_of
from mien.io.save import save_text
from mien.io.tiers import MOMENTS, Mark, Tier, layout, moments_of
from mien.io.xmltree import Node, clean, parse_xml, written_xml
from mien.types.analysis import Analysis, Track

__all__ = ["read_eaf", "to_eaf"]

XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
EPOCH = "1970-01-01T00:00:00+00:00"
"""The schema wants a date; the time of writing would make two exports of one analysis differ."""

MIME = {"wav": "audio/x-wav", "mp4": "video/mp4", "mov": "video/quicktime", "mpg": "video/mpeg"}
LANGUAGE = "und"
UNDETERMINED = "http://cdb.iso.org/lg/CDB-00130975-001"
ALIGNED, BELOW = "aligned", "below"


def to_eaf(analysis: Analysis, path: str | Path | None = None, *, media: str | Path | None = None) -> str:
    """Return an analysis as an ELAN document, and write it to ``path`` if one is given.

    Args:
        analysis: What to write.
        path: Where to.
        media: What was analysed; the document names it relative to its own folder.

    Raises:
        OptionError: Its affects have no times in seconds.
        OutputError: The file cannot be written.

    Example:
        >>> from mien.types import Affect, Source, Span, Track
        >>> odd = Affect(labels=("odd",), span=Span(0.0, 1.0))
        >>> 'TIER_ID="face.labels@ann"' in to_eaf(Analysis(Source("a.mp4", "video"), (Track("ann", "face", (odd,)),)))
        True
    """
    document = _Document(medium(analysis, path, media))
    tiers = layout(analysis, "an ELAN document")
    leaders: dict[str, Tier] = {}
    for tier in tiers:
        if leaders.setdefault(tier.layer, tier) is tier:
            document.add_leader(tier, _stretches(tier.layer, tiers))
        else:
            document.add_below(tier, leaders[tier.layer])
    document.add_moments(moments_of(analysis))
    written = written_xml(document.finish())
    if path is not None:
        save_text(path, written)
    return written


def _stretches(layer: str, tiers: Sequence[Tier]) -> list[Mark]:
    """Return each stretch of a layer once, so that what has no label has something to hang below."""
    found = {(mark.start, mark.end) for tier in tiers if tier.layer == layer for mark in tier.marks}
    return [Mark(start, end, "") for start, end in sorted(found)]


def read_eaf(raw: bytes, name: str, *, warn: Warn = warn_left_out) -> list[Track]:
    """Return the tracks of an ELAN document.

    Args:
        raw: The document.
        name: What errors call it.
        warn: Called with a sentence for what has no place in a track.

    Raises:
        InputError: It is no ELAN document, or a time or reference of it is wrong; the sentence names the line.
    """
    root = parse_xml(raw, name)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise InputError(f"{name}, line {root.line}: the root is {root.tag[:60]!r}; it must be ANNOTATION_DOCUMENT")
    return tracks_of(_Read(root, name, warn).layers(), name, warn)


class _Read:
    """The annotations of a document with their times."""

    def __init__(self, root: Node, name: str, warn: Warn) -> None:
        self._name, self._warn = name, warn
        self._tiers = list(root.all("TIER"))
        header = root.first("HEADER")
        units = header.attributes.get("TIME_UNITS", "milliseconds") if header is not None else "milliseconds"
        if units != "milliseconds":
            raise InputError(f"{name} counts time in {units[:40]!r}; allowed: milliseconds")
        order = root.first("TIME_ORDER")
        self._slots = dict(map(self._slot, order.all("TIME_SLOT") if order is not None else ()))
        self._spans: dict[str, tuple[float, float] | None] = {}
        self._parents: dict[str, str] = {}
        for _, node in self._annotations():
            self._place(node)

    def layers(self) -> list[Layer]:
        """Return the tiers, and tell of annotations without a time."""
        marks: dict[int, list[tuple[float, float, str]]] = {id(tier): [] for tier in self._tiers}
        lost = 0
        for tier, node in self._annotations():
            span = self._span(self._needed(node, "ANNOTATION_ID"), node)
            value = node.first("ANNOTATION_VALUE")
            if span is None:
                lost += 1
            else:
                marks[id(tier)].append((*span, value.text if value is not None else ""))
        if lost:
            self._warn(f"{self._name}: {lost} annotations are not aligned to time and are left out")
        return [
            Layer(self._needed(tier, "TIER_ID"), marks[id(tier)], tier.attributes.get("PARTICIPANT", ""))
            for tier in self._tiers
        ]

    def _annotations(self) -> list[tuple[Node, Node]]:
        """Return each tier with each of its annotations."""
        kinds = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")
        return [
            (tier, node)
            for tier in self._tiers
            for holder in tier.all("ANNOTATION")
            for node in holder.children
            if node.tag in kinds
        ]

    def _needed(self, node: Node, attribute: str) -> str:
        if attribute not in node.attributes:
            raise InputError(f"{self._name}, line {node.line}: {node.tag} has no {attribute}; it needs one")
        return node.attributes[attribute]

    def _slot(self, node: Node) -> tuple[str, float | None]:
        written = node.attributes.get("TIME_VALUE")
        where = f"{self._name}, line {node.line}"
        time = None if written is None else whole(written, where, "the time in milliseconds") / 1000
        return self._needed(node, "TIME_SLOT_ID"), time

    def _place(self, node: Node) -> None:
        """Note when an annotation is, or which other it hangs below."""
        identity = self._needed(node, "ANNOTATION_ID")
        if node.tag == "REF_ANNOTATION":
            self._parents[identity] = self._needed(node, "ANNOTATION_REF")
            return
        start, end = (self._time(node, f"TIME_SLOT_REF{place}", self._slots) for place in (1, 2))
        self._spans[identity] = None if start is None or end is None else (start, end)

    def _time(self, node: Node, attribute: str, slots: Mapping[str, float | None]) -> float | None:
        slot = self._needed(node, attribute)
        if slot not in slots:
            raise InputError(f"{self._name}, line {node.line}: the time slot {slot[:40]!r} does not exist")
        return slots[slot]

    def _span(self, identity: str, node: Node) -> tuple[float, float] | None:
        """Return when an annotation is; one that hangs below another shares its time."""
        met: set[str] = set()
        while identity in self._parents and identity not in met:
            met.add(identity)
            identity = self._parents[identity]
        if identity not in self._spans:
            raise InputError(
                f"{self._name}, line {node.line}: the annotation refers to {identity[:40]!r}, which is none"
            )
        return self._spans[identity]


class _Document:
    """Puts the parts of a document into the order that the schema demands."""

    def __init__(self, media: str) -> None:
        self.root = ET.Element("ANNOTATION_DOCUMENT", AUTHOR="mien", DATE=EPOCH, FORMAT="3.0", VERSION="3.0")
        self.root.set("xmlns:xsi", XSI)
        self.root.set("xsi:noNamespaceSchemaLocation", SCHEMA)
        header = ET.SubElement(self.root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
        ending = media.rpartition(".")[2].lower()
        url = clean(media if media.startswith(".") else f"./{media}")
        ET.SubElement(
            header,
            "MEDIA_DESCRIPTOR",
            MEDIA_URL=url,
            RELATIVE_MEDIA_URL=url,
            MIME_TYPE=MIME.get(ending, "unknown"),
        )
        self.slots = ET.SubElement(self.root, "TIME_ORDER")
        self._vocabularies: dict[str, tuple[str, ...]] = {}
        self._times: list[tuple[int, ET.Element, str]] = []
        self._made: dict[tuple[str, int], str] = {}
        self._count = 0

    def add_leader(self, tier: Tier, stretches: Sequence[Mark]) -> None:
        """Add the first tier of a layer, aligned to time, with an empty annotation where only others know something."""
        made = self._tier(tier.name, self._kind_of(tier, ALIGNED), tier.person)
        told = {mark.start: mark.text for mark in tier.marks}
        for stretch in stretches:
            mark = Mark(stretch.start, stretch.end, told.get(stretch.start, ""))
            self._made[tier.layer, stretch.start] = self._aligned(made, mark)

    def add_below(self, tier: Tier, leader: Tier) -> None:
        """Add a tier that tells more of the stretches of a leader."""
        made = self._tier(tier.name, self._kind_of(tier, BELOW), tier.person)
        made.set("PARENT_REF", clean(leader.name))
        for mark in tier.marks:
            annotation = ET.SubElement(ET.SubElement(made, "ANNOTATION"), "REF_ANNOTATION")
            annotation.set("ANNOTATION_ID", self._number())
            annotation.set("ANNOTATION_REF", self._made[tier.layer, mark.start])
            ET.SubElement(annotation, "ANNOTATION_VALUE").text = clean(mark.text)

    def add_moments(self, moments: Sequence[Mark]) -> None:
        """Add the moments as a tier of their own; where two overlap, the earlier ends as the later begins."""
        merged: dict[int, Mark] = {}
        for mark in moments:
            known = merged.get(mark.start)
            text = mark.text if known is None else f"{known.text} / {mark.text}"
            merged[mark.start] = Mark(mark.start, max(mark.end, known.end if known else 0), text)
        if not merged:
            return
        tier = self._tier(MOMENTS, ALIGNED, "")
        starts = sorted(merged)
        for start, after in zip(starts, [*starts[1:], merged[starts[-1]].end], strict=True):
            self._aligned(tier, Mark(start, min(merged[start].end, after), merged[start].text))

    def finish(self) -> ET.Element:
        """Return the document, with what the tiers refer to."""
        # Slots stand in order of time.
        for place, (time, annotation, end) in enumerate(sorted(self._times, key=lambda known: known[0]), start=1):
            ET.SubElement(self.slots, "TIME_SLOT", TIME_SLOT_ID=f"ts{place}", TIME_VALUE=str(time))
            annotation.set(end, f"ts{place}")
        for kind in (ALIGNED, BELOW):
            self._kind(kind, None)
            for part in self._vocabularies:
                self._kind(f"{kind} {part}", part)
        if self._vocabularies:
            ET.SubElement(self.root, "LANGUAGE", LANG_ID=LANGUAGE, LANG_DEF=UNDETERMINED, LANG_LABEL="undetermined")
        ET.SubElement(
            self.root,
            "CONSTRAINT",
            STEREOTYPE="Symbolic_Association",
            DESCRIPTION="1-1 association with a parent annotation",
        )
        for number, (part, labels) in enumerate(self._vocabularies.items(), start=1):
            self._vocabulary(part, labels, f"cve{number}")
        return self.root

    def _tier(self, name: str, kind: str, person: str) -> ET.Element:
        tier = ET.SubElement(self.root, "TIER", TIER_ID=clean(name), LINGUISTIC_TYPE_REF=clean(kind), ANNOTATOR="mien")
        tier.set("PARTICIPANT", clean(person))
        return tier

    def _kind_of(self, tier: Tier, kind: str) -> str:
        if not tier.labels:
            return kind
        self._vocabularies.setdefault(tier.part, tier.labels)
        return f"{kind} {tier.part}"

    def _number(self) -> str:
        self._count += 1
        return f"a{self._count}"

    def _aligned(self, tier: ET.Element, mark: Mark) -> str:
        annotation = ET.SubElement(ET.SubElement(tier, "ANNOTATION"), "ALIGNABLE_ANNOTATION")
        number = self._number()
        annotation.set("ANNOTATION_ID", number)
        for place, time in enumerate((mark.start, mark.end), start=1):
            self._times.append((time, annotation, f"TIME_SLOT_REF{place}"))
        ET.SubElement(annotation, "ANNOTATION_VALUE").text = clean(mark.text)
        return number

    def _kind(self, kind: str, vocabulary: str | None) -> None:
        below = kind.startswith(BELOW)
        made = ET.SubElement(self.root, "LINGUISTIC_TYPE", LINGUISTIC_TYPE_ID=clean(kind), GRAPHIC_REFERENCES="false")
        made.set("TIME_ALIGNABLE", "false" if below else "true")
        if below:
            made.set("CONSTRAINTS", "Symbolic_Association")
        if vocabulary is not None:
            made.set("CONTROLLED_VOCABULARY_REF", clean(vocabulary))

    def _vocabulary(self, part: str, labels: tuple[str, ...], identity: str) -> None:
        made = ET.SubElement(self.root, "CONTROLLED_VOCABULARY", CV_ID=clean(part))
        ET.SubElement(made, "DESCRIPTION", LANG_REF=LANGUAGE)
        for number, label in enumerate(labels, start=1):
            entry = ET.SubElement(made, "CV_ENTRY_ML", CVE_ID=f"{identity}-{number}")
            ET.SubElement(entry, "CVE_VALUE", LANG_REF=LANGUAGE).text = clean(label)
