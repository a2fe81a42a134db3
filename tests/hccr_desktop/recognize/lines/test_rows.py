"""Rows and columns of ink."""

from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.ink import Ink, Stroke
from hccr_desktop.errors import EmptyInk
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.rows import RowReader
from hccr_desktop.recognize.models import Registry
from tests.conftest import WRITTEN


@pytest.fixture(scope="module")
def reader() -> RowReader:
    return RowReader(Engine(Registry().active(), 1))


def row_of(text: str, *, vertical: bool = False) -> Ink:
    shift = np.array([0, 105] if vertical else [105, 0], np.float32)
    return Ink(
        tuple(
            Stroke(np.array(stroke, np.float32) + shift * place)
            for place, character in enumerate(text)
            for stroke in WRITTEN[character]
        )
    )


@pytest.mark.parametrize("vertical", [False, True])
def test_characters_of_a_row_and_of_a_column(reader: RowReader, vertical: bool) -> None:
    ink = row_of("木中上十", vertical=vertical)
    found = reader.read(ink, vertical=vertical, cell=100)
    assert "".join(w.recognition.best.character for w in found) == "木中上十"
    assert sorted(n for w in found for n in w.strokes) == list(range(len(ink.strokes)))
    assert [len(w.ink.strokes) for w in found] == [4, 4, 3, 2]
    box = found[1].recognition.box
    assert box is not None
    assert box[1 if vertical else 0] > 100


def test_a_stroke_added_late_finds_its_character(reader: RowReader) -> None:
    strokes = list(row_of("中木").strokes)
    late = strokes.pop(3)  # the upright of the first
    found = reader.read(Ink((*strokes, late)), cell=100)
    assert "".join(w.recognition.best.character for w in found) == "中木"
    assert found[0].strokes[-1] == len(strokes)


def test_nothing_is_no_row(reader: RowReader) -> None:
    with pytest.raises(EmptyInk):
        reader.read(Ink(()))


@pytest.mark.parametrize(("scale", "cell"), [(0.3, 220.0), (0.001, 0.0), (1.0, 110.0)])
def test_small_writing_and_coarse_units_are_read(scale: float, cell: float) -> None:
    ink = row_of("木中上十木")
    small = Ink.from_points([(stroke.xy * scale).tolist() for stroke in ink.strokes])
    found = RowReader(Engine(Registry().require_active())).read(small, cell=cell)
    assert "".join(one.recognition.best.character for one in found) == "木中上十木"
    assert [one.ink.strokes[0] for one in found] == [small.strokes[one.strokes[0]] for one in found]


def test_a_row_that_rises_is_read() -> None:
    ink = row_of("木中上十木")
    risen = Ink.from_points([(stroke.xy - np.outer(stroke.xy[:, 0], [0.0, 0.2])).tolist() for stroke in ink.strokes])
    found = RowReader(Engine(Registry().require_active())).read(risen)
    assert "".join(one.recognition.best.character for one in found) == "木中上十木"


def test_a_long_flat_stroke_is_no_giant_and_boxes_are_in_the_inks_units() -> None:
    reader = RowReader(Engine(Registry().require_active()))
    (flat,) = reader.read(Ink.from_points([[(10.0, 700.0), (400.0, 700.02), (900.0, 700.05)]]), cell=110.0)
    assert flat.recognition.box is not None
    left, _, right, _ = flat.recognition.box
    assert (left, right) == (10, 901)
    small = Ink.from_points([(stroke.xy * 0.1).tolist() for stroke in row_of("木中").strokes])
    boxes = [one.recognition.box for one in reader.read(small)]
    assert all(box is not None and box[2] <= 25 for box in boxes)
