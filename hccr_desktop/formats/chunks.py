"""PNG's chunks and JPEG's segments: what makes the picture, apart from all else; and what is missing of it.

Text, profiles and notes of makers are left out: a decoder that bounds or parses them fails at files that are sound.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator

_PNG_START = 8
_PNG_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""First column, first row, and their steps, of the passes of an interlaced PNG."""
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_JPEG_PICTURE = (0xE0, 0xEE)
"""Of the application segments those of JFIF, with the density, and of Adobe, with the meaning of the colors."""
_EXIF = b"Exif\0\0"


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
    for left, top, across, down in _PASSES if is_interlaced else ((0, 0, 1, 1),):
        columns, rows = math.ceil((width - left) / across), math.ceil((height - top) / down)
        needed += rows * (1 + math.ceil(columns * bits / 8)) if columns > 0 and rows > 0 else 0
    unpacking = zlib.decompressobj()
    for kind, at, end in _png_chunks(data):
        if kind != b"IDAT":
            continue
        packed = data[at : end - 4]
        if zlib.crc32(packed, zlib.crc32(kind)) != int.from_bytes(data[end - 4 : end], "big"):
            return True
        while packed and needed > 0:
            needed -= len(unpacking.decompress(packed, 2**20))
            packed = unpacking.unconsumed_tail
    return needed > 0


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, beginning and end, checksum included, of the chunks that lie in the file as a whole."""
    at = _PNG_START
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return
        yield kind, at + 8, end
        at = end


def jpeg_picture(data: bytes) -> tuple[bytes, bytes]:
    """Return a JPEG file of what makes the picture, and the EXIF that it has, empty for none."""
    kept, exif, at = [data[:2]], b"", 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == 0xDA or not 0xC0 <= marker <= 0xFE or length < 2:
            break
        segment = data[at : at + 2 + length]
        if segment[4:].startswith(_EXIF):
            exif = exif or segment[4 + len(_EXIF) :]
        elif marker in _JPEG_PICTURE or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
        at += len(segment)
    return b"".join((*kept, data[at:])), exif


def jpeg_with_more(data: bytes) -> bytes:
    """Return a JPEG file with bytes before its end that are without effect, unless a part of the picture is missing."""
    end = data.rfind(b"\xff\xd9")
    return data[:end] + b"\x5a" * 2**16 + data[end:]
