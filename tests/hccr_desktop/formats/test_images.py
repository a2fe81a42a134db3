from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin, features

from hccr_desktop.core.pen import draw
from hccr_desktop.errors import HccrError, TooLarge, UnreadableFile
from hccr_desktop.formats.folders import label_of, read_folder
from hccr_desktop.formats.images import ImageFile, decode_images, is_image, read_images
from hccr_desktop.formats.reading import read_any
from tests.conftest import written


def picture(mode: str = "L") -> Image.Image:
    return Image.fromarray(draw(written("上")).pixels).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


KINDS = ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM"]
KINDS += [kind for kind, part in (("JPEG2000", "jpg_2000"), ("AVIF", "avif")) if features.check(part)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_by_content_whatever_its_suffix(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "图像.txt"
    path.write_bytes(encoded(picture(), kind))
    assert is_image(path.read_bytes()[:16])
    (glyph,) = read_images(path)
    assert np.abs(glyph.pixels.astype(int) - np.asarray(picture()).astype(int)).mean() < 4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "P", "I;16"])
def test_every_color_mode_keeps_the_ink(mode: str) -> None:
    image = picture().convert("RGB").convert(mode) if mode not in ("I;16",) else picture().convert("I").convert("I;16")
    (glyph,) = decode_images(encoded(image, "PNG"), "x.png")
    dark = np.asarray(picture()) < 128
    assert glyph.pixels[dark].mean() + 100 < glyph.pixels[~dark].mean()


def test_all_pages_of_a_tiff_are_given() -> None:
    data = encoded(picture(), "TIFF", save_all=True, append_images=[picture(), picture()])
    assert len(list(decode_images(data, "x.tif"))) == 3


def test_only_the_first_frame_of_an_animation_is_given() -> None:
    data = encoded(picture(), "GIF", save_all=True, append_images=[Image.new("L", (50, 50))])
    assert len(list(decode_images(data, "x.gif"))) == 1


# ------------------------------------------------------------------------------------ how it lies


