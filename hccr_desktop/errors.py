"""Every error a user can meet.

Each carries one clear sentence and a hint on what to do; the window and the command
line print both and never a traceback.

    HccrError
    ├── InputError            what was given cannot be used
    │   ├── EmptyInk          nothing is written there
    │   ├── InvalidInk        strokes that are no strokes (NaN, no points, too many)
    │   ├── UnreadableFile    missing, truncated, damaged, or of an unknown format
    │   └── TooLarge          over a stated bound
    ├── ModelError            a model cannot be used
    │   ├── InvalidBundle     damaged, foreign, or contradicting itself
    │   └── UnknownModel      no model of that name
    ├── StorageError          a folder cannot be written or read
    └── DisplayError          no screen to open a window on
"""


class HccrError(Exception):
    """Base of all errors meant for a user: a sentence (`str(error)`) and a `hint`."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def sentence(self) -> str:
        """Return the message followed by the hint, as one line of text."""
        return f"{self} {self.hint}".strip()


class InputError(HccrError):
    """What was given cannot be used."""


class EmptyInk(InputError):
    """There is nothing written in the ink or image."""

    def __init__(self, message: str = "There is nothing written here.", hint: str = "") -> None:
        super().__init__(message, hint or "Write one character, or open an image with dark ink on light paper.")


class InvalidInk(InputError):
    """Strokes that are no strokes."""


class UnreadableFile(InputError):
    """A file that is missing, truncated, damaged, or of an unknown format."""


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


class DisplayError(HccrError):
    """There is no screen to open a window on."""
