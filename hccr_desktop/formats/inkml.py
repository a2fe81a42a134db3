"""InkML (W3C, 2011): handwriting as strokes, one character a group.

Reading: `inkml_document` knows encodings, contexts and references, `inkml_units` what is one character,
`inkml_traces` what stands in a trace; here they become samples. Writing: one group a character, X Y T F in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from hccr_desktop.core.ink import MAX_POINTS as MAX_POINTS_OF_ONE
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample, clean_label
from hccr_desktop.errors import InputError, InvalidInk, TooLarge
from hccr_desktop.files import open_unpacked, written_aside
from hccr_desktop.formats.inkml_document import MAX_MARKUP, Document, markup_of
from hccr_desktop.formats.inkml_traces import Rows, read_trace, strokes_of
from hccr_desktop.formats.inkml_units import LABELS, Piece, Unit, Units, annotation, no_part, too_large

MAX_BYTES = 64 * 2**20
MAX_POINTS = 10_000_000
"""Bound on the points of all characters of a document."""
_NAMESPACE = "http://www.w3.org/2003/InkML"


def read_inkml(path: Path) -> Iterator[Sample]:
    """Yield the characters of an InkML file, gzipped or not; raises `UnreadableFile`, `TooLarge` or `InvalidInk`."""
    with open_unpacked(path) as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TooLarge(
            "{name} is larger than {limit} MiB.",
            "Split it, or give a smaller file.",
            name=path.name,
            limit=MAX_BYTES // 2**20,
        )
    yield from parse_inkml(data, path.name)


def parse_inkml(data: bytes, name: str) -> Iterator[Sample]:
    """Yield the characters of an InkML document held in memory."""
    document = Document(data, name)
    strokes_in = _Strokes(document)
    label, writer = annotation(document.root, LABELS), annotation(document.root, ("writer",))
    units = Units(document).found()
    given = 0
    for unit in units:
        strokes = strokes_in(unit)
        if strokes:
            given += 1
            yield Sample(unit.label or label * (len(units) == 1), Ink.from_points(strokes), unit.writer or writer, name)
    if not given:
        raise InvalidInk("{name} has no strokes.", "Leave empty ink out.", name=name)


class _Strokes:
    """Reads the strokes of a document's characters; a trace that several show is read once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._values: dict[int, Rows] = {}
        self._points = 0

    def __call__(self, unit: Unit) -> list[Any]:
        """Return a character's strokes, without those of a pen in the air; continued traces are one stroke."""
        joined: list[tuple[Element, list[Rows]]] = []
        at: dict[int, int] = {}  # the stroke that a trace became part of
        last: Element | None = None
        before_this = self._points
        for piece in unit.pieces:
            if piece.trace.get("type", "").lower() == "penup":
                continue
            rows = self._rows(piece)
            self._points += len(rows)
            if self._points > MAX_POINTS or self._points - before_this > MAX_POINTS_OF_ONE:
                raise too_large(self._document.name)
            before, last = self._continued(piece.trace, last), piece.trace
            if before is not None and id(before) in at:
                at[id(piece.trace)] = at[id(before)]
                joined[at[id(before)]][1].append(rows)
            else:
                at[id(piece.trace)] = len(joined)
                joined.append((piece.trace, [rows]))
        strokes = []
        for trace, parts in joined:
            obeys_switch = trace.get("type", "").lower() == "indeterminate"
            strokes += strokes_of(np.concatenate(parts), split=obeys_switch)
        _from_the_start(strokes)
        return strokes

    def _rows(self, piece: Piece) -> Rows:
        trace, name = piece.trace, self._document.name
        if id(trace) not in self._values:
            trace_format = self._document.format_of(trace)
            raw = read_trace(trace.text or "", trace_format, name)
            self._values[id(trace)] = trace_format.scaled(raw, self._document.unit)
        rows = self._values[id(trace)]
        stop = len(rows) if piece.stop is None else piece.stop
        if (piece.start or piece.stop is not None) and not piece.start < stop <= len(rows):
            raise no_part(self._document.name, trace)
        return rows[piece.start : piece.stop]

    def _continued(self, trace: Element, last: Element | None) -> Element | None:
        """Return the trace that this one continues: what it refers to, else the `last` one where that goes on."""
        if trace.get("continuation") not in ("middle", "end"):
            return None
        if prior := trace.get("priorRef"):
            return self._document.referred(prior, "trace")
        return last if last is not None and last.get("continuation") in ("begin", "middle") else None


def _from_the_start(strokes: list[Any]) -> None:
    """Count time from the first point where it is too long to be kept exactly, as milliseconds since 1970 are."""
    start = min((stroke[0, 2] for stroke in strokes if stroke.shape[1] > 2), default=0.0)
    if abs(start) > 2**24:
        for stroke in strokes:
            stroke[:, 2:3] -= start


def write_inkml(path: Path, samples: Iterable[Sample]) -> int:
    """Write ink samples, return how many; raises `InputError` for glyphs, and for more than is read again.

    All points have as many values, as simple readers expect: where some strokes have pressure, those without write
    0.5, which draws the same.
    """
    kept = []
    for sample in samples:
        if not isinstance(sample.content, Ink):
            raise InputError("InkML holds strokes, not pictures.", "Write pictures as GNT or a folder.")
        kept.append((sample, sample.content.strokes))
    has_pressure = any(stroke.pressure is not None for _, strokes in kept for stroke in strokes)
    root = Element("ink", {"xmlns": _NAMESPACE})
    trace_format = SubElement(root, "traceFormat")
    channels: tuple[tuple[str, dict[str, str]], ...] = (
        ("X", {}),
        ("Y", {}),
        ("T", {"units": "ms"}),
        ("F", {"max": "1"}),
    )
    for kind, attributes in channels if has_pressure else channels[:3]:
        SubElement(trace_format, "channel", {"name": kind, "type": "decimal", **attributes})
    for sample, strokes in kept:
        group = SubElement(root, "traceGroup")
        for kind, text in (("truth", sample.character), ("writer", sample.writer)):
            if text:
                SubElement(group, "annotation", {"type": kind}).text = clean_label(text)
        for stroke in strokes:
            points = stroke.points.tolist()
            if has_pressure and stroke.pressure is None:
                points = [[*point, 0.5] for point in points]
            SubElement(group, "trace").text = ", ".join(" ".join(f"{v:.9g}" for v in point) for point in points)
    data = tostring(root, encoding="utf-8", xml_declaration=True)
    points = sum(len(stroke.points) for _, strokes in kept for stroke in strokes)
    if len(data) > MAX_BYTES or markup_of(data) > MAX_MARKUP or points > MAX_POINTS:
        raise InputError(
            "{count} samples are more than one InkML file may hold.", "Write them as .jsonl, or fewer.", count=len(kept)
        )
    with written_aside(path) as out:
        out.write(data)
    return len(kept)
