"""XML from strangers read into a tree within bounds: no document type, no entities, no deep or endless elements.

Names lose their prefixes; the namespace of the root is kept. The parser is the standard library's expat.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from qualipolis.lake.cells import Place
from qualipolis.lake.factory.bounds import Bounds
from qualipolis.methods.problems import InputError, Problem, msg

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_OPENING = re.compile(r"<(?:\?|!--|!\[|!DOCTYPE|[A-Za-z_][\w.:-]*)")
_NATIVE = frozenset({"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1"})
_OTHER = frozenset({"gb18030", "gbk", "gb2312", "windows-1252", "cp1252"})
_CHUNK = 1 << 18


@dataclass(frozen=True)
class Markup:
    """The root element, its namespace and the encoding of the file."""

    root: Element = field(repr=False)
    namespace: str
    encoding: str


class _Refused(Exception):
    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(code)
        self.code, self.what, self.remedy = code, what, remedy


class _Builder:
    """Build the tree and count while it grows."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds, self.tree = bounds, TreeBuilder()
        self.elements = self.depth = 0
        self.names: dict[str, str] = {}
        self.namespace = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements, self.depth = self.elements + 1, self.depth + 1
        if self.elements > self.bounds.markup_elements or self.depth > self.bounds.markup_depth:
            what = msg("The XML is nested too deeply or has too many elements.")
            raise _Refused("markup_too_large", what, msg("Split the file, and send the parts one by one."))
        if attributes:
            if sum(map(len, attributes.values())) > self.bounds.markup_attributes or len(attributes) > 200:
                what = msg("An element of the XML has attributes of senseless length.")
                raise _Refused("markup_too_large", what, msg("Export the file again from its program."))
            attributes = {self._local(name): value for name, value in attributes.items()}
        if self.elements == 1:
            self.namespace = tag.rpartition("}")[0]
        self.tree.start(self._local(tag), attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.tree.end(self._local(tag))

    def _local(self, tag: str) -> str:
        known = self.names.get(tag)
        if known is None:
            known = tag.rpartition("}")[2]
            if len(self.names) < 10_000:
                self.names[tag] = known
        return known


def looks_like_markup(data: bytes) -> bool:
    """Return whether ``data`` begins like XML in UTF-8, UTF-16 or an 8-bit encoding.

    >>> looks_like_markup(b"  <QIFDocument>"), looks_like_markup("<a>".encode("utf-16")), looks_like_markup(b"<0.05,1")
    (True, True, False)
    """
    head = data[:1024]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8")
    return _OPENING.match(head.removeprefix(codecs.BOM_UTF8).lstrip().decode("latin-1")) is not None


def parse(data: bytes, name: str, bounds: Bounds, wanted: str = "") -> Markup:
    """Return the tree of ``data``; a document type, an entity, damage or excess is refused with its line."""
    if len(data) > bounds.markup_bytes:
        params = {"size": round(len(data) / 1e6, 1), "limit": round(bounds.markup_bytes / 1e6, 1)}
        what, remedy = msg("The XML has %(size)s MB; at most %(limit)s MB are read."), msg("Split the file.")
        raise InputError([Problem("file_too_large", what, remedy, params, Place(name))])
    data, encoding, forced = _encoded(data, name, wanted)
    builder = _Builder(bounds)
    parser = expat.ParserCreate(encoding="utf-8" if forced else None, namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.start, builder.end
    parser.CharacterDataHandler = builder.tree.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _refuse
    try:
        for start in range(0, len(data), _CHUNK):
            parser.Parse(data[start : start + _CHUNK], False)
        parser.Parse(b"", True)
    except _Refused as error:
        place = Place(name, "", parser.CurrentLineNumber)
        raise InputError([Problem(error.code, error.what, error.remedy, place=place)]) from None
    except expat.ExpatError as error:
        what = msg("The XML is damaged or cut off.")
        remedy = msg("Send the file again as its program exported it.")
        raise InputError([Problem("damaged_xml", what, remedy, place=Place(name, "", error.lineno))]) from None
    return Markup(builder.tree.close(), builder.namespace, encoding)


def _refuse(*_: object) -> None:
    what = msg("The XML declares a document type or entities, which may read other files or grow without end.")
    raise _Refused("unsafe_xml", what, msg("Remove the <!DOCTYPE ...> and send the file again."))


def _encoded(data: bytes, name: str, wanted: str) -> tuple[bytes, str, bool]:
    """Return the bytes as expat can read them; Chinese encodings, which it does not know, become UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data, "utf-16", False
    found = _DECLARED.search(data[:400])
    encoding = (wanted or (found[1].decode("ascii") if found else "utf-8")).lower()
    if encoding in _NATIVE and not wanted:
        return data, encoding, False
    if encoding not in _NATIVE | _OTHER:
        what, remedy = msg("The encoding %(wanted)s is not known."), msg("Save the file as UTF-8.")
        raise InputError([Problem("encoding", what, remedy, {"wanted": encoding[:40]}, Place(name))])
    try:
        text = data.decode("gb18030" if encoding in ("gbk", "gb2312") else encoding)
    except UnicodeDecodeError as error:
        what = msg("The text is not valid %(encoding)s at line %(line)s.")
        remedy = msg("Choose another encoding, or leave it to be recognised.")
        params = {"encoding": encoding, "line": data.count(b"\n", 0, error.start) + 1}
        raise InputError([Problem("damaged_text", what, remedy, params, Place(name))]) from None
    return text.encode("utf-8"), encoding, True


def text_in(element: Element | None, *path: str) -> str:
    """Return the text under ``path``, without blanks at its ends; empty where there is none."""
    for step in path:
        element = element.find(step) if element is not None else None
    return " ".join((element.text or "").split()) if element is not None else ""


def below(element: Element, ending: str) -> Iterator[Element]:
    """Iterate over the elements under ``element`` whose name ends in ``ending``."""
    return (e for e in element.iter() if e.tag.endswith(ending))
