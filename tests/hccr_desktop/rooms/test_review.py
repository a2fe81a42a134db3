"""What a batch wrote, looked through: states, corrections back into its files, and batches that respect them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from hccr_desktop.batch.job import Failure, Job, PageRead
from hccr_desktop.batch.pipeline import run
from hccr_desktop.errors import HccrError, StorageError
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.rooms.open_pages import Session
from hccr_desktop.rooms.reading import ReadPage, pages_of, picture_of
from hccr_desktop.rooms.review import going_back, is_batch, opened, pages_of_batch
from hccr_desktop.store.journal import NAME, Journal
from hccr_desktop.store.reading import ReadingStore
from tests.hccr_desktop.recognize.test_pages import page_of

TEXTS = ("木上中", "十木")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A batch of two pages and a file that cannot be read, done."""
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(TEXTS):
        Image.fromarray(page_of(text)).save(folder / f"{number}.png")
    (folder / "9.png").write_bytes(b"no picture")
    made = Job((folder,), tmp_path / "out", ("text", "json", "pdf"), use_language=False)
    assert len(list(run(made))) == 3
    return made


def texts(job: Job) -> list[str]:
    return [(job.out / f"{number}.txt").read_text("utf-8").strip() for number in range(len(TEXTS))]


def write(page: ReadPage) -> None:
    back = going_back(page)
    assert back is not None
    back()


def test_a_batchs_folder_opens_with_states_and_without_reading(job: Job) -> None:
    assert is_batch(job.out)
    assert not is_batch(job.inputs[0])
    pages, errors = opened([job.out])
    assert not errors
    assert [(page.path.name, page.text, page.is_checked) for page in pages] == [
        ("0.png", TEXTS[0], False),
        ("1.png", TEXTS[1], False),
        ("9.png", "", False),
    ]
    assert [page.is_read for page in pages] == [True, True, False]
    assert "9.png" in pages[2].failure
    assert not any(page.is_stale for page in pages)
    assert [answer.best.character for answer in pages[0].answers] == list(TEXTS[0])
    assert all(answer.box for answer in pages[0].answers)


def test_a_correction_goes_into_all_files_and_stays_there(job: Job) -> None:
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    page.is_checked = True
    pdf = (job.out / "0.pdf").read_bytes()
    write(page)
    assert texts(job) == ["本上中", TEXTS[1]]
    rows = [json.loads(line) for line in (job.out / "0.jsonl").read_text("utf-8").splitlines()]
    assert [row["text"] for row in rows] == ["本", "上", "中"]
    assert (job.out / "0.pdf").read_bytes() != pdf

    again = pages_of_batch(job.out)[0]
    assert (again.text, again.owners, again.settled, again.is_checked) == ("本上中", [0, 1, 2], {0}, True)
    assert again.answers[0].best.character == "木"
    # Neither the same batch, nor one that begins anew or reads otherwise, reads over it.
    for other in (job, replace(job, force=True), replace(job, direction="horizontal")):
        events = {e.task.path.name: e for e in run(other) if isinstance(e, PageRead)}
        assert events["0.png"].known
        assert texts(job) == ["本上中", TEXTS[1]]
    assert not list(job.out.glob("*(2)*"))


def test_what_is_missing_of_a_reviewed_page_is_told_and_nothing_read_over(job: Job) -> None:
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    write(page)
    more = replace(job, formats=("text", "markdown"))
    told = [e for e in run(more) if isinstance(e, Failure) and e.is_left_out]
    assert [(e.path.name, e.number) for e in told] == [("0.png", 1)]
    assert "markdown is not made of it" in told[0].error.sentence()
    assert texts(job)[0] == "本上中"
    (job.out / "0.txt").unlink()
    assert any("text is not made of it" in e.error.sentence() for e in run(job) if isinstance(e, Failure))
    assert pages_of_batch(job.out)[0].text == "本上中"


def test_a_strangers_journal_writes_nothing_outside_its_folder(job: Job, tmp_path: Path) -> None:
    victim = tmp_path / "diary.txt"
    victim.write_text("mine\n", encoding="utf-8")
    connection = sqlite3.connect(job.out / NAME)
    with connection:
        connection.execute("DELETE FROM claims")
        connection.execute("UPDATE pages SET output = '../diary.txt', done_at = 1e12 WHERE output = '0.txt'")
    connection.close()
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    write(page)
    assert victim.read_text("utf-8") == "mine\n"


def test_what_somebody_else_changed_stays_as_it_is(job: Job) -> None:
    page = pages_of_batch(job.out)[1]
    page.edited(0, 1, "千")
    (job.out / "1.txt").write_text("mine\n", encoding="utf-8")
    with pytest.raises(StorageError, match=r"1\.txt was changed by somebody else"):
        write(page)
    assert (job.out / "1.txt").read_text("utf-8") == "mine\n"
    assert "千" in (job.out / "1.jsonl").read_text("utf-8")
    assert pages_of_batch(job.out)[1].text == "千木"


def test_without_the_picture_all_is_written_that_does_not_hold_it(job: Job) -> None:
    page = pages_of_batch(job.out)[1]
    page.path.unlink()
    pdf = (job.out / "1.pdf").read_bytes()
    page.edited(1, 1, "本")
    with pytest.raises(StorageError, match=r"1\.pdf"):
        write(page)
    assert texts(job) == [TEXTS[0], "十本"]
    assert (job.out / "1.pdf").read_bytes() == pdf
    assert pages_of_batch(job.out)[1].is_stale


