"""A user's own hand: fine-tuning, its gate, the replay bank."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from filelock import FileLock

from hccr_desktop.core.bundle import ModelBundle, load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.core.protocol import Message, Mistake, Notice, Trial, Verdict, decode
from hccr_desktop.core.sample import Sample, held_out
from hccr_desktop.errors import InputError, TooLarge, UnreadableFile
from hccr_desktop.formats.ink_lines import read_ink_lines, write_ink_lines
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from tests.conftest import WRITTEN, written
from trainer.card import Provenance
from trainer.cli import main
from trainer.config import FitConfig
from trainer.data.bank import Bank, BankSource, examination, load_bank, make_bank
from trainer.data.prepare import prepare, sample_set
from trainer.data.sources import WritingSource
from trainer.export import export_run
from trainer.finetune import FinetuneConfig, digest, finetune, finetune_config_from, mended, split
from trainer.gate import Gate
from trainer.smaller import compare
from trainer.tasks.character import fit
from trainer.tasks.weights import load_network
from trainer.unfold import architecture_of, unfold


def ignore(_: Message) -> None:
    """Report to nobody."""


@pytest.fixture(scope="module")
def bank(data: Path) -> Bank:
    return make_bank(read_ink_lines(data / "templates.jsonl"), sorted(WRITTEN), 12, 0.5, seed=1)


@pytest.fixture(scope="module")
def parent(config: FitConfig, tmp_path_factory: pytest.TempPathFactory) -> ModelBundle:
    """A model of the five characters that reads them from templates well."""
    folder = tmp_path_factory.mktemp("parent")
    config = replace(config, steps=250, hold_out_characters="", evaluate_every=0, components="")
    prepared = prepare(config)
    network, charset, steps = load_network(fit(config, prepared, folder / "run", ignore))
    target = folder / "parent"
    return export_run(network, charset, config, prepared.tests, target, Provenance("P", "2026-01-01", steps))


def own_hand(characters: str, count: int) -> list[Sample]:
    """Write as somebody does who leans everything over by half a right angle."""
    rng = np.random.default_rng(7)
    samples = []
    for character in characters:
        for _ in range(count):
            strokes = []
            for stroke in written(character).strokes:
                xy = np.array(stroke.xy) + rng.normal(0, 2.0, stroke.xy.shape)
                strokes.append(np.stack([xy[:, 0] - 1.0 * xy[:, 1], xy[:, 1]], axis=1).astype(np.float32))
            samples.append(Sample(character, Ink.from_points(strokes)))
    return samples


def test_a_bank_comes_back_as_it_was_saved_and_keeps_the_last_writing_for_examination(
    bank: Bank, tmp_path: Path
) -> None:
    bank.save(tmp_path / "bank.npz")
    again = load_bank(tmp_path / "bank.npz")
    assert again.characters == bank.characters
    assert all(again.ink(c, n) == bank.ink(c, n) for c in range(len(WRITTEN)) for n in range(bank.each))
    kept = examination(bank, WRITTEN)
    assert [sample.character for sample in kept] == sorted(WRITTEN)
    source = BankSource(bank, WRITTEN)
    assert list(source.characters) == sorted(WRITTEN)
    assert source.picture(0, np.random.default_rng(0), 1.0).min() < 128


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"\x93NUMPY", None])
def test_what_is_no_bank_is_refused(bank: Bank, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bank.npz"
    if content is None:
        replace(bank, stroke_ends=bank.stroke_ends[:-1]).save(path)
    else:
        path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        load_bank(path)


def test_a_bank_that_unpacks_to_giants_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "bank.npz", points=np.zeros(80 * 2**20, np.uint8))
    with pytest.raises(TooLarge):
        load_bank(tmp_path / "bank.npz")


def test_a_model_learns_a_hand_and_its_gate_says_so(parent: ModelBundle, bank: Bank, tmp_path: Path) -> None:
    config = FinetuneConfig(
        steps=150, batch_size=32, learning_rate=5e-3, most_forgotten=0.21, workers=0, threads=1, device="cpu"
    )
    samples = own_hand("十中", 20)
    said: list[Message] = []
    made = finetune(parent, samples, bank, config, tmp_path / "own", said.append, created="2026-01-01")
    assert made is not None
    bundle, gate = made
    assert gate.passed, gate.reason
    mistakes = [message for message in said if isinstance(message, Mistake)]
    assert mistakes[0].png.startswith(b"\x89PNG")
    assert mistakes[0].written in "十中"
    assert mistakes[0].read != mistakes[0].written
    assert gate.own_after > gate.own_before
    assert bundle.parent == parent.id
    assert bundle.training["seed"] == 1
    assert len(bundle.training["data_sha256"]) == 64
    assert bundle.charset == parent.charset
    with pytest.raises(InputError, match="exists already"):
        finetune(parent, samples, bank, config, tmp_path / "own", ignore, created="2026-01-01")


def test_new_characters_are_refused_or_learned(parent: ModelBundle, bank: Bank, tmp_path: Path) -> None:
    new = [Sample("卜", sample.content) for sample in own_hand("木", 6)] + own_hand("十", 6)
    config = FinetuneConfig(
        steps=60, batch_size=32, learning_rate=5e-3, most_forgotten=0.5, workers=0, threads=1, device="cpu"
    )
    with pytest.raises(InputError, match="does not know 1 of the characters: 卜"):
        finetune(parent, new, bank, config, tmp_path / "own", ignore, created="2026-01-01")
    told: list[Message] = []
    kept = replace(config, charset="known", steps=2)
    made = finetune(
        parent, [*new, *own_hand("中", 60)], bank, kept, tmp_path / "kept", told.append, created="2026-01-01"
    )
    assert made is not None
    assert made[0].charset == parent.charset
    assert "Left out, the model does not know them: 卜" in [m.text for m in told if isinstance(m, Notice)]
    union = replace(config, charset="union")
    made = finetune(parent, new, bank, union, tmp_path / "own", ignore, created="2026-01-01")
    assert made is not None
    assert made[0].charset.characters == (*parent.charset.characters, "卜")
    assert made[1].new_after is not None
    assert made[1].new_after >= 0.5
    few = [Sample("卜", sample.content) for sample in own_hand("木", 2)] + own_hand("十", 6)
    told.clear()
    words = [*few, Sample("你好", own_hand("木", 1)[0].content)]
    short = replace(union, steps=2)
    with pytest.raises(InputError, match="too few to examine"):
        finetune(parent, words, bank, short, tmp_path / "few", told.append, created="2026-01-01")
    notes = [m.text for m in told if isinstance(m, Notice)]
    assert "Left out, new ones take three samples each: 卜" in notes
    assert "Left out, they are not one character: 你好" in notes


def test_a_cancelled_run_leaves_nothing(parent: ModelBundle, bank: Bank, tmp_path: Path) -> None:
    config = FinetuneConfig(steps=5, batch_size=16, workers=0, threads=1, device="cpu")
    samples = own_hand("十", 80)
    stopped = finetune(
        parent, samples, bank, config, tmp_path / "own", ignore, created="2026-01-01", cancelled=lambda: True
    )
    assert stopped is None
    assert not (tmp_path / "own").exists()


def test_what_appears_at_the_target_meanwhile_stays(parent: ModelBundle, bank: Bank, tmp_path: Path) -> None:
    config = FinetuneConfig(steps=5, batch_size=16, workers=0, threads=1, device="cpu")
    target = tmp_path / "own"

    def meanwhile(_: Message) -> None:
        target.mkdir(exist_ok=True)
        (target / "precious").write_text("mine", encoding="utf-8")

    with pytest.raises(InputError, match="exists already"):
        finetune(parent, own_hand("十", 80), bank, config, target, meanwhile, created="2026-01-01")
    assert (target / "precious").exists()


def test_the_gate_lets_pass_what_is_better_and_forgets_little() -> None:
    assert Gate(0.5, 0.6, 0.99, 0.99, 0.001).passed
    assert Gate(0.5, 0.6, 0.9900, 0.9891, 0.001).passed
    for gate, why, words in (
        (Gate(0.5, 0.5, 0.99, 0.99, 0.001), "no better", "no better"),
        (Gate(2 / 3, 2 / 3, 0.99, 0.99, 0.001), "no better", "66.7% → 66.7%"),
        (Gate(0.5, 0.9, 0.99, 0.98, 0.001), "forgets", "forget"),
        (Gate(0.5, 0.9, 0.99, 0.99, 0.001, examined=7), "few", "too few to tell"),
    ):
        assert not gate.passed
        assert gate.why == why
        assert words in gate.reason


def test_new_characters_hide_no_loss_on_known_ones() -> None:
    assert Gate(0.9, 0.9, 0.99, 0.99, 0.001, new_after=0.8).passed
    assert Gate(0.0, 0.0, 0.99, 0.99, 0.001, examined=0, new_after=0.8).passed
    assert Gate(0.9, 0.7, 0.99, 0.99, 0.001, new_after=1.0).why == "no better"
    assert Gate(0.9, 0.95, 0.99, 0.99, 0.001, new_after=0.3).why == "new"
    assert "new characters 30.0%" in Gate(0.9, 0.95, 0.99, 0.99, 0.001, new_after=0.3).reason


def test_samples_are_split_by_character_and_too_few_are_refused() -> None:
    samples = own_hand("十中", 8) + own_hand("木", 2)
    training, testing = split(samples)
    assert [s.digest for s in testing] == [s.digest for s, held in zip(samples, held_out(samples), strict=True) if held]
    assert 0.1 < len(testing) / len(samples) < 0.5
    assert len(training) + len(testing) == len(samples)
    assert digest(training) == digest(list(reversed(training))) != digest(testing)
    with pytest.raises(InputError, match="too few"):
        split([])
    with pytest.raises(InputError, match="own_share"):
        finetune_config_from({"own_share": "much"})
    with pytest.raises(InputError, match="speed"):
        finetune_config_from({"speed": 1})


def test_the_command_installs_and_activates_what_passes_and_keeps_the_rest_aside(
    parent: ModelBundle,
    bank: Bank,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HCCR_HOME", str(tmp_path / "home"))
    bank.save(tmp_path / "bank.npz")
    write_ink_lines(tmp_path / "mine.jsonl", own_hand("十中", 20))
    Registry().install(parent.folder)
    Registry().activate(parent.id)
    settings = "batch_size = 32\nlearning_rate = 5e-3\nmost_forgotten = {}\nworkers = 0\nthreads = 1\ndevice = 'cpu'\n"
    (tmp_path / "kind.toml").write_text(settings.format(0.9), encoding="utf-8")
    command = ["finetune", str(tmp_path / "mine.jsonl"), "--bank", str(tmp_path / "bank.npz")]
    assert main([*command, "--config", str(tmp_path / "kind.toml"), "--steps", "150"]) == 0
    assert Registry().active().id == "parent-own"
    assert "Passed" in capsys.readouterr().err
    Registry().rollback()
    assert Registry().active().id == "parent"
    idle = settings.format(0.9).replace("5e-3", "1e-9")
    (tmp_path / "idle.toml").write_text(idle, encoding="utf-8")
    assert main([*command, "--config", str(tmp_path / "idle.toml"), "--steps", "1"]) == 0
    assert "no better" in capsys.readouterr().err
    assert Registry().active().id == "parent"
    assert Registry().get("parent-own-2").parent == "parent"
    assert main([*command, "--config", str(tmp_path / "no.toml")]) == 1
    out = tmp_path / "elsewhere"
    assert main([*command, "--config", str(tmp_path / "kind.toml"), "--steps", "1", "--out", str(out)]) == 0
    assert load_bundle(out).id == "elsewhere"
    work = tmp_path / "home" / "training"
    assert [left.name for left in work.iterdir()] == ["lock"]
    (work / "hccr-left").mkdir()  # by one that was killed
    with FileLock(work / "lock"):
        assert main([*command, "--config", str(tmp_path / "kind.toml"), "--steps", "1"]) == 1
    assert "Another training is at work" in capsys.readouterr().err
    one_step = [*command, "--config", str(tmp_path / "kind.toml"), "--steps", "1"]
    assert main([*one_step, "--out", str(tmp_path / "手")]) == 1
    assert "cannot be the name of a model" in capsys.readouterr().err
    other = Registry().get("parent-own")
    Registry().activate(other.id)
    long = [*command, "--config", str(tmp_path / "kind.toml"), "--steps", "150"]
    assert main([*long, "--parent", str(parent.folder)]) == 0
    assert "Another model is in use by now" in capsys.readouterr().err
    assert [left.name for left in work.iterdir()] == ["lock"]
    assert Registry().active().id == other.id


def test_the_verdict_is_a_message() -> None:
    message = Verdict(True, "Passed.", "a-own")
    assert decode(json.dumps({"event": "verdict", "passed": True, "reason": "Passed.", "model": "a-own"})) == message


def test_a_character_is_learned_from_a_template_alone(parent: ModelBundle, bank: Bank, tmp_path: Path) -> None:
    config = FinetuneConfig(
        steps=80, batch_size=32, learning_rate=5e-3, most_forgotten=0.5, workers=0, threads=1, device="cpu"
    )
    drawn = [WritingSource([Sample("卜", Ink.from_points([s.xy for s in written("木").strokes[1:]]))])]
    made = finetune(parent, [], bank, config, tmp_path / "own", ignore, created="2026-01-01", drawn=drawn)
    assert made is not None
    bundle, gate = made
    assert bundle.charset.characters == (*parent.charset.characters, "卜")
    assert gate.examined == 0
    assert gate.new_after is not None
    assert gate.new_after > 0.5


def test_a_model_is_made_smaller_and_passes_its_gate(parent: ModelBundle, bank: Bank, tmp_path: Path) -> None:
    config = FinetuneConfig(
        steps=150, batch_size=32, learning_rate=5e-3, most_forgotten=0.41, prune=0.4, workers=0, threads=1, device="cpu"
    )
    made = finetune(parent, own_hand("十中", 20), bank, config, tmp_path / "own", ignore, created="2026-01-01")
    assert made is not None
    bundle, gate = made
    assert sum(bundle.network["inner"]) < sum(parent.network["widths"])
    assert bundle.size_bytes < parent.size_bytes
    assert gate.passed, gate.reason


def test_a_smaller_model_need_only_read_as_well() -> None:
    assert not Gate(0.9, 0.9, 0.9, 0.9, 0.001).passed
    assert Gate(0.9, 0.9, 0.9, 0.9, 0.001, is_smaller=True).passed
    assert not Gate(0.9, 0.89, 0.9, 0.9, 0.001, is_smaller=True).passed


def test_the_command_learns_from_fonts_and_templates(
    parent: ModelBundle, bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank.save(tmp_path / "bank.npz")
    common = ["finetune", "--parent", str(parent.folder), "--bank", str(tmp_path / "bank.npz"), "--steps", "2"]
    assert main(common) == 1
    assert "nothing to learn from" in capsys.readouterr().err
    write_ink_lines(tmp_path / "new.jsonl", [Sample("卜", written("木"))])
    assert main([*common, "--template", str(tmp_path / "new.jsonl"), "--out", str(tmp_path / "new")]) == 0
    assert "卜" in load_bundle(tmp_path / "new").charset


def test_a_bundle_in_floats_is_quantized_and_the_loss_reported(
    config: FitConfig, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = replace(config, steps=60, evaluate_every=0)
    prepared = prepare(config)
    network, charset, steps = load_network(fit(config, prepared, tmp_path / "run", ignore))
    floats = export_run(
        network, charset, config, prepared.tests, tmp_path / "floats", Provenance("F", "", steps), int8=False
    )
    target = tmp_path / "int8"
    assert main(["quantize", str(floats.folder), str(data / "pen.jsonl"), "--out", str(target)]) == 0
    said = capsys.readouterr().err
    assert "top-1 in floats" in said
    assert "top-1 as exported" in said
    made = load_bundle(target)
    assert made.parent == "floats"
    assert made.size_bytes < floats.size_bytes
    images = normalize([sample.content for sample in read_ink_lines(data / "pen.jsonl")], made.spec)
    exact = Engine(floats).logits(images)
    assert 0 < np.abs(Engine(made).logits(images) - exact).mean() < 0.05 * np.ptp(exact)
    (tmp_path / "other.jsonl").write_text('{"char": "卜", "strokes": [[[0, 0], [9, 9]]]}\n', encoding="utf-8")
    assert main(["quantize", str(floats.folder), str(tmp_path / "other.jsonl"), "--out", str(tmp_path / "x")]) == 1


def test_a_model_with_compact_blocks_is_made_used_and_taught_again(
    parent: ModelBundle, bank: Bank, tmp_path: Path
) -> None:
    config = FinetuneConfig(
        steps=150, batch_size=32, learning_rate=3e-3, most_forgotten=0.6, workers=0, threads=1, device="cpu"
    )
    samples = own_hand("十中", 20)
    for kind in ("separable", "parsimonious"):
        compact = replace(config, kind=kind)
        made = finetune(parent, samples, bank, compact, tmp_path / kind, ignore, created="2026-01-01")
        assert made is not None
        bundle, gate = made
        assert bundle.network["kinds"] == ["", "", kind, kind]
        assert gate.own_after > 0.5, gate.reason
        images = torch.from_numpy(normalize([sample.content for sample in samples], bundle.spec))
        network = unfold(bundle, images)
        with torch.no_grad():
            ours = network(images).argmax(1).numpy()
        assert np.mean(ours == Engine(bundle).logits(images.numpy()).argmax(axis=1)) > 0.9
    with pytest.raises(InputError, match="not both"):
        finetune_config_from({"prune": 0.2, "kind": "separable"})


def test_forms_are_compared_and_the_smallest_that_passes_is_used(
    parent: ModelBundle, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HCCR_HOME", str(tmp_path / "home"))
    registry = Registry()
    registry.install(parent.folder)
    registry.activate(parent.id)
    config = FinetuneConfig(
        steps=120, batch_size=32, learning_rate=5e-3, most_forgotten=0.9, workers=0, threads=1, device="cpu"
    )
    said: list[Message] = []
    samples, forms = own_hand("十中", 20), ("pruned-40", "parsimonious")
    trials = compare(parent, samples, bank, config, registry, said.append, created="2026-01-01", forms=forms)
    assert trials is not None
    assert [trial.name for trial in trials] == ["as it is", *forms]
    assert [message for message in said if isinstance(message, Trial)] == trials
    assert all(trial.milliseconds > 0 for trial in trials)
    passed = [trial for trial in trials[1:] if trial.passed]
    assert passed
    best = min(passed, key=lambda trial: trial.bytes)
    assert registry.active().id == best.model
    assert {trial.model for trial in passed} <= {bundle.id for bundle in registry.bundles()}
    verdict = next(message for message in said if isinstance(message, Verdict))
    assert verdict.passed
    assert verdict.model == best.model
    stopped = compare(
        parent, samples, bank, config, registry, ignore, created="2026-01-01", forms=forms, cancelled=lambda: True
    )
    assert stopped is None
    assert registry.active().id == best.model


def test_what_cannot_be_compared_is_said(
    parent: ModelBundle, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HCCR_HOME", str(tmp_path / "home"))
    write_ink_lines(tmp_path / "mine.jsonl", own_hand("十中", 4))
    command = ["finetune", str(tmp_path / "mine.jsonl"), "--parent", str(parent.folder), "--compare"]
    assert main([*command, "--prune", "0.2"]) == 1
    assert "--compare takes no" in capsys.readouterr().err


def test_forms_that_gain_nothing_are_passed_over(
    parent: ModelBundle, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HCCR_HOME", str(tmp_path / "home"))
    stages = len(architecture_of(parent).widths)
    config = FinetuneConfig(steps=2, batch_size=32, workers=0, threads=1, device="cpu", most_forgotten=0.9)
    run = replace(config, kind="separable")
    compact = finetune(parent, own_hand("十中", 20), bank, run, tmp_path / "c", ignore, created="2026-01-01")
    assert compact is not None
    half = stages // 2
    assert architecture_of(compact[0]).kinds == ("",) * half + ("separable",) * (stages - half)
    registry = Registry()
    registry.install(compact[0].folder)
    registry.activate(compact[0].id)
    said: list[Message] = []
    args = (compact[0], own_hand("十中", 20), bank, config, registry, said.append)
    assert compare(*args, created="2026-01-01", forms=("compact",)) == []
    assert any("such blocks already" in message.text for message in said if isinstance(message, Notice))
    assert registry.active().id == compact[0].id
    with pytest.raises(InputError, match="seed"):
        finetune_config_from({"seed": -1})


def test_a_bank_that_lacks_all_of_a_models_characters_is_no_trouble(
    parent: ModelBundle, data: Path, tmp_path: Path
) -> None:
    other = make_bank(read_ink_lines(data / "templates.jsonl"), sorted(WRITTEN), 12, 0.5, seed=1)
    other = replace(other, characters=tuple("甲乙丙丁戊己庚"[: len(other.characters)]))
    config = FinetuneConfig(steps=2, batch_size=32, workers=0, threads=1, device="cpu", most_forgotten=0.9)
    made = finetune(parent, own_hand("十中", 20), other, config, tmp_path / "own", ignore, created="2026-01-01")
    assert made is not None
    assert (made[1].replay_before, made[1].replay_after) == (0.0, 0.0)


def test_a_template_of_a_word_is_left_out(
    parent: ModelBundle, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HCCR_HOME", str(tmp_path / "home"))
    write_ink_lines(tmp_path / "word.jsonl", [Sample("木中", written("木"))])
    command = ["finetune", "--template", str(tmp_path / "word.jsonl"), "--parent", str(parent.folder)]
    assert main([*command, "--out", str(tmp_path / "out")]) == 1
    assert "nothing to learn from" in capsys.readouterr().err


def test_a_bundle_whose_manifest_names_another_network_is_refused(parent: ModelBundle) -> None:
    whole = architecture_of(parent)
    for wrong in (
        {"widths": [9, *whole.widths[1:]]},
        {"widths": [10**9, *whole.widths[1:]]},
        {"eca_kernel": 9},
        {"blocks": [0] * len(whole.blocks)},
        {"widths": [8_192] * 16, "blocks": [64] * 16},
        {"stem": "none"},
    ):
        network = {**parent.network, **wrong}
        with pytest.raises(InputError):
            unfold(replace(parent, network=network), torch.zeros(2, 1, 32, 32, dtype=torch.uint8))


def test_what_is_right_now_and_was_not_is_told_with_its_picture() -> None:
    charset, spec = Charset(("木", "中")), InputSpec(32, 2)
    test = sample_set(
        "own hand", [Sample("木", written("木")), Sample("中", written("中")), Sample("木", written("木"))], charset
    )

    def saying(*answers: int) -> Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]]:
        return lambda images: np.eye(2, dtype=np.float32)[list(answers)[: len(images)]]

    (found,) = mended(saying(1, 1, 1), saying(0, 0, 0), test, charset, charset, spec)
    assert (found.written, found.read) == ("木", "中")
    assert found.png.startswith(b"\x89PNG")
    assert mended(saying(0, 1, 0), saying(0, 1, 0), test, charset, charset, spec) == []


def test_a_model_with_compact_blocks_is_pruned_where_it_has_others(
    parent: ModelBundle, bank: Bank, tmp_path: Path
) -> None:
    config = FinetuneConfig(
        steps=2, batch_size=32, kind="separable", workers=0, threads=1, device="cpu", most_forgotten=0.9
    )
    samples = own_hand("十中", 20)
    made = finetune(parent, samples, bank, config, tmp_path / "compact", ignore, created="2026-01-01")
    assert made is not None
    assert made[0].title == "P, own hand, separable blocks"
    pruned = replace(config, kind="", prune=0.4)
    again = finetune(made[0], samples, bank, pruned, tmp_path / "pruned", ignore, created="2026-01-01")
    assert again is not None
    assert again[0].title == "P, own hand, 40% dropped"
    assert sum(again[0].network["inner"]) < sum(architecture_of(made[0]).inner_of_blocks)
    assert "as its parent's are" in (again[0].folder / "CARD.md").read_text("utf-8")
