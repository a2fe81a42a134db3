"""TIFF's structure, which EXIF has too: which pictures a file holds, how they lie and how large they are.

Directories are walked here, not by the decoders, each of which fails at another odd tag: one that does not matter,
one of another type than usual, a chain that ends nowhere. What stands in them is taken for what it can be.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

_TYPES = {1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I"}
_TYPES |= {16: "Q", 17: "q", 18: "Q"}
_ORIENTATION = 274
_MAKES_THE_PICTURE = frozenset(
    (*range(256, 260), 262, 266, 273, *range(277, 280), 284, 292, 293, 317, 320, *range(322, 326), 332, 338, 339, 347)
) | frozenset((*range(512, 522), *range(529, 533)))
"""Tags that say how the pixels are packed and what they mean; those of resolution, names, colors' profiles are not."""
_NOT_PACKED, _OLD_JPEG = 1, 6
_MOST_DIRECTORIES, _MOST_ENTRIES = 20_000, 1_000_000
_LONGEST = 10_000_000
"""Values of one tag that are looked at."""


@dataclass(frozen=True)
class Directory:
    """A directory of tags: `entries` as they lie in `data`, and the byte order that they are in."""

    data: bytes
    order: str
    is_big: bool
    entries: Mapping[int, bytes]

    def numbers(self, tag: int) -> tuple[float, ...]:
        """Return a tag's values, whatever their type; empty where it is missing or they lie outside of the file."""
        entry = self.entries.get(tag)
        if entry is None:
            return ()
        inline = entry[12:] if self.is_big else entry[8:]
        _, kind, count = struct.unpack_from(self.order + ("HHQ" if self.is_big else "HHI"), entry)
        form = self.order + _TYPES.get(kind, "H")
        size = struct.calcsize(form)
        values, count = inline, min(count, _LONGEST)
        if size * count > len(inline):
            (at,) = struct.unpack(self.order + ("Q" if self.is_big else "I"), inline)
            values = self.data[at : at + size * count]
        found = struct.iter_unpack(form, values[: min(len(values) // size, count) * size])
        return tuple((n[0] / n[1] if n[1] else 0.0) if len(n) == 2 else n[0] for n in found)

    def number(self, tag: int, otherwise: float) -> float:
        """Return a tag's first value."""
        return next(iter(self.numbers(tag)), otherwise)

    @property
    def orientation(self) -> int:
        """How the picture lies, 1 to 8 as EXIF counts, 1 for upright; of another type than usual it is told as well."""
        entry = self.entries.get(_ORIENTATION)
        if entry is None:
            return 1
        as_usual = struct.unpack_from(f"{self.order}H", entry, 12 if self.is_big else 8)
        return next((int(n) for n in (*self.numbers(_ORIENTATION)[:1], *as_usual) if n in range(1, 9)), 1)

    @property
    def density(self) -> tuple[float, float] | None:
        """Dots an inch, across and down, None where no unit is told."""
        unit = {2: 1.0, 3: 2.54}.get(int(_finite(self.number(296, 2))))
        across, down = self.number(282, 0), self.number(283, 0)
        return (across * unit, down * unit) if unit else None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, 0 where they are not told."""
        return int(_finite(self.number(256, 0))), int(_finite(self.number(257, 0)))

    @property
    def is_reduced(self) -> bool:
        """Whether it says that it is a smaller picture, or the mask, of another (NewSubfileType, SubfileType)."""
        return bool(int(_finite(self.number(254, 0))) & 5) or self.number(255, 0) == 2

    @property
    def is_whole(self) -> bool:
        """Whether all strips or tiles that the picture needs are told, and lie in the file."""
        width, height = self.size
        bits = self.numbers(258) or (1,)
        planes = len(bits) if self.number(284, 1) == 2 else 1
        is_tiled = 324 in self.entries
        starts, lengths = self.numbers(324 if is_tiled else 273), self.numbers(325 if is_tiled else 279)
        packing = self.number(259, 1)
        if packing == _OLD_JPEG or not starts or not width or not height:
            return True  # it is told otherwise, or the decoder finds that nothing is there
        across = math.ceil(width / max(self.number(322, width), 1)) if is_tiled else 1
        down = math.ceil(height / max(self.number(323 if is_tiled else 278, height), 1))
        if len(starts) < across * down * planes:
            return False
        if packing == _NOT_PACKED:  # lengths are not needed, and often wrong
            return all(starts)
        return all(at and n and at + n <= len(self.data) for at, n in zip(starts, lengths, strict=False))

    def alone(self) -> bytes:
        """Return a file of this picture only, with no more tags than its pixels need."""
        entries = [entry for tag, entry in sorted(self.entries.items()) if tag in _MAKES_THE_PICTURE]
        start = 16 if self.is_big else 8
        at = len(self.data) + len(self.data) % 2
        header = self.data[:8] + struct.pack(f"{self.order}Q", at) if self.is_big else self.data[:4]
        header += b"" if self.is_big else struct.pack(f"{self.order}I", at)
        count = struct.pack(self.order + ("Q" if self.is_big else "H"), len(entries))
        return b"".join((header, self.data[start:].ljust(at - start, b"\0"), count, *entries, bytes(8)))


def directories(data: bytes) -> tuple[list[Directory], bool]:
    """Return the directories of a TIFF file, or of EXIF, and whether their chain comes to its end.

    Raises `ValueError` or `struct.error` where the beginning is none of TIFF's.
    """
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None:
        raise ValueError("no TIFF")
    is_big = struct.unpack_from(f"{order}H", data, 2)[0] == 43
    entry, number, place = (20, "Q", "Q") if is_big else (12, "H", "I")
    (at,) = struct.unpack_from(order + place, data, 8 if is_big else 4)
    found: list[Directory] = []
    seen: set[int] = set()
    entries = 0
    while at and at not in seen and len(found) < _MOST_DIRECTORIES:
        seen.add(at)
        head = struct.calcsize(order + number)
        if at + head > len(data):
            return found, False
        (count,) = struct.unpack_from(order + number, data, at)
        end = at + head + count * entry
        entries += count
        if end > len(data) or entries > _MOST_ENTRIES:
            return found, False
        raw = [data[i : i + entry] for i in range(at + head, end, entry)]
        found.append(Directory(data, order, is_big, {struct.unpack(f"{order}H", one[:2])[0]: one for one in raw}))
        if end + struct.calcsize(order + place) > len(data):
            return found, True  # EXIF of some cameras leaves out that there is no next
        (at,) = struct.unpack_from(order + place, data, end)
    return found, not at


def _finite(number: float) -> float:
    return number if math.isfinite(number) else 0.0
