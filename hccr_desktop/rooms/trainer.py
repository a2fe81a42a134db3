"""The trainer beside the application: how it is called, whether it is there, what installs its libraries.

From Python, the trainer's libraries lie in the environment of the application. A packaged program has no such
environment and is Python itself: it carries the trainer's code and pip, and `hccr trainer install` puts the libraries
into a folder of the user's data, of the same versions where the program has them too. What the libraries were asked for
stands in a file beside them: those of a version that asked for others are installed anew.
"""

from __future__ import annotations

import importlib
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from hccr_desktop import __version__, paths
from hccr_desktop.files import locked, speak_utf8

_OF_TRAINER = re.compile(r"extra\s*==\s*['\"]trainer['\"]")
INSTALL = "install"
"""The word after `hccr trainer` that is ours; all others are the trainer's commands."""
_PATIENCE_S = 60.0
"""How long the remains of an installation that was stopped may take to be removed."""
_ASKED = "asked-for.txt"
"""In the folder of the libraries: what they were asked for."""


def trainer_command() -> list[str]:
    """Return how the trainer is called from here."""
    if paths.is_packaged():
        return [str(_program()), "trainer"]
    return [sys.executable, "-m", "trainer"]


def install_command() -> list[str]:
    """Return what installs the trainer's libraries."""
    if paths.is_packaged():
        return [*trainer_command(), INSTALL]
    return [sys.executable, "-m", "pip", *_pip_arguments()]


def called() -> str:
    """Return how the trainer is called, for people."""
    return "hccr trainer" if paths.is_packaged() else "python -m trainer"


def shown(command: Sequence[str]) -> str:
    """Return a command as it is pasted into a terminal of this system."""
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def has_trainer() -> bool:
    """Say whether the trainer can be started; does not load it."""
    if paths.is_packaged():
        try:
            return (paths.trainer_libraries() / _ASKED).read_text(encoding="utf-8") == _asked_for()
        except (OSError, ValueError):
            return False
    try:
        return all(find_spec(name) is not None for name in ("trainer", "torch")) and _is_whole("torch")
    except ImportError:
        return False


def _is_whole(name: str) -> bool:
    """Whether an installation came to its end: pip writes the list of files last."""
    return any(found.read_text("RECORD") for found in distributions(name=name))


def run(arguments: list[str]) -> int:
    """Do what `hccr trainer ARGUMENTS` asks for, in this process, and return the exit code."""
    speak_utf8()
    if arguments == [INSTALL]:
        return _install()
    if paths.is_packaged():
        sys.path.insert(0, str(paths.trainer_libraries()))
    return _run_module("trainer", arguments)


def _install() -> int:
    if not paths.is_packaged():
        return _run_module("pip", _pip_arguments())
    try:
        with _alone(_PATIENCE_S) as alone:
            if not alone:
                print("Another installation of the trainer is at work. Wait for its end.", file=sys.stderr)
                return 1
            return _install_aside()
    except OSError as error:
        told = f"error: the trainer's libraries cannot be written ({error.strerror or error})."
        print(f"{told} End a training that uses them, and free 12 GB of disk.", file=sys.stderr)
        return 1


def _install_aside() -> int:
    """Install into a folder aside, which then takes the place of the libraries that were there."""
    libraries, aside = paths.trainer_libraries(), _aside()
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True, exist_ok=True)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(aside)))  # gigabytes, too many for some /tmp
    known, made, before = aside / "known.txt", aside / "libraries", aside / "before"
    known.write_text(_known_versions(), encoding="utf-8")
    arguments = ["--constraint", str(known), "--only-binary", ":all:", "--no-compile", "--target", str(made)]
    try:
        code = _run_module("pip", [*_pip_arguments(), *arguments])
        if code == 0:
            (made / _ASKED).write_text(_asked_for(), encoding="utf-8")
            if libraries.exists():
                libraries.rename(before)
            try:
                made.rename(libraries)
            except OSError:
                if before.exists():
                    before.rename(libraries)
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return code


def forget_unfinished() -> None:
    """Remove what an installation left that was ended; it may take a while. Nothing where one is at work."""
    if paths.is_packaged() and _aside().exists():
        with _alone() as alone:
            if alone:
                shutil.rmtree(_aside(), ignore_errors=True)


def _alone(patience: float = 0.0) -> AbstractContextManager[bool]:
    """Give whether nobody else installs, after `patience` seconds at most; until the end nobody else can."""
    return locked(paths.trainer_libraries().parent / "install.lock", patience)


def _aside() -> Path:
    libraries = paths.trainer_libraries()
    return libraries.with_name(f"{libraries.name}.aside")


def _run_module(name: str, arguments: list[str]) -> int:
    """Run a module as Python's -m does, and return its exit code."""
    sys.argv = [name, *arguments]
    importlib.invalidate_caches()
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    except ImportError as error:
        if find_spec(name) is not None:
            raise
        call = shown(install_command())
        print(f"{name} is not installed here ({error}). Call: {call}", file=sys.stderr)
        return 1
    return 0


def _pip_arguments() -> list[str]:
    of_trainer = (text for text in _requirements() if _OF_TRAINER.search(text))
    needed = [text.split(";")[0].strip() for text in of_trainer]
    return ["install", "--progress-bar", "off", *(needed or ["hccr-desktop[trainer]"])]


def _requirements() -> list[str]:
    """Return what this version asks for, as its description says; an earlier one's may still lie beside it."""
    found = list(distributions(name="hccr-desktop"))
    own = next((one for one in found if one.version == __version__), found[0] if found else None)
    return own.requires or [] if own is not None else []


def _asked_for() -> str:
    return "\n".join(sorted(text for text in _requirements() if "extra" not in text or _OF_TRAINER.search(text)))


def _known_versions() -> str:
    """Return the libraries that are inside, for pip; none of which two descriptions lie there, an earlier one's too."""
    versions: dict[str, set[str]] = {}
    for found in distributions():
        versions.setdefault(re.sub(r"[-_.]+", "-", found.name).lower(), set()).add(found.version)
    return "".join(f"{name}=={min(them)}\n" for name, them in sorted(versions.items()) if len(them) == 1)


def _program() -> Path:
    """The command line's program beside the one that runs."""
    running = Path(sys.executable)
    return running.with_name("hccr").with_suffix(running.suffix)
