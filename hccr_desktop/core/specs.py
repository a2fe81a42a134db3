"""What each kind of network takes: the specification that its bundle's manifest carries, by task."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LineSpec:
    """A recognizer of lines reads strips of `height` pixels, in which a character's size is about `size`.

    Every `step` columns make one answer. What it says of a character comes `late` columns behind the character's
    middle, of a mark `mark_late` (`tests.benchmarks.spikes` measures both). One that reads lines `alone` has learned
    from strips on which is nothing but the line's own handwriting, others from photographs as they are.
    """

    height: int = 64
    step: int = 8
    size: float = 50.0
    late: float = 0.0
    mark_late: float = 0.0
    alone: bool = True

    def __post_init__(self) -> None:
        if not (8 <= self.height <= 256 and 1 <= self.step <= 64 and 8 <= self.size <= 256):
            raise ValueError("no strip of a line")


@dataclass(frozen=True)
class PageSpec:
    """A finder of handwriting takes pages whose sides are multiples of `stride`, with characters of 28 to 52 pixels.

    It says where ink is, and where the middle `band` of lines runs, a share of a character's size.
    """

    stride: int = 32
    band: float = 0.42

    def __post_init__(self) -> None:
        if not (1 <= self.stride <= 256 and 0 < self.band <= 1):
            raise ValueError("no finder of handwriting")


@dataclass(frozen=True)
class ScriptSpec:
    """What names scripts takes pieces of lines, `height` × `width` pixels."""

    height: int = 32
    width: int = 128

    def __post_init__(self) -> None:
        if not (8 <= self.height <= 256 and 8 <= self.width <= 1024):
            raise ValueError("no piece of a line")
