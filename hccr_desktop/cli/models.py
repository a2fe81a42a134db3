"""`hccr models`: list, show, check, install, export, activate, roll back."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from hccr_desktop.cli.common import Commands, require_new, say, tell_arithmetic
from hccr_desktop.core.bundle import AnyBundle
from hccr_desktop.errors import InvalidBundle
from hccr_desktop.recognize.arithmetic import Check, arithmetic_of, check
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.processor import processor


def add_to(commands: Commands) -> None:
    """Add the commands."""
    models = commands.add_parser("models", help="list, show, check, install, export, activate or roll back models")
    actions = models.add_subparsers(required=True, metavar="ACTION")
    for name, text, run in (
        ("list", "list the models at hand", _list),
        ("show", "show a model's card", _show),
        (
            "check",
            "ask a model, or the active one and the networks for pages, whether it answers here as it should",
            _check,
        ),
        ("install", "install a model from a folder or zip", _install),
        ("export", "write a model as one file, to be installed elsewhere", _export),
        ("activate", "make a model the active one", _activate),
        ("rollback", "return to the model active before", _rollback),
    ):
        action = actions.add_parser(name, help=text)
        if name in ("list", "check"):
            action.add_argument("--json", action="store_true", help="write JSON")
        if name in ("show", "check", "activate", "export"):
            action.add_argument("id", help="the model's id", nargs="?" if name in ("show", "check") else None)
        if name == "install":
            action.add_argument("source", type=Path, help="folder or zip of a model")
        if name == "export":
            action.add_argument("file", type=Path, help="zip file to write")
            action.add_argument("--force", action="store_true", help="write over a file that is there")
        action.set_defaults(run=run)


def _list(options: argparse.Namespace) -> int:
    registry, active = Registry(), ""
    try:
        active = registry.require_active().id
    except InvalidBundle as error:
        say(error.sentence())
    for bundle in registry.bundles():
        row = {
            "id": bundle.id,
            "title": bundle.title,
            "active": bundle.id == active,
            "characters": len(bundle.charset),
            "bytes": bundle.size_bytes,
        }
        if options.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            mark = "*" if row["active"] else " "
            size = f"{len(bundle.charset)} characters, {bundle.size_bytes / 1e6:.1f} MB"
            print(f"{mark} {bundle.id}  {size}  {bundle.title}")
    return 0


def _show(options: argparse.Namespace) -> int:
    registry = Registry()
    bundle = registry.get(options.id) if options.id else registry.require_active()
    print(f"id          {bundle.id}")
    print(f"created     {bundle.created or 'unknown'}")
    print(f"parent      {bundle.parent or 'none'}")
    print(f"characters  {len(bundle.charset)}")
    print(f"input       {bundle.spec.size} × {bundle.spec.size} px gray")
    print(f"size        {bundle.size_bytes / 1e6:.2f} MB")
    print()
    print(bundle.card())
    return 0


def _check(options: argparse.Namespace) -> int:
    registry, beside = Registry(), Networks().bundles
    bundles: list[AnyBundle] = []
    if options.id is None:
        bundles = [registry.require_active(), *beside]
    else:
        bundles = [bundle for bundle in beside if bundle.id == options.id] or [registry.get(options.id)]
    for bundle in bundles:
        found = check(bundle)
        if options.json:
            print(json.dumps(_as_json(bundle, found), ensure_ascii=False))
        else:
            _print_check(bundle, found)
    return 0


def _as_json(bundle: AnyBundle, found: Check | None) -> dict[str, object]:
    trials = {"int8": found.int8, "floats": found.floats} if found else {}
    return {
        "model": bundle.id,
        "processor": asdict(processor()),
        **{name: asdict(trial) for name, trial in trials.items() if trial},
        "used": arithmetic_of(bundle),
    }


def _print_check(bundle: AnyBundle, found: Check | None) -> None:
    print(f"model       {bundle.id}")
    print(f"processor   {processor()}")
    if found is None:
        print("canary      none: it was exported before there were any, and takes inputs of its own size")
    for name, trial in (("int8", found.int8), ("floats", found.floats)) if found else ():
        if trial is not None:
            print(
                f"{name:<11} {trial.agreement:.1%} of the answers agree, largest difference of a probability "
                f"{trial.largest:.3f}, {trial.milliseconds:.2f} ms an input"
            )
    print(f"used        {arithmetic_of(bundle)}")
    print()


def _install(options: argparse.Namespace) -> int:
    bundle = Registry().install(options.source)
    tell_arithmetic(bundle, arithmetic_of(bundle))
    print(f"installed {bundle.id}; `hccr models activate {bundle.id}` makes it the active one")
    return 0


def _export(options: argparse.Namespace) -> int:
    require_new(options.file, options.force)
    Registry().export(options.id, options.file)
    print(f"wrote {options.file}; `hccr models install` takes it")
    return 0


def _activate(options: argparse.Namespace) -> int:
    print(f"active: {Registry().activate(options.id).id}")
    return 0


def _rollback(options: argparse.Namespace) -> int:  # noqa: ARG001
    print(f"active: {Registry().rollback().id}")
    return 0
