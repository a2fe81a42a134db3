from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from hccr_desktop.formats.chunks import jpeg_picture, jpeg_with_more, png_is_damaged, png_picture

NOISE = Image.fromarray(np.random.default_rng(1).integers(0, 256, (64, 48, 3), dtype=np.uint8))


def encoded(kind: str, image: Image.Image = NOISE, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.tobytes()


def png(height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 7, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_pngs_text_and_profile_are_left_out_and_its_pixels_and_exif_are_not() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("about", "long " * 1_000_000, zip=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded("PNG", pnginfo=text, exif=exif, icc_profile=b"no profile", dpi=(300, 300))
    picture, found = png_picture(data)
    assert found == exif.tobytes()[6:]
    assert not any(kind in picture for kind in (b"zTXt", b"iCCP", b"eXIf"))
    assert pixels(picture) == NOISE.tobytes()
    with Image.open(io.BytesIO(picture)) as image:
        assert round(image.info["dpi"][0]) == 300
    assert png_picture(data[:-20])[0].endswith(data[-40:-20])  # what is cut off stays cut off


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_sound_pngs_are_not_damaged(mode: str) -> None:
    image = NOISE.convert("RGB").convert(mode) if mode != "I;16" else NOISE.convert("I").convert("I;16")
    assert not png_is_damaged(encoded("PNG", image))


def test_pngs_with_too_few_rows_or_another_checksum_are_damaged() -> None:
    assert not png_is_damaged(png(6, bytes(8 * 6)))
    assert png_is_damaged(png(6, bytes(8 * 6 - 1)))
    odd = bytearray(png(6, bytes(8 * 6)))
    odd[odd.index(b"IDAT") + 9] ^= 1
    assert png_is_damaged(bytes(odd))


def test_a_jpegs_notes_are_left_out_and_its_pixels_and_exif_are_not() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded("JPEG", exif=exif, comment=b"no comment", icc_profile=b"no profile", dpi=(300, 300))
    picture, found = jpeg_picture(data)
    assert found == exif.tobytes()[6:]
    assert not any(part in picture for part in (b"Exif", b"no comment", b"no profile"))
    assert pixels(picture) == pixels(data)
    cmyk = encoded("JPEG", NOISE.convert("CMYK"))
    assert pixels(jpeg_picture(cmyk)[0]) == pixels(cmyk)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_more_behind_a_jpeg_shows_only_where_a_part_is_missing(options: dict[str, Any]) -> None:
    data = encoded("JPEG", **options)
    assert pixels(jpeg_with_more(data)) == pixels(data)
    cut = data[: len(data) * 2 // 3] + b"\xff\xd9"
    assert pixels(jpeg_with_more(cut)) != pixels(cut)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\0\0", b"\xff\xd8\xff\xff\xff\xff", b"\x89PNG"]
)
def test_beginnings_that_are_cut_off_stay_what_they_are(data: bytes) -> None:
    assert jpeg_picture(data)[1] == png_picture(data)[1] == b""
