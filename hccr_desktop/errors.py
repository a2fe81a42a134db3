"""Every error a user can meet.

Each carries one clear sentence and a hint on what to do; the window and the command
line print both and never a traceback.

    HccrError
    ├── InputError            what was given cannot be used
    │   ├── EmptyInk          nothing is written there
    │   ├── InvalidInk        strokes that are no strokes (NaN, no points, too many)
    │   ├── UnreadableFile    missing, truncated, damaged, or of an unknown format
    │   │   └── NoPage        what lies among pages, and is none
    │   └── TooLarge          over a stated bound
    ├── ModelError            a model cannot be used
    │   ├── InvalidBundle     damaged, foreign, or contradicting itself
    │   └── UnknownModel      no model of that name
    ├── StorageError          a folder cannot be written or read
    │   └── NewerFile         a later version of the application wrote it
    └── DisplayError          no screen to open a window on
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping


class HccrError(Exception):
    """Base of all errors meant for a user: a sentence (`str(error)`) and a `hint`.

    Both may name `values` in braces. They are kept apart from the text, so that the window can
    translate the text and fill them in afterwards.
    """

    def __init__(self, message: str, hint: str = "", **values: object) -> None:
        self.message_template, self.hint_template, self.values = message, hint, values
        super().__init__(fill(message, values))

    @property
    def hint(self) -> str:
        """What to do about it; may be empty."""
        return fill(self.hint_template, self.values)

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Return the message and the hint as one line of text, each translated before it is filled."""
        parts = (fill(translate(text), self.values) for text in (self.message_template, self.hint_template) if text)
        return " ".join(parts)


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put values into the braces that name them; other braces stay, values are never read as templates."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), text)


class InputError(HccrError):
    """What was given cannot be used."""


class EmptyInk(InputError):
    """There is nothing written in the ink or image."""

    def __init__(self) -> None:
        super().__init__(
            "There is nothing written here.", "Write one character, or open an image with dark ink on light paper."
        )


class InvalidInk(InputError):
    """Strokes that are no strokes."""


class UnreadableFile(InputError):
    """A file that is missing, truncated, damaged, or of an unknown format."""


class NoPage(UnreadableFile):
    """What lies in a file of pages, and is none: it is told, and nothing is lost without it."""


class TooLarge(InputError):
    """Input over a stated bound."""


class ModelError(HccrError):
    """A model cannot be used."""


class InvalidBundle(ModelError):
    """A model that is damaged, foreign, or contradicts itself."""


class UnknownModel(ModelError):
    """No model of that name is installed."""


class StorageError(HccrError):
    """A folder or file of the application cannot be written or read."""


class NewerFile(StorageError):
    """A file that a later version of the application wrote: it stays as it is."""

    def __init__(self, path: object) -> None:
        super().__init__(
            "{path} was written by a newer version of the application.",
            "Install the newest version; the file stays as it is.",
            path=path,
        )


class DisplayError(HccrError):
    """There is no screen to open a window on."""
