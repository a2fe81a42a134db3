from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from PIL import ImageFont

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.core.pen import draw
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError, UnreadableFile
from tests.conftest import WRITTEN, written
from trainer.config import FitConfig, SourceConfig, config_to_dict, fit_config_from, load_fit_config
from trainer.data.batches import Mixture, Share
from trainer.data.components import component_targets
from trainer.data.degrade import SIDE, degrade
from trainer.data.fonts import render_fonts, thin
from trainer.data.prepare import gb2312, prepare, prepare_tests
from trainer.data.sources import WritingSource
from trainer.data.writing import Template, write
from trainer.recipe import load_recipe

ROOT = Path(__file__).resolve().parents[3]


def test_without_vigor_the_template_is_written_as_it_is() -> None:
    rng = np.random.default_rng(0)
    spec = InputSpec()
    for character in WRITTEN:
        lines = write(Template.from_ink(written(character)), rng, vigor=0.0)
        a, b = normalize(
            [GlyphImage(draw(lines, pen=0.06).pixels), GlyphImage(draw(written(character), pen=0.06).pixels)], spec
        )
        assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.8


def test_writing_varies_and_is_the_same_for_the_same_seed() -> None:
    template = Template.from_ink(written("木"))
    first = write(template, np.random.default_rng(1))
    again, other = (write(template, np.random.default_rng(seed)) for seed in (1, 2))
    assert np.array_equal(first.xy, again.xy)
    assert first.xy.shape != other.xy.shape or not np.array_equal(first.xy, other.xy)


def test_a_fast_hand_joins_strokes() -> None:
    template = Template.from_ink(written("木"))
    rng = np.random.default_rng(0)
    counts = {len(write(template, rng).ends) for _ in range(200)}
    assert min(counts) < 4
    assert max(counts) == 4
    assert {len(write(template, rng, vigor=0.0).ends) for _ in range(50)} == {4}


def test_degraded_pictures_stay_pictures_of_the_character() -> None:
    rng = np.random.default_rng(0)
    clean = draw(written("木")).pixels
    spec = InputSpec()
    target = normalize([GlyphImage(clean)], spec).ravel()
    likeness = []
    for _ in range(50):
        picture = degrade(clean, rng)
        assert picture.shape == (SIDE, SIDE)
        assert picture.dtype == np.uint8
        likeness.append(np.corrcoef(normalize([GlyphImage(picture)], spec).ravel(), target)[0, 1])
    assert np.mean(likeness) > 0.3
    assert np.std(likeness) > 0.02


def test_a_batch_is_a_function_of_seed_and_number_and_holds_the_shares() -> None:
    samples = [Sample(c, written(c)) for c in WRITTEN]
    charset = Charset.from_characters(WRITTEN)
    shares = [Share(WritingSource(samples[:2]), 0.25), Share(WritingSource(samples[2:]), 0.75)]

    def mixture(seed: int) -> Mixture:
        return Mixture(shares, charset, InputSpec(32, 2), 40, seed, 1.0)

    batch = mixture(1)[7]
    assert batch.images.shape == (40, 1, 32, 32)
    assert batch.images.dtype == torch.uint8
    assert torch.equal(batch.images, mixture(1)[7].images)
    assert not torch.equal(batch.images, mixture(1)[8].images)
    assert not torch.equal(batch.images, mixture(2)[7].images)
    first = {charset.index(s.character) for s in samples[:2]}
    assert sum(int(label) in first for label in batch.labels) in (9, 10, 11)
    assert not batch.scanned.any()


def test_the_split_keeps_held_out_characters_and_writers_apart(config: FitConfig) -> None:
    prepared = prepare(config)
    assert set(prepared.charset.characters) == set(WRITTEN)
    tests = {test.name: test for test in prepared.tests}
    assert set(tests) == {"scans/known", "scans/unseen", "pen/known", "pen/unseen"}
    assert {s.character for s in tests["scans/unseen"].samples} == {"上"}
    assert len(tests["scans/unseen"].samples) == 12
    known = len(tests["scans/known"].samples)
    assert 0 < known < 24
    scans = prepared.shares[0].source
    assert "上" not in scans.characters
    assert "上" in prepared.shares[1].source.characters  # templates are no real samples
    kept_writers = {s.writer for s in tests["pen/known"].samples}
    assert len(tests["pen/known"].samples) == 4 * len(kept_writers)
    labels = [prepared.charset[int(i)] for i in np.flatnonzero(prepared.scanned_classes)]
    assert set(labels) == set("一十中")


def test_every_scanned_character_is_held_out_in_one_of_five_folds(config: FitConfig) -> None:
    held: list[str] = []
    for fold in range(1, 6):
        prepared = prepare(replace(config, hold_out_characters="", hold_out_fold=fold))
        unseen = {s.character for t in prepared.tests if t.name == "scans/unseen" for s in t.samples}
        trained = set(prepared.shares[0].source.characters)
        assert not unseen & trained
        assert unseen | trained == set("一十中上")
        held.extend(unseen)
    assert sorted(held) == sorted("一十中上")


def test_test_sets_alone_are_the_same_as_with_training(config: FitConfig) -> None:
    prepared = prepare(config)
    alone = prepare_tests(config, prepared.charset)
    assert [(t.name, len(t.samples)) for t in alone] == [(t.name, len(t.samples)) for t in prepared.tests]


def test_gb2312_has_6763_characters() -> None:
    assert len(set(gb2312())) == 6763


