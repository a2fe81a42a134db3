"""GNT, the format of the CASIA handwriting databases, plain or zipped.

Records follow each other, little-endian: uint32 record size (10 + width × height), two bytes
of GBK code, uint16 width, uint16 height, then width × height gray bytes, 255 = paper.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import numpy as np

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError, UnreadableFile
from hccr_desktop.files import open_unpacked, written_aside

MAX_SIDE = 4096
"""Bound on a glyph's width and height in pixels."""

_HEADER = struct.Struct("<I2sHH")


def is_gnt(head: bytes) -> bool:
    """Tell whether a file that starts with `head` (10 bytes or more) may be GNT."""
    if len(head) < _HEADER.size:
        return False
    size, _, width, height = _HEADER.unpack_from(head)
    return bool(0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and size == _HEADER.size + width * height)


def read_gnt(path: Path) -> Iterator[Sample]:
    """Yield the samples of a GNT file, plain, gzipped or zipped.

    Raises `UnreadableFile` at the first record that is cut off or lies about its size; what
    came before it has been yielded.
    """
    with open_unpacked(path) as file:
        number = 0
        while header := file.read(_HEADER.size):
            number += 1
            if not is_gnt(header):
                raise UnreadableFile(
                    "{name}: record {number} states sizes that contradict each other.",
                    "The file is damaged or no GNT file.",
                    name=path.name,
                    number=number,
                )
            _, code, width, height = _HEADER.unpack(header)
            pixels = file.read(width * height)
            if len(pixels) < width * height:
                raise UnreadableFile(
                    "{name} is cut off in record {number}.", "Copy or download it again.", name=path.name, number=number
                )
            try:
                character = code.rstrip(b"\0").decode("gbk")
            except UnicodeDecodeError as error:
                raise UnreadableFile(
                    "{name}: record {number} names no GBK character.",
                    "The file is damaged or no GNT file.",
                    name=path.name,
                    number=number,
                ) from error
            glyph = GlyphImage(np.frombuffer(pixels, np.uint8).reshape(height, width))
            yield Sample(character, glyph, source=path.name)


def write_gnt(path: Path, samples: Iterable[Sample]) -> int:
    """Write glyph samples, zipped where `path` ends in .zip; return how many.

    Raises `InputError` for ink, for glyphs over `MAX_SIDE` and for characters outside GBK;
    then no file is left.
    """
    with written_aside(path) as out:
        if path.suffix.lower() != ".zip":
            return _write_records(out, samples)
        name = path.with_suffix("").name
        with (
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(name if name.endswith(".gnt") else f"{name}.gnt", "w", force_zip64=True) as member,
        ):
            return _write_records(member, samples)


def _write_records(out: IO[bytes], samples: Iterable[Sample]) -> int:
    count = 0
    for sample in samples:
        glyph = sample.content
        if not isinstance(glyph, GlyphImage):
            raise InputError("GNT holds pictures, not ink.", "Draw the ink first, or write InkML.")
        if max(glyph.width, glyph.height) > MAX_SIDE:
            raise InputError(
                "A glyph of {width} × {height} px is too large for GNT.", width=glyph.width, height=glyph.height
            )
        try:
            code = sample.character.encode("gbk")
        except UnicodeEncodeError as error:
            raise InputError(
                "{character} is not in GBK, the alphabet of GNT files.",
                "Use a folder of images or InkML for it.",
                character=sample.character,
            ) from error
        if len(code) > 2:
            raise InputError("GNT holds one character a record, not “{character}”.", character=sample.character)
        size = _HEADER.size + glyph.width * glyph.height
        out.write(_HEADER.pack(size, code.ljust(2, b"\0"), glyph.width, glyph.height))
        out.write(glyph.pixels.tobytes())
        count += 1
    return count
