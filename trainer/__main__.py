"""`python -m trainer recipe | fit | finetune | distill | prune | evaluate | export | bank`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hccr_desktop.core.protocol import Artifact, Failed, Finished, Verdict
from hccr_desktop.errors import HccrError, InputError
from trainer.reporter import BarReporter, JsonReporter, Reporter, cancel_on_input

if TYPE_CHECKING:
    from trainer.config import FitConfig


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer", description="Train, evaluate and export models.")
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--config", type=Path, required=True, help="TOML file, see trainer/config.py for the keys")
    common.add_argument("--data", help="folder that the configuration's paths are relative to")
    common.add_argument("--fonts", help="folder of handwriting fonts")
    common.add_argument("--json", action="store_true", help="one JSON object a line on standard output")

    run = argparse.ArgumentParser(add_help=False, parents=[common])
    run.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints last.pt and best.pt")
    run.add_argument("--steps", type=int, help="override the number of steps")
    run.add_argument("--seed", type=int, help="override the seed")
    run.add_argument("--workers", type=int, help="processes that prepare batches")
    run.add_argument("--test-limit", type=int, default=1500, help="most samples of each test set during training")
    run.add_argument("--resume", action="store_true", help="go on from the run in --out, exactly")
    load_help = "start from the weights of a checkpoint, or of a bundle's folder"
    teacher_help = "checkpoint or bundle whose answers are imitated; may be given several times"

    fit = commands.add_parser("fit", parents=[run], help="train a network from a configuration")
    fit.add_argument("--load", type=Path, help=load_help)

    distill = commands.add_parser("distill", parents=[run], help="train a network to answer like its teachers")
    distill.add_argument("--teacher", action="append", required=True, dest="teachers", help=teacher_help)
    distill.add_argument("--load", type=Path, help=load_help)

    prune = commands.add_parser("prune", parents=[run], help="drop a network's weakest channels, train what is left")
    prune.add_argument("--load", type=Path, required=True, help="checkpoint of the network, or a bundle's folder")
    prune.add_argument("--ratio", type=float, required=True, help="share of the inner channels to drop, 0 to 1")
    prune.add_argument("--teacher", action="append", dest="teachers", help=teacher_help)

    recipe = commands.add_parser("recipe", help="make a model by its recipe, from the data folder to the bundle")
    recipe.add_argument("recipe", help="name of a recipe, such as flagship, or a TOML file")
    recipe.add_argument("--data", required=True, help="folder that the recipe's paths are relative to")
    recipe.add_argument("--fonts", help="folder of handwriting fonts")
    recipe.add_argument("--out", type=Path, required=True, help="folder of the stages and of the bundle")
    recipe.add_argument("--scale", type=float, default=1.0, help="multiply all steps, 0.01 for a small proof")
    recipe.add_argument(
        "--fold",
        type=int,
        dest="hold_out_fold",
        help="scanned characters to leave out of training: a fifth, 1 to 5, or none, 0",
    )
    recipe.add_argument("--seeds", type=int, default=3, help="of a table of networks: how often each is trained")
    recipe.add_argument("--load", type=Path, help=load_help)
    recipe.add_argument("--teacher", action="append", dest="teachers", help=teacher_help)
    recipe.add_argument("--seed", type=int, help="override the seed")
    recipe.add_argument("--workers", type=int, help="processes that prepare batches")
    recipe.add_argument("--test-limit", type=int, default=0, help="most samples of each test set (default all)")
    recipe.add_argument("--created", default="", help="date for the card (default today)")
    recipe.add_argument("--json", action="store_true", help="one JSON object a line on standard output")

    finetune = commands.add_parser("finetune", help="teach the model in use a user's own hand")
    finetune.add_argument("samples", nargs="*", type=Path, help="labeled samples: ink, GNT, folders named by character")
    finetune.add_argument(
        "--config", type=Path, help="TOML file with the keys of FinetuneConfig, see trainer/finetune.py"
    )
    finetune.add_argument("--parent", type=Path, help="folder of the bundle to start from (default: the active one)")
    finetune.add_argument("--bank", type=Path, help="replay bank (default: the one that comes with the application)")
    finetune.add_argument("--out", type=Path, help="write the bundle there only; its name becomes the id")
    finetune.add_argument("--charset", choices=("fail", "union"), help="refuse or learn characters that are new")
    finetune.add_argument("--own", action="store_true", help="learn from the samples that the application keeps")
    finetune.add_argument("--background", action="store_true", help="let other programs go first")
    finetune.add_argument("--template", type=Path, help="ink of characters to be added: center lines, one writing each")
    finetune.add_argument("--font", type=Path, help="folder of fonts to learn --characters from")
    finetune.add_argument("--characters", default="", help="characters to be added from --font")
    finetune.add_argument("--prune", type=float, help="share of the inner channels to drop: a smaller, faster model")
    finetune.add_argument("--teacher", action="append", dest="teachers", help=teacher_help)
    finetune.add_argument("--steps", type=int, help="override the number of steps")
    finetune.add_argument("--seed", type=int, help="override the seed")
    finetune.add_argument("--created", default="", help="date for the card (default today)")
    finetune.add_argument("--json", action="store_true", help="one JSON object a line on standard output")

    bank = commands.add_parser("bank", help="write the replay bank: some synthetic writings of every character")
    bank.add_argument("--data", required=True, help="folder that the recipe's paths are relative to")
    bank.add_argument("--recipe", default="flagship", help="recipe that names templates and alphabet")
    bank.add_argument("--each", type=int, default=3, help="writings of each character, the last for examination")
    bank.add_argument("--out", type=Path, required=True, help="the bank's file")
    bank.add_argument("--json", action="store_true", help=argparse.SUPPRESS)

    evaluate = commands.add_parser("evaluate", parents=[common], help="measure a checkpoint on the test sets")
    evaluate.add_argument("--checkpoint", type=Path, required=True, help="last.pt or best.pt of a run")
    evaluate.add_argument("--test-limit", type=int, default=0, help="most samples of each test set (default all)")

    export = commands.add_parser("export", parents=[common], help="make a bundle of a checkpoint")
    export.add_argument("--checkpoint", type=Path, required=True, help="last.pt or best.pt of a run")
    export.add_argument("--out", type=Path, required=True, help="folder of the bundle; its name becomes the id")
    export.add_argument("--title", required=True, help="the model's name for people")
    export.add_argument("--created", default="", help="date for the card (default today)")
    export.add_argument("--floats", action="store_true", help="no int8: for further work with `quantize`")
    export.add_argument("--test-limit", type=int, default=0, help="most samples of each test set (default all)")

    quantize = commands.add_parser("quantize", help="make an int8 bundle, and say what it costs in accuracy")
    quantize.add_argument("model", type=Path, help="folder of a bundle in floats")
    quantize.add_argument("samples", nargs="+", type=Path, help="labeled samples to calibrate and to measure with")
    quantize.add_argument("--out", type=Path, required=True, help="folder of the bundle; its name becomes the id")
    quantize.add_argument("--created", default="", help="date for the card (default today)")
    quantize.add_argument("--json", action="store_true", help="one JSON object a line on standard output")

    language = commands.add_parser("language", help="learn how likely characters follow each other, from text")
    language.add_argument("texts", nargs="+", help="text files, plain or gzipped; FILE=WEIGHT counts it so often")
    language.add_argument("--model", type=Path, help="folder of the bundle whose alphabet it is for (default: active)")
    language.add_argument("--least", type=int, default=3, help="pairs that come less often are left out")
    language.add_argument("--evaluate", type=Path, help="text that the perplexity is reported on")
    language.add_argument("--out", type=Path, required=True, help="the model's file")
    language.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit code: 0 done, 1 failed with a sentence on standard error."""
    options = _parser().parse_args(arguments)
    report: Reporter = JsonReporter() if options.json else BarReporter()
    commands = {"recipe": _recipe, "fit": _fit, "distill": _fit, "prune": _prune, "finetune": _finetune, "bank": _bank}
    commands |= {"evaluate": _evaluate, "export": _export, "quantize": _quantize, "language": _language}
    try:
        commands[options.command](options, report)
    except HccrError as error:
        report(Failed(str(error), error.hint))
        return 1
    return 0


