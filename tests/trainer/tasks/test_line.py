"""Recognizers of lines: what they begin from, what they learn from, teacher, student and decomposition."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.canary import Canary
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.lines.network import LineNetwork
from trainer.checkpoints import take_weights
from trainer.cli import main
from trainer.compress.tucker import decomposed, decomposed_convolution, decomposed_linear
from trainer.config import FitConfig
from trainer.data.lines import CIRCLED, _cross_out, compose_line, texts_of
from trainer.data.pool import Pool, draw_pool, labels_of, pool_of
from trainer.data.prepare import prepare
from trainer.networks.eca_resnet import Architecture, EcaResNet
from trainer.networks.line_net import LineNet, line_loss
from trainer.recipe import load_study
from trainer.reporter import silent
from trainer.run import Plan
from trainer.studies import line
from trainer.table import Stopped
from trainer.tasks.character import fit
from trainer.tasks.line import (
    LAST,
    LineData,
    LinesConfig,
    blended,
    collapsed,
    distance,
    export_lines,
    fit_lines,
    lines_to_onnx,
    with_columns,
)

SMALL = Architecture((8, 12, 16, 24), blocks=(1, 1, 1, 1), stem_width=4, embedding=16)


@pytest.fixture(scope="module")
def lines(config: FitConfig) -> LineData:
    charset = prepare(config).charset
    pool = draw_pool(prepare(config).shares, charset.characters, {"一": 0})
    return LineData(pool, texts_of(pool, ["一十中上木" * 4]), labels_of(pool, charset), charset)


def test_a_pool_comes_back_as_it_was_saved(lines: LineData, tmp_path: Path) -> None:
    lines.pool.save(tmp_path / "pool.npz")
    again = Pool.load(tmp_path / "pool.npz")
    assert again.characters == lines.pool.characters
    rng, other = np.random.default_rng(1), np.random.default_rng(1)
    assert np.array_equal(again.picture(1, rng), lines.pool.picture(1, other))
    counts = np.diff(again.firsts)
    assert counts[again.characters.index("一")] > counts[again.characters.index("木")]  # it is common


def test_a_pool_of_scans_has_them_all_by_character_and_no_empty_ones() -> None:
    paper = np.full((30, 20), 255, np.uint8)
    tall, wide = paper.copy(), paper.copy()
    tall[2:28, 9:12], wide[14:17, 2:18] = 0, 0
    pool = pool_of([("一", wide), ("丨", tall), ("一", wide.T), ("空", paper)])
    assert pool.characters == ("一", "丨")
    assert np.diff(pool.firsts).tolist() == [2, 1]
    height, width = pool.picture(1, np.random.default_rng(0)).shape
    assert height > 5 * width


def test_lines_hold_what_they_say(lines: LineData) -> None:
    inked = []
    for seed in range(30):
        picture, said = compose_line(lines.pool, lines.texts, 320, np.random.default_rng(seed))
        again, _ = compose_line(lines.pool, lines.texts, 320, np.random.default_rng(seed))
        assert picture.shape == (64, 320)
        assert np.array_equal(picture, again)
        assert all(0 <= number < len(lines.pool.characters) for number in said)
        dark = picture.astype(int) < int(np.median(picture)) - 40
        inked.append((len(said), int(dark.any(axis=0).sum())))
    long, short = [w for n, w in inked if n >= 5], [w for n, w in inked if n <= 2]
    assert np.mean(long) > np.mean(short)


def test_columns_are_mirrored_at_their_diagonal_and_read_with_mirrored_kernels(lines: LineData) -> None:
    one = lines.pool.characters.index("一")
    alone = replace(lines.texts, lines=(np.full(9, one, np.int32),), chinese=np.array([one], np.int32))

    def share_in_the_middle(*, is_column: bool) -> float:
        drawn = [compose_line(lines.pool, alone, 320, np.random.default_rng(n), is_column=is_column) for n in range(40)]
        darkness = np.mean([np.percentile(picture, 90) - picture for picture, _ in drawn], axis=0).clip(0)
        return float(darkness[24:40].sum() / darkness.sum())

    # 一 goes along a row, and across a column.
    assert share_in_the_middle(is_column=False) > 1.2 * share_in_the_middle(is_column=True)
    torch.manual_seed(0)
    network = LineNet(EcaResNet(SMALL, 5), 5, 8).eval()
    character = torch.randint(0, 255, (1, 1, 64, 64), dtype=torch.uint8)
    with torch.no_grad():
        as_row, as_column, turned = network(character), network.read_columns(character.mT), network(character.mT)
        # In the window that holds all of it a character is the same in both.
        assert (as_row - as_column)[:, 2].norm() < 0.3 * (as_row - turned)[:, 2].norm()
        made = onnxruntime.InferenceSession(with_columns(lines_to_onnx(network)).SerializeToString())
        strip = torch.randint(0, 255, (2, 1, 64, 160), dtype=torch.uint8)
        for are_columns, wanted in ((False, network(strip)), (True, network.read_columns(strip))):
            (found,) = made.run(None, {"lines": strip.numpy(), "columns": np.array(are_columns)})
            assert np.allclose(found, wanted.numpy(), atol=1e-3)


def test_lines_do_not_say_what_is_struck_out(lines: LineData) -> None:
    ink = np.zeros((112, 320), np.float32)
    for seed in range(20):
        struck = ink.copy()
        _cross_out(struck, [(100.0, 40.0, 140.0, 80.0), (145.0, 42.0, 180.0, 78.0)], np.random.default_rng(seed))
        columns = np.flatnonzero(struck.any(axis=0))
        assert columns[0] < 120
        assert columns[-1] > 160
        assert not struck[:, :80].any()
        assert not struck[:, 200:].any()


def test_a_line_network_begins_with_what_the_character_network_says() -> None:
    """On paper alone beside it, a character's features are those of the character network."""
    torch.manual_seed(0)
    network = EcaResNet(SMALL, 5).eval()
    for module in network.modules():  # so that paper gives nothing in every layer, as at the picture's edge
        if isinstance(module, nn.BatchNorm2d):
            nn.init.zeros_(module.bias)
            module.weight.data.uniform_(0.5, 1.5)
    character = torch.full((1, 1, 64, 64), 255, dtype=torch.uint8)
    character[:, :, 8:56, 8:56] = torch.randint(0, 255, (1, 1, 48, 48), dtype=torch.uint8)
    strip = torch.full((1, 1, 64, 320), 255, dtype=torch.uint8)
    strip[..., 128:192] = character
    made = LineNet(network, 7).eval()
    with torch.no_grad():
        wanted = network.embed(network.pooled(character))[0]
        found = made.features(strip)[0]
        apart = (found - wanted).norm(dim=1) / wanted.norm()
        assert int(apart.argmin()) == 18  # (128 + 64 / 2) / 8 - 2
        assert float(apart.min()) < 0.35
        logits = made(strip)
    assert logits.shape == (1, 40, 8)
    assert torch.equal(made.classify.weight[:5], network.classify.weight)
    assert made.train().convolutions.training
    assert not any(m.training for m in made.modules() if isinstance(m, nn.BatchNorm2d))
    assert any(m.training for m in made.thawed().train().modules() if isinstance(m, nn.BatchNorm2d))


