"""`python -m trainer`."""

import sys


def main() -> int:
    """Run a command and return its exit code; where the trainer's libraries are missing, say how they come."""
    try:
        from trainer.cli import main as command
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in ("trainer", "hccr_desktop"):
            raise
        print(
            f"The trainer needs the library {error.name}, which is not installed. "
            f'Call: {sys.executable} -m pip install "hccr-desktop[trainer]", in a checkout with ".[trainer]".',
            file=sys.stderr,
        )
        return 1
    return command()


if __name__ == "__main__":
    sys.exit(main())
