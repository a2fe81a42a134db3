"""`python -m trainer`."""

import sys

from hccr_desktop.ending import in_order
from hccr_desktop.rooms.trainer import install_command, shown


def main() -> int:
    """Run a command and return its exit code; where the trainer's libraries are missing, say how they come."""
    return in_order(_run)


def _run() -> int:
    try:
        from trainer.cli import main as command
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in ("trainer", "hccr_desktop"):
            raise
        call = shown(install_command())
        print(f"The trainer needs the library {error.name}, which is not installed. Call: {call}", file=sys.stderr)
        return 1
    return command()


if __name__ == "__main__":
    sys.exit(main())
