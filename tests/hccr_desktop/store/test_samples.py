from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
from hccr_desktop.errors import InputError, StorageError
from hccr_desktop.store import samples as store_module
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
    store.relabel({second: "上"})
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

    def broken() -> Iterator[Sample]:
        yield good
        raise InputError("The file ends here.")

    with pytest.raises(InputError):
        store.add_all(broken())
    assert store.all() == []


def test_the_same_sample_does_not_come_in_twice(store: SampleStore) -> None:
    file = [Sample("木", written("木"), "me"), Sample("囍", PICTURE), Sample("木", written("十"))]
    assert len([*store.add_new(file)]) == 3
    assert [*store.add_new(file)] == []
    assert [*store.add_new([Sample("木", written("木")), Sample("囍", PICTURE, "you")])] == []  # whose is not known
    assert len([*store.add_new([Sample("木", written("木"), "you"), Sample("喜", PICTURE)])]) == 2
    assert store.counts() == {"木": 3, "喜": 1, "囍": 1}


def test_a_sample_is_known_by_its_label_as_it_came_and_as_it_is(store: SampleStore) -> None:
    (number,) = [*store.add_new([Sample("本", written("木"))])]
    store.relabel({number: "木"})
    assert [*store.add_new([Sample("本", written("木"))])] == []
    assert [*store.add_new([Sample("木", written("木"))])] == []
    store.remove([number])
    assert len([*store.add_new([Sample("木", written("木"))])]) == 1  # what was removed is not there


def test_names_and_labels_are_kept_as_text(store: SampleStore) -> None:
    bytes_of_a_name = os.fsdecode("手写".encode("gbk"))
    store.add(Sample("か\u3099", written("木"), writer=bytes_of_a_name, source=bytes_of_a_name))
    (stored,) = store.all()
    assert stored.sample.character == "が"
    assert "\ufffd" in stored.sample.source
    store.relabel({stored.id: "は\u309a"})
    store.set_writer({stored.id: bytes_of_a_name})
    assert store.counts() == {"ぱ": 1}


_FIRST = """CREATE TABLE samples (id INTEGER PRIMARY KEY, character TEXT NOT NULL, read_as TEXT NOT NULL,
    writer TEXT NOT NULL, source TEXT NOT NULL, created_at REAL NOT NULL, removed_at REAL, kind TEXT NOT NULL,
    content BLOB NOT NULL); PRAGMA user_version = 1;"""


def _old_store(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.executescript(_FIRST)
        for content in (written("木"), PICTURE):
            connection.execute(
                "INSERT INTO samples VALUES (NULL, '木', '', 'me', 'pad', 1.0, NULL, ?, ?)", _packed(content)
            )
        connection.execute("INSERT INTO samples VALUES (NULL, '十', '', '', '', 1.0, NULL, 'ink', x'00')")
    connection.close()


def test_an_old_store_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite"
    _old_store(path)
    store = SampleStore(path)
    assert [*store.add_new([Sample("木", written("木")), Sample("木", PICTURE)])] == []
    assert [stored.sample.character for stored in store.all()] == ["木", "木"]
    store.close()
    assert len(SampleStore(path).all()) == 2


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "samples.sqlite"
    _old_store(path)
    with monkeypatch.context() as patch:
        first, second = store_module._MIGRATIONS
        patch.setattr(store_module, "_MIGRATIONS", (first, (*second, "INSERT INTO nowhere VALUES (1)")))
        with pytest.raises(StorageError):
            SampleStore(path).all()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert len(connection.execute("PRAGMA table_info(samples)").fetchall()) == 9
    connection.close()
    assert len(SampleStore(path).all()) == 2


def test_two_that_open_an_old_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite"
    _old_store(path)
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda _: len(SampleStore(path).all()), range(8)))
    assert counts == [2] * 8


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


def test_another_program_writes_while_many_samples_come(tmp_path: Path) -> None:
    store, other = SampleStore(tmp_path / "s.sqlite"), SampleStore(tmp_path / "s.sqlite")

    def coming() -> Iterator[Sample]:
        for number in range(1_200):
            if number == 1_100:
                other.add(Sample("中", written("中")))
            yield Sample("木", GlyphImage(np.full((2, 2), number % 256, np.uint8)), f"{number}")

    assert len([*store.add_new(coming())]) == 1_200
    assert store.counts() == {"木": 1_200, "中": 1}


def test_what_was_kept_before_an_error_is_told(tmp_path: Path) -> None:
    store, kept = SampleStore(tmp_path / "s.sqlite"), list[int]()

    def coming() -> Iterator[Sample]:
        yield from (Sample("木", written("木"), f"{number}") for number in range(700))
        raise RuntimeError

    def keep() -> None:
        for number in store.add_new(coming()):
            kept.append(number)

    with pytest.raises(RuntimeError):
        keep()
    assert len(kept) == 500
    assert store.counts() == {"木": 500}


def test_a_store_in_use_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_PATIENCE_S", 0.05)
    store = SampleStore(tmp_path / "s.sqlite")
    store.add(Sample("木", written("木")))
    with contextlib.closing(sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="used by another program"):
            store.add(Sample("木", written("木")))
        other.execute("ROLLBACK")
    store.add(Sample("木", written("木")))
