"""Members of zip archives that are packed by bzip2 or LZMA, unpacked piece by piece.

`zipfile` unpacks at once whatever a piece of 4 KiB holds, and that may be gigabytes.
"""

from __future__ import annotations

import bz2
import copy
import io
import lzma
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

_MOST_MEMORY = 256 * 2**20
"""What LZMA may ask for to unpack."""
_PIECE = 2**16


def opened_in_pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """Open a member; what is damaged raises `zipfile.BadZipFile`, `OSError` or `lzma.LZMAError` where it is read."""
    packed = copy.copy(member)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, member.compress_size
    del packed.CRC  # that of the packed bytes nobody knows
    return io.BufferedReader(_Unpacked(archive.open(packed), member), _PIECE)


class _Unpacked(io.RawIOBase):
    def __init__(self, packed: IO[bytes], member: zipfile.ZipInfo) -> None:
        super().__init__()
        self._packed, self._member, self._crc, self._count = packed, member, 0, 0
        self._unpacker: bz2.BZ2Decompressor | lzma.LZMADecompressor
        self._given = b""
        if member.compress_type == zipfile.ZIP_BZIP2:
            self._unpacker = bz2.BZ2Decompressor()
        else:  # APPNOTE.TXT, section 5.8.8: a version, the length of what follows, and the properties of LZMA
            properties = packed.read(4 + 5)[4:]
            self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=_MOST_MEMORY)
            self._given = properties + member.file_size.to_bytes(8, "little")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data = b""
        while not data and not self._unpacker.eof and self._count < self._member.file_size:
            if self._unpacker.needs_input and not self._given:
                self._given = self._packed.read(_PIECE)
                if not self._given:
                    raise zipfile.BadZipFile("the member is cut off")
            data = self._unpacker.decompress(self._given, len(view))
            self._given = b""
        self._crc, self._count = zlib.crc32(data, self._crc), self._count + len(data)
        if not data and (self._crc != self._member.CRC or self._count != self._member.file_size):
            raise zipfile.BadZipFile("the member is damaged")
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._packed.close()
        super().close()
