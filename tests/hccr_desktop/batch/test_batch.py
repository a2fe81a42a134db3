"""Jobs of many files: what is read, what is left out, what goes on where it stopped, here and on a cluster."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import struct
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from hccr_desktop import cli
from hccr_desktop.batch import cluster as on_cluster
from hccr_desktop.batch import job as jobs
from hccr_desktop.batch import pipeline
from hccr_desktop.batch.ahead import ahead
from hccr_desktop.batch.job import Event, Failure, Job, PageRead, Task, targets, tasks
from hccr_desktop.batch.pipeline import run
from hccr_desktop.errors import StorageError, UnreadableFile
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.pages import LaidOut, Page, read_pages
from hccr_desktop.store.journal import Journal, results
from tests.hccr_desktop.recognize.test_pages import page_of

TEXTS = ("木上中", "十木", "中中木上", "上十")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    (made / "more").mkdir(parents=True)
    for number, text in enumerate(TEXTS):
        Image.fromarray(page_of(text)).save((made / "more" if number > 1 else made) / f"{number}.png")
    return made


def texts(out: Path) -> dict[str, str]:
    return {p.relative_to(out).as_posix(): p.read_text("utf-8").strip() for p in out.rglob("*.txt")}


ALL = {"0.txt": TEXTS[0], "1.txt": TEXTS[1], "more/2.txt": TEXTS[2], "more/3.txt": TEXTS[3]}


def test_a_job_reads_each_page_once(folder: Path, tmp_path: Path) -> None:
    job = Job((folder,), tmp_path / "out", use_language=False)
    events = list(run(job))
    assert all(isinstance(event, PageRead) and not event.known for event in events)
    assert texts(job.out) == ALL
    (job.out / "0.txt").unlink()
    Image.fromarray(page_of("十十")).save(folder / "1.png")
    again = [event for event in run(job) if isinstance(event, PageRead)]
    assert [event.task.path.name for event in again if not event.known] == ["0.png", "1.png"]
    assert texts(job.out) == ALL | {"1.txt": "十十"}


def test_patterns_choose_among_the_files_of_folders(folder: Path, tmp_path: Path) -> None:
    job = Job((folder,), tmp_path / "out", patterns=("more/*", "0.*"), use_language=False)
    assert len(list(run(job))) == 3
    assert texts(job.out) == {name: text for name, text in ALL.items() if name != "1.txt"}


def test_forms_are_joined_by_commas_or_given_again(folder: Path, tmp_path: Path) -> None:
    command = ["batch", str(folder / "0.png"), "--out", str(tmp_path / "out"), "--format", "text,json"]
    assert cli.main([*command, "--format", "csv", "--format", "text"]) == 0
    assert {path.suffix for path in (tmp_path / "out").glob("0.*")} == {".txt", ".jsonl", ".csv"}


def test_steps_are_written_for_a_look(folder: Path, tmp_path: Path) -> None:
    command = ["batch", str(folder / "0.png"), "--out", str(tmp_path / "out"), "--debug", str(tmp_path / "steps")]
    assert cli.main(command) == 0
    names = sorted(path.name for path in (tmp_path / "steps").iterdir())
    assert names == ["0.1-light.png", "0.2-ink.png", "0.3-bands.png", "0.4-lines.png"]
    with Image.open(tmp_path / "steps" / "0.4-lines.png") as picture:
        assert picture.mode == "RGB"


def test_a_watched_folder_is_read_as_it_fills(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hccr_desktop.batch.job._WATCH_S", 0.1)
    job = Job((folder,), tmp_path / "out", use_language=False)
    events = run(job, watch=True)
    assert len(list(itertools.islice(events, 4))) == 4
    threading.Timer(0.3, lambda: Image.fromarray(page_of("木木")).save(folder / "new.png")).start()
    event = next(events)
    assert isinstance(event, PageRead)
    assert event.task.path.name == "new.png"
    threading.Timer(0.3, lambda: (folder / "bad.png").write_bytes(b"")).start()
    assert isinstance(next(events), Failure)
    events.close()  # type: ignore[attr-defined]
    assert texts(job.out) == ALL | {"new.txt": "木木"}


def drawn(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(page_of(text)).save(path)
    return path


def named(events: Iterable[Event]) -> list[tuple[str, bool]]:
    """Return each page's first file and whether it was known before."""
    return [(event.outputs[0].name, event.known) for event in events if isinstance(event, PageRead)]


