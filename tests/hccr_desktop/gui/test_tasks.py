from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from hccr_desktop.errors import HccrError
from hccr_desktop.gui.tasks import Tasks


def test_work_is_done_elsewhere_and_answered_in_the_windows_thread(qtbot: QtBot) -> None:
    tasks = Tasks()
    where: list[threading.Thread] = []

    def work() -> int:
        where.append(threading.current_thread())
        return 5

    def done(result: int) -> None:
        where.append(threading.current_thread())
        assert result == 5

    tasks.run(work, done, lambda _: None)
    qtbot.waitUntil(lambda: len(where) == 2)
    assert where[0] is not threading.main_thread()
    assert where[1] is threading.main_thread()
    tasks.close()


def test_an_error_is_answered_too_and_nothing_after_closing(qtbot: QtBot) -> None:
    tasks = Tasks()
    errors: list[HccrError] = []

    def fail() -> None:
        raise OSError("disk on fire")

    tasks.run(fail, lambda _: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert "disk on fire" in str(errors[0])
    tasks.run(fail, lambda _: None, errors.append)
    tasks.close()
    tasks.run(fail, lambda _: None, errors.append)
    qtbot.wait(50)
    assert len(errors) == 1
