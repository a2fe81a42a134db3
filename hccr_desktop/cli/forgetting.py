"""`hccr forget`: delete all that is kept of the user."""

from __future__ import annotations

import argparse
import contextlib

from hccr_desktop import paths
from hccr_desktop.cli.common import Commands, say
from hccr_desktop.errors import StorageError
from hccr_desktop.files import locked
from hccr_desktop.rooms.forgetting import forget_everything
from hccr_desktop.rooms.one_window import OneWindow


def add_to(commands: Commands) -> None:
    """Add the command."""
    forget = commands.add_parser(
        "forget", help="delete your samples, models, texts and settings, and the trainer's libraries"
    )
    forget.add_argument("--yes", action="store_true", help="do it; without this, what would be deleted is listed")
    forget.set_defaults(run=_forget)


def _forget(options: argparse.Namespace) -> int:
    if options.yes:
        window = OneWindow(paths.window_folder())
        if not window.begin():
            raise StorageError("The window is open, and would keep its text anew.", "Close it, then call this again.")
        window.end()
        with contextlib.suppress(OSError), locked(paths.training_work() / "lock") as alone:
            if not alone:
                raise StorageError("A training is at work.", "Wait for its end, or end it, then call this again.")
        forget_everything()
        say("Everything was deleted.")
        return 0
    for path in paths.everything():
        if path.exists():
            print(path)
    say("Nothing was deleted: `hccr forget --yes` deletes these, and cannot be undone.")
    return 0
