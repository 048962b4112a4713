"""The rules of EmotionML 1.0: those of its schema, and those that a schema cannot say.

Checked beyond the schema: the vocabulary of each category, dimension, appraisal and action tendency is one that the
document declares or that the W3C note holds, is of that kind, and has the name; a dimension has a value or a trace, and
nothing has both; ``end`` does not lie before ``start``; times are whole milliseconds; each ``id`` occurs once. No
address is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from mien.errors import InputError
from mien.io.emotionml.vocabularies import VOCABULARIES, Vocabulary
from mien.io.emotionml.write import EMOTIONML, MIEN
from mien.io.foreign import decimal, whole
from mien.io.xmltree import Node

__all__ = ["DESCRIPTIONS", "check", "name_of", "set_of"]

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
DESCRIPTIONS = ("category", "dimension", "appraisal", "action-tendency")
SETS = {f"{kind}-set": "uri" for kind in DESCRIPTIONS}
LATEST_INSTANT = 10**15
"""Milliseconds since 1970 that an absolute time may state; some 30,000 years."""

Check = Callable[[str, str, str], object]


def _pattern(pattern: str, allowed: str) -> Check:
    found = re.compile(pattern)

    def check(written: str, where: str, what: str) -> None:
        if not found.fullmatch(written.strip()):
            raise InputError(f"{where}: {what} is {written.strip()[:40]!r}; allowed: {allowed}")

    return check


def _scale(written: str, where: str, what: str) -> None:
    decimal(written, where, what, least=0, most=1)


def _samples(written: str, where: str, what: str) -> None:
    if not written.split():
        raise InputError(f"{where}: {what} is empty; allowed: numbers from 0 to 1")
    for sample in written.split():
        _scale(sample, where, what)


def _instant(written: str, where: str, what: str) -> None:
    whole(written, where, f"{what} (in whole milliseconds)", most=LATEST_INSTANT)


def _offset(written: str, where: str, what: str) -> None:
    whole(written, where, f"{what} (in whole milliseconds)", least=-(10**11))


TYPES: Mapping[str, Check] = {
    "uri": _pattern(r"[^\s<>\"{}|\\^`]*", "an address"),
    "id": _pattern(r"[^\W\d][\w.·-]*", "a name that begins with a letter"),
    "token": _pattern(r".*\S.*", "a name"),
    "nmtoken": _pattern(r"[\w.:·-]+", "a name without white space"),
    "nmtokens": _pattern(r"[\w.:·-]+(\s+[\w.:·-]+)*", "names without white space"),
    "text": _pattern(r"(?s).*", "text"),
    "one": _pattern(r"1\.0", "1.0"),
    "freq": _pattern(r"\d{1,9}(\.\d{0,9})?\s*Hz", "a rate such as 10Hz"),
    "kind": _pattern("|".join(DESCRIPTIONS), ", ".join(DESCRIPTIONS)),
    "role": _pattern("expressedBy|experiencedBy|triggeredBy|targetedAt", "expressedBy, experiencedBy, triggeredBy"),
    "anchor": _pattern("start|end", "start, end"),
    "scale": _scale,
    "samples": _samples,
    "instant": _instant,
    "offset": _offset,
}


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the schema says of one element.

    Args:
        attributes: Name to type; a name with ``!`` is required.
        children: The children allowed, in groups that must come in this order.
        needs: Groups of which one child must be there.
        mixed: Whether text may stand between the children.
    """

    attributes: Mapping[str, str]
    children: tuple[tuple[str, ...], ...] = ()
    needs: tuple[int, ...] = ()
    mixed: bool = False


