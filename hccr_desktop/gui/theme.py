"""Light and dark as palettes of our own: not every platform lets a program choose its scheme.

Contrasts reach WCAG 2.2, level AA: 4.5 to 1 for text, 3 to 1 for frames and marks; a test measures them.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from hccr_desktop import paths

_COLORS = {
    "light": {
        QPalette.ColorRole.Window: "#f3f3f1",
        QPalette.ColorRole.WindowText: "#1c1c1c",
        QPalette.ColorRole.Base: "#ffffff",
        QPalette.ColorRole.AlternateBase: "#ebebe8",
        QPalette.ColorRole.Text: "#1c1c1c",
        QPalette.ColorRole.Button: "#fafaf8",
        QPalette.ColorRole.ButtonText: "#1c1c1c",
        QPalette.ColorRole.ToolTipBase: "#ffffff",
        QPalette.ColorRole.ToolTipText: "#1c1c1c",
        QPalette.ColorRole.Mid: "#858580",
        QPalette.ColorRole.Highlight: "#1f5fa8",
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.PlaceholderText: "#6a6a66",
        QPalette.ColorRole.Link: "#1f5fa8",
    },
    "dark": {
        QPalette.ColorRole.Window: "#242424",
        QPalette.ColorRole.WindowText: "#ececec",
        QPalette.ColorRole.Base: "#181818",
        QPalette.ColorRole.AlternateBase: "#2e2e2e",
        QPalette.ColorRole.Text: "#ececec",
        QPalette.ColorRole.Button: "#333333",
        QPalette.ColorRole.ButtonText: "#ececec",
        QPalette.ColorRole.ToolTipBase: "#333333",
        QPalette.ColorRole.ToolTipText: "#ececec",
        QPalette.ColorRole.Mid: "#808080",
        QPalette.ColorRole.Highlight: "#3473bd",
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.PlaceholderText: "#a0a0a0",
        QPalette.ColorRole.Link: "#7ab3f0",
    },
}
_FRAMES = """
QCheckBox::indicator {{ width: 0.9em; height: 0.9em; border: 1px solid {frame}; background: {ground}; }}
QCheckBox::indicator:checked {{ background: {mark}; border-color: {mark}; image: url("{tick}"); }}
QCheckBox::indicator:checked:disabled {{ background: {frame}; border-color: {frame}; }}
QLineEdit {{ border: 1px solid {frame}; padding: 0.15em; }}
QLineEdit:focus {{ border-color: {mark}; }}
QAbstractSpinBox QLineEdit {{ border: none; padding: 0; }}
"""
"""Fusion draws outlines a little darker than the window, which is hard to see, and boxes that do not grow with text."""
_DISABLED = {"light": "#8f8f8a", "dark": "#7a7a7a"}


SURE = 0.97
"""Probability from which a character is shown as sure, as `rooms.reading.DOUBTFUL` has it."""
UNSURE = 0.7
"""Probability below which it is shown as unsure."""


def settled_color(palette: QPalette) -> QColor:
    """Return the color of a character's mark that somebody looked at."""
    return QColor("#6fcf97" if palette.base().color().lightness() < 128 else "#1e7d3c")


def certainty_color(probability: float, palette: QPalette) -> QColor:
    """Return the color of a character's mark: blue where it is sure, orange, red where it is unsure."""
    dark = palette.base().color().lightness() < 128
    sure, doubtful, unsure = ("#6cb0f0", "#f0a848", "#ff7a70") if dark else ("#2a6fb0", "#b06000", "#c02020")
    return QColor(sure if probability >= SURE else doubtful if probability >= UNSURE else unsure)


def apply_theme(app: QApplication, theme: str) -> None:
    """Set "light", "dark" or, for "system", whichever the system says; light where it says nothing."""
    if theme == "system":
        theme = "dark" if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"
    palette = QPalette(
        QColor(_COLORS[theme][QPalette.ColorRole.Button]), QColor(_COLORS[theme][QPalette.ColorRole.Window])
    )
    for role, color in _COLORS[theme].items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(_DISABLED[theme]))
    app.setPalette(palette)
    colors = _COLORS[theme]
    app.setStyleSheet(
        _FRAMES.format(
            frame=colors[QPalette.ColorRole.Mid],
            ground=colors[QPalette.ColorRole.Base],
            mark=colors[QPalette.ColorRole.Highlight],
            tick=paths.tick().as_posix(),
        )
    )
