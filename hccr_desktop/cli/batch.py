"""`hccr batch`: files of pages in, text with boxes out, one file a page; goes on where it was stopped."""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import glob
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hccr_desktop.cli.common import Commands, allowed_of, engine_of, engine_options, say
from hccr_desktop.errors import HccrError
from hccr_desktop.files import unreadable, written_aside
from hccr_desktop.formats.documents import DENSITY, open_document, pages_in
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.paths import language_model
from hccr_desktop.store.journal import Journal, digest_of

if TYPE_CHECKING:
    from hccr_desktop.recognize.lines import LineReader

SUMMARY = "summary.json"


def add_to(commands: Commands) -> None:
    """Add the command."""
    batch = commands.add_parser("batch", parents=[engine_options()], help="read pictures of whole pages")
    batch.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="images, PDFs, zip archives of images, folders of them"
    )
    batch.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the texts are written")
    batch.add_argument(
        "--format",
        type=_forms,
        default=("text",),
        metavar="FORMS",
        help=f"what is written of each page, joined by commas (default text): {', '.join(FORMATS)}",
    )
    batch.add_argument("--no-language", action="store_true", help="judge characters without the language model")
    batch.add_argument(
        "--direction",
        choices=("auto", "horizontal", "vertical"),
        default="auto",
        help="rows, columns from the right, or whichever gives the likelier text (default)",
    )
    batch.add_argument(
        "--density", type=int, default=DENSITY, help=f"dots an inch that PDFs are drawn with (default {DENSITY})"
    )
    batch.add_argument("--force", action="store_true", help="read pages again that are done already")
    batch.set_defaults(run=_batch)


def _forms(given: str) -> tuple[str, ...]:
    """Read forms joined by commas."""
    forms = tuple(dict.fromkeys(given.split(",")))
    if unknown := [form for form in forms if form not in FORMATS]:
        raise argparse.ArgumentTypeError(f"“{unknown[0]}” is no form; choose from {', '.join(FORMATS)}")
    return forms


@dataclass
class _Tally:
    """What a batch came to."""

    started: float = field(default_factory=time.monotonic)
    pages: int = 0
    known: int = 0
    characters: int = 0
    confidence: float = 0.0
    failures: list[dict[str, str]] = field(default_factory=list)

    def add(self, characters: int, confidence: float, *, known: bool) -> None:
        self.pages += 1
        self.known += known
        self.characters += characters
        self.confidence += confidence * characters

    def fail(self, where: str, error: HccrError) -> None:
        self.failures.append({"file": where, "reason": error.sentence()})
        say(f"{where}: {error.sentence()}")

    def summary(self) -> dict[str, object]:
        return {
            "pages": self.pages,
            "read_before": self.known,
            "characters": self.characters,
            "mean_confidence": round(self.confidence / max(self.characters, 1), 4),
            "seconds": round(time.monotonic() - self.started, 2),
            "failures": self.failures,
        }


def _batch(options: argparse.Namespace) -> int:
    from hccr_desktop.recognize.language import load_language
    from hccr_desktop.recognize.lines import LineReader

    engine = engine_of(options)
    language = None if options.no_language else load_language(language_model())
    reader = LineReader(engine, language, allowed=allowed_of(options, engine.bundle.charset))
    how = repr(
        (
            engine.bundle.model_sha256,
            options.only,
            options.characters,
            options.no_language,
            options.density,
            options.direction,
        )
    )
    tally, journal = _Tally(), Journal(options.out)
    try:
        for path, target in _targets(options.inputs, options.out):
            try:
                _read_file(path, target, reader, journal, how, options, tally)
            except HccrError as error:
                tally.fail(str(path), error)
            except OSError as error:  # it vanished, or the disk is ill
                tally.fail(str(path), unreadable(path, error))
    finally:
        journal.close()
    summary = tally.summary()
    with written_aside(options.out / SUMMARY) as out:
        out.write(json.dumps(summary, ensure_ascii=False, indent=2).encode())
    if options.json:
        print(json.dumps(summary, ensure_ascii=False))
    known = f" ({tally.known} done before)" if tally.known else ""
    say(
        f"{tally.pages} pages{known}, {tally.characters} characters in {summary['seconds']} s; "
        f"{len(tally.failures)} failures."
    )
    return 1 if tally.failures else 0


def _read_file(
    path: Path,
    target: Path,
    reader: LineReader,
    journal: Journal,
    how: str,
    options: argparse.Namespace,
    tally: _Tally,
) -> None:
    """Read a file's pages that are not done; a page that cannot be read leaves the others."""
    from hccr_desktop.recognize.pages import read_page

    digest = digest_of(path, how)
    with open_document(path, options.density) as document:
        for number in range(1, len(document) + 1):
            own = target if number == 1 else target.with_name(f"{target.name}-{number}")
            outputs = {name: own.with_name(own.name + FORMATS[name][0]) for name in options.format}
            done = [journal.find(path, number, digest, output) for output in outputs.values()]
            if not options.force and (first := done[0]) is not None and all(done):
                tally.add(first.characters, first.confidence, known=True)
                continue
            try:
                picture = document.page(number - 1)
                page = read_page(picture, reader, number, options.direction)
            except HccrError as error:
                tally.fail(f"{path}, page {number}", error)
                continue
            answers = [answer for line in page.lines for answer in line]
            confidence = sum(a.best.probability for a in answers) / max(len(answers), 1)
            created = dt.datetime.now(tz=dt.UTC).replace(microsecond=0, tzinfo=None).isoformat()
            result = PageResult(path.name, number, picture, page.lines, created)
            for name, output in outputs.items():
                _remove_unfinished(output)
                with written_aside(output) as out:
                    out.write(FORMATS[name][1](result))
                journal.note(path, number, digest, output, len(answers), confidence)
            tally.add(len(answers), confidence, known=False)
            if layer := "".join(document.text(number - 1).split()):
                say(f"{path.name}, page {number}: the file itself holds {len(layer)} characters of text")
            named = f"{path.name}, page {number}" if len(document) > 1 else path.name
            say(f"{named}: {len(answers)} characters in {len(page.lines)} lines → {own.name}")


def _remove_unfinished(output: Path) -> None:
    """Remove what a batch that was killed left of this file."""
    for stale in output.parent.glob(f".{glob.escape(output.name)}.*"):
        with contextlib.suppress(OSError):
            stale.unlink()


def _targets(inputs: Sequence[Path], out: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file and where its text goes, without suffix: below `out` as it lay below its folder."""
    found: list[tuple[Path, Path]] = []
    for given in inputs:
        if not given.is_dir():
            found.append((given, Path(given.name)))
            continue
        own = out.resolve()
        inside = (path for path in pages_in(given) if own not in path.resolve().parents)  # not what was written
        found += [(path, path.relative_to(given)) for path in inside]
    stems = Counter(place.with_suffix("") for _, place in found)
    taken: set[Path] = set()
    for path, place in found:
        name = place.stem if stems[place.with_suffix("")] == 1 else place.name
        target, number = out / place.parent / name, 2
        while target in taken:
            target, number = target.with_name(f"{name} ({number})"), number + 1
        taken.add(target)
        yield path, target
