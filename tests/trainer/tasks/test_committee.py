"""Learning from a bank of lessons: what the committee asks for, how batches are drawn, a run that comes to agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import NATURAL
from hccr_desktop.core.protocol import Message
from hccr_desktop.errors import InputError
from tests.trainer.conftest import TINY
from trainer.checkpoints import LAST
from trainer.config import CommitteeConfig, FitConfig, Member, SourceConfig
from trainer.data.batches import Answer
from trainer.data.lesson_batches import LessonBatches, read_record
from trainer.data.lessons import NOT_ASKED, Answers, Classifier, LessonBank, Lessons, Told
from trainer.data.prepare import prepare
from trainer.evaluate import torch_logits
from trainer.networks.eca_resnet import EcaResNet
from trainer.tasks.character import LESSONS, fit
from trainer.tasks.committee import Committee, lesson_mismatch
from trainer.tasks.learner import Learner, Targets
from trainer.tasks.weights import load_network

STUDENT = Charset(tuple("一丁七龘A"))
CLOSED = tuple("七一丁")


def ignore(_: Message) -> None:
    """Report to nobody."""


@pytest.fixture
def told() -> dict[str, Told]:
    """Return a closed teacher in features, which are its logits, one in logits, and an open one."""
    same = Classifier(np.eye(3, dtype=np.float32), np.zeros(3, np.float32))
    return {
        "closed": Told(CLOSED, "0", "Closed", "none", same),
        "other": Told(tuple("一丁七"), "1", "Other", "none"),
        "open": Told(tuple("A鬱龘一"), "2", "Open", "none"),
    }


def config_of(**values: float) -> CommitteeConfig:
    """Return a committee of them."""
    closed = {"closed": Member(0.75, 1.0), "other": Member(0.25, 2.0)}
    return CommitteeConfig(closed=closed, open={"open": Member(1.0, 1.0)}, temperature=2.0, **values)


def answers_of(features: list[list[float]], other: list[int], opened: list[list[int]]) -> dict[str, Answer]:
    """Return answers of the three teachers: `other` are single classes, `opened` some with equal logits."""
    single = torch.tensor(other)[:, None].short()
    return {
        "closed": Answer(torch.tensor(features).half(), None),
        "other": Answer(torch.zeros(len(other), 1).half(), single),
        "open": Answer(torch.zeros(len(opened), len(opened[0])).half(), torch.tensor(opened).short()),
    }


def test_closed_teachers_speak_for_their_characters_and_for_what_nobody_knows(told: dict[str, Told]) -> None:
    committee = Committee(told, STUDENT, config_of())
    answers = answers_of([[0.0, 2.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [1, 2, 0], [[0, 2]] * 3)
    wanted = committee(answers, torch.tensor([0, -1, 3]))
    assert wanted.is_closed.tolist() == [True, True, False]
    assert committee.closed.tolist() == [0, 1, 2]
    first = functional.softmax(torch.tensor([2.0, 0.0, 0.0]), 0) ** 0.75 * torch.tensor([1e-6, 1.0, 1e-6]) ** 0.25
    assert wanted.among_closed[0].tolist() == pytest.approx((first / first.sum()).tolist(), abs=1e-3)
    assert int(wanted.among_closed[1].argmax()) == 2  # 七, the first of the one and the last of the other
    assert wanted.among_all.tolist() == [[0.0, 0.0, 0.0, 0.5, 0.5]]
    assert wanted.trusts.tolist() == [True, False, True]


def test_a_label_that_teachers_deny_is_not_trusted_and_who_was_not_asked_says_nothing(told: dict[str, Told]) -> None:
    committee = Committee(told, STUDENT, config_of())
    answers = answers_of([[0.0, -9.0, 9.0]] * 3, [1, 1, 1], [[0, 1], [1, 1], [NOT_ASKED, NOT_ASKED]])
    wanted = committee(answers, torch.tensor([0, 3, 3]))
    assert wanted.trusts.tolist() == [False, False, False]
    assert not wanted.among_all.any()  # one does not find 龘 likely at all, the other was not asked
    logits = torch.randn(3, 5, generator=torch.Generator().manual_seed(0))
    only = lesson_mismatch(logits, wanted, committee.closed, 2.0)
    said = functional.log_softmax(logits[0, :3] / 2.0, 0)
    by_hand = functional.kl_div(said, wanted.among_closed[0], reduction="sum") * 4.0 / 3.0
    assert float(only) == pytest.approx(float(by_hand), rel=1e-5)


def test_a_committee_of_strangers_is_refused(told: dict[str, Told]) -> None:
    with pytest.raises(InputError, match="no answers of nobody"):
        Committee(told, STUDENT, replace(config_of(), open={"nobody": Member()}))


def test_of_a_scans_label_only_that_it_is_closed_counts(told: dict[str, Told]) -> None:
    config = replace(config_of(), closed_label_weight=1.0, open_label_weight=0.0, feature_weight=0.0)
    committee = Committee(told, STUDENT, config)
    run = FitConfig(sources=(SourceConfig("ink", "none"),), architecture=TINY, size=32, margin=2, bfloat16=False)
    targets = Targets(torch.ones(5, dtype=torch.bool), torch.zeros(5, 0), (), None, committee)
    learner = Learner(EcaResNet(TINY, 5), {}, run, targets).eval()
    images = torch.randint(0, 256, (2, 1, 32, 32), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    answers = answers_of([[0.0, 0.0, 0.0]] * 2, [NOT_ASKED] * 2, [[0, 1]] * 2)

    def loss(labels: list[int], scanned: bool) -> float:
        with torch.no_grad():
            return float(learner(images, torch.tensor(labels), torch.tensor([scanned] * 2), answers))

    unknown = loss([-1, -1], scanned=False)
    logits = learner.network(images).detach()
    outside = (logits.logsumexp(1) - logits[:, :3].logsumexp(1)).mean()
    assert loss([0, 1], scanned=True) == pytest.approx(unknown + float(outside), rel=1e-5)
    assert loss([0, 1], scanned=True) == loss([2, 0], scanned=True)
    assert loss([0, 1], scanned=False) != loss([2, 0], scanned=False)


def bank_in(folder: Path, config: FitConfig, charset: Charset, images: np.ndarray, labels: np.ndarray) -> LessonBank:
    """Fill a bank with pictures whose teachers know their labels, half of which are left out."""
    last = Classifier(np.eye(len(charset), dtype=np.float32) * 9, np.zeros(len(charset), np.float32))
    told = {
        "sure": Told(charset.characters, "0", "Sure", "none", last),
        "open": Told(charset.characters, "1", "Open", "none"),
    }
    bank = LessonBank(folder, charset, config.spec, told)
    bank.make()
    for number, rows in enumerate(np.array_split(np.arange(len(labels)), 2)):
        known = np.where(rows % 2, labels[rows], -1).astype(np.int32)
        features = np.eye(len(charset), dtype=np.float16)[labels[rows]]
        single = labels[rows, None].astype(np.int16)
        answers = {"sure": Answers(features), "open": Answers(np.ones((len(rows), 1), np.float16), single)}
        kinds, scanned = np.zeros(len(rows), np.uint8), np.ones(len(rows), bool)
        bank.save(bank.path(1, number), Lessons(images[rows, 0], known, kinds, scanned, answers))
    return bank


@pytest.fixture
def taught(config: FitConfig, tmp_path: Path) -> FitConfig:
    """Return a run that learns from a bank of the small world's scans, half of them without a label."""
    natural = replace(config, preparation=NATURAL)
    prepared = prepare(natural)
    test = next(test for test in prepared.tests if test.name == "scans/known")
    images, labels = np.tile(test.images(natural.spec), (8, 1, 1, 1)), np.tile(test.labels, 8)
    bank_in(tmp_path / "bank", natural, prepared.charset, images, labels)
    return replace(
        natural,
        lessons=str(tmp_path / "bank"),
        committee=CommitteeConfig(closed={"sure": Member()}, open={"open": Member()}, closed_label_weight=0.0),
        steps=150,
        evaluate_every=0,
    )


