"""The collection: filters, changes with their undo, odd samples; collecting sessions; models side by side."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample, held_out
from hccr_desktop.errors import InputError, UnreadableFile
from hccr_desktop.formats.ink_lines import write_ink_lines
from hccr_desktop.formats.reading import read_any
from hccr_desktop.formats.sheet import new_sheet
from hccr_desktop.formats.writing import Written
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import load_language
from hccr_desktop.recognize.models import Registry
from hccr_desktop.rooms.collecting import SECONDS, Pace, Session, asked_for, load_session, minutes, most_common
from hccr_desktop.rooms.models import ancestry, compare, milliseconds
from hccr_desktop.rooms.samples import Collection, Filter, export
from hccr_desktop.rooms.training import PLANS, Diary
from hccr_desktop.store.samples import SampleStore
from tests.conftest import WRITTEN, written
from tests.hccr_desktop.formats.test_sheet import printed, scanned


@pytest.fixture
def collection() -> Collection:
    store = SampleStore(paths.sample_store())
    for character in WRITTEN:
        store.add(Sample(character, written(character), writer="a", source="pad"), read_as=character)
    store.add(Sample("木", written("木"), writer="b", source="collected"), read_as="本")
    store.add(Sample("中", written("上"), source="pad"), read_as="上")  # mislabeled
    made = Collection(store)
    made.load()
    return made


def labels(collection: Collection) -> str:
    return "".join(s.sample.character for s in collection.shown)


def test_filters(collection: Collection) -> None:
    assert collection.count == 7
    assert collection.writers == ["", "a", "b"]
    collection.filter = Filter(characters="木中")
    assert labels(collection) == "中中木木"
    collection.filter = Filter(writer="b")
    assert labels(collection) == "木"
    collection.filter = Filter(source="collected")
    assert labels(collection) == "木"
    assert collection.confused() == ["木", "中"]


def test_a_filter_for_what_is_no_longer_there_hides_nothing(collection: Collection) -> None:
    collection.filter = Filter(writer="b", source="collected", characters="木")
    collection.set_writer([s.id for s in collection.shown], "c")
    assert collection.filter == Filter(source="collected", characters="木")
    collection.remove([s.id for s in collection.shown])
    assert collection.filter == Filter(characters="木")


def test_of_scanned_sheets_a_damaged_page_leaves_the_others(collection: Collection, tmp_path: Path) -> None:
    made = new_sheet("木上", paths.sheets())
    scan = scanned(printed(made, 0, "木上"), 0, 0.2)
    with zipfile.ZipFile(tmp_path / "scans.zip", "w") as archive:
        scan.save(tmp_path / "1.png")
        archive.write(tmp_path / "1.png", "2.png")
        archive.writestr("1.png", (tmp_path / "1.png").read_bytes()[:9_000])
    taken = collection.add_sheets(tmp_path / "scans.zip", "me")
    assert len(taken.numbers) == 2
    assert "1.png" in str(taken.error)
    assert collection.count == 9
    collection.undo()
    assert collection.count == 7


def test_every_change_is_taken_back(collection: Collection) -> None:
    before = [(s.id, s.sample.character, s.sample.writer) for s in collection.shown]
    numbers = [s.id for s in collection.shown[:3]]
    collection.remove(numbers)
    collection.relabel([s.id for s in collection.shown[:2]], "末")
    collection.set_writer([s.id for s in collection.shown], "c")
    assert collection.writers == ["c"]
    assert collection.count == 4
    while collection.can_undo:
        collection.undo()
    assert [(s.id, s.sample.character, s.sample.writer) for s in collection.shown] == before
    with pytest.raises(InputError):
        collection.relabel(numbers, "两个")


def test_odd_samples_are_found(collection: Collection) -> None:
    engine = Engine(Registry().active(), 1)
    assert collection.look_again(engine) == 1
    (number,) = collection.odd
    assert collection.odd[number] == "上"
    collection.filter = Filter(odd_only=True)
    assert labels(collection) == "中"
    assert collection.look_again(engine, on=lambda _done, _all: False) == 0


@pytest.mark.parametrize("name", ["out.jsonl", "out.inkml", "out.gnt", "folder"])
def test_samples_go_out_and_come_back(collection: Collection, tmp_path: Path, name: str) -> None:
    assert export(collection.shown, tmp_path / name) == Written(7)
    source = tmp_path / name / "ink.jsonl" if name == "folder" else tmp_path / name
    taken = collection.add(source)
    is_drawn = name == "out.gnt"  # pictures are not what is there; GNT names no writer, so two are the same
    assert (len(taken.numbers), taken.known) == ((6, 1) if is_drawn else (0, 7))
    assert collection.count == (13 if is_drawn else 7)
    assert "there already" in taken.notes[0].sentence()
    collection.remove([s.id for s in collection.shown])
    before = collection.count
    assert len(collection.add(source).numbers) == (6 if is_drawn else 7)
    collection.undo()
    assert collection.count == before


def test_what_does_not_come_in_is_told(collection: Collection, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [Sample("木", written("木")), Sample("か\u3099", written("上")), Sample("12", written("上"))]
    write_ink_lines(path, [*lines, Sample("", written("上"))])
    with path.open("a", encoding="utf-8") as file:
        file.write("damaged\n")
    taken = collection.add(path)
    assert (len(taken.numbers), taken.known, taken.unlabeled, taken.longer) == (1, 1, 1, ("12",))
    told = " ".join(note.sentence() for note in taken.notes)
    for words in ("1 were there already", "1 without a label", "not one character: 12", "line 5 is not JSON"):
        assert words in told
    collection.filter = Filter(characters="が")
    assert labels(collection) == "が"
    with pytest.raises(UnreadableFile):
        collection.add(tmp_path / "missing.gnt")


def test_relabeling_takes_a_composed_character(collection: Collection) -> None:
    collection.relabel([collection.shown[0].id], " か\u3099")
    assert "が" in labels(collection)


def test_a_label_of_two_characters_spoils_no_export(tmp_path: Path) -> None:
    store = SampleStore(paths.sample_store())  # as an earlier version imported them
    picture = GlyphImage(np.zeros((3, 4), np.uint8))
    store.add_all([Sample(label, picture) for label in ("木", "ab", "𠮷")])
    store.add_all([Sample(label, written("木")) for label in ("木", "一二")])
    for name, count, left_out in (
        ("a.gnt", 2, ("ab", "𠮷", "一二")),
        ("a.inkml", 2, ("木", "ab", "𠮷")),
        ("a.jsonl", 2, ("木", "ab", "𠮷")),
        ("folder", 4, ("ab",)),
    ):
        written_out = export(store.all(), tmp_path / name)
        assert written_out == Written(count, left_out)
        assert written_out.trouble is not None
        assert f"{len(left_out)} samples were left out" in str(written_out.trouble)
        assert left_out[-1] in str(written_out.trouble)
    assert {s.character for s in read_any(tmp_path / "folder" / "pictures")} == {"木", "𠮷"}


def test_a_session_goes_round_back_and_on_another_day(tmp_path: Path) -> None:
    session = Session("木 上木", repeats=2, writer="me")
    asked = []
    while not session.is_done:
        asked.append(session.asked)
        session.forward()
    assert "".join(asked) == "木上木上"
    assert session.round == 2
    session.back()
    assert session.asked == "上"
    session.save(tmp_path / "s.json")
    assert load_session(tmp_path / "s.json") == session
    session.forward()
    session.save(tmp_path / "s.json")
    assert load_session(tmp_path / "s.json") is None  # done
    for damaged in ("", "[]", '{"characters": "木"}', '{"characters": " ", "repeats": 1, "writer": "", "at": 0}'):
        (tmp_path / "s.json").write_text(damaged, encoding="utf-8")
        assert load_session(tmp_path / "s.json") is None


def test_lists_of_characters() -> None:
    language = load_language(paths.language_model())
    common = most_common(language, 500)
    assert len(set(common)) == 500
    assert set("的一是不了人我在有他") <= set(common[:40])
    assert asked_for("own", "甲乙", [], None) == "甲乙"
    assert asked_for("misread-20", "", ["木"], None) == "木"
    assert asked_for("misread-20", "", ["龘", "木"], language) == f"龘木{common[:18]}"
    assert len(asked_for("common-100", "", [], language)) == 100
    for kind in ("own", "misread-50", "common-500"):
        with pytest.raises(InputError):
            asked_for(kind, " ", [], None)


def test_how_long_collecting_takes_is_measured() -> None:
    pace = Pace()
    for now in (0.0, 2.0, 4.0, 400.0, 402.0):  # a pause for something else counts for nothing
        pace.tick(now)
    assert pace.seconds == 2.0
    assert Pace().seconds == SECONDS
    assert (minutes(1), minutes(60), minutes(60, 2.0)) == (1, 7, 2)


def test_models_side_by_side() -> None:
    bundle = Registry().active()
    child = replace(bundle, id="child", parent=bundle.id)
    grandchild = replace(bundle, id="grandchild", parent="child")
    orphan = replace(bundle, id="orphan", parent="gone")
    found = ancestry([grandchild, orphan, child, bundle])
    assert [(depth, b.id) for depth, b in found] == [
        (0, "orphan"),
        (0, bundle.id),
        (1, "child"),
        (2, "grandchild"),
    ]
    a, b = replace(bundle, id="a", parent="b"), replace(bundle, id="b", parent="a")
    assert {made.id for _, made in ancestry([a, b])} == {"a", "b"}
    assert 0 < milliseconds(bundle) < 1000
    written_so = [Ink.from_points([s.xy + i for s in written(c).strokes]) for c in [*WRITTEN, "木"] for i in range(24)]
    samples = [
        Sample(c, ink) for c, ink in zip([c for c in [*WRITTEN, "日"] for _ in range(24)], written_so, strict=True)
    ]
    blank = Sample("木", GlyphImage(np.full((40, 40), 255, np.uint8)))
    held = [sample for sample, is_held in zip(samples, held_out(samples), strict=True) if is_held]
    same = compare(bundle, child, [*samples, *[blank] * 4])
    assert same.samples == len(held)
    assert same.first == same.second == 1 - sum(s.character == "日" for s in held) / len(held)
    assert same.differences == ()
    for none in ([], [sample for sample in samples if sample not in held][:2]):
        with pytest.raises(InputError):
            compare(bundle, child, none)


def test_the_diary_remembers_and_survives_damage(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "d.json")
    assert (diary.rate, diary.interrupted) == (0.0, "")
    diary.note("adapt")
    assert diary.interrupted == "adapt"
    diary.note("", rate=300.0)
    assert (diary.rate, diary.interrupted) == (300.0, "")
    diary.note("unknown")
    assert diary.rate == 300.0
    assert diary.interrupted == ""
    (tmp_path / "d.json").write_text("[1", encoding="utf-8")
    assert diary.rate == 0.0
    assert PLANS["smaller"].seconds(300.0) > PLANS["adapt"].seconds(300.0)
