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
from hccr_desktop.core.sample import Sample, clean_label
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
    """Yield the samples of a GNT file, plain, gzipped or zipped; one whose code is no character has no label.

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
            glyph = GlyphImage(np.frombuffer(pixels, np.uint8).reshape(height, width))
            yield Sample(_character(code), glyph, source=path.name)


def _character(code: bytes) -> str:
    """Return what a record's two bytes name, empty for nothing; ASCII is padded by NUL or space on either side."""
    try:
        label = clean_label(code.decode("gb18030"))
    except UnicodeDecodeError:
        return ""
    return label if len(label) == 1 else ""


def gnt_code(character: str) -> bytes | None:
    """Return the two bytes that name a character in GNT, None for what is not one of GB 18030's two-byte ones."""
    try:
        code = character.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return code.ljust(2, b"\0") if len(character) <= 1 and len(code) <= 2 else None


def write_gnt(path: Path, samples: Iterable[Sample]) -> int:
    """Write glyph samples, zipped where `path` ends in .zip; return how many.

    Raises `InputError` for ink, for glyphs over `MAX_SIDE` and for labels without a `gnt_code`;
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
        code = gnt_code(sample.character)
        if code is None:
            raise InputError(
                "GNT holds one character of GBK a record, not “{character}”.",
                "Use a folder of images or InkML for it.",
                character=sample.character,
            )
        size = _HEADER.size + glyph.width * glyph.height
        out.write(_HEADER.pack(size, code, glyph.width, glyph.height))
        out.write(glyph.pixels.tobytes())
        count += 1
    return count
