"""`hccr serve`: one request after another on standard input, an answer to each on standard output, as JSON lines.

For programs that want writing read without starting anew each time. There is no network in it.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from hccr_desktop.cli.common import Commands, allowed_of, engine_of, engine_options
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.errors import EmptyInk, HccrError, InputError
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import usual_language
from hccr_desktop.recognize.networks import Networks

_MOST_BYTES = 16 * 2**20
"""Of a request."""
_MOST_CHARACTERS = 10_000
"""Of a file that is read character by character."""
_DIRECTIONS = ("auto", "horizontal", "vertical")

Request = dict[str, Any]


def add_to(commands: Commands) -> None:
    """Add the command."""
    serve = commands.add_parser(
        "serve", parents=[engine_options()], help="answer requests on standard input, JSON lines, until it ends"
    )
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    if sys.stdin is None:
        raise InputError("There is no standard input to take requests from.", "Send them by a pipe.")
    server = Server(engine_of(options), lambda engine: allowed_of(options, engine.bundle.charset))
    failed = False
    for answer in answers(sys.stdin.buffer, server.answer):
        failed |= "error" in answer
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


def answers(lines: BinaryIO, answer: Callable[[Request], Request]) -> Iterator[Request]:
    """Yield the answer to each line; one that is no request, or cannot be done, is answered by "error"."""
    while line := lines.readline(_MOST_BYTES + 1):
        name: Any = None
        try:
            _require_short(line, lines)
            if not line.strip():
                continue
            request = _parsed(line)
            name = request.pop("id", None)
            yield {"id": name, **answer(request)}
        except HccrError as error:
            yield {"id": name, "error": error.sentence()}
        except Exception as error:  # noqa: BLE001 - one odd request must not end the others
            yield {"id": name, "error": f"It cannot be read ({error or type(error).__name__})."}


def _require_short(line: bytes, lines: BinaryIO) -> None:
    """Raise `InputError` for a line that is too long, once the rest of it is passed over."""
    if len(line) > _MOST_BYTES:
        while line and not line.endswith(b"\n"):
            line = lines.readline(_MOST_BYTES)
        raise InputError("A request is too long.", "Send at most {most} bytes.", most=f"{_MOST_BYTES:,}")


def _parsed(line: bytes) -> Request:
    try:
        request = json.loads(line, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InputError("A request is no JSON.", "Send one object a line.") from error
    if not isinstance(request, dict):
        raise InputError("A request is no object.", "Send one a line, with strokes, a file or a page in it.")
    return request


def _refused(name: str) -> None:
    """Refuse NaN and Infinity, which are no JSON and could not be answered as such."""
    raise ValueError(name)


def _finite(text: str) -> float:
    """Return a number; raises `ValueError` for one so large, 1e400, that it would be answered as Infinity."""
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


class Server:
    """Answers requests: {"strokes": …}, {"file": …} or {"page": …}, each with its own options."""

    def __init__(self, engine: Engine, allowed: Callable[[Engine], Allowed]) -> None:
        self._engine, self._allowed = engine, allowed(engine)
        self._networks: Networks | None = None
        self._kinds = {"strokes": self._of_strokes, "file": self._of_file, "page": self._of_page}
        self._options = {"strokes": {"top"}, "file": {"top"}, "page": {"direction"}}

    def answer(self, request: Request) -> Request:
        """Answer one request; raises `HccrError`."""
        kinds = [kind for kind in self._kinds if kind in request]
        if len(kinds) != 1:
            raise InputError("A request asks for nothing, or for several things.", "Give strokes, a file or a page.")
        (kind,) = kinds
        unknown = set(request) - {kind} - self._options[kind]
        if unknown:
            raise InputError("A request has unknown keys: {keys}.", keys=", ".join(sorted(map(str, unknown))))
        return self._kinds[kind](request)

    def _of_strokes(self, request: Request) -> Request:
        """Read one character's ink: a list of strokes, each a list of points."""
        strokes = request["strokes"]
        if not isinstance(strokes, list):
            raise InputError("Strokes are no list.", "Give a list of strokes, each a list of points.")
        return _as_json(self._engine.recognize(Ink.from_points(strokes), self._top(request), self._allowed))

    def _of_file(self, request: Request) -> Request:
        """Read the characters of a file, as `hccr recognize` does."""
        found: list[Request] = []
        path = _path(request["file"])
        if path.is_dir():
            raise InputError("{name} is a folder.", "Give a file.", name=path.name)
        samples = read_any(path)
        while True:
            try:
                sample = next(samples, None)
            except HccrError as error:  # what came before it is answered
                if not found:
                    raise
                found.append({"error": error.sentence()})
                break
            if sample is None:
                break
            if len(found) >= _MOST_CHARACTERS:
                raise InputError("The file holds more than {most} characters.", most=f"{_MOST_CHARACTERS:,}")
            try:
                found.append(_as_json(self._engine.recognize(sample.content, self._top(request), self._allowed)))
            except EmptyInk as error:  # the others are read
                found.append({"error": error.sentence()})
        if len(found) == 1 and "error" in found[0]:
            raise EmptyInk
        return {"characters": found}

    def _of_page(self, request: Request) -> Request:
        """Read a file of pages, as `hccr batch --format json` does."""
        from hccr_desktop.formats.documents import open_document
        from hccr_desktop.recognize.pages import read_page
        from hccr_desktop.recognize.readers import readers_of

        direction = request.get("direction", "auto")
        if direction not in _DIRECTIONS:
            raise InputError(
                "{given} is no direction.", "Give one of {known}.", given=direction, known=", ".join(_DIRECTIONS)
            )
        self._networks = self._networks or Networks(self._engine.threads)
        readers = readers_of(self._engine, self._networks, usual_language(), self._allowed)
        path, pages = _path(request["page"]), []
        with open_document(path) as document:
            left_out = [error.sentence() for error in document.left_out]
            for number in range(1, len(document) + 1):
                try:
                    picture = document.page(number - 1)
                except HccrError as error:  # the others are read
                    if len(document) == 1:
                        raise
                    pages.append({"number": number, "error": error.sentence()})
                    continue
                page = read_page(picture, readers, number, direction)
                result = PageResult(path.name, number, picture, page.lines, is_vertical=page.is_vertical)
                lines = FORMATS["json"][1](result).decode("utf-8").split("\n")  # a name may hold other ends of lines
                pages.append(
                    {"number": number, "text": result.text, "characters": [json.loads(line) for line in lines if line]}
                )
        return {"pages": pages, **({"left_out": left_out} if left_out else {})}

    def _top(self, request: Request) -> int:
        top = request.get("top", 10)
        if not isinstance(top, int) or isinstance(top, bool) or top < 1:
            raise InputError("{given} is no number of candidates.", "Give a whole number from 1 on.", given=top)
        return min(top, len(self._engine.bundle.charset))


def _path(given: object) -> Path:
    if not isinstance(given, str) or not given or "\0" in given:
        raise InputError("A file's name is no text.", "Give a path.")
    return Path(given)


def _as_json(answer: Recognition) -> Request:
    return {
        "text": answer.best.character,
        "candidates": [{"character": c.character, "probability": round(c.probability, 6)} for c in answer.candidates],
        "ms": round(answer.elapsed_ms, 3),
    }
