"""A program in a fresh home, and what it did: the sockets it opened, the files it wrote.

Every system call is seen where strace may trace; else only what lies in the home afterwards.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CALLS = (
    "socket,open,openat,openat2,creat,truncate,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2,"
    "link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir"
)
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (\d+)(?:<(.*)>)?$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<((?:[^>])*)>, )?"((?:[^"\\]|\\.)*)"')
_WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")


@dataclass(frozen=True)
class Done:
    """A program that ended: its code, what it said, the files it left in its home, and, where it was traced, more."""

    code: int
    said: str
    left: frozenset[Path]
    sockets: tuple[str, ...] = ()
    written: frozenset[Path] = frozenset()
    """Every path that was created, written, renamed or removed, whether it is still there or not."""


def why_not() -> str:
    """Return why programs cannot be traced here, empty where they can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-f", "-qq", "-o", os.devnull, "true"], capture_output=True, text=True, check=False
    )
    return f"the system forbids tracing: {tried.stderr.strip()}" if tried.returncode else ""


def run(arguments: list[str], home: Path) -> Done:
    """Run Python with these arguments in `home`, which stands for everything that a user has."""
    temporary = home / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    environment = {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",  # an installed program's is written when it is installed
        "QT_QPA_PLATFORM": "offscreen",
    }  # nothing else: where CI is set, onnxruntime sends nothing by itself
    trace = home.with_name(f"{home.name}.trace")
    tracing = (
        []
        if why_not()
        else ["strace", "-f", "-qq", "--seccomp-bpf", "-y", "-s", "4096", "-e", f"trace={_CALLS}", "-o", str(trace)]
    )
    done = subprocess.run(
        [*tracing, sys.executable, *arguments], cwd=home, env=environment, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    left = frozenset(path for path in home.rglob("*") if not path.is_dir())
    if not tracing:
        return Done(done.returncode, done.stdout + done.stderr, left)
    calls = list(_calls(trace.read_text("utf-8", errors="replace")))
    sockets = tuple(f"{name}({what})" for name, what, _ in calls if name == "socket")
    written = frozenset(path for name, what, opened in calls for path in _touched(name, what, opened, home))
    return Done(done.returncode, done.stdout + done.stderr, left, sockets, written)


def _calls(trace: str) -> Iterator[tuple[str, str, str]]:
    """Yield calls that succeeded: name, arguments, the file that was opened; sockets, where refused, too."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        if line.endswith("<unfinished ...>"):
            begun[line.split()[0]] = line.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := _RESUMED.match(line):
            line = begun.pop(resumed[1], "") + resumed[2]  # noqa: PLW2901 - the two halves of one call
        if call := _CALL.match(line):
            yield call[1], call[2], call[4] or ""
        elif " socket(" in line:
            yield "socket", line.partition("(")[2], ""


def _touched(name: str, what: str, opened: str, home: Path) -> Iterator[Path]:
    """Yield the paths that a call wrote to; those that are relative to no folder count from where it was started."""
    if name == "socket":
        return
    if name.startswith("open") and name != "open_tree":
        if _WRITES.search(what.rpartition('"')[2]):
            yield Path(opened.removesuffix(" (deleted)"))
        return
    for folder, path in _PATH.findall(what):
        name = path.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")
        yield Path(os.path.normpath(Path(folder or home) / name))
