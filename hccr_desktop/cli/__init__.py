"""The command line: `hccr recognize`, `batch`, `serve`, `evaluate`, `models`, `samples`, `forget`, `trainer`.

Results go to standard output, everything else to standard error. Exit code 0 when all went
well, 1 when some input failed (the rest was done), 2 for a wrong call.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hccr_desktop import __version__
from hccr_desktop.cli import batch, evaluating, forgetting, models, recognizing, samples, serving, training
from hccr_desktop.cli.common import say
from hccr_desktop.errors import HccrError
from hccr_desktop.files import drop_output, speak_utf8
from hccr_desktop.paths import bundled_models


def main(arguments: list[str]) -> int:
    """Run one command."""
    speak_utf8()
    if not arguments:
        parser().print_help()
        return 0
    options = _parsed(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except HccrError as error:
        say(error.sentence())
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough
        drop_output()
        return 0
    except OSError as error:
        if error.filename is not None:  # no stream's
            say(f"{error.filename} cannot be used ({error.strerror}). Look at its name and its permissions.")
            return 1
        drop_output()
        say(f"The output cannot be written ({error.strerror or error}).")
        return 1
    return code


def _parsed(arguments: list[str]) -> argparse.Namespace:
    """Parse a call; files may stand behind options, too."""
    made = parser()
    options, left = made.parse_known_args(arguments)
    files = next((name for name in ("files", "inputs", "datasets") if hasattr(options, name)), "")
    if left and (not files or any(text.startswith("-") for text in left)):
        made.error(f"unrecognized arguments: {' '.join(left)}")
    if left:
        given = getattr(options, files)
        given += left if isinstance(given[0], str) else map(Path, left)
    return options


class _Version(argparse.Action):
    """Says which version this is, and which models came with it."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Print it and end."""
        models = sorted(path.name for path in bundled_models().glob("*") if path.is_dir())
        print(f"hccr {__version__}\nmodels: {', '.join(models)}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    made = argparse.ArgumentParser(prog="hccr", description="Read handwritten Chinese characters.")
    made.add_argument("--version", action=_Version, help="show the version and the bundled models, and exit")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for module in (recognizing, batch, serving, evaluating, models, samples, training, forgetting):
        module.add_to(commands)
    return made
