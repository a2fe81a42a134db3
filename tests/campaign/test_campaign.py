"""The campaign itself: it finds what it looks for, and a few hundred of its inputs bring nothing."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hccr_desktop.errors import UnreadableFile
from tests.campaign import opening, workers
from tests.campaign.__main__ import Tally, inputs, main
from tests.campaign.kills import WORKS, Tell, Work, kill_once
from tests.campaign.mutations import mutated
from tests.campaign.originals import ORIGINALS
from tests.campaign.workers import BATCH, Input, available, content, originals, run_all, run_one

KINDS = [kind for kind in available([*ORIGINALS, BATCH]) if kind != BATCH]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are watched by Linux' means")


@pytest.mark.parametrize("kind", KINDS)
def test_sound_files_are_not_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, sound in enumerate(originals(kind)):
        monkeypatch.setattr(workers, "content", lambda _, sound=sound: sound)
        opening.refusals.clear()
        assert run_one(Input(kind, number, 1), tmp_path / str(number)).result == "read", opening.refusals


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_a_function_of_its_seed_and_number(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {content(Input(kind, number, 3)) for number in range(20)}
    assert len(made) > 10
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1e6)
    assert content(Input(kind, 7, 3)) == mutated(kind, ORIGINALS[kind](), Input(kind, 7, 3).random())


def test_what_may_not_happen_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise UnreadableFile("{name} is damaged.", name=path.name)

    def leave(path: Path) -> None:
        path.with_name(".x.part").touch()

    def swell(_: Path) -> None:
        assert len(bytearray(2**30 + 2**26)) > 2**30

    ways = {"refused": refuse, "unfinished": leave, "traceback": lambda _: 1 // 0}
    if sys.platform.startswith("linux"):
        ways["memory"] = swell
    tally = Tally(tmp_path / "findings")
    for result, way in ways.items():
        monkeypatch.setitem(opening.OPEN, "diary", way)
        outcome = run_one(Input("diary", 0, 1), tmp_path / "work")
        assert outcome.result == result
        tally.add(outcome)
    assert tally.found == len(ways) - 1
    assert "ZeroDivisionError" in str(tally)
    assert (tmp_path / "findings" / "traceback-1-0.diary").read_bytes() == content(Input("diary", 0, 1))


@linux
def test_workers_that_die_or_hang_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SECONDS", 0.5)
    monkeypatch.setattr(workers, "_work", _die_or_hang)
    found = list(run_all((Input("diary", number, 1) for number in range(4)), jobs=1))
    assert [(o.input.number, o.result) for o in found] == [(0, "read"), (1, "crash"), (2, "hang"), (3, "read")]


def _die_or_hang(connection: Any, folder: str) -> None:
    """Stand in for a worker, in its process."""
    connection.send(None)
    while (wanted := connection.recv()) is not None:
        if wanted.number == 1:
            os.abort()
        while wanted.number == 2:
            time.monotonic()
        connection.send(workers.Outcome(wanted, "read"))


@linux
def test_a_few_hundred_damaged_files_bring_no_finding() -> None:
    tally = Tally(None)
    kinds = available([*ORIGINALS, BATCH])
    for outcome in run_all(inputs(kinds, 300, seed=1), jobs=1):
        tally.add(outcome)
    assert tally.found == 0, str(tally)
    assert {"read", "refused"} == {result for counts in tally.counts.values() for result in counts}


@linux
def test_kills_lose_nothing_that_was_told(tmp_path: Path) -> None:
    for name in ("samples", "settings", "reading"):
        told: list[str] = []
        (tmp_path / name).mkdir()
        tellings = 0
        for number in range(40):  # later and later: a busy machine may need a while until something is told
            after = WORKS[name].seconds * number / 10
            assert kill_once(WORKS[name], tmp_path / name, told, number + 1, after) == ""
            tellings += bool(told)
            if number >= 5 and tellings:
                break
        assert tellings


def _careless(folder: Path, tell: Tell, start: int) -> None:
    tell("settings 5")
    time.sleep(60)


@linux
def test_what_a_kill_loses_is_found(tmp_path: Path) -> None:
    careless = Work(_careless, WORKS["settings"].check, 1.0, 1)
    found = ""
    for after in (1.0, 4.0, 16.0):  # a busy machine may need a while until something is told
        found = found or kill_once(careless, tmp_path, [], 1, after)
    assert "cannot be read" in found


def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(opening.OPEN, "diary", lambda _: 1 // 0)
    assert main(["--kinds", "diary", "--number", "0"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
    monkeypatch.setitem(opening.OPEN, "diary", lambda _: None)
    assert main(["--kinds", "diary", "--number", "0"]) == 0
