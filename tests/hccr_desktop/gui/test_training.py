"""The training room: samples are kept, a trainer is started, heard, stopped; its verdict is shown."""

from __future__ import annotations

import base64
import io
import sys
from pathlib import Path

import psutil
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from hccr_desktop import paths
from hccr_desktop.core.protocol import (
    Failed,
    Finished,
    Hello,
    Mended,
    Message,
    Metric,
    Mistake,
    Notice,
    Progress,
    Trial,
    Verdict,
    encode,
)
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.gui.actions import Actions
from hccr_desktop.gui.app import load_engine
from hccr_desktop.gui.install_panel import InstallPanel
from hccr_desktop.gui.recognizer import Recognizer
from hccr_desktop.gui.room import Desk
from hccr_desktop.gui.tasks import Tasks
from hccr_desktop.gui.trainer_install import TrainerInstall
from hccr_desktop.gui.trainer_process import TrainerProcess
from hccr_desktop.gui.training import TrainRoom
from hccr_desktop.gui.window import MainWindow
from hccr_desktop.rooms.trainer import has_trainer
from hccr_desktop.rooms.training import PLANS, Diary
from hccr_desktop.settings import Settings
from hccr_desktop.store.samples import SampleStore
from tests.conftest import written
from tests.hccr_desktop.gui.test_window import read, shown

with io.BytesIO() as _out:
    Image.new("L", (64, 64), 200).save(_out, "png")
    _PNG = base64.b64encode(_out.getvalue()).decode()

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


def settled(room: TrainRoom, qtbot: QtBot) -> None:
    """Wait until the room has told what there is."""
    qtbot.waitUntil(lambda: not room.tasks.is_busy, timeout=20_000)


def room_of(qtbot: QtBot, command: list[str], *, is_there: bool = True) -> TrainRoom:
    window = QWidget()
    qtbot.addWidget(window)
    recognizer = Recognizer(lambda: load_engine(Settings()), Tasks(window), window)
    desk = Desk(recognizer, Settings(), window)
    process = TrainerProcess(command=command)
    made = TrainRoom(desk, Actions(window), window, process=process, is_there=lambda: is_there)
    made.retranslate()
    window.show()
    made.enter()
    settled(made, qtbot)
    return made


def test_what_is_written_and_chosen_is_kept(window: MainWindow, qtbot: QtBot) -> None:
    read(window, qtbot, "木")
    first = shown(window)[0]
    qtbot.mouseClick(window.write.candidates.buttons[2], Qt.MouseButton.LeftButton)
    window.close()  # nothing waits to be lost
    (stored,) = SampleStore(paths.sample_store()).all()
    assert stored.sample.character == window.write.text.text()
    assert stored.read_as == first
    assert stored.sample.source == "pad"


def train_room(window: MainWindow) -> TrainRoom:
    window.registry["room.train"].trigger()
    room = window.room("train")
    assert isinstance(room, TrainRoom)
    return room


def test_nothing_is_kept_where_that_is_not_wanted(window: MainWindow, qtbot: QtBot) -> None:
    room = train_room(window)
    with qtbot.waitSignal(window.settings_changed):
        room.keep.setChecked(False)
    window.show_room("write")
    read(window, qtbot, "木")
    qtbot.keyClick(window.write.pad, Qt.Key.Key_Return)
    window.close()
    assert SampleStore(paths.sample_store()).all() == []


def test_the_empty_room_teaches_and_cannot_start(window: MainWindow, qtbot: QtBot) -> None:
    room = train_room(window)
    settled(room, qtbot)
    assert "no samples yet" in room.samples.text()
    assert not room.start.isEnabled()


