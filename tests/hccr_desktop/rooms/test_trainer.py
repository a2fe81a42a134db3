from __future__ import annotations

import argparse
import runpy
import shlex
import sys
from pathlib import Path

import pytest

from hccr_desktop import __main__ as start
from hccr_desktop import cli, paths
from hccr_desktop.gui import app
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
    libraries = paths.trainer_libraries()
    (libraries / "torch").mkdir(parents=True)
    assert not trainer.has_trainer()
    (libraries / trainer._ASKED).write_text(trainer._asked_for(), encoding="utf-8")
    assert trainer.has_trainer()
    (libraries / trainer._ASKED).write_text("torch>=1; extra == 'trainer'", encoding="utf-8")
    assert not trainer.has_trainer()  # an earlier version's
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
    left = {path.name for path in paths.trainer_libraries().parent.iterdir()}
    assert left == {paths.trainer_libraries().name, "install.lock"}


def test_an_installation_that_fails_leaves_what_was_there(packaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = paths.trainer_libraries() / "torch"
    before.mkdir(parents=True)

    def pip(*_: object, **__: object) -> None:
        raise SystemExit("no network")

    monkeypatch.setattr(runpy, "run_module", pip)
    assert trainer.run(["install"]) == 1
    assert before.exists()
    assert {path.name for path in before.parents[1].iterdir()} == {before.parent.name, "install.lock"}


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


def test_a_second_installation_is_refused_and_leaves_the_first_alone(
    packaged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pip(*_: object, **__: object) -> None:
        (trainer._aside() / "half").mkdir()
        trainer.forget_unfinished()  # as a window does that stopped another one
        assert trainer.run(["install"]) == 1
        assert (trainer._aside() / "half").is_dir()
        raise SystemExit(1)

    monkeypatch.setattr(runpy, "run_module", pip)
    assert trainer.run(["install"]) == 1
    assert "Another installation" in capsys.readouterr().err
    assert not trainer._aside().exists()
    assert not paths.trainer_libraries().exists()


def test_libraries_that_are_in_use_stay_whole(
    packaged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    libraries = paths.trainer_libraries()
    (libraries / "torch").mkdir(parents=True)
    (libraries / "torch/old").touch()

    def pip(*_: object, **__: object) -> None:
        target = Path(sys.argv[sys.argv.index("--target") + 1])
        (target / "torch").mkdir(parents=True)
        raise SystemExit(0)

    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path.name == "libraries":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(runpy, "run_module", pip)
    monkeypatch.setattr(Path, "rename", refused)
    assert trainer.run(["install"]) == 1
    assert "End a training" in capsys.readouterr().err
    assert (libraries / "torch/old").exists()
    monkeypatch.setattr(Path, "rename", rename)
    assert trainer.run(["install"]) == 0
    assert not (libraries / "torch/old").exists()
    assert trainer.has_trainer()


def test_a_library_of_which_two_versions_are_described_is_not_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    class One:
        def __init__(self, name: str, version: str) -> None:
            self.name, self.version = name, version

    inside = [One("numpy", "2.4"), One("Numpy", "2.5"), One("Pillow", "12.0"), One("typing_extensions", "4.1")]
    monkeypatch.setattr(trainer, "distributions", lambda **_: inside)
    assert trainer._known_versions() == "pillow==12.0\ntyping-extensions==4.1\n"


@pytest.mark.parametrize(("platform", "shown"), [("linux", "'/a b/hccr' trainer"), ("win32", '"/a b/hccr" trainer')])
def test_a_command_is_shown_as_the_systems_terminal_takes_it(
    platform: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert trainer.shown(["/a b/hccr", "trainer"]) == shown


def test_half_an_installation_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    class One:
        def __init__(self, record: str | None) -> None:
            self._record = record

        def read_text(self, name: str) -> str | None:
            assert name == "RECORD"
            return self._record

    for record, whole in ((None, False), ("torch/__init__.py,,", True)):
        monkeypatch.setattr(trainer, "distributions", lambda record=record, **_: [One(record)])
        assert trainer._is_whole("torch") is whole


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ([], "window"),
        (["missing.png", "b.png"], "window"),
        (["trainer", "finetune"], "command"),
        (["models", "list"], "command"),
        (["--version"], "command"),
        (["/pages/trainer"], "window"),
    ],
)
def test_a_command_or_an_option_comes_first_all_else_are_files(
    arguments: list[str], where: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trainer").mkdir()  # a folder of that name does not make the command a file
    called: list[tuple[str, list[Path]]] = []
    monkeypatch.setattr(sys, "argv", ["hccr-desktop", *arguments])

    def seen(name: str, files: list[Path]) -> int:
        called.append((name, files))
        return 0

    monkeypatch.setattr(start, "command", lambda: seen("command", []))
    monkeypatch.setattr(app, "main", lambda files: seen("window", files))
    assert start.main() == 0
    assert called == [(where, [Path(name) for name in arguments] if where == "window" else [])]


def test_the_commands_are_those_of_the_command_line() -> None:
    (commands,) = [action for action in cli.parser()._actions if isinstance(action, argparse._SubParsersAction)]
    assert set(start.COMMANDS) == set(commands.choices)
