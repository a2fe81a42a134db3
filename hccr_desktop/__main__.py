"""No arguments: the window; else the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the application and return its exit code."""
    if len(sys.argv) == 1:
        from hccr_desktop.gui.app import main as window

        return window()
    from hccr_desktop.cli import main as command

    return command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