def test_a_batch_at_work_is_not_disturbed(job: Job) -> None:
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    journal = Journal(job.out)
    try:
        with pytest.raises(StorageError, match="Another batch"):
            write(page)
    finally:
        journal.close()
    assert texts(job) == list(TEXTS)
    write(page)
    assert texts(job)[0] == "本上中"


def test_what_is_read_anew_is_looked_through_anew(job: Job) -> None:
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    write(page)
    Image.fromarray(page_of("中中")).save(page.path)
    found = page.found
    assert found is not None
    page.set_page(replace(found, lines=found.lines[:1]))  # "Read again"
    assert not page.is_checked
    page.set_regions(ignored=[(0, 0, 1, 1)])
    write(page)
    again = pages_of_batch(job.out)[0]
    assert (again.text, again.ignored) == (TEXTS[0], [(0, 0, 1, 1)])
    assert not again.is_stale


def test_a_batchs_pages_come_back_with_the_session(job: Job, tmp_path: Path) -> None:
    store = ReadingStore(tmp_path / "session.sqlite")
    session = Session(store)
    page, _, failed = pages_of_batch(job.out)
    session.keep(page)
    session.keep(failed)
    page.edited(0, 1, "本")
    page.is_checked = True
    session.keep_text(page)
    session.keep_checked(page)
    session.close()
    (again, _), _ = Session(ReadingStore(tmp_path / "session.sqlite")).restored()
    assert (again.text, again.is_checked, again.batch) == ("本上中", True, job.out)
    assert len(again.answers) == 3  # out of the batch's journal
    write(again)
    assert texts(job)[0] == "本上中"


def test_earlier_folders_and_damage_are_told(job: Job, tmp_path: Path) -> None:
    connection = sqlite3.connect(job.out / NAME)
    with connection:
        connection.execute("UPDATE readings SET found = ?", (b"\x00damaged",))
        connection.execute("DELETE FROM failures")
    connection.close()
    with pytest.raises(StorageError, match="does not say what was recognized"):
        pages_of_batch(job.out)
    (job.out / NAME).write_bytes(b"no database at all, but long enough to be looked at" * 100)
    pages, errors = opened([job.out, job.inputs[0]])
    assert isinstance(errors[0], HccrError)
    assert "cannot be used" in errors[0].sentence()
    assert [page.path.name for page in pages] == ["0.png", "1.png"]
    assert _names(pages_of([job.inputs[0]])[0]) == ["0.png", "1.png"]


def _names(pages: Sequence[ReadPage]) -> list[str]:
    return [page.path.name for page in pages]


def test_reviews_that_make_no_sense_are_left(job: Job) -> None:
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    write(page)
    connection = sqlite3.connect(job.out / NAME)
    for review in (
        "[]",
        "{",
        '{"text": "a", "owners": [9], "settled": [], "checked": 1, "only": [], "ignored": [], "turns": 0}',
    ):
        with connection:
            connection.execute("UPDATE reviews SET review = ?", (review,))
        assert pages_of_batch(job.out)[0].text == TEXTS[0]
    connection.close()


def test_failures_are_kept_until_the_page_is_read(job: Job) -> None:
    Image.fromarray(page_of("上十")).save(job.inputs[0] / "9.png")
    assert not any(isinstance(event, Failure) for event in run(job))
    assert pages_of_batch(job.out)[2].text == "上十"


def test_a_page_that_the_batch_could_not_read_is_written_once_somebody_did(job: Job) -> None:
    source = job.inputs[0] / "9.png"
    page = pages_of_batch(job.out)[2]
    assert page.failure
    Image.fromarray(page_of("上十")).save(source)
    (job.out / "9.txt").write_text("of somebody", encoding="utf-8")
    picture = picture_of(page)
    readers = job.readers()
    page.set_page(read_page(picture, readers, 1))
    page.edited(0, 1, "木")
    page.is_checked = True
    write(page)
    assert (job.out / "9.txt").read_text("utf-8") == "of somebody"
    assert (job.out / "9 (2).txt").read_text("utf-8").strip() == "木十"
    assert (job.out / "9 (2).jsonl").exists()
    again = pages_of_batch(job.out)
    assert [(p.text, p.is_checked, p.failure) for p in again] == [
        (TEXTS[0], False, ""),
        (TEXTS[1], False, ""),
        ("木十", True, ""),
    ]
    assert all(isinstance(event, PageRead) and event.known for event in run(job))
    assert (job.out / "9 (2).txt").read_text("utf-8").strip() == "木十"


def test_another_picture_under_the_name_of_a_page_that_was_looked_through_is_told(job: Job) -> None:
    page = pages_of_batch(job.out)[0]
    page.edited(0, 1, "本")
    write(page)
    Image.fromarray(page_of("十十")).save(job.inputs[0] / "0.png")
    (told,) = [event for event in run(job) if isinstance(event, Failure) and event.path.name == "0.png"]
    assert "changed since" in str(told.error)
    assert texts(job)[0] == "本" + TEXTS[0][1:]
