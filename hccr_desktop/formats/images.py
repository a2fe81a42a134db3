"""Images by content → `GlyphImage`s: PNG, JPEG, BMP, GIF, TIFF (all pages), WebP, JPEG 2000, AVIF, PPM, and HEIC.

The suffix is not looked at. EXIF rotation is applied, transparency becomes paper. A picture of more than `MAX_PIXELS`
is refused before its pixels are unpacked, one that was saved or copied in part as damaged. What does not make the
picture (text, profiles, odd tags) is not given to the decoders, so that it cannot stop them.
"""

from __future__ import annotations

import contextlib
import io
import logging
import math
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError, features

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import HccrError, NoPage, TooLarge, UnreadableFile
from hccr_desktop.files import decoding, read_bounded
from hccr_desktop.formats.chunks import jpeg_lacks_restarts, jpeg_picture, jpeg_with_more, png_is_damaged, png_picture
from hccr_desktop.formats.pixels import glyph_of
from hccr_desktop.formats.tiff import Directory, directories

MAX_PIXELS = 100_000_000
"""Bound on width × height of a page: an A3 page at 600 dpi has 70 million."""

MAX_PAGES = 20_000
"""Bound on a file's pages; the rest is told in `left_out`."""

MAX_BYTES = 4 * MAX_PIXELS
"""Bound on what the pixels of one page take, unpacked."""

_DENSITIES = (20.0, 4800.0)
"""Dots an inch that are believed."""

_MAGICS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"BM": "BMP",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\0\0\0\x0cjP  \r\n\x87\n": "JPEG2000",
    b"\xff\x4f\xff\x51": "JPEG2000",
    **{b"P%c%c" % (number, space): "PPM" for number in b"123456f" for space in b" \t\r\n#"},
}
_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc")
_FEATURES = {"JPEG2000": "jpg_2000", "AVIF": "avif", "WEBP": "webp"}
"""Parts of Pillow that an installation may lack."""
_MOVING = ("GIF", "WEBP", "AVIF", "HEIF")
"""Kinds that may hold several pictures, which are no pages: animations, and series of a camera."""
_TAILED = ("WEBP", "AVIF", "HEIF")
"""Kinds whose picture lies last in the file: a part that was not copied is zeros there, and decoded in silence."""
_LONG_TAIL = 256
_BLANK = 8_000
"""Pixels of blank paper at the foot of a page for which libwebp writes a byte, a zero."""
_PARTS = {"PNG": png_picture, "JPEG": jpeg_picture}
_DEEP_PPM = re.compile(rb"P[36](?:(?:\s|#[^\n]*\n)+\d+){2}(?:\s|#[^\n]*\n)+(?:25[6-9]|2[6-9]\d|[3-9]\d\d|\d{4,5})\s")
"""A PPM of more than 255 shades."""
_PLAIN_PACKINGS = (1, 8, 32946, 32773, 34925)
"""TIFF's compressions that tifffile unpacks by itself: none, Deflate, PackBits, LZMA."""


def kind_of(head: bytes) -> str | None:
    """Return Pillow's name of the kind of image that starts with `head` (16 bytes or more), None for no known one."""
    if head[4:8] == b"ftyp":
        brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(head[3], len(head)), 4))]
        if b"avif" in brands or brands[0] == b"avis":
            return "AVIF"
        return "HEIF" if brands[0] in _HEIF else None
    if head[:4] == b"RIFF":
        return "WEBP" if head[8:12] == b"WEBP" else None
    return next((kind for magic, kind in _MAGICS.items() if head.startswith(magic)), None)


def is_image(head: bytes) -> bool:
    """Tell whether a file that starts with `head` (16 bytes or more) is an image of a known kind."""
    return kind_of(head) is not None


def read_images(path: Path) -> Iterator[GlyphImage]:
    """Yield the pages of an image file; raises `UnreadableFile` or `TooLarge`."""
    return decode_images(read_bounded(path), path.name)


def decode_images(data: bytes, name: str) -> Iterator[GlyphImage]:
    """Yield the pages of an image held in memory; animations give their first frame."""
    image = ImageFile(data, name)
    for number in range(len(image)):
        yield image.page(number)