def test_fonts_are_rendered_and_kept(tmp_path: Path) -> None:
    font: Any = getattr(ImageFont.load_default(20), "path", None)  # Pillow carries a font
    (tmp_path / "plain").mkdir()
    data = font.getvalue() if isinstance(font, io.BytesIO) else Path(str(font)).read_bytes()
    (tmp_path / "plain" / "a.ttf").write_bytes(data)
    glyphs = render_fonts(tmp_path, "Ab一")["plain"]
    assert glyphs.characters == ("A", "b")
    picture = glyphs.glyph(0)
    assert picture.min() == 0
    assert picture.max() == 255
    lines = glyphs.center_lines(0)
    assert lines.shape == picture.shape
    assert (picture[lines == 0] < 128).all()
    assert 0 < (lines == 0).sum() < 0.4 * (picture < 128).sum()
    again = render_fonts(tmp_path, "Ab一")["plain"]
    assert np.array_equal(again.center_lines(0), lines)
    assert np.array_equal(again.glyph(1), glyphs.glyph(1))
    (kept,) = tmp_path.glob(".glyphs-*")
    kept.write_bytes(b"PK\x03\x04 cut off")
    assert render_fonts(tmp_path, "Ab一")["plain"].characters == ("A", "b")
    (tmp_path / "plain" / "b.ttf").write_bytes(data[:900])
    with pytest.raises(UnreadableFile, match=r"b\.ttf"):
        render_fonts(tmp_path, "Ab一")


def test_thinning_leaves_lines_one_pixel_wide_and_whole() -> None:
    ink = np.zeros((2, 40, 40), bool)
    ink[0, 10:15, 4:36] = True  # a bar
    distance = np.hypot(*np.mgrid[-20:20, -20:20])
    ink[1] = (distance > 9) & (distance < 14)  # a ring
    bar, ring = thin(ink)
    assert np.sum(bar, axis=0).max() == 1
    assert int(np.sum(bar)) >= 26
    assert not np.any(bar & ~ink[0])
    labels, _ = cv2.connectedComponents((~ring).astype(np.uint8), connectivity=4)
    assert labels == 3  # paper, ring's inside, outside
    assert cv2.connectedComponents(ring.astype(np.uint8))[0] == 2
    assert int(np.sum(ring)) < 100


def test_print_gets_a_writers_posture() -> None:
    bar = np.full((60, 60), 255, np.uint8)
    bar[28:32, 4:56] = 0
    rng = np.random.default_rng(0)
    slopes = []
    for _ in range(60):
        picture = degrade(bar, rng, 0.5, hand=1.0).astype(int)
        y, x = np.nonzero(picture < (picture.min() + picture.max()) / 2)
        slopes.append(-np.polyfit(x, y, 1)[0])
    assert 0.02 < np.mean(slopes) < 0.12  # rises to the right


def test_characters_are_drawn_by_their_place_in_text() -> None:
    charset = Charset.from_characters("一aあ")
    source = WritingSource([Sample(c, written("一")) for c in charset.characters])
    labels = Mixture([Share(source, 1.0)], charset, InputSpec(32, 2), 1400, 1, 1.0)[0].labels
    a, kana, one = np.bincount(labels.numpy(), minlength=3)
    assert a > one > kana > 50


def test_a_configuration_survives_plain_values(config: FitConfig) -> None:
    assert fit_config_from(config_to_dict(config)) == config


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stepz = 5\n[[sources]]\nkind = 'gnt'\npath = 'a'", "stepz"),
        ("[[sources]]\nkind = 'gnt'\npath = 'a'\ncolor = 1", "color"),
        ("[architecture]\ndepth = 3\n[[sources]]\nkind = 'gnt'\npath = 'a'", "depth"),
        ("[[sources]]\nkind = 'video'\npath = 'a'", "kind"),
        ("sources = []", "at least one source"),
        ("steps = ", "TOML"),
    ],
)
def test_unknown_and_wrong_keys_are_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        load_fit_config(tmp_path / "a.toml")


@pytest.mark.parametrize("path", sorted((ROOT / "trainer" / "recipes").glob("*.toml")), ids=lambda p: p.name)
def test_every_recipe_can_be_read_and_names_its_sources(path: Path) -> None:
    for _, config in load_recipe(path.stem, {}).stages:
        assert all(source.title and source.terms for source in config.sources)


def test_missing_data_is_a_sentence(config: FitConfig) -> None:
    broken = replace(config, sources=(SourceConfig("gnt", "missing.gnt"),))
    with pytest.raises(HccrError, match="does not exist"):
        prepare(broken)
    nothing = replace(config, characters="latin")
    with pytest.raises(InputError, match="No training samples"):
        prepare(nothing)
    with pytest.raises(InputError, match="klingon"):
        prepare(replace(config, characters="klingon"))


def test_components_are_found_at_any_depth_and_by_place(tmp_path: Path) -> None:
    table = tmp_path / "ids.txt"
    table.write_text(
        "# a comment\nU+0001\t明\t⿰日月\nU+0002\t盟\t⿱明皿\nU+0003\t萌\t⿱艹明[G]\t⿱艸明[T]\nU+0004\t日\t日\n"
        "U+0005\t坏\t⿰土\nU+0006\t圈\t⿴囗圈\n",
        encoding="utf-8",
    )
    targets = component_targets(Charset.from_characters("明盟萌日月坏圈"), table)
    by_character = dict(zip(sorted("明盟萌日月坏圈"), targets.astype(int).tolist(), strict=True))
    assert targets.shape == (7, 3)  # 日 and 月 in three characters, 明 in two; what stands in one does not count
    assert by_character["盟"] == by_character["萌"] == [1, 1, 1]
    assert sum(by_character["明"]) == 2
    assert not any(sum(by_character[c]) for c in "日月坏圈")
    with pytest.raises(InputError, match="too few"):
        component_targets(Charset.from_characters("一"), table)
    with pytest.raises(InputError, match="cannot be read"):
        component_targets(Charset.from_characters("一"), tmp_path / "no.txt")