def test_sources_of_one_name_keep_a_text_each_however_often_they_are_read(tmp_path: Path) -> None:
    one, two = drawn(tmp_path / "one" / "p.png", "木上"), drawn(tmp_path / "two" / "p.png", "中十")

    def job(*inputs: Path, forms: tuple[str, ...] = ("text",)) -> Job:
        return Job(inputs, tmp_path / "out", formats=forms, use_language=False)

    assert named(run(job(one))) == [("p.txt", False)]
    assert named(run(job(two))) == [("p (2).txt", False)]
    assert named(run(job(one))) == [("p.txt", True)]
    assert named(run(job(two, one))) == [("p (2).txt", True), ("p.txt", True)]
    assert texts(tmp_path / "out") == {"p.txt": "木上", "p (2).txt": "中十"}
    assert named(run(job(two, forms=("json", "text")))) == [("p (2).jsonl", False)]
    drawn(one, "十十")  # another page under the same name is read again, into its own file
    assert named(run(job(one))) == [("p.txt", False)]
    assert texts(tmp_path / "out") == {"p.txt": "十十", "p (2).txt": "中十"}


def test_pages_and_files_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    pages = [Image.fromarray(page_of(text)) for text in ("木上", "中十")]
    (tmp_path / "in").mkdir()
    pages[0].save(tmp_path / "in" / "a.tif", save_all=True, append_images=pages[1:])
    drawn(tmp_path / "in" / "a-2.png", "上上")
    job = Job((tmp_path / "in",), tmp_path / "out", use_language=False)
    assert len(named(run(job))) == 3
    assert sorted(texts(job.out).values()) == ["上上", "中十", "木上"]
    assert all(known for _, known in named(run(job)))


def test_what_a_person_wrote_is_neither_overwritten_nor_called_done(tmp_path: Path) -> None:
    job = Job((drawn(tmp_path / "p.png", "木上"),), tmp_path / "out", use_language=False)
    job.out.mkdir()
    (job.out / "p.txt").write_text("a list of mine", encoding="utf-8")
    assert named(run(job)) == [("p (2).txt", False)]
    (job.out / "p (2).txt").write_text("木上, as I corrected it", encoding="utf-8")
    assert named(run(job)) == [("p (3).txt", False)]
    assert named(run(replace(job, force=True))) == [("p (3).txt", False)]
    assert texts(job.out) == {
        "p.txt": "a list of mine",
        "p (2).txt": "木上, as I corrected it",
        "p (3).txt": "木上",
    }


def test_a_page_that_was_claimed_but_not_noted_is_written_again_in_its_place(tmp_path: Path) -> None:
    job = Job((drawn(tmp_path / "p.png", "木上"),), tmp_path / "out", use_language=False)
    list(run(job))
    connection = sqlite3.connect(job.out / ".hccr-journal.sqlite")
    with connection:  # as a kill between writing and noting leaves it
        connection.execute("DELETE FROM pages")
    connection.close()
    assert named(run(job)) == [("p.txt", False)]
    assert texts(job.out) == {"p.txt": "木上"}


def test_a_journal_of_an_earlier_version_is_taken_on(tmp_path: Path) -> None:
    job = Job((drawn(tmp_path / "p.png", "木上"),), tmp_path / "out", use_language=False)
    list(run(job))
    connection = sqlite3.connect(job.out / ".hccr-journal.sqlite")
    with connection:
        connection.execute("DROP TABLE claims")
    connection.close()
    assert named(run(job)) == [("p.txt", True)]
    time.sleep(0.01)
    os.utime(job.out / "p.txt", (time.time() + 60, time.time() + 60))  # somebody worked on it since
    assert named(run(job)) == [("p (2).txt", False)]


