"""`hccr trainer`: the trainer's commands, and what installs its libraries."""

from __future__ import annotations

import argparse

from hccr_desktop.cli.common import Commands
from hccr_desktop.rooms.trainer import INSTALL, run


def add_to(commands: Commands) -> None:
    """Add the command."""
    trainer = commands.add_parser(
        "trainer",
        help=f"call the trainer; `hccr trainer {INSTALL}` installs its libraries",
        add_help=False,
    )
    trainer.add_argument("arguments", nargs=argparse.REMAINDER, help=f"{INSTALL}, or a command of the trainer")
    trainer.set_defaults(run=lambda options: run(options.arguments))
