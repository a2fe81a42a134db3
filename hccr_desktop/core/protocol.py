"""What the trainer says while it works: one JSON object a line on standard output.

The window starts the trainer as a process and reads these; `cancel` on the trainer's standard
input asks it to stop with a usable checkpoint.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hccr_desktop.errors import HccrError

PROTOCOL_VERSION = 1


@dataclass(frozen=True)
class Hello:
    """First message: protocol version, command, and what runs it."""

    command: str
    torch: str
    device: str
    protocol: int = PROTOCOL_VERSION


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps; `loss` is a running mean, `rate` samples a second."""

    done: int
    total: int
    loss: float
    rate: float
    seconds_left: float


@dataclass(frozen=True)
class Metric:
    """A measured number; `low` and `high` bound its 95 % interval where there is one."""

    name: str
    value: float
    step: int
    low: float | None = None
    high: float | None = None


class _Pictured:
    """What has a `picture`, a PNG in base64."""

    picture: str

    @property
    def png(self) -> bytes:
        """The picture's file, empty where it is none."""
        try:
            return base64.b64decode(self.picture, validate=True)
        except (binascii.Error, ValueError, TypeError):
            return b""


@dataclass(frozen=True)
class Mistake(_Pictured):
    """A test sample that the network reads wrong at a step; `picture` is a PNG in base64."""

    step: int
    written: str
    read: str
    picture: str


@dataclass(frozen=True)
class Mended(_Pictured):
    """A held-out sample that the model before took for `read` and the new one reads right; `picture` as above."""

    written: str
    read: str
    picture: str


@dataclass(frozen=True)
class Artifact:
    """A file or folder that was completed; `kind` is checkpoint, bundle, or report."""

    kind: str
    path: str


@dataclass(frozen=True)
class Notice:
    """Something that a person should know and that stops nothing.

    It stands here once more as `HccrError` keeps it, with its values apart, where the window is to translate it.
    """

    text: str
    template: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, note: HccrError) -> Notice:
        """Return the message that tells a note."""
        return cls(str(note), note.message_template, _as_text(note.values))

    def note(self) -> HccrError:
        """Return the note that was told."""
        return HccrError(self.template, **self.values) if self.template else HccrError(self.text)


@dataclass(frozen=True)
class Verdict:
    """What the gate says of a fine-tuned model: whether it became active, why, and its id.

    `why` it did not: "few" samples were held out, it is "no better", reads "new" characters badly, "forgets", or
    "another" model is in use by now. Earlier trainers do not say.
    """

    passed: bool
    reason: str
    model: str
    why: str = ""


@dataclass(frozen=True)
class Trial:
    """One of several forms of a model that are compared.

    `own` and `everything` are top-1 on the user's held-out samples and on all characters, shares; `bytes` is the
    model file's size, `milliseconds` the time of a character on one thread; `passed` is the gate's word, `model` the
    id where it was installed, else empty.
    """

    name: str
    own: float
    everything: float
    bytes: int
    milliseconds: float
    passed: bool
    model: str = ""


@dataclass(frozen=True)
class Failed:
    """Last message of a run that could not finish: a sentence and a hint, for people.

    Both stand here once more as `HccrError` keeps them, so that the window can translate them: texts with names in
    braces, and what stands for these. Earlier trainers do not send that.
    """

    message: str
    hint: str
    message_template: str = ""
    hint_template: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, error: HccrError) -> Failed:
        """Return the message that tells an error."""
        return cls(str(error), error.hint, error.message_template, error.hint_template, _as_text(error.values))

    def error(self) -> HccrError:
        """Return the error that was told."""
        if not self.message_template:
            return HccrError(self.message, self.hint)
        return HccrError(self.message_template, self.hint_template, **self.values)


@dataclass(frozen=True)
class Finished:
    """Last message of a run that ended as asked, after all steps or by `cancel`."""

    cancelled: bool


def _as_text(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


Message = Hello | Progress | Metric | Mistake | Mended | Artifact | Notice | Verdict | Trial | Failed | Finished

_KINDS: dict[str, type[Message]] = {
    kind.__name__.lower(): kind
    for kind in (Hello, Progress, Metric, Mistake, Mended, Artifact, Notice, Verdict, Trial, Failed, Finished)
}


def encode(message: Message) -> str:
    """Return a message as one line of JSON in ASCII, whatever the pipe's encoding, without its line end."""
    return json.dumps({"event": type(message).__name__.lower(), **asdict(message)})


def decode(line: str) -> Message | None:
    """Read a line; None where it is no message of this protocol."""
    try:
        values: Any = json.loads(line)
        return _KINDS[values.pop("event")](**values)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
