"""`hccr batch`: pictures of whole pages in, text with boxes out, one file a page."""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hccr_desktop.cli.common import Commands, allowed_of, engine_of, engine_options, say
from hccr_desktop.errors import HccrError
from hccr_desktop.files import written_aside
from hccr_desktop.formats.images import pictures_in, read_images
from hccr_desktop.paths import language_model

if TYPE_CHECKING:
    from hccr_desktop.recognize.pages import Page

FORMATS = {"text": ".txt", "json": ".jsonl"}


def add_to(commands: Commands) -> None:
    """Add the command."""
    batch = commands.add_parser("batch", parents=[engine_options()], help="read pictures of whole pages")
    batch.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="images, and folders of them")
    batch.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the texts are written")
    batch.add_argument(
        "--format", choices=FORMATS, default="text", help="text, or JSON lines with boxes and candidates"
    )
    batch.add_argument("--no-language", action="store_true", help="judge characters without the language model")
    batch.set_defaults(run=_batch)


def _batch(options: argparse.Namespace) -> int:
    from hccr_desktop.recognize.language import load_language
    from hccr_desktop.recognize.lines import LineReader
    from hccr_desktop.recognize.pages import read_pages

    engine = engine_of(options)
    language = None if options.no_language else load_language(language_model())
    reader = LineReader(engine, language, allowed=allowed_of(options, engine.bundle.charset))
    started, pages, characters, failures = time.monotonic(), 0, 0, 0
    for path, target in _targets(options.inputs, options.out, FORMATS[options.format]):
        try:
            for page in read_pages(read_images(path), reader):
                own = target if page.number == 1 else target.with_name(f"{target.stem}-{page.number}{target.suffix}")
                with written_aside(own) as out:
                    out.write((page.text + "\n" if options.format == "text" else _as_json(path, page)).encode())
                pages += 1
                characters += sum(map(len, page.lines))
                say(f"{path.name}: {sum(map(len, page.lines))} characters in {len(page.lines)} lines → {own.name}")
        except HccrError as error:
            failures += 1
            say(f"{path}: {error.sentence()}")
    seconds = time.monotonic() - started
    say(f"{pages} pages, {characters} characters in {seconds:.1f} s; {failures} files could not be read.")
    return 1 if failures else 0


def _targets(inputs: list[Path], out: Path, suffix: str) -> Iterator[tuple[Path, Path]]:
    """Yield each picture and the file for its text: named after it, below `out` as it lay below its folder."""
    found: list[tuple[Path, Path]] = []
    for given in inputs:
        if not given.is_dir():
            found.append((given, Path(given.name)))
            continue
        found += [(path, path.relative_to(given)) for path in pictures_in(given)]
    stems = Counter(place.with_suffix("") for _, place in found)
    taken: set[Path] = set()
    for path, place in found:
        name = place.stem if stems[place.with_suffix("")] == 1 else place.name
        target, number = out / place.parent / f"{name}{suffix}", 2
        while target in taken:
            target, number = target.with_name(f"{name} ({number}){suffix}"), number + 1
        taken.add(target)
        yield path, target


def _as_json(path: Path, page: Page) -> str:
    lines = []
    for number, line in enumerate(page.lines, 1):
        for index, answer in enumerate(line, 1):
            candidates = [{"character": c.character, "probability": round(c.probability, 6)} for c in answer.candidates]
            values = {
                "file": path.name,
                "page": page.number,
                "line": number,
                "index": index,
                "text": answer.best.character,
                "box": answer.box,
                "candidates": candidates,
                "model": answer.model,
            }
            lines.append(json.dumps(values, ensure_ascii=False) + "\n")
    return "".join(lines)
