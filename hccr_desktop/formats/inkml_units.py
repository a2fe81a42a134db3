"""What belongs together in an InkML document: its groups and views → characters, each a list of (parts of) traces.

A `traceGroup` or `traceView` with strokes of its own is one character; one labeled with a single character takes in
what lies below it unlabeled. Traces outside are one character together. What a labeled group or view shows is not
given again by others that hold the same traces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from hccr_desktop.core.sample import clean_label
from hccr_desktop.errors import TooLarge, UnreadableFile
from hccr_desktop.formats.inkml_document import Document, tag

MAX_PIECES = 300_000
"""Bound on the strokes and groups of a document, those counted again that views show again."""
LABELS = ("truth", "label", "transcription")
_DEEPEST = 64
_PARTS = ("trace", "traceGroup", "traceView")


def annotation(element: Element, kinds: tuple[str, ...]) -> str:
    """Return what an annotation of one of some kinds says, empty where there is none."""
    for child in element:
        if tag(child) == "annotation" and child.get("type", "").lower() in kinds:
            return clean_label(child.text or "")
    return ""


@dataclass(frozen=True, eq=False)
class Piece:
    """A trace, or its points from `start` on and before `stop`."""

    trace: Element
    start: int = 0
    stop: int | None = None

    @property
    def key(self) -> tuple[int, int, int | None]:
        """What tells it from others."""
        return id(self.trace), self.start, self.stop


@dataclass(frozen=True, eq=False)
class Unit:
    """What is one character; `rank` is the lower, the more its file says about it."""

    label: str
    writer: str
    pieces: list[Piece]
    rank: int


class Units:
    """The characters of a document; raises `UnreadableFile` or `TooLarge`."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._visits = 0

    def found(self) -> list[Unit]:
        """Return the characters, in the order of the document, loose traces last; none shows what another does."""
        root = self._document.root
        loose = [self._piece(child) for child in root if tag(child) == "trace"]
        found = []
        for child in root:
            if tag(child) == "traceView" and self._is_stroke(child) and not annotation(child, LABELS):
                loose += self._selected(child)
            elif tag(child) in _PARTS[1:]:
                found += self._units(child, tag(child) == "traceView")
        if loose:
            found.append(Unit("", "", list({piece.key: piece for piece in loose}.values()), 4))
        best: dict[int, int] = {}
        for unit in found:
            for piece in unit.pieces:
                best[id(piece.trace)] = min(unit.rank, best.get(id(piece.trace), unit.rank))
        kept: dict[Any, Unit] = {}
        for unit in found:
            free = [piece for piece in unit.pieces if best[id(piece.trace)] == unit.rank]
            if free:  # a label speaks for all that it stands at
                pieces = unit.pieces if unit.label else free
                kept.setdefault((unit.label, *(p.key for p in pieces)), Unit(unit.label, unit.writer, pieces, 0))
        return list(kept.values())

    def _units(self, node: Element, viewed: bool, depth: int = 0) -> list[Unit]:
        """Return the characters in a group or view."""
        self._check(depth)
        label, writer = annotation(node, LABELS), annotation(node, ("writer",))
        target = self._target(node)
        own: list[Piece] = []
        below: list[Unit] = []
        if self._is_stroke(node):
            own = self._selected(node)
        else:
            for part in _parts(node) if target is None else [target]:
                if tag(part) == "trace" or (self._is_stroke(part) and not annotation(part, LABELS)):
                    own += self._selected(part)
                else:
                    below += self._units(part, viewed or tag(part) == "traceView", depth + 1)
        is_silent = not any(unit.label for unit in below)
        if (
            label
            and below
            and ((len(label) == 1 and (is_silent or target is not None)) or (is_silent and len(below) == 1 and not own))
        ):
            own, below = self._selected(node), []
        rank = (0 if viewed else 1) if len(label) == 1 else 2 if label else 3 if viewed else 4
        return [*below, Unit(label, writer, own, rank)] if own else below

    def _is_stroke(self, node: Element) -> bool:
        """Whether a node is a view of a trace, or of a stated part of something."""
        target = self._target(node)
        return target is not None and (tag(target) == "trace" or bool(node.get("from") or node.get("to")))

    def _target(self, node: Element) -> Element | None:
        reference = node.get("traceDataRef") if tag(node) == "traceView" else None
        return None if reference is None else self._document.referred(reference, *_PARTS)

    def _selected(
        self, node: Element, first: tuple[int, ...] = (), last: tuple[int, ...] = (), depth: int = 0
    ) -> list[Piece]:
        """Return the traces below a node from `first` to `last`: numbers, from 1, of a child, its child and a point."""
        self._check(depth)
        if tag(node) == "trace":
            if max(len(first), len(last)) > 1:
                raise no_part(self._document.name, node)
            return [self._piece(node, first[0] - 1 if first else 0, last[0] if last else None)]
        target = self._target(node)
        if target is not None:
            stated = _numbers(node.get("from")), _numbers(node.get("to"))
            if None in stated or ((first or last) and any(stated)):
                raise no_part(self._document.name, node)
            return self._selected(target, stated[0] or first, stated[1] or last, depth + 1)
        parts = _parts(node)
        low, high = first[0] if first else 1, last[0] if last else len(parts)
        if (first or last) and not 1 <= low <= high <= len(parts):
            raise no_part(self._document.name, node)
        return [
            piece
            for number, part in enumerate(parts[low - 1 : high], low)
            for piece in self._selected(
                part, first[1:] if number == low else (), last[1:] if number == high else (), depth + 1
            )
        ]

    def _piece(self, trace: Element, start: int = 0, stop: int | None = None) -> Piece:
        self._check(0)
        return Piece(trace, start, stop)

    def _check(self, depth: int) -> None:
        self._visits += 1
        if self._visits > MAX_PIECES:
            raise too_large(self._document.name)
        if depth > _DEEPEST:
            raise UnreadableFile(
                "{name} has groups that lie too deep in each other, or refer to themselves.",
                "Export the ink again.",
                name=self._document.name,
            )


def _parts(node: Element) -> list[Element]:
    return [child for child in node if tag(child) in _PARTS]


def _numbers(text: str | None) -> tuple[int, ...] | None:
    """Return the numbers of a place such as 2:5:1, none for no place, None for what is no place."""
    parts = [part.strip() for part in (text or "").split(":")] if text else []
    return tuple(map(int, parts)) if all(p.isdecimal() and len(p) < 10 and int(p) > 0 for p in parts) else None


def no_part(name: str, node: Element) -> UnreadableFile:
    """Say that what a view refers to is not there."""
    return UnreadableFile(
        "{name} refers to a part of a stroke or group that is not there ({where}).",
        "Export the ink again.",
        name=name,
        where=f"{node.get('from', '')}–{node.get('to', '')}"[:60],
    )


def too_large(name: str) -> TooLarge:
    """Say that a document shows too much."""
    return TooLarge("{name} shows more ink than can be read.", "Split it.", name=name)