def test_a_training_that_passes_its_gate(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    verdict: list[Message] = [Verdict(True, "Passed.", "own"), Finished(cancelled=False)]
    room = room_of(qtbot, trainer(tmp_path, [*DONE, *verdict]))
    assert "Samples: 4. Characters: 2, of which 1 have at least three" in room.samples.text()
    with qtbot.waitSignals([room.desk.model_changed, room.process.ended], timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
        assert room.process.is_running
        assert room.cancel.isEnabled()
    assert room.state.text() == "The new model is in use: your hand 50.0% → 90.0%, all characters 99.0% → 98.9%."
    assert room.start.isEnabled()
    assert not room.bar.isVisibleTo(room)


def test_a_training_that_does_not_pass_changes_nothing(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    verdict: list[Message] = [Verdict(False, "Not passed.", "own"), Finished(cancelled=False)]
    room = room_of(qtbot, trainer(tmp_path, [*DONE, *verdict]))
    with qtbot.assertNotEmitted(room.desk.model_changed), qtbot.waitSignal(room.process.ended, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    assert "kept aside" in room.state.text()


def test_a_training_that_ended_before_it_heard_that_it_should_stop_tells_its_verdict(
    qtbot: QtBot, store: SampleStore, tmp_path: Path
) -> None:
    script = tmp_path / "late.py"
    said = [*DONE, Verdict(True, "Passed.", "own"), Finished(cancelled=False)]
    script.write_text(
        "import sys\nassert sys.stdin.readline() == 'cancel\\n'\n"
        f"for line in {[encode(message) for message in said]!r}: print(line)\n",
        encoding="utf-8",
    )
    room = room_of(qtbot, [sys.executable, str(script)])
    room.start.click()
    qtbot.waitUntil(lambda: room.process.is_running)
    room.cancel.click()
    with qtbot.waitSignal(room.process.ended, timeout=20_000) as ended:
        pass
    assert ended.args == [False]
    assert "in use" in room.state.text()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("few", "too few samples"),
        ("new", "new characters yet"),
        ("forgets", "forget other characters"),
        ("another", "another is in use by now"),
        ("no better", "no gain"),
        ("", "no gain"),
    ],
)
def test_why_a_model_is_kept_aside_is_said(
    qtbot: QtBot, store: SampleStore, tmp_path: Path, why: str, words: str
) -> None:
    said = [*DONE, Verdict(False, "Not passed.", "own", why), Finished(cancelled=False)]
    room = room_of(qtbot, trainer(tmp_path, said))
    with qtbot.waitSignal(room.process.ended, timeout=20_000):
        room.start.click()
    assert words in room.state.text()


def test_a_training_is_cancelled(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = room_of(qtbot, trainer(tmp_path, DONE[:2], waits=True))
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
    room = room_of(qtbot, trainer(tmp_path, messages, code=code))
    with qtbot.waitSignal(room.failed, timeout=20_000) as failed:
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    assert failed.args is not None
    assert expected in failed.args[0].sentence()
    assert room.start.isEnabled()


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh_CN", "样本只有 4 个，不足以学习。 每个字至少给出三个样本。"),
        ("zh_TW", "樣本只有 4 個，不足以學習。 每個字至少給出三個樣本。"),
    ],
)
def test_an_error_of_the_trainer_is_told_in_the_windows_language(
    qtbot: QtBot, tmp_path: Path, language: str, expected: str
) -> None:
    translator = QTranslator()
    assert translator.load(str(paths.translations() / f"hccr_{language}.qm"))
    raised = InputError(
        "{count} samples are too few to learn from.", "Give at least three samples of a character.", count=4
    )
    process = TrainerProcess(command=trainer(tmp_path, [Failed.of(raised)], code=1))
    with qtbot.waitSignal(process.failed, timeout=20_000) as failed:
        process.start([])
    assert failed.args is not None
    assert failed.args[0].sentence(lambda text: translator.translate("errors", text)) == expected


def test_a_note_of_the_trainer_is_told_in_the_windows_language(
    qtbot: QtBot, store: SampleStore, tmp_path: Path
) -> None:
    translator = QTranslator()
    assert translator.load(str(paths.translations() / "hccr_zh_CN.qm"))
    note = HccrError("Form {number} of {count}: {name}.", number=2, count=5, name="compact")
    room = room_of(qtbot, trainer(tmp_path, [Notice.of(note)], waits=True))
    QCoreApplication.installTranslator(translator)
    try:
        with qtbot.waitSignal(room.process.said, timeout=20_000):
            room.process.start([])
        assert room.state.text() == "第 2 种形式，共 5 种：compact。"
    finally:
        QCoreApplication.removeTranslator(translator)
        room.process.close()


def test_a_trainer_that_is_not_there(qtbot: QtBot, store: SampleStore) -> None:
    process = TrainerProcess(command=["/does/not/exist"])
    failures: list[HccrError] = []
    process.failed.connect(failures.append)
    process.start([])
    qtbot.waitUntil(lambda: bool(failures), timeout=20_000)
    assert "cannot be started" in str(failures[0])
    room = room_of(qtbot, [], is_there=False)
    assert room.installing.isVisibleTo(room)
    assert sys.executable in room.installing.command.text()
    assert "torch" in room.installing.command.text()
    assert not room.start.isEnabled()


@pytest.mark.parametrize("stopped", [False, True])
def test_the_trainer_is_installed_by_a_button_and_that_can_be_stopped(
    qtbot: QtBot, tmp_path: Path, stopped: bool
) -> None:
    script = tmp_path / "pip.py"
    script.write_text(f"import time\nprint('Collecting torch', flush=True)\nif {stopped}: time.sleep(60)\n", "utf-8")
    panel = InstallPanel(install=TrainerInstall(command=lambda: [sys.executable, str(script)]))
    qtbot.addWidget(panel)
    panel.retranslate()
    panel.show()
    ended: list[bool] = []
    panel.install.ended.connect(ended.append)
    panel.start.click()
    if stopped:
        qtbot.waitUntil(lambda: panel.state.text() == "Collecting torch", timeout=20_000)
        assert panel.stop.isVisible()
        panel.stop.click()
    qtbot.waitUntil(lambda: bool(ended), timeout=20_000)
    assert ended == [not stopped]
    assert panel.start.isVisible()


def test_an_installation_that_fails_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    script = tmp_path / "pip.py"
    script.write_text("print('ERROR: No matching distribution found for torch')\nraise SystemExit(1)\n", "utf-8")
    panel = InstallPanel(install=TrainerInstall(command=lambda: [sys.executable, str(script)]))
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.failed, timeout=20_000) as failed:
        panel.start.click()
    assert failed.args is not None
    assert "No matching distribution" in str(failed.args[0])


