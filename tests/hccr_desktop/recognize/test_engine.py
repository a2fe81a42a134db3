from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.core.bundle import ModelBundle, load_bundle, write_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import InputSpec, normalize
from hccr_desktop.core.pen import draw
from hccr_desktop.core.subsets import mask
from hccr_desktop.errors import EmptyInk, InputError, InvalidBundle
from hccr_desktop.recognize.engine import Engine, largest, softmax
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.stroke_counts import strokes_written, without_stray
from tests.conftest import WRITTEN, written


@pytest.fixture(scope="module")
def bundled() -> ModelBundle:
    return Registry().active()


@pytest.fixture(scope="module")
def engine(bundled: ModelBundle) -> Engine:
    return Engine(bundled)


@pytest.mark.parametrize("character", WRITTEN)
def test_the_bundled_model_reads_what_is_written(engine: Engine, character: str) -> None:
    answer = engine.recognize(written(character))
    assert character in [candidate.character for candidate in answer.candidates[:3]]
    assert answer.model == engine.bundle.id
    assert answer.elapsed_ms > 0


def test_the_same_character_as_an_image_is_read_too(engine: Engine) -> None:
    picture = np.pad(draw(written("木")).pixels, 30, constant_values=255)
    assert "木" in [c.character for c in engine.recognize(GlyphImage(255 - picture)).candidates[:3]]


def test_candidates_are_sorted_and_their_probabilities_sum_to_one_over_all(engine: Engine) -> None:
    answer = engine.recognize(written("中"), top=len(engine.bundle.charset))
    probabilities = [candidate.probability for candidate in answer.candidates]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1.0, abs=1e-4)
    assert len({c.character for c in answer.candidates}) == len(engine.bundle.charset)


def test_a_restricted_answer_shares_the_probability_among_what_is_allowed(engine: Engine) -> None:
    charset = engine.bundle.charset
    free = engine.recognize(written("木"), top=len(charset))
    allowed = mask(charset, (), own="本大7")
    answer = engine.recognize(written("木"), allowed=allowed)
    assert {c.character for c in answer.candidates} == set("本大7")
    assert sum(c.probability for c in answer.candidates) == pytest.approx(1.0, abs=1e-5)
    odds = {c.character: c.probability for c in free.candidates}
    if odds["7"] > 1e-20:
        first, last = answer.candidates[0], answer.candidates[1]
        assert first.probability / last.probability == pytest.approx(
            odds[first.character] / odds[last.character], rel=1e-2
        )


def test_a_batch_answers_like_single_requests_whatever_the_threads(engine: Engine, bundled: ModelBundle) -> None:
    items = [written(character) for character in WRITTEN] * 20  # more than one batch
    together = Engine(bundled, threads=2).recognize_batch(items, top=3)
    for item, answer in zip(items[:5], together, strict=False):
        single = engine.recognize(item, top=3)
        assert [c.character for c in single.candidates] == [c.character for c in answer.candidates]
        assert single.best.probability == pytest.approx(answer.best.probability, abs=1e-4)
    assert len(together) == len(items)


def test_empty_ink_and_impossible_counts_are_refused(engine: Engine) -> None:
    with pytest.raises(EmptyInk):
        engine.recognize(Ink(()))
    for top in (0, len(engine.bundle.charset) + 1):
        with pytest.raises(InputError):
            engine.recognize(written("一"), top=top)


def test_an_empty_batch_gives_no_answers(engine: Engine) -> None:
    assert engine.recognize_batch([]) == []


def test_softmax_does_not_overflow() -> None:
    assert softmax(np.array([[1e4, 0.0]], np.float32)).tolist() == [[1.0, 0.0]]


