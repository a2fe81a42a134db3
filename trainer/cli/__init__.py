"""The trainer's command line, `python -m trainer`; each module adds some commands."""

from __future__ import annotations

import argparse

from hccr_desktop.core.protocol import Failed
from hccr_desktop.errors import HccrError
from hccr_desktop.files import drop_output, speak_utf8
from hccr_desktop.rooms.trainer import called
from trainer.cli import bundles, own_hand, resources, teaching, training
from trainer.reporter import BarReporter, JsonReporter, Reporter


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit code: 0 done, 1 failed with a sentence on standard error."""
    speak_utf8()
    options = parser().parse_args(arguments)
    report: Reporter = JsonReporter() if options.json else BarReporter()
    try:
        options.run(options, report)
    except HccrError as error:
        report(Failed.of(error))
        return 1
    except BrokenPipeError:  # nobody hears of it any more
        drop_output()
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    found = argparse.ArgumentParser(
        prog=called(),
        description="Train, evaluate and export models.",
        epilog="`hccr trainer install` installs the libraries that it needs.",
    )
    commands = found.add_subparsers(required=True, metavar="COMMAND")
    for module in (training, teaching, own_hand, bundles, resources):
        module.add_to(commands)
    return found
