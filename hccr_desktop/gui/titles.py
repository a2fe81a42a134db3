"""What models are called, in the language at hand; a model of the user's own is called as its file says."""

from __future__ import annotations

from PySide6.QtCore import QObject


class Titles(QObject):
    """Knows the titles that come with the application."""

    def shown(self, title: str) -> str:
        """Return a title for people: what follows a comma says what was made of the model named before it."""
        name, comma, rest = title.partition(", ")
        known = {
            "Every common character": self.tr("Every common character"),
            "own hand": self.tr("own hand"),
        }
        return known.get(name, name) + comma + known.get(rest, rest)
