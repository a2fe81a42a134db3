"""Build what shells and `man` know of the command line, out of its parser: resources/shell.

    .venv/bin/python installer/shell.py

Completions for bash and zsh are shtab's, the man page argparse-manpage's. A test asks that they are up to date.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hccr_desktop import __version__
from hccr_desktop.cli import parser
from hccr_desktop.files import written_aside
from hccr_desktop.paths import shell


def built() -> dict[str, str]:
    """Return the files' contents by name."""
    os.environ["COLUMNS"] = "100"  # by which usages are broken
    import shtab
    from argparse_manpage.manpage import Manpage

    page = Manpage(parser(), format="single-commands-section")
    page.date, page.source = "", f"Hccr Desktop {__version__}"
    return {
        "hccr.bash": shtab.complete(parser(), "bash"),
        "_hccr": shtab.complete(parser(), "zsh"),
        "hccr.1": str(page).rstrip() + "\n",
    }


def main() -> int:
    """Write the files."""
    shell().mkdir(exist_ok=True)
    for name, text in built().items():
        with written_aside(shell() / name) as out:
            out.write(text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
