"""Analyses as ELAN annotation documents (EAF 3.0).

Tiers as `mien.io.tiers` lays them out. The tier with the labels of a layer is aligned to time and has its taxonomy as a
controlled vocabulary; what else is known of the same stretches hangs below it (symbolic association).

References:
    H. Sloetjes and P. Wittenburg (2008). Annotation by category: ELAN and ISO DCR. LREC.
    ELAN annotation format, schema version 3.0 (EAFv3.0.xsd).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from mien.io.foreign import medium
from mien.io.save import save_text
from mien.io.tiers import MOMENTS, Mark, Tier, layout, moments_of
from mien.io.xmltree import clean, written_xml
from mien.types.analysis import Analysis

__all__ = ["to_eaf"]

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
