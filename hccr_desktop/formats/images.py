"""Images by content: PNG, JPEG, BMP, GIF, TIFF (all pages), WebP, and HEIC with an extra → `GlyphImage`.

The suffix is not looked at. EXIF rotation is applied, transparency becomes paper. A picture of
more than `MAX_PIXELS` is refused before its pixels are unpacked.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.errors import TooLarge, UnreadableFile
from hccr_desktop.files import read_bounded

MAX_PIXELS = 100_000_000
"""Bound on width × height of a page: an A3 page at 600 dpi has 70 million."""

MAX_PAGES = 2_000

_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "HEIF")
_MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_image(head: bytes) -> bool:
    """Tell whether a file that starts with `head` (12 bytes or more) is an image of a known kind."""
    heif = head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis", b"hevc")
    return head.startswith(_MAGICS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or heif


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
        self._name = name
        if not data:
            raise UnreadableFile("{name} is empty (0 bytes).", "Save or copy it again.", name=name)
        if not is_image(data[:16]):
            raise UnreadableFile(
                "{name} is not an image of a known kind.", "PNG, JPEG, BMP, GIF, TIFF and WebP can be read.", name=name
            )
        if data[4:8] == b"ftyp":
            _register_heif(name)
        with _pillow(name):
            self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
            self._count = min(getattr(self._image, "n_frames", 1), MAX_PAGES) if self._image.format == "TIFF" else 1

    def __len__(self) -> int:
        return self._count

    def page(self, number: int) -> GlyphImage:
        """Return a page, counted from 0; raises `UnreadableFile` or `TooLarge`."""
        with _pillow(self._name):
            self._image.seek(number)
            return _glyph(self._image, self._name)

    def text(self, number: int) -> str:
        """Images hold no text."""
        return ""

    def close(self) -> None:
        """Let go of the image."""
        self._image.close()


def _register_heif(name: str) -> None:
    """Let Pillow read HEIC, where the optional reader is installed."""
    try:
        import pillow_heif
    except ImportError as error:
        raise UnreadableFile(
            "{name} is a HEIC image, and its reader is not installed.", "pip install pillow-heif", name=name
        ) from error
    pillow_heif.register_heif_opener()


@contextlib.contextmanager
def _pillow(name: str) -> Iterator[None]:
    """Turn what Pillow raises for bad images into our errors; its warnings are not for users."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Image.DecompressionBombError as error:
            raise _too_large(name) from error
        except (OSError, EOFError, ValueError, SyntaxError, IndexError, MemoryError, TypeError, KeyError) as error:
            raise UnreadableFile("{name} is damaged or cut off.", "Save or copy it again.", name=name) from error


def _too_large(name: str) -> TooLarge:
    return TooLarge(
        "{name} has more than {limit} million pixels.",
        "Crop it, or scan at a lower density.",
        name=name,
        limit=f"{MAX_PIXELS / 1000000.0:.0f}",
    )


def _glyph(image: Image.Image, name: str) -> GlyphImage:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(name)
    page = ImageOps.exif_transpose(image)
    if page.mode.startswith("I;16") or page.mode in ("I", "F"):
        values = np.asarray(page, np.float32)
        low, high = float(values.min()), float(values.max())
        return GlyphImage(((values - low) * (255.0 / max(high - low, 1e-6))).astype(np.uint8))
    has_alpha = "A" in page.mode or "transparency" in page.info
    if has_alpha:
        return GlyphImage.from_array(np.asarray(page.convert("RGBA")))
    if page.mode in ("1", "L"):
        return GlyphImage(np.asarray(page.convert("L")))
    return GlyphImage.from_array(np.asarray(page.convert("RGB")))
