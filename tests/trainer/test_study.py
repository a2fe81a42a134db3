"""Tables of networks: a small one from end to end, stopped and gone on with; the report."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hccr_desktop.core.protocol import Message
from hccr_desktop.errors import InputError
from trainer.checkpoints import LAST
from trainer.cli import main
from trainer.networks.eca_resnet import PAPER_RESNET18
from trainer.recipe import load_study
from trainer.report import cells_of, interval
from trainer.reporter import silent
from trainer.studies import lightweight, minihwdb, parsimonious
from trainer.study import Study
from trainer.table import Measured, Row, Stopped


def test_an_interval_is_students() -> None:
    low, high = interval([0.90, 0.92, 0.94])
    assert low == pytest.approx(0.92 - 4.303 * 0.02 / math.sqrt(3))
    assert high == pytest.approx(0.92 + 4.303 * 0.02 / math.sqrt(3))
    assert interval([0.01, 0.0, 0.2])[0] == 0
    low, high = interval([-2.5, -2.0, -2.2])  # more errors than characters
    assert low < -2.2 < high
    assert all(math.isnan(bound) for bound in interval([0.9]))


def test_a_row_shows_means_and_what_is_missing() -> None:
    made = [
        Measured(0.9, 1_000_000, 2_000_000, 4_000_000, ()),
        Measured(0.92, 1_200_000, 2_000_000, 4_000_000, ()),
    ]
    row = cells_of(Row("pruned", "97 %", "control"), made, 0.5)
    assert row[:2] == ["pruned", "91.00%"]
    assert row[3:5] == ["1.1 M", "2 M"]
    assert row[-2:] == ["97 %", "control"]
    assert cells_of(Row("pruned"), [])[1] == ""


@pytest.mark.parametrize("arguments", [["--fold", "1"], ["--seed", "2"]])
def test_options_that_a_table_does_not_take_are_refused(arguments: list[str], tmp_path: Path) -> None:
    assert main(["recipe", "minihwdb", "--data", str(tmp_path), "--out", str(tmp_path / "run"), *arguments]) == 1


def test_the_papers_table_at_a_small_scale(data: Path, tmp_path: Path) -> None:
    overrides = {
        "data": str(data),
        "sources": [{"kind": "gnt", "path": "scans.gnt.zip", "test_share": 0.3, "validation_share": 0.2}],
        "size": 32,
        "margin": 2,
        "steps": 4,
        "batch_size": 8,
        "workers": 0,
        "threads": 1,
        "device": "cpu",
        "bfloat16": False,
    }
    config = load_study("minihwdb", overrides)
    sizes = minihwdb.Sizes(
        replace(PAPER_RESNET18, widths=(16, 24, 32, 48), stem_width=16),
        replace(PAPER_RESNET18, widths=(24, 32, 48, 64)),
    )
    with pytest.raises(Stopped):
        minihwdb.run(config, tmp_path, silent, seeds=[1], sizes=sizes, cancelled=lambda: True)
    told: list[Message] = []
    report = minihwdb.run(config, tmp_path, told.append, seeds=[1], sizes=sizes)
    text = (report / "report.md").read_text(encoding="utf-8")
    for row in minihwdb.ROWS:
        assert f"| {row.name} |" in text
    assert "int8" in text
    page = (report / "report.html").read_text(encoding="utf-8")
    assert page.count("<tr>") == len(minihwdb.ROWS) + 2
    for name in ("accuracy.png", "curves.png", "confusion.png", "errors.png"):  # in so few steps it errs
        assert np.asarray(Image.open(report / name)).std() > 0

    measured = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in (tmp_path / "seed-1").glob("*/measured.json")
    }
    whole, less, least = (
        measured[name]["parameters"] for name in ("ECA-ResNet18", "pruned 0.4", "pruned 0.6, distilled")
    )
    assert whole > less > least
    assert measured["ECA-ResNet18"]["parameters"] - measured["ResNet18"]["parameters"] == 8 * PAPER_RESNET18.eca_kernel
    int8 = next(values for name, values in measured.items() if name.endswith("int8"))
    assert int8["bytes"] < measured["pruned 0.6"]["bytes"]


SMALL: dict[str, object] = {
    "sources": [{"kind": "gnt", "path": "scans.gnt.zip", "test_share": 0.3, "validation_share": 0.2}],
    "architecture": {"widths": [16, 24], "blocks": [1, 1], "embedding": 0},
    "size": 32,
    "margin": 2,
    "steps": 20,
    "batch_size": 8,
    "workers": 0,
    "threads": 1,
    "device": "cpu",
    "bfloat16": False,
}


def test_lightweight_replaces_what_is_least_sensitive_until_the_budget_is_met(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = lightweight.Sizes(budget=1.5, kinds=("separable", "reduced"), features=8)
    config = load_study("lightweight", {"data": str(data), **SMALL})
    report = lightweight.run(config, tmp_path, silent, seeds=[1], sizes=sizes)
    text = (report / "report.md").read_text(encoding="utf-8")
    for row in (*lightweight.ROWS, Row("sensitivity: stage 2 reduced")):
        assert f"| {row.name} |" in text
    read = {p.parent.name: json.loads(p.read_text("utf-8")) for p in (tmp_path / "seed-1").glob("*/measured.json")}
    whole, light = read[lightweight.BASELINE.name], read[lightweight.BLOCKS.name]
    assert whole["macs"] >= 1.5 * light["macs"]
    assert whole["parameters"] >= 1.5 * light["parameters"]
    assert read[lightweight.UNMERGED.name]["top1"] == whole["top1"]


def test_the_sensitivity_rule_takes_what_loses_least_within_the_budget() -> None:
    losses = {(stage, kind): 0.01 * (stage + 1) for stage in range(3) for kind in lightweight.KINDS}
    losses[2, "reduced"] = -0.01
    sizes = lightweight.Sizes(budget=2.0)

    def size(kinds: tuple[str, ...]) -> lightweight.Size:
        whole = sum({"reduced": 1, "": 10}.get(kind, 4) for kind in kinds)
        return whole, whole

    within = lightweight.choices(size, 3, sizes)
    assert all(2 * macs <= 30 for _, macs in within.values())
    assert lightweight.chosen(losses, within) == ("asymmetric", "", "reduced")
    besides = ("asymmetric", "", "reduced")
    drawn = [lightweight.randomly(seed, within, besides) for seed in range(20)]
    assert besides not in drawn
    assert len(set(drawn)) > 1
    assert all(within[kinds][1] >= 12 for kinds in drawn)
    with pytest.raises(InputError):
        lightweight.choices(size, 3, lightweight.Sizes(budget=11.0))


def test_parsimonious_networks_learn_from_the_full_one(data: Path, tmp_path: Path) -> None:
    config = load_study("parsimonious", {"data": str(data), **SMALL})
    report = parsimonious.run(config, tmp_path, silent, seeds=[1])
    text = (report / "report.md").read_text(encoding="utf-8")
    for row in parsimonious.ROWS:
        assert f"| {row.name} |" in text
    read = {p.parent.name: json.loads(p.read_text("utf-8")) for p in (tmp_path / "seed-1").glob("*/measured.json")}
    assert read[parsimonious.JOINT.name]["macs"] < read[parsimonious.WIDER.name]["macs"] < read["full network"]["macs"]


def test_a_finished_cell_is_taken_only_for_what_was_made(data: Path, tmp_path: Path) -> None:
    config = load_study("parsimonious", {"data": str(data), **SMALL, "steps": 2})
    study = Study(tmp_path / "one", config, silent, lambda: False)
    last = study.train("full network", config)
    measured = study.measure("full network", config, last)
    other = replace(config, learning_rate=1e-4)
    with pytest.raises(InputError, match=r"full network holds what was made otherwise \(learning_rate: .* → 0.0001\)"):
        study.train("full network", other)
    with pytest.raises(InputError, match="full network holds what was made otherwise"):
        study.measure("full network", other, last)
    with pytest.raises(InputError, match=r"otherwise \(merged: true → false\)"):
        study.measure("full network", config, last, merged=False)
    with pytest.raises(InputError, match=r"otherwise \(tested\)"):  # fewer test samples
        Study(tmp_path / "one", config, silent, lambda: False, test_limit=3).measure("full network", config, last)
    shutil.move(tmp_path / "one", tmp_path / "two")  # a folder may lie elsewhere, so do its teachers then
    moved = Study(tmp_path / "two", replace(config, workers=1), silent, lambda: False)
    last = moved.train("full network", config)
    assert moved.measure("full network", config, last) == measured
    taught = replace(config, teachers=(str(last),))
    moved.train("by logits", taught)
    shutil.move(tmp_path / "two", tmp_path / "three")
    again = Study(tmp_path / "three", config, silent, lambda: False)
    again.train("by logits", replace(config, teachers=(str(again.cell("full network", 1) / LAST),)))


def test_what_was_measured_without_saying_of_what_is_refused(data: Path, tmp_path: Path) -> None:
    config = load_study("parsimonious", {"data": str(data), **SMALL, "steps": 2})
    study = Study(tmp_path, config, silent, lambda: False)
    last = study.train("full network", config)
    made = study.measure("full network", config, last)
    path = study.cell("full network", 1) / "measured.json"
    path.write_text(json.dumps(asdict(made)), encoding="utf-8")  # as earlier versions wrote it
    with pytest.raises(InputError, match="of full network does not say what was measured"):
        study.measure("full network", config, last)
    path.unlink()
    assert study.measure("full network", config, last).read == made.read


def test_features_want_a_teacher_of_the_same_widths(data: Path, tmp_path: Path) -> None:
    config = load_study("parsimonious", {"data": str(data), **SMALL, "steps": 2})
    study = Study(tmp_path, config, silent, lambda: False)
    teacher = study.train("teacher", config)
    other = replace(config.architecture, widths=(16, 20))
    taught = replace(config, architecture=other, teachers=(str(teacher),), feature_weight=1.0)
    with pytest.raises(InputError, match="not \\(16, 20\\)"):
        study.train("student", taught)
    with pytest.raises(ValueError, match="name one"):
        replace(config, feature_weight=1.0)
