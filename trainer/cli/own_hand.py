"""`finetune`: teach the model in use a user's own hand."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hccr_desktop.core.protocol import Finished, Verdict
from hccr_desktop.errors import InputError
from trainer.cli.common import TEACHER, Commands, add, add_created, cancellation, not_negative, positive
from trainer.reporter import Reporter


def add_to(commands: Commands) -> None:
    """Add the command."""
    finetune = add(commands, "finetune", _finetune, "teach the model in use a user's own hand")
    finetune.add_argument("samples", nargs="*", type=Path, help="labeled samples: ink, GNT, folders named by character")
    finetune.add_argument(
        "--config", type=Path, help="TOML file with the keys of FinetuneConfig, see trainer/finetune.py"
    )
    finetune.add_argument(
        "--parent",
        type=Path,
        help="folder of the bundle to start from (default: the active one, which alone is replaced)",
    )
    finetune.add_argument("--bank", type=Path, help="replay bank (default: the one that comes with the application)")
    finetune.add_argument("--out", type=Path, help="write the bundle there only; its name becomes the id")
    finetune.add_argument(
        "--charset", choices=("fail", "known", "union"), help="refuse, leave out or learn characters that are new"
    )
    finetune.add_argument("--own", action="store_true", help="learn from the samples that the application keeps")
    finetune.add_argument("--background", action="store_true", help="let other programs go first")
    finetune.add_argument("--template", type=Path, help="ink of characters to be added: center lines, one writing each")
    finetune.add_argument("--font", type=Path, help="folder of fonts to learn --characters from")
    finetune.add_argument("--characters", default="", help="characters to be added from --font")
    finetune.add_argument("--prune", type=float, help="share of the inner channels to drop: a smaller, faster model")
    finetune.add_argument(
        "--blocks", dest="kind", help="compact blocks for the later stages: separable, parsimonious, …"
    )
    finetune.add_argument(
        "--compare",
        action="store_true",
        help="make it smaller in several ways, keep what is no worse, say what each costs",
    )
    finetune.add_argument("--teacher", action="append", dest="teachers", help=TEACHER)
    finetune.add_argument("--steps", type=positive, help="override the number of steps")
    finetune.add_argument("--seed", type=not_negative, help="override the seed")
    add_created(finetune)


def _finetune(options: argparse.Namespace, report: Reporter) -> None:
    from hccr_desktop.core.bundle import load_bundle
    from hccr_desktop.formats.reading import read_any
    from hccr_desktop.paths import replay_bank, sample_store
    from hccr_desktop.recognize.models import Registry
    from hccr_desktop.store.samples import SampleStore
    from trainer.config import read_toml
    from trainer.data.bank import load_bank
    from trainer.data.prepare import readable_part
    from trainer.data.sources import FontSource, Source, WritingSource
    from trainer.finetune import finetune, finetune_config_from, of_one_character
    from trainer.smaller import compare

    registry = Registry()
    parent = load_bundle(options.parent) if options.parent else registry.active()
    values = read_toml(options.config) if options.config else {}
    given = {
        n: value
        for n in ("charset", "steps", "seed", "prune", "kind", "teachers")
        if (value := getattr(options, n)) is not None
    }
    config = finetune_config_from({**values, **given})
    samples = [sample for path in options.samples for sample in readable_part(read_any(path), report)]
    if options.own:
        samples += [stored.sample for stored in SampleStore(sample_store()).all()]
    if options.background and hasattr(os, "nice"):
        os.nice(10)
    bank = load_bank(options.bank or replay_bank())
    drawn: list[Source] = []
    if options.template:
        drawn.append(WritingSource(of_one_character(readable_part(read_any(options.template), report), report)))
    if options.font:
        drawn.append(FontSource.from_folder(options.font, options.characters, {}))
    if not samples and not any(source.characters for source in drawn):
        raise InputError("There is nothing to learn from.", "Give samples, --template, or --font with --characters.")
    cancelled = cancellation(options)
    if options.compare and (drawn or options.out or config.is_smaller):
        raise InputError("--compare takes no --out, --template, --font, --prune or --blocks.", "Leave them out.")
    with _aside() if options.out else _work() as work:
        if options.compare:
            tried = compare(
                parent, samples, bank, config, registry, report, created=options.created, work=work, cancelled=cancelled
            )
            report(Finished(cancelled=tried is None))
            return
        target = options.out or work / registry.free_id(re.sub(r"-own(-[0-9]+)?$", "", parent.id) + "-own")
        made = finetune(
            parent,
            samples,
            bank,
            config,
            target,
            report,
            created=options.created,
            drawn=drawn,
            work=work,
            cancelled=cancelled,
        )
        if made is None or (options.out is None and cancelled()):
            report(Finished(cancelled=True))
            return
        bundle, gate = made
        why, reason = gate.why, gate.reason
        if options.out is None:
            registry.install(bundle.folder)
            if not why and registry.active().id != parent.id:
                why, reason = "another", f"Another model is in use by now, which stays. {reason}"
            if not why:
                registry.activate(bundle.id)
    report(Verdict(not why, reason, bundle.id, why))
    report(Finished(cancelled=False))


@contextmanager
def _aside() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hccr-") as work:
        yield Path(work)


@contextmanager
def _work() -> Iterator[Path]:
    """Give the folder for what a training keeps while it runs, emptied of what one left that was ended.

    Raises `InputError` where another training is at work, `StorageError` where nothing can be written there.
    """
    from hccr_desktop.files import locked
    from hccr_desktop.paths import training_work
    from trainer.trouble import storage_explained

    folder = training_work()
    with ExitStack() as held:
        with storage_explained(folder):
            alone = held.enter_context(locked(folder / "lock"))
            if not alone:
                raise InputError("Another training is at work.", "Wait for its end, or stop it.")
            for left in folder.glob("hccr-*"):
                shutil.rmtree(left, ignore_errors=True)
            work = held.enter_context(tempfile.TemporaryDirectory(prefix="hccr-", dir=folder))
        yield Path(work)
