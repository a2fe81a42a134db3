"""`hccr-desktop` without arguments opens the window; with some, and as `hccr`, it is the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the application and return its exit code: the window where there are no arguments."""
    if len(sys.argv) == 1:
        from hccr_desktop.gui.app import main as window

        return window()
    return command()


def command() -> int:
    """Run the command line and return its exit code."""
    from hccr_desktop.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
