#!/usr/bin/env python3
"""Install the .deb in a clean Debian, without Python, and use it there: the window, pages, the trainer, removal.

    sudo python3 installer/prove.py DEB [--root FOLDER] [--pictures FOLDER] [--trainer]

The clean root is debootstrap's; the screen is Xvfb's, driven by xdotool, and the program has no network: it runs in a
network namespace of its own. With --trainer the trainer's libraries are installed too (5 GB, over the network) and
a hand is learned. Prints a line for everything that was seen, and ends with an error at the first thing that was not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

DISPLAY = ":77"
USER = "tester"
SUITE = "bookworm"

TEN = [[(-60, 0), (60, 0)], [(0, -60), (0, 70)]]
"""The strokes of 十, in pixels from the pad's middle."""
PAD = (0.21, 0.42)
"""Where the pad's middle is in the window, in shares of its width and height."""


class Proof:
    """A clean root, and what is done in it."""

    def __init__(self, root: Path, pictures: Path | None) -> None:
        self.root, self.pictures = root, pictures
        self.home = root / "home" / USER
        self.data = self.home / ".local/share/Hccr Desktop"
        self._start = time.perf_counter()

    def say(self, what: str) -> None:
        """Tell what was seen."""
        print(f"{time.perf_counter() - self._start:7.1f} s  {what}", flush=True)

    def make(self) -> None:
        """Make the root."""
        if not (self.root / "etc/debian_version").exists():
            _call("debootstrap", "--variant=minbase", SUITE, self.root)
        for folder in ("proc", "dev", "tmp/.X11-unix"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        _call("mount", "-t", "proc", "proc", self.root / "proc")
        _call("mount", "--bind", "/dev", self.root / "dev")
        _call("mount", "--bind", "/dev/shm", self.root / "dev/shm")  # noqa: S108
        shutil.copyfile("/etc/resolv.conf", self.root / "etc/resolv.conf")
        if not self.home.exists():
            self.inside("useradd", "--create-home", USER)
        if (self.root / "usr/bin/hccr").exists():
            self.inside("apt-get", "purge", "-y", "-qq", "hccr-desktop")
        for left in (self.data, self.home / "out", self.home / "hand"):
            shutil.rmtree(left, ignore_errors=True)

    def unmake(self) -> None:
        """Take back what was mounted."""
        for folder in ("tmp/.X11-unix", "dev/shm", "dev", "proc"):
            subprocess.run(["umount", "-l", self.root / folder], check=False, stderr=subprocess.DEVNULL)

    def inside(self, *command: str) -> str:
        """Call a command in the root, as its administrator; return what it says."""
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND": "noninteractive",
            "LC_ALL": "C.UTF-8",
        }
        call = ["chroot", str(self.root), *command]
        done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def as_user(self, *command: str, network: bool = False) -> list[str]:
        """Return how a command is called in the root by somebody, without a network unless it is wanted."""
        alone = [] if network else ["unshare", "--net"]
        variables = [f"HOME=/home/{USER}", f"DISPLAY={DISPLAY}", "PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"]
        if network and (certificates := os.environ.get("PIP_CERT")):
            shutil.copyfile(certificates, self.root / "tmp/certificates.crt")
            variables.append("PIP_CERT=/tmp/certificates.crt")
        return [*alone, "chroot", f"--userspec={USER}:{USER}", str(self.root), "env", "-i", *variables, *command]

    def said(self, *command: str, network: bool = False) -> str:
        """Call a command as somebody; return what it writes, both ways."""
        call = self.as_user(*command, network=network)
        done = subprocess.run(call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.stdout

    # ------------------------------------------------------------------------------ window

    def open(self, *arguments: str) -> tuple[subprocess.Popen[bytes], str]:
        """Start the window; return the process and the window's number."""
        process = subprocess.Popen(self.as_user("hccr-desktop", *arguments))
        asked = ["xdotool", "search", "--onlyvisible", "--name", "^Hccr Desktop$"]
        number = until(lambda: subprocess.run(asked, env=_screen(), capture_output=True, text=True, check=False).stdout)
        window = number.split()[0]  # no window manager gives it the keyboard
        _call("xdotool", "windowfocus", "--sync", window, env=_screen())
        return process, window

    def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            _call("import", "-window", "root", self.pictures / f"{name}.png", env=_screen())

    def write(self, window: str, strokes: list[list[tuple[int, int]]]) -> None:
        """Write on the pad."""
        shown = subprocess.run(
            ["xdotool", "getwindowgeometry", "--shell", window],
            env=_screen(),
            capture_output=True,
            text=True,
            check=True,
        )
        place = dict(line.split("=") for line in shown.stdout.split())
        x = int(place["X"]) + int(PAD[0] * int(place["WIDTH"]))
        y = int(place["Y"]) + int(PAD[1] * int(place["HEIGHT"]))
        for stroke in strokes:
            points = [(x + dx, y + dy) for dx, dy in _finer(stroke)]
            moves = [word for at in points[1:] for word in ("mousemove", str(at[0]), str(at[1]), "sleep", "0.01")]
            first = ["mousemove", str(points[0][0]), str(points[0][1]), "mousedown", "1"]
            _call("xdotool", *first, *moves, "mouseup", "1", env=_screen())
            time.sleep(0.2)

    def close(self, process: subprocess.Popen[bytes]) -> None:
        """End the window by its key."""
        _call("xdotool", "key", "ctrl+q", env=_screen())
        if process.wait(20):
            raise SystemExit(f"the window ended with {process.returncode}")


def main() -> int:
    """Prove it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("deb", type=Path)
    parser.add_argument("--root", type=Path, default=Path("/var/tmp/hccr-proof"), help="folder of the clean root")  # noqa: S108
    parser.add_argument("--pictures", type=Path, help="folder for screenshots")
    parser.add_argument("--trainer", action="store_true", help="install the trainer's libraries, too, and train")
    options = parser.parse_args()
    proof = Proof(options.root, options.pictures)
    screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "1366x768x24"], stderr=subprocess.DEVNULL)
    try:
        proof.make()
        until(lambda: "there" if (Path("/tmp/.X11-unix") / f"X{DISPLAY[1:]}").exists() else "")  # noqa: S108
        _call("mount", "--bind", "/tmp/.X11-unix", options.root / "tmp/.X11-unix")  # noqa: S108
        proof.say(f"a clean {SUITE}, python there: {'yes' if (options.root / 'usr/bin/python3').exists() else 'no'}")
        _install(proof, options.deb)
        _character(proof)
        _page(proof)
        _trainer(proof, options.trainer)
        _remove(proof)
    finally:
        screen.terminate()
        proof.unmake()
    return 0


def _install(proof: Proof, deb: Path) -> None:
    shutil.copy2(deb, proof.root / "tmp" / deb.name)
    proof.inside("apt-get", "update", "-qq")
    proof.inside("apt-get", "install", "-y", "-qq", f"/tmp/{deb.name}")  # noqa: S108
    python = (proof.root / "usr/bin/python3").exists()
    proof.say(f"installed; python there: {'yes' if python else 'no'}; {proof.said('hccr', '--version').split()[1]}")
    programs = proof.root / "usr/share/applications/hccr-desktop.desktop"
    assert "MimeType=image/png" in programs.read_text("utf-8")


def _character(proof: Proof) -> None:
    started = time.perf_counter()
    process, window = proof.open()
    proof.say(f"the window is there after {time.perf_counter() - started:.2f} s")
    time.sleep(2)
    proof.write(window, TEN)
    time.sleep(1)
    proof.picture("character")
    _call("xdotool", "key", "Return", env=_screen())
    time.sleep(1)
    proof.close(process)
    text = (proof.data / "draft.txt").read_text("utf-8")
    if "十" not in text:
        raise SystemExit(f"十 was written, and the text is {text!r}")
    proof.say(f"十 was written with the mouse and chosen: the text is {text.strip()}")


def _page(proof: Proof) -> None:
    page = proof.home / "page.png"
    _draw(page, "永远在一起")
    proof.inside("chown", f"{USER}:{USER}", f"/home/{USER}/page.png")
    text = proof.said(
        "hccr", "batch", f"/home/{USER}/page.png", "--out", f"/home/{USER}/out", "--format", "text", "--force"
    )
    read = (proof.home / "out/page.txt").read_text("utf-8")
    if "永远在一起" not in read:
        raise SystemExit(f"the page says 永远在一起, and was read as {read!r}: {text}")
    process, _ = proof.open(f"/home/{USER}/page.png")

    def kept() -> str:
        database = proof.data / "reading.sqlite"
        if not database.exists():
            return ""
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as pages:
            found = pages.execute("SELECT text FROM pages WHERE answers >= 0").fetchone()
        return found[0].decode() if found else ""

    shown = until(kept)
    time.sleep(1)
    proof.picture("page")
    proof.close(process)
    if "永远在一起" not in shown:
        raise SystemExit(f"the window read the page as {shown!r}")
    proof.say(f"a page was read by the command line and in the window: {shown.strip()}")


def _trainer(proof: Proof, install: bool) -> None:
    told = proof.said("hccr", "trainer", "finetune", "x")
    if "hccr trainer install" not in told:
        raise SystemExit(f"without its libraries the trainer says {told!r}")
    proof.say("the trainer says how it is installed")
    process, _ = proof.open()
    time.sleep(2)
    _call("xdotool", "key", "alt+4", env=_screen())
    time.sleep(2)
    proof.picture("train")
    proof.close(process)
    if not install:
        return
    told = proof.said("hccr", "trainer", "install", network=True)
    if not list(proof.data.glob("trainer/*/torch")):
        raise SystemExit(told[-2000:])
    proof.say("the trainer's libraries are installed")
    lines = proof.said("hccr", "trainer", "--help")
    if "finetune" not in lines:
        raise SystemExit(lines)
    samples = proof.home / "samples.jsonl"
    with samples.open("w", encoding="utf-8") as out:
        for character, strokes in (("十", TEN), ("一", TEN[:1]), ("1", TEN[1:])):
            for turn in range(6):
                moved = [[[x + 128 + turn, y + 128 - turn] for x, y in _finer(stroke)] for stroke in strokes]
                print(json.dumps({"char": character, "strokes": moved}, ensure_ascii=False), file=out)
    proof.inside("chown", f"{USER}:{USER}", f"/home/{USER}/samples.jsonl")
    told = proof.said(
        "hccr", "trainer", "finetune", f"/home/{USER}/samples.jsonl", "--steps", "40", "--out", f"/home/{USER}/hand"
    )
    print(told[-600:])
    if not (proof.home / "hand").exists():
        raise SystemExit("no model came of the training")
    proof.say("a hand was learned")


def _remove(proof: Proof) -> None:
    proof.inside("apt-get", "purge", "-y", "-qq", "hccr-desktop")
    left = [
        str(path) for place in ("usr", "etc", "var/lib/hccr-desktop") for path in (proof.root / place).rglob("*hccr*")
    ]
    if left:
        raise SystemExit(f"after removal there is still {left[:5]}")
    if not (proof.data / "draft.txt").exists():
        raise SystemExit("removal took the user's data")
    proof.say("removed without a trace; what the user wrote is still there")


def until(seen: Callable[[], str], seconds: float = 40) -> str:
    """Wait for something to be seen, and return it."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        if found := seen():
            return found
        time.sleep(0.05)
    raise SystemExit("waited in vain")


def _draw(target: Path, text: str) -> None:
    """Draw a line of text, by a font of this machine."""
    from PIL import Image, ImageDraw, ImageFont

    font = next(Path("/usr/share/fonts").rglob("Noto*CJK-Regular.ttc"), None)
    if font is None:
        raise SystemExit("a font with Han characters is wanted: apt-get install fonts-noto-cjk")
    page = Image.new("L", (1600, 1200), 255)
    ImageDraw.Draw(page).text((200, 300), text, font=ImageFont.truetype(str(font), 110), fill=20)
    page.save(target)


def _finer(stroke: list[tuple[int, int]]) -> list[tuple[int, int]]:
    (x0, y0), (x1, y1) = stroke[0], stroke[-1]
    return [(round(x0 + (x1 - x0) * i / 12), round(y0 + (y1 - y0) * i / 12)) for i in range(13)]


def _screen() -> dict[str, str]:
    return os.environ | {"DISPLAY": DISPLAY}


def _call(*command: object, env: dict[str, str] | None = None) -> None:
    subprocess.run([*map(str, command)], check=True, env=env, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
