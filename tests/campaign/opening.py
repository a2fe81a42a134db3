"""What becomes of a user's file of each kind: the functions that the window and the command line call."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from hccr_desktop import paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.protocol import decode
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError
from hccr_desktop.formats import sheet
from hccr_desktop.formats.documents import open_document
from hccr_desktop.formats.reading import read_any
from hccr_desktop.formats.writing import write_samples
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import read_own_text
from hccr_desktop.recognize.models import Registry
from hccr_desktop.rooms.collecting import load_session
from hccr_desktop.rooms.open_pages import Session
from hccr_desktop.rooms.samples import Collection
from hccr_desktop.rooms.training import Diary
from hccr_desktop.settings import load_settings, save_settings
from hccr_desktop.store.journal import NAME as JOURNAL
from hccr_desktop.store.journal import Journal
from hccr_desktop.store.reading import ReadingStore
from hccr_desktop.store.samples import SampleStore
from tests.campaign.originals import PAGES

_PAGES, _SAMPLES, _PIXELS = 4, 40, 300_000
"""Bounds on what is looked at of one file: what a mutation made larger is the same again."""


refusals: list[HccrError] = []
"""What was answered in sentences."""


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Take a sentence for an answer."""
    try:
        yield
    except HccrError as error:
        refusals.append(error)


@cache
def engine() -> Engine:
    """Return the model in use."""
    return Engine(Registry().active())


def pages(path: Path) -> None:
    """Open pages as a batch does, and the characters on them as `hccr recognize` does."""
    with open_document(path) as document:
        for number in range(min(len(document), _PAGES)):
            with refusing():
                document.text(number)
                document.page(number)


def characters(path: Path) -> None:
    """Read samples, recognize them, write them in every format_, and keep them."""
    found: list[Sample] = []
    with refusing():
        found.extend(itertools.islice(read_any(path), _SAMPLES))
    small = [s for s in found if not isinstance(s.content, GlyphImage) or s.content.pixels.size < _PIXELS]
    for sample in small[:4]:
        with refusing():
            engine().recognize(sample.content, top=3)
    for_ink = ("x.inkml", "x.jsonl") if any(isinstance(sample.content, Ink) for sample in small) else ()
    for name in ("x.gnt", "x", *for_ink) if small else ():
        with refusing():
            write_samples(path.parent / "written" / name, small)
    store = SampleStore(path.parent / "kept.sqlite")
    try:
        with refusing():
            store.add_all(small)
        assert len(store.all()) == len(small), "samples that were kept do not come back"
    finally:
        store.close()


def bundle(path: Path) -> None:
    """Install a model, use it, and list what is there."""
    registry = Registry(user=path.parent / "models")
    with refusing():
        registry.install(path)
    for found in registry.bundles():
        if found.folder.parent == path.parent / "models":
            with refusing():
                found.card()
                registry.activate(found.id)
                registry.export(found.id, path.parent / "written" / "x.zip")
    registry.active()


def settings(path: Path) -> None:
    path.replace(paths.settings_file())
    found = load_settings()
    assert found.own_shortcuts is not None
    save_settings(found)
    assert load_settings() == found


def collecting(path: Path) -> None:
    if session := load_session(path):
        while not session.is_done and session.at < 100:
            assert session.asked
            session.forward()
        session.save(path)


def diary(path: Path) -> None:
    found = Diary(path)
    assert found.rate >= 0
    found.note(found.interrupted)


def active(path: Path) -> None:
    models = path.parent / "models"
    models.mkdir()
    path.replace(models / "active.json")
    registry = Registry(user=models)
    registry.active()
    if registry.can_roll_back:
        registry.rollback()


def remembered_sheet(path: Path) -> None:
    path.replace(path.with_name("5.json"))
    sheet._remembered(path.parent, 5).on_page(0)


def terms(path: Path) -> None:
    path.replace(paths.own_text())
    read_own_text()


def protocol(path: Path) -> None:
    decode(path.read_bytes().decode("utf-8", "replace"))


def samples(path: Path) -> None:
    """Do with a store of samples what the rooms do, each for itself."""
    store = SampleStore(path)
    collection = Collection(store)
    actions: list[Callable[[], object]] = [
        collection.load,
        lambda: (collection.shown, collection.writers, collection.sources, collection.confused()),
        lambda: write_samples(path.parent / "written" / "x.gnt", [s.sample for s in collection.shown]),
        lambda: write_samples(path.parent / "written" / "x", [s.sample for s in collection.shown]),
        lambda: store.newest(5, "w"),
        store.counts,
        lambda: store.relabel({1: "木"}),
        lambda: store.remove([1, 2]),
        lambda: store.restore([1]),
        lambda: store.add_all([s.sample for s in collection.shown[:2]]),
        store.forget_removed,
        lambda: collection.look_again(engine()),
    ]
    try:
        for action in actions:
            with refusing():
                action()
    finally:
        store.close()


