"""kill -9 at random moments: after each, everything opens, what was told done is there, nothing half-written shows.

Each kind of work goes on in one place from kill to kill, as a user's does. It tells through a pipe what it has done;
the same is looked for afterwards, by a process of its own.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import numpy as np

from hccr_desktop import paths
from hccr_desktop.core.sample import Sample
from hccr_desktop.recognize.models import Registry
from hccr_desktop.rooms.collecting import Session as Collecting
from hccr_desktop.rooms.collecting import load_session
from hccr_desktop.rooms.open_pages import Session, place_of
from hccr_desktop.settings import Settings, load_settings, save_settings
from hccr_desktop.store.reading import ReadingStore
from hccr_desktop.store.samples import SampleStore
from tests.campaign.originals import archive, bundle_members, picture, read_page
from tests.conftest import WRITTEN, written

Tell = Callable[[str], None]

_IMPORTED = 30
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Work:
    """Something that is killed: what it does in a folder, what has to hold then, how many seconds it is let go on.

    `check` is given the folder and all that was told; it raises `AssertionError`.
    """

    go: Callable[[Path, Tell, int], None]
    check: Callable[[Path, list[str]], None]
    seconds: float
    share: int


# --------------------------------------------------------------------------------------- samples


def keep_samples(folder: Path, tell: Tell, start: int) -> None:
    """Write, import, remove and forget samples."""
    store, rng = SampleStore(folder / "samples.sqlite"), random.Random(start)
    for turn in range(10**6):
        what = rng.randrange(8)
        if what < 5:
            tell(f"kept {store.add(Sample('木', written('木'), f'{start}-{turn}'))}")
        elif what == 5:
            many = [
                Sample(c, written(c), f"import {start}-{turn}") for c in list(WRITTEN) * (_IMPORTED // len(WRITTEN))
            ]
            tell("kept " + " ".join(map(str, store.add_all(many))))
        elif what == 6:
            store.remove([store.add(Sample("中", written("中"), f"gone {start}-{turn}"))])
            tell(f"gone {start}-{turn}")
        else:
            store.forget_removed()


def samples_are_there(folder: Path, told: list[str]) -> None:
    path = folder / "samples.sqlite"
    store = SampleStore(path)
    found = {stored.id: stored.sample for stored in store.all()}
    store.close()
    kept = {int(number) for line in told if line.startswith("kept") for number in line.split()[1:]}
    assert kept <= set(found), f"{len(kept - set(found))} samples are lost"
    gone = {line for line in told if line.startswith("gone")}
    assert not gone & {sample.writer for sample in found.values()}, "removed samples are back"
    imports = Counter(sample.writer for sample in found.values() if sample.writer.startswith("import"))
    assert set(imports.values()) <= {_IMPORTED}, "an import is there in part"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    if len(found) > 400:  # a new store: what is looked at stays little
        for file in folder.glob("samples.sqlite*"):
            file.unlink()
        told.clear()


# -------------------------------------------------------------------------------------- settings


def change_settings(folder: Path, tell: Tell, start: int) -> None:
    """Save the settings and a collecting session over and over."""
    for number in range(start * 10**6, (start + 1) * 10**6):
        save_settings(Settings(writer=str(number), own_characters="木" * (number % 500)))
        tell(f"settings {number}")
        Collecting("木上中" * 40, repeats=50, writer=str(number), at=1).save(paths.collecting_session())
        tell(f"session {number}")


def settings_are_there(folder: Path, told: list[str]) -> None:
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} <= {
        "settings.json",
        "collecting.json",
    }
    for what in ("settings", "session"):
        last = max((int(line.split()[1]) for line in told if line.startswith(what)), default=None)
        if last is not None:
            session = load_session(paths.collecting_session())
            writer = load_settings().writer if what == "settings" else session.writer if session else ""
            assert writer.isdigit(), f"{what} cannot be read"
            assert int(writer) >= last, f"{what} are older than what was told"


# --------------------------------------------------------------------------------------- reading


def edit_pages(folder: Path, tell: Tell, start: int) -> None:
    """Type into pages that were read, open, close and reopen them; tell each state before and after it is kept."""
    session, rng = Session(ReadingStore(paths.reading_session())), random.Random(start)
    pages, _ = session.restored()
    tell("kept " + json.dumps([page.text for page in pages]))
    for turn in range(10**6):
        what = rng.randrange(10) if pages else 0
        if what == 0 and len(pages) < 4:
            page = read_page("木上\n中", f"{start}-{turn}.png")
            pages.append(page)
            keep = partial(session.keep, page)
        elif what == 1:
            closed = pages.pop(rng.randrange(len(pages)))
            keep = partial(session.close_page, closed)
        else:
            page = rng.choice(pages)
            at = rng.randrange(len(page.text) + 1)
            removed = min(rng.randrange(2) if len(page.text) < 40 else 5, len(page.text) - at)
            page.edited(at, removed, rng.choice("木上中十一"))
            keep = partial(session.keep_text, page)
        tell("next " + json.dumps([page.text for page in pages]))
        keep()
        tell("kept " + json.dumps([page.text for page in pages]))
        if what == 1 and rng.random() < 0.5:
            at = place_of(closed, pages)
            tell("next " + json.dumps([page.text for page in [*pages[:at], closed, *pages[at:]]]))
            again = session.reopened()
            assert again is not None
            pages.insert(at, again)
            tell("kept " + json.dumps([page.text for page in pages]))


def pages_are_there(folder: Path, told: list[str]) -> None:
    session = Session(ReadingStore(paths.reading_session()))
    pages, _ = session.restored()
    assert session.trouble is None, "the file was damaged"
    session.close()
    texts = [page.text for page in pages]
    kept = [json.loads(line.partition(" ")[2]) for line in told[-3:]]
    assert not told or texts in kept, f"{texts} is none of {kept}"
    del told[:-3]


# ---------------------------------------------------------------------------------------- models


def install_models(folder: Path, tell: Tell, start: int) -> None:
    """Install and activate models that differ in their names."""
    members = dict(bundle_members())
    manifest = json.loads(members["manifest.json"])
    registry = Registry()
    for number in range(start * 10**6, (start + 1) * 10**6):
        members["manifest.json"] = json.dumps({**manifest, "id": f"m{number}"}).encode()
        path = folder / "new.zip"
        path.write_bytes(archive(list(members.items())))
        registry.install(path)
        tell(f"installed m{number}")
        registry.activate(f"m{number}")
        tell(f"active m{number}")


def models_are_there(folder: Path, told: list[str]) -> None:
    registry = Registry()
    found = {bundle.id: bundle for bundle in registry.bundles()}
    lost = {line.split()[1] for line in told if line.startswith("installed")} - set(found)
    assert not lost, f"{len(lost)} models are lost"
    for path in paths.user_models().glob("[!.]*"):
        assert path.name == "active.json" or path.name in found, f"{path.name} is half there"
    for bundle in found.values():
        bundle.model_bytes()
    active = [line.split()[1] for line in told if line.startswith("active")]
    if active:
        now = registry.active().id
        assert now == active[-1] or (now.startswith("m") and int(now[1:]) > int(active[-1][1:])), f"{now} is active"
    for old in sorted(paths.user_models().glob("m*"))[:-30]:  # what is looked at stays little
        if old.name not in active[-1:]:
            for file in old.iterdir():
                file.unlink()
            old.rmdir()
            told[:] = [line for line in told if line != f"installed {old.name}"]


# ---------------------------------------------------------------------------------------- batches


def _command(folder: Path, *more: str) -> list[str]:
    forms = ["--format", "text,json", "--no-language", "--direction", "horizontal"]
    inputs = [str(folder / "in"), "--out", str(folder / "out")]
    return [sys.executable, "-m", "hccr_desktop", "batch", *inputs, *forms, *more]


def read_pages(folder: Path, tell: Tell, start: int) -> None:
    """Read a folder of pages as the command does; anew in another order of things once all are read."""
    source = folder / "in"
    if not source.exists():
        (folder / "making").mkdir(exist_ok=True)
        for number, text in enumerate(("木上中", "十木", "中中木上", "上十", "一中", "木木木", "十上", "中")):
            picture(text, 60).save(folder / "making" / f"{number}.png")
        pages = [picture("上中", 60), picture("十一木", 60)]
        pages[0].save(folder / "making" / "two.tif", save_all=True, append_images=pages[1:])
        (folder / "making").rename(source)
    with subprocess.Popen(
        _command(folder), cwd=_ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        tell(f"process {process.pid}")
        assert process.stderr is not None
        for line in process.stderr:
            if " → " in line:
                tell("done " + line.partition(" → ")[2].partition(";")[0])
    tell("all")


def texts_are_there(folder: Path, told: list[str]) -> None:
    """Compare with what an undisturbed batch writes, which is made once."""
    out, right = folder / "out", folder / "right"
    if not (folder / "in").exists():
        return
    if not right.exists():
        command = _command(folder)
        command[command.index(str(out))] = str(folder / "aside")
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"an undisturbed batch fails: {done.stderr}"
        (folder / "aside").rename(right)
    for name in {line.split(maxsplit=1)[1] for line in told if line.startswith("done")}:
        assert (out / f"{name}.txt").exists(), f"{name}.txt was told, and is not there"
    for path in out.rglob("[!.]*"):
        if path.is_file() and path.name != "summary.json":
            same = right / path.relative_to(out)
            assert same.exists(), f"{path.name} is no result"
            assert _text(path) == _text(same), f"{path.name} is half-written"
    if "all" in told:
        assert {p.name for p in out.iterdir() if not p.name.startswith(".hccr")} == {
            p.name for p in right.iterdir() if not p.name.startswith(".hccr")
        }
        for path in [*out.iterdir()]:  # once more from the beginning
            path.unlink()
        told.clear()


def _text(path: Path) -> object:
    if path.suffix != ".json":
        return path.read_bytes()
    page = json.loads(path.read_text("utf-8"))
    return [line["text"] for line in page["lines"]] if "lines" in page else sorted(page)


# --------------------------------------------------------------------------------------- trainings

_STEPS = 30


def train(folder: Path, tell: Tell, start: int) -> None:
    """Fit a tiny network, or go on with it."""
    _fit(folder, folder / "run", tell)
    tell("all")


def _fit(folder: Path, run: Path, tell: Tell = lambda _: None) -> None:
    from hccr_desktop.core.protocol import Message, Progress
    from hccr_desktop.formats.gnt import write_gnt
    from tests.trainer.conftest import TINY, scan
    from trainer.config import FitConfig, SourceConfig
    from trainer.data.prepare import prepare
    from trainer.tasks.character import fit

    rng = np.random.default_rng(0)
    if not (folder / "scans.gnt").exists():
        write_gnt(folder / "scans.gnt", [Sample(c, scan(c, rng)) for c in "一十中上" for _ in range(12)])
    config = FitConfig(
        sources=(SourceConfig("gnt", "scans.gnt", test_share=0.3),), data=str(folder), characters="sources", size=32,
        architecture=TINY, margin=2, steps=_STEPS, batch_size=8, warmup_steps=2, workers=0, threads=1, device="cpu",
        evaluate_every=10, checkpoint_minutes=0,
    )  # fmt: skip

    def report(message: Message) -> None:
        if isinstance(message, Progress):
            tell(f"step {message.done}")

    fit(config, prepare(config), run, report, resume=(run / "last.pt").exists())


def checkpoints_are_there(folder: Path, told: list[str]) -> None:
    from tests.trainer.tasks.test_character import same
    from trainer.checkpoints import LAST
    from trainer.tasks.weights import load_checkpoint

    run = folder / "run"
    if (run / LAST).exists():
        load_checkpoint(run / LAST)
    for path in run.glob("[!.]*.pt"):
        load_checkpoint(path)
    if "all" not in told:
        return
    _fit(folder, folder / "right")
    there, right = (load_checkpoint(place / LAST) for place in (run, folder / "right"))
    assert same(there, right), "it differs from a run that was never stopped"
    for place in (run, folder / "right"):
        for path in place.iterdir():
            path.unlink()
    told.clear()


WORKS = {
    "samples": Work(keep_samples, samples_are_there, 0.25, 30),
    "reading": Work(edit_pages, pages_are_there, 0.2, 25),
    "settings": Work(change_settings, settings_are_there, 0.15, 25),
    "models": Work(install_models, models_are_there, 1.0, 20),
    "batch": Work(read_pages, texts_are_there, 4.0, 15),
    "training": Work(train, checkpoints_are_there, 12.0, 2),
}

# ---------------------------------------------------------------------------------------- the kills


def _in_process(home: Path, target: Callable[..., None], *arguments: object) -> tuple[Any, BaseProcess]:
    """Start a function in a process of its own, at the head of its group; it is given a pipe first."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.campaign.kills", "tests.campaign.workers"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_led, args=(home, target, theirs, *arguments))
    process.start()
    theirs.close()
    return ours, process


