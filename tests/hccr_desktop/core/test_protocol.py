from __future__ import annotations

import pytest

from hccr_desktop.core.protocol import (
    Artifact,
    Failed,
    Finished,
    Hello,
    Message,
    Metric,
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
        Artifact("checkpoint", "runs/last.pt"),
        Failed("Something.", "Do this."),
        Finished(cancelled=True),
    ],
)
def test_a_message_survives_the_line(message: Message) -> None:
    assert decode(encode(message)) == message


@pytest.mark.parametrize("line", ["", "no json", "[]", "null", '{"event": "unknown"}', '{"event": "progress"}'])
def test_other_lines_are_no_messages(line: str) -> None:
    assert decode(line) is None
