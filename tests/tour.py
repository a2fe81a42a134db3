"""A tour of the real program under Xvfb, from first start to a trained and activated model.

    .venv/bin/python -m tests.tour FOLDER [--ink FILE] [--pages FOLDER] [--theme dark] [--text 200] [--no-training]
    .venv/bin/python -m tests.tour FOLDER --all …    # every theme, size of text, language and screen; the training once

Mouse and keys come from outside, by xdotool, tablet events from `tests.stylus`; every state leaves a
screenshot in FOLDER, to be looked at. Needs Xvfb and xdotool. It is run by hand: its pictures are
judged by eye.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import ImageGrab

from tests.conftest import WRITTEN

DISPLAY = ":87"
LOOKS = (
    ("light", 100, "en", (1366, 768)),
    ("dark", 200, "zh_CN", (1920, 1080)),
    ("light", 200, "zh_TW", (1366, 768)),
    ("dark", 100, "zh_TW", (1920, 1080)),
    ("light", 100, "zh_CN", (1920, 1080)),
    ("dark", 200, "en", (1366, 768)),
)
"""Theme, size of text, language and screen: every value, and every two of theme, text and screen that matter."""


class Tour:
    """The program on a screen of its own, and a hand that drives it."""

    def __init__(
        self,
        out: Path,
        home: Path,
        settings: dict[str, object],
        size: tuple[int, int],
        program: str = "hccr_desktop",
    ) -> None:
        self.out, self.home, self._number = out, home, 0
        home.mkdir(parents=True, exist_ok=True)
        (home / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        self.environment = os.environ | {"DISPLAY": DISPLAY, "HCCR_HOME": str(home), "QT_QPA_PLATFORM": "xcb"}
        screen = f"{size[0]}x{size[1]}x24"
        self._server = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", screen], stderr=subprocess.DEVNULL)
        time.sleep(1.5)
        self._program = subprocess.Popen(
            [sys.executable, "-m", program], env=self.environment, stdout=subprocess.PIPE, text=True
        )
        self.window = self._hand("search", "--sync", "--onlyvisible", "--name", "Hccr Desktop").split()[-1]
        self._hand("windowmove", self.window, "0", "0")
        self._hand("windowsize", self.window, *map(str, size))
        self.focus()
        time.sleep(2.0)

    def _hand(self, *arguments: str) -> str:
        return subprocess.run(
            ["xdotool", *arguments], env=self.environment, check=True, capture_output=True, text=True
        ).stdout

    def focus(self) -> None:
        self._hand("windowfocus", "--sync", self.window)
        time.sleep(0.3)

    def key(self, *keys: str, wait: float = 0.4) -> None:
        self._hand("key", "--clearmodifiers", *keys)
        time.sleep(wait)

    def type(self, text: str) -> None:
        self._hand("type", text)

    def write(self, character: str, left: int, top: int, side: int) -> None:
        """Write a character with the mouse into a square of the screen."""
        for stroke in WRITTEN[character]:
            points = [(str(round(left + x / 100 * side)), str(round(top + y / 100 * side))) for x, y in stroke]
            self._hand("mousemove", *points[0], "mousedown", "1")
            for point in points[1:]:
                self._hand("mousemove", *point)
            self._hand("mouseup", "1")
        time.sleep(1.0)

    def said(self) -> str:
        """Return the program's next line, once it says one."""
        assert self._program.stdout is not None
        return self._program.stdout.readline().strip()

    def shot(self, name: str) -> None:
        self._number += 1
        ImageGrab.grab(xdisplay=DISPLAY).save(self.out / f"{self._number:02} {name}.png", optimize=True)

    def end(self) -> int:
        """Close the window as its user would, and return the program's exit code."""
        try:
            self.key("ctrl+q")
            return self._program.wait(10)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return -1
        finally:
            self._program.kill()
            self._server.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--ink", type=Path, help="labeled ink that is imported as the user's samples")
    parser.add_argument("--pages", type=Path, help="folder of pictures of pages")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--text", type=int, choices=(100, 125, 150, 200), default=100)
    parser.add_argument("--language", choices=("en", "zh_CN", "zh_TW"), default="en")
    parser.add_argument("--no-training", action="store_true")
    parser.add_argument("--screen", choices=("1366x768", "1920x1080"), default="1366x768")
    parser.add_argument("--all", action="store_true", help="every theme, size of text, language and screen")
    options = parser.parse_args()
    if not options.all:
        return visit(options)
    code = 0
    for number, (theme, text, language, size) in enumerate(LOOKS):
        screen = f"{size[0]}x{size[1]}"
        look = {"theme": theme, "text": text, "language": language, "screen": screen}
        here = argparse.Namespace(**vars(options) | look)
        here.out = options.out / f"{theme} {text} {language} {screen}"
        here.no_training = options.no_training or number > 0
        code = visit(here) or code
    return code


