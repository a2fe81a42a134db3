"""Trainings that meet bad data, a full disk, too little memory, a second training, and kill -9."""

from __future__ import annotations

import json
import multiprocessing
import random
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from filelock import FileLock

from hccr_desktop.core.protocol import Message, Notice
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError, StorageError, UnreadableFile
from hccr_desktop.formats.gnt import write_gnt
from tests.trainer.conftest import scan
from tests.trainer.tasks.test_character import same
from trainer.checkpoints import BEST, BEST_RULE, LAST
from trainer.config import FitConfig, SourceConfig
from trainer.data.prepare import prepare
from trainer.reporter import silent
from trainer.tasks.character import fit
from trainer.tasks.learner import Learner
from trainer.tasks.weights import load_checkpoint


def notices(config: FitConfig) -> str:
    told: list[Message] = []
    prepare(config, report=told.append)
    return " ".join(message.text for message in told if isinstance(message, Notice))


def test_one_class_is_refused(config: FitConfig, tmp_path: Path) -> None:
    write_gnt(tmp_path / "one.gnt", [Sample("一", scan("一", np.random.default_rng(0)))] * 5)
    alone = replace(config, sources=(SourceConfig("gnt", "one.gnt"),), data=str(tmp_path), components="")
    with pytest.raises(InputError, match="nothing to tell apart"):
        prepare(alone)


def test_a_class_without_test_samples_is_named(config: FitConfig, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    write_gnt(tmp_path / "few.gnt", [Sample(c, scan(c, rng)) for c in "一" * 30 + "十"])
    few = replace(config, sources=(SourceConfig("gnt", "few.gnt", test_share=0.3),), data=str(tmp_path), components="")
    assert "1 characters have too few samples for a test: 十" in notices(few)


def test_what_is_readable_of_a_damaged_source_is_used(config: FitConfig, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    write_gnt(tmp_path / "whole.gnt", [Sample(c, scan(c, rng)) for c in "一十" * 10])
    data = (tmp_path / "whole.gnt").read_bytes()
    (tmp_path / "cut.gnt").write_bytes(data[:-100])
    cut = replace(config, sources=(SourceConfig("gnt", "cut.gnt"),), data=str(tmp_path), components="")
    assert "The other 19 samples are used." in notices(cut)
    (tmp_path / "cut.gnt").write_bytes(data[:50])
    with pytest.raises(UnreadableFile):
        prepare(cut)


def test_two_trainings_do_not_share_a_folder(config: FitConfig, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(InputError, match="Another training is at work"):
        fit(config, prepare(config), tmp_path, silent)
    fit(config, prepare(config), tmp_path, silent)


def test_too_little_memory_is_said(config: FitConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare(config)
    steps = iter(range(100))
    learn = Learner.forward

    def hungry(self: Learner, *args: Any) -> torch.Tensor:
        if next(steps) == 3:
            torch.empty(2**55)  # more than any machine has: torch's own words are tested
        return learn(self, *args)

    monkeypatch.setattr(Learner, "forward", hungry)
    with pytest.raises(InputError, match="memory does not suffice for batches of 16"):
        fit(replace(config, checkpoint_minutes=0), prepared, tmp_path, silent)
    assert load_checkpoint(tmp_path / LAST)["step"] == 3


@pytest.mark.skipif(sys.platform == "win32", reason="limits of file size are POSIX")
def test_a_full_disk_leaves_the_last_checkpoint(config: FitConfig, tmp_path: Path) -> None:
    import resource

    prepared = prepare(config)
    asked = iter(range(100))
    fit(config, prepared, tmp_path, silent, cancelled=lambda: next(asked) == 2)
    before = (tmp_path / LAST).read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(StorageError) as caught:
            fit(config, prepared, tmp_path, silent, resume=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, previous)
    assert "Free some space" in caught.value.hint
    assert (tmp_path / LAST).read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [".lock", LAST]


def test_a_run_that_gets_no_better_ends_early_and_stays_ended(config: FitConfig, tmp_path: Path) -> None:
    config = replace(config, steps=40, evaluate_every=2, patience=3, learning_rate=0.0, warmup_steps=1)
    prepared = prepare(config)
    fit(config, prepared, tmp_path, silent)
    content = load_checkpoint(tmp_path / LAST)
    assert content["finished"]
    assert content["step"] == 8  # the first evaluation was the best
    told = json.loads((tmp_path / "best.json").read_text(encoding="utf-8"))
    assert told["rule"] == BEST_RULE
    assert told["step"] == load_checkpoint(tmp_path / BEST)["step"] == 2
    assert told["score"] == pytest.approx(np.mean(list(told["scores"].values())))
    fit(config, prepared, tmp_path, silent, resume=True)
    assert load_checkpoint(tmp_path / LAST)["step"] == 8


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_run_killed_twenty_times_equals_one_that_was_not(config: FitConfig, tmp_path: Path) -> None:
    config = replace(config, steps=300, checkpoint_minutes=0, evaluate_every=50)
    prepared = prepare(config)
    fit(config, prepared, tmp_path / "whole", silent)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["trainer.tasks.character", "torch._dynamo"])  # what takes seconds to import
    last = tmp_path / "killed" / LAST
    rng = random.Random(0)
    reached, patience = [0], 0.6
    while len(reached) <= 20 or not load_checkpoint(last)["finished"]:
        arguments = (config, prepared, last.parent, silent)
        process = context.Process(target=fit, args=arguments, kwargs={"resume": last.exists()})
        process.start()
        if len(reached) <= 20:
            process.join(rng.uniform(0.1, patience))
            process.kill()
        process.join()
        reached.append(load_checkpoint(last)["step"] if last.exists() else 0)
        if reached[-1] == reached[-2]:  # a slow machine needs longer to come anywhere
            patience *= 1.2
    assert reached == sorted(reached)
    assert len(set(reached)) > 3  # some were killed on the way
    assert same(load_checkpoint(tmp_path / "whole" / LAST), load_checkpoint(last))
