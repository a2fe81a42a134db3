"""Samples out again, in the form that the path's suffix says."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import PenPath, draw, fitting_pen
from hccr_desktop.core.sample import Sample, some_labels
from hccr_desktop.errors import InputError
from hccr_desktop.files import folder_written_aside
from hccr_desktop.formats.folders import write_picture
from hccr_desktop.formats.gnt import MAX_SIDE, gnt_code, write_gnt
from hccr_desktop.formats.ink_lines import write_ink_lines
from hccr_desktop.formats.inkml import write_inkml


@dataclass(frozen=True)
class Written:
    """How many samples were written, and the labels of those that the form cannot hold."""

    count: int
    left_out: tuple[str, ...] = ()

    @property
    def trouble(self) -> InputError | None:
        """What was left out, as a sentence; None where all were written."""
        if not self.left_out:
            return None
        return InputError(
            "{count} samples were left out, which this form cannot hold: {labels}.",
            "Ink of every label goes into a .jsonl file, pictures of one character into a folder.",
            count=len(self.left_out),
            labels=some_labels(self.left_out),
        )


def write_samples(path: Path, samples: Iterable[Sample]) -> Written:
    """Write samples, and say which were left out.

    `.gnt` takes pictures, and ink as it is drawn, of one character of GBK; `.inkml` and `.jsonl` take ink;
    anything else is a new folder: ink as JSON lines, pictures of one character as PNG. Raises `InputError` where the
    folder exists, or no sample fits: then a file that is there stays. `StorageError` where nothing can be written.
    """
    left_out: list[str] = []

    def fitting(fits: Callable[[Sample], bool]) -> Iterator[Sample]:
        for sample in samples:
            if fits(sample):
                yield sample
            else:
                left_out.append(sample.character)

    def some(fits: Callable[[Sample], bool]) -> Iterator[Sample]:
        found = fitting(fits)
        first = next(found, None)
        if first is None:
            raise Written(0, tuple(left_out)).trouble or InputError(
                "There are no samples to write.", "Collect some first, or show others."
            )
        return itertools.chain([first], found)

    kind = path.suffix.lower()
    if kind == ".gnt":
        count = write_gnt(path, (_drawn(sample) for sample in some(_fits_gnt)))
    elif kind == ".inkml":
        count = write_inkml(path, some(_is_ink))
    elif kind == ".jsonl":
        count = write_ink_lines(path, some(_is_ink))
    else:
        count = _write_folder(path, some(lambda sample: _is_ink(sample) or sample.is_one_character))
    return Written(count, tuple(left_out))


def _write_folder(path: Path, samples: Iterator[Sample]) -> int:
    if path.exists():
        raise InputError("{name} exists already.", "Give the name of a new folder.", name=path.name)
    kept = list(samples)
    with folder_written_aside(path) as aside:
        ink = [sample for sample in kept if _is_ink(sample)]
        if ink:
            write_ink_lines(aside / "ink.jsonl", ink)
        for number, sample in enumerate(kept):
            if isinstance(sample.content, GlyphImage):
                write_picture(aside / "pictures", sample.character, f"{number}", sample.content)
    return len(kept)


def _is_ink(sample: Sample) -> bool:
    return isinstance(sample.content, Ink)


def _fits_gnt(sample: Sample) -> bool:
    if isinstance(sample.content, Ink):
        fits = not sample.content.is_empty
    else:
        fits = max(sample.content.width, sample.content.height) <= MAX_SIDE
    return fits and gnt_code(sample.character) is not None


def _drawn(sample: Sample) -> Sample:
    if isinstance(sample.content, GlyphImage):
        return sample
    lines = PenPath.of(sample.content)
    return replace(sample, content=draw(lines, pen=fitting_pen(lines)))
