"""A small world to learn: five characters as templates, scans and ink, drawn here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.gnt import write_gnt
from hccr_desktop.formats.ink_lines import write_ink_lines
from tests.conftest import WRITTEN, written
from trainer.config import FitConfig, SourceConfig
from trainer.networks.eca_resnet import Architecture

TINY = Architecture(widths=(8, 12, 16, 24), blocks=(1, 1, 1, 1), stem_width=4, embedding=16)


def scan(character: str, rng: np.random.Generator) -> GlyphImage:
    """Write a character shakily and draw it."""
    strokes = [np.array(s.xy) + rng.normal(0, 2.5, s.xy.shape) for s in written(character).strokes]
    return GlyphImage(draw(Ink.from_points([s.astype(np.float32) for s in strokes])).pixels)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with `templates.jsonl`, `scans.gnt.zip`, `pen.jsonl` and `components.txt`."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "components.txt").write_text(
        "# by hand\nU+5341\t十\t⿻一丨\nU+4E2D\t中\t⿻口丨\nU+4E0A\t上\t⿱⺊一[G]\t⿱卜一[J]\n",
        encoding="utf-8",
    )
    rng = np.random.default_rng(0)
    write_ink_lines(folder / "templates.jsonl", [Sample(c, written(c)) for c in WRITTEN])
    write_gnt(folder / "scans.gnt.zip", [Sample(c, scan(c, rng)) for c in "一十中上" for _ in range(12)])
    pen = [Sample(c, written(c), writer=f"w{i}") for i in range(4) for c in WRITTEN]
    write_ink_lines(folder / "pen.jsonl", pen)
    return folder


@pytest.fixture(scope="session")
def config(data: Path) -> FitConfig:
    """A run of seconds over that folder; 上 is held out."""
    return FitConfig(
        sources=(
            SourceConfig("gnt", "scans.gnt.zip", weight=0.5, test_share=0.3, title="Scans", terms="drawn by the test"),
            SourceConfig("templates", "templates.jsonl", weight=0.5),
            SourceConfig("ink", "pen.jsonl", weight=0.2, test_share=0.3),
        ),
        data=str(data),
        characters="sources",
        hold_out_characters="上",
        architecture=TINY,
        size=32,
        margin=2,
        steps=8,
        batch_size=16,
        learning_rate=5e-3,
        warmup_steps=2,
        ema_decay=0.9,
        workers=0,
        threads=1,
        device="cpu",
        bfloat16=False,
        evaluate_every=4,
        components="components.txt",
        limits="A toy of five characters.",
    )
