"""A full disk, a disk that may not be written, a folder that vanishes: each ends in a sentence, code 1, no traceback.

The real commands are run on small file systems of their own, which only root may mount; for others a full disk is a
limit on the size of files, and the rest is left out, which is said.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.ink_lines import write_ink_lines
from tests.campaign.originals import archive, bundle_members, picture
from tests.conftest import WRITTEN, written

_ROOT = Path(__file__).resolve().parents[2]

_APT = re.compile("cannot be (written|used|read)|does not exist|disk|space")
_QUICK = ["--no-language", "--direction", "horizontal", "--format", "text,json,pdf"]


@dataclass(frozen=True)
class Command:
    """A command of the application that writes: its arguments, given the material's folder and the troubled one."""

    name: str
    arguments: Callable[[Path, Path], list[str]]
    bytes: int
    """About how much it writes, so that a disk can be too small for it."""
    keeps_in_home: bool = False
    """Whether it writes to where the application keeps what is its user's."""


COMMANDS = (
    Command("batch", lambda m, d: ["batch", str(m / "pages"), "--out", str(d / "out"), *_QUICK], 60_000),
    Command(
        "debug",
        lambda m, d: [
            "batch",
            str(m / "pages"),
            "--out",
            str(d.parent / "text"),
            "--debug",
            str(d),
            "--force",
            *_QUICK,
        ],
        100_000,
    ),
    Command("import", lambda m, d: ["samples", "import", str(m / "ink.jsonl")], 300_000, keeps_in_home=True),
    Command("install", lambda m, d: ["models", "install", str(m / "model.zip")], 60_000, keeps_in_home=True),
    Command("export", lambda m, d: ["models", "export", "hccr-flagship-5", str(d / "x.zip")], 4_000_000),
)


def material(folder: Path) -> Path:
    """Draw pages, samples and a model."""
    (folder / "pages").mkdir(parents=True)
    for number, text in enumerate(("木上中", "十木", "中中木上", "上十", "一中", "木木木")):
        picture(text, 60).save(folder / "pages" / f"{number}.png")
    write_ink_lines(folder / "ink.jsonl", [Sample(c, written(c)) for c in WRITTEN] * 200)
    (folder / "model.zip").write_bytes(archive(bundle_members()))
    return folder


@contextlib.contextmanager
def mounted(folder: Path, size: int, *, read_only: bool = False) -> Iterator[Path]:
    """Mount a file system of some bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={max(size, 4096)}", "tmpfs", str(folder)], check=True)
    try:
        if read_only:
            subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def can_mount() -> bool:
    """Tell whether file systems may be mounted here."""
    with tempfile.TemporaryDirectory() as folder:
        if not shutil.which("mount"):
            return False
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return done.returncode == 0


def run(arguments: Sequence[str], home: Path, most_bytes: int = 0) -> tuple[int, str]:
    """Run a command of the application; `most_bytes` bounds the size of a file, 0 not."""

    def bounded() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = subprocess.run(
        [sys.executable, "-m", "hccr_desktop", *arguments], cwd=_ROOT, env=os.environ | {"HCCR_HOME": str(home)},
        capture_output=True, text=True, check=False, timeout=120, preexec_fn=bounded if most_bytes else None,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def verdict(code: int, said: str, *, may_succeed: bool = False) -> str:
    """Return what is wrong with how a command ended, empty for nothing."""
    if "Traceback" in said:
        return said[said.index("Traceback") :]
    if code not in ((0, 1) if may_succeed else (1,)):
        return f"it ended with {code}: {said[-300:]}"
    if code == 1 and not _APT.search(said):
        return f"it does not say what is wrong: {said[-300:]}"
    return ""


def full_disk(command: Command, made: Path, folder: Path, *, is_mounted: bool) -> Iterator[tuple[str, str]]:
    """Run a command on disks that are smaller and smaller."""
    for part in (0.9, 0.6, 0.3, 0.1, 0.02):
        size = int(command.bytes * part)
        place = folder / f"{command.name}-{size}"
        with mounted(place, size) if is_mounted else contextlib.nullcontext(place):
            place.mkdir(exist_ok=True)
            home = place if command.keeps_in_home else folder / "home"
            code, said = run(command.arguments(made, place), home, 0 if is_mounted else max(size, 512))
        yield f"{command.name}, {size:,} bytes left", verdict(code, said, may_succeed=part > 0.02)


def read_only_disk(command: Command, made: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Run a command on a disk that may not be written."""
    with mounted(folder / f"{command.name}-ro", 2**20, read_only=True) as place:
        home = place if command.keeps_in_home else folder / "home"
        yield f"{command.name}, read only", verdict(*run(command.arguments(made, place), home))


def vanishing(made: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Take away the folder that a batch reads, or writes into, after its first result."""
    for what in ("in", "out"):
        place = folder / f"vanishing-{what}"
        shutil.copytree(made / "pages", place / "in")

        def take(place: Path = place, what: str = what) -> None:
            deadline = time.monotonic() + 60
            while not list(place.glob("out/*.txt")) and time.monotonic() < deadline:
                time.sleep(0.005)
            shutil.rmtree(place / what, ignore_errors=True)

        thief = threading.Thread(target=take)
        thief.start()
        code, said = run(["batch", str(place / "in"), "--out", str(place / "out"), *_QUICK], folder / "home")
        thief.join()
        yield f"batch, its folder “{what}” vanishes", verdict(code, said, may_succeed=True)


def trouble(names: Sequence[str] | None = None) -> int:
    """Run everything, print what was found, return the exit code."""
    is_mounted = can_mount()
    if not is_mounted:
        print("File systems may not be mounted here: files are bounded instead, and no disk is read only.")
    tried = found = 0
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        made = material(folder / "material")
        for command in COMMANDS:
            if names and command.name not in names:
                continue
            ways = [full_disk(command, made, folder, is_mounted=is_mounted)]
            ways += [read_only_disk(command, made, folder)] if is_mounted else []
            ways += [vanishing(made, folder)] if command.name == "batch" else []
            for where, wrong in (one for way in ways for one in way):
                tried += 1
                found += bool(wrong)
                if wrong:
                    print(f"{where}: {wrong.strip()}", flush=True)
    print(f"{tried} troubles, {found} findings")
    return int(bool(found))
