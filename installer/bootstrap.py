#!/usr/bin/env python3
"""Set everything up and open the application or run the tests, from a bare checkout.

    python3 installer/bootstrap.py run [ARGUMENTS]     the window, or the command line with arguments
    python3 installer/bootstrap.py test [ARGUMENTS]    the tests, with the trainer
    python3 installer/bootstrap.py setup               only set up, for development

Standard library only; Linux, Windows and macOS. The environment lies in `.venv`; a stamp in it
says what it was made from, so that a second call starts at once.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
EXTRAS = {"run": "", "test": "trainer,dev", "setup": "trainer,dev"}

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""Shared libraries that Qt loads on Linux and the Debian packages that hold them."""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    if len(arguments) < 1 or arguments[0] not in EXTRAS:
        print(__doc__)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever Python is there
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    command, rest = arguments[0], arguments[1:]
    try:
        if sys.platform.startswith("linux") and not provide_qt_libraries():
            return 1
        if sys.platform.startswith("linux") and command == "test":
            provide_strace()
        python = provide_environment(EXTRAS[command])
    except subprocess.CalledProcessError as error:
        print(f"Setting up failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    if command == "setup":
        return 0
    environment = dict(os.environ)
    if command == "test":
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    module = "hccr_desktop" if command == "run" else "pytest"
    return subprocess.run(
        [python, "-m", module, *rest], cwd=_working_folder(command), env=environment, check=False
    ).returncode


def _working_folder(command: str) -> Path:
    """Tests run in the checkout; the application where the user is, so that file names hold."""
    return ROOT if command == "test" else Path.cwd()


def provide_environment(extras: str) -> Path:
    """Make or complete `.venv` for `extras`, comma-separated, and return its Python."""
    python = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = ENVIRONMENT / ".hccr-setup"
    made_from = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    done = stamp.read_text().split("\n") if stamp.exists() and python.exists() else []
    have = set(done[1].split(",")) if len(done) > 1 and done[0] == made_from else set()
    wanted = set(extras.split(",")) if extras else set()
    if done and done[0] == made_from and wanted <= have:
        return python
    if not python.exists():
        print("Creating .venv …", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True, clear=ENVIRONMENT.exists())
    all_extras = ",".join(sorted((wanted | have) - {""}))
    print(f"Installing hccr-desktop{f' with {all_extras}' if all_extras else ''} …", file=sys.stderr)
    target = f"{ROOT}[{all_extras}]" if all_extras else str(ROOT)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--editable", target], check=True, stdout=sys.stderr)
    stamp.write_text(f"{made_from}\n{all_extras}\n")
    return python


def missing_qt_libraries() -> list[str]:
    """Return the names of shared libraries that Qt would not find."""
    missing = []
    for name in QT_LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def provide_qt_libraries() -> bool:
    """Install missing libraries where possible, else print the command; return whether all are there."""
    missing = missing_qt_libraries()
    if not missing:
        return True
    packages = sorted(QT_LIBRARIES[name] for name in missing)
    if shutil.which("apt-get"):
        if os.geteuid() == 0:
            install_packages(packages)
            return not missing_qt_libraries()
        command = f"sudo apt-get install {' '.join(packages)}"
    elif shutil.which("dnf"):
        command = "sudo dnf install " + " ".join(f"'{name}()(64bit)'" for name in missing)
    elif shutil.which("pacman"):
        command = "sudo pacman -S --needed libglvnd fontconfig glib2 libxkbcommon-x11 xcb-util-cursor xcb-util-wm"
    else:
        command = f"install these libraries with your system's package manager: {' '.join(missing)}"
    print(f"Qt needs shared libraries that are missing here. Run:\n\n    {command}\n", file=sys.stderr)
    return False


def provide_strace() -> None:
    """Install what shows a program's system calls, where that takes no password; its test says where it is missing."""
    if not shutil.which("strace") and shutil.which("apt-get") and os.geteuid() == 0:
        with contextlib.suppress(subprocess.CalledProcessError):
            install_packages(["strace"])


def install_packages(packages: list[str]) -> None:
    """Install Debian packages; raises `CalledProcessError`."""
    print(f"Installing {' '.join(packages)} …", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        subprocess.run(["apt-get", *step], check=True, stdout=subprocess.DEVNULL, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
