"""Imitating teachers: the losses, runs with a checkpoint and with a bundle as teacher, teachers that do not fit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Message
from hccr_desktop.errors import InputError
from tests.trainer.conftest import TINY
from trainer.card import Provenance
from trainer.config import FitConfig
from trainer.data.prepare import prepare
from trainer.evaluate import torch_logits
from trainer.export import export_run
from trainer.losses import imitation, relation_mismatch
from trainer.tasks.character import fit
from trainer.tasks.weights import load_network


def ignore(_: Message) -> None:
    """Report to nobody."""


def test_who_says_the_same_as_the_teachers_loses_nothing() -> None:
    logits = torch.randn(8, 5, generator=torch.Generator().manual_seed(0))
    other = torch.randn(8, 5, generator=torch.Generator().manual_seed(1))
    for loss in (imitation, relation_mismatch):
        assert float(loss(logits, [logits, logits], 3.0)) == pytest.approx(0.0, abs=1e-5)
        assert float(loss(other, [logits], 3.0)) > 0.05


def test_imitation_is_the_divergence_by_hand() -> None:
    student, teacher = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 2.0]])
    p, q = (np.exp(v) / np.exp(v).sum() for v in (np.array([0.0, 1.0]), np.array([0.5, 0.0])))
    assert float(imitation(student, [teacher], 2.0)) == pytest.approx(4.0 * float((p * np.log(p / q)).sum()), rel=1e-5)


def test_relations_match_where_only_the_scale_differs() -> None:
    teacher = torch.log(torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.3, 0.4]]))
    flat = torch.log(torch.softmax(teacher, 1) * 0.5 + 0.5 / 3)  # every probability half as far from even
    assert float(relation_mismatch(flat, [teacher], 1.0)) == pytest.approx(0.0, abs=1e-5)
    assert float(imitation(flat, [teacher], 1.0)) > 0.01


@pytest.mark.parametrize("kind", ["checkpoint", "bundle"])
def test_a_student_comes_to_answer_like_its_teacher(config: FitConfig, tmp_path: Path, kind: str) -> None:
    prepared = prepare(config)
    checkpoint = fit(replace(config, steps=120, evaluate_every=0), prepared, tmp_path / "teacher", ignore)
    teacher, charset, steps = load_network(checkpoint)
    path = checkpoint
    if kind == "bundle":
        path = tmp_path / "bundle"
        export_run(teacher, charset, config, prepared.tests, path, Provenance("T", "2026-01-01", steps))
    images = prepared.tests[0].images(InputSpec(32, 2))
    device = torch.device("cpu")
    wanted = torch_logits(teacher, images, device).argmax(1)
    narrow = replace(
        config,
        architecture=replace(TINY, inner=(4, 4, 4, 4)),
        teachers=(str(path),),
        distill_share=1.0,  # not a word from the labels
        relation_weight=1.0,
        components="",
        evaluate_every=0,
    )
    agreement = []
    for steps in (1, 150):
        run = fit(replace(narrow, steps=steps), prepared, tmp_path / f"student{steps}", ignore)
        agreement.append(float((torch_logits(load_network(run)[0], images, device).argmax(1) == wanted).mean()))
    assert agreement[1] > max(agreement[0], 0.6)


def test_a_teacher_that_does_not_fit_is_refused(config: FitConfig, tmp_path: Path, data: Path) -> None:
    (tmp_path / "few.txt").write_text("一 十\n", encoding="utf-8")
    few = replace(config, characters=f"@{tmp_path / 'few.txt'}", components="", steps=2)
    small = fit(few, prepare(few), tmp_path / "small", ignore)
    taught = replace(config, teachers=(str(small),))
    with pytest.raises(InputError, match="does not know"):
        fit(taught, prepare(taught), tmp_path / "run", ignore)
    network, charset, steps = load_network(small)
    export_run(network, charset, few, prepare(few).tests, tmp_path / "b", Provenance("T", "2026-01-01", steps))
    other = replace(few, size=48, margin=3, teachers=(str(tmp_path / "b"),))
    with pytest.raises(InputError, match="takes input of 32 px"):
        fit(other, prepare(other), tmp_path / "run2", ignore)
    with pytest.raises(ValueError, match="distill_share"):
        replace(config, distill_share=1.5)
