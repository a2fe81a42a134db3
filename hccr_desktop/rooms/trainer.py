"""The trainer beside the application: how it is called, whether it is there, what installs its libraries.

From Python, the trainer's libraries lie in the environment of the application. A packaged program has no such
environment and is Python itself: it carries the trainer's code and pip, and `hccr trainer install` puts the libraries
into a folder of the user's data, of the same versions where the program has them too.
"""

from __future__ import annotations

import importlib
import os
import re
import runpy
import shutil
import sys
from importlib.metadata import PackageNotFoundError, distributions, requires
from importlib.util import find_spec
from pathlib import Path

from hccr_desktop import paths

INSTALL = "install"
"""The word after `hccr trainer` that is ours; all others are the trainer's commands."""


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


def has_trainer() -> bool:
    """Say whether the trainer can be started; does not load it."""
    if paths.is_packaged():
        return (paths.trainer_libraries() / "torch").is_dir()
    try:
        return all(find_spec(name) is not None for name in ("trainer", "torch"))
    except ImportError:
        return False


def run(arguments: list[str]) -> int:
    """Do what `hccr trainer ARGUMENTS` asks for, in this process, and return the exit code."""
    if arguments == [INSTALL]:
        return _install()
    if paths.is_packaged():
        sys.path.insert(0, str(paths.trainer_libraries()))
    return _run_module("trainer", arguments)


def _install() -> int:
    if not paths.is_packaged():
        return _run_module("pip", _pip_arguments())
    libraries, aside = paths.trainer_libraries(), _aside()
    forget_unfinished()
    aside.mkdir(parents=True)
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(aside)))  # gigabytes, too many for some /tmp
    known, made = aside / "known.txt", aside / "libraries"
    known.write_text("".join(f"{found.name}=={found.version}\n" for found in distributions()), encoding="utf-8")
    arguments = ["--constraint", str(known), "--only-binary", ":all:", "--no-compile", "--target", str(made)]
    try:
        code = _run_module("pip", [*_pip_arguments(), *arguments])
        if code == 0:
            shutil.rmtree(libraries, ignore_errors=True)
            made.rename(libraries)
    finally:
        forget_unfinished()
    return code


def forget_unfinished() -> None:
    """Remove what an installation left that was ended."""
    shutil.rmtree(_aside(), ignore_errors=True)


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
        print(f"{name} is not installed here ({error}). The guide says how the trainer is installed.", file=sys.stderr)
        return 1
    return 0


def _pip_arguments() -> list[str]:
    try:
        named = requires("hccr-desktop") or []
    except PackageNotFoundError:
        named = []
    needed = [text.split(";")[0].strip() for text in named if re.search(r"extra\s*==\s*['\"]trainer['\"]", text)]
    return ["install", "--progress-bar", "off", *(needed or ["hccr-desktop[trainer]"])]


def _program() -> Path:
    """The command line's program beside the one that runs."""
    running = Path(sys.executable)
    return running.with_name("hccr").with_suffix(running.suffix)
