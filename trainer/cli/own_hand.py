"""`finetune`: teach the model in use a user's own hand."""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from pathlib import Path

from hccr_desktop.core.protocol import Finished, Verdict
from hccr_desktop.errors import InputError
from trainer.cli.common import TEACHER, Commands, add, add_created, cancellation
from trainer.reporter import Reporter


def add_to(commands: Commands) -> None:
    """Add the command."""
    finetune = add(commands, "finetune", _finetune, "teach the model in use a user's own hand")
    finetune.add_argument("samples", nargs="*", type=Path, help="labeled samples: ink, GNT, folders named by character")
    finetune.add_argument(
        "--config", type=Path, help="TOML file with the keys of FinetuneConfig, see trainer/finetune.py"
    )
    finetune.add_argument("--parent", type=Path, help="folder of the bundle to start from (default: the active one)")
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
    finetune.add_argument("--steps", type=int, help="override the number of steps")
    finetune.add_argument("--seed", type=int, help="override the seed")
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
    from trainer.finetune import finetune, finetune_config_from
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
        drawn.append(WritingSource(readable_part(read_any(options.template), report)))
    if options.font:
        drawn.append(FontSource.from_folder(options.font, options.characters, {}))
    if not samples and not any(source.characters for source in drawn):
        raise InputError("There is nothing to learn from.", "Give samples, --template, or --font with --characters.")
    cancelled = cancellation(options)
    if options.compare:
        if drawn or options.out or config.is_smaller:
            raise InputError("--compare takes no --out, --template, --font, --prune or --blocks.", "Leave them out.")
        tried = compare(parent, samples, bank, config, registry, report, created=options.created, cancelled=cancelled)
        report(Finished(cancelled=tried is None))
        return
    with tempfile.TemporaryDirectory(prefix="hccr-") as aside:
        target = options.out or Path(aside) / registry.free_id(re.sub(r"-own(-[0-9]+)?$", "", parent.id) + "-own")
        made = finetune(
            parent,
            samples,
            bank,
            config,
            target,
            report,
            created=options.created,
            drawn=drawn,
            cancelled=cancelled,
        )
        if made is None:
            report(Finished(cancelled=True))
            return
        bundle, gate = made
        if options.out is None:
            registry.install(bundle.folder)
            if gate.passed:
                registry.activate(bundle.id)
    report(Verdict(gate.passed, gate.reason, bundle.id))
    report(Finished(cancelled=False))
