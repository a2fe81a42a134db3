"""How well single characters are read among what is no handwriting, at the first look and at all.

    .venv/bin/python -m tests.benchmarks.kinds SCANS [--count N]

SCANS is a GNT file, zipped or not; N of its characters (100 unless given) are put into each kind of picture: printed
frames and squares, a dark table, shadows, noise, specks, a neighbor's strokes, a large sheet, a tiny picture.
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import normalize
from hccr_desktop.errors import EmptyInk
from hccr_desktop.formats.gnt import read_gnt
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from tests.hccr_desktop.recognize import test_second_look as seen

Gray = npt.NDArray[np.uint8]


def on_a_sheet(page: Gray) -> Gray:
    """Return a character of an eighteenth of a sheet's height."""
    sheet = np.full((18 * page.shape[0], 14 * page.shape[1]), 255, np.uint8)
    sheet[9 * page.shape[0] : 10 * page.shape[0], 5 * page.shape[1] : 6 * page.shape[1]] = page
    return sheet


def tiny(page: Gray) -> Gray:
    """Return a picture a quarter as large."""
    size = (max(page.shape[1] // 4, 1), max(page.shape[0] // 4, 1))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)


KINDS: dict[str, Callable[[Gray], Gray]] = {
    "as it is": lambda page: page,
    "framed": seen.framed,
    "squared": seen.squared,
    "on a dark table": seen.on_a_table,
    "in a shadow's edge": seen.in_shadow,
    "in a vignette": seen.in_a_vignette,
    "with noise": seen.with_noise,
    "with specks": seen.with_specks,
    "beside a neighbor": seen.beside_a_neighbor,
    "on a large sheet": on_a_sheet,
    "tiny": tiny,
}


def at_first(engine: Engine, page: Gray) -> str:
    """Return what a picture is at the first look."""
    logits = engine.logits(normalize([GlyphImage(page)], engine.bundle.spec))
    return engine.bundle.charset[int(logits.argmax())]


def measure(read: Callable[[Gray], str], pages: list[tuple[str, Gray]]) -> tuple[float, float]:
    """Return the share of characters that are read, and the milliseconds each takes."""
    right, started = 0, time.process_time()
    for character, page in pages:
        with contextlib.suppress(EmptyInk):
            right += read(page) == character
    return right / len(pages), (time.process_time() - started) * 1e3 / len(pages)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scans", type=Path)
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    samples = [s for s in read_gnt(options.scans) if isinstance(s.content, GlyphImage)]
    chosen = np.random.default_rng(1).choice(len(samples), min(options.count, len(samples)), replace=False)
    pages = []
    for number in chosen.tolist():
        content = samples[number].content
        assert isinstance(content, GlyphImage)
        pages.append((samples[number].character, np.pad(content.pixels, 24, constant_values=255)))
    engine = Engine(Registry().require_active())
    print(f"{len(pages)} characters\n{'kind':20} {'first look':>10} {'all looks':>10} {'ms':>6}")
    for name, kind in KINDS.items():
        made = [(character, np.ascontiguousarray(kind(page))) for character, page in pages]
        first, _ = measure(lambda page: at_first(engine, page), made)
        whole, milliseconds = measure(lambda page: engine.recognize(GlyphImage(page)).best.character, made)
        print(f"{name:20} {first:10.1%} {whole:10.1%} {milliseconds:6.1f}")


if __name__ == "__main__":
    main()
