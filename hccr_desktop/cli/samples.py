"""`hccr samples`: what the user has written: list, export, import, remove, restore."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from hccr_desktop.cli.common import Commands, positive, require_new, say
from hccr_desktop.core.sample import clean_label
from hccr_desktop.formats.writing import write_samples
from hccr_desktop.paths import sample_store
from hccr_desktop.rooms.samples import take_in
from hccr_desktop.store.samples import SampleStore


def add_to(commands: Commands) -> None:
    """Add the commands."""
    samples = commands.add_parser("samples", help="your own samples: list, export, import, remove or restore them")
    actions = samples.add_subparsers(required=True, metavar="ACTION")
    action = actions.add_parser("list", help="how many there are of each character")
    action.add_argument("--json", action="store_true", help="write JSON")
    action.set_defaults(run=_list)
    action = actions.add_parser("export", help="write them into a .gnt, .inkml or .jsonl file, or a new folder")
    action.add_argument("target", type=Path)
    action.add_argument("--force", action="store_true", help="write over a file that is there")
    action.set_defaults(run=_export)
    action = actions.add_parser("import", help="take in labeled ink, GNT files or folders of images named by character")
    action.add_argument("files", type=Path, nargs="+", metavar="FILE")
    action.add_argument("--writer", default="", help="whose hand it is, where the file does not say")
    action.set_defaults(run=_import)
    action = actions.add_parser("remove", help="remove all samples of some characters; prints how to get them back")
    action.add_argument("characters", help="the characters, or all")
    action.set_defaults(run=_remove)
    action = actions.add_parser("restore", help="bring removed samples back, by their numbers")
    action.add_argument("numbers", type=positive, nargs="+", metavar="NUMBER")
    action.set_defaults(run=_restore)
    action = actions.add_parser("forget", help="delete removed samples for good")
    action.set_defaults(run=_forget)


def _list(options: argparse.Namespace) -> int:
    counts = SampleStore(sample_store()).counts()
    if options.json:
        print(json.dumps(counts, ensure_ascii=False))
    else:
        print(f"{sum(counts.values())} samples of {len(counts)} characters")
        for character, count in counts.items():
            print(f"{character} {count}")
    return 0


def _export(options: argparse.Namespace) -> int:
    require_new(options.target, options.force)
    stored = [one.sample for one in SampleStore(sample_store()).all()]
    written = write_samples(options.target, stored)
    print(f"wrote {written.count} of {len(stored)} samples to {options.target}")
    if written.trouble is not None:
        say(written.trouble.sentence())
    return 1 if written.left_out else 0


def _import(options: argparse.Namespace) -> int:
    store, failed = SampleStore(sample_store()), False
    for path in options.files:
        taken = take_in(store, path, options.writer)
        print(f"{path.name}: {len(taken.numbers)} samples")
        for note in taken.notes:
            say(note.sentence() if path.name in str(note) else f"{path.name}: {note.sentence()}")
        failed = failed or taken.error is not None or not (taken.numbers or taken.known)
    return 1 if failed else 0


def _remove(options: argparse.Namespace) -> int:
    store, characters = SampleStore(sample_store()), clean_label(options.characters)
    numbers = [s.id for s in store.all() if characters == "all" or s.sample.character in characters]
    store.remove(numbers)
    print(f"removed {len(numbers)} samples")
    if numbers:
        print(f"`hccr samples restore {' '.join(map(str, numbers))}` brings them back")
    return 0


def _restore(options: argparse.Namespace) -> int:
    restored = SampleStore(sample_store()).restore(options.numbers)
    print(f"restored {restored} samples")
    return 0 if restored == len(set(options.numbers)) else 1


def _forget(options: argparse.Namespace) -> int:  # noqa: ARG001
    print(f"deleted {SampleStore(sample_store()).forget_removed()} removed samples")
    return 0
