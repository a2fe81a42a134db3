"""InkML (W3C, 2011): handwriting as strokes.

Reading: each `traceGroup` with traces of its own is one character, its `annotation` of type
`truth` or `label` the label; traces outside groups are one character together. X, Y, T and F
channels are used, others passed over; explicit (!), first (') and second (") differences are
understood. Writing: one group a character, X Y T F in that order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from hccr_desktop.core.ink import MAX_POINTS, Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError, InvalidInk, UnreadableFile
from hccr_desktop.files import read_bounded, written_aside

MAX_BYTES = 64 * 2**20
_NAMESPACE = "http://www.w3.org/2003/InkML"
_LABELS = ("truth", "label", "transcription")
_VALUE = re.compile(r"\s*([!'\"]?)\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[TF*?])")


def read_inkml(path: Path) -> Iterator[Sample]:
    """Yield the characters of an InkML file; raises `UnreadableFile` or `InvalidInk`."""
    return parse_inkml(read_bounded(path, MAX_BYTES), path.name)


def parse_inkml(data: bytes, name: str) -> Iterator[Sample]:
    """Yield the characters of an InkML document held in memory."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise UnreadableFile("{name} is damaged or unsafe XML.", "Export the ink again.", name=name) from error
    if _tag(root) != "ink":
        raise UnreadableFile("{name} is XML but not InkML.", "Give an InkML file.", name=name)
    channels = _channels(root)
    writer = _annotation(root, ("writer",))
    groups = [e for e in root.iter() if _tag(e) == "traceGroup" and any(_tag(c) == "trace" for c in e)]
    grouped = {id(trace) for group in groups for trace in group}
    loose = [e for e in root.iter() if _tag(e) == "trace" and id(e) not in grouped]
    if not groups and not loose:
        raise InvalidInk("{name} has no strokes.", "Leave empty ink out.", name=name)
    for group in groups:
        traces = [child for child in group if _tag(child) == "trace"]
        label = _annotation(group, _LABELS) or _annotation(root, _LABELS) * (len(groups) == 1)
        yield Sample(label, _ink(traces, channels, name), writer, name)
    if loose:
        yield Sample(_annotation(root, _LABELS), _ink(loose, channels, name), writer, name)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _annotation(element: Element, kinds: tuple[str, ...]) -> str:
    for child in element:
        if _tag(child) == "annotation" and child.get("type", "").lower() in kinds:
            return (child.text or "").strip()
    return ""


def _channels(root: Element) -> list[tuple[str, float]]:
    """Return the names of the channels with what their values are multiplied by."""
    for trace_format in root.iter():
        if _tag(trace_format) != "traceFormat":
            continue
        found = []
        for channel in trace_format.iter():
            if _tag(channel) == "channel":
                kind, scale = channel.get("name", ""), 1.0
                if kind == "T" and channel.get("units") == "s":
                    scale = 1000.0
                if kind == "F":
                    try:
                        scale = 1.0 / float(channel.get("max", "1"))
                    except (ValueError, ZeroDivisionError):
                        scale = 1.0
                found.append((kind, scale))
        if found:
            return found
    return [("X", 1.0), ("Y", 1.0)]


def _ink(traces: list[Element], channels: list[tuple[str, float]], name: str) -> Ink:
    names = [kind for kind, _ in channels]
    if "X" not in names or "Y" not in names:
        raise UnreadableFile("{name} has no X and Y channels.", "Export the ink with positions.", name=name)
    wanted = [names.index(kind) for kind in ("X", "Y", "T", "F") if kind in names]
    if "F" in names and "T" not in names:
        wanted = wanted[:2]
    strokes = []
    for trace in traces:
        rows = _values(trace.text or "", len(channels), name)
        strokes.append([[row[i] * channels[i][1] for i in wanted] for row in rows])
    strokes = [stroke for stroke in strokes if stroke]
    if not strokes:
        raise InvalidInk("{name} has no strokes.", "Leave empty ink out.", name=name)
    return Ink.from_points(strokes)


def _values(text: str, width: int, name: str) -> list[list[float]]:
    """Read a trace: points apart by commas, values by spaces, with InkML's difference prefixes."""
    rows: list[list[float]] = []
    modes, value, speed = ["!"] * width, [0.0] * width, [0.0] * width
    points = [part for part in text.split(",") if part.strip()]
    if len(points) > MAX_POINTS:
        raise InvalidInk(
            "{name} has a stroke of more than {limit} points.",
            "Write one character at a time.",
            name=name,
            limit=f"{MAX_POINTS:,}",
        )
    for point in points:
        found = _VALUE.findall(point)
        if len(found) < 2 or len(found) > width:
            raise InvalidInk(
                "{name} has a point that is not numbers: “{point}”.",
                "Export it again.",
                name=name,
                point=point.strip()[:30],
            )
        for i, (prefix, number) in enumerate(found):
            modes[i] = prefix or modes[i]
            given = float(number) if number not in "TF*?" else 0.0
            if modes[i] == "!":
                value[i], speed[i] = given, given - value[i]
            elif modes[i] == "'":
                value[i], speed[i] = value[i] + given, given
            else:
                speed[i] += given
                value[i] += speed[i]
        rows.append(list(value))
    return rows


def write_inkml(path: Path, samples: Iterable[Sample]) -> int:
    """Write ink samples, return how many; raises `InputError` for glyphs, then no file is left."""
    root = Element("ink", {"xmlns": _NAMESPACE})
    trace_format = SubElement(root, "traceFormat")
    for kind, attributes in (("X", {}), ("Y", {}), ("T", {"units": "ms"}), ("F", {"max": "1"})):
        SubElement(trace_format, "channel", {"name": kind, "type": "decimal", **attributes})
    count = 0
    for sample in samples:
        if not isinstance(sample.content, Ink):
            raise InputError("InkML holds strokes, not pictures.", "Write pictures as GNT or a folder.")
        group = SubElement(root, "traceGroup")
        if sample.character:
            SubElement(group, "annotation", {"type": "truth"}).text = sample.character
        for stroke in sample.content.strokes:
            # All points have four values: a pen without pressure writes 0.5, which draws the same.
            rows = (
                f"{p[0]:.9g} {p[1]:.9g} {p[2]:.9g} {p[3] if len(p) == 4 else 0.5:.9g}" for p in stroke.points.tolist()
            )
            SubElement(group, "trace").text = ", ".join(rows)
        count += 1
    with written_aside(path) as out:
        out.write(tostring(root, encoding="utf-8", xml_declaration=True))
    return count
