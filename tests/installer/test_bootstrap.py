from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "installer" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    return module


def test_only_the_standard_library_is_imported() -> None:
    code = "import sys; before = set(sys.modules); import bootstrap; print(*(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'installer')!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    tops = {name.partition(".")[0] for name in done.stdout.split()} - {"bootstrap"}
    assert tops <= sys.stdlib_module_names


def test_a_wrong_command_shows_the_use(bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["fly"]) == 2
    assert "run" in capsys.readouterr().out


def test_a_second_call_installs_nothing(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []

    def run(command: list[str], **_: object) -> None:
        calls.append(command)

    def create(folder: Path, **_: object) -> None:
        for name in ("bin/python", "Scripts/python.exe"):
            (folder / name).parent.mkdir(parents=True)
            (folder / name).touch()

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    monkeypatch.setattr(bootstrap.venv, "create", create)
    bootstrap.provide_environment("")
    assert len(calls) == 1
    bootstrap.provide_environment("")
    assert len(calls) == 1
    bootstrap.provide_environment("trainer,dev")
    assert calls[1][-1].endswith("[dev,trainer]")
    bootstrap.provide_environment("")  # has more than is wanted
    assert len(calls) == 2


@pytest.mark.parametrize(
    ("tool", "words"), [("apt-get", "sudo apt-get install libegl1"), ("dnf", "libEGL.so.1()(64bit)")]
)
def test_missing_libraries_are_named_with_the_exact_command(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tool: str, words: str
) -> None:
    monkeypatch.setattr(bootstrap, "missing_qt_libraries", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}" if name == tool else None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000, raising=False)
    assert not bootstrap.provide_qt_libraries()
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("user", "is_there", "calls"), [(0, False, 2), (0, True, 0), (1000, False, 0)])
def test_strace_is_installed_where_that_takes_no_password_and_its_failure_stops_nothing(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, user: int, is_there: bool, calls: int
) -> None:
    made: list[list[str]] = []

    def run(command: list[str], **_: object) -> None:
        made.append(command)
        if "install" in command:
            raise subprocess.CalledProcessError(100, command)

    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/{name}" if name == "apt-get" or is_there else None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: user, raising=False)
    bootstrap.provide_strace()
    assert len(made) == calls
    assert all(command[0] == "apt-get" for command in made)
