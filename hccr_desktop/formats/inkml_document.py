"""An InkML document as a tree: out of bytes in any encoding, with what its references and contexts mean.

Bounded before it is parsed; without document types and entities.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hccr_desktop.errors import TooLarge, UnreadableFile
from hccr_desktop.formats.inkml_traces import Channel, TraceFormat, length_of

MAX_MARKUP = 1_000_000
"""Bound on tags and attributes: each takes some hundred bytes of memory."""

_BY_BYTES = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z][\w.-]{0,39})[\"']")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}  # files say the smaller one and mean the larger
_NO_TEXT = {"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "unicode-escape"}
_ID = "{http://www.w3.org/XML/1998/namespace}id"


def is_xml(head: bytes) -> bool:
    """Tell whether a file that starts with `head` (64 bytes or more, unless it is shorter) is XML in any encoding."""
    return head.decode(_encoding_of(head) or "utf-8", "replace").lstrip("\ufeff \t\r\n").startswith("<")


def _encoding_of(data: bytes) -> str | None:
    return next((encoding for start, encoding in _BY_BYTES if data.startswith(start)), None)


def _text(data: bytes, name: str) -> str:
    """Return a document's text, by its byte order mark, its first bytes or what it declares."""
    encoding, declared = _encoding_of(data), _DECLARED.match(data)
    if encoding is None and declared:
        try:
            encoding = codecs.lookup(declared[1].decode()).name
        except LookupError:
            encoding = "undefined"
        if encoding.startswith(("utf-16", "utf-32")):  # said in one byte a character, so it is not so
            encoding = "utf-8"
        if encoding in _NO_TEXT:
            raise _unknown(name, declared[1].decode())
    encoding = _WIDER.get(encoding or "utf-8", encoding or "utf-8")
    try:
        return data.decode(encoding).lstrip("\ufeff \t\r\n")
    except LookupError as error:  # a codec of Python that is none of text
        raise _unknown(name, encoding) from error
    except ValueError as error:
        raise UnreadableFile(
            "{name} is not in the encoding {encoding}, as it should be.",
            "Export the ink again.",
            name=name,
            encoding=encoding,
        ) from error


def _unknown(name: str, encoding: str) -> UnreadableFile:
    return UnreadableFile(
        "{name} is in an encoding that is not known, {encoding}.", "Save it in UTF-8.", name=name, encoding=encoding
    )