class ImageFile:
    """An image held in memory; raises `UnreadableFile` or `TooLarge`. Animations have one page, TIFF may have more."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name, self._data, self._exif = name, data, b""
        self.left_out: Sequence[HccrError] = ()
        self._directories: list[Directory] = []
        if not data:
            raise UnreadableFile("{name} is empty (0 bytes).", "Save or copy it again.", name=name)
        kind = kind_of(data[:64])
        if kind is None:
            raise NoPage(
                "{name} is not an image of a known kind.",
                "PNG, JPEG, BMP, GIF, TIFF, WebP, JPEG 2000, AVIF and PPM can be read.",
                name=name,
            )
        _need_reader_of(kind, name)
        self._kind = kind
        with _decoding(name):
            if kind == "TIFF":
                self._find_pages()
                return
            if kind in _PARTS:
                self._data, self._exif = _PARTS[kind](data)
            with _opened(self._data, kind) as image:
                self._exif = self._exif or image.info.get("exif") or b""
                count = _count(image) if kind in _MOVING else 1
        if count > 1:
            self.left_out = (
                NoPage(
                    "Of the {count} pictures in {name} only the first is read.",
                    "Save the others as files of their own.",
                    count=count,
                    name=name,
                ),
            )

    def __len__(self) -> int:
        return len(self._directories) if self._kind == "TIFF" else 1

    def page(self, number: int) -> GlyphImage:
        """Return a page, counted from 0; raises `UnreadableFile` or `TooLarge`."""
        with _decoding(self._name):
            if self._kind == "TIFF":
                page = self._directories[number]
                self._check_size(page.size)
                return _upright(_tiff_page(page, self._name), page.orientation)
            with _opened(self._data, self._kind) as image:
                self._check_size(image.size)
                glyph = _deep(self._kind, self._data) or _glyph(image)
            if _is_damaged(self._kind, self._data):
                raise ValueError("a part is missing")
            return _upright(glyph, _first(self._exif).orientation)

    def text(self, number: int) -> str:
        """Images hold no text."""
        return ""

    def size_pt(self, number: int) -> tuple[float, float] | None:
        """Return a page's width and height in points as its density says, upright; None where none is stated."""
        with _decoding(self._name):
            if self._kind == "TIFF":
                page = self._directories[number]
                return _points(page.size, page.density, page.orientation)
            with _opened(self._data, self._kind) as image:
                exif = _first(self._exif)
                return _points(image.size, image.info.get("dpi") or exif.density, exif.orientation)

    def close(self) -> None:
        """Let go of the image."""
        self._data, self._directories = b"", []

    def _find_pages(self) -> None:
        """Find the pages of a TIFF file: its pictures, but for smaller ones of the same, and masks."""
        found, is_whole = directories(self._data)
        largest = max(math.prod(one.size) for one in found)  # without any it raises, as it should
        self._directories = [one for one in found if not one.is_reduced or math.prod(one.size) == largest]
        if not is_whole or len(self._directories) > MAX_PAGES:
            self._directories = self._directories[:MAX_PAGES]
            self.left_out = (rest_left_out(len(self._directories), self._name),)

    def _check_size(self, size: tuple[int, int]) -> None:
        if math.prod(size) > MAX_PIXELS:
            raise _too_large(self._name)


def rest_left_out(count: int, name: str) -> HccrError:
    """Say that only the first pages of a file are read."""
    return UnreadableFile(
        "Only the first {count} pages of {name} can be read.", "Save it again, or split it.", count=count, name=name
    )


def _too_large(name: str) -> TooLarge:
    return TooLarge(
        "{name} has more than {limit} million pixels.",
        "Crop it, or scan at a lower density.",
        name=name,
        limit=f"{MAX_PIXELS / 1000000.0:.0f}",
    )


def _count(image: Image.Image) -> int:
    """Return how many pictures an image holds, 1 where that cannot be told: it may be cut off behind the first."""
    try:
        return int(getattr(image, "n_frames", 1))
    except Exception:  # noqa: BLE001 - decoders raise many kinds
        return 1


def _need_reader_of(kind: str, name: str) -> None:
    """Raise `UnreadableFile` where the optional reader of a kind is not installed."""
    if kind == "HEIF":
        try:
            import pillow_heif
        except ImportError as error:
            raise UnreadableFile(
                "{name} is a HEIC image, and its reader is not installed.",
                "Save it as JPEG or PNG; beside Python, `pip install pillow-heif` reads it.",
                name=name,
            ) from error
        pillow_heif.register_heif_opener()
    elif kind in _FEATURES and not features.check(_FEATURES[kind]):
        raise UnreadableFile(
            "{name} is of a kind that this installation cannot read ({kind}).",
            "Save it as PNG or JPEG.",
            name=name,
            kind=kind,
        )


@contextlib.contextmanager
def _decoding(name: str) -> Iterator[None]:
    """As `decoding`; warnings of decoders are not for users."""
    with decoding(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error


def _opened(data: bytes, kind: str) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=[kind])


def _glyph(image: Image.Image) -> GlyphImage:
    if image.mode.startswith("I") or image.mode == "F":
        return glyph_of(np.asarray(image))
    if "A" in image.mode.upper() or "transparency" in image.info:
        return GlyphImage.from_array(_as(image, "RGBA"))
    return GlyphImage.from_array(_as(image, "L" if image.mode in ("1", "L") else "RGB"))


def _deep(kind: str, data: bytes) -> GlyphImage | None:
    """Read colors, or gray with opacity, of 16 bits, of which Pillow keeps eight; None for all else.

    Cameras and scanners write 10 or 12 bits into these: the upper eight are dark.
    """
    color = data[25] if kind == "PNG" and data[24] == 16 else 2 if kind == "PPM" and _DEEP_PPM.match(data) else 0
    if color not in (2, 4, 6):
        return None
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    values = np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED))
    if values.ndim != 3 or values.dtype != np.uint16:
        return None
    return glyph_of(np.ascontiguousarray(values[..., [2, 1, 0, *range(3, values.shape[2])]]), has_alpha=color != 2)