_DESCRIPTION = _Shape({"name!": "token", "value": "scale", "confidence": "scale"}, (("trace",),))
_INFO = _Shape({"id": "id"}, mixed=True)
_TIMES = {"start": "instant", "end": "instant", "duration": "instant", "time-ref-uri": "uri"}
_RELATIVE = {"time-ref-anchor-point": "anchor", "offset-to-start": "offset", "expressed-through": "nmtokens"}
SHAPES: Mapping[str, _Shape] = {
    "emotionml": _Shape({"version!": "one", **SETS}, (("info",), ("emotion", "vocabulary")), mixed=True),
    "vocabulary": _Shape({"type!": "kind", "id!": "id"}, (("info",), ("item",)), (1,)),
    "item": _Shape({"name!": "nmtoken"}, (("info",),)),
    "emotion": _Shape(
        {"version": "one", "id": "id", **SETS, **_TIMES, **_RELATIVE},
        (("info",), DESCRIPTIONS, ("reference",)),
        (1,),
        mixed=True,
    ),
    **dict.fromkeys(DESCRIPTIONS, _DESCRIPTION),
    "trace": _Shape({"freq!": "freq", "samples!": "samples"}),
    "reference": _Shape({"uri!": "uri", "role": "role", "media-type": "text"}),
}
ONCE = ("info", "trace")


def name_of(node: Node) -> str:
    """Return the name of an element of EmotionML, without its namespace; ``""`` for any other."""
    space, _, local = node.tag.rpartition("}")
    return local if space == f"{{{EMOTIONML}" else ""


def check(root: Node, name: str) -> dict[str, Vocabulary]:
    """Check a document and return the vocabularies that it may use, by address.

    Args:
        root: The root of the document.
        name: What errors call the file.

    Raises:
        InputError: A rule is broken; the sentence names the line and the rule.
    """
    if name_of(root) != "emotionml":
        raise InputError(f"{name}, line {root.line}: the root is {root.tag!r}; it must be emotionml of {EMOTIONML}")
    _check_shape(root, name)
    _check_identities(root, name)
    known = {**VOCABULARIES, **{f"#{node.attributes['id'].strip()}": _declared(node) for node in _all(root)}}
    for attribute in SETS:
        _vocabulary(root, attribute, known, name)
    for node in root.all(f"{{{EMOTIONML}}}emotion"):
        _check_emotion(node, root, known, name)
    return known


def set_of(kind: str, emotion: Node, root: Node) -> str | None:
    """Return the address of the vocabulary that an emotion uses for a kind of description."""
    address = emotion.attributes.get(f"{kind}-set", root.attributes.get(f"{kind}-set"))
    return None if address is None else address.strip().replace("https://www.w3.org/", "http://www.w3.org/")


def _all(root: Node) -> Iterator[Node]:
    return root.all(f"{{{EMOTIONML}}}vocabulary")


def _every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _every(child)


def _broken(name: str, node: Node, sentence: str) -> NoReturn:
    raise InputError(f"{name}, line {node.line}: {sentence}")


def _check_shape(node: Node, name: str) -> None:
    own = name_of(node)
    shape = SHAPES[own]
    _check_attributes(node, own, shape, name)
    # An element without children may not even hold a blank.
    if not shape.mixed and (node.text.strip() if shape.children else node.text):
        _broken(name, node, f"{own} holds the text {node.text.strip()[:40]!r}; allowed: none")
    _check_order(node, own, shape, name)
    for child in node.children:
        if name_of(child) == "info":
            _check_info(child, name)
        else:
            _check_shape(child, name)


def _check_attributes(node: Node, own: str, shape: _Shape, name: str) -> None:
    types = {attribute.rstrip("!"): found for attribute, found in shape.attributes.items()}
    for attribute in shape.attributes:
        if attribute.endswith("!") and attribute[:-1] not in node.attributes:
            _broken(name, node, f"{own} has no {attribute[:-1]}; it needs one")
    for attribute, written in node.attributes.items():
        if attribute in types:
            TYPES[types[attribute]](written, f"{name}, line {node.line}", f"the {attribute} of {own}")
        elif not attribute.startswith(XSI):
            _broken(name, node, f"{own} has the attribute {attribute[:40]!r}; allowed: {', '.join(types)}")


