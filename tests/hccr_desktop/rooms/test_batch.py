"""Jobs of many files: what is read, what is left out, what goes on where it stopped, here and on a cluster."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from hccr_desktop import cli
from hccr_desktop.recognize.pages import LaidOut, Page, read_pages
from hccr_desktop.rooms import batch
from hccr_desktop.rooms.batch import Failure, Job, PageRead, ahead, run, run_on_ray
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
    monkeypatch.setattr("hccr_desktop.rooms.batch._WATCH_S", 0.1)
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

    monkeypatch.setattr(batch, "read_pages", counted)
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
        for event in run_on_ray(there):
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
        assert all(isinstance(e, Failure) or e.known for e in run_on_ray(there))  # the journal is the same
    finally:
        ray.shutdown()
        cluster.shutdown()


def _is_worker(process: psutil.Process) -> bool:
    line: list[str] = process.info["cmdline"] or [""]
    return line[0].startswith("ray::_read_elsewhere")
