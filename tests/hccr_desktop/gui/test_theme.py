"""Contrast of everything that is drawn in a color of its own, by WCAG 2.2."""

from __future__ import annotations

import math

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hccr_desktop.gui.theme import apply_theme, certainty_color

TEXT, PART = 4.5, 3.0
ROLE = QPalette.ColorRole
CHANNELS = ("redF", "greenF", "blueF")


def luminance(color: QColor) -> float:
    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else math.pow((v + 0.055) / 1.055, 2.4)

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(a: QColor, b: QColor) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrasts_reach_level_aa(theme: str, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app, theme)
    try:
        palette = app.palette()
        pairs = {
            (ROLE.WindowText, ROLE.Window): TEXT,
            (ROLE.Text, ROLE.Base): TEXT,
            (ROLE.Text, ROLE.AlternateBase): TEXT,
            (ROLE.ButtonText, ROLE.Button): TEXT,
            (ROLE.ToolTipText, ROLE.ToolTipBase): TEXT,
            (ROLE.HighlightedText, ROLE.Highlight): TEXT,
            (ROLE.PlaceholderText, ROLE.Base): TEXT,
            (ROLE.Link, ROLE.Base): TEXT,
            (ROLE.Highlight, ROLE.Base): PART,
            (ROLE.Highlight, ROLE.Window): PART,
            (ROLE.Mid, ROLE.Base): PART,
            (ROLE.Mid, ROLE.Window): PART,
        }
        found = {pair: contrast(palette.color(pair[0]), palette.color(pair[1])) for pair in pairs}
        assert {pair: value for pair, value in found.items() if value < pairs[pair]} == {}
        for probability in (0.95, 0.7, 0.2):
            assert contrast(certainty_color(probability, palette), palette.color(ROLE.Base)) > TEXT
        text, ground = palette.color(ROLE.ButtonText), palette.color(ROLE.Button)
        faded = QColor.fromRgbF(*(0.65 * getattr(text, c)() + 0.35 * getattr(ground, c)() for c in CHANNELS))
        assert contrast(faded, ground) > TEXT  # a candidate's key
    finally:
        apply_theme(app, "light")
