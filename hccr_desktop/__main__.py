"""`hccr-desktop` opens the window, with the files it is given; with other arguments, and as `hccr`, it is the command
line, whose `hccr trainer …` is the trainer.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Run the application and return its exit code: the window where there are no arguments but files."""
    files = [Path(argument) for argument in sys.argv[1:]]
    if all(file.exists() for file in files):
        from hccr_desktop.gui.app import main as window

        return window(files)
    return command()


def command() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:2] == ["trainer"]:  # before anything is loaded that the trainer's libraries have, too
        from hccr_desktop.rooms.trainer import run as trainer

        return trainer(sys.argv[2:])
    from hccr_desktop.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
