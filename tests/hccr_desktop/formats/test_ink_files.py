"""Ink as JSON lines and as InkML."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError, InvalidInk, UnreadableFile
from hccr_desktop.formats.ink_lines import parse_ink_line, read_ink_lines, write_ink_lines
from hccr_desktop.formats.inkml import parse_inkml, read_inkml, write_inkml

_FLOATS = st.floats(-1e5, 1e5, width=32)
_POINTS = st.lists(
    st.tuples(_FLOATS, _FLOATS, st.floats(0, 1e6, width=32), st.floats(0, 1, width=32)), min_size=1, max_size=5
)
_INKS = st.lists(_POINTS.map(lambda p: [list(q) for q in p]), min_size=1, max_size=4).map(Ink.from_points)
_SAMPLES = st.lists(st.builds(Sample, st.sampled_from("一京A&<"), _INKS), min_size=1, max_size=4)

Write = Callable[[Path, Iterable[Sample]], int]
Read = Callable[[Path], Iterator[Sample]]


@pytest.mark.parametrize(("write", "read"), [(write_ink_lines, read_ink_lines), (write_inkml, read_inkml)])
@given(samples=_SAMPLES)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_back(tmp_path: Path, write: Write, read: Read, samples: list[Sample]) -> None:
    path = tmp_path / "ink"
    assert write(path, samples) == len(samples)
    again = list(read(path))
    assert [s.character for s in again] == [s.character for s in samples]
    assert all(a.content == b.content for a, b in zip(again, samples, strict=True))


@pytest.mark.parametrize("write", [write_ink_lines, write_inkml])
def test_pictures_are_refused_and_leave_no_file(tmp_path: Path, write: Write) -> None:
    with pytest.raises(InputError):
        write(tmp_path / "ink", [Sample("一", GlyphImage(np.zeros((2, 2), np.uint8)))])
    assert list(tmp_path.iterdir()) == []


def test_gzipped_lines_are_read_and_blank_ones_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ink.gz"
    path.write_bytes(gzip.compress(b'\n{"char": "a", "writer": 7, "strokes": [[[0, 0], [1, 1]]]}\n\n'))
    (sample,) = read_ink_lines(path)
    assert (sample.character, sample.writer) == ("a", "7")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2 is not JSON"),
        ("[]", "line 2 has no list"),
        ('{"char": "a"}', "line 2 has no list"),
        ('{"char": "a", "strokes": []}', "line 2 has no strokes"),
        ('{"char": "a", "strokes": [[]]}', "line 2"),
        ('{"char": "a", "strokes": [[[0, NaN]]]}', "line 2"),
        ('{"char": "a", "strokes": [[[0, 1e999]]]}', "line 2"),
        ('{"char": "a", "strokes": [["x"]]}', "line 2"),
        ('{"char": 5, "strokes": [[[0, 0]]]}', "not text"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text('{"char": "a", "strokes": [[[0, 0]]]}\n' + line + "\n", encoding="utf-8")
    reader = read_ink_lines(path)
    next(reader)
    with pytest.raises((UnreadableFile, InvalidInk), match=words):
        next(reader)


def test_labels_are_composed(tmp_path: Path) -> None:
    path = tmp_path / "ink.jsonl"
    path.write_text('{"char": "か\\u3099\\ud800", "strokes": [[[0, 0]]]}', encoding="utf-8")
    assert [s.character for s in read_ink_lines(path)] == ["が"]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["char", "strokes", "writer"]), inner),
    max_leaves=20,
)


@given(st.one_of(st.binary(max_size=60), _JSON.map(lambda value: json.dumps({"strokes": value}).encode())))
def test_any_line_is_read_or_refused(line: bytes) -> None:
    with contextlib.suppress(HccrError):
        assert not parse_ink_line(line, "line 1").content.is_empty  # type: ignore[union-attr]


_HEAD = '<ink xmlns="http://www.w3.org/2003/InkML">'


def test_differences_labels_and_foreign_channels_are_understood() -> None:
    document = f"""{_HEAD}<traceFormat><channel name="X"/><channel name="Y"/><channel name="OTx"/>
        <channel name="T" units="s"/></traceFormat>
        <annotation type="truth">永</annotation><trace>1 2 9 0, '1'1 9 '0.5, 2 1 9 0.5, "1"0 9 0</trace></ink>"""
    (sample,) = parse_inkml(document.encode(), "x")
    assert sample.character == "永"
    assert isinstance(sample.content, Ink)
    assert sample.content.strokes[0].points.tolist() == [[1, 2, 0], [2, 3, 500], [4, 4, 1000], [7, 5, 1000]]


def test_each_group_is_a_character() -> None:
    group = '<traceGroup><annotation type="truth">{}</annotation><trace>0 0, 1 1</trace></traceGroup>'
    document = f"{_HEAD}<traceGroup>{group.format('一')}{group.format('二')}</traceGroup></ink>"
    assert [s.character for s in parse_inkml(document.encode(), "x")] == ["一", "二"]


_BOMB = (
    '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>' + _HEAD + "<trace>&c;</trace></ink>"
)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<ink",
        "<html/>",
        _BOMB,
        f"{_HEAD}</ink>",
        f"{_HEAD}<trace></trace></ink>",
        f"{_HEAD}<trace>a b</trace></ink>",
        f"{_HEAD}<trace>1</trace></ink>",
        f"{_HEAD}<trace>1 2 3 4 5</trace></ink>",
        f"{_HEAD}<trace>1e300 2</trace></ink>",
        f'{_HEAD}<traceFormat><channel name="A"/><channel name="B"/></traceFormat><trace>1 2</trace></ink>',
    ],
)
def test_documents_without_usable_ink_are_refused(document: str) -> None:
    with pytest.raises(HccrError) as caught:
        list(parse_inkml(document.encode(), "x.inkml"))
    assert caught.value.hint


def test_empty_strokes_and_what_else_a_pen_tells_are_passed_over() -> None:
    line = b'{"char": "\xe6\x9c\xa8", "strokes": [[[0, 0, 1, 0.5, 30], [9, 9, 2, 0.6, 31]], []]}'
    sample = parse_ink_line(line, "line 1")
    assert isinstance(sample.content, Ink)
    assert [stroke.points.shape for stroke in sample.content.strokes] == [(2, 4)]


def test_a_bad_line_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    good = '{"char": "一", "strokes": [[[0, 0], [5, 0]]]}'
    path.write_text(f'{good}\n{{"char": "二", "strokes": []}}\n{good}\n', encoding="utf-8")
    samples = read_ink_lines(path)
    assert [next(samples).character, next(samples).character] == ["一", "一"]
    with pytest.raises(HccrError, match="line 2"):
        next(samples)
