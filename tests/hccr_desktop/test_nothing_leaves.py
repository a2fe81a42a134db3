"""Nothing leaves the computer: the real programs in a fresh home, each system call looked at.

Written may be what the application keeps of its user, what was named on the command line, and the temporary
folder while the program runs. Whatever else a library writes or asks the network for is found here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.ink_lines import write_ink_lines
from tests.conftest import WRITTEN, written
from tests.hccr_desktop.recognize.test_pages import page_of
from tests.hccr_desktop.tracing import ROOT, run, why_not

OWN = Path(".local/share/Hccr Desktop")
"""Where the application keeps what is its user's, in a home."""

SYSTEM = ("/dev/null", "/dev/tty", "/dev/shm", "/proc/self", "/sys/fs/cgroup")
"""What belongs to no one: devices, memory that processes share, a process's view of itself."""

WINDOW = """
import sys
import traceback
from pathlib import Path
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from hccr_desktop.gui import app
from hccr_desktop.gui.window import ROOMS

def wait(until):
    for _ in range(1200):
        if until():
            return
        QTest.qWait(50)
    raise SystemExit("waited in vain")

class Driven(app.Application):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        QTimer.singleShot(0, self.driven)

    def driven(self):
        try:
            self.drive()
        except BaseException:  # which Qt would only print
            traceback.print_exc()
            QApplication.instance().exit(1)

    def drive(self):
        window = self.window
        wait(lambda: window.recognizer.language is not None)
        pad = window.write.pad
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, 90))
        QTest.mouseMove(pad, QPoint(150, 90))
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(150, 90))
        wait(lambda: window.write.candidates.first)
        QTest.keyClick(pad, Qt.Key.Key_Return)
        for name in ROOMS:
            window.show_room(name)
            QTest.qWait(50)
        read = window.room("read")
        read.open_files([Path(sys.argv[1])])
        wait(lambda: read.pages and read.pages[0].is_read)
        read.files.save(Path("saved/page.pdf").absolute())
        wait(Path("saved/page.pdf").exists)
        window.desk.set(theme="dark")
        window.close()
        QApplication.instance().quit()

app.Application = Driven
sys.exit(app.main())
"""


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page, and samples with a bank of writings to train on."""
    folder = tmp_path_factory.mktemp("material")
    Image.fromarray(page_of("木上中", "十木")).save(folder / "page.png")
    write_ink_lines(folder / "own.jsonl", [Sample(c, written(c)) for c in "木中" for _ in range(4)])
    return folder


def bank_of(folder: Path) -> Path:
    from trainer.data.bank import make_bank

    templates = iter([Sample(c, written(c)) for c in WRITTEN])
    make_bank(templates, sorted(WRITTEN), 4, 0.5, seed=1).save(folder / "bank.npz")
    hands = [
        Sample(c, Ink.from_points([stroke.xy + n for stroke in written(c).strokes])) for c in WRITTEN for n in range(20)
    ]
    write_ink_lines(folder / "many.jsonl", hands)
    (folder / "finetune.toml").write_text("batch_size = 8\nworkers = 1\nsteps = 1\n", encoding="utf-8")
    return folder


def window(material: Path) -> list[str]:
    return ["-c", WINDOW, str(material / "page.png")]


def recognize(material: Path) -> list[str]:
    return ["-m", "hccr_desktop", "recognize", str(material / "own.jsonl"), str(material / "page.png")]


def batch(material: Path) -> list[str]:
    forms = "text,markdown,csv,json,alto,page,hocr,pdf"
    return ["-m", "hccr_desktop", "batch", str(material / "page.png"), "--out", "out", "--format", forms]


def finetune(material: Path) -> list[str]:
    pytest.importorskip("trainer")
    folder = bank_of(material)
    options = ["--config", str(folder / "finetune.toml"), "--bank", str(folder / "bank.npz")]
    return ["-m", "trainer", "finetune", str(folder / "many.jsonl"), *options]


PROGRAMS: dict[str, tuple[Callable[[Path], list[str]], tuple[str, ...]]] = {
    "window": (window, ("saved",)),
    "recognize": (recognize, ()),
    "batch": (batch, ("out",)),
    "finetune": (finetune, ()),
}
"""What is started, and what was named to be written."""


@pytest.fixture
def home_of_nobody() -> Iterator[Path]:
    """Name a home that is not there yet, by a short name: sockets of workers lie in it, whose names are bounded."""
    with tempfile.TemporaryDirectory(prefix="hccr-") as folder:
        yield Path(folder).resolve() / "fresh"


NEEDS_TRAINER = pytest.mark.needs_trainer


@pytest.mark.parametrize("name", [*list(PROGRAMS)[:-1], pytest.param("finetune", marks=NEEDS_TRAINER)])
def test_nothing_is_sent_and_nothing_is_written_elsewhere(name: str, material: Path, home_of_nobody: Path) -> None:
    arguments, named = PROGRAMS[name]
    home = home_of_nobody
    done = run(arguments(material), home)
    assert done.code == 0, done.said
    allowed = [home / OWN, *(home / name for name in named)]
    assert outside(done.left, allowed) == []
    if reason := why_not():
        pytest.skip(f"only files were compared, {reason}")
    assert done.written, "the trace is empty"
    assert [socket for socket in done.sockets if "AF_INET" in socket] == []
    assert outside(done.written, [*allowed, home / "tmp", *map(Path, SYSTEM)]) == []


def outside(paths: Iterable[Path], allowed: Sequence[Path]) -> list[str]:
    """Return the paths that lie neither below what is allowed nor lead there."""
    return sorted(str(p) for p in paths if not any(p.is_relative_to(own) or own.is_relative_to(p) for own in allowed))


@pytest.mark.skipif(bool(why_not()), reason=why_not())
def test_a_trace_shows_what_a_program_asks_for_and_writes(tmp_path: Path) -> None:
    code = (
        "import os, socket, threading\n"
        "os.mkdir('d'); open('d/a', 'w').close(); os.rename('d/a', 'd/字'); os.remove('d/字')\n"
        "open('/dev/null').close()\n"
        "asking = threading.Thread(target=lambda: socket.socket(socket.AF_INET6))\n"
        "asking.start(); asking.join()\n"
    )
    done = run(["-c", code], tmp_path / "fresh")
    assert done.written == {tmp_path / "fresh" / name for name in ("d", "d/a", "d/字")}
    assert done.left == frozenset()
    assert ["AF_INET6" in socket for socket in done.sockets] == [True]


@pytest.mark.parametrize("package", ["hccr_desktop", pytest.param("trainer", marks=NEEDS_TRAINER), "tests"])
def test_every_package_tells_libraries_to_send_nothing_before_they_are_imported(package: str) -> None:
    if package == "trainer":
        pytest.importorskip("trainer")
    code = (
        f"import os, sys, {package}\n"
        "assert not {'onnxruntime', 'ray', 'torch'} & set(sys.modules)\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], os.environ['RAY_USAGE_STATS_ENABLED'])"
    )
    environment = os.environ | {"ORT_DISABLE_TELEMETRY": "0", "RAY_USAGE_STATS_ENABLED": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["1", "0"], done.stderr
