"""Five people use the real window under Xvfb, from its start to what they came for; actions and seconds are counted.

    .venv/bin/python -m tests.roles FOLDER [--training]

A student wants to know what a character means, somebody with a tablet writes into another program, an archivist goes
through a folder of pages, a teacher collects samples (and trains, with --training), a developer calls the command line.
An action is a stroke, a click, a key, or a line that is typed. Screenshots of every goal are left in FOLDER. Needs
Xvfb, openbox and xdotool; it is run by hand.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageGrab

from tests.conftest import WRITTEN
from tests.hccr_desktop.recognize.test_pages import page_of

DISPLAY, SIZE = ":88", (1366, 768)

OTHER = """
import sys
from PySide6.QtWidgets import QApplication, QPlainTextEdit
app = QApplication([])
page = QPlainTextEdit()
page.setWindowTitle("Another program")
page.textChanged.connect(lambda: open(sys.argv[1], "w", encoding="utf-8").write(page.toPlainText()))
page.resize(400, 200)
page.show()
app.exec()
"""


class Person:
    """The program on a screen of its own, somebody who uses it, and how often they did something."""

    def __init__(self, home: Path) -> None:
        self.actions = 0
        self.home = home
        self.seen = home / "observed.json"
        home.mkdir(parents=True, exist_ok=True)
        if not (home / "settings.json").exists():
            (home / "settings.json").write_text('{"language": "en", "theme": "light"}', encoding="utf-8")
        self.environment = os.environ | {
            "DISPLAY": DISPLAY,
            "HCCR_HOME": str(home),
            "QT_QPA_PLATFORM": "xcb",
            "OBSERVED": str(self.seen),
        }
        self._programs: list[subprocess.Popen[bytes]] = []
        self.open("tests.observed")
        self.until(lambda: bool(self.value("settled")), "the model")

    def open(self, module: str) -> None:
        """Start a program."""
        self._programs.append(subprocess.Popen([sys.executable, "-m", module], env=self.environment))

    def open_other(self, target: Path) -> None:
        """Start another program with a text of its own, which it writes to a file, and give it the keyboard."""
        self._programs.append(subprocess.Popen([sys.executable, "-c", OTHER, str(target)], env=self.environment))
        found = self.hand("search", "--sync", "--onlyvisible", "--name", "Another program").split()[-1]
        self.hand("windowmove", found, "900", "60", "windowactivate", "--sync", found)

    def hand(self, *arguments: str) -> str:
        """Let xdotool do something."""
        return subprocess.run(
            ["xdotool", *arguments], env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def state(self) -> dict[str, Any]:
        """Return what the window shows now."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                return dict(json.loads(self.seen.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                time.sleep(0.1)
        raise TimeoutError("The window says nothing.")

    def value(self, name: str) -> Any:
        """Return a value that the window shows."""
        return self.state()["values"].get(name)

    def until(self, holds: Callable[[], bool], what: str, seconds: float = 40) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not come; {self.state()['values']}")
            time.sleep(0.1)

    def key(self, *keys: str) -> None:
        """Press keys, one after another."""
        self.actions += len(keys)
        for key in keys:
            self.hand("key", "--clearmodifiers", key)
            time.sleep(0.25)

    def type(self, text: str) -> None:
        """Type a line and press Enter."""
        self.actions += 1
        keys_are_there = text.isascii()
        self.hand("type", "--delay", "12" if keys_are_there else "300", text)
        time.sleep(0.1 if keys_are_there else 1.0)  # keys that the keyboard does not have take their time
        self.hand("key", "Return")
        time.sleep(0.4)

    def click(self, name: str, button: str = "1") -> None:
        """Click a control."""
        self.until(lambda: name in self.state()["places"], name)
        time.sleep(0.4)  # what was just typed may have moved it
        left, top, width, height = self.state()["places"][name]
        self.actions += 1
        self.hand("mousemove", str(left + width // 2), str(top + height // 2), "click", button)
        time.sleep(0.3)

    def choose(self, title: str) -> None:
        """Choose in the menu that is open."""
        values = self.state()["values"]
        number = next(int(n.split()[1]) for n, v in values.items() if n.startswith("menu") and str(v).startswith(title))
        left, top, width, height = values[f"menu {number} at"]
        self.actions += 1
        self.hand("mousemove", str(left + width // 2), str(top + height // 2), "click", "1")
        time.sleep(0.3)

    def write(self, character: str, pad: str = "pad") -> None:
        """Write a character with the mouse; each stroke counts."""
        left, top, width, height = self.state()["places"][pad]
        side = 0.75 * min(width, height)
        x0, y0 = left + (width - side) / 2, top + (height - side) / 2
        for stroke in WRITTEN[character]:
            self.actions += 1
            points = [(str(round(x0 + x / 100 * side)), str(round(y0 + y / 100 * side))) for x, y in stroke]
            self.hand("mousemove", *points[0], "mousedown", "1")
            for point in points[1:]:
                self.hand("mousemove", *point)
            self.hand("mouseup", "1")
        time.sleep(0.3)

    def end(self) -> None:
        """Close everything."""
        for program in reversed(self._programs):
            program.terminate()
            program.wait(20)


def student(me: Person, _: Path) -> None:
    """Write a character, read what it means, see its strokes, copy a word."""
    me.write("木")
    me.until(lambda: me.value("meaning") == "木" and "tree" in me.value("explained"), "the meaning")
    me.click("strokes")
    me.click("candidate 1", "3")
    me.choose("Copy")
    me.until(lambda: me.value("clipboard") == "木", "the copy")
    me.click("look up")
    me.type("木材")
    me.until(lambda: me.value("meaning") == "木材" and "wood" in me.value("explained"), "the word")


def with_a_tablet(me: Person, folder: Path) -> None:
    """Write three characters into another program."""
    me.key("F12")
    me.until(lambda: me.value("frame") == "send", "the small window")
    target = folder / "other.txt"
    me.open_other(target)
    for number, character in enumerate("木中上", 1):
        me.until(lambda: me.value("settled"), "the pad")
        me.write(character)
        me.until(lambda c=character: me.value("candidates")[:1] == [c] and not me.value("guess"), character)  # type: ignore[misc]
        me.click("candidate 1")
        me.until(lambda n=number: target.exists() and len(target.read_text("utf-8")) == n, "the text")  # type: ignore[misc]
    assert target.read_text("utf-8") == "木中上"


def archivist(me: Person, folder: Path) -> None:
    """Open a folder, go through what is doubtful by keys, tick off every page, save; the next day all is there."""
    pages = folder / "pages"
    pages.mkdir()
    for number, rows in enumerate((("木上中", "十木"), ("中中木",), ("十上木中", "木木")), 1):
        Image.fromarray(page_of(*rows)).save(pages / f"{number}.png")
    me.key("alt+2", "ctrl+shift+o")
    time.sleep(1.0)
    me.type(str(pages))
    me.until(lambda: me.value("read") == 3, "the pages")
    while sum(me.value("doubtful")):
        me.key("F3")
        if not me.value("reviewing"):
            me.key("ctrl+Next")
            continue
        me.key("Return")
    while me.value("checked") < 3:
        me.key("F4")
    me.key("ctrl+s")
    time.sleep(1.0)
    me.hand("key", "ctrl+a")
    me.type(str(folder / "all.txt"))
    me.until((folder / "all.txt").exists, "the text")
    assert "木上中" in (folder / "all.txt").read_text("utf-8")


def teacher(me: Person, folder: Path, *, trains: bool = False) -> None:
    """Ask for two characters, three times each, write them; see what a training needs, and train."""
    me.key("alt+4")
    me.until(lambda: "more samples" in (me.value("missing") or ""), "what is missing")
    me.click("collect")
    me.click("what")
    me.key("End", "Return")
    me.click("own list")
    me.hand("type", "--delay", "300", "木中")
    me.actions += 1
    time.sleep(1.0)  # keys that the keyboard does not have take their time
    me.click("begin")
    for _ in range(3):
        for character in "木中":
            me.until(lambda c=character: me.value("asked") == c, character)  # type: ignore[misc]
            me.write(character, "collecting pad")
    me.until(lambda: me.state()["counts"] == {"木": 3, "中": 3}, "the samples")
    if trains:
        me.key("alt+4")
        me.until(lambda: bool(me.value("can train")), "the trainer")
        me.click("train")
        me.until(lambda: "%" in me.value("outcome"), "the outcome", 900)


def developer(me: Person, folder: Path) -> None:
    """Read ink by the command line, as JSON."""
    ink = folder / "ink.jsonl"
    ink.write_text(json.dumps({"strokes": WRITTEN["木"]}) + "\n", encoding="utf-8")
    me.actions += 1
    done = subprocess.run(
        [sys.executable, "-m", "hccr_desktop", "recognize", "--json", str(ink)],
        env=me.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout)["text"] == "木"


def main() -> int:
    """Play all roles and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--training", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    roles: dict[str, Callable[[Person, Path], None]] = {
        "student": student,
        "with a tablet": with_a_tablet,
        "archivist": archivist,
        "teacher": lambda me, folder: teacher(me, folder, trains=options.training),
        "developer": developer,
    }
    code = 0
    print(f"{'role':16}{'goal':>10}{'actions':>10}{'seconds':>10}")
    for name, play in roles.items():
        screen = [
            subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24"], stderr=subprocess.DEVNULL)
        ]
        time.sleep(1.0)
        screen.append(subprocess.Popen(["openbox"], env=os.environ | {"DISPLAY": DISPLAY}, stderr=subprocess.DEVNULL))
        time.sleep(1.0)
        with tempfile.TemporaryDirectory() as folder:
            me = Person(Path(folder) / "home")
            started = time.monotonic()
            try:
                play(me, Path(folder))
                told = "reached"
            except (TimeoutError, AssertionError, subprocess.CalledProcessError) as error:
                told, code = "missed", 1
                print(f"{name}: {error}", file=sys.stderr)
            seconds = time.monotonic() - started
            ImageGrab.grab(xdisplay=DISPLAY).save(options.out / f"{name}.png", optimize=True)
            print(f"{name:16}{told:>10}{me.actions:10}{seconds:10.1f}", flush=True)
            me.end()
        for program in reversed(screen):
            program.terminate()
            program.wait(10)
    return code


if __name__ == "__main__":
    sys.exit(main())
