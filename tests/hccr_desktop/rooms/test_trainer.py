from __future__ import annotations

import runpy
import shlex
import sys
from pathlib import Path

import pytest

from hccr_desktop import __main__ as start
from hccr_desktop import paths
from hccr_desktop.rooms import trainer


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As a packaged program in a folder of its own; return the folder."""
    folder = tmp_path / "program"
    folder.mkdir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "hccr-desktop"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", ["hccr"])
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))
    return folder


def test_from_python_the_trainer_is_a_module_and_pip_installs_it() -> None:
    assert trainer.trainer_command() == [sys.executable, "-m", "trainer"]
    command = trainer.install_command()
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert any(word.startswith("torch") for word in command)


def test_a_packaged_program_calls_itself(packaged: Path) -> None:
    assert trainer.trainer_command() == [str(packaged / "hccr"), "trainer"]
    assert trainer.install_command() == [str(packaged / "hccr"), "trainer", "install"]


def test_a_packaged_program_has_the_trainer_when_its_libraries_lie_in_the_users_data(packaged: Path) -> None:
    assert not trainer.has_trainer()
    (paths.trainer_libraries() / "torch").mkdir(parents=True)
    assert trainer.has_trainer()
    assert paths.trainer_libraries().parent in paths.everything()


def test_libraries_are_installed_aside_with_the_versions_that_are_inside(
    packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[list[str]] = []

    def pip(name: str, run_name: str, alter_sys: bool) -> None:
        assert (name, run_name, alter_sys) == ("pip", "__main__", True)
        called.append(sys.argv[1:])
        target = Path(sys.argv[sys.argv.index("--target") + 1])
        (target / "torch").mkdir(parents=True)
        known = Path(sys.argv[sys.argv.index("--constraint") + 1]).read_text("utf-8")
        assert "numpy==" in known
        raise SystemExit(0)

    monkeypatch.setattr(runpy, "run_module", pip)
    assert trainer.run(["install"]) == 0
    assert trainer.has_trainer()
    assert ":all:" in called[0]
    assert [path.name for path in paths.trainer_libraries().parent.iterdir()] == [paths.trainer_libraries().name]


def test_an_installation_that_fails_leaves_what_was_there(packaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = paths.trainer_libraries() / "torch"
    before.mkdir(parents=True)

    def pip(*_: object, **__: object) -> None:
        raise SystemExit("no network")

    monkeypatch.setattr(runpy, "run_module", pip)
    assert trainer.run(["install"]) == 1
    assert before.exists()
    assert len(list(paths.trainer_libraries().parent.iterdir())) == 1


def test_the_users_libraries_come_before_the_programs(packaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: seen.append((name, sys.argv[1:])))
    monkeypatch.setattr(sys, "argv", ["hccr", "trainer", "finetune", "x"])
    assert start.command() == 0
    assert seen == [("trainer", ["finetune", "x"])]
    assert sys.path[0] == str(paths.trainer_libraries())


def test_a_module_that_is_missing_is_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["hccr"])
    assert trainer._run_module("no_such_module", []) == 1
    assert "no_such_module is not installed" in capsys.readouterr().err


def test_portable_data_lie_beside_a_packaged_program(packaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HCCR_HOME")
    (packaged / "portable").touch()
    assert paths.user_data() == packaged / "hccr-data"


def test_the_command_can_be_pasted_into_a_terminal(packaged: Path) -> None:
    assert shlex.split(shlex.join(trainer.install_command()))[-2:] == ["trainer", "install"]