def _check_order(node: Node, own: str, shape: _Shape, name: str) -> None:
    places = {child: place for place, group in enumerate(shape.children) for child in group}
    before, met = 0, set()
    for child in node.children:
        local = name_of(child)
        if local not in places:
            allowed = ", ".join(places) or "none"
            _broken(name, child, f"{own} holds the element {local or child.tag!r}; allowed: {allowed}")
        if places[local] < before or (local in ONCE and local in met):
            _broken(name, child, f"{local} stands too late in {own} or twice; the order is {', '.join(places)}")
        before = places[local]
        met.add(local)
    for place in shape.needs:
        if not met & set(shape.children[place]):
            _broken(name, node, f"{own} holds nothing of {', '.join(shape.children[place])}; it needs one")


def _check_info(node: Node, name: str) -> None:
    _check_attributes(node, "info", _INFO, name)
    for child in node.children:
        if not child.tag.startswith("{") or name_of(child):
            _broken(name, child, f"info holds {child.tag[:60]!r}; allowed: elements of other namespaces")


def _check_identities(root: Node, name: str) -> None:
    met: set[str] = set()
    for node in _every(root):
        identity = node.attributes.get("id", "").strip() if name_of(node) else ""
        if identity and identity in met:
            _broken(name, node, f"the id {identity[:40]!r} occurs twice; each must occur once")
        met.add(identity)
    for vocabulary in _all(root):
        _check_once([item for item in vocabulary.children if name_of(item) == "item"], "item", name)


def _check_once(nodes: list[Node], kind: str, name: str) -> None:
    met: set[str] = set()
    for node in nodes:
        own = node.attributes["name"].strip()
        if own in met:
            _broken(name, node, f"the {kind} {own[:40]!r} occurs twice; each must occur once")
        met.add(own)


def _declared(node: Node) -> Vocabulary:
    items = [item for item in node.children if name_of(item) == "item"]
    stated = _told(node, "taxonomy")
    labels = {item.attributes["name"].strip(): told for item in items if (told := _told(item, "label")) is not None}
    names = tuple(item.attributes["name"].strip() for item in items)
    return Vocabulary(node.attributes["type"].strip(), names, stated, labels)


def _told(node: Node, what: str) -> str | None:
    """Return what our own export says in the info of an element."""
    info = node.first(f"{{{EMOTIONML}}}info")
    told = None if info is None else info.first(f"{{{MIEN}}}{what}")
    return None if told is None else told.attributes.get("name", told.attributes.get("text", ""))


def _check_emotion(emotion: Node, root: Node, known: Mapping[str, Vocabulary], name: str) -> None:
    for attribute in SETS:
        _vocabulary(emotion, attribute, known, name)
    for kind in DESCRIPTIONS:
        described = list(emotion.all(f"{{{EMOTIONML}}}{kind}"))
        _check_once(described, kind, name)
        for node in described:
            _check_description(node, kind, set_of(kind, emotion, root), known, name)
    start, end = (emotion.attributes.get(bound) for bound in ("start", "end"))
    if start is not None and end is not None and int(end) < int(start):
        _broken(name, emotion, f"the end {end} lies before the start {start}; it must not")


def _check_description(node: Node, kind: str, address: str | None, known: Mapping[str, Vocabulary], name: str) -> None:
    own = node.attributes["name"].strip()
    valued, traced = "value" in node.attributes, bool(node.children)
    if address is None:
        _broken(name, node, f"the {kind} {own[:40]!r} is used without a {kind}-set; name its vocabulary")
    if own not in known[address].items:
        _broken(name, node, f"the {kind} {own[:40]!r} is not in the vocabulary {address}")
    if valued and traced:
        _broken(name, node, f"the {kind} {own[:40]!r} has both a value and a trace; allowed: one of them")
    if kind == "dimension" and not valued and not traced:
        _broken(name, node, f"the dimension {own[:40]!r} has neither a value nor a trace; it needs one")


def _vocabulary(node: Node, attribute: str, known: Mapping[str, Vocabulary], name: str) -> None:
    address = set_of(attribute.removesuffix("-set"), node, node)
    if address is None:
        return
    if address not in known:
        _broken(
            name,
            node,
            f"the {attribute} {address[:80]!r} is no vocabulary that the document declares or the W3C note holds",
        )
    if f"{known[address].kind}-set" != attribute:
        _broken(name, node, f"the {attribute} {address[:80]!r} is a vocabulary of the kind {known[address].kind}")
