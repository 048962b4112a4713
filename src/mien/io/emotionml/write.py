"""Analyses as EmotionML 1.0: one ``emotion`` per affect.

Times are relative to the medium, in whole milliseconds; a stretch of a text is named by characters (RFC 5147). Labels
have their probability as ``confidence``: EmotionML's ``value`` is how strong an emotion is, which was not measured.
Valence, arousal and dominance are W3C's pleasure, arousal and dominance, brought from [-1, 1] to [0, 1]. What EmotionML
has no word for (person, modality, spreads, calibrated confidence, model) stands in ``info``, in a namespace of its own.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from mien.io.emotionml.vocabularies import PAD, VOCABULARIES
from mien.io.encode import affects_of, encode_taxonomies
from mien.io.save import save_text
from mien.io.xmltree import clean, written_xml
from mien.types.affect import Affect
from mien.types.analysis import Analysis
from mien.types.span import Span

__all__ = ["EMOTIONML", "MIEN", "OPEN", "THROUGH", "to_emotionml"]

EMOTIONML = "http://www.w3.org/2009/10/emotionml"
MIEN = "urn:mien:emotionml"
OPEN = "open-labels"
"""Name of the vocabulary of words that belong to no taxonomy."""

THROUGH = {"text": "text", "speech": "voice", "face": "face", "fused": ""}
"""What EmotionML calls the modalities."""

NAMES = {"valence": "pleasure", "arousal": "arousal", "dominance": "dominance"}
NAME_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")


def to_emotionml(analysis: Analysis, path: str | Path | None = None) -> str:
    """Return an analysis as an EmotionML document, and write it to ``path`` if one is given.

    Raises:
        OptionError: Two taxonomies of the same name differ.
        OutputError: The file cannot be written.

    Example:
        >>> from mien.types import Affect, Dimension, Source, Span, Track
        >>> glad = Affect(valence=Dimension(0.5, 0.2), span=Span(0.0, 1.0))
        >>> document = to_emotionml(Analysis(Source("a.wav", "audio"), (Track("ann", "speech", (glad,)),)))
        >>> '<dimension name="pleasure" value="0.75" />' in document
        True
    """
    written = written_xml(_Document(analysis).root)
    if path is not None:
        save_text(path, written)
    return written


class _Document:
    """Builds the document: what is declared first, then every affect."""

    def __init__(self, analysis: Analysis) -> None:
        self.root = ET.Element("emotionml", version="1.0", xmlns=EMOTIONML)
        self.root.set("xmlns:mien", MIEN)
        self._medium = quote(clean(Path(analysis.source.name).name)) or "source"
        self._sets: dict[str, tuple[str, Mapping[str, str]]] = {}
        tracks = (*analysis.tracks, *analysis.fused)
        told = ET.SubElement(self.root, "info")
        for number, track in enumerate(tracks, start=1):
            given = {"number": str(number), "person": clean(track.person), "modality": track.modality}
            ET.SubElement(told, "mien:track", given)
        self._declare(analysis)
        for number, track in enumerate(tracks, start=1):
            for affect in track.affects:
                self._emotion(affect, number, THROUGH[track.modality])

    def _declare(self, analysis: Analysis) -> None:
        """Declare the vocabularies that the W3C note does not hold."""
        affects = list(affects_of(analysis))
        if any(affect.valence or affect.arousal or affect.dominance for affect in affects):
            self.root.set("dimension-set", PAD)
        identities = _tokens(encode_taxonomies(analysis), taken={OPEN})
        for name, plain in encode_taxonomies(analysis).items():
            self._sets[name] = _noted(plain["labels"]) or self._vocabulary(identities[name], plain["labels"], name)
        words = dict.fromkeys(word for affect in affects for word in affect.labels)
        if words:
            self._sets[""] = self._vocabulary(OPEN, list(words), "")

    def _vocabulary(self, identity: str, labels: list[str], name: str) -> tuple[str, Mapping[str, str]]:
        items = _tokens(labels, taken=set())
        vocabulary = ET.SubElement(self.root, "vocabulary", type="category", id=identity)
        ET.SubElement(ET.SubElement(vocabulary, "info"), "mien:taxonomy", name=clean(name))
        for label, item in items.items():
            made = ET.SubElement(vocabulary, "item", name=item)
            if item != label:
                ET.SubElement(ET.SubElement(made, "info"), "mien:label", {"text": clean(label)})
        return f"#{identity}", items

    def _emotion(self, affect: Affect, number: int, through: str) -> None:
        emotion = ET.SubElement(self.root, "emotion", _times(affect.span, self._medium))
        if through:
            emotion.set("expressed-through", through)
        told = ET.SubElement(emotion, "info")
        ET.SubElement(told, "mien:affect", {"track": str(number), **_told(affect)})
        self._categories(emotion, affect)
        for name, theirs in NAMES.items():
            dimension = getattr(affect, name)
            if dimension is not None:
                ET.SubElement(emotion, "dimension", name=theirs, value=_number((dimension.mean + 1) / 2))
        ET.SubElement(emotion, "reference", uri=self._medium + _fragment(affect.span), role="expressedBy")

    def _categories(self, emotion: ET.Element, affect: Affect) -> None:
        """Add the labels with their probabilities; words beside them stand in the info, since a set is one."""
        if affect.categories is not None:
            address, items = self._sets[affect.categories.taxonomy.name]
            emotion.set("category-set", address)
            for label, prob in affect.categories.as_dict().items():
                ET.SubElement(emotion, "category", name=items[label], confidence=_number(prob))
            for word in affect.labels:
                ET.SubElement(emotion[0], "mien:label", {"text": clean(word)})
        elif affect.labels:
            address, items = self._sets[""]
            emotion.set("category-set", address)
            for word in dict.fromkeys(affect.labels):
                ET.SubElement(emotion, "category", name=items[word])


def _told(affect: Affect) -> dict[str, str]:
    """Return what EmotionML has no word for."""
    given: dict[str, str] = {"kind": affect.kind}
    if affect.confidence is not None:
        given["confidence"] = _number(affect.confidence)
    if affect.model is not None:
        given["model"] = clean(affect.model)
    for name in NAMES:
        dimension = getattr(affect, name)
        if dimension is not None:
            given[f"{name}-std"] = _number(dimension.std)
    return given


def _times(span: Span | None, medium: str) -> dict[str, str]:
    if span is None or span.unit != "seconds":
        return {}
    start, end = round(span.start * 1000), round(span.end * 1000)
    return {"time-ref-uri": medium, "offset-to-start": str(start), "duration": str(max(0, end - start))}


def _fragment(span: Span | None) -> str:
    """Return the part of the medium: seconds as media fragments name them, characters as RFC 5147 does."""
    if span is None:
        return ""
    if span.unit == "characters":
        return f"#char={round(span.start)},{round(span.end)}"
    start, end = max(0, round(span.start * 1000)), round(span.end * 1000)
    return f"#t={start / 1000:.3f},{end / 1000:.3f}" if end > start else ""


def _number(value: float) -> str:
    return f"{value:.9g}"


def _noted(labels: list[str]) -> tuple[str, Mapping[str, str]] | None:
    """Return the vocabulary of the W3C note that holds exactly these labels."""
    for address, vocabulary in VOCABULARIES.items():
        if vocabulary.kind == "category" and set(vocabulary.items) == set(labels):
            return address, {label: label for label in labels}
    return None


def _tokens(names: Iterable[str], *, taken: set[str]) -> dict[str, str]:
    """Give each name a form that XML allows as a name, its own if it may be; each form once."""
    tokens: dict[str, str] = {}
    for name in sorted(set(names), key=lambda each: NAME_TOKEN.fullmatch(each) is None):
        plain = name if NAME_TOKEN.fullmatch(name) else "n-" + re.sub(r"[^A-Za-z0-9._-]", "-", name)
        token, number = plain, 1
        while token in taken:
            number += 1
            token = f"{plain}-{number}"
        taken.add(token)
        tokens[name] = token
    return {name: tokens[name] for name in names}
