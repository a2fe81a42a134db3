"""Samples out again, in the form that the path's suffix says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import Lines, draw, fitting_pen
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError
from hccr_desktop.formats.folders import write_picture
from hccr_desktop.formats.gnt import write_gnt
from hccr_desktop.formats.ink_lines import write_ink_lines
from hccr_desktop.formats.inkml import write_inkml


def write_samples(path: Path, samples: Iterable[Sample]) -> int:
    """Write samples and return how many.

    `.gnt` takes all, ink drawn; `.inkml` and `.jsonl` take those with ink; anything else is a new
    folder: ink as JSON lines, pictures as PNG. Raises `InputError` where the folder exists.
    """
    kind = path.suffix.lower()
    if kind == ".gnt":
        return write_gnt(path, (_drawn(sample) for sample in samples))
    if kind in (".inkml", ".jsonl"):
        ink = [sample for sample in samples if isinstance(sample.content, Ink)]
        return write_inkml(path, ink) if kind == ".inkml" else write_ink_lines(path, ink)
    if path.exists():
        raise InputError("{name} exists already.", "Give the name of a new folder.", name=path.name)
    kept = list(samples)
    path.mkdir(parents=True)
    ink = [sample for sample in kept if isinstance(sample.content, Ink)]
    if ink:
        write_ink_lines(path / "ink.jsonl", ink)
    for number, sample in enumerate(kept):
        if isinstance(sample.content, GlyphImage):
            write_picture(path / "pictures", sample.character, f"{number}", sample.content)
    return len(kept)


def _drawn(sample: Sample) -> Sample:
    if isinstance(sample.content, GlyphImage):
        return sample
    lines = Lines.of(sample.content)
    return Sample(sample.character, draw(lines, pen=fitting_pen(lines)), sample.writer, sample.source)
