"""`hccr models`: list, show, install, export, activate, roll back."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from hccr_desktop.cli.common import Commands
from hccr_desktop.recognize.models import Registry


def add_to(commands: Commands) -> None:
    """Add the commands."""
    models = commands.add_parser("models", help="list, show, install, export, activate or roll back models")
    actions = models.add_subparsers(required=True, metavar="ACTION")
    for name, text, run in (
        ("list", "list the models at hand", _list),
        ("show", "show a model's card", _show),
        ("install", "install a model from a folder or zip", _install),
        ("export", "write a model as one file, to be installed elsewhere", _export),
        ("activate", "make a model the active one", _activate),
        ("rollback", "return to the model active before", _rollback),
    ):
        action = actions.add_parser(name, help=text)
        if name == "list":
            action.add_argument("--json", action="store_true", help="write JSON")
        if name in ("show", "activate", "export"):
            action.add_argument("id", help="the model's id", nargs="?" if name == "show" else None)
        if name == "install":
            action.add_argument("source", type=Path, help="folder or zip of a model")
        if name == "export":
            action.add_argument("file", type=Path, help="zip file to write")
        action.set_defaults(run=run)


def _list(options: argparse.Namespace) -> int:
    registry = Registry()
    active = registry.active().id
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
    bundle = registry.get(options.id) if options.id else registry.active()
    print(f"id          {bundle.id}")
    print(f"created     {bundle.created or 'unknown'}")
    print(f"parent      {bundle.parent or 'none'}")
    print(f"characters  {len(bundle.charset)}")
    print(f"input       {bundle.spec.size} × {bundle.spec.size} px gray")
    print(f"size        {bundle.size_bytes / 1e6:.2f} MB")
    print()
    print(bundle.card())
    return 0


def _install(options: argparse.Namespace) -> int:
    bundle = Registry().install(options.source)
    print(f"installed {bundle.id}; `hccr models activate {bundle.id}` makes it the active one")
    return 0


def _export(options: argparse.Namespace) -> int:
    Registry().export(options.id, options.file)
    print(f"wrote {options.file}; `hccr models install` takes it")
    return 0


def _activate(options: argparse.Namespace) -> int:
    print(f"active: {Registry().activate(options.id).id}")
    return 0


def _rollback(options: argparse.Namespace) -> int:  # noqa: ARG001
    print(f"active: {Registry().rollback().id}")
    return 0
