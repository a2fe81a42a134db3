"""Any file that holds characters → `Sample`s, known by content and not by suffix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import UnreadableFile
from hccr_desktop.files import decoding, open_unpacked, read_bounded
from hccr_desktop.formats.folders import read_folder
from hccr_desktop.formats.gnt import is_gnt, read_gnt
from hccr_desktop.formats.images import decode_images, is_image
from hccr_desktop.formats.ink_lines import read_ink_lines
from hccr_desktop.formats.inkml import read_inkml
from hccr_desktop.formats.inkml_document import is_xml


def read_any(path: Path) -> Iterator[Sample]:
    """Yield the characters of an image (one a page), GNT, InkML or ink-lines file, or a folder.

    Labels are empty where the file states none. Raises `UnreadableFile`, `TooLarge` or
    `InvalidInk`, at the latest when the bad place is reached; never anything else.
    """
    with decoding(path.name or str(path)):
        yield from _read(path)


def _read(path: Path) -> Iterator[Sample]:
    if path.is_dir():
        yield from read_folder(path)
        return
    with open_unpacked(path) as file:
        head = file.read(64)
    if not head:
        raise UnreadableFile("{name} is empty (0 bytes).", "Save or copy it again.", name=path.name)
    if is_image(head):
        for glyph in decode_images(read_bounded(path), path.name):
            yield Sample("", glyph, source=path.name)
    elif is_gnt(head):
        yield from read_gnt(path)
    elif head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from read_ink_lines(path)
    elif is_xml(head):
        yield from read_inkml(path)
    else:
        raise UnreadableFile(
            "{name} is of an unknown kind.",
            "Images, GNT, InkML and ink as JSON lines can be read.",
            name=path.name,
        )
