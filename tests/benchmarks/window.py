"""The real window, started as a process: cold start, pen-up to candidates, delays of the event loop, memory.

    .venv/bin/python -m tests.benchmarks.window [STARTS] [PAGE_IMAGE [INK_FILE]]

Needs a display, or set QT_QPA_PLATFORM=offscreen. Times are from the start of the process to the
pad's first painting with its events handled, and to the model's arrival. An empty PySide6 window
with onnxruntime imported is timed beside it. Pen-up to candidates includes no pause.
With a picture of a page, delays of the event loop are taken while it is read over and over and characters are
recognized, with labeled ink while a training runs as well.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import WRITTEN

ROOT = Path(__file__).resolve().parents[2]

EMPTY = """
import os, time, resource
import onnxruntime
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget(); window.show()
QTimer.singleShot(0, lambda: (print(time.time()), app.quit()))
app.exec()
"""

FULL = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from hccr_desktop.gui import app as gui
from hccr_desktop.gui import window as window_module
figures = {}
rounds = int(sys.argv[2])
written = json.loads(sys.argv[3])
page, ink = (*sys.argv[4:6], "", "")[:2]

class Timed(window_module.MainWindow):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, self.usable)
        self.recognizer.ready.connect(lambda _: figures.setdefault("model", time.time()))
        self.recognizer.ready.connect(lambda _: QTimer.singleShot(1500, self.write_all))

    def usable(self):
        figures["pad"] = time.time()

    def write_all(self):
        import psutil
        room, delays = self.write, []
        for i in range(rounds):
            for stroke in written[i % len(written)]:
                points = [QPoint(round(3 * x + 30), round(3 * y + 30)) for x, y in stroke]
                QTest.mousePress(room.pad, Qt.MouseButton.LeftButton, pos=points[0])
                for point in points[1:]:
                    QTest.mouseMove(room.pad, point)
                QTest.mouseRelease(room.pad, Qt.MouseButton.LeftButton, pos=points[-1])
            room.reading.shut()
            loop = QEventLoop()
            self.recognizer.recognized.connect(loop.quit)
            started = time.perf_counter()
            room.reading.ask()
            loop.exec()
            room.candidates.repaint()
            delays.append((time.perf_counter() - started) * 1000)
            self.recognizer.recognized.disconnect(loop.quit)
            room.candidates.choose(0)
        figures["delays"] = delays
        figures["memory"] = psutil.Process().memory_info().rss
        if page:
            self.read_and_write(psutil)
        else:
            self.tell()

    def read_and_write(self, psutil):
        # Pages are read, characters recognized and, with ink, a training runs, all at once.
        from pathlib import Path
        reading = self.room("read")
        if ink:
            from hccr_desktop.formats.reading import read_any
            self.desk.store.add_all(sample for sample in read_any(Path(ink)) if sample.character)
            training = self.room("train")
            training.enter()
            training.start.click()
        from hccr_desktop.core.ink import Ink
        item = Ink.from_points(written[0])
        gaps, last = [], [time.perf_counter()]
        beat, busy = QTimer(self), QTimer(self)
        beat.setTimerType(Qt.TimerType.PreciseTimer)

        def tick():
            now = time.perf_counter()
            gaps.append((now - last[0]) * 1000 - 4)
            last[0] = now

        def work():
            self.recognizer.request(lambda engine, allowed: engine.recognize(item, allowed=allowed))
            if not reading.queue.is_busy:
                for known in list(reading.pages):
                    reading.shelf.close_page(known)
                reading.open_files([Path(page)])

        beat.timeout.connect(tick)
        busy.timeout.connect(work)
        beat.start(4)
        busy.start(100)

        def end():
            beat.stop(), busy.stop()
            figures["gaps"] = gaps
            figures["memory_page"] = psutil.Process().memory_info().rss
            if ink:
                training.process.close()
            self.tell()

        QTimer.singleShot(40000 if ink else 10000, end)

    def tell(self):
        print(json.dumps(figures))
        QApplication.quit()

gui.MainWindow = Timed
sys.argv = sys.argv[:1]
gui.main()
"""


def start(code: str, *arguments: str) -> tuple[float, str]:
    """Run a program; return when it was started and what it printed."""
    environment = {**os.environ, "HCCR_HOME": tempfile.mkdtemp()}
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, cwd=ROOT, check=True
    )
    return started, done.stdout


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    empty, pad, model = [], [], []
    delays: list[float] = []
    memory = 0
    gaps: list[float] = []
    memory_page = 0
    for i in range(starts):
        began, out = start(EMPTY)
        empty.append(float(out) - began)
        began, out = start(
            FULL,
            str(ROOT),
            "100" if i == 0 else "3",
            json.dumps(list(WRITTEN.values())),
            *(sys.argv[2:4] if i == 0 else []),
        )
        figures = json.loads(out)
        pad.append(figures["pad"] - began)
        model.append(figures["model"] - began)
        if i == 0:
            delays, memory = figures["delays"], figures["memory"]
            gaps, memory_page = figures.get("gaps", []), figures.get("memory_page", 0)
    for name, values in (("empty window with onnxruntime", empty), ("first usable pad", pad), ("model there", model)):
        print(f"{name:30} median {statistics.median(values):.2f} s, {min(values):.2f} to {max(values):.2f} s")
    high = statistics.quantiles(delays, n=20)[-1]
    print(f"{'pad against empty window':30} {statistics.median(pad) / statistics.median(empty):.2f} times")
    print(f"{'pen-up to candidates':30} median {statistics.median(delays):.1f} ms, 95th percentile {high:.1f} ms")
    print(f"{'memory after 100 characters':30} {memory / 2**20:.0f} MiB")
    if gaps:
        tail = statistics.quantiles(gaps, n=100)
        late = sum(gap > 32 for gap in gaps)
        print(
            f"{'event loop, delay':30} 50th {tail[49]:.1f}, 99th {tail[98]:.1f}, most {max(gaps):.1f} ms, "
            f"{late} of {len(gaps)} over 32 ms"
        )
        print(f"{'memory with a page':30} {memory_page / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
