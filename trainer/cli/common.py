"""What the trainer's commands share."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from trainer.reporter import Reporter, cancel_on_input

if TYPE_CHECKING:
    from trainer.config import FitConfig

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace, Reporter], None]
"""What runs a command with its options and reports; raises `HccrError`."""
LOAD = "start from the weights of a checkpoint, or of a bundle's folder"
TEACHER = "checkpoint or bundle whose answers are imitated; may be given several times"


def add(
    commands: Commands, name: str, run: Run, text: str, *parents: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    """Add a command that speaks to people, or with `--json` to programs."""
    parser = commands.add_parser(name, help=text, description=text, parents=parents)
    parser.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    parser.set_defaults(run=run)
    return parser


def configured() -> argparse.ArgumentParser:
    """Return the options of commands that take a run's configuration."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--config", type=Path, required=True, help="TOML file, see trainer/config.py for the keys")
    parser.add_argument("--data", help="folder that the configuration's paths are relative to")
    parser.add_argument("--fonts", help="folder of handwriting fonts")
    return parser


def add_created(parser: argparse.ArgumentParser) -> None:
    """Add the date that stands on a model's card."""
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    parser.add_argument("--created", default=today, help="date for the card (default today)")


def positive(text: str) -> int:
    """Read a number of at least 1."""
    return _whole(text, 1)


def not_negative(text: str) -> int:
    """Read a number of at least 0."""
    return _whole(text, 0)


def fold(text: str) -> int:
    """Read which fifth is left out, 1 to 5, or 0 for none."""
    return _whole(text, 0, 5)


def _whole(text: str, least: int, most: int = 2**31 - 1) -> int:
    value = int(text)
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"{value} is not {least} to {most}")
    return value


def config_of(options: argparse.Namespace, *names: str) -> FitConfig:
    """Return the configuration that `--config` names, with what the options override."""
    from trainer.config import load_fit_config

    return load_fit_config(options.config, overrides(options, *names))


def overrides(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Return the options of these names that were given."""
    return {n: value for n in ("data", "fonts", *names) if (value := getattr(options, n, None)) is not None}


def cancellation(options: argparse.Namespace) -> Callable[[], bool]:
    """Return the question whether to stop: a program that reads JSON lines asks by a line `cancel`."""
    return cancel_on_input(sys.stdin.fileno()) if options.json else lambda: False
