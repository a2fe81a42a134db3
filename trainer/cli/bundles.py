"""`evaluate | export | quantize`: checkpoints and bundles, measured and made."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from hccr_desktop.core.protocol import Artifact
from trainer.cli.common import Commands, add, add_created, config_of, configured, not_negative
from trainer.reporter import Reporter


def add_to(commands: Commands) -> None:
    """Add the commands."""
    evaluate = add(commands, "evaluate", _evaluate, "measure a checkpoint on the test sets", configured())
    evaluate.add_argument("--checkpoint", type=Path, required=True, help="last.pt or best.pt of a run")
    evaluate.add_argument(
        "--test-limit", type=not_negative, default=0, help="most samples of each test set (0, default: all)"
    )

    export = add(commands, "export", _export, "make a bundle of a checkpoint", configured())
    export.add_argument("--checkpoint", type=Path, required=True, help="last.pt or best.pt of a run")
    export.add_argument("--out", type=Path, required=True, help="folder of the bundle; its name becomes the id")
    export.add_argument("--title", required=True, help="the model's name for people")
    add_created(export)
    export.add_argument("--floats", action="store_true", help="no int8: for further work with `quantize`")
    export.add_argument(
        "--test-limit", type=not_negative, default=0, help="most samples of each test set (0, default: all)"
    )

    quantize = add(commands, "quantize", _quantize, "make an int8 bundle, and say what it costs in accuracy")
    quantize.add_argument("model", type=Path, help="folder of a bundle in floats")
    quantize.add_argument("samples", nargs="+", type=Path, help="labeled samples to calibrate and to measure with")
    quantize.add_argument("--out", type=Path, required=True, help="folder of the bundle; its name becomes the id")
    add_created(quantize)


def _evaluate(options: argparse.Namespace, report: Reporter) -> None:  # noqa: ARG001 - one shape for all
    import torch

    from trainer.data.prepare import prepare_tests
    from trainer.evaluate import as_markdown, measure, torch_logits
    from trainer.tasks.weights import load_network

    config = config_of(options)
    network, charset, _ = load_network(options.checkpoint)
    tests = prepare_tests(config, charset, options.test_limit)
    device = torch.device("cpu")
    spec = config.spec
    results = measure(lambda images: torch_logits(network, images, device), tests, spec, charset)
    if options.json:
        for result in results:
            print(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print(as_markdown(results))


def _export(options: argparse.Namespace, report: Reporter) -> None:
    from trainer.card import Provenance
    from trainer.data.prepare import prepare_tests
    from trainer.export import export_run
    from trainer.tasks.weights import load_network

    config = config_of(options)
    network, charset, steps = load_network(options.checkpoint)
    tests = prepare_tests(config, charset, options.test_limit)
    bundle = export_run(
        network,
        charset,
        config,
        tests,
        options.out,
        Provenance(options.title, options.created, steps),
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
    bundle = quantize_bundle(load_bundle(options.model), samples, options.out, report, created=options.created)
    report(Artifact("bundle", str(bundle.folder)))