def test_two_batches_into_one_folder_are_refused(tmp_path: Path) -> None:
    job = Job((drawn(tmp_path / "p.png", "木上"),), tmp_path / "out", use_language=False)
    journal = Journal(job.out)
    with pytest.raises(StorageError, match="Another batch"):
        list(run(job))
    journal.close()
    assert named(run(job)) == [("p.txt", False)]


def test_output_may_lie_in_or_above_the_input(tmp_path: Path) -> None:
    drawn(tmp_path / "scans" / "p.png", "木上")
    for out in (tmp_path / "scans", tmp_path):
        job = Job((tmp_path / "scans",), out, formats=("text", "pdf"), use_language=False)
        assert named(run(job)) == [("p.txt", False)]
        assert named(run(job)) == [("p.txt", True)]  # and the PDF that it wrote is no page


def test_a_page_finder_that_changed_reads_pages_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job((drawn(tmp_path / "p.png", "木上"),), tmp_path / "out", use_language=False)
    list(run(job))
    found = Networks().bundles
    others = tuple(replace(bundle, model_sha256="0" * 64) if bundle.task == "page" else bundle for bundle in found)
    monkeypatch.setattr(Networks, "bundles", others)
    assert named(run(job)) == [("p.txt", False)]


def test_names_that_are_too_long_or_no_utf_8_are_written(tmp_path: Path) -> None:
    drawn(tmp_path / "in" / ("名" * 81 + ".png"), "木上")
    odd = os.fsencode(tmp_path / "in") + b"/" + "手写".encode("gbk") + b".png"
    os.link(tmp_path / "in" / ("名" * 81 + ".png"), odd)
    job = Job((tmp_path / "in",), tmp_path / "out", formats=("text", "json", "csv", "pdf"))
    events = list(run(job))
    assert not [event.error.sentence() for event in events if isinstance(event, Failure)]
    assert len(list(job.out.glob("*.txt"))) == 2
    assert all(known for _, known in named(run(job)))


def test_any_exception_of_a_decoder_is_one_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        drawn(tmp_path / "in" / f"{number}.png", "木上")
    real = pipeline.open_document  # type: ignore[attr-defined]

    def odd(path: Path, density: int) -> Any:
        if path.name == "1.png":
            raise struct.error("unpack requires a buffer of 4 bytes")
        return real(path, density)

    monkeypatch.setattr(pipeline, "open_document", odd)
    events = list(run(Job((tmp_path / "in",), tmp_path / "out", use_language=False)))
    assert [type(event) for event in events] == [PageRead, Failure, PageRead]


