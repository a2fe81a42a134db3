"""Recipes: stages one after another, stopped and gone on with, to a bundle."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hccr_desktop.core.protocol import Finished, Message
from hccr_desktop.errors import InputError
from trainer.checkpoints import LAST
from trainer.cli import main
from trainer.recipe import follow, load_recipe
from trainer.tasks.weights import load_checkpoint

RECIPE = """
id = "small"
title = "Small"
characters = "sources"
architecture = { widths = [8, 12, 16, 24], blocks = [1, 1, 1, 1], stem_width = 4, embedding = 16 }
size = 32
margin = 2
batch_size = 16
warmup_steps = 2
workers = 0
threads = 1
device = "cpu"
bfloat16 = false

[[sources]]
kind = "gnt"
path = "scans.gnt.zip"
test_share = 0.3
title = "Scans"
terms = "drawn by the test"

[[stages]]
name = "clean"
characters = "@few.txt"
steps = 60
vigor = 0.2

[[stages]]
name = "wild"
steps = 100
vigor = 1.0
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    (tmp_path / "few.txt").write_text("一 十\n", encoding="utf-8")
    path = tmp_path / "small.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def ignore(_: Message) -> None:
    """Report to nobody."""


def test_a_recipe_goes_from_data_to_a_bundle(
    recipe: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ["recipe", str(recipe), "--data", str(data), "--out", str(out), "--scale", "0.1"]
    assert main([*arguments, "--created", "2026-01-01"]) == 0
    card = (out / "small" / "CARD.md").read_text(encoding="utf-8")
    assert "Stages: clean (6 steps), wild (10 steps)" in card
    assert json.loads((out / "small" / "manifest.json").read_text())["title"] == "Small"
    assert len(load_checkpoint(out / "1-clean" / LAST)["about"]["characters"]) == 2
    assert len(load_checkpoint(out / "2-wild" / LAST)["about"]["characters"]) == 4
    assert main(arguments) == 1  # never over a bundle that is there
    assert "exists already" in capsys.readouterr().err


def test_a_stopped_recipe_goes_on_where_it_was(recipe: Path, data: Path, tmp_path: Path) -> None:
    read = load_recipe(str(recipe), {"data": str(data)}, scale=0.1)
    asked = iter(range(1000))
    events: list[Message] = []
    stopped = follow(read, tmp_path / "out", events.append, created="", cancelled=lambda: next(asked) == 7)
    assert stopped is None
    assert events[-1] == Finished(cancelled=True)
    assert load_checkpoint(tmp_path / "out" / "1-clean" / LAST)["step"] == 6
    assert load_checkpoint(tmp_path / "out" / "2-wild" / LAST)["step"] < 10
    assert follow(read, tmp_path / "out", ignore, created="") is not None
    assert load_checkpoint(tmp_path / "out" / "2-wild" / LAST)["step"] == 10


def test_a_proof_is_a_small_part_of_a_recipe(recipe: Path, data: Path, tmp_path: Path) -> None:
    arguments = ["recipe", str(recipe), "--data", str(data), "--out", str(tmp_path / "out"), "--scale", "proof"]
    assert main([*arguments, "--created", "2026-01-01"]) == 0
    assert load_checkpoint(tmp_path / "out" / "2-wild" / LAST)["step"] == 5


def test_a_proof_is_not_exported_as_the_whole(
    recipe: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, out = {"data": str(data)}, tmp_path / "out"
    proof = follow(load_recipe(str(recipe), given, scale=0.1), out, ignore, created="")
    assert proof is not None
    shutil.rmtree(proof.folder)
    assert main(["recipe", str(recipe), "--data", str(data), "--out", str(out), "--scale", "0.2"]) == 1
    told = capsys.readouterr().err
    assert "1-clean holds what was made otherwise (steps: 6 → 12" in told
    assert "Choose another folder" in told
    with pytest.raises(InputError, match="seed: 1 → 2"):
        follow(load_recipe(str(recipe), {**given, "seed": 2}, scale=0.1), out, ignore, created="")
    assert not proof.folder.exists()


def test_a_finished_stage_of_another_alphabet_is_refused(recipe: Path, data: Path, tmp_path: Path) -> None:
    read = load_recipe(str(recipe), {"data": str(data)}, scale=0.1)
    asked = iter(range(1000))
    assert follow(read, tmp_path / "out", ignore, created="", cancelled=lambda: next(asked) == 7) is None
    (tmp_path / "few.txt").write_text("一 中\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"1-clean holds what was made otherwise \(alphabet\)"):
        follow(read, tmp_path / "out", ignore, created="")


def test_finished_stages_are_taken_wherever_data_and_recipe_lie(recipe: Path, data: Path, tmp_path: Path) -> None:
    first = follow(load_recipe(str(recipe), {"data": str(data)}, scale=0.1), tmp_path / "out", ignore, created="")
    assert first is not None
    shutil.rmtree(first.folder)
    moved = tmp_path / "moved"
    shutil.copytree(data, moved / "data")
    for path in (recipe, tmp_path / "few.txt"):
        shutil.copy(path, moved / path.name)
    given = {"data": str(moved / "data"), "workers": 1}
    again = load_recipe(str(moved / recipe.name), given, scale=0.1)
    before = (tmp_path / "out" / "2-wild" / LAST).stat().st_mtime_ns
    second = follow(again, tmp_path / "out", ignore, created="")
    assert second is not None
    assert second.model_sha256 == first.model_sha256
    assert (tmp_path / "out" / "2-wild" / LAST).stat().st_mtime_ns == before


def test_wrong_recipes_are_sentences(recipe: Path) -> None:
    with pytest.raises(InputError, match="no recipe marvel"):
        load_recipe("marvel", {})
    with pytest.raises(InputError, match="positive"):
        load_recipe(str(recipe), {}, scale=0.0)
    recipe.write_text(RECIPE + "stepz = 3\n", encoding="utf-8")
    with pytest.raises(InputError, match="stepz"):
        load_recipe(str(recipe), {})
    recipe.write_text("id = ", encoding="utf-8")
    with pytest.raises(InputError, match="not TOML"):
        load_recipe(str(recipe), {})
