"""What reads pages, as one value: networks, what reads lines with them and the character model, a language model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.subsets import in_subset
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.language import Language
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.lines.whole import WholeLineReader
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.layout import Placed

How = Literal["auto", "cut", "whole"]
"""How lines are read: cut into characters, as wholes, or rows as wholes and columns cut."""


class LineReader(Protocol):
    """Reads lines that were found on pages."""

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line, from its beginning, their boxes in the picture that was given."""


@dataclass(frozen=True, eq=False)
class Readers:
    """What finds lines, reads them and judges the text.

    `digest` stands for all that a page's text depends on besides the page and the user's own layer.
    """

    networks: Networks
    lines: LineReader
    language: Language | None = None
    digest: str = ""


def readers_of(
    engine: Engine, networks: Networks, language: Language | None = None, allowed: Allowed = None, how: How = "auto"
) -> Readers:
    """Return what reads pages; `allowed` are classes of the engine's model."""
    bundles = [engine.bundle, *networks.bundles]
    chosen = "all" if allowed is None else allowed.tobytes().hex()
    parts = [how, chosen, language.digest if language else "", *(bundle.model_sha256 for bundle in bundles)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return Readers(networks, _line_reader(engine, networks, language, allowed, how), language, digest)


def _line_reader(
    engine: Engine, networks: Networks, language: Language | None, allowed: Allowed, how: How
) -> LineReader:
    cut = CutReader(engine, language, allowed=allowed)
    if how == "cut":
        return cut
    lines, known = networks.lines, engine.bundle.charset
    wanted = known.characters if allowed is None else [known[int(i)] for i in np.flatnonzero(allowed)]
    others = [character for character in wanted if character not in lines.bundle.charset]  # a user's own
    whole = WholeLineReader(lines, language, allowed_of(lines.bundle.charset, known, allowed), engine, others)
    return whole if how == "whole" else _RowsAsWholes(whole, cut)


class _RowsAsWholes:
    """Reads rows as wholes and cuts columns, which the recognizer of lines knows less well."""

    def __init__(self, whole: WholeLineReader, cut: CutReader) -> None:
        self._whole, self._cut = whole, cut

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line."""
        rows = iter(self._whole.read([placed for placed in lines if not placed[0].is_vertical]))
        columns = iter(self._cut.read([placed for placed in lines if placed[0].is_vertical]))
        return [next(columns if layout.is_vertical else rows) for layout, _ in lines]


def allowed_of(charset: Charset, known: Charset, allowed: Allowed) -> npt.NDArray[np.bool_]:
    """Return the same choice in another alphabet; the marks that only this one has come with punctuation."""
    if allowed is None:
        allowed = np.ones(len(known), bool)
    marks = any(allowed[i] for i, c in enumerate(known.characters) if in_subset(c, "punctuation"))
    index = (known.index(c) for c in charset.characters)
    return np.array([marks if i is None else allowed[i] for i in index], bool)
