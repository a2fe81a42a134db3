"""Folders of images as they come from other computers: composed names, names in bytes, entries of every kind."""

from __future__ import annotations

import io
import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hccr_desktop.errors import UnreadableFile
from hccr_desktop.formats.folders import label_of, read_folder
from hccr_desktop.formats.reading import read_any


def picture() -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((8, 8), 200, np.uint8)).save(out, "PNG")
    return out.getvalue()


def test_names_in_decomposed_form_are_composed(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "がパ")
    for name in (f"{apart[:2]}/1.png", f"{apart[2:]}_2.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(picture())
    assert sorted(sample.character for sample in read_folder(tmp_path)) == sorted("がパ")
    assert label_of("か\u309a") == ""  # there is no such character in one piece


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on Unix alone")
def test_names_that_are_no_text_are_read_and_told(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xe6\x9c\xa8"  # 木
    Path(os.fsdecode(folder)).mkdir()
    try:
        Path(os.fsdecode(folder + b"/\xca\xd6.png")).write_bytes(picture())
        Path(os.fsdecode(folder + b"/\xd0\xb4.png")).write_bytes(picture()[:40])
    except OSError:
        pytest.skip("this file system keeps text alone")
    reader = read_any(tmp_path)
    sample = next(reader)
    assert sample.character == "木"
    assert sample.source.encode()  # it can be printed and stored
    with pytest.raises(UnreadableFile, match="1 images could not be read") as caught:
        next(reader)
    assert str(caught.value).encode()


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "木.png").write_bytes(picture())
    (tmp_path / "上.png").mkdir()
    (tmp_path / "中.png").symlink_to(tmp_path / "nowhere")
    assert [sample.character for sample in read_folder(tmp_path)] == ["木"]