def test_a_student_learns_from_what_teachers_say_alone(taught: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(taught)
    run = fit(taught, prepared, tmp_path / "run", ignore)
    test = next(test for test in prepared.tests if test.name == "scans/known")
    answers = torch_logits(load_network(run)[0], test.images(taught.spec), torch.device("cpu")).argmax(1)
    assert float((answers == test.labels).mean()) > 0.9
    assert read_record(tmp_path / "run" / LESSONS)[0] == ["0001-000000.npz", "0001-000001.npz"]


def test_a_run_goes_on_with_the_lessons_that_it_drew_from(taught: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(taught)
    short = replace(taught, steps=12)
    whole = fit(short, prepared, tmp_path / "whole", ignore)
    asked = iter([False] * 5 + [True] * 9)
    fit(short, prepared, tmp_path / "parts", ignore, cancelled=lambda: next(asked))
    fit(short, prepared, tmp_path / "parts", ignore, resume=True)
    ones, others = (load_network(run)[0].state_dict() for run in (whole, tmp_path / "parts" / LAST))
    assert all(torch.equal(ones[name], others[name]) for name in ones)


def test_each_lesson_comes_once_in_a_round_and_the_next_round_has_what_was_filled_meanwhile(
    taught: FitConfig, tmp_path: Path
) -> None:
    bank = LessonBank.opened(Path(taught.lessons))
    shards = [bank.load(path) for path in bank.shards()]
    length = sum(len(shard.labels) for shard in shards)
    batches = LessonBatches(bank, tmp_path / LESSONS, length, 1, 0.0)
    assert sorted(batches[0].labels.tolist()) == sorted(label for s in shards for label in s.labels.tolist())
    bank.save(bank.path(9, 0), shards[0])
    second = batches[1]
    assert read_record(tmp_path / LESSONS) == ([path.name for path in bank.shards()], [2, 3])
    again = LessonBatches(bank, tmp_path / LESSONS, length, 1, 0.0)
    for name in ("images", "labels", "scanned"):
        assert torch.equal(getattr(second, name), getattr(again[1], name))
    assert torch.equal(second.answers["sure"].values, again[1].answers["sure"].values)  # type: ignore[index]
    assert not torch.equal(batches[0].images, LessonBatches(bank, tmp_path / LESSONS, length, 1, 1.0)[0].images)


def test_those_who_train_together_draw_parts_of_the_same_batches(taught: FitConfig) -> None:
    bank = LessonBank.opened(Path(taught.lessons))
    whole = LessonBatches(bank, None, 8, 1, 1.0)[3]
    part = LessonBatches(bank, None, 8, 1, 1.0, range(2, 4))[3]
    assert torch.equal(part.images, whole.images[2:4])


def test_a_record_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / LESSONS).write_text("[]")
    with pytest.raises(InputError, match="does not name"):
        read_record(tmp_path / LESSONS)


def test_a_bank_for_another_student_or_an_empty_one_is_refused(taught: FitConfig, tmp_path: Path) -> None:
    prepared = prepare(taught)
    with pytest.raises(InputError, match="another student"):
        fit(replace(taught, margin=3), prepared, tmp_path / "run", ignore)
    for path in LessonBank.opened(Path(taught.lessons)).shards():
        path.unlink()
    with pytest.raises(InputError, match="no lessons yet"):
        fit(taught, prepared, tmp_path / "other", ignore)
