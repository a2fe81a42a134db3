from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import tifffile
from PIL import Image

from hccr_desktop.formats.tiff import directories


def tiff(*sizes: tuple[int, int], is_big: bool = False, order: str = "<") -> bytes:
    """Write a picture of each size (width, height)."""
    out = io.BytesIO()
    with tifffile.TiffWriter(out, bigtiff=is_big, byteorder="<" if order == "<" else ">") as file:
        for width, height in sizes:
            file.write(np.full((height, width), 7, np.uint16), resolution=(300, 150), resolutionunit="INCH")
    return out.getvalue()


def exif(order: str, *entries: tuple[int, int, int, bytes]) -> bytes:
    """Make EXIF of entries: tag, type, count and four bytes."""
    packed = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in entries)
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    return start + struct.pack(f"{order}H", len(entries)) + packed + bytes(4)


@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_directories_tell_sizes_and_densities(order: str, is_big: bool) -> None:
    found, is_whole = directories(tiff((30, 20), (40, 10), order=order, is_big=is_big))
    assert is_whole
    assert [one.size for one in found] == [(30, 20), (40, 10)]
    assert [one.density for one in found] == [(300, 150)] * 2
    assert all(one.is_whole and not one.is_reduced and one.orientation == 1 for one in found)


@pytest.mark.parametrize("is_big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_each_picture_can_be_taken_out(order: str, is_big: bool) -> None:
    for one in directories(tiff((30, 20), (41, 11), order=order, is_big=is_big))[0]:
        with tifffile.TiffFile(io.BytesIO(one.alone())) as file:
            (alone,) = file.pages
            assert isinstance(alone, tifffile.TiffPage)
            assert (alone.imagewidth, alone.imagelength) == one.size
            assert (alone.asarray() == 7).all()
            assert 282 not in alone.tags
        if (is_big, order) != (True, ">"):  # Pillow does not know these
            with Image.open(io.BytesIO(one.alone())) as image:
                assert image.size == one.size


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [0, *range(1, 14), 16, 17, 18, 999])
@pytest.mark.parametrize("count", [0, 1, 2, 2**32 - 1])
def test_orientation_is_told_whatever_its_type(order: str, kind: int, count: int) -> None:
    (found,), _ = directories(exif(order, (274, kind, count, struct.pack(f"{order}HH", 6, 0))))
    assert found.orientation == 6


def test_orientation_is_told_where_its_type_is_another_and_its_value_too() -> None:
    for form, kind in (("<B3x", 1), ("<I", 4), ("<f", 11), (">B3x", 1), (">I", 4)):
        (found,), _ = directories(exif(form[0], (274, kind, 1, struct.pack(form, 6))))
        assert found.orientation == 6
    for value in (0, 9, 65535):
        (found,), _ = directories(exif("<", (274, 3, 1, struct.pack("<HH", value, 0))))
        assert found.orientation == 1


def test_density_is_none_where_its_unit_is() -> None:
    (found,), _ = directories(exif("<", (296, 3, 1, b"\1\0\0\0")))
    assert found.density is None


def test_a_chain_that_ends_nowhere_or_in_itself_gives_what_is_there() -> None:
    data = bytearray(tiff((30, 20), (40, 10)))
    (first,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, first)
    place = first + 2 + 12 * entries
    for following, count in ((10**9, 1), (len(data) - 1, 1), (first, 1)):
        struct.pack_into("<I", data, place, following)
        found, is_whole = directories(bytes(data))
        assert (len(found), is_whole) == (count, False)


def test_pictures_of_which_a_part_is_missing_are_told() -> None:
    out = io.BytesIO()
    tifffile.imwrite(out, np.arange(3_000, dtype=np.uint16).reshape(60, 50), compression="zlib", rowsperstrip=10)
    (whole,), _ = directories(out.getvalue())
    assert whole.is_whole
    fewer = {**whole.entries, 273: struct.pack("<HHII", 273, 4, 2, 8)}
    beyond = {**whole.entries, 273: struct.pack("<HHII", 273, 4, 1, 8), 279: struct.pack("<HHII", 279, 4, 1, 10**6)}
    for entries in (fewer, {**beyond, 278: struct.pack("<HHII", 278, 4, 1, 60)}):
        assert not type(whole)(whole.data, whole.order, whole.is_big, entries).is_whole


def test_what_is_no_tiff_is_refused() -> None:
    for data in (b"", b"II", b"XX*\0", b"II+\0"):
        with pytest.raises((ValueError, struct.error)):
            directories(data)