def test_the_outcome_shows_two_numbers_and_what_is_right_now(qtbot: QtBot, store: SampleStore) -> None:
    room = room_of(qtbot, [])
    room.outcome.retranslate()
    for message in (
        Metric("own hand top-1 before", 0.8, 0),
        Metric("own hand top-1 after", 0.95, 160),
        Mended("未", "末", _PNG),
        Verdict(False, "no gain", "x"),
    ):
        room._hear(message)
    assert "80.0% → <b>95.0%</b>" in room.outcome.numbers.text()
    assert room.outcome.pictures.accessibleDescription() == "末 → 未"


def test_what_is_missing_and_what_was_learned_at_once_is_said(qtbot: QtBot) -> None:
    store = SampleStore(paths.sample_store())
    room = room_of(qtbot, [])
    assert "60 more samples" in room.missing.text()
    for i in range(100):
        store.add(Sample("木", written("木")), "木" if i > 20 else "本")
    for character in "一二三四五六七八九十百千万上下中大小人":
        store.add_all([Sample(character, written("木"))] * 3)
    room.enter()
    settled(room, qtbot)
    assert "enough samples" in room.missing.text()
    assert "first 50 writings 58% were read right, of your last 50 100%" in room.learned.text()


def test_closing_ends_the_trainer(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = room_of(qtbot, trainer(tmp_path, DONE[:2], waits=True))
    with qtbot.waitSignal(room.process.said, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    room.process.close()
    assert not room.process.is_running


def test_a_training_is_paused_and_goes_on(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = room_of(qtbot, trainer(tmp_path, DONE[:2], waits=True))
    if not room.process.can_pause:
        pytest.skip("this system cannot halt a process")
    with qtbot.waitSignal(room.process.said, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(room.pause, Qt.MouseButton.LeftButton)
    assert room.process.is_paused
    assert room.pause.text() == "Resume"
    process = psutil.Process(room.process._process.processId())
    qtbot.waitUntil(lambda: process.status() == psutil.STATUS_STOPPED, timeout=20_000)
    with qtbot.waitSignal(room.process.ended, timeout=20_000):
        qtbot.mouseClick(room.cancel, Qt.MouseButton.LeftButton)  # a halted one must hear it too


def test_a_training_that_did_not_end_is_offered_again(qtbot: QtBot, store: SampleStore, tmp_path: Path) -> None:
    room = room_of(qtbot, trainer(tmp_path, DONE[:2], waits=True))
    room.task.setCurrentIndex(2)
    with qtbot.waitSignal(room.process.said, timeout=20_000):
        qtbot.mouseClick(room.start, Qt.MouseButton.LeftButton)
    assert room.keeps_open()
    room.shut()
    again = room_of(qtbot, [])
    assert again.task.currentIndex() == 2
    assert "did not end" in again.state.text()


def test_experts_change_the_plan_and_the_estimate_follows(qtbot: QtBot, store: SampleStore) -> None:
    Diary(paths.training_diary()).note("", rate=128.0)
    room = room_of(qtbot, [])
    assert "about 3 minutes" in room.estimate.text()
    room.expert.setChecked(True)
    room.steps.setValue(600)
    assert "about 10 minutes" in room.estimate.text()
    room.prune.setValue(25)
    assert room._options.plan.arguments[-2:] == ["--prune", "0.25"]


def test_closing_the_window_asks_while_a_training_runs(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = train_room(window)
    monkeypatch.setattr(type(room), "keeps_open", lambda _: "A training is at work.")
    monkeypatch.setattr(window, "_may_close", lambda _: False)
    assert not window.close()
    monkeypatch.setattr(window, "_may_close", lambda _: True)
    assert window.close()


@pytest.mark.needs_trainer
def test_the_trainer_understands_every_plan() -> None:
    if not has_trainer():
        pytest.skip("the trainer is not installed")
    from trainer.cli import parser

    for plan in PLANS.values():
        assert parser().parse_args([*plan.arguments, "--json"]).own


def test_what_is_read_wrong_at_the_moment_is_shown_as_pictures(
    tmp_path: Path, store: SampleStore, qtbot: QtBot
) -> None:
    picture = _PNG
    said: list[Message] = [
        Metric("own hand top-1", 0.5, 10),
        Mistake(10, "未", "末", picture),
        Mistake(10, "士", "土", picture),
        Mistake(10, "己", "已", "no picture"),
    ]
    room = room_of(qtbot, trainer(tmp_path, said, waits=True))
    assert not room.mistakes.isVisible()
    room.start.click()
    qtbot.waitUntil(lambda: room.mistakes.accessibleDescription() == "未 → 末, 士 → 土", timeout=20_000)
    assert room.mistakes.isVisible()
    assert room.mistakes_title.isVisible()
    room.cancel.click()
    qtbot.waitUntil(lambda: not room.process.is_running, timeout=20_000)
    later = Metric("own hand top-1", 1.0, 20)
    room._hear(later)
    assert not room.mistakes.isVisible()


def test_forms_that_are_compared_stand_in_a_chart_and_the_best_for_each_budget_is_named(
    tmp_path: Path, store: SampleStore, qtbot: QtBot
) -> None:
    trials: list[Message] = [
        Trial("as it is", 0.80, 0.95, 4_900_000, 1.4, True, "hccr"),
        Trial("pruned-20", 0.92, 0.95, 4_000_000, 1.1, True, "hccr-pruned-20"),
        Trial("pruned-40", 0.90, 0.95, 3_000_000, 0.9, True, "hccr-pruned-40"),
        Trial("compact", 0.85, 0.94, 2_300_000, 0.6, True, "hccr-compact"),
        Trial("parsimonious", 0.60, 0.70, 1_900_000, 0.5, False),
    ]
    verdict = Verdict(True, "3 of 4 forms pass; compact is the smallest of them.", "hccr-compact")
    room = room_of(qtbot, trainer(tmp_path, [*trials, verdict, Finished(cancelled=False)]))
    room.task.setCurrentIndex(room.task.findData("compare"))
    assert not room.trade_off.isVisible()
    with qtbot.waitSignals([room.desk.model_changed, room.process.ended], timeout=20_000):
        room.start.click()
    assert room.trade_off.isVisible()
    assert room.state.text().splitlines() == [
        "At most 85% of the size: 20 % dropped, 92.0% of your samples.",
        "At most 70% of the size: 40 % dropped, 90.0% of your samples.",
        "At most 55% of the size: compact blocks, 85.0% of your samples.",
        "In use now: compact blocks. The others that pass stand in Models.",
    ]
    drawn = room.trade_off.grab().toImage()
    colors = {drawn.pixelColor(x, y).name() for x in range(0, drawn.width(), 3) for y in range(0, drawn.height(), 3)}
    assert room.palette().highlight().color().name() in colors
    room.start.click()
    assert not room.trade_off.isVisible()
    qtbot.waitUntil(lambda: not room.process.is_running, timeout=20_000)


def test_where_no_form_passes_the_model_stays(tmp_path: Path, store: SampleStore, qtbot: QtBot) -> None:
    trials: list[Message] = [
        Trial("as it is", 0.80, 0.95, 4_900_000, 1.4, True, "hccr"),
        Trial("compact", 0.65, 0.80, 2_300_000, 0.6, False),
    ]
    said = [*trials, Verdict(False, "0 of 1 forms pass.", ""), Finished(cancelled=False)]
    room = room_of(qtbot, trainer(tmp_path, said))
    with qtbot.assertNotEmitted(room.desk.model_changed), qtbot.waitSignal(room.process.ended, timeout=20_000):
        room.start.click()
    assert room.state.text() == "No form reads as well as the model in use, which stays."
