"""`fit | distill | prune | recipe`: train networks from configurations and recipes."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hccr_desktop.core.protocol import Finished
from hccr_desktop.errors import InputError
from trainer.cli.common import (
    LOAD,
    TEACHER,
    Commands,
    add,
    add_created,
    cancellation,
    config_of,
    configured,
    fold,
    not_negative,
    overrides,
    positive,
)
from trainer.reporter import Reporter, silent

if TYPE_CHECKING:
    from trainer.config import FitConfig

PROOF = 0.05
"""Part of a recipe's steps that shows that all of it works, in minutes."""


def add_to(commands: Commands) -> None:
    """Add the commands."""
    run = argparse.ArgumentParser(add_help=False, parents=[configured()])
    run.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints last.pt and best.pt")
    run.add_argument("--steps", type=positive, help="override the number of steps")
    run.add_argument("--seed", type=not_negative, help="override the seed")
    run.add_argument("--workers", type=not_negative, help="processes that prepare batches")
    run.add_argument(
        "--test-limit", type=not_negative, default=1500, help="most samples of each test set during training"
    )
    run.add_argument("--resume", action="store_true", help="go on from the run in --out, exactly")

    fit = add(commands, "fit", _fit, "train a network from a configuration", run)
    fit.add_argument("--load", type=Path, help=LOAD)

    distill = add(commands, "distill", _fit, "train a network to answer like its teachers", run)
    distill.add_argument("--teacher", action="append", required=True, dest="teachers", help=TEACHER)
    distill.add_argument("--load", type=Path, help=LOAD)

    prune = add(commands, "prune", _prune, "drop a network's weakest channels, train what is left", run)
    prune.add_argument("--load", type=Path, required=True, help="checkpoint of the network, or a bundle's folder")
    prune.add_argument("--ratio", type=float, required=True, help="share of the inner channels to drop, 0 to 1")
    prune.add_argument("--teacher", action="append", dest="teachers", help=TEACHER)

    recipe = add(commands, "recipe", _recipe, "make a model by its recipe, from the data folder to the bundle")
    recipe.add_argument("recipe", help="name of a recipe, such as flagship, or a TOML file")
    recipe.add_argument("--data", required=True, help="folder that the recipe's paths are relative to")
    recipe.add_argument("--fonts", help="folder of handwriting fonts")
    recipe.add_argument("--lessons", help="bank of lessons, for recipes that learn from teachers")
    recipe.add_argument("--out", type=Path, required=True, help="folder of the stages and of the bundle")
    recipe.add_argument(
        "--scale", type=_scale, default=1.0, help=f"multiply all steps; proof is {PROOF}, and one seed of a table"
    )
    recipe.add_argument(
        "--fold",
        type=fold,
        dest="hold_out_fold",
        help="scanned characters to leave out of training: a fifth, 1 to 5, or none, 0",
    )
    recipe.add_argument("--seeds", type=positive, help="of a table of networks: how often each is trained (default 3)")
    recipe.add_argument("--load", type=Path, help=LOAD)
    recipe.add_argument("--teacher", action="append", dest="teachers", help=TEACHER)
    recipe.add_argument("--seed", type=not_negative, help="override the seed")
    recipe.add_argument("--workers", type=not_negative, help="processes that prepare batches")
    recipe.add_argument(
        "--test-limit", type=not_negative, default=0, help="most samples of each test set (0, default: all)"
    )
    add_created(recipe)


def _scale(given: str) -> float:
    return PROOF if given == "proof" else float(given)


def _recipe(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.recipe import follow, load_recipe, study_of

    study = study_of(options.recipe)
    if study:
        _study(study, options, report)
        return
    given = overrides(options, "seed", "workers", "hold_out_fold", "teachers", "lessons")
    if options.hold_out_fold is not None:
        given["hold_out_characters"] = ""
    recipe = load_recipe(options.recipe, given, options.scale)
    cancelled = cancellation(options)
    follow(
        recipe,
        options.out,
        report,
        created=options.created,
        test_limit=min(options.test_limit or 1500, 1500),
        export_limit=options.test_limit,
        load=options.load,
        cancelled=cancelled,
    )


def _study(name: str, options: argparse.Namespace, report: Reporter) -> None:
    import importlib

    from trainer.recipe import load_study
    from trainer.table import Stopped

    if options.hold_out_fold is not None or options.load or options.teachers or options.seed is not None:
        raise InputError("{name} takes no --fold, --load, --teacher or --seed.", "Use --seeds N.", name=options.recipe)
    config = load_study(options.recipe, overrides(options, "workers"), options.scale)
    run = importlib.import_module(f"trainer.studies.{name}").run
    cancelled = cancellation(options)
    seeds = range(1, (options.seeds or (1 if options.scale == PROOF else 3)) + 1)
    try:
        run(config, options.out, report, seeds=seeds, test_limit=options.test_limit, cancelled=cancelled)
    except Stopped:
        report(Finished(cancelled=True))
    else:
        report(Finished(cancelled=False))


def _fit(options: argparse.Namespace, report: Reporter) -> None:
    _train(config_of(options, "steps", "seed", "workers", "teachers"), options, report)


def _prune(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.compress.slim import slim, thinner
    from trainer.cost import cost
    from trainer.data.prepare import prepare
    from trainer.tasks.character import some_batches
    from trainer.tasks.weights import load_any

    config = config_of(options, "steps", "seed", "workers", "teachers")
    network, _ = load_any(options.load, some_batches(config, prepare(config, options.test_limit)).images)
    config = replace(config, architecture=thinner(network, options.ratio))
    before, after = cost(network, config.size), cost(slim(network, config.architecture), config.size)
    print(f"channels inside the blocks: {', '.join(map(str, network.architecture.inner_of_blocks))}", file=sys.stderr)
    print(f"kept:                       {', '.join(map(str, config.architecture.inner_of_blocks))}", file=sys.stderr)
    print(f"before: {before}\nafter:  {after}", file=sys.stderr)
    _train(config, options, report)


def _train(config: FitConfig, options: argparse.Namespace, report: Reporter) -> None:
    from trainer.checkpoints import LAST
    from trainer.data.prepare import prepare
    from trainer.group import is_first_process, was_restarted
    from trainer.tasks.character import fit

    cancelled = cancellation(options)
    prepared = prepare(config, options.test_limit, report if is_first_process() else silent)
    resume = options.resume or (was_restarted() and (options.out / LAST).exists())
    fit(config, prepared, options.out, report, load=options.load, resume=resume, cancelled=cancelled)