def _as(image: Image.Image, mode: str) -> npt.NDArray[np.uint8]:
    return np.asarray(image if image.mode == mode else image.convert(mode))


def _is_damaged(kind: str, data: bytes) -> bool:
    """Tell whether a part of a picture is missing whose decoder makes one up in silence."""
    if kind == "PNG":
        return png_is_damaged(data)
    if kind in _TAILED:
        empty = len(data) - len(data.rstrip(b"\0"))
        with _opened(data, kind) as image:
            blank = image.width * image.height // _BLANK if kind == "WEBP" else 0
        return empty > max(_LONG_TAIL, len(data) // 100, blank)
    return kind == "JPEG" and (
        jpeg_lacks_restarts(data) or not np.array_equal(_shades(data), _shades(jpeg_with_more(data)))
    )


def _shades(jpeg: bytes) -> npt.NDArray[np.uint8]:
    """Return a JPEG's luminance, without the rest."""
    with _opened(jpeg, "JPEG") as image:
        image.draft("L", image.size)
        return np.asarray(image)


# -------------------------------------------------------------------------------------------- TIFF


def _tiff_page(page: Directory, name: str) -> GlyphImage:
    """Read a page: by Pillow what has a byte a channel, or no plain numbers; all else by what knows numbers."""
    if not page.is_whole:
        raise ValueError("a part is missing")
    alone = page.alone()
    meaning, kinds = page.number(262, 1), set(page.numbers(339))
    if meaning not in (0, 1, 2) or (max(page.numbers(258), default=1) <= 8 and kinds <= {1, 4}):
        with contextlib.suppress(UnidentifiedImageError), _opened(alone, "TIFF") as image:
            return _glyph(image)
    values = _numbers(page, alone, name)
    color = 3 if meaning == 2 else 1
    has_alpha = page.number(338, 0) in (1, 2)
    if values.ndim == 3:
        values = values[..., : color + has_alpha]
    return glyph_of(values, has_alpha=has_alpha, ink_is_high=meaning == 0)


def _numbers(page: Directory, alone: bytes, name: str) -> npt.NDArray[Any]:
    """Return a page's numbers, (h, w) or (h, w, channels)."""
    bits, packing, differences = max(page.numbers(258), default=1), page.number(259, 1), page.number(317, 1)
    if math.prod(page.size) * page.number(277, 1) * bits / 8 > MAX_BYTES:
        raise _too_large(name)
    if (
        packing in _PLAIN_PACKINGS
        and bits in (8, 16, 32, 64)
        and (differences == 1 or (differences == 2 and bits < 64))
    ):
        import tifffile

        logging.getLogger("tifffile").setLevel(logging.CRITICAL)
        with tifffile.TiffFile(io.BytesIO(alone)) as file:
            (found,) = file.pages
            values, axes = found.asarray(), found.axes
        while axes[0] not in "YS":
            values, axes = values[0], axes[1:]
        return np.moveaxis(values, 0, 2) if axes[0] == "S" else values
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    read = cv2.imdecode(np.frombuffer(alone, np.uint8), cv2.IMREAD_UNCHANGED) if page.number(284, 1) == 1 else None
    if read is None and bits == 16 and page.numbers(339)[:1] in ((), (1,)):
        with _opened(alone, "TIFF") as image:
            return np.asarray(image)
    if read is None:
        raise UnreadableFile(
            "{name} is damaged, or packed in a way that cannot be read here.", "Save it as PNG or JPEG.", name=name
        )
    values = np.asarray(read)
    if values.ndim == 3 and values.shape[2] > 2:  # from blue to red
        values[..., :3] = values[..., 2::-1].copy()
    return values


# -------------------------------------------------------------------------------- how a picture lies


def _first(exif: bytes) -> Directory:
    """Return EXIF's directory, one without tags where there is none or it is damaged."""
    with contextlib.suppress(ValueError, struct.error, IndexError):
        return directories(exif.removeprefix(b"Exif\0\0"))[0][0]
    return Directory(b"", "<", False, {})


def _upright(glyph: GlyphImage, orientation: int) -> GlyphImage:
    """Turn and mirror a picture that lies as EXIF counts."""
    if orientation == 1:
        return glyph
    pixels = glyph.pixels.T if orientation >= 5 else glyph.pixels
    across, down = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    return GlyphImage(np.ascontiguousarray(pixels[:: -1 if down else 1, :: -1 if across else 1]))


def _points(size: tuple[int, int], density: tuple[float, float] | None, orientation: int) -> tuple[float, float] | None:
    low, high = _DENSITIES
    if density is None or not all(low <= float(dots) <= high for dots in density):
        return None
    width, height = (72 * side / float(dots) for side, dots in zip(size, density, strict=True))
    return (height, width) if orientation >= 5 else (width, height)