def with_exif(exif: bytes, kind: str) -> bytes:
    data = encoded(Image.new("L", (30, 10), 255), kind)
    if kind == "JPEG":
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + data[2:]
    chunk = b"eXIf" + exif
    return data[:33] + struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_is_applied(kind: str, orientation: int) -> None:
    if kind not in KINDS:
        pytest.skip("Pillow lacks it")
    image = Image.new("L", (64, 32), 255)
    image.paste(0, (0, 0, 32, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(image, kind, **({"tiffinfo": {274: orientation}} if kind == "TIFF" else {"exif": exif}))
    (glyph,) = decode_images(data, "x")
    corner = {1: (0, 0), 2: (0, 1), 3: (1, 1), 4: (1, 0), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[orientation]
    assert (glyph.width, glyph.height) == ((64, 32) if orientation < 5 else (32, 64))
    dark = glyph.pixels < 128
    down, across = glyph.height // 2, glyph.width // 2
    quarters = [[dark[:down, :across].mean(), dark[:down, across:].mean()], [dark[down:, :across].mean(), 0]]
    quarters[1][1] = dark[down:, across:].mean()
    assert quarters[corner[0]][corner[1]] > 0.9
    assert sum(map(sum, quarters)) < 1.2


@pytest.mark.parametrize("tag", [274, 282, 283, 296, 306, 271, 34665, 34853, 37510, 513, 700])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_sound_picture_is_read_and_turned_whatever_its_exif_confuses(kind: str, tag: int) -> None:
    for wrong in (*range(14), 16, 255):
        for count in (0, 1, 1000, 2**32 - 1):
            entries = {274: (3, 1, b"\6\0\0\0")} | {tag: (wrong, count, b"\6\0\0\0")}
            packed = b"".join(struct.pack("<HHI", t, *e[:2]) + e[2] for t, e in sorted(entries.items()))
            exif = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + packed + bytes(4)
            image = ImageFile(with_exif(exif, kind), "x")
            assert (image.page(0).width, image.page(0).height) == (10, 30)
            assert image.size_pt(0) is None or all(side > 0 for side in image.size_pt(0) or ())


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"nonsense", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"])
def test_exif_that_is_none_is_no_trouble(exif: bytes) -> None:
    assert ImageFile(with_exif(exif, "JPEG"), "x").page(0).width == 30


# ------------------------------------------------------------------------------------ how large it is


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_a_stated_density_tells_the_size_in_points(kind: str) -> None:
    size = ImageFile(encoded(Image.new("L", (600, 150)), kind, dpi=(300, 150)), "x").size_pt(0)
    assert size == pytest.approx((144, 72), rel=0.01)


def test_a_density_of_exif_tells_it_too_and_turning_turns_it() -> None:
    exif = Image.Exif()
    exif[282], exif[283], exif[296], exif[274] = 100.0, 50.0, 3, 6
    size = ImageFile(encoded(Image.new("L", (508, 254)), "WEBP", exif=exif), "x").size_pt(0)
    assert size == pytest.approx((144, 144))
    size = ImageFile(encoded(Image.new("L", (1016, 254)), "WEBP", exif=exif), "x").size_pt(0)
    assert size == pytest.approx((144, 288))


@pytest.mark.parametrize("dpi", [None, (1, 1), (300, 0), (0, 0), (100_000, 100_000)])
def test_a_density_that_nobody_has_tells_nothing(dpi: tuple[int, int] | None) -> None:
    for kind in ("PNG", "JPEG", "TIFF", "GIF", "PPM"):
        options: dict[str, Any] = {"dpi": dpi} if dpi and max(dpi) < 65536 else {}
        assert ImageFile(encoded(Image.new("L", (60, 15)), kind, **options), "x").size_pt(0) is None


# ---------------------------------------------------------------------------------------- TIFF of numbers

PIXELS = np.asarray(picture())
COLORS = np.dstack([PIXELS] * 3)


def tiff(values: npt.NDArray[Any], **options: Any) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, values, **options)
    return out.getvalue()


def assert_is_picture(data: bytes) -> None:
    (glyph,) = decode_images(data, "x.tif")
    assert np.abs(glyph.pixels.astype(int) - PIXELS).mean() < 3


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packing", [None, "zlib"])
@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"])
@pytest.mark.parametrize("lies", ["gray", "inverted", "rgb", "planes", "with opacity"])
def test_a_tiff_of_every_type_of_numbers_is_read(lies: str, dtype: str, packing: str | None, order: str) -> None:
    unit = {"u1": 1, "i1": 0.4, "u2": 257, "i2": 100, "u4": 16843009, "i4": 1000}.get(dtype, 1 / 255)
    shades = {"gray": PIXELS, "inverted": 255 - PIXELS}.get(lies, COLORS)
    if lies == "planes":
        shades = np.moveaxis(COLORS, 2, 0)
    if lies == "with opacity":
        shades = np.dstack([COLORS, np.full_like(PIXELS, 255)])
    options: dict[str, Any] = {"photometric": "rgb"} if shades.ndim == 3 else {}
    options |= {"photometric": "miniswhite"} if lies == "inverted" else {}
    options |= {"planarconfig": "separate"} if lies == "planes" else {}
    options |= {"extrasamples": ["unassalpha"]} if lies == "with opacity" else {}
    values = (shades.astype(float) * unit).astype(dtype)
    assert_is_picture(tiff(values, byteorder=order, compression=packing, **options))
    assert_is_picture(tiff(values, byteorder=order, compression=packing, bigtiff=True, tile=(32, 32), **options))


@pytest.mark.parametrize("stray", [np.nan, np.inf, -np.inf])
def test_a_tiff_of_floats_may_hold_what_is_no_number(stray: float) -> None:
    values = (PIXELS / 255).astype(np.float32)
    values[0, 0] = stray
    assert_is_picture(tiff(values))


def test_twelve_bits_with_a_hot_pixel_are_read() -> None:
    values = PIXELS.astype(np.uint16) * 16
    values[0, 0] = 65535
    assert_is_picture(tiff(values))


def test_lzw_of_numbers_is_read_too() -> None:
    gray = Image.fromarray(PIXELS.astype(np.float32))
    assert_is_picture(encoded(gray, "TIFF", compression="tiff_lzw"))


def test_a_tiff_whose_packing_nobody_knows_says_so() -> None:
    data = bytearray(tiff(PIXELS.astype(np.float32)))
    at = data.index(struct.pack("<HHI", 259, 3, 1))
    struct.pack_into("<H", data, at + 8, 50_001)
    with pytest.raises(UnreadableFile, match="packed in a way that cannot be read here"):
        list(decode_images(bytes(data), "x.tif"))


def test_smaller_pictures_in_a_tiff_are_no_pages() -> None:
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as file:
        file.write(PIXELS[::8, ::8].copy(), subfiletype=1)
        file.write(PIXELS)
        file.write(PIXELS[::2, ::2].copy(), subfiletype=1)
        file.write(PIXELS, subfiletype=2)
    assert [glyph.width for glyph in decode_images(out.getvalue(), "x.tif")] == [PIXELS.shape[1]] * 2
    assert len(list(decode_images(tiff(PIXELS, subfiletype=1), "x.tif"))) == 1


def test_pages_that_a_tiff_does_not_lead_to_are_told() -> None:
    data = bytearray(encoded(picture(), "TIFF", save_all=True, append_images=[picture(), picture()]))
    first = struct.unpack_from("<I", data, 4)[0]
    struct.pack_into("<I", data, first + 2 + 12 * struct.unpack_from("<H", data, first)[0], len(data) + 7)
    image = ImageFile(bytes(data), "x.tif")
    assert len(image) == 1
    assert "Only the first 1 pages of x.tif" in str(image.left_out[0])


# ---------------------------------------------------------------------------- what has nothing to do with it


def test_a_png_with_a_long_text_is_read() -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("x", "y" * 3_000_000, zip=True)
    assert_is_picture(encoded(picture(), "PNG", pnginfo=text))


def test_a_fourth_channel_that_was_never_set_is_no_transparency() -> None:
    unset = np.dstack([COLORS, np.zeros_like(PIXELS)])
    assert_is_picture(encoded(Image.fromarray(unset), "PNG"))
    assert_is_picture(encoded(picture(), "PNG", transparency=255))


def _png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [12_000, 200_000])
def test_a_giant_image_is_refused_before_it_is_unpacked_and_the_bound_is_named(side: int) -> None:
    with pytest.raises(TooLarge, match="100 million pixels") as caught:
        list(decode_images(_png_claiming(side, side), "bomb.png"))
    assert caught.value.hint


@pytest.mark.parametrize("share", [0.1, 0.33, 0.9, 0.99])
@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_image_is_refused(kind: str, share: float) -> None:
    data = encoded(picture("RGB").resize((300, 300)), kind)
    with pytest.raises(UnreadableFile):
        list(decode_images(data[: int(len(data) * share)], "cut"))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_jpeg_that_was_decoded_in_part_is_refused(options: dict[str, object]) -> None:
    data = encoded(picture("RGB").resize((300, 300)), "JPEG", **options)
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(UnreadableFile, match="damaged or cut off"):
            list(decode_images(data[: int(len(data) * share)] + b"\xff\xd9", "cut.jpg"))


def test_a_png_that_ends_well_before_its_last_row_is_refused() -> None:
    data = encoded(picture("L"), "PNG")
    taller = bytearray(data)
    struct.pack_into(">I", taller, 20, picture().height * 2)
    struct.pack_into(">I", taller, 29, zlib.crc32(bytes(taller[12:29])))
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        list(decode_images(bytes(taller), "cut.png"))


@pytest.mark.parametrize("packing", ["raw", "tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits", "group4"])
def test_a_tiff_of_every_packing_is_read_and_refused_where_a_part_is_missing(packing: str) -> None:
    image = picture("1" if packing == "group4" else "L").resize((300, 300))
    data = encoded(image, "TIFF", compression=None if packing == "raw" else packing)
    (glyph,) = decode_images(data, "x.tif")
    assert np.abs(glyph.pixels.astype(int) - np.asarray(image.convert("L")).astype(int)).mean() < 4
    strips = bytearray(data)
    start = struct.unpack_from("<I", data, 4)[0]
    for at in range(start + 2, len(data) - 12, 12):  # the last strip lies behind the file's end
        if struct.unpack_from("<H", data, at)[0] == 273:
            struct.pack_into("<II", strips, at + 4, 1, len(data) - 20)
            break
    with pytest.raises(UnreadableFile, match="damaged or cut off"):
        list(decode_images(bytes(strips), "cut.tif"))


def test_empty_and_foreign_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.png").write_bytes(b"hello, I am no image at all")
    for name, words in (("empty.png", "0 bytes"), ("text.png", "unknown kind"), ("missing.png", "does not exist")):
        with pytest.raises(UnreadableFile, match=words) as caught:
            list(read_any(tmp_path / name))
        assert caught.value.hint


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"BM", b"\xff\xd8\xff"])
)
@settings(deadline=None, max_examples=150)
def test_hostile_bytes_end_in_a_sentence(data: bytes, magic: bytes) -> None:
    try:
        list(decode_images(magic + data, "x"))
    except HccrError as error:
        assert error.hint  # noqa: PT017


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("京", "京"),
        ("U+4EAC", "京"),
        ("u4eac", "京"),
        ("0x41", "A"),
        ("U+D800", ""),
        ("U+FFFFFF", ""),
        ("ab", ""),
        (" ", ""),
    ],
)
def test_names_are_labels(name: str, label: str) -> None:
    assert label_of(name) == label