def reading(path: Path) -> None:
    """Open the pages that lay open, edit them, close and reopen them."""
    session = Session(ReadingStore(path), refusals.append)
    try:
        pages, current = session.restored()
        assert current in range(max(len(pages), 1))
        if page := session.reopened():
            pages.append(page)
        for page in pages:
            assert len(page.lines) == page.text.count("\n") + 1 or not page.text, "lines and text differ"
            page.edited(0, min(1, len(page.text)), "木")
            session.keep_text(page)
            session.keep_earlier(page)
            session.keep(page)
            session.close_page(page)
        session.has_closed()
    finally:
        session.close()


def journal(path: Path) -> None:
    path.replace(path.parent / JOURNAL)
    (path.parent / "x.txt").write_text("木")
    found = Journal(path.parent)
    try:
        with refusing():
            found.note(path, 1, "digest", path.parent / "x.txt", 1, 0.5)
        for look in (lambda: found.done(path, "digest"), lambda: found.places(path, 1), found.outputs):
            with refusing():
                look()
    finally:
        found.close()


OPEN: dict[str, Callable[[Path], None]] = {
    **dict.fromkeys(PAGES, pages),
    **dict.fromkeys(("gnt", "inkml", "jsonl"), characters),
    "bundle": bundle,
    "settings": settings,
    "collecting": collecting,
    "diary": diary,
    "active": active,
    "sheet": remembered_sheet,
    "terms": terms,
    "protocol": protocol,
    "samples": samples,
    "journal": journal,
    "reading": reading,
}
"""What is done with a file of a kind; raises `HccrError` where it is refused, and nothing else."""

_NAMES = (b"a", b"\xe6\x9c\xa8", b"\xd6\xd0", b"x\ny", b"b" * 240, b"-o", b"a [1]*?", b"\xff", b"con", b" ", b"a.")


def batch(folder: Path, files: list[tuple[str, bytes]], numbers: list[int]) -> None:
    """Read a folder of damaged files, and a sound one, as `hccr batch` does: that one is read, the others told."""
    from hccr_desktop.batch.job import Failure, Job
    from hccr_desktop.batch.pipeline import run

    source, out = folder / "in", folder / "out"
    source.mkdir(exist_ok=True)
    suffix = {"jpeg": ".jpg", "tiff": ".tif"}
    for (kind, data), number in zip(files, numbers, strict=True):
        name = _NAMES[number % len(_NAMES)] + suffix.get(kind, f".{kind}").encode()
        with contextlib.suppress(OSError, ValueError), open(os.fsencode(source) + b"/" + name, "wb") as file:  # noqa: PTH123
            file.write(data)
    job = Job((source,), out, formats=("text", "json", "alto", "pdf"), use_language=False, direction="horizontal")
    events = list(run(job))
    told = {
        Path(e.where.rpartition(", page ")[0] or e.where) if isinstance(e, Failure) else e.task.path for e in events
    }
    read = {e.task.path.name for e in events if not isinstance(e, Failure)}
    assert "z-sound.png" in read, "the sound file among damaged ones was not read"
    silent = [path.name for path in source.iterdir() if not any(str(path) in str(where) for where in told)]
    assert not silent, f"nothing is said of {silent}"
    odd = [e for e in events if isinstance(e, Failure) and "Report it" in e.error.hint]
    assert not odd, f"{odd[0].error}"
    again = [e for e in run(job) if not isinstance(e, Failure) and not e.known]
    assert not again, f"read twice: {again[0].task.path.name}"


JOURNAL_FILES = JOURNAL.rpartition(".")[0]
"""How the names of a journal and its lock begin."""


def unfinished(folder: Path) -> list[str]:
    """Return files that are half-written: temporary ones that nobody will finish."""
    hidden = (p for p in folder.rglob(".*") if not p.name.startswith(JOURNAL_FILES))
    return sorted(str(p.relative_to(folder)) for p in hidden if "in" not in p.relative_to(folder).parts[:-1])


def emptied(folder: Path) -> Path:
    """Return the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if sys.platform == "win32":  # names of bytes are Unix's
    _NAMES = (b"a",)
