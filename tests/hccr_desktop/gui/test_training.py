"""The training room: samples are kept, a trainer is started, heard, stopped; its verdict is shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.core.protocol import Failed, Finished, Hello, Message, Metric, Progress, Verdict, encode
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.trainer_process import TrainerProcess, has_trainer
from hccr_desktop.gui.training import TASKS, TrainingDialog, arguments_for
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.store.samples import SampleStore
from tests.conftest import written
from tests.hccr_desktop.gui.test_window import read, shown

DONE: list[Message] = [
    Hello("fit", "2", "cpu"),
    Progress(5, 10, 1.0, 300.0, 2.0),
    Progress(10, 10, 0.5, 300.0, 0.0),
    Metric("own hand top-1 before", 0.5, 0),
    Metric("own hand top-1 after", 0.9, 10),
    Metric("all characters top-1 before", 0.99, 0),
    Metric("all characters top-1 after", 0.989, 10),
]


def trainer(tmp_path: Path, messages: list[Message], *, waits: bool = False, code: int = 0) -> list[str]:
    """Return a command that says these lines, like a trainer, and with `waits` ends when it is told to."""
    lines = [encode(message) for message in messages]
    script = tmp_path / "trainer.py"
    script.write_text(
        "import sys\n"
        f"for line in {lines!r}: print(line, flush=True)\n"
        f"if {waits}:\n"
        "    assert sys.stdin.readline() == 'cancel\\n'\n"
        f"    print({encode(Finished(cancelled=True))!r}, flush=True)\n"
        f"print('Something of torch', file=sys.stderr)\nsys.exit({code})\n",
        encoding="utf-8",
    )
    return [sys.executable, str(script)]


@pytest.fixture
def store() -> SampleStore:
    made = SampleStore(paths.sample_store())
    made.add_all([Sample("木", written("木"))] * 3 + [Sample("十", written("十"))])
    return made


def dialog(qtbot: QtBot, store: SampleStore, command: list[str]) -> TrainingDialog:
    made = TrainingDialog(store, True, process=TrainerProcess(command=command), is_there=lambda: True)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_is_written_and_chosen_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    first = shown(window)[0]
    qtbot.mouseClick(window.candidates.buttons[2], Qt.MouseButton.LeftButton)
    window.close()  # nothing waits to be lost
    (stored,) = SampleStore(paths.sample_store()).all()
    assert stored.sample.character == window.text.text()
    assert stored.read_as == first
    assert stored.sample.source == "pad"


def test_nothing_is_kept_where_that_is_not_wanted(window: MainWindow, qtbot: QtBot) -> None:
    window.train_action.trigger()
    assert window.training is not None
    with qtbot.waitSignal(window.settings_changed):
        window.training.keep.setChecked(False)
    read(window, qtbot, "木")
    qtbot.keyClick(window.pad, Qt.Key.Key_Return)
    window.close()
    assert SampleStore(paths.sample_store()).all() == []


def test_the_empty_room_teaches_and_cannot_start(window: MainWindow, qtbot: QtBot) -> None:
    window.train_action.trigger()
    assert window.training is not None
    assert "no samples yet" in window.training.samples.text()
    assert not window.training.start.isEnabled()
    QApplication.sendEvent(window, QEvent(QEvent.Type.LanguageChange))
    assert window.training is None  # made anew in the new language


def test_a_training_that_passes_its_gate(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    verdict: list[Message] = [Verdict(True, "Passed.", "own"), Finished(cancelled=False)]
    room = dialog(qtbot, store, trainer(tmp_path, [*DONE, *verdict]))
    assert "4 samples of 2 characters; 1 have at least three" in room.samples.text()
    with qtbot.waitSignals([room.model_changed, room.process.ended], timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
        assert room.process.is_running
        assert room.cancel.isEnabled()
    assert room.state.text() == "The new model is in use: your hand 50.0% → 90.0%, all characters 99.0% → 98.9%."
    assert room.start.isEnabled()
    assert not room.bar.isVisible()


def test_a_training_that_does_not_pass_changes_nothing(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    verdict: list[Message] = [Verdict(False, "Not passed.", "own"), Finished(cancelled=False)]
    room = dialog(qtbot, store, trainer(tmp_path, [*DONE, *verdict]))
    with qtbot.assertNotEmitted(room.model_changed), qtbot.waitSignal(room.process.ended, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    assert "kept aside" in room.state.text()


def test_a_training_is_cancelled(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = dialog(qtbot, store, trainer(tmp_path, DONE[:2], waits=True))
    with qtbot.waitSignal(room.process.said, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.bar.value() == 5)
    assert "300 samples a second" in room.state.text()
    with qtbot.waitSignal(room.process.ended, timeout=20_000) as ended:
        qtbot.mouseClick(room.cancel, Qt.MouseButton.LeftButton)
    assert ended.args == [True]
    assert "as it was" in room.state.text()


@pytest.mark.parametrize(
    ("messages", "code", "expected"),
    [
        ([Failed("4 samples are too few.", "Write more.")], 1, "4 samples are too few. Write more."),
        ([], 3, "ended unexpectedly (code 3): Something of torch"),
    ],
)
def test_a_trainer_that_fails_says_why(
    qtbot: QtBot, store: SampleStore, tmp_path: Path, messages: list[Message], code: int, expected: str
) -> None:
    room = dialog(qtbot, store, trainer(tmp_path, messages, code=code))
    with qtbot.waitSignal(room.process.failed, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    assert expected in room.state.text()
    assert room.start.isEnabled()


def test_a_trainer_that_is_not_there(qtbot: QtBot, store: SampleStore) -> None:
    process = TrainerProcess(command=["/does/not/exist"])
    failures: list[HccrError] = []
    process.failed.connect(failures.append)
    process.start([])
    qtbot.waitUntil(lambda: bool(failures), timeout=20_000)
    assert "cannot be started" in str(failures[0])
    room = TrainingDialog(store, True, is_there=lambda: False)
    qtbot.addWidget(room)
    room.show()
    assert room.command.isVisible()
    assert not room.start.isEnabled()


def test_closing_ends_the_trainer(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = dialog(qtbot, store, trainer(tmp_path, DONE[:2], waits=True))
    with qtbot.waitSignal(room.process.said, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    room.process.close()
    assert not room.process.is_running


def test_samples_are_removed_and_brought_back(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = dialog(qtbot, store, [])
    qtbot.mouseClick(room.remove, Qt.MouseButton.LeftButton)
    assert store.counts() == {}
    assert not room.start.isEnabled()
    qtbot.mouseClick(room.restore, Qt.MouseButton.LeftButton)
    assert store.counts() == {"木": 3, "十": 1}
    assert not room.rollback.isEnabled()  # no other model was in use before


def test_the_trainer_understands_every_task() -> None:
    if not has_trainer():
        pytest.skip("the trainer is not installed")
    from trainer.cli import parser

    for task in TASKS:
        assert parser().parse_args([*arguments_for(task), "--json"]).own
