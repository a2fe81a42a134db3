"""`bank | language | pages | lines`: make the replay bank, the language model, the finder of handwriting on pages and
the recognizer of whole lines.
"""

from __future__ import annotations

import argparse
import copy
import math
from pathlib import Path

from hccr_desktop.core.protocol import Artifact
from trainer.cli.common import Commands, add, add_created, cancellation, not_negative, overrides, positive
from trainer.reporter import Reporter


def _two_or_more(text: str) -> int:
    value = int(text)
    if value < 2:
        raise argparse.ArgumentTypeError(f"{value} is less than 2")
    return value


def add_to(commands: Commands) -> None:
    """Add the commands."""
    bank = add(commands, "bank", _bank, "write the replay bank: some synthetic writings of every character")
    bank.add_argument("--data", required=True, help="folder that the recipe's paths are relative to")
    bank.add_argument("--recipe", default="flagship", help="recipe that names templates and alphabet")
    bank.add_argument(
        "--each", type=_two_or_more, default=3, help="writings of each character, the last for examination"
    )
    bank.add_argument("--out", type=Path, required=True, help="the bank's file")

    language = add(commands, "language", _language, "learn how likely characters follow each other, from text")
    language.add_argument(
        "texts", nargs="+", type=_weighted, help="text files, plain or gzipped; FILE=WEIGHT counts it so often"
    )
    language.add_argument("--model", type=Path, help="folder of the bundle whose alphabet it is for (default: active)")
    language.add_argument(
        "--least",
        type=float,
        default=4.0,
        help="nats by which a pair or triple must make the text likelier",
    )
    language.add_argument("--evaluate", type=Path, help="text that the perplexity is reported on")
    language.add_argument("--out", type=Path, required=True, help="the model's file")

    pages = add(commands, "pages", _pages, "train the network that finds handwriting on pages")
    pages.add_argument("samples", nargs="*", type=Path, help="labeled scans or ink beside the replay bank's writings")
    pages.add_argument("--run", dest="folder", type=Path, required=True, help="folder of the checkpoint; goes on there")
    pages.add_argument("--from", dest="start", type=Path, help="bundle of such a network, to begin with")
    _add_plan(pages, "PagesConfig")
    pages.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="folder of the bundle")

    lines = add(commands, "lines", _lines, "train the recognizer of whole lines, from a character network on")
    lines.add_argument("texts", nargs="+", type=Path, help="what lines say: text files, plain or gzipped")
    lines.add_argument("--load", type=Path, required=True, help="checkpoint of a character network")
    lines.add_argument("--from", dest="start", type=Path, help="checkpoint of an earlier run, to begin with")
    lines.add_argument(
        "--keep", type=float, default=0.0, help="share of the weights it began with that it keeps, 0 to 1"
    )
    lines.add_argument("--data", help="folder that the paths of the checkpoint's configuration are relative to")
    lines.add_argument("--fonts", help="folder of handwriting fonts")
    lines.add_argument("--run", dest="folder", type=Path, required=True, help="folder of the checkpoint; goes on there")
    _add_plan(lines, "LinesConfig")
    lines.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    add_created(lines)


def _add_plan(command: argparse.ArgumentParser, kind: str) -> None:
    command.add_argument(
        "--config", type=Path, help=f"TOML file with the keys of {kind}, its plan in a table of its own"
    )
    command.add_argument("--steps", type=positive, help="in place of the plan's number of steps")
    command.add_argument("--seed", type=not_negative, help="in place of the plan's seed")