def test_what_is_left_out_of_a_file_is_told_in_the_summary(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.write(drawn(tmp_path / "a.png", "木上"), "a.png")
        archive.writestr("notes.docx", b"no picture")
    assert cli.main(["batch", str(tmp_path / "mixed.zip"), "--out", str(tmp_path / "out"), "--no-language"]) == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["pages"] == 1
    assert ["notes.docx" in row["reason"] for row in summary["left_out"]] == [True]


def test_a_run_that_read_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "notes.odt").write_bytes(b"no picture")
    assert cli.main(["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    assert "Nothing was read" in capsys.readouterr().err
    drawn(tmp_path / "in" / "p.png", "木上")
    assert cli.main(["batch", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--match", "q*"]) == 1
    assert "--match" in capsys.readouterr().err


def test_watching_a_cluster_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["batch", str(tmp_path), "--out", str(tmp_path / "o"), "--cluster", "--watch"]) == 1
    assert "--watch" in capsys.readouterr().err


def test_what_is_made_ahead_comes_in_order_and_with_its_errors() -> None:
    found = list(ahead(range(20), 3))
    assert list(itertools.chain.from_iterable(found)) == list(range(20))
    assert max(map(len, found)) <= 3
    made: list[int] = []

    def items() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            yield i

    taken = ahead(items(), 2)
    assert next(taken)[0] == 0
    time.sleep(0.3)
    assert len(made) <= 5  # no further than was asked
    taken.close()  # type: ignore[attr-defined]

    weighed = ahead(range(1, 9), 10, lambda item: item)
    first = next(weighed)
    time.sleep(0.3)  # all that may wait is made
    rest = [first, *weighed]
    assert list(itertools.chain.from_iterable(rest)) == list(range(1, 9))
    assert all(len(some) == 1 or sum(some) <= 10 for some in rest)
    assert any(len(some) > 1 for some in rest)

    def fails() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(ahead(fails(), 2))


def test_small_pages_are_read_together_and_an_odd_one_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, characters in enumerate(("木上", "中十", "上中", "十木", "木中", "上十")):
        Image.fromarray(page_of(characters)[:180, : 300 if number == 3 else 260]).save(folder / f"{number}.png")
    sizes: list[int] = []

    def counted(pages: Sequence[LaidOut], *others: Any) -> list[Page]:
        sizes.append(len(pages))
        time.sleep(0.5)  # so that the next become ready
        if any(page.picture.width == 300 for page in pages):
            raise ValueError("odd")
        return read_pages(pages, *others)

    monkeypatch.setattr(pipeline, "read_pages", counted)
    events = list(run(Job((folder,), tmp_path / "out", use_language=False)))
    assert [type(event) for event in events] == [PageRead, PageRead, PageRead, Failure, PageRead, PageRead]
    assert max(sizes) > 2
    assert texts(tmp_path / "out")["4.txt"] == "木中"


def test_a_cluster_gives_the_same_though_a_worker_is_lost(tmp_path: Path) -> None:
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    folder = tmp_path / "in"
    folder.mkdir()
    for number, characters in enumerate(itertools.product("木上中十", repeat=2)):
        Image.fromarray(page_of("".join(characters) * 3)).save(folder / f"{number:02}.png")
    (folder / "bad.png").write_bytes(b"")
    here = Job((folder,), tmp_path / "here", use_language=False)
    list(run(here))
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    try:
        cluster.add_node(num_cpus=1)
        ray.init(address=cluster.address, log_to_driver=False)
        there = Job((folder,), tmp_path / "there", use_language=False)
        events, killed = [], 0
        for event in on_cluster.run(there):
            events.append(event)
            if len(events) == 3:
                workers = [p for p in psutil.process_iter(["cmdline"]) if _is_worker(p)]
                killed = len(workers)
                workers[0].kill()
        assert killed > 0
        assert [e.error.sentence() for e in events if isinstance(e, Failure) and "bad.png" not in e.where] == []
        assert texts(there.out) == texts(here.out)
        assert len(texts(there.out)) == 16
        assert sum(isinstance(event, Failure) for event in events) == 1
        assert sum(isinstance(event, PageRead) for event in events) == 16
        assert all(isinstance(e, Failure) or e.known for e in on_cluster.run(there))  # the journal is the same
    finally:
        ray.shutdown()
        cluster.shutdown()


def _is_worker(process: psutil.Process) -> bool:
    line: list[str] = process.info["cmdline"] or [""]
    return line[0].startswith("ray::_read_elsewhere")


def test_a_file_that_is_open_elsewhere_is_tried_again_and_one_that_is_gone_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "dangling.png").symlink_to(tmp_path / "nowhere")
    looks = 0

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            nonlocal looks
            looks += 1
            return self.is_set()

    def digest_of(path: Path, how: str) -> str:
        if not path.exists():
            raise UnreadableFile("{name} does not exist.", name=path.name)
        if looks < 3:
            raise UnreadableFile("{name} is locked.", name=path.name)
        return how

    monkeypatch.setattr(jobs, "digest_of", digest_of)
    job = Job((tmp_path,), tmp_path / "out")
    journal = Journal(job.out)
    found = []
    for event in tasks(job, journal, "how", watch=True, stop=Stop()):
        found.append(event)
        if isinstance(event, Task):
            break
    assert looks == 3
    assert [str(event.error) for event in found if isinstance(event, Failure)] == [
        "a.png is locked.",
        "dangling.png does not exist.",
    ]
    assert isinstance(found[-1], Task)
    journal.close()


def test_pictures_of_steps_have_names_of_their_own(folder: Path, tmp_path: Path) -> None:
    for name in ("x", "y"):
        (folder / name).mkdir()
        Image.fromarray(page_of("木")).save(folder / name / "a.png")
    job = Job((folder,), tmp_path / "out", debug=tmp_path / "steps", use_language=False)
    assert len(list(run(job))) == 6
    assert list((tmp_path / "steps" / "x").glob("a.*"))
    assert list((tmp_path / "steps" / "y").glob("a.*"))


def test_lost_pages_are_failures_and_what_is_no_page_is_not(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(_saved(tmp_path / "1.png", "木"), "1.png")
        archive.writestr("notes.txt", "no picture")
    assert cli.main(["batch", str(tmp_path / "a.zip"), "--out", str(tmp_path / "out"), "--no-language"]) == 0
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("2.pdf", b"%PDF-1.4 damaged")
    assert cli.main(["batch", str(tmp_path / "a.zip"), "--out", str(tmp_path / "out"), "--no-language"]) == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [len(summary[name]) for name in ("failures", "left_out")] == [1, 1]


def _saved(path: Path, text: str) -> Path:
    Image.fromarray(page_of(text)).save(path)
    return path


def test_somebodys_own_summary_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    _saved(folder / "a.png", "木")
    (folder / "summary.json").write_text('{"of": "the year"}', encoding="utf-8")
    for _ in range(2):
        assert cli.main(["batch", str(folder), "--out", str(folder), "--no-language"]) == 0
    assert (folder / "summary.json").read_text("utf-8") == '{"of": "the year"}'
    assert json.loads((folder / "hccr-summary.json").read_text("utf-8"))["pages"] == 1


def test_a_name_that_is_too_long_leaves_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _saved(tmp_path / "a.png", "木")
    given = [str(tmp_path / ("x" * 300)), str(tmp_path / "a.png")]
    assert cli.main(["batch", *given, "--out", str(tmp_path / "out"), "--no-language"]) == 1
    assert (tmp_path / "out" / "a.txt").exists()
    assert cli.main(["recognize", *given]) == 1
    for wrong in (["--density", "0"], ["--threads", "-3"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(["batch", str(tmp_path), "--out", str(tmp_path / "out"), *wrong])
        assert ended.value.code == 2


def test_a_failure_that_is_over_is_forgotten(tmp_path: Path) -> None:
    job = Job((_saved(tmp_path / "a.png", "木"),), tmp_path / "out", use_language=False)
    assert len(list(run(job))) == 1
    kept = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").unlink()
    assert [type(event) for event in run(job)] == [Failure]
    (tmp_path / "a.png").write_bytes(kept)
    assert [type(event) for event in run(job)] == [PageRead]
    assert [result.failure for result in results(job.out)] == [""]


def test_a_pipeline_that_is_left_stops_all_its_joints_before_it_is_gone() -> None:
    stop, made = threading.Event(), []

    def endless() -> Iterator[int]:
        for number in itertools.count():
            made.append(number)
            yield number
            stop.wait(0.01)
            if number > 5:
                threading.Event().wait(0.05)

    before = threading.active_count()
    inner = itertools.chain.from_iterable(ahead(endless(), 1, stop=stop))
    outer = ahead(inner, 1, stop=stop)
    assert next(outer)
    started = time.monotonic()
    outer.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 10
    deadline = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_file_that_is_given_twice_is_one(folder: Path, tmp_path: Path) -> None:
    job = Job((folder, folder / "0.png", folder / "more"), tmp_path / "out")
    assert sorted(place.as_posix() for _, place in targets(job)) == ["0", "1", "more/2", "more/3"]


def test_files_that_are_alike_keep_their_own_when_their_folder_moves(tmp_path: Path) -> None:
    for name in "ABC":
        drawn(tmp_path / "scans" / name / "p.png", "木")
    (tmp_path / "scans" / "circle.png").symlink_to("circle.png")
    out = tmp_path / "out"
    job = Job((tmp_path / "scans",), out, use_language=False)
    assert [known for _, known in named(run(job))] == [False] * 3
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.txt")}
    (tmp_path / "scans").rename(tmp_path / "moved")
    again = named(run(replace(job, inputs=(tmp_path / "moved",))))
    assert [known for _, known in again] == [True] * 3
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.txt")} == before


def test_a_file_that_was_moved_keeps_what_was_done_of_it(tmp_path: Path) -> None:
    drawn(tmp_path / "scans" / "a.png", "木上")
    drawn(tmp_path / "scans" / "b.png", "中")
    job = Job((tmp_path / "scans",), tmp_path / "scans", use_language=False)
    assert [known for _, known in named(run(job))] == [False, False]
    (tmp_path / "scans").rename(tmp_path / "moved")
    job = replace(job, inputs=(tmp_path / "moved",), out=tmp_path / "moved")
    assert named(run(job)) == [("a.txt", True), ("b.txt", True)]
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a.png").write_bytes((tmp_path / "moved" / "a.png").read_bytes())
    journal = Journal(tmp_path / "moved")
    try:
        digest = journal._connection.execute("SELECT digest FROM pages WHERE output = 'a.txt'").fetchone()[0]
        journal.follow(tmp_path / "copy" / "a.png", digest)
        assert journal.done(tmp_path / "copy" / "a.png", digest) == {}  # the other is still there
    finally:
        journal.close()


def test_watching_ends_when_it_is_left(folder: Path, tmp_path: Path) -> None:
    before = threading.active_count()
    events = run(Job((folder,), tmp_path / "out", use_language=False), watch=True)
    assert len(list(itertools.islice(events, 4))) == 4
    events.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before  # none looks on, and was given up


def test_debug_pictures_among_the_pages_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["batch", str(folder), "--out", str(folder), "--debug", str(folder / "steps")]
    assert cli.main(command) == 1
    assert "--debug" in capsys.readouterr().err
    assert not (folder / "steps").exists()


def test_odd_names_leave_the_others(tmp_path: Path) -> None:
    drawn(tmp_path / "in" / "b.png", "木").rename(tmp_path / "in" / "..png")
    drawn(tmp_path / "in" / "a.png", "上")
    job = Job((tmp_path / "in" / "..png", tmp_path / "in" / "a.png"), tmp_path / "out", use_language=False)
    assert sorted(name for name, _ in named(run(job))) == ["..png.txt", "a.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="of folders that this user may not enter")
def test_a_folder_that_may_not_be_entered_is_one_failure(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    drawn(tmp_path / "a.png", "上")
    events = list(run(Job((closed, tmp_path / "a.png"), tmp_path / "out", use_language=False)))
    assert [type(event) for event in events] == [Failure, PageRead]


def test_a_strangers_journal_is_only_looked_at(tmp_path: Path) -> None:
    drawn(tmp_path / "in" / "a.png", "上")
    connection = sqlite3.connect(tmp_path / "in" / ".hccr-journal.sqlite")
    connection.executescript(
        "CREATE VIEW pages AS WITH RECURSIVE n(output) AS (SELECT 'a' UNION ALL SELECT output || 'a' FROM n) "
        "SELECT output FROM n;"
    )
    connection.close()
    if hasattr(os, "mkfifo"):
        (tmp_path / "in" / "more").mkdir()
        os.mkfifo(tmp_path / "in" / "more" / ".hccr-journal.sqlite")
    job = Job((tmp_path / "in",), tmp_path / "out", use_language=False)
    assert len(list(run(job))) == 1
    assert results(tmp_path / "in") == []