def visit(options: argparse.Namespace) -> int:
    """Go through the program once with one look; return its exit code."""
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = {"theme": options.theme, "text_percent": options.text, "language": options.language}
        width, height = options.screen.split("x")
        size = (int(width), int(height))
        tour = Tour(options.out, home, settings, size)
        try:
            walk(tour, options)
        finally:
            code = tour.end()
        count = tour._number
        pen = Tour(options.out, home / "pen", settings, size, "tests.stylus")
        pen._number = count
        try:
            for _ in range(4):
                name = pen.said()
                time.sleep(1.0)
                pen.shot(f"stylus, {name}")
        finally:
            code = pen.end() or code
    print(f"{pen._number} screenshots in {options.out}; the program ended with {code}.")
    return code


def walk(tour: Tour, options: argparse.Namespace) -> None:
    tour.shot("first start")
    left, top, side = (260, 260, 200) if options.screen == "1366x768" else (300, 300, 330)
    tour.write("木", left, top, side)
    tour.shot("a character")
    tour.key("Next")
    tour.shot("more candidates")
    tour.key("Return")
    tour.shot("chosen, and what may follow")
    for number in range(3):
        tour.write("木", left + number * side // 2 - side // 3, top, side // 3)
    tour.shot("a row on the pad of one")
    tour.key("Escape", "F11", wait=1.0)
    tour.shot("small window")
    tour.key("F11", wait=1.0)
    tour.focus()
    for room, name in enumerate(("read", "samples", "train", "models", "settings"), 2):
        tour.key(f"alt+{room}", wait=1.0)
        tour.shot(f"{name}, empty")
    by_keys(tour)
    command = [sys.executable, "-m", "hccr_desktop", "samples", "import"]
    if options.ink:
        subprocess.run([*command, str(options.ink)], env=tour.environment, check=True, stdout=subprocess.DEVNULL)
        tour.key("alt+3", wait=2.5)
        tour.shot("samples")
        tour.key("ctrl+f", wait=15.0)
        tour.shot("odd samples")
        tour.key("ctrl+n", wait=1.0)
        tour.shot("collecting, to choose")
        tour.key("alt+3", "ctrl+p", wait=1.5)
        tour.shot("a sheet")
        tour.key("Escape")
        tour.focus()
    if options.pages:
        tour.key("alt+2")
        tour.key("ctrl+o", wait=1.5)
        tour.shot("opening")
        first = sorted(path for path in options.pages.iterdir() if path.suffix in (".png", ".jpg"))[0]
        tour.type(str(first))
        tour.key("Return", wait=6.0)
        tour.focus()  # no window manager gives it back
        tour.shot("a page")
        tour.key("F3", "F3", wait=1.0)
        tour.shot("a doubtful character")
        tour.key("Return", "Return", wait=1.0)
        tour.shot("reviewed")
        tour.key("ctrl+f", wait=0.5)
        tour.type("的")
        tour.key("Return", wait=1.0)
        tour.shot("found")
    if options.ink and not options.no_training:
        tour.key("alt+4", wait=1.0)
        tour.shot("train")
        tour.key("ctrl+Return", wait=45.0)
        tour.shot("training")
        deadline = time.monotonic() + 420
        while not list(tour.home.glob("models/*/manifest.json")) and time.monotonic() < deadline:
            time.sleep(2)
        time.sleep(4)
        tour.shot("trained")
        tour.key("alt+5", wait=2.0)
        tour.shot("models")
        tour.key("alt+1", wait=3.0)
        tour.write("木", 260, 260, 330)
        tour.shot("with the new model")


def by_keys(tour: Tour) -> None:
    """Go through the rooms by Tab and arrows alone, type into the text, change a setting that is looked for."""
    tour.key("alt+1")
    tour.type("abc")
    tour.key("Tab", "Tab", "Tab")
    tour.shot("write, by keys")
    for room, name in enumerate(("read", "samples", "train", "models", "settings"), 2):
        tour.key(f"alt+{room}", "Tab", "Tab", "Tab", wait=0.2)
        tour.shot(f"{name}, by keys")
    tour.key("Tab", "Tab", "Down", wait=0.2)
    tour.shot("settings, a choice by keys")
    tour.key("F1", wait=1.5)
    tour.shot("guide, by keys")
    tour.key("Escape", wait=0.5)
    tour.focus()
    tour.key("alt+1")


if __name__ == "__main__":
    sys.exit(main())
