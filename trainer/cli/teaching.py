"""`teach`: a bank of pictures and of what teachers answer to them."""

from __future__ import annotations

import argparse
from pathlib import Path

from hccr_desktop.core.protocol import Artifact
from trainer.cli.common import Commands, add, cancellation, fold, not_negative, overrides, positive
from trainer.reporter import Reporter

BESIDE = Path(__file__).resolve().parents[1] / "onnx_teachers.toml"

PAGES = 0.06
"""Weight of the characters of pages beside all others."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    teach = add(commands, "teach", _teach, "fill a bank of lessons: pictures, and what teachers answer to them")
    teach.add_argument("--recipe", default="flagship", help="recipe that names sources and alphabet")
    teach.add_argument("--data", required=True, help="folder that the recipe's paths are relative to")
    teach.add_argument("--fonts", help="folder of handwriting fonts")
    teach.add_argument("--pages", type=Path, help="folder of photographed pages whose characters are lessons, too")
    teach.add_argument("--fold", type=fold, default=0, help="leave out scans of this fifth of the scanned characters")
    teach.add_argument("--teachers", type=Path, required=True, metavar="FOLDER", help="where their ONNX files lie")
    teach.add_argument("--described", type=Path, default=BESIDE, metavar="TOML", help="what their input is")
    teach.add_argument(
        "--ask", default="compact-cnn,cascade,pp-ocrv6", metavar="NAMES", help="teachers, joined by commas"
    )
    teach.add_argument("--parent", type=Path, metavar="BUNDLE", help="bundle that answers too (default: active)")
    teach.add_argument("--count", type=positive, default=1_000_000, help="lessons of this seed")
    teach.add_argument("--seed", type=not_negative, default=1, help="several fill one bank with seeds of their own")
    teach.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the bank; it is gone on with")


def _teach(options: argparse.Namespace, report: Reporter) -> None:
    from hccr_desktop.core.bundle import load_bundle
    from hccr_desktop.core.normalize import NATURAL, InputSpec
    from hccr_desktop.recognize.engine import Engine
    from hccr_desktop.recognize.models import Registry
    from trainer.data.batches import Share
    from trainer.data.crops import CropSource
    from trainer.data.lesson_pictures import LessonPictures
    from trainer.data.lessons import LessonBank
    from trainer.data.prepare import prepare
    from trainer.onnx_teachers import BundleTeacher, Teacher, load_onnx_teachers
    from trainer.recipe import load_recipe
    from trainer.teach import fill

    folds = {"hold_out_characters": "", "hold_out_fold": options.fold} if options.fold else {}
    config = load_recipe(options.recipe, {**overrides(options), **folds}).stages[-1][1]
    parent = load_bundle(options.parent) if options.parent else Registry().active()
    prepared = prepare(config, 1, report)
    named = [name for name in options.ask.split(",") if name]
    teachers: list[Teacher] = [
        *load_onnx_teachers(options.described, options.teachers, named),
        BundleTeacher(parent, Engine(parent)),
    ]
    spec = InputSpec(config.size, config.margin, NATURAL)
    shares = list(prepared.shares)
    if options.pages:
        total = sum(share.weight for share in shares)
        shares.append(Share(CropSource.from_pages(options.pages, Engine(parent)), PAGES * total))
    bank = LessonBank(options.out, prepared.charset, spec, {t.name: t.told for t in teachers})
    pictures = LessonPictures(shares, prepared.charset, spec)
    fill(bank, pictures, teachers, options.count, report, seed=options.seed, cancelled=cancellation(options))
    report(Artifact("bank", str(bank.folder)))