def test_a_folder_is_read_by_the_names_of_folders_and_files(tmp_path: Path) -> None:
    for name in ("U+4EAC/1.png", "上/x.png", "木_03.png", "U+5341-2.png", "notes.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encoded(picture(), "PNG"))
    (tmp_path / "一.txt").write_text("no image", encoding="utf-8")
    assert sorted(s.character for s in read_folder(tmp_path)) == sorted("京上木十")


def test_a_damaged_image_in_a_folder_is_reported_after_the_good_ones(tmp_path: Path) -> None:
    (tmp_path / "一.png").write_bytes(encoded(picture(), "PNG")[:80])
    (tmp_path / "上.png").write_bytes(encoded(picture(), "PNG"))
    reader = read_folder(tmp_path)
    assert next(reader).character == "上"
    with pytest.raises(UnreadableFile, match="1 images could not be read, 一"):
        next(reader)


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="named by a character"):
        list(read_folder(tmp_path))


# --------------------------------------------------------------------- decoded in part, and never finished


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_jpeg_may_have_fill_bytes_before_its_end(count: int) -> None:
    packed = io.BytesIO()
    Image.effect_noise((80, 60), 60).save(packed, "JPEG")
    data = packed.getvalue()
    assert ImageFile(data[:-2] + b"\xff" * count + data[-2:], "a.jpg").page(0).height == 60
    with pytest.raises(UnreadableFile):
        ImageFile(data[:-600] + b"\xff" * count + data[-2:], "a.jpg").page(0)


