"""A bank of lessons: drawn, asked, kept in shards, gone on with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from PIL import Image
from torch import nn

from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from tests.trainer.conftest import scan
from trainer.config import FitConfig
from trainer.data import lessons
from trainer.data.crops import CropSource
from trainer.data.lesson_pictures import KINDS, OVERLAID, PLAIN, SPLICED, LessonPictures, Picture
from trainer.data.lessons import LessonBank, Told
from trainer.data.prepare import gb2312, prepare
from trainer.onnx_teachers import KEPT, LineTeacher, OnnxTeacher, Teacher, fitted, load_onnx_teachers
from trainer.reporter import silent
from trainer.teach import fill


class _Teacher(nn.Module):
    """Two layers over the ink's rows and columns, with its features as a second output."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.last = nn.Linear(64, 24), nn.Linear(24, 3755)

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = images.float() / 255.0
        features = torch.tanh(self.first(torch.cat((x.mean((1, 2)), x.mean((1, 3))), 1)))
        return features, self.last(features)


DESCRIBED = """
[toy]
file = "toy.onnx"
characters = "gb2312-1"
side = 32
fit = 28
stretch = false
output = "features"
title = "Toy"
terms = "drawn by the test"

[toy-logits]
file = "toy.onnx"
characters = "gb2312-1 by code point"
side = 32
fit = 28
stretch = true
output = "logits"
title = "Toy"
terms = "drawn by the test"
"""


@pytest.fixture
def teachers(tmp_path: Path) -> list[OnnxTeacher]:
    torch.onnx.export(
        _Teacher().eval(),
        (torch.zeros(2, 1, 32, 32, dtype=torch.uint8),),
        str(tmp_path / "toy.onnx"),
        dynamo=True,
        verbose=False,
        dynamic_shapes=({0: torch.export.Dim("n", min=1)},),
        output_names=["features", "logits"],
        external_data=False,
    )
    (tmp_path / "teachers.toml").write_text(DESCRIBED, encoding="utf-8")
    found = load_onnx_teachers(tmp_path / "teachers.toml", tmp_path, ["toy", "toy-logits"])
    return [teacher for teacher in found if isinstance(teacher, OnnxTeacher)]


@pytest.fixture
def bank(config: FitConfig, tmp_path: Path, teachers: list[OnnxTeacher], monkeypatch: pytest.MonkeyPatch) -> LessonBank:
    monkeypatch.setattr(lessons, "SHARD", 128)
    monkeypatch.setattr("trainer.teach.SHARD", 128)
    prepared = prepare(config, 1)
    spec = InputSpec(config.size, config.margin)
    return LessonBank(tmp_path / "bank", prepared.charset, spec, {t.name: t.told for t in teachers})


def _filled(bank: LessonBank, config: FitConfig, teachers: list[OnnxTeacher], count: int, seed: int = 1) -> None:
    asked: list[Teacher] = list(teachers)
    pictures = LessonPictures(prepare(config, 1).shares, bank.charset, bank.spec)
    fill(bank, pictures, asked, count, silent, seed=seed)


def test_lessons_of_all_kinds_are_kept_with_every_teachers_answer(
    bank: LessonBank, config: FitConfig, teachers: list[OnnxTeacher]
) -> None:
    _filled(bank, config, teachers, 256)
    found = lessons.joined([bank.load(path) for path in bank.shards()])
    assert found.images.shape == (256, 32, 32)
    assert set(found.kinds.tolist()) == set(range(len(KINDS)))
    assert ((found.labels >= 0) == (found.kinds <= 1)).all()  # what is pieced together has no label
    assert found.answers["toy"].values.shape == (256, 24)
    assert found.answers["toy"].classes is None
    kept = found.answers["toy-logits"]
    assert kept.classes is not None
    assert kept.values.shape == kept.classes.shape == (256, KEPT)
    last = LessonBank.opened(bank.folder).teachers["toy"].classifier
    assert last is not None
    weights, biases = last
    logits = found.answers["toy"].values.astype(np.float32) @ weights.T + biases
    assert logits.shape == (256, 3755)
    assert len(np.unique(logits.argmax(axis=1))) > 1


def test_a_bank_is_gone_on_with_and_a_shard_depends_on_seed_and_number_alone(
    bank: LessonBank, config: FitConfig, teachers: list[OnnxTeacher]
) -> None:
    _filled(bank, config, teachers, 128)
    (first,) = bank.shards()
    before = bank.load(first)
    first.unlink()
    _filled(bank, config, teachers, 256)
    _filled(bank, config, teachers, 128, seed=2)
    assert [path.name for path in bank.shards()] == ["0001-000000.npz", "0001-000001.npz", "0002-000000.npz"]
    again = bank.load(first)
    assert np.array_equal(before.images, again.images)
    assert np.array_equal(before.answers["toy"].values, again.answers["toy"].values)
    assert not np.array_equal(bank.load(bank.shards()[2]).images, again.images)
    opened = LessonBank.opened(bank.folder)
    assert (opened.charset, opened.spec, opened.digests) == (bank.charset, bank.spec, bank.digests)
    ones, others = (b.teachers["toy-logits"] for b in (opened, bank))
    assert (ones.characters, ones.title, ones.terms) == (others.characters, others.title, others.terms)
    bank.shards()[0].write_bytes(b"PK")
    with pytest.raises(InputError, match="damaged"):
        bank.load(first)