def _led(home: Path, target: Callable[..., None], pipe: Any, *arguments: object) -> None:
    os.setpgid(0, 0)
    os.environ["HCCR_HOME"] = str(home)
    try:
        target(pipe, *arguments)
    except BaseException as error:  # noqa: BLE001 - told to the campaign
        pipe.send("trouble " + "".join(traceback.format_exception(error)))


def _go(pipe: Any, work: Work, folder: Path, start: int) -> None:
    work.go(folder, pipe.send, start)


def _check(pipe: Any, work: Work, folder: Path, told: list[str]) -> None:
    work.check(folder, told)
    pipe.send(told)


def _heard(pipe: Any) -> list[Any]:
    """Return all that a process said before it ended."""
    found = []
    with contextlib.suppress(EOFError, OSError):
        while pipe.poll():
            found.append(pipe.recv())
    return found


def kill_once(work: Work, folder: Path, told: list[str], start: int, after: float) -> str:
    """Let a work go on, kill it after some seconds, and look; returns what is wrong, empty for nothing.

    `told` is what was told so far, and grows.
    """
    pipe, process = _in_process(folder, _go, work, folder, start)
    deadline = time.monotonic() + after
    while process.is_alive() and time.monotonic() < deadline:
        time.sleep(min(0.002, after))
        told += _heard(pipe) if pipe.poll() else []
    with contextlib.suppress(ProcessLookupError):  # it was killed before it led a group, or ended
        os.killpg(process.pid or 0, signal.SIGKILL)
    process.kill()
    process.join()
    told += _heard(pipe)
    pipe.close()
    if bad := [line for line in told if line.startswith("trouble")]:
        told.clear()
        return bad[0]
    pipe, process = _in_process(folder, _check, work, folder, told)
    while process.is_alive() and not pipe.poll(0.05):
        pass
    answers = _heard(pipe)
    process.join()
    pipe.close()
    if not answers or isinstance(answers[0], str):
        return str(answers[0]) if answers else f"the check ended with {process.exitcode}"
    told[:] = answers[0]
    return ""


def kills(count: int, seed: int, names: Sequence[str]) -> int:
    """Kill works `count` times in all; print what was found, return the exit code."""
    rng = random.Random(seed)
    shares = {name: WORKS[name].share for name in names}
    survived, findings = Counter[str](), []
    with tempfile.TemporaryDirectory() as root:
        for name in names:
            wanted = max(round(count * shares[name] / sum(shares.values())), 1)
            folder, told = Path(root) / name, list[str]()
            folder.mkdir()
            for number in range(wanted):
                wrong = kill_once(WORKS[name], folder, told, number + 1, rng.random() * WORKS[name].seconds)
                if wrong:
                    findings.append(wrong)
                    print(f"{name}, kill {number}: {wrong.strip()}", flush=True)
                    told.clear()
                    folder = Path(root) / f"{name}-{number}"
                    folder.mkdir()
                else:
                    survived[name] += 1
            print(f"{name}: {survived[name]} of {wanted} kills survived", flush=True)
    print(f"{survived.total()} kills survived, {len(findings)} findings")
    return int(bool(findings))
