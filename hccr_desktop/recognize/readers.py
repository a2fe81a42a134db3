"""What reads pages, as one value: networks, what reads lines with them and the character model, a language model."""

from __future__ import annotations

import hashlib
import unicodedata
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
from hccr_desktop.recognize.lines.network import LineRecognizer
from hccr_desktop.recognize.lines.paddle import PaddleLines
from hccr_desktop.recognize.lines.whole import PADDLE, WEIGHTS, WholeLineReader
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.layout import Placed

How = Literal["auto", "cut", "whole"]
"""How lines are read: cut into characters, as wholes, or (auto) as wholes, columns cut and stood up."""


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
    rows = "" if how == "cut" else networks.rows.digest
    parts = [how, chosen, rows, language.digest if language else "", *(bundle.model_sha256 for bundle in bundles)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    cut = CutReader(engine, language, allowed=allowed)
    if how == "cut":
        return Readers(networks, cut, language, digest)

    def whole(network: LineRecognizer) -> WholeLineReader:
        known = engine.bundle.charset
        wanted = known.characters if allowed is None else [known[int(i)] for i in np.flatnonzero(allowed)]
        others = [character for character in wanted if character not in network.charset]  # a user's own
        permitted = allowed_of(network.charset, known, allowed)
        if isinstance(network, PaddleLines):
            return WholeLineReader(network, language, permitted, engine, others, PADDLE, cut)
        return WholeLineReader(network, language, permitted, engine, others, WEIGHTS)

    if how == "auto" and isinstance(networks.rows, PaddleLines):
        return Readers(networks, whole(networks.rows), language, digest)
    columns = whole(networks.lines) if how == "whole" else cut
    return Readers(networks, _ByDirection(whole(networks.rows), columns), language, digest)


class _ByDirection:
    """Reads rows and columns in different ways: most recognizers of lines know rows better."""

    def __init__(self, rows: LineReader, columns: LineReader) -> None:
        self._rows, self._columns = rows, columns

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        """Return the characters of each line."""
        rows = iter(self._rows.read([placed for placed in lines if not placed[0].is_vertical]))
        columns = iter(self._columns.read([placed for placed in lines if placed[0].is_vertical]))
        return [next(columns if layout.is_vertical else rows) for layout, _ in lines]


def allowed_of(charset: Charset, known: Charset, allowed: Allowed) -> npt.NDArray[np.bool_]:
    """Return the same choice in another alphabet.

    Of the characters that only this one has, marks come with punctuation and Latin letters with letters; others, such
    as rare Chinese characters, where all characters are allowed.
    """
    chosen = np.ones(len(known), bool) if allowed is None else allowed
    everything = bool(chosen.all())
    marks, letters = (
        any(chosen[i] for i, c in enumerate(known.characters) if in_subset(c, part))
        for part in ("punctuation", "letters")
    )

    def permitted(character: str) -> bool:
        index = known.index(character)
        if index is not None:
            return bool(chosen[index])
        if unicodedata.category(character[0])[0] in "PSN":
            return marks
        return everything or (letters and "LATIN" in unicodedata.name(character[0], ""))

    return np.array([permitted(c) for c in charset.characters], bool)
