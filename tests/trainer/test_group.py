"""Two processes that train together, started by torchrun, against one alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from hccr_desktop.errors import InputError
from trainer.checkpoints import LAST, load_checkpoint
from trainer.group import Group

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
    for name, tensor in alone["model"].items():
        torch.testing.assert_close(together["model"][name], tensor, rtol=1e-3, atol=1e-4)
    averaged = alone["averaged"]["classify.weight"]
    assert not torch.allclose(averaged, alone["model"]["classify.weight"], atol=1e-3)  # something was learned

    # What two processes left, one goes on with.
    done = run([], "fit", "--config", str(tmp_path / "c.toml"), "--out", str(tmp_path / "together"), "--resume")
    assert done.returncode == 0, done.stderr


def test_a_batch_is_shared_out_evenly_or_refused() -> None:
    assert [*Group(0, 2).part(6), *Group(1, 2).part(6)] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(InputError, match="evenly among 4"):
        Group(0, 4).part(6)
