"""Any file that holds characters → `Sample`s, known by content and not by suffix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, UnreadableFile
from hccr_desktop.files import MAX_FILE_BYTES, decoding, files_below, open_unpacked, too_large
from hccr_desktop.formats.folders import read_folder
from hccr_desktop.formats.gnt import is_gnt, read_gnt
from hccr_desktop.formats.images import ImageFile, is_image
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


_WRITING = (".jsonl", ".inkml", ".gnt")


def _read_below(folder: Path) -> Iterator[Sample]:
    """Yield what `formats.writing` puts into a folder, and others: ink and GNT, then images named by characters."""
    found = files_below(folder)[0]
    writing = [path for path in found if path.suffix.lower() in _WRITING and path.is_file()]  # no pipe, which waits
    trouble: HccrError | None = None
    for path in writing:
        try:
            yield from read_any(path)
        except HccrError as error:  # the others are read
            trouble = trouble or error
    yield from read_folder(folder, may_lack=bool(writing))
    if trouble is not None:
        raise trouble


def _read(path: Path) -> Iterator[Sample]:
    if path.is_dir():
        yield from _read_below(path)
        return
    with open_unpacked(path) as file:
        head = file.read(64)
        picture = head + file.read(MAX_FILE_BYTES) if is_image(head) else b""
    if not head:
        raise UnreadableFile("{name} is empty (0 bytes).", "Save or copy it again.", name=path.name)
    if len(picture) > MAX_FILE_BYTES:
        raise too_large(path.name)
    if picture:
        image = ImageFile(picture, path.name)
        for number in range(len(image)):
            yield Sample("", image.page(number), source=path.name)
        for error in image.left_out:
            raise error
    elif is_gnt(head):
        yield from read_gnt(path)
    elif head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from read_ink_lines(path)
    elif is_xml(head):
        yield from read_inkml(path)
    else:
        raise UnreadableFile(
            "{name} is of an unknown kind.",
            "Images, GNT, InkML and ink as JSON lines can be read; pages in PDFs and archives by `hccr batch`.",
            name=path.name,
        )
