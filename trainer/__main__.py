"""`python -m trainer fit | evaluate | export`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# Batches are prepared by worker processes beside torch's threads. Threads of either that wait by
# spinning, or more of them than cores, cost a quarter of the speed; both are read at import.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hccr_desktop.core.protocol import Failed
from hccr_desktop.errors import HccrError
from trainer.reporter import BarReporter, JsonReporter, Reporter, cancel_on_input


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer", description="Train, evaluate and export models.")
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", help="train a network from a configuration")
    fit.add_argument("--config", type=Path, required=True, help="TOML file, see trainer/config.py for the keys")
    fit.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints last.pt and best.pt")
    fit.add_argument("--data", help="folder that the configuration's paths are relative to")
    fit.add_argument("--fonts", help="folder of handwriting fonts")
    fit.add_argument("--steps", type=int, help="override the number of steps")
    fit.add_argument("--seed", type=int, help="override the seed")
    fit.add_argument("--workers", type=int, help="processes that prepare batches")
    fit.add_argument("--test-limit", type=int, default=1500, help="most samples of each test set during training")
    fit.add_argument("--load", type=Path, help="start from a checkpoint's weights")
    fit.add_argument("--resume", action="store_true", help="go on from the run in --out, exactly")
    fit.add_argument("--json", action="store_true", help="one JSON event a line; `cancel` on standard input stops")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit code: 0 done, 1 failed with a sentence on standard error."""
    options = _parser().parse_args(arguments)
    report: Reporter = JsonReporter() if options.json else BarReporter()
    try:
        _fit(options, report)
    except HccrError as error:
        report(Failed(str(error), error.hint))
        return 1
    return 0


def _fit(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.config import load_fit_config
    from trainer.data.prepare import prepare
    from trainer.loop import fit

    names = ("data", "fonts", "steps", "seed", "workers")
    overrides = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    config = load_fit_config(options.config, overrides)
    cancelled = cancel_on_input(sys.stdin.fileno()) if options.json else lambda: False
    prepared = prepare(config, options.test_limit)
    fit(config, prepared, options.out, report, load=options.load, resume=options.resume, cancelled=cancelled)


if __name__ == "__main__":
    sys.exit(main())
