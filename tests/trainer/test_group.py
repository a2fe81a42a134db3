"""Two processes that train together, started by torchrun, against one alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch

from hccr_desktop.errors import InputError
from trainer.checkpoints import LAST
from trainer.group import Group
from trainer.tasks.weights import load_checkpoint

CONFIG = """
data = "{data}"
characters = "sources"
architecture = {{ widths = [8, 12, 16, 24], blocks = [1, 1, 1, 1], stem_width = 4, embedding = 16 }}
components = "components.txt"
size = 32
margin = 2
steps = 6
batch_size = 32
optimizer = "sgd"  # steps in proportion to gradients, so that differences stay as small as they are
learning_rate = 0.02
warmup_steps = 1
sparsity = 1e-4
workers = 0
threads = 1
device = "cpu"
bfloat16 = false
evaluate_every = 3

[[sources]]
kind = "gnt"
path = "scans.gnt.zip"
test_share = 0.3

[[sources]]
kind = "templates"
path = "templates.jsonl"
"""


def run(launcher: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *launcher, "-m", "trainer", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


TOGETHER = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def test_two_processes_end_where_one_does_with_the_whole_batch(data: Path, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(CONFIG.format(data=data.as_posix()), encoding="utf-8")
    for launcher, name in (([], "alone"), (TOGETHER, "together")):
        done = run(launcher, "fit", "--config", str(tmp_path / "c.toml"), "--out", str(tmp_path / name))
        assert done.returncode == 0, done.stderr
    alone, together = (load_checkpoint(tmp_path / name / LAST) for name in ("alone", "together"))
    assert together["step"] == 6
    assert together["best_score"] == alone["best_score"]
    for name, tensor in alone["network"].items():
        torch.testing.assert_close(together["network"][name], tensor, rtol=1e-3, atol=1e-4)
    averaged = alone["averaged"]["classify.weight"]
    assert not torch.allclose(averaged, alone["network"]["classify.weight"], atol=1e-3)  # something was learned

    # What two processes left, one goes on with.
    done = run([], "fit", "--config", str(tmp_path / "c.toml"), "--out", str(tmp_path / "together"), "--resume")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_lost_process_is_started_again_and_the_run_ends_as_if_it_had_not_been(data: Path, tmp_path: Path) -> None:
    text = CONFIG.format(data=data.as_posix()).replace("steps = 6", "steps = 150\ncheckpoint_minutes = 0.0")
    (tmp_path / "c.toml").write_text(text, encoding="utf-8")
    fit = ["fit", "--config", str(tmp_path / "c.toml"), "--out"]
    command = [sys.executable, *TOGETHER, "--max-restarts", "1", "-m", "trainer", *fit, str(tmp_path / "killed")]
    with subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, stderr=subprocess.PIPE) as launcher:
        deadline = time.monotonic() + 120
        while not (tmp_path / "killed" / LAST).exists():
            assert time.monotonic() < deadline
            assert launcher.poll() is None
            time.sleep(0.02)
        workers = [p for p in psutil.Process(launcher.pid).children() if p.environ().get("LOCAL_RANK") == "1"]
        workers[0].kill()
        _, said = launcher.communicate(timeout=240)
        assert launcher.returncode == 0, said.decode()
    done = run(TOGETHER, *fit, str(tmp_path / "whole"))
    assert done.returncode == 0, done.stderr
    killed, whole = (load_checkpoint(tmp_path / name / LAST) for name in ("killed", "whole"))
    assert killed["finished"]
    for name, tensor in whole["network"].items():
        torch.testing.assert_close(killed["network"][name], tensor, rtol=1e-3, atol=1e-4)


def test_a_batch_is_shared_out_evenly_or_refused() -> None:
    assert [*Group(0, 2).part(6), *Group(1, 2).part(6)] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(InputError, match="evenly among 4"):
        Group(0, 4).part(6)
