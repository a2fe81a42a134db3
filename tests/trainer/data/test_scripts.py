"""Words of many scripts, and networks that name them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from hccr_desktop import paths
from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.sample import Sample
from hccr_desktop.core.specs import ScriptSpec
from hccr_desktop.errors import InputError
from hccr_desktop.formats.ink_lines import write_ink_lines
from hccr_desktop.recognize.page.scripts import ScriptNamer
from tests.conftest import written
from trainer.data.bank import load_bank
from trainer.data.real_words import real_words
from trainer.data.scripts import (
    _LETTERS,
    SCRIPTS,
    SPEC,
    draw_words,
    families,
    handwriting_families,
    kept_families,
    seen,
    word,
    words_of,
    write_words,
)
from trainer.recipe import load_study
from trainer.reporter import silent
from trainer.studies import script
from trainer.table import Stopped


def font(path: Path, letters: str, slant: int) -> None:
    """Write a font whose letters are bars, more of them and more slanted for some."""
    builder = FontBuilder(1000, isTTF=True)
    names = [f"g{i}" for i in range(len(letters))]
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap(dict(zip(map(ord, letters), names, strict=True)))
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for i, name in enumerate(names):
        pen = TTGlyphPen(None)
        for bar in range(1 + i % 4):
            x = 100 + 150 * bar
            pen.moveTo((x, 0))
            pen.lineTo((x + slant, 700))
            pen.lineTo((x + slant + 80, 700))
            pen.lineTo((x + 80, 0))
            pen.closePath()
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (800, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": path.stem, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fonts")
    for number, name in enumerate(SCRIPTS):
        own = folder / ("latin" if name == "digits" else name.lower())
        own.mkdir(exist_ok=True)
        letters = "一十中上木" if name == "Han" else _LETTERS[name][:40]
        if name in ("Latin", "digits"):
            letters = _LETTERS["Latin"] + _LETTERS["digits"]
        for i in range(4):
            font(own / f"{name}{i}.ttf", letters, 40 * number - 200 + 10 * i)
    return folder


def test_words_follow_their_scripts_order() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        said = word("Devanagari", list(_LETTERS["Devanagari"]), rng)
        assert said[-1] != "्"  # a joiner joins two letters
        assert word("digits", [], rng)[0].isdigit()
    assert len({word("Arabic", list(_LETTERS["Arabic"]), rng) for _ in range(10)}) > 5


def test_words_of_real_letters_are_by_one_hand_each(tmp_path: Path) -> None:
    assert not real_words(tmp_path, 2, 1).pictures
    (tmp_path / "scripts").mkdir()
    archive = tmp_path / "scripts" / "omniglot-small.zip"
    letter = io.BytesIO()
    drawn = Image.new("L", (105, 105), 255)
    drawn.paste(0, (30, 20, 50, 90))
    drawn.save(letter, "png")
    with zipfile.ZipFile(archive, "w") as made:
        for alphabet in ("Greek", "Balinese"):
            made.writestr(f"images/{alphabet}/character01/0001_07.png", letter.getvalue())
        made.writestr("images/Greek/character02/notes.txt", b"")
    (tmp_path / "ink").mkdir()
    samples = [Sample(c, written(c)) for c in "十中木"]
    write_ink_lines(tmp_path / "ink" / "kanjicanvas.jsonl.gz", samples)
    words = real_words(tmp_path, 3, 1)
    assert [SCRIPTS[label] for label in words.labels] == ["Han"] * 3 + ["Greek"] * 3
    assert words.hands == ("kanjicanvas",) * 3 + ("Omniglot 07",) * 3
    assert all(picture.shape[1] > 1.5 * picture.shape[0] for picture in words.pictures[:3])
    archive.write_bytes(b"no archive")
    with pytest.raises(InputError, match="cannot be read"):
        real_words(tmp_path, 1, 1)


def test_families_are_trained_or_tested_with_never_both(fonts: Path, tmp_path: Path) -> None:
    kept = kept_families(families(fonts))
    trained, tested = (draw_words(fonts, 2, 1, tested=tested) for tested in (False, True))
    assert not set(trained.hands) & set(tested.hands)
    assert set(tested.hands) <= kept
    assert set(trained.labels.tolist()) == set(tested.labels.tolist()) == set(range(len(SCRIPTS)))
    again = draw_words(fonts, 2, 1, tested=True)
    assert all(np.array_equal(a, b) for a, b in zip(again.pictures, tested.pictures, strict=True))
    with pytest.raises(InputError, match="0 fonts for Han"):
        families(tmp_path)
    (fonts.parent / "bad" / "han").mkdir(parents=True)
    for name in ("a.ttf", "b.ttf"):
        (fonts.parent / "bad" / "han" / name).write_bytes(b"no font")
    with pytest.raises(InputError):
        draw_words(fonts.parent / "bad", 1, 1, tested=False)


def test_words_of_a_list_are_trained_or_tested_with_never_both(fonts: Path, tmp_path: Path) -> None:
    assert words_of(tmp_path / "words.txt", tested=True) == []
    (tmp_path / "words.txt").write_text("\n".join(f"слово{i}" for i in range(80)) + "\n", encoding="utf-8")
    trained, tested = (words_of(tmp_path / "words.txt", tested=tested) for tested in (False, True))
    assert not set(trained) & set(tested)
    assert len(trained) + len(tested) == 80
    assert 5 < len(tested) < 40
    before = draw_words(fonts, 6, 1, tested=True)
    try:
        short = [a + b for a in "абвгде" for b in "ийклмн"]
        (fonts / "cyrillic" / "words.txt").write_text("\n".join(short), encoding="utf-8")
        after = draw_words(fonts, 6, 1, tested=True)
    finally:
        (fonts / "cyrillic" / "words.txt").unlink()
    cyrillic = [i for i, label in enumerate(before.labels) if SCRIPTS[label] == "Cyrillic"]
    same = [before.pictures[i].shape == after.pictures[i].shape for i in cyrillic]
    assert not all(same)  # words of two letters now
    others = [i for i in range(len(before.labels)) if i not in cyrillic]
    assert all(np.array_equal(before.pictures[i], after.pictures[i]) for i in others)


def test_words_are_seen_at_the_size_that_the_network_takes(fonts: Path) -> None:
    words = write_words(load_bank(paths.replay_bank()), 3, 1)
    assert {SCRIPTS[label] for label in words.labels} == {"Han", "kana", "Latin", "digits"}
    rng = np.random.default_rng(1)
    for picture in words.pictures:
        shown = seen(picture, rng)
        assert shown.shape == (SPEC.height, SPEC.width)
        assert shown.std() > 2


def test_the_recipe_makes_a_network_that_the_application_runs(
    fonts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = script.Sizes(each=4, written=4, tested=3, seen=600)
    (tmp_path / "ink").mkdir()
    write_ink_lines(tmp_path / "ink" / "kanjicanvas.jsonl.gz", [Sample(c, written(c)) for c in "十中木"])
    given = {"data": str(tmp_path), "fonts": str(fonts), "steps": 3, "batch_size": 16, "workers": 0}
    config = load_study("script", given)
    with pytest.raises(Stopped):
        script.run(config, tmp_path, silent, seeds=[1], sizes=sizes, cancelled=lambda: True)
    report = script.run(config, tmp_path, silent, seeds=[1], sizes=sizes)
    text = (report / "report.md").read_text(encoding="utf-8")
    assert all(f"| {row.name} |" in text for row in script.ROWS)
    assert "Of 200 words of real letters it names" in text
    chances = ScriptNamer(load_bundle(tmp_path / script.BUNDLE, ScriptSpec)).chances(np.full((64, 900), 255, np.uint8))
    assert chances.shape == (len(SCRIPTS),)
    assert chances.sum() == pytest.approx(1, abs=1e-3)


def test_families_that_imitate_handwriting_are_told_by_their_styles(tmp_path: Path) -> None:
    assert handwriting_families(tmp_path) == frozenset()
    (tmp_path / "STYLES.tsv").write_text("family\tstyle\npacifico\thandwriting\nnoto\tserif\nodd\n", encoding="utf-8")
    assert handwriting_families(tmp_path) == {"pacifico"}