def _bank(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.data.bank import make_bank
    from trainer.data.marks import own_templates
    from trainer.data.prepare import read_drawn
    from trainer.recipe import load_recipe

    config = load_recipe(options.recipe, {"data": options.data}).stages[-1][1]
    charset, templates = read_drawn(config)
    missing = set(charset.characters) - {sample.character for sample in templates}
    templates += [sample for sample in own_templates(templates) if sample.character in missing]
    bank = make_bank(templates, charset.characters, options.each, 0.7, config.seed, calm=missing)
    bank.save(options.out)
    report(Artifact("bank", str(options.out)))


def _language(options: argparse.Namespace, report: Reporter) -> None:
    from hccr_desktop.core.bundle import load_bundle
    from hccr_desktop.core.protocol import Notice
    from hccr_desktop.recognize.models import Registry
    from trainer.language import learn, perplexity, read_lines

    bundle = load_bundle(options.model) if options.model else Registry().active()
    texts = [(read_lines(path), weight) for path, weight in options.texts]
    model = learn(texts, bundle.charset, options.least)
    model.save(options.out)
    if options.evaluate:
        found = perplexity(model, read_lines(options.evaluate))
        pairs, triples = (len(grams.keys) for grams in model.orders)
        said = f"{pairs:,} pairs, {triples:,} triples, perplexity {found:.1f} a character on {options.evaluate.name}."
        report(Notice(said))
    report(Artifact("language", str(options.out)))


def _pages(options: argparse.Namespace, report: Reporter) -> None:
    from hccr_desktop import paths
    from hccr_desktop.core.bundle import load_bundle
    from hccr_desktop.core.specs import PageSpec
    from hccr_desktop.formats.reading import read_any
    from trainer.config import load_config
    from trainer.data.bank import load_bank
    from trainer.tasks.page import PagesConfig, export_pages, fit_pages, gather

    start = load_bundle(options.start, PageSpec) if options.start else None
    config = load_config(PagesConfig, options.config)
    config = config.lasting(options.steps or config.plan.steps, options.seed or config.plan.seed)
    samples = [sample for path in options.samples for sample in read_any(path)]
    glyphs = gather(load_bank(paths.replay_bank()), samples, config)
    network = fit_pages(glyphs, config, options.folder, report, start=start, cancelled=cancellation(options))
    if network is not None:
        export_pages(network, glyphs, options.out, report, config)


def _lines(options: argparse.Namespace, report: Reporter) -> None:
    import torch

    from trainer.aside import require_free
    from trainer.checkpoints import take_weights
    from trainer.config import fit_config_from, load_config
    from trainer.networks.line_net import LineNet
    from trainer.tasks.line import LinesConfig, blended, export_lines, fit_lines, gather_lines
    from trainer.tasks.weights import load_checkpoint, load_network

    require_free(options.out)
    stored = load_checkpoint(options.load)["about"]["config"]
    given = fit_config_from({**stored, **overrides(options)})
    config = load_config(LinesConfig, options.config)
    config = config.lasting(options.steps or config.plan.steps, options.seed or config.plan.seed)
    network, known, _ = load_network(options.load)
    data = gather_lines(given, known, options.texts, options.folder, report)
    torch.manual_seed(config.plan.seed)  # a run that goes on begins with the same weights
    learner = LineNet(network, len(data.charset), config.hidden)
    if options.start:
        take_weights(learner, options.start)
    begun = copy.deepcopy(learner)
    parent = (options.start or options.load).parent.name
    trained = fit_lines(learner, data, config, options.folder, report, parent=parent, cancelled=cancellation(options))
    if trained is not None:
        trained = blended(begun, trained, options.keep)
        terms = "; ".join(f"{source.title} ({source.terms})" for source in given.sources if source.weight > 0)
        told = {"created": options.created, "terms": terms, "parent": parent}
        export_lines(trained, data, config, options.out, report, **told, kept=options.keep)
        report(Artifact("lines", str(options.out)))


def _weighted(given: str) -> tuple[Path, float]:
    """Read FILE or FILE=WEIGHT."""
    path, sign, weight = given.rpartition("=")
    if not sign:
        return Path(given), 1.0
    try:
        times = float(weight)
    except ValueError:
        times = math.nan
    if not 0 < times < math.inf:
        raise argparse.ArgumentTypeError(f"“{weight}” is no weight: give a positive number after =")
    return Path(path), times
