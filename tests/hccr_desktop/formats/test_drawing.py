"""One writing out again, as SVG, InkML and PNG."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from defusedxml import ElementTree
from PIL import Image

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError
from hccr_desktop.formats.drawing import svg, write_drawing
from hccr_desktop.formats.reading import read_any
from tests.conftest import written


def test_an_svg_has_a_line_for_each_stroke_inside_its_frame() -> None:
    ink = written("木")
    root = ElementTree.fromstring(svg(ink, "<木>"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == "<木>"
    lines = root.findall(f".//{space}polyline")
    assert len(lines) == len(ink.strokes)
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    for line, stroke in zip(lines, ink.strokes, strict=True):
        points = np.array([list(map(float, p.split(","))) for p in line.attrib["points"].split()])
        assert np.abs(points - stroke.xy).max() < 0.06
        assert (points >= (left, top)).all()
        assert (points <= (left + width, top + height)).all()


def test_pressure_is_width_and_a_point_is_drawn() -> None:
    soft = Ink.from_points(
        [[(0, 0, 0, 0.1), (90, 0, 9, 0.1)], [(0, 30, 20, 0.9), (90, 30, 29, 0.9)], [(5, 60, 40, 0.5)]]
    )
    lines = ElementTree.fromstring(svg(soft)).findall(".//{http://www.w3.org/2000/svg}polyline")
    assert float(lines[0].attrib["stroke-width"]) < float(lines[1].attrib["stroke-width"])
    assert len(lines[2].attrib["points"].split()) == 2


@pytest.mark.parametrize("suffix", [".svg", ".inkml", ".png"])
def test_files_are_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"木{suffix}"
    write_drawing(path, Sample("木", written("木")))
    if suffix == ".png":
        assert np.asarray(Image.open(path)).min() < 50
    elif suffix == ".inkml":
        (sample,) = read_any(path)
        assert sample.character == "木"
    else:
        assert path.read_text(encoding="utf-8").startswith("<svg")


def test_other_kinds_and_empty_ink_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no kind of drawing"):
        write_drawing(tmp_path / "a.docx", Sample("木", written("木")))
    with pytest.raises(InputError, match="no writing"):
        write_drawing(tmp_path / "a.svg", Sample("木", Ink(())))
    assert list(tmp_path.iterdir()) == []