def _rewritten(bundled: ModelBundle, folder: Path, **changes: object) -> ModelBundle:
    values: dict[str, object] = {
        "bundle_id": "changed",
        "title": "changed",
        "charset": bundled.charset,
        "spec": bundled.spec,
        "model": bundled.model_bytes(),
        "card": "",
    }
    return write_bundle(folder, **{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: {"model": b"\x08\x07garbage"}, "cannot be loaded"),
        (lambda b: {"model": b.model_bytes()[:100_000]}, "cannot be loaded"),
        (lambda b: {"model": b""}, "cannot be loaded"),
        (lambda b: {"charset": Charset(b.charset.characters[::-1])}, "contradict each other"),
        (lambda b: {"spec": InputSpec(b.spec.size, b.spec.margin + 1)}, "contradict each other"),
    ],
)
def test_damaged_foreign_and_contradicting_models_are_refused(
    bundled: ModelBundle, tmp_path: Path, change: Callable[[ModelBundle], dict[str, object]], words: str
) -> None:
    bundle = _rewritten(bundled, tmp_path / "changed", **change(bundled))
    with pytest.raises(InvalidBundle, match=words) as caught:
        Engine(bundle)
    assert caught.value.hint


def test_a_model_changed_after_its_manifest_was_read_is_refused(bundled: ModelBundle, tmp_path: Path) -> None:
    shutil.copytree(bundled.folder, tmp_path / "copy")
    bundle = load_bundle(tmp_path / "copy")
    data = bytearray(bundle.model_path.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.model_path.write_bytes(data)
    with pytest.raises(InvalidBundle, match="changed or damaged"):
        Engine(bundle)


def test_the_bundle_keeps_its_promises(bundled: ModelBundle) -> None:
    assert bundled.size_bytes <= 8e6
    gb2312 = {bytes([r, c]).decode("gb2312", "ignore") for r in range(0xB0, 0xF8) for c in range(0xA1, 0xFF)} - {""}
    assert len(gb2312) == 6763
    needed = gb2312 | set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    assert needed <= set(bundled.charset.characters)
    card = bundled.card()
    for word in ("CASIA", "Arphic", "licence", "top-1", "Limits"):
        assert word in card
    assert json.loads((bundled.folder / "manifest.json").read_text(encoding="utf-8"))["scores"]


def test_logits_are_given_for_prepared_input(engine: Engine) -> None:
    images = normalize([written("一"), written("十")], engine.bundle.spec)
    assert engine.logits(images).shape == (2, len(engine.bundle.charset))


@pytest.mark.parametrize("classes", [0, 5, 63, 400, 10_311])
def test_the_largest_are_those_of_a_whole_sort(classes: int) -> None:
    rng = np.random.default_rng(classes)
    rows = rng.normal(0, 3, (8, classes)).astype(np.float32)
    rows[1] = np.round(rows[1])  # many are equal: the first of them comes first
    rows[2, classes // 3 :] = -np.inf
    for count in (1, 10, 200):
        for row, found in zip(rows, largest(rows, count), strict=True):
            assert found.tolist() == np.argsort(-row, kind="stable")[:count].tolist()


def test_what_is_not_a_number_comes_last_and_leaves_an_answer() -> None:
    rows = np.random.default_rng(0).normal(0, 3, (2, 1000)).astype(np.float32)
    rows[0, 7] = rows[1] = np.nan
    first, ill = largest(rows, 5)
    assert first[:4].tolist() == np.argsort(-np.nan_to_num(rows[0], nan=-np.inf))[:4].tolist()
    assert len(ill) == len(first) == 5


def test_taps_and_lifts_are_no_strokes_and_a_stray_one_is_left_aside() -> None:
    engine = Engine(Registry().require_active(), 1)
    ink = written("木")
    assert strokes_written(ink) == len(ink.strokes)
    left, top, right, bottom = ink.bounds
    side = max(right - left, bottom - top)
    parts = []
    for stroke in ink.strokes:
        half = len(stroke.points) // 2
        parts += [stroke.points[: half + 1], stroke.points[half:]]
    assert strokes_written(Ink.from_points(parts)) == len(ink.strokes)
    tap = np.array([[right, bottom, 0.0], [right + 0.01 * side, bottom, 5.0]])
    assert strokes_written(Ink.from_points([*(s.points for s in ink.strokes), tap])) == len(ink.strokes)
    assert without_stray(ink) is ink
    stray = Ink.from_points([[(left - 2 * side, top - 2 * side)], *(stroke.points for stroke in ink.strokes)])
    assert len(without_stray(stray).strokes) == len(ink.strokes)
    assert engine.recognize(stray).best.character == "木"
    assert len(without_stray(Ink.from_points([[(0, 0)], [(100, 100)]])).strokes) == 2  # which of them, nobody knows
