from __future__ import annotations

import pytest

from hccr_desktop.core.protocol import (
    Artifact,
    Failed,
    Finished,
    Hello,
    Mended,
    Message,
    Metric,
    Mistake,
    Notice,
    Progress,
    decode,
    encode,
)
from hccr_desktop.errors import InputError


@pytest.mark.parametrize(
    "message",
    [
        Hello("fit", "2.0", "cpu"),
        Progress(1, 10, 2.5, 600.0, 3.0),
        Metric("known top-1", 0.97, 100, 0.96, 0.98),
        Mistake(100, "未", "末", "iVBORw0KGgo="),
        Mended("未", "末", "iVBORw0KGgo="),
        Artifact("checkpoint", "runs/last.pt"),
        Failed("Something.", "Do this."),
        Failed.of(InputError("{name} is odd.", "Mend {name}.", name="木.png")),
        Finished(cancelled=True),
    ],
)
def test_a_message_survives_the_line(message: Message) -> None:
    assert decode(encode(message)) == message


def test_an_error_comes_back_as_it_was_raised() -> None:
    raised = InputError("{count} of {name} are odd.", "Mend {name}.", name="{count}.png", count=3)
    told = decode(encode(Failed.of(raised)))
    assert isinstance(told, Failed)
    assert (told.message, told.hint) == ("3 of {count}.png are odd.", "Mend {count}.png.")
    heard = told.error()
    assert heard.sentence() == raised.sentence()
    noted = decode(encode(Notice.of(raised)))
    assert isinstance(noted, Notice)
    assert noted.text == told.message
    assert noted.note().sentence() == "3 of {count}.png are odd."
    assert heard.sentence(lambda text: {"Mend {name}.": "修理 {name}。"}.get(text, text)) == (
        "3 of {count}.png are odd. 修理 {count}.png。"
    )


def test_an_error_of_an_earlier_trainer_is_told_as_it_stands() -> None:
    told = decode('{"event": "failed", "message": "{x}.png is odd.", "hint": "Mend it."}')
    assert isinstance(told, Failed)
    assert told.error().sentence() == "{x}.png is odd. Mend it."
    noted = decode('{"event": "notice", "text": "Form 1 of 5."}')
    assert isinstance(noted, Notice)
    assert noted.note().sentence() == "Form 1 of 5."


def test_a_mistake_holds_a_picture_or_none() -> None:
    assert Mistake(1, "未", "末", "iVBORw0KGgo=").png == b"\x89PNG\r\n\x1a\n"
    assert Mistake(1, "未", "末", "no picture").png == b""
    assert Mended("未", "末", "iVBORw0KGgo=").png == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("line", ["", "no json", "[]", "null", '{"event": "unknown"}', '{"event": "progress"}'])
def test_other_lines_are_no_messages(line: str) -> None:
    assert decode(line) is None
