from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.gui.pad import Pad
from tests.conftest import written
from tests.hccr_desktop.gui.conftest import write_on
from tests.stylus import stroke, stylus


@pytest.fixture
def pad(qtbot: QtBot) -> Pad:
    made = Pad()
    qtbot.addWidget(made)
    made.resize(400, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def ink(pad: Pad) -> Ink:
    item = pad.item
    assert isinstance(item, Ink)
    return item


def darkness(pad: Pad) -> int:
    """Count the dark pixels that the pad shows."""
    image = pad.grab().toImage()
    return sum(
        image.pixelColor(x, y).lightness() < 100
        for x in range(4, image.width() - 4, 2)
        for y in range(4, image.height() - 4, 2)
    )


def test_the_mouse_writes_strokes_in_order_and_the_pad_shows_them(pad: Pad, qtbot: QtBot) -> None:
    pad.set_look("none")
    empty = darkness(pad)
    with qtbot.waitSignals([pad.pen_down, pad.changed]):
        write_on(pad, qtbot, "十")
    assert len(ink(pad).strokes) == 2
    left, top, right, bottom = ink(pad).bounds
    assert right - left == pytest.approx(82 * 400 / 120, abs=2)
    assert bottom - top == pytest.approx(87 * 400 / 120, abs=2)
    assert darkness(pad) > empty + 200


def test_undo_redo_and_clear_lose_nothing(pad: Pad, qtbot: QtBot) -> None:
    write_on(pad, qtbot, "十")
    both = ink(pad)
    pad.undo()
    assert len(ink(pad).strokes) == 1
    pad.redo()
    assert ink(pad) == both
    pad.clear()
    assert pad.item is None
    pad.undo()
    assert ink(pad) == both
    pad.undo()
    pad.undo()
    assert pad.item is None
    assert not pad.can_undo
    pad.undo()  # nothing happens


def test_writing_after_undo_forgets_what_was_undone(pad: Pad, qtbot: QtBot) -> None:
    write_on(pad, qtbot, "十")
    pad.undo()
    write_on(pad, qtbot, "一")
    assert not pad.can_redo
    assert len(ink(pad).strokes) == 2


def test_clearing_an_empty_pad_is_no_state(pad: Pad) -> None:
    pad.clear()
    assert not pad.can_undo


def test_a_stylus_writes_with_fractions_of_a_pixel_and_pressure(pad: Pad) -> None:
    stroke(pad, [(10.25, 20.5, 0.2), (60.75, 20.5, 0.9), (61, 20, 0.0)])
    (written_stroke,) = ink(pad).strokes
    assert written_stroke.points[0, :2].tolist() == [10.25, 20.5]
    assert written_stroke.pressure is not None
    assert written_stroke.pressure.tolist() == pytest.approx([0.2, 0.9])


def test_a_stylus_without_pressure_writes_too(pad: Pad) -> None:
    stroke(pad, [(10, 20, 0.0), (60, 20, 0.0), (60, 20, 0.0)], has_pressure=False)
    assert ink(pad).strokes[0].pressure is None


def test_mouse_events_during_a_stylus_stroke_are_not_drawn_twice(pad: Pad) -> None:
    stylus(pad, QEvent.Type.TabletPress, 10, 10, 0.5)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    stylus(pad, QEvent.Type.TabletMove, 50, 10, 0.5)
    QTest.mouseMove(pad, QPoint(50, 10))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 10))
    stylus(pad, QEvent.Type.TabletRelease, 50, 10, 0.5)
    (written_stroke,) = ink(pad).strokes
    assert len(written_stroke.points) == 2


def test_the_eraser_end_removes_the_strokes_it_touches(pad: Pad) -> None:
    stroke(pad, [(10, 100, 0.5), (200, 100, 0.5), (200, 100, 0)])
    stroke(pad, [(10, 200, 0.5), (200, 200, 0.5), (200, 200, 0)])
    stroke(pad, [(100, 300, 0.5), (100, 210, 0.5), (100, 205, 0)], eraser=True)
    (written_stroke,) = ink(pad).strokes
    assert written_stroke.points[0, 1] == 100
    pad.undo()
    assert len(ink(pad).strokes) == 2


def test_one_finger_writes(pad: Pad) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(pad, device).press(0, QPoint(20, 20), pad).commit()
    QTest.touchEvent(pad, device).move(0, QPoint(120, 22), pad).commit()
    QTest.touchEvent(pad, device).move(0, QPoint(180, 25), pad).commit()
    QTest.touchEvent(pad, device).release(0, QPoint(180, 25), pad).commit()
    (written_stroke,) = ink(pad).strokes
    assert len(written_stroke.points) == 3


