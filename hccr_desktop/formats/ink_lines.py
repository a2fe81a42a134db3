"""Ink as JSON lines, plain or gzipped: one object a line.

`char`, `strokes` (a list of strokes, each a list of points [x, y], [x, y, t_ms] or
[x, y, t_ms, pressure], y downward) and, where known, `writer`. `char` may be missing where
the file is there to be recognized.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError, InvalidInk, UnreadableFile
from hccr_desktop.files import open_unpacked, written_aside

MAX_LINE_BYTES = 16 * 2**20
"""Bound on one line, far above any handwriting."""


def read_ink_lines(path: Path) -> Iterator[Sample]:
    """Yield the samples of a JSON-lines ink file; blank lines are passed over.

    Raises `UnreadableFile` or `InvalidInk`, naming the first bad line, once the others have been yielded.
    """
    trouble: HccrError | None = None
    with open_unpacked(path) as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES):
            number += 1
            if line.strip():
                try:
                    yield parse_ink_line(line, f"{path.name}, line {number}", path.name)
                except HccrError as error:
                    trouble = trouble or error
    if trouble is not None:
        raise trouble


def parse_ink_line(line: bytes, where: str, source: str = "") -> Sample:
    """Read one line; raises `UnreadableFile` or `InvalidInk` that begin with `where`."""
    try:
        entry: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("{where} is not JSON.", "Each line must be one JSON object.", where=where) from error
    if not isinstance(entry, dict) or not isinstance(entry.get("strokes"), list):
        raise UnreadableFile("{where} has no list of strokes.", "Each line needs `strokes` and `char`.", where=where)
    character = entry.get("char") or ""
    if not isinstance(character, str):
        raise UnreadableFile("{where}: `char` is not text.", where=where)
    try:
        ink = Ink.from_points([_known(stroke) for stroke in entry["strokes"] if stroke != []])
    except HccrError as error:
        raise InvalidInk("{where}: {error}", error.hint, where=where, error=error) from error
    if ink.is_empty:
        raise InvalidInk("{where} has no strokes.", "Leave empty ink out.", where=where)
    writer = entry.get("writer")
    return Sample(character, ink, writer="" if writer is None else str(writer), source=source)


def _known(stroke: Any) -> Any:
    """Return a stroke's x, y, time and pressure: devices that tell more, such as how a pen leans, write more."""
    if isinstance(stroke, list) and all(isinstance(point, list) for point in stroke):
        return [point[:4] for point in stroke]
    return stroke


def write_ink_lines(path: Path, samples: Iterable[Sample]) -> int:
    """Write ink samples, return how many; raises `InputError` for glyphs, then no file is left."""
    count = 0
    with written_aside(path) as out:
        for sample in samples:
            if not isinstance(sample.content, Ink):
                raise InputError("An ink file holds strokes, not pictures.", "Write pictures as GNT or a folder.")
            entry: dict[str, Any] = {"char": sample.character}
            if sample.writer:
                entry["writer"] = sample.writer
            entry["strokes"] = [stroke.points.tolist() for stroke in sample.content.strokes]
            out.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            count += 1
    return count
