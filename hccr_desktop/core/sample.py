"""One piece of labeled handwriting."""

from __future__ import annotations

from dataclasses import dataclass

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink


@dataclass(frozen=True)
class Sample:
    """A writing and the character it is; `writer` and `source` are empty where unknown."""

    character: str
    content: Ink | GlyphImage
    writer: str = ""
    source: str = ""