def tag(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def markup_of(data: bytes) -> int:
    """Return how many tags and attributes a document has at most."""
    return data.count(b"<") + data.count(b"=")


class Document:
    """An InkML document; raises `UnreadableFile` or `TooLarge`, as its methods do."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if markup_of(data) > MAX_MARKUP:
            raise TooLarge("{name} has more than {limit} tags.", "Split it.", name=name, limit=f"{MAX_MARKUP:,}")
        try:
            self.root: Element = fromstring(_text(data, name), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
            raise UnreadableFile("{name} is damaged or unsafe XML.", "Export the ink again.", name=name) from error
        if tag(self.root) != "ink":
            raise UnreadableFile("{name} is XML but not InkML.", "Give an InkML file.", name=name)
        self._by_id: dict[tuple[str, str], Element] = {}
        for element in self.root.iter():
            number = element.get(_ID) or element.get("id")
            if number:
                self._by_id.setdefault((tag(element), number), element)
        self._stated: dict[int, TraceFormat | None] = {}
        self._of_trace = dict(self._formats())
        first = next((f.length("X") for f in self._of_trace.values() if f.length("X") is not None), None)
        self.unit: float | None = first
        """The unit of length that all ink is brought to, in meters; None where no format states one."""

    def referred(self, reference: str, *tags: str) -> Element:
        """Return what a reference means: the element with that id, of the first of `tags` that has it."""
        for kind in tags:
            found = self._by_id.get((kind, reference.strip().removeprefix("#")))
            if found is not None:
                return found
        raise UnreadableFile(
            "{name} refers to “{reference}”, which it does not hold.",
            "Export the ink again, as one file.",
            name=self.name,
            reference=reference[:60],
        )

    def format_of(self, trace: Element) -> TraceFormat:
        """Return in which format a trace is written."""
        return self._of_trace[id(trace)]

    # ------------------------------------------------------------------------- contexts

    def _formats(self) -> Iterator[tuple[int, TraceFormat]]:
        """Yield the format of each trace: that of its context, or its group's; else what the document said before it.

        A document that says nothing of the kind means its only format, or X and Y.
        """
        alone = [
            child
            for parent in self.root.iter()
            if tag(parent) in ("ink", "definitions", "context", "inkSource")
            for child in parent
            if tag(child) == "traceFormat"
        ]
        current = (self._stated_by(alone[0]) if len(alone) == 1 else None) or TraceFormat()
        for child in self.root:
            if tag(child) in ("context", "traceFormat", "inkSource"):
                current = self._stated_by(child) or current
            stack = [(child, current)]
            while stack:
                element, inherited = stack.pop()
                if tag(element) in ("trace", "traceGroup") and element.get("contextRef"):
                    inherited = self._referred_format(element, "contextRef", "context") or inherited
                if tag(element) == "trace":
                    yield id(element), inherited
                stack += [(below, inherited) for below in element]

    def _stated_by(self, element: Element) -> TraceFormat | None:
        """Return the format that a context, source of ink or format states, None where it states none."""
        if id(element) not in self._stated:
            self._stated[id(element)] = None  # where contexts refer to each other in a circle
            self._stated[id(element)] = self._made_by(element)
        return self._stated[id(element)]

    def _made_by(self, element: Element) -> TraceFormat | None:
        if tag(element) == "traceFormat":
            regular = [_channel(child) for child in element if tag(child) == "channel"]
            rare = [_channel(c) for child in element if tag(child) == "intermittentChannels" for c in child]
            return TraceFormat((*regular, *rare)) if regular or rare else None
        children = {tag(child): child for child in element}
        found: TraceFormat | None = None
        for kind in ("traceFormat", "inkSource", "context"):
            if found is None and kind in children:
                found = self._stated_by(children[kind])
            elif found is None:
                found = self._referred_format(element, f"{kind}Ref", kind)
        resolution = {
            prop.get("channel", ""): length
            for prop in children.get("channelProperties", ())
            if prop.get("name") == "resolution" and (length := _length(prop)) is not None
        }
        transform = children.get("canvasTransform")
        if transform is None and element.get("canvasTransformRef"):
            transform = self.referred(element.get("canvasTransformRef", ""), "canvasTransform")
        if not resolution and transform is None:
            return found
        base = found or TraceFormat()
        to_canvas = base.to_canvas if transform is None else self._affine(transform)
        return TraceFormat(base.channels, {**base.resolution, **resolution}, to_canvas)

    def _referred_format(self, element: Element, attribute: str, kind: str) -> TraceFormat | None:
        reference = element.get(attribute)
        if not reference or (reference.startswith("#Default") and (kind, reference[1:]) not in self._by_id):
            return None  # what InkML predefines
        return self._stated_by(self.referred(reference, kind))

    def _affine(self, transform: Element) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """Return the matrix of a canvas transform, float64 (2, 3); raises `UnreadableFile` for one of another kind."""
        mapping = next((child for child in transform if tag(child) == "mapping"), None)
        kind = "identity" if mapping is None else mapping.get("type", "unknown")
        if mapping is None or kind in ("identity", "unknown"):
            return np.eye(2, 3)
        text = next((child.text or "" for child in mapping if tag(child) == "affine"), "") if kind == "affine" else ""
        try:
            matrix = np.array([row.split() for row in text.split(",")], np.float64)
        except ValueError:
            matrix = np.empty(0)
        if matrix.shape != (2, 3) or not np.isfinite(matrix).all():
            raise UnreadableFile(
                "{name} turns its ink by a rule that is not understood ({kind}).",
                "Export the ink as it was written.",
                name=self.name,
                kind=kind,
            )
        return matrix


def _channel(element: Element) -> Channel:
    return Channel(element.get("name", ""), element.attrib)


def _length(resolution: Element) -> float | None:
    """Return how long one unit of a device is in meters, by its resolution such as 1000 in 1/cm."""
    length = length_of(resolution.get("units", "").removeprefix("1/"))
    try:
        value = float(resolution.get("value", ""))
    except ValueError:
        return None
    return length / value if length is not None and 0.0 < value < 1e9 else None
