"""`hccr recognize`: files in, text or JSON out."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hccr_desktop.cli.common import AT_ONCE, Commands, allowed_of, engine_of, engine_options, positive, say
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import EmptyInk, HccrError, UnreadableFile
from hccr_desktop.files import decoding, files_below
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.scripts import script_of_text

_UNSURE = 0.75
"""A character that is less sure than this may be of a script that is not read."""


def add_to(commands: Commands) -> None:
    """Add the command."""
    recognize = commands.add_parser("recognize", parents=[engine_options()], help="read images, GNT or ink files")
    recognize.add_argument("files", nargs="+", metavar="FILE", help="a file or folder; - is standard input")
    recognize.add_argument("--top", type=positive, default=10, metavar="N", help="candidates a character (default 10)")
    recognize.set_defaults(run=_recognize)


def _recognize(options: argparse.Namespace) -> int:
    engine, networks = engine_of(options), Networks()
    top = min(options.top, len(engine.bundle.charset))
    allowed = allowed_of(options, engine.bundle.charset)
    failed = False
    names = []
    for given in options.files:
        try:
            names += _files(given)
        except HccrError as error:
            failed = True
            say(error.sentence())
    for name in names:
        texts: list[str] = []
        try:
            with _input_path(name) as path:
                for index, (sample, answer) in enumerate(_answers(engine, path, top, allowed)):
                    if isinstance(answer, HccrError):
                        failed = True
                        say(f"{name}, character {index + 1}: {answer.sentence()}")
                    elif options.json:
                        print(json.dumps(_as_json(name, index, sample, answer, networks), ensure_ascii=False))
                    else:
                        texts.append(answer.best.character)
        except HccrError as error:
            failed = True
            say(f"{name}: {error.sentence()}" if name not in str(error) else error.sentence())
        if texts:
            print(f"{name}: {''.join(texts)}" if len(names) > 1 else "".join(texts))
    return 1 if failed else 0


def _files(name: str) -> list[str]:
    """Return the files below a folder, hidden ones left out; a file stands for itself.

    Folders that may not be entered are among them, to be reported. Raises `UnreadableFile` where there are none.
    """
    folder = Path(name)
    if name == "-" or not os.path.isdir(folder):  # noqa: PTH112 - Path's raises for names that are too long
        return [name]
    found, closed = files_below(folder)
    names = [str(path) for path in (*(path for path in found if path.is_file()), *closed)]
    if not names:
        raise UnreadableFile("{name} holds no files.", "Give a file, or a folder of files.", name=name)
    return names


class _input_path:  # noqa: N801 - a context manager
    """Give a path to read from; standard input is put into a temporary file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        if self._name != "-":
            return Path(self._name)
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / "standard input"
        with decoding(path.name), path.open("wb") as file:
            while block := sys.stdin.buffer.read(2**20):
                file.write(block)
        return path

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _answers(
    engine: Engine, path: Path, top: int, allowed: Allowed
) -> Iterator[tuple[Sample, Recognition | HccrError]]:
    """Read a file's characters in batches; a character without ink is answered by its error."""
    samples = read_any(path)
    trouble: HccrError | None = None
    while trouble is None:
        batch: list[Sample] = []
        try:
            for sample in itertools.islice(samples, AT_ONCE):
                batch.append(sample)  # noqa: PERF402 - what came before an error is kept
        except HccrError as error:
            trouble = error
        if not batch:
            break
        try:
            yield from zip(batch, engine.recognize_batch([s.content for s in batch], top, allowed), strict=True)
        except EmptyInk:
            for sample in batch:
                try:
                    yield sample, engine.recognize(sample.content, top, allowed)
                except EmptyInk as error:
                    yield sample, error
    if trouble is not None:
        raise trouble


def _as_json(name: str, index: int, sample: Sample, answer: Recognition, networks: Networks) -> dict[str, Any]:
    content = sample.content
    script = script_of_text([answer])
    if answer.best.probability < _UNSURE:
        script = networks.scripts.foreign((draw(content) if isinstance(content, Ink) else content).pixels) or script
    return {
        "file": name,
        "index": index,
        "text": answer.best.character,
        "script": script,
        "label": sample.character or None,
        "candidates": [{"character": c.character, "probability": round(c.probability, 6)} for c in answer.candidates],
        "ms": round(answer.elapsed_ms, 3),
        "model": answer.model,
    }
