"""The command line: `hccr recognize`, `batch`, `evaluate`, `models`, `samples`.

Results go to standard output, everything else to standard error. Exit code 0 when all went
well, 1 when some input failed (the rest was done), 2 for a wrong call.
"""

from __future__ import annotations

import argparse
import sys

from hccr_desktop import __version__
from hccr_desktop.cli import batch, evaluating, models, recognizing, samples
from hccr_desktop.cli.common import say
from hccr_desktop.errors import HccrError


def main(arguments: list[str]) -> int:
    """Run one command."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may be set to a code page without Han
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except HccrError as error:
        say(error.sentence())
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hccr", description="Read handwritten Chinese characters.")
    parser.add_argument("--version", action="version", version=f"hccr {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (recognizing, batch, evaluating, models, samples):
        module.add_to(commands)
    return parser