def test_the_loss_is_least_where_the_answers_are_right() -> None:
    labels, lengths = torch.tensor([[1, 1, 2]]), torch.tensor([3])
    right = torch.full((1, 7, 4), -9.0)
    for place, answer in enumerate((1, 3, 1, 3, 2, 3, 3)):  # 3 is the blank
        right[0, place, answer] = 9.0
    assert line_loss(right, labels, lengths) < 0.01
    assert line_loss(right.flip(1), labels, lengths) > 1
    assert collapsed([1, 1, 3, 1, 3, 2, 3], 3) == [1, 1, 2]
    assert distance([1, 1, 2], [1, 2]) == 1


def stopped(_: Canary) -> bytes:
    raise KeyboardInterrupt


def test_a_recognizer_is_trained_stopped_gone_on_with_and_exported(
    lines: LineData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = LinesConfig(Plan(4, 2, workers=0, ema_decay=0.9), 256, 8, examined=2)
    torch.manual_seed(1)
    network = LineNet(EcaResNet(SMALL, len(lines.charset)), len(lines.charset), 8)
    assert fit_lines(network, lines, config, tmp_path / "run", silent, cancelled=lambda: True) is None
    fewer = replace(lines, texts=replace(lines.texts, lines=lines.texts.lines[:0]))
    for words, data, other in (
        ("seed: 1 → 2", lines, config.lasting(4, 2)),
        ("steps: 4 → 3", lines, config.lasting(3, 1)),
        ("width: 256 → 192", lines, replace(config, width=192)),
        (r"\(data\)", fewer, config),
    ):
        with pytest.raises(InputError, match=f"run holds what was made otherwise.*{words}"):
            fit_lines(network, data, other, tmp_path / "run", silent)
    trained = fit_lines(network, lines, config, tmp_path / "run", silent)
    assert trained is not None
    exported = partial(export_lines, trained, lines, config, tmp_path / "made", silent, created="2026-01-01", kept=0.1)
    with monkeypatch.context() as torn:
        torn.setattr(Canary, "to_bytes", stopped)  # in the middle of writing
        with pytest.raises(KeyboardInterrupt):
            exported(terms="drawn by the test", parent="the first")
    assert not (tmp_path / "made").exists()
    exported(terms="drawn by the test", parent="the first")
    bundle = load_bundle(tmp_path / "made", LineSpec)
    assert bundle.charset == lines.charset
    assert "drawn by the test" in bundle.card()
    assert "from the weights of the first, 4 steps" in bundle.card()
    assert "a share of 0.1 of the weights that it began with" in bundle.card()
    engine = LineNetwork(bundle)
    strip = np.full((64, 400), 255, np.uint8)
    strip[20:40, 100:104] = 0
    said = engine.probabilities(strip)
    assert said.shape == (50, len(lines.charset) + 1)
    assert np.allclose(said.sum(axis=1), 1, atol=1e-4)
    assert not np.allclose(said, engine.probabilities(strip, is_column=True))
    with pytest.raises(InputError, match="exists already"):
        exported(terms="drawn by the test", parent="the first")
    half = blended(network, trained, 0.5).state_dict()
    for name, value in trained.state_dict().items():
        assert torch.allclose(half[name].float(), 0.5 * (value + network.state_dict()[name]).float(), atol=1e-5)
    again = LineNet(EcaResNet(SMALL, len(lines.charset)), len(lines.charset), 8)
    take_weights(again, tmp_path / "run" / LAST)
    assert all(torch.equal(a, b) for a, b in zip(again.parameters(), trained.parameters(), strict=True))
    with pytest.raises(InputError, match="another network"):
        take_weights(nn.Linear(2, 2), tmp_path / "run" / LAST)


def test_the_command_makes_a_bundle_from_a_character_network(config: FitConfig, tmp_path: Path) -> None:
    small = replace(config, size=64, margin=3, evaluate_every=0)
    checkpoint = fit(small, prepare(small), tmp_path / "characters", silent)
    (tmp_path / "text.txt").write_text("一十中上木\n" * 3, encoding="utf-8")
    command = ["lines", str(tmp_path / "text.txt"), "--load", str(checkpoint), "--run", str(tmp_path / "run")]
    assert main([*command, "--steps", "1", "--out", str(tmp_path / "made")]) == 0
    characters = load_bundle(tmp_path / "made", LineSpec).charset.characters
    assert {*"一十中上木→", *CIRCLED} <= set(characters)


def test_decomposed_layers_are_smaller_and_with_all_energy_the_same() -> None:
    torch.manual_seed(0)
    left, core, right = torch.randn(32, 6), torch.randn(6, 5, 3, 3), torch.randn(24, 5)
    convolution = nn.Conv2d(24, 32, 3, (2, 1), (1, 2), (1, 2))
    with torch.no_grad():
        convolution.weight.copy_(torch.einsum("or,rshw,is->oihw", left, core, right))
    made = decomposed_convolution(convolution, 0.9999)
    assert isinstance(made, nn.Sequential)
    assert sum(p.numel() for p in made.parameters()) < convolution.weight.numel() / 4
    x = torch.randn(2, 24, 16, 20)
    assert torch.allclose(made(x), convolution(x), atol=1e-2 * float(convolution(x).detach().abs().max()))
    full = nn.Conv2d(8, 8, 3)
    assert decomposed_convolution(full, 0.9999) is full  # it would be larger
    linear = nn.Linear(40, 30)
    with torch.no_grad():
        linear.weight.copy_(torch.randn(30, 4) @ torch.randn(4, 40))
    two = decomposed_linear(linear, 0.9999)
    y = torch.randn(3, 40)
    assert isinstance(two, nn.Sequential)
    assert torch.allclose(two(y), linear(y), atol=1e-3)
    network = LineNet(EcaResNet(SMALL, 5), 5, 16).eval()
    whole = decomposed(network, 1.0)
    strip = torch.randint(0, 255, (1, 1, 64, 160), dtype=torch.uint8)
    with torch.no_grad():
        assert torch.allclose(whole(strip), network(strip), atol=1e-3)
    session = onnxruntime.InferenceSession(lines_to_onnx(whole).SerializeToString())  # type: ignore[arg-type]
    assert session.run(None, {"lines": strip.numpy()})[0].shape == (1, 20, 6)


def test_the_recipe_compares_ways_to_teach(data: Path, tmp_path: Path) -> None:
    sizes = line.Sizes(2, 192, 16, 4, 6, units=8, sparing_units=4, student=replace(SMALL, embedding=16))
    given = {
        "sources": [{"kind": "gnt", "path": "scans.gnt.zip", "test_share": 0.3, "validation_share": 0.2}],
        "architecture": {"widths": [8, 12, 16, 24], "blocks": [1, 1, 1, 1], "embedding": 16},
        "steps": 2,
        "batch_size": 8,
        "workers": 0,
        "threads": 1,
        "device": "cpu",
        "bfloat16": False,
    }
    config = load_study("line", {"data": str(data), **given})
    with pytest.raises(Stopped):
        line.run(config, tmp_path, silent, seeds=[1], sizes=sizes, cancelled=lambda: True)
    report = line.run(config, tmp_path, silent, seeds=[1], sizes=sizes)
    text = (report / "report.md").read_text(encoding="utf-8")
    assert all(f"| {row.name} |" in text for row in line.ROWS)
    read = {p.parent.name: json.loads(p.read_text("utf-8")) for p in (tmp_path / "seed-1").glob("*/measured.json")}
    assert read[line.TUCKER.name]["macs"] <= read[line.GUIDED.name]["macs"]
    assert "confusion.png" not in text


def test_characters_outside_the_alphabet_are_refused(lines: LineData) -> None:
    with pytest.raises(ValueError, match="outside the alphabet"):
        labels_of(lines.pool, Charset(("一",)))
