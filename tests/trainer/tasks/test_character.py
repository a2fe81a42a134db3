"""Tiny real runs: fit, cancel, resume, evaluate, export."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Artifact, Finished, Hello, Message, Metric, Progress, decode
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.models import Registry
from tests.trainer.conftest import TINY, scan
from trainer.card import Provenance
from trainer.checkpoints import LAST
from trainer.cli import main
from trainer.compress.quantize import quantize
from trainer.compress.slim import slim
from trainer.config import FitConfig, config_to_dict
from trainer.data.prepare import class_offsets, prepare
from trainer.evaluate import calibration_error
from trainer.export import Exported, check_parity, export_run, finish, fit_temperature, shifted, to_onnx
from trainer.networks.eca_resnet import PAPER_RESNET18, BasicBlock, EcaResNet
from trainer.reporter import BarReporter, JsonReporter, cancel_on_input
from trainer.tasks.character import fit
from trainer.tasks.weights import load_checkpoint, load_network
from trainer.unfold import unfold


def ignore(_: Message) -> None:
    """Report to nobody."""


def same(a: Any, b: Any) -> bool:
    """Compare checkpoints tensor by tensor."""
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def test_a_run_reports_learns_and_leaves_checkpoints(config: FitConfig, tmp_path: Path) -> None:
    config = replace(config, steps=60, evaluate_every=30)
    events: list[Message] = []
    best = fit(config, prepare(config), tmp_path / "run", events.append)
    assert isinstance(events[0], Hello)
    assert events[-1] == Finished(cancelled=False)
    losses = [e.loss for e in events if isinstance(e, Progress)]
    assert losses[-1] < losses[0]
    assert {e.name for e in events if isinstance(e, Metric)} >= {"scans/known top-1", "scans/unseen top-10"}
    assert any(isinstance(e, Artifact) for e in events)
    assert best.exists()
    content = load_checkpoint(best)
    assert set(json.loads((tmp_path / "run" / "best.json").read_text())["scores"]) >= {"scans/known", "scans/unseen"}
    assert content["step"] > 0
    assert (tmp_path / "run" / LAST).exists()


@pytest.mark.parametrize("early_size", [0, 24])
def test_a_resumed_run_equals_an_uninterrupted_one(config: FitConfig, tmp_path: Path, early_size: int) -> None:
    config = replace(config, early_size=early_size)
    prepared = prepare(config)
    fit(config, prepared, tmp_path / "whole", ignore)
    for stop_at in (1, 5, 11):  # after the first step, and in the middle of both evaluations
        folder = tmp_path / f"parts{stop_at}"
        asked = iter(range(100))
        events: list[Message] = []
        fit(config, prepared, folder, events.append, cancelled=lambda asked=asked, at=stop_at: next(asked) + 1 >= at)  # type: ignore[misc]
        assert events[-1] == Finished(cancelled=True)
        assert load_checkpoint(folder / LAST)["step"] == {1: 1, 5: 4, 11: 8}[stop_at]
        assert not load_checkpoint(folder / LAST)["finished"]
        fit(replace(config, workers=1), prepared, folder, ignore, resume=True)
        assert same(
            {k: v for k, v in load_checkpoint(folder / LAST).items() if k != "about"},
            {k: v for k, v in load_checkpoint(tmp_path / "whole" / LAST).items() if k != "about"},
        )


def test_the_seed_decides(config: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(config)
    fit(config, prepared, tmp_path / "a", ignore)
    fit(config, prepared, tmp_path / "b", ignore)
    fit(replace(config, seed=2), prepared, tmp_path / "c", ignore)
    a, b, c = (load_checkpoint(tmp_path / name / LAST)["network"] for name in "abc")
    assert same(a, b)
    assert not same(a, c)


def test_sgd_and_bfloat16_run_too(config: FitConfig, tmp_path: Path) -> None:
    config = replace(config, optimizer="sgd", bfloat16=True, steps=3)
    fit(config, prepare(config), tmp_path / "run", ignore)


def test_the_papers_layout_is_trained_and_exported_at_224_pixels(config: FitConfig, tmp_path: Path) -> None:
    narrow = replace(PAPER_RESNET18, widths=(16, 32, 64, 128), stem_width=16)  # the full one takes a minute
    config = replace(config, architecture=narrow, size=224, margin=10, steps=2, batch_size=4, evaluate_every=0)
    prepared = prepare(config, limit=4)
    fit(config, prepared, tmp_path / "run", ignore)
    network, charset, steps = load_network(tmp_path / "run" / LAST)
    bundle = export_run(network, charset, config, prepared.tests, tmp_path / "paper-1", Provenance("Paper", "", steps))
    assert bundle.spec.size == 224


def test_a_used_folder_another_alphabet_and_another_configuration_are_refused(
    config: FitConfig, tmp_path: Path
) -> None:
    prepared = prepare(config)
    fit(config, prepared, tmp_path, ignore)
    with pytest.raises(InputError, match="already holds a run"):
        fit(config, prepared, tmp_path, ignore)
    with pytest.raises(InputError, match=r"made otherwise \(learning_rate: 0\.005 → 1\.0\)"):
        fit(replace(config, learning_rate=1.0), prepared, tmp_path, ignore, resume=True)
    other = replace(config, characters="sources+latin")
    with pytest.raises(InputError, match=r"made otherwise \(alphabet; characters: \"sources\" → \"sources\+latin\"\)"):
        fit(other, prepare(other), tmp_path, ignore, resume=True)


def test_weights_are_loaded_by_character(config: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(config)
    fit(config, prepared, tmp_path / "a", ignore)
    wider = replace(config, characters="sources+latin", steps=1, learning_rate=0.0)
    fit(wider, prepare(wider), tmp_path / "b", ignore, load=tmp_path / "a" / LAST)
    old, new = (load_checkpoint(tmp_path / name / LAST) for name in "ab")
    row = new["about"]["characters"].index("木")
    assert torch.equal(
        new["network"]["classify.weight"][row],
        old["averaged"]["classify.weight"][old["about"]["characters"].index("木")],
    )
    with pytest.raises(InputError, match="another architecture"):
        fit(
            replace(config, architecture=replace(TINY, embedding=8)),
            prepared,
            tmp_path / "c",
            ignore,
            load=tmp_path / "a" / LAST,
        )


def test_only_checkpoints_of_this_trainer_are_opened_and_as_data(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"format": "hccr-checkpoint-1", "x": Evil()}, tmp_path / "evil.pt")
    torch.save({"format": "another"}, tmp_path / "other.pt")
    (tmp_path / "text.pt").write_text("hello", encoding="utf-8")
    for name, words in (
        ("evil.pt", "no checkpoint"),
        ("other.pt", "no checkpoint"),
        ("text.pt", "no checkpoint"),
        ("missing.pt", "does not exist"),
    ):
        with pytest.raises(InputError, match=words):
            load_checkpoint(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_a_loss_that_is_no_number_ends_the_run_with_a_sentence(config: FitConfig, tmp_path: Path) -> None:
    config = replace(config, learning_rate=1e30, warmup_steps=0, optimizer="sgd")
    with pytest.raises(InputError, match="loss became"):
        fit(config, prepare(config), tmp_path, ignore)


def test_an_exported_bundle_answers_as_torch_and_can_be_installed(config: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(config)
    fit(config, prepared, tmp_path / "run", ignore)
    network, charset, steps = load_network(tmp_path / "run" / LAST)
    bundle = export_run(
        network, charset, config, prepared.tests, tmp_path / "toy-1", Provenance("Toy", "2026-01-01", steps)
    )
    assert bundle.id == "toy-1"
    assert bundle.charset == charset
    card = bundle.card()
    for words in ("licence", "drawn by the test", "top-1", "## Limits", "A toy of five", "scans/unseen", "上"):
        assert words in card
    assert set(bundle.scores) == {test.name for test in prepared.tests}
    assert "all scans" not in card  # there is one set of scans
    assert Registry().install(bundle.folder).id == "toy-1"
    with pytest.raises(InputError, match="exists already"):
        export_run(network, charset, config, prepared.tests, tmp_path / "toy-1", Provenance("", "", 0))
    assert not list(tmp_path.glob(".export-*"))


def test_the_export_agrees_with_torch_and_int8_nearly_so(config: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(config)
    network, charset, _ = load_network(fit(replace(config, steps=60), prepared, tmp_path, ignore))
    spec = InputSpec(32, 2)
    model = Exported(network, 0.5)
    images = np.concatenate([test.images(spec) for test in prepared.tests])
    proto = to_onnx(model, spec)
    assert check_parity(model, proto.SerializeToString(), images).largest < 1e-5
    other = Exported(EcaResNet(TINY, len(charset)).eval(), 0.05)
    with pytest.raises(InputError, match="differs from torch"):
        check_parity(other, proto.SerializeToString(), images)
    small = finish(quantize(proto, images), charset, spec)
    stored = {i.name: i.data_type for i in onnx.load_from_string(small).graph.initializer}
    assert stored["network.classify.weight_quantized"] == onnx.TensorProto.INT8
    session = onnxruntime.InferenceSession(small, providers=["CPUExecutionProvider"])
    answers = np.asarray(session.run(None, {session.get_inputs()[0].name: images})[0])
    with torch.no_grad():
        expected = model(torch.from_numpy(images)).numpy()
    assert np.abs(answers - expected).mean() < 0.1 * expected.std()
    assert (answers.argmax(1) == expected.argmax(1)).mean() > 0.9


def test_the_temperature_mends_overconfidence() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 4000)
    truth = rng.normal(size=(4000, 5)).astype(np.float32)
    chance = np.exp(truth) / np.exp(truth).sum(1, keepdims=True)
    labels = np.array([rng.choice(5, p=p / p.sum()) for p in chance.astype(np.float64)])
    assert fit_temperature(2.0 * truth, labels) == pytest.approx(2.0, rel=0.1)
    right = np.array([True] * 9 + [False])
    assert calibration_error(np.full(10, 0.9, np.float32), right) == pytest.approx(0.0, abs=1e-6)
    assert calibration_error(np.full(10, 0.5, np.float32), right) == pytest.approx(0.4, abs=1e-6)


def _toml(config: FitConfig, path: Path) -> None:
    def text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    values = {key: value for key, value in config_to_dict(config).items() if key != "committee"}
    sources, architecture = values.pop("sources"), values.pop("architecture")
    lines = [f"{k} = {text(v)}" for k, v in values.items()]
    lines += ["[architecture]", *(f"{k} = {text(v)}" for k, v in architecture.items())]
    for source in sources:
        lines += ["[[sources]]", *(f"{k} = {text(v)}" for k, v in source.items() if v != {})]
    path.write_text("\n".join(lines), encoding="utf-8")


def test_the_commands_fit_evaluate_and_export(
    config: FitConfig, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_end, write_end = os.pipe()
    stdin = os.fdopen(read_end)
    monkeypatch.setattr("sys.stdin", stdin)
    _toml(config, tmp_path / "a.toml")
    common = ["--config", str(tmp_path / "a.toml")]
    assert main(["fit", *common, "--json", "--out", str(tmp_path / "run")]) == 0
    os.close(write_end)
    stdin.close()
    events = [decode(line) for line in capsys.readouterr().out.splitlines()]
    assert None not in events
    assert isinstance(events[0], Hello)
    assert isinstance(events[-1], Finished)
    checkpoint = ["--checkpoint", str(tmp_path / "run" / LAST)]
    assert main(["evaluate", *common, *checkpoint]) == 0
    assert "| scans/known |" in capsys.readouterr().out
    assert main(["export", *common, *checkpoint, "--out", str(tmp_path / "toy"), "--title", "Toy"]) == 0
    assert (tmp_path / "toy" / "manifest.json").exists()
    before = str(tmp_path / "run" / LAST)
    out = tmp_path / "pruned"
    assert main(["prune", *common, "--load", before, "--ratio", "0.5", "--steps", "2", "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "channels inside the blocks: 8, 12, 16, 24" in said
    assert "million MACs" in said
    inner = load_network(out / LAST)[0].architecture.inner
    assert sum(inner) <= 0.6 * (8 + 12 + 16 + 24)
    taught = ["distill", *common, "--teacher", before, "--teacher", str(tmp_path / "toy"), "--steps", "2"]
    assert main([*taught, "--out", str(tmp_path / "taught")]) == 0
    assert load_checkpoint(tmp_path / "taught" / LAST)["about"]["config"]["teachers"] == (before, str(tmp_path / "toy"))
    assert main(["evaluate", *common, "--checkpoint", str(tmp_path / "no.pt")]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_cancel_is_read_from_a_pipe() -> None:
    import time

    read_end, write_end = os.pipe()
    asked = cancel_on_input(read_end)
    os.write(write_end, b"hello\n" + b"x" * 10_000)
    time.sleep(0.05)
    assert not asked()
    os.write(write_end, b"\ncancel\n")
    deadline = time.monotonic() + 5
    while not asked() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert asked()
    os.close(write_end)


def test_reports_are_lines_for_programs_and_text_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    events: list[Message] = [
        Hello("fit", "2", "cpu"),
        Progress(1, 2, 0.5, 100, 1),
        Metric("a", 0.5, 1, 0.4, 0.6),
        Finished(cancelled=True),
    ]
    bar = BarReporter()
    for event in events:
        JsonReporter(out)(event)
        bar(event)
    assert [decode(line) for line in out.getvalue().splitlines()] == events
    err = capsys.readouterr().err
    assert "0.5000 [0.4000, 0.6000]" in err
    assert "--resume" in err


def test_a_scan_is_a_picture() -> None:
    assert scan("木", np.random.default_rng(0)).pixels.min() < 128


def test_a_bundle_unfolds_to_the_network_that_it_was_made_of(config: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(config)
    best = fit(config, prepared, tmp_path / "run", ignore)
    network, charset, steps = load_network(best)
    bundle = export_run(network, charset, config, prepared.tests, tmp_path / "b1", Provenance("T", "2026-01-01", steps))
    images = torch.from_numpy(prepared.tests[0].images(InputSpec(32, 2)))
    again = unfold(bundle, images)
    with torch.no_grad():
        expected, found, training = network(images), again(images), again.train()(images)
    expected *= float((found * expected).sum() / (expected * expected).sum())  # by the temperature
    assert (found - expected).std() < 0.03 * expected.std()  # int8
    assert (training - found).abs().max() < 1e-3  # the statistics are those of the images
    for change in ({"widths": [8, 12, 16, 32]}, {"blocks": [1, 1, 1, 2]}, {"widths": [8]}, {"stem": 3}):
        lying = replace(bundle, network={**bundle.network, **change})
        with pytest.raises(InputError, match="manifest describes"):
            unfold(lying, images)
    fit(replace(config, steps=1), prepared, tmp_path / "on", ignore, load=bundle.folder)
    gone_on = load_checkpoint(tmp_path / "on" / LAST)["averaged"]["classify.weight"]
    started = load_checkpoint(best)["averaged"]["classify.weight"]
    assert np.corrcoef(gone_on.ravel(), started.ravel())[0, 1] > 0.99


def test_a_network_is_slimmed_when_it_is_loaded_and_keeps_what_matters(config: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(config)
    fit(config, prepared, tmp_path / "wide", ignore)
    path = tmp_path / "wide" / LAST
    network, _, _ = load_network(path)
    block = network.stages[3]
    assert isinstance(block, BasicBlock)
    with torch.no_grad():  # six of 24 channels count for nothing
        block.bn1.weight[4:10] = 0.0
        block.bn1.bias[4:10] = 0.0
    images = torch.from_numpy(prepared.tests[0].images(InputSpec(32, 2)))
    small = slim(network, replace(TINY, inner=(8, 12, 16, 18)))
    assert torch.allclose(small(images), network(images), atol=1e-5)
    assert sum(p.numel() for p in small.parameters()) < sum(p.numel() for p in network.parameters())
    narrow = replace(config, architecture=replace(TINY, inner=(8, 8, 8, 8)), steps=2)
    fit(narrow, prepared, tmp_path / "narrow", ignore, load=path)
    assert load_checkpoint(tmp_path / "narrow" / LAST)["averaged"]["stages.3.conv1.weight"].shape[0] == 8
    with pytest.raises(InputError, match="cannot grow"):
        slim(network, replace(TINY, inner=(8, 12, 16, 32)))


def test_logits_are_shifted_by_scans_and_by_frequency_where_that_is_asked_for(config: FitConfig, data: Path) -> None:
    charset = prepare(config).charset
    assert not class_offsets(config, charset).any()  # nobody asked
    scanned = class_offsets(replace(config, scanned_handicap=0.5), charset)
    expected = [-0.5 if c in "一十中" else 0.0 for c in charset.characters]  # 上 is held out, 木 has none
    np.testing.assert_allclose(scanned, expected)

    (data / "often.txt").write_text("一\n十\n上\n", encoding="utf-8")
    config = replace(config, frequencies="often.txt", frequency_weight=2.0)
    offsets = dict(zip(charset.characters, class_offsets(config, charset).tolist(), strict=True))
    assert offsets["一"] == 0.0 > offsets["十"] > offsets["上"] > offsets["木"] == offsets["中"]

    network = EcaResNet(TINY, len(charset)).eval()
    images = torch.zeros(1, 1, 32, 32, dtype=torch.uint8)
    with torch.no_grad():
        lower = network(images) - shifted(network, scanned)(images)
    torch.testing.assert_close(lower[0], -torch.from_numpy(scanned), rtol=0, atol=1e-6)
