"""PNG's chunks and JPEG's segments: what makes the picture, apart from all else; and what is missing of it.

Text, profiles and notes of makers are left out: a decoder that bounds or parses them fails at files that are sound.
"""

from __future__ import annotations

import itertools
import math
import re
import struct
import zlib
from collections.abc import Iterator

_PNG_START = 8
_PNG_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, and their steps, of the passes of an interlaced PNG."""
_PALETTE = 3
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_SCAN, _INTERVAL, _BASELINE = 0xDA, 0xDD, (0xC0, 0xC1)
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_JPEG_PICTURE = (0xE0, 0xEE)
"""Of the application segments those of JFIF, with the density, and of Adobe, with the meaning of the colors."""
_PADDING = re.compile(rb"\xff+")
_EXIF = b"Exif\0\0"


_MOST_PARTS = 100_000
"""Bound on a file's chunks or segments: 256 MiB in the 8 KiB that are usual are a third of it."""


def png_picture(data: bytes) -> tuple[bytes, bytes]:
    """Return a PNG file of what makes the picture, and the EXIF that it has, empty for none."""
    kept, exif, end = [data[:_PNG_START]], b"", _PNG_START
    for kind, at, end in _png_chunks(data):  # what follows the last one is kept
        if kind in _PNG_PICTURE:
            kept.append(data[at - 8 : end])
        elif kind == b"eXIf":
            exif = data[at : end - 4]
    return b"".join((*kept, data[end:])), exif


def png_is_damaged(data: bytes) -> bool:
    """Tell whether packed pixels differ from their checksum, or end before the last row."""
    width, height, depth, color, _, _, is_interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    bits, needed = depth * _CHANNELS[color], 0
    lacks_colors = color == _PALETTE
    for left, top, across, down in _PASSES if is_interlaced else ((0, 0, 1, 1),):
        columns, rows = math.ceil((width - left) / across), math.ceil((height - top) / down)
        needed += rows * (1 + math.ceil(columns * bits / 8)) if columns > 0 and rows > 0 else 0
    unpacking = zlib.decompressobj()
    for kind, at, end in _png_chunks(data):
        lacks_colors &= kind != b"PLTE"
        if kind != b"IDAT":
            continue
        packed = data[at : end - 4]
        if zlib.crc32(packed, zlib.crc32(kind)) != int.from_bytes(data[end - 4 : end], "big"):
            return True
        for start in range(0, len(packed), 2**16):  # of all at once the rest would be copied again and again
            piece = packed[start : start + 2**16]
            while piece and needed > 0:
                needed -= len(unpacking.decompress(piece, 2**20))
                piece = unpacking.unconsumed_tail
    return needed > 0 or lacks_colors


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, beginning and end, checksum included, of the chunks that lie in the file as a whole."""
    at = _PNG_START
    for _ in range(_MOST_PARTS):
        if at + 12 > len(data):
            return
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return
        yield kind, at + 8, end
        at = end
    raise ValueError("too many chunks")


def jpeg_picture(data: bytes) -> tuple[bytes, bytes]:
    """Return a JPEG file of what makes the picture, and the EXIF that it has, empty for none."""
    kept, exif, at = [data[:2]], b"", 2
    for number in itertools.count():
        if number > _MOST_PARTS:
            raise ValueError("too many segments")
        padding = _PADDING.match(data, at)
        if padding is None or padding.end() + 3 > len(data):
            break
        at = padding.end() - 1
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA or not 0xC0 <= marker <= 0xFE or length < 2:
            break
        segment = data[at : at + 2 + length]
        if segment[4:].startswith(_EXIF):
            exif = exif or segment[4 + len(_EXIF) :]
        elif marker in _JPEG_PICTURE or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
        at += len(segment)
    return b"".join((*kept, data[at:])), exif


def jpeg_lacks_restarts(data: bytes) -> bool:
    """Tell whether a JPEG of one scan that promises restart markers lacks some: decoders make up what lay between."""
    interval = across = down = 0
    parts: list[tuple[int, int]] = []
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            break
        if marker == _INTERVAL:
            interval = int.from_bytes(data[at + 4 : at + 6], "big")
        elif marker in _BASELINE:
            down, across = struct.unpack_from(">HH", data, at + 5)
            parts = [(s >> 4, s & 15) for s in data[at + 11 : at + 2 + length : 3]]
        at += 2 + length
    if not (interval and parts and down and at + 5 < len(data)) or data[at + 4] != len(parts):
        return False
    wide, high = (max(part[side] for part in parts) if len(parts) > 1 else 1 for side in (0, 1))
    units = math.ceil(across / (8 * wide)) * math.ceil(down / (8 * high))
    end = data.find(b"\xff\xd9", at)  # behind it a film or another picture may lie
    found = (mark[1][0] - 0xD0 for mark in _RESTART.finditer(data, at, end if end > 0 else len(data)))
    wanted = [number % 8 for number in range(math.ceil(units / interval) - 1)]
    return [*itertools.islice(found, len(wanted))] != wanted  # some write one more at the end


def jpeg_with_more(data: bytes) -> bytes:
    """Return a JPEG file with bytes before its end that are without effect, unless a part of the picture is missing."""
    end = data.rfind(b"\xff\xd9")
    while end > 0 and data[end - 1] == 0xFF:  # any number of them may stand before a marker (T.81, B.1.1.2)
        end -= 1
    return data[:end] + b"\x5a" * 2**16 + data[end:]
