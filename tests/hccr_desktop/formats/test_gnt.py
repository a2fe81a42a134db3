from __future__ import annotations

import contextlib
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError, UnreadableFile
from hccr_desktop.formats.gnt import is_gnt, read_gnt, write_gnt
from hccr_desktop.formats.reading import read_any
from tests.conftest import written

_GLYPHS = arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))).map(GlyphImage)
_SAMPLES = st.lists(st.builds(Sample, st.sampled_from("一京A7，"), _GLYPHS), max_size=6)


@given(samples=_SAMPLES, name=st.sampled_from(["a.gnt", "a.gnt.zip"]))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_back(tmp_path: Path, samples: list[Sample], name: str) -> None:
    assert write_gnt(tmp_path / name, samples) == len(samples)
    read = list(read_gnt(tmp_path / name))
    assert [s.character for s in read] == [s.character for s in samples]
    assert all(a.content == b.content for a, b in zip(read, samples, strict=True))


def _record(size: int | None = None, width: int = 2, height: int = 3, code: bytes = b"\xbe\xa9") -> bytes:
    true_size = 10 + width * height
    header = struct.pack("<I2sHH", true_size if size is None else size, code, width, height)
    return header + bytes(width * height)


def test_a_record_is_laid_out_as_casia_does(tmp_path: Path) -> None:
    path = tmp_path / "a.gnt"
    path.write_bytes(_record())
    (sample,) = read_gnt(path)
    assert sample.character == "京"
    assert isinstance(sample.content, GlyphImage)
    assert sample.content.pixels.shape == (3, 2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_record() + _record(size=17), "record 2 states sizes"),
        (_record(size=2**32 - 1), "record 1 states sizes"),
        (_record(width=0, height=5), "record 1 states sizes"),
        (_record() + _record()[:-1], "cut off in record 2"),
        (_record() + b"\x10\x00", "record 2 states sizes"),
        (struct.pack("<I2sHH", 10 + 65535 * 65535, b"\xbe\xa9", 65535, 65535), "record 1 states sizes"),
    ],
)
def test_records_that_lie_are_named_and_the_good_ones_before_are_given(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "bad.gnt"
    path.write_bytes(data)
    reader = read_gnt(path)
    with pytest.raises(UnreadableFile, match=words) as caught:
        for _ in reader:
            pass
    assert caught.value.hint


@pytest.mark.parametrize(
    ("code", "character"),
    [
        (b"A\0", "A"),
        (b"\0A", "A"),
        (b"A ", "A"),
        (b" A", "A"),
        (b"\xbe\xa9", "京"),
        (b"\xa8\xbf", "ǹ"),  # of GB 18030, not of GBK
        (b"\xff\xff", ""),
        (b"\0\0", ""),
        (b"AB", ""),
        (b"\xa1\xa1", ""),
    ],
)
def test_a_code_that_names_nothing_costs_its_label_alone(tmp_path: Path, code: bytes, character: str) -> None:
    path = tmp_path / "a.gnt"
    path.write_bytes(_record(code=code) + _record())
    assert [sample.character for sample in read_gnt(path)] == [character, "京"]


@given(st.binary(max_size=60), st.integers(0, 100))
def test_any_records_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.gnt"
    whole = _record() + _record(width=5) + _record()
    for data in (noise, whole[:at] + noise + whole[at:], whole[:at] + noise + whole[at + len(noise) :]):
        path.write_bytes(data)
        with contextlib.suppress(HccrError):
            list(read_gnt(path))
        with contextlib.suppress(HccrError):
            list(read_any(path))


def test_damaged_and_crowded_archives_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    write_gnt(whole, [Sample("一", GlyphImage(np.arange(200, dtype=np.uint8).reshape(10, 20)))] * 50)
    (tmp_path / "cut.zip").write_bytes(whole.read_bytes()[:60])
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.gnt", _record())
        archive.writestr("b.gnt", _record())
    with pytest.raises(UnreadableFile, match="damaged archive"):
        list(read_gnt(tmp_path / "cut.zip"))
    with pytest.raises(UnreadableFile, match="holds 2 files"):
        list(read_gnt(tmp_path / "two.zip"))


@pytest.mark.parametrize(
    "sample", [Sample("垅𠮷"[1], GlyphImage(np.zeros((1, 1), np.uint8))), Sample("一", written("一"))]
)
def test_what_gnt_cannot_hold_is_refused_and_leaves_no_file(tmp_path: Path, sample: Sample) -> None:
    with pytest.raises(InputError):
        write_gnt(tmp_path / "a.gnt", [Sample("一", GlyphImage(np.zeros((2, 2), np.uint8))), sample])
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=16))
def test_any_head_is_judged(head: bytes) -> None:
    assert is_gnt(head) in (True, False)