def _config(options: argparse.Namespace, *names: str) -> FitConfig:
    from trainer.config import load_fit_config

    return load_fit_config(options.config, _overrides(options, *names))


def _overrides(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    return {n: value for n in ("data", "fonts", *names) if (value := getattr(options, n, None)) is not None}


def _recipe(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.recipe import STUDIES, follow, load_recipe

    study = Path(options.recipe).stem.split("-")[0]
    if study in STUDIES:
        _study(study, options, report)
        return
    overrides = _overrides(options, "seed", "workers", "hold_out_fold", "teachers")
    if options.hold_out_fold is not None:
        overrides["hold_out_characters"] = ""
    recipe = load_recipe(options.recipe, overrides, options.scale)
    cancelled = cancel_on_input(sys.stdin.fileno()) if options.json else lambda: False
    follow(
        recipe,
        options.out,
        report,
        created=options.created or _today(),
        test_limit=min(options.test_limit or 1500, 1500),
        export_limit=options.test_limit,
        load=options.load,
        cancelled=cancelled,
    )


def _study(name: str, options: argparse.Namespace, report: Reporter) -> None:
    import importlib

    from trainer.recipe import load_study
    from trainer.study import Stopped

    if options.hold_out_fold is not None or options.load or options.teachers or options.seed is not None:
        raise InputError(f"{options.recipe} takes no --fold, --load, --teacher or --seed.", "Use --seeds N.")
    config = load_study(options.recipe, _overrides(options, "workers"), options.scale)
    run = importlib.import_module(f"trainer.studies.{name}").run
    cancelled = cancel_on_input(sys.stdin.fileno()) if options.json else lambda: False
    seeds = range(1, options.seeds + 1)
    try:
        run(config, options.out, report, seeds=seeds, test_limit=options.test_limit, cancelled=cancelled)
    except Stopped:
        report(Finished(cancelled=True))
    else:
        report(Finished(cancelled=False))


def _fit(options: argparse.Namespace, report: Reporter) -> None:
    _train(_config(options, "steps", "seed", "workers", "teachers"), options, report)


def _prune(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.checkpoints import load_any
    from trainer.compress.slim import slim, thinner
    from trainer.cost import cost
    from trainer.data.prepare import prepare
    from trainer.loop import some_batches

    config = _config(options, "steps", "seed", "workers", "teachers")
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
    from trainer.group import was_restarted
    from trainer.loop import fit

    cancelled = cancel_on_input(sys.stdin.fileno()) if options.json else lambda: False
    prepared = prepare(config, options.test_limit, report)
    resume = options.resume or (was_restarted() and (options.out / LAST).exists())
    fit(config, prepared, options.out, report, load=options.load, resume=resume, cancelled=cancelled)


def _finetune(options: argparse.Namespace, report: Reporter) -> None:
    import tempfile

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

    registry = Registry()
    parent = load_bundle(options.parent) if options.parent else registry.active()
    values = read_toml(options.config) if options.config else {}
    given = {
        n: value
        for n in ("charset", "steps", "seed", "prune", "teachers")
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
    cancelled = cancel_on_input(sys.stdin.fileno()) if options.json else lambda: False
    with tempfile.TemporaryDirectory(prefix="hccr-") as aside:
        target = options.out or Path(aside) / registry.free_id(re.sub(r"-own(-[0-9]+)?$", "", parent.id) + "-own")
        made = finetune(
            parent,
            samples,
            bank,
            config,
            target,
            report,
            created=options.created or _today(),
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


def _bank(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.data.bank import make_bank
    from trainer.data.prepare import read_drawn
    from trainer.recipe import load_recipe

    config = load_recipe(options.recipe, {"data": options.data}).stages[-1][1]
    charset, templates = read_drawn(config)
    make_bank(templates, charset.characters, options.each, 0.7, config.seed).save(options.out)
    report(Artifact("bank", str(options.out)))


def _evaluate(options: argparse.Namespace, report: Reporter) -> None:  # noqa: ARG001 - one shape for all
    import torch

    from hccr_desktop.core.normalize import InputSpec
    from trainer.checkpoints import load_network
    from trainer.data.prepare import prepare_tests
    from trainer.evaluate import as_markdown, measure, torch_logits

    config = _config(options)
    network, charset, _ = load_network(options.checkpoint)
    tests = prepare_tests(config, charset, options.test_limit)
    device = torch.device("cpu")
    spec = InputSpec(config.size, config.margin)
    results = measure(lambda images: torch_logits(network, images, device), tests, spec, charset)
    if options.json:
        for result in results:
            print(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print(as_markdown(results))


def _export(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.checkpoints import load_network
    from trainer.data.prepare import prepare_tests
    from trainer.export import export_run

    config = _config(options)
    network, charset, steps = load_network(options.checkpoint)
    tests = prepare_tests(config, charset, options.test_limit)
    created = options.created or _today()
    bundle = export_run(
        network,
        charset,
        config,
        tests,
        options.out,
        title=options.title,
        created=created,
        steps=steps,
        int8=not options.floats,
        report=report,
    )
    report(Artifact("bundle", str(bundle.folder)))


def _quantize(options: argparse.Namespace, report: Reporter) -> None:
    from hccr_desktop.core.bundle import load_bundle
    from hccr_desktop.formats.reading import read_any
    from trainer.data.prepare import readable_part
    from trainer.export import quantize_bundle

    samples = [sample for path in options.samples for sample in readable_part(read_any(path), report)]
    created = options.created or _today()
    bundle = quantize_bundle(load_bundle(options.model), samples, options.out, report, created=created)
    report(Artifact("bundle", str(bundle.folder)))


def _language(options: argparse.Namespace, report: Reporter) -> None:
    from hccr_desktop.core.bundle import load_bundle
    from hccr_desktop.core.protocol import Notice
    from hccr_desktop.recognize.models import Registry
    from trainer.language import learn, perplexity, read_lines

    bundle = load_bundle(options.model) if options.model else Registry().active()
    texts = []
    for given in options.texts:
        path, _, weight = given.partition("=")
        texts.append((read_lines(Path(path)), float(weight or 1.0)))
    model = learn(texts, bundle.charset, options.least)
    model.save(options.out)
    if options.evaluate:
        found = perplexity(model, read_lines(options.evaluate))
        report(Notice(f"{len(model.pairs):,} pairs, perplexity {found:.1f} a character on {options.evaluate.name}."))
    report(Artifact("language", str(options.out)))


def _today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


if __name__ == "__main__":
    sys.exit(main())
