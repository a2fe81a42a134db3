"""`hccr-desktop` opens the window, with the files it is given; with a command or an option, and as `hccr`, it is the
command line, whose `hccr trainer …` is the trainer.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hccr_desktop.ending import in_order

COMMANDS = ("recognize", "batch", "serve", "evaluate", "models", "samples", "trainer", "forget")
"""Of the command line, known here without loading it."""


def main() -> int:
    """Run the application and return its exit code: the window where no command and no option comes first."""
    arguments = sys.argv[1:]
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        return command()
    from hccr_desktop.gui.app import main as window

    return window([Path(argument) for argument in arguments])


def command() -> int:
    """Run the command line and return its exit code."""
    return in_order(_run)


def _run() -> int:
    if sys.argv[1:2] == ["trainer"]:  # before anything is loaded that the trainer's libraries have, too
        from hccr_desktop.rooms.trainer import run as trainer

        return trainer(sys.argv[2:])
    from hccr_desktop.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
