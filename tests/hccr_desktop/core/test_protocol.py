from __future__ import annotations

import pytest

from hccr_desktop.core.protocol import (
    Artifact,
    Failed,
    Finished,
    Hello,
    Message,
    Metric,
    Mistake,
    Progress,
    decode,
    encode,
)


@pytest.mark.parametrize(
    "message",
    [
        Hello("fit", "2.0", "cpu"),
        Progress(1, 10, 2.5, 600.0, 3.0),
        Metric("known top-1", 0.97, 100, 0.96, 0.98),
        Mistake(100, "未", "末", "iVBORw0KGgo="),
        Artifact("checkpoint", "runs/last.pt"),
        Failed("Something.", "Do this."),
        Finished(cancelled=True),
    ],
)
def test_a_message_survives_the_line(message: Message) -> None:
    assert decode(encode(message)) == message


def test_a_mistake_holds_a_picture_or_none() -> None:
    assert Mistake(1, "未", "末", "iVBORw0KGgo=").png == b"\x89PNG\r\n\x1a\n"
    assert Mistake(1, "未", "末", "no picture").png == b""


@pytest.mark.parametrize("line", ["", "no json", "[]", "null", '{"event": "unknown"}', '{"event": "progress"}'])
def test_other_lines_are_no_messages(line: str) -> None:
    assert decode(line) is None
