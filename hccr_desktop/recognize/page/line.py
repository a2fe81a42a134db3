"""Pieces of ink, and the lines of text that they make."""

from __future__ import annotations

from dataclasses import dataclass

from hccr_desktop.core.recognition import Box, around


@dataclass(frozen=True)
class Piece:
    """Connected ink: its numbers in `Layout.labels`, and the box around it."""

    labels: tuple[int, ...]
    box: Box

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.box[3] - self.box[1]


@dataclass(frozen=True)
class Line:
    """A text line: pieces from left to right, and the line's typical size of a character in pixels.

    `walls` are where those of its cells stand, x from the left, on paper with squares. What is `inserted` is small and
    stands over the line before it.
    """

    pieces: tuple[Piece, ...]
    size: float
    walls: tuple[float, ...] = ()
    inserted: bool = False

    @property
    def box(self) -> Box:
        """The box around all pieces."""
        return around([piece.box for piece in self.pieces])
