"""XML that strangers wrote, read without entities, and XML of our own, written without what XML cannot hold.

A document type declaration is refused, because entities, which can grow without bound or name files, are declared
there. Elements keep their line, so that an error can name it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from mien.errors import InputError

__all__ = ["Node", "clean", "parse_xml", "root_tag", "written_xml"]

HEAD = 2**16
DEEPEST = 64
"""Elements inside each other; the formats that are read here need fewer than ten."""

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Node:
    """An element.

    Args:
        tag: Its name, as ``{namespace}name`` where it has a namespace.
        line: Where it begins.
        attributes: Name to value; a name with a namespace is written as a tag is.
        children: The elements inside it.
        text: What is written in it, outside of its children.
    """

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> Iterator[Node]:
        """Give the children of that tag."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> Node | None:
        """Return the first child of that tag."""
        return next(self.all(tag), None)


class _Builder:
    """Makes a tree of what expat tells."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[Node] = []
        self.root: Node | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        given = {_named(name): value for name, value in attributes.items()}
        node = Node(_named(tag), self.parser.CurrentLineNumber, given)
        if len(self._open) >= DEEPEST:
            raise InputError(f"{self._name}, line {node.line}: elements lie more than {DEEPEST} deep in each other")
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        if self._open:
            self._open[-1].text += text

    def _refuse(self, *_: object) -> NoReturn:
        raise InputError(
            f"{self._name}, line {self.parser.CurrentLineNumber}: a document type declaration (with entities) is "
            "not read; take it out"
        )


def _named(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return f"{{{space}}}{local}" if space else local


def parse_xml(raw: bytes, name: str) -> Node:
    """Return the root of a document.

    Args:
        raw: The bytes.
        name: What errors call them.

    Raises:
        InputError: They are no well-formed XML, or hold a document type declaration.

    Example:
        >>> parse_xml(b"<a><b c='1'/></a>", "a.xml").children[0].attributes
        {'c': '1'}
    """
    builder = _Builder(name)
    try:
        builder.parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise InputError(
            f"{name}, line {error.lineno}: it is no well-formed XML: {expat.ErrorString(error.code)}"
        ) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} is in an encoding that is not read here; allowed: UTF-8, UTF-16") from error
    if builder.root is None:
        raise InputError(f"{name} holds no XML element")
    return builder.root


def root_tag(raw: bytes, name: str) -> str:
    """Return the tag of the root, without reading further.

    Raises:
        InputError: There is none before the XML ends to be well-formed.
    """
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, _: found.append(_named(tag)) if not found else None
    with suppress(expat.ExpatError, LookupError, ValueError):
        parser.Parse(raw[:HEAD], False)
    if not found:
        # Nothing near the beginning: the whole file is read, which says what is wrong with it.
        return parse_xml(raw, name).tag
    return found[0]


def clean(text: str) -> str:
    r"""Return a text with what XML cannot hold (most control characters, lone surrogates) replaced by U+FFFD.

    Example:
        >>> clean("a\x00b")
        'a\ufffdb'
    """
    return FORBIDDEN.sub("\ufffd", text)


def written_xml(root: ET.Element) -> str:
    """Return a document with its declaration, indented."""
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
