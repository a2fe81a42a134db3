"""One writing out again: as SVG, as InkML, as PNG."""

from __future__ import annotations

import io
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import PenPath, draw, fitting_pen
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.inkml import write_inkml

_MARGIN = 10.0


def write_drawing(path: Path, sample: Sample) -> None:
    """Write a sample's ink in the form that the file's suffix says; raises `InputError` for another."""
    ink = sample.content
    if not isinstance(ink, Ink) or ink.is_empty:
        raise InputError("There is no writing to save.", "Write something first.")
    kind = path.suffix.lower()
    if kind == ".svg":
        data = svg(ink, sample.character).encode()
    elif kind == ".png":
        lines = PenPath.of(ink)
        packed = io.BytesIO()
        Image.fromarray(draw(lines, pen=fitting_pen(lines)).pixels).save(packed, "PNG", optimize=True)
        data = packed.getvalue()
    elif kind == ".inkml":
        write_inkml(path, [sample])
        return
    else:
        raise InputError("{name} is no kind of drawing.", "End its name in .svg, .inkml or .png.", name=path.name)
    with written_aside(path) as out:
        out.write(data)


def svg(ink: Ink, title: str = "") -> str:
    """Return an SVG document: a polyline each stroke, in the ink's own units; pressure is the width."""
    left, top, right, bottom = ink.bounds
    pen = max(right - left, bottom - top, 20.0) / 30
    parts = []
    for stroke in ink.strokes:
        width = pen
        if stroke.points.shape[1] > 3:
            width = pen * (0.5 + float(stroke.points[:, 3].mean()))
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in stroke.xy)
        if len(stroke.xy) == 1:  # a point has no line: a very short one gets the round ends
            points += f" {stroke.xy[0, 0] + 0.1:.1f},{stroke.xy[0, 1]:.1f}"
        parts.append(f'<polyline points="{points}" stroke-width="{width:.1f}"/>')
    box = f"{left - _MARGIN:.1f} {top - _MARGIN:.1f} {right - left + 2 * _MARGIN:.1f} {bottom - top + 2 * _MARGIN:.1f}"
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">\n<title>{escape(title)}</title>\n'
        f'<g fill="none" stroke="black" stroke-linecap="round" stroke-linejoin="round">\n{body}\n</g>\n</svg>\n'
    )
