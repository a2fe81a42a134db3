from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hccr_desktop.core.normalize import draw
from hccr_desktop.errors import HccrError, TooLarge, UnreadableFile
from hccr_desktop.formats.folders import label_of, read_folder
from hccr_desktop.formats.images import decode_images, is_image, read_images
from hccr_desktop.formats.reading import read_any
from tests.conftest import written


def picture(mode: str = "L") -> Image.Image:
    return Image.fromarray(draw(written("上")).pixels).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
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


def test_exif_rotation_is_applied() -> None:
    image = Image.new("L", (30, 10), 255)
    exif = Image.Exif()
    exif[0x0112] = 6
    (glyph,) = decode_images(encoded(image, "JPEG", exif=exif), "x.jpg")
    assert (glyph.width, glyph.height) == (10, 30)


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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP"])
def test_a_truncated_image_is_refused(kind: str) -> None:
    data = encoded(picture("RGB").resize((300, 300)), kind)
    with pytest.raises(UnreadableFile):
        list(decode_images(data[: len(data) // 3], "cut"))


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