def test_a_bank_of_other_teachers_is_not_mixed_with(bank: LessonBank, config: FitConfig, tmp_path: Path) -> None:
    bank.make()
    other = LessonBank(bank.folder, bank.charset, bank.spec, {"another": Told(("一",), "0", "Another", "none")})
    with pytest.raises(InputError, match="other teachers"):
        other.make()
    with pytest.raises(InputError, match="no bank"):
        LessonBank.opened(tmp_path)


def test_pictures_are_pieced_together_of_characters(config: FitConfig) -> None:
    prepared = prepare(config, 1)
    pictures = LessonPictures(prepared.shares, prepared.charset, InputSpec(config.size, config.margin))
    drawn: list[Picture] = [pictures.draw(np.random.default_rng(i)) for i in range(60)]
    assert np.array_equal(drawn[7].pixels, pictures.draw(np.random.default_rng(7)).pixels)
    for kind in (PLAIN, SPLICED, OVERLAID):
        ink = [np.mean(picture.image < 128) for picture in drawn if picture.kind == kind]
        assert 0.01 < np.mean(ink) < 0.6


def test_a_teacher_sees_ink_bright_cropped_and_centered() -> None:
    page = np.full((90, 120), 230, np.uint8)
    page[20:60, 30:50] = 90
    seen = fitted(page, 32, 28, stretch=False)
    rows, columns = (np.flatnonzero(seen.max(axis=axis)) for axis in (1, 0))
    assert (rows[0], rows[-1]) == (2, 29)
    assert abs((columns[0] + columns[-1]) / 2 - 15.5) <= 0.5
    assert seen.max() == 140  # natural gray
    assert fitted(page, 32, 28, stretch=True).max() == 255
    assert not fitted(np.full((9, 9), 200, np.uint8), 32, 28, stretch=True).any()


def test_the_order_of_a_teachers_classes_is_its_own(teachers: list[OnnxTeacher]) -> None:
    assert teachers[0].told.characters == tuple(gb2312(1))
    assert teachers[1].told.characters == tuple(sorted(gb2312(1)))


def test_a_teacher_that_is_not_described_or_missing_is_told(tmp_path: Path) -> None:
    (tmp_path / "teachers.toml").write_text(DESCRIBED, encoding="utf-8")
    with pytest.raises(InputError, match="does not describe"):
        load_onnx_teachers(tmp_path / "teachers.toml", tmp_path, ["nobody"])
    with pytest.raises(InputError, match="missing"):
        load_onnx_teachers(tmp_path / "teachers.toml", tmp_path, ["toy"])


class _Lines(nn.Module):
    """A recognizer of lines that says of what is dark 七 and of the rest 一, a step a column of eight."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        dark = (x.mean((1, 2)).unflatten(1, (-1, 8)).mean(2) < 0.9).float()
        return torch.stack([torch.zeros_like(dark), 0.5 - 0.5 * dark, dark, *[torch.zeros_like(dark)] * 40], 2)


def test_a_recognizer_of_lines_says_its_best_step(tmp_path: Path) -> None:
    path = tmp_path / "lines.onnx"
    torch.onnx.export(
        _Lines().eval(),
        (torch.ones(2, 3, 48, 48),),
        str(path),
        dynamo=True,
        verbose=False,
        dynamic_shapes=({0: torch.export.Dim("n", min=1)},),
        external_data=False,
    )
    model = onnx.load(str(path))
    listed = "\n".join(["一", "七", *(chr(0x4E00 + 100 + i) for i in range(39))])
    onnx.helper.set_model_props(model, {"character": listed})
    onnx.save(model, str(path))
    described = DESCRIBED.split("[toy-logits]", maxsplit=1)[0].replace("[toy]", "[lines]")
    for ours, theirs in (("toy", "lines"), ("gb2312-1", "lines"), ("32", "48"), ("features", "logits")):
        described = described.replace(ours, theirs)
    (tmp_path / "lines.toml").write_text(described, encoding="utf-8")
    (teacher,) = load_onnx_teachers(tmp_path / "lines.toml", tmp_path, ["lines"])
    assert isinstance(teacher, LineTeacher)
    assert len(teacher.told.characters) == 41
    page = np.full((60, 60), 255, np.uint8)
    page[10:50, 10:50] = 0
    answers = teacher.ask([Picture(page, page, "", -1, PLAIN, False)] * 9)
    assert answers.classes is not None
    assert answers.classes.shape == (9, KEPT)
    assert int(answers.classes[8, int(answers.values[8].argmax())]) == 1


def test_characters_are_cut_out_of_pages(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    page = np.full((160, 700), 235, np.uint8)
    for i, character in enumerate("中十上中十上"):
        drawn = scan(character, rng).pixels
        height, width = drawn.shape
        page[40 : 40 + height, 40 + 105 * i : 40 + 105 * i + width] = np.minimum(drawn, 235)
    Image.fromarray(page).save(tmp_path / "page.png")
    (tmp_path / "broken.png").write_bytes(b"PNG")
    crops = CropSource.from_pages(tmp_path, Engine(Registry().active()))
    assert len(crops) == 6
    assert crops.characters == [""]
    cut = crops.picture(0, np.random.default_rng(0), 1.0)
    assert 40 < max(cut.shape) < 130
    with pytest.raises(InputError, match="No characters"):
        CropSource.from_pages(tmp_path / "nowhere", Engine(Registry().active()))
