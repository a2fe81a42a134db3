"""Folders of images named by what they show.

The label is the name of the image's folder where that is a character (`京/1.png`) or a code point
(`U+4EAC/1.png`), otherwise the beginning of the image's own name up to the first space,
underscore or hyphen (`京_03.png`, `U+4EAC-3.png`). Images without a label are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.sample import Sample, clean_label, clean_name
from hccr_desktop.errors import HccrError, UnreadableFile
from hccr_desktop.files import decoding, files_below, written_aside
from hccr_desktop.formats.images import is_image, read_images

_CODE_POINT = re.compile(r"(?:U\+|0x|u)([0-9A-Fa-f]{2,6})")


def label_of(name: str) -> str:
    """Return the character that a name states, composed, or an empty text."""
    match = _CODE_POINT.fullmatch(name)
    if match and int(match[1], 16) <= 0x10FFFF:
        return clean_label(chr(int(match[1], 16)))
    label = clean_label(name)
    return label if len(label) == 1 else ""


def read_folder(folder: Path, *, may_lack: bool = False) -> Iterator[Sample]:
    """Yield the labeled images below a folder, in the order of their paths; hidden ones are passed over.

    A damaged image ends in `UnreadableFile` after the others have been yielded; raises
    `UnreadableFile` too where the folder is missing or, unless it `may_lack` them, holds no labeled image.
    """
    if not folder.is_dir():
        raise UnreadableFile("{name} is not a folder.", "Give a folder of images.", name=folder.name)
    paths, closed = files_below(folder)
    if closed == [folder]:
        raise UnreadableFile("{name} may not be read.", "Check its permissions.", name=folder.name)
    found, bad = 0, [clean_name(path.name) for path in closed]
    for path in paths:
        label = label_of(path.parent.name) if path.parent != folder else ""
        label = label or label_of(re.split(r"[ _-]", path.stem)[0])
        if not label:
            continue
        try:
            with decoding(path.name):
                if not _is_image_file(path):
                    continue
                for glyph in read_images(path):
                    found += 1
                    yield Sample(label, glyph, source=str(path.relative_to(folder)))
        except HccrError:
            bad.append(clean_name(path.name))
    if bad:
        raise UnreadableFile(
            "{count} images could not be read, {first} first.", "Remove or replace them.", count=len(bad), first=bad[0]
        )
    if not found and not may_lack:
        raise UnreadableFile(
            "{name} holds no image named by a character.",
            "Name images or their folders like 京 or U+4EAC.",
            name=folder.name,
        )


def _is_image_file(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return is_image(file.read(16))


def write_picture(folder: Path, character: str, name: str, glyph: GlyphImage) -> None:
    """Write a glyph where `read_folder` finds it: `folder`/U+XXXX/`name`.png, one character; raises `StorageError`."""
    with written_aside(folder / f"U+{ord(character):04X}" / f"{name}.png") as out:
        Image.fromarray(glyph.pixels).save(out, "PNG")
