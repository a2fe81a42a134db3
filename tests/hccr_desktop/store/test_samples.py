from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import StorageError
from hccr_desktop.store.samples import SampleStore, _packed, _unpacked
from tests.conftest import written

PICTURE = GlyphImage(np.arange(35, dtype=np.uint8).reshape(5, 7))


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    return SampleStore(tmp_path / "deep" / "samples.sqlite")


def test_samples_come_back_as_they_were(store: SampleStore, tmp_path: Path) -> None:
    pen = Ink.from_points([[[0, 0, 0, 0.5], [3, 4, 8, 0.7]], [[1, 1, 20, 0.2]]])
    kept = [Sample("木", written("木"), "me", "pad"), Sample("囍", PICTURE), Sample("木", pen)]
    numbers = [store.add(sample, read_as="本") for sample in kept]
    store.close()
    found = SampleStore(tmp_path / "deep" / "samples.sqlite").all()
    assert [stored.id for stored in found] == numbers
    assert [(s.sample.character, s.sample.writer, s.sample.source) for s in found] == [
        ("木", "me", "pad"),
        ("囍", "", ""),
        ("木", "", ""),
    ]
    assert found[0].sample.content == kept[0].content
    assert isinstance(found[1].sample.content, GlyphImage)
    assert np.array_equal(found[1].sample.content.pixels, PICTURE.pixels)
    assert found[2].sample.content == pen
    assert found[0].read_as == "本"
    assert store.counts() == {"木": 2, "囍": 1}


_STROKE = arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(3, 4)), elements=st.floats(0, 1, width=32))


@given(st.lists(_STROKE))
def test_any_ink_survives_packing(strokes: list[npt.NDArray[np.float32]]) -> None:
    ink = Ink.from_points(strokes)
    assert _unpacked(*_packed(ink)) == ink


def test_removing_relabeling_and_restoring(store: SampleStore) -> None:
    first, second = store.add_all([Sample("木", written("木")), Sample("十", written("十"))])
    store.relabel(second, "上")
    assert store.counts() == {"上": 1, "木": 1}
    store.remove([first])
    assert store.counts() == {"上": 1}
    store.restore([first])
    assert [stored.id for stored in store.all()] == [first, second]
    store.remove([first, second])
    store.forget_removed()
    store.restore([first, second])
    assert store.all() == []


def test_adding_is_all_or_nothing(store: SampleStore) -> None:
    good = Sample("木", written("木"))
    with pytest.raises(StorageError):
        store.add_all([good, Sample(None, written("木"))])  # type: ignore[arg-type]
    assert store.all() == []


@pytest.mark.parametrize("content", [b"no database at all, and long enough to be read as one" * 20, b""])
def test_a_file_that_is_no_store(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "samples.sqlite"
    path.write_bytes(content)
    store = SampleStore(path)
    if content:
        with pytest.raises(StorageError, match="cannot be used"):
            store.all()
        assert path.read_bytes() == content
    else:  # SQLite's own idea of a new file
        assert store.all() == []


def test_a_newer_store_and_damaged_entries(store: SampleStore, tmp_path: Path) -> None:
    store.add(Sample("木", written("木")))
    number = store.add(Sample("十", written("十")))
    store.close()
    with sqlite3.connect(tmp_path / "deep" / "samples.sqlite") as connection:
        connection.execute("UPDATE samples SET content = x'00' WHERE id = ?", (number,))
    connection.close()
    assert [stored.sample.character for stored in store.all()] == ["木"]
    store.close()
    with sqlite3.connect(tmp_path / "deep" / "samples.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        store.all()