def test_the_pen_writes_beside_a_palm(pad: Pad) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(pad, device).press(0, QPoint(200, 200), pad).commit()
    stroke(pad, [(10, 20, 0.5), (60, 20, 0.5), (60, 20, 0.5)])
    QTest.touchEvent(pad, device).release(0, QPoint(200, 200), pad).commit()
    (written_stroke,) = ink(pad).strokes
    assert written_stroke.points[0, :2].tolist() == [10, 20]


def test_a_tap_leaves_a_dot(pad: Pad, qtbot: QtBot) -> None:
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert len(ink(pad).strokes[0].points) == 1


def test_a_picture_is_shown_and_writing_replaces_it(pad: Pad, qtbot: QtBot) -> None:
    glyph = GlyphImage(np.zeros((20, 30), np.uint8))
    pad.show_glyph(glyph)
    assert pad.item == glyph
    assert darkness(pad) > 1000
    write_on(pad, qtbot, "一")
    assert len(ink(pad).strokes) == 1
    pad.undo()
    pad.undo()
    assert pad.item == glyph


def test_ink_from_a_file_is_scaled_to_fit(pad: Pad) -> None:
    pad.show_ink(Ink.from_points([np.array(s.xy) * 1000 for s in written("木").strokes]))
    left, top, right, bottom = ink(pad).bounds
    assert 0 <= left < right <= 400
    assert 0 <= top < bottom <= 400
    assert max(right - left, bottom - top) == pytest.approx(320, abs=1)


def test_qt_calls_leave_the_references_to_none_alone(pad: Pad) -> None:
    """PySide6 6.12.0 releases one with every call; where None is mortal, the program then aborts."""
    pad.repaint()
    before = sys.getrefcount(None)
    for _ in range(500):
        pad.update()
        pad.repaint()
    assert sys.getrefcount(None) > before - 100


def test_strokes_keep_their_place_when_the_pad_is_resized(pad: Pad, qtbot: QtBot) -> None:
    write_on(pad, qtbot, "一")
    before = ink(pad)
    pad.resize(600, 300)
    pad.grab()
    assert ink(pad) == before


def test_what_is_drawn_while_writing_is_what_is_drawn_after(pad: Pad, qtbot: QtBot) -> None:
    pad.set_look("none")
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    for x, y in ((150, 80), (170, 200), (300, 210), (310, 330)):
        qtbot.mouseMove(pad, QPoint(x, y))
    pen = pad.grab().toImage()
    assert pen.pixelColor(310, 330).lightness() < 100  # the line reaches the pen
    assert pen.pixelColor(60, 60).lightness() < 100
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(310, 330))
    once = pad.grab().toImage()
    pad.set_look("none")  # draws everything anew
    assert pad.grab().toImage() == once
    assert ink(pad).strokes[0].xy[1].tolist() == [150, 80]  # what is kept is what the pen said


def test_a_corner_is_drawn_round(pad: Pad, qtbot: QtBot) -> None:
    pad.set_look("none")
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    qtbot.mouseMove(pad, QPoint(340, 60))
    qtbot.mouseMove(pad, QPoint(340, 340))
    image = pad.grab().toImage()
    assert image.pixelColor(338, 62).lightness() > 150
    assert image.pixelColor(305, 95).lightness() < 100  # halfway of a quadratic curve


SCREENS = """
import sys
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from hccr_desktop.gui.pad import Pad
app = QApplication([])
pad = Pad()
pad.set_look("none")
pad.resize(400, 400)
pad.move(50, 50)
pad.show()
def write(x):
    app.processEvents()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(x, 50))
    QTest.mouseMove(pad, QPoint(x, 200))
    QTest.mouseMove(pad, QPoint(x, 350))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(x, 350))
    return pad.devicePixelRatio()
ratios = [write(100)]
pad.move(1300, 50)
ratios.append(write(300))
picture = pad.grab()
ratio = picture.devicePixelRatio()
image = picture.toImage()
for x in (100, 300):
    for y in (60, 200, 340):
        assert image.pixelColor(int(x * ratio), int(y * ratio)).lightness() < 100, (x, y)
        assert image.pixelColor(int((x + 20) * ratio), int(y * ratio)).lightness() > 150, (x, y)
print(ratios, ratio, image.width())
"""


def test_strokes_stay_under_the_pen_on_two_screens_of_different_scale(tmp_path: Path) -> None:
    one = {"y": 0, "width": 1200, "height": 900, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    screens = tmp_path / "screens.json"
    screens.write_text(json.dumps({"screens": [{"name": "a", "x": 0, **one}, {"name": "b", "x": 1200, **one}]}))
    environment = os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={screens}",
        "QT_SCREEN_SCALE_FACTORS": "a=1;b=2",
    }
    done = subprocess.run([sys.executable, "-c", SCREENS], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[1.0, 2.0] 2.0 800", done.stderr
