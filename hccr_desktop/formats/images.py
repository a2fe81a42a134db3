"""Images by content: PNG, JPEG, BMP, GIF, TIFF (all pages), WebP → `GlyphImage`.

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

_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
_MAGICS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_image(head: bytes) -> bool:
    """Tell whether a file that starts with `head` (12 bytes or more) is an image of a known kind."""
    return head.startswith(_MAGICS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def pictures_in(given: Path) -> list[Path]:
    """Return a file itself, or what looks like a picture below a folder, in the order of the paths."""
    if not given.is_dir():
        return [given]
    inside = (path for path in sorted(given.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return [path for path in inside if _looks_like_a_picture(path)]


def _looks_like_a_picture(path: Path) -> bool:
    """Tell a picture by its beginning; one that is empty or cannot be opened counts by its name, to be reported."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        head = b""
    named = path.suffix.lower() in {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
    return is_image(head) or named


def read_images(path: Path) -> Iterator[GlyphImage]:
    """Yield the pages of an image file; raises `UnreadableFile` or `TooLarge`."""
    return decode_images(read_bounded(path), path.name)


def decode_images(data: bytes, name: str) -> Iterator[GlyphImage]:
    """Yield the pages of an image held in memory; animations give their first frame."""
    if not data:
        raise UnreadableFile("{name} is empty (0 bytes).", "Save or copy it again.", name=name)
    if not is_image(data[:16]):
        raise UnreadableFile(
            "{name} is not an image of a known kind.", "PNG, JPEG, BMP, GIF, TIFF and WebP can be read.", name=name
        )
    with _pillow(name):
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    with image:
        with _pillow(name):
            pages = min(getattr(image, "n_frames", 1), MAX_PAGES) if image.format == "TIFF" else 1
        for page in range(pages):
            with _pillow(name):
                image.seek(page)
                glyph = _glyph(image, name)
            yield glyph


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