def test_a_webp_whose_lower_part_is_blank_is_read() -> None:
    page = Image.new("L", (2480, 3508), 255)
    page.paste(Image.effect_noise((600, 100), 60), (200, 200))
    packed = io.BytesIO()
    page.save(packed, "WEBP", quality=70)
    assert packed.getvalue().endswith(bytes(257))
    assert ImageFile(packed.getvalue(), "a.webp").page(0).height == 3508


def test_a_jpeg_with_restart_markers_is_read_and_refused_where_some_are_lost() -> None:
    data = encoded(Image.fromarray(np.tile(np.asarray(picture()), (4, 2))), "JPEG", restart_marker_rows=1)
    assert len(list(decode_images(data, "x.jpg"))) == 1
    gray = encoded(picture().convert("RGB"), "JPEG", restart_marker_blocks=3, subsampling=2)
    assert len(list(decode_images(gray, "x.jpg"))) == 1
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 20 + data  # as phones put behind a picture
    assert len(list(decode_images(data + film, "x.jpg"))) == 1
    assert len(list(decode_images(data[:-2] + b"\xff\xd7" + data[-2:], "x.jpg"))) == 1
    at = len(data) // 2
    for damaged in (data[:at] + data[at + len(data) // 5 :], data[:at] + bytes(len(data) // 5) + data[at + 300 :]):
        with pytest.raises(UnreadableFile, match="damaged"):
            list(decode_images(damaged, "x.jpg"))


@pytest.mark.parametrize("kind", [kind for kind in ("WEBP", "AVIF") if kind in KINDS])
def test_a_picture_whose_rest_was_not_copied_is_refused(kind: str) -> None:
    rng = np.random.default_rng(1)
    data = encoded(Image.fromarray(rng.integers(0, 256, (120, 120), np.uint8)), kind)
    assert len(list(decode_images(data, "x"))) == 1
    half = data[: len(data) // 2].ljust(len(data), b"\0")
    with pytest.raises(UnreadableFile, match="damaged"):
        list(decode_images(half, "x"))


def test_a_png_without_its_palette_is_refused() -> None:
    data = encoded(picture("P"), "PNG")
    at = data.index(b"PLTE") - 4
    (length,) = struct.unpack_from(">I", data, at)
    with pytest.raises(UnreadableFile, match="damaged"):
        list(decode_images(data[:at] + data[at + 12 + length :], "x.png"))


def _deep_png(values: npt.NDArray[np.uint16]) -> bytes:
    color = {1: 0, 2: 4, 3: 2, 4: 6}[values.shape[2]]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], 16, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("bits", [10, 12, 16])
@pytest.mark.parametrize("channels", [2, 3, 4])
def test_few_bits_in_sixteen_are_read_in_colors_too(bits: int, channels: int) -> None:
    most = 2**bits - 1
    gray = np.asarray(picture()).astype(np.uint32) * most // 255
    values = np.repeat(gray[..., None], channels, axis=2).astype(np.uint16)
    if channels in (2, 4):
        values[..., -1] = most
    (glyph,) = decode_images(_deep_png(values), "x.png")
    assert np.abs(glyph.pixels.astype(int) - np.asarray(picture()).astype(int)).mean() < 8
    if channels == 3:
        plain = b"P6\n# of a camera\n%d %d\n%d\n" % (values.shape[1], values.shape[0], most)
        (glyph,) = decode_images(plain + values.astype(">u2").tobytes(), "x.ppm")
        assert np.abs(glyph.pixels.astype(int) - np.asarray(picture()).astype(int)).mean() < 8


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_countless_empty_parts_is_refused(kind: str) -> None:
    data = encoded(picture(), kind)
    empty = b"\0\0\0\0IDAT" + struct.pack(">I", zlib.crc32(b"IDAT")) if kind == "PNG" else b"\xff\xe1\0\2"
    at = 33 if kind == "PNG" else 2
    with pytest.raises(UnreadableFile, match="damaged"):
        list(decode_images(data[:at] + empty * 150_000 + data[at:], "x"))


def test_what_of_an_image_is_left_out_is_told_after_its_pages(tmp_path: Path) -> None:
    (tmp_path / "x.gif").write_bytes(encoded(picture(), "GIF", save_all=True, append_images=[Image.new("L", (50, 50))]))
    pages = read_any(tmp_path / "x.gif")
    assert next(pages)
    with pytest.raises(HccrError, match="only the first"):
        next(pages)
