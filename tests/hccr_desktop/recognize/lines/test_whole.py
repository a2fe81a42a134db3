"""Lines read as wholes: strips, spikes, the best path, boxes; and scripts that are named and not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from hccr_desktop import paths
from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.errors import InvalidBundle
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.language import Grams, Language, load_language
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.lines.decode import Calibration, best_path, likely_choices
from hccr_desktop.recognize.lines.network import LineNetwork
from hccr_desktop.recognize.lines.paddle import SPEC as PADDLE_SPEC
from hccr_desktop.recognize.lines.paddle import PaddleLines
from hccr_desktop.recognize.lines.spikes import Spike, edges_of, pitch_of, spikes_of
from hccr_desktop.recognize.lines.strip import strip_of
from hccr_desktop.recognize.lines.upright import upright
from hccr_desktop.recognize.lines.whole import WEIGHTS, WholeLineReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page.analysis import analyze
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.page.layout import Placed
from hccr_desktop.recognize.page.scripts import ScriptNamer, is_strange, script_of_text
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import How, Readers, allowed_of, readers_of
from tests.hccr_desktop.recognize.test_pages import columns_of, page_of
from tests.networks import NETWORKS

SPEC = LineSpec()
Floats = npt.NDArray[np.float32]


def said(*steps: dict[int, float], classes: int = 4) -> Floats:
    """Return probabilities of steps, what is left being none's."""
    rows = np.zeros((len(steps), classes + 1), np.float32)
    for row, step in zip(rows, steps, strict=True):
        for number, probability in step.items():
            row[number] = probability
        row[-1] = 1 - row[:-1].sum()
    return rows


def texts(spikes: list[Spike], numbers: npt.NDArray[np.int64], language: Language | None) -> list[tuple[int, int]]:
    """Return (spike, choice) of the best path."""
    path = best_path(edges_of(spikes, numbers, WEIGHTS.skip), language, WEIGHTS.text)
    return [(edge // 2, choice) for edge, choice in path]


def test_spikes_are_runs_of_steps_that_say_something() -> None:
    found = spikes_of(said({}, {0: 0.6, 1: 0.3}, {0: 0.9}, {}, {2: 0.8}, {3: 0.9}, {3: 0.05}))
    assert [(s.start, s.stop) for s in found] == [(1, 3), (4, 5), (5, 6)]  # the last step is none's
    assert found[0].classes.tolist() == [0, 1]
    assert np.exp(found[0].logs[0]) == pytest.approx(0.9)
    assert spikes_of(said({}, {})) == []
    doubled = spikes_of(said({0: 0.9}, {0: 0.45}, {0: 0.9}))  # 谢谢, written closely
    assert [(s.start, s.stop) for s in doubled] == [(0, 2), (2, 3)]


def test_the_language_model_decides_what_spikes_leave_open() -> None:
    spikes = spikes_of(said({0: 0.95}, {}, {1: 0.5, 2: 0.45}, {}, {3: 0.95}))
    numbers = np.array([1, 2, 3, 4])
    assert texts(spikes, numbers, None) == [(0, 0), (1, 0), (2, 0)]
    pairs = Grams.of(5, np.array([1 * 5 + 3, 3 * 5 + 4]), np.array([0.9, 0.9]))  # 0 then 2, 2 then 3
    rare = np.full(5, -6, np.float32)
    likely = Language(("", *"abcd"), rare, rare, (pairs,))
    assert texts(spikes, numbers, likely) == [(0, 0), (1, 1), (2, 0)]
    assert texts([], numbers, likely) == []


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(Registry().active())


def test_a_second_look_adds_what_a_spike_did_not_say(engine: Engine) -> None:
    """The language model may then choose it; without one the spike's own characters remain."""
    line, known = NETWORKS.lines.charset, engine.bundle.charset
    wood, on, ten = (line.index(c) for c in "木上十")
    spike = Spike(0, 2, np.array([wood, on]), np.log([0.3, 0.1]).astype(np.float32), -2.0)
    said = np.full(len(known), 1e-6, np.float32)
    said[known.index("十")], said[known.index("木")] = 0.9, 0.05
    language = load_language(paths.language_model())
    both = WholeLineReader(NETWORKS.lines, language, second=engine)._together(spike, said)
    assert set(both.classes.tolist()) == {wood, on, ten}
    assert np.all(np.diff(both.logs) <= 0)
    sure = replace(spike, logs=np.log([0.999, 1e-4]).astype(np.float32))
    seen = WholeLineReader(NETWORKS.lines, language, second=engine)._together(sure, said)
    assert seen.classes[0] == wood
    assert seen.logs[list(seen.classes).index(ten)] < seen.logs[0] - 4
    alone = WholeLineReader(NETWORKS.lines, second=engine)._together(spike, said)
    assert set(alone.classes.tolist()) == {wood, on}
    barred = np.ones(len(line), bool)
    barred[ten] = False
    kept = WholeLineReader(NETWORKS.lines, language, barred, engine)._together(spike, said)
    assert set(kept.classes.tolist()) == {wood, on}


def test_a_characters_candidates_share_what_is_likely() -> None:
    spikes = spikes_of(said({0: 0.95}, {}, {1: 0.5, 2: 0.45}, {}, {3: 0.95}))
    numbers = np.array([1, 2, 3, 4])
    edges = edges_of(spikes, numbers, 1.0)
    plain = likely_choices(edges, [(0, 0), (2, 0), (4, 0)], None, WEIGHTS.text, Calibration())
    assert plain[1].tolist() == pytest.approx([0.5, 0.45], abs=0.01)  # the rest is for what is neither
    pairs = Grams.of(5, np.array([1 * 5 + 3, 3 * 5 + 4]), np.array([0.9, 0.9]))  # 0 then 2, 2 then 3
    rare = np.full(5, -6, np.float32)
    language = Language(("", *"abcd"), rare, rare, (pairs,))
    path = best_path(edges, language, WEIGHTS.text)
    fit = likely_choices(edges, path, language, WEIGHTS.text, Calibration())
    assert path[1] == (2, 1)
    assert fit[1][1] > 0.8 > 0.2 > fit[1][0]
    assert all(0.0 < own.sum() <= 1.0 + 1e-9 for own in fit)
    unsure = likely_choices(edges, path, language, WEIGHTS.text, Calibration(slope=0.4))
    assert fit[1][1] > unsure[1][1] > 0.5
    assert 0.7 < unsure[1].sum() <= 1.0
    assert likely_choices(edges, [], language, WEIGHTS.text, Calibration()) == []


def test_a_column_is_stood_up_character_by_character(engine: Engine) -> None:
    layout = analyze(columns_of("木上中木上"), NETWORKS.finder, vertical=True)
    (cut,) = CutReader(engine).cut([(layout, layout.lines[0])])
    assert len(cut.inks) == 5
    column = upright(cut.layout, cut.line, cut.inks, PADDLE_SPEC)
    assert column.strip.pixels.shape[0] == PADDLE_SPEC.height
    assert [column.place_of(x) for x in (0.0, *column.bounds + 1.0)] == [0, 1, 2, 3, 4]
    rows = analyze(page_of("木上中木上"), NETWORKS.finder)
    row = strip_of(rows, rows.lines[0], PADDLE_SPEC)
    darkest = [np.sort((255 - strip.pixels.astype(int)).sum(axis=1))[-3:].mean() for strip in (column.strip, row)]
    assert darkest[0] == pytest.approx(darkest[1], rel=0.25)  # 一 of 上 and 木 lies along the strip


def test_a_line_of_few_or_unsure_characters_is_strange() -> None:
    sure, unsure = (Recognition((Candidate("木", p),), "m", 0.0, (0, 0, 1, 1)) for p in (0.95, 0.6))
    assert not is_strange(6 * [sure], 6.0)
    assert is_strange(2 * [sure], 6.0)
    assert is_strange(6 * [unsure], 6.0)
    assert is_strange([], 3.0)


def test_what_a_user_taught_outweighs_a_network_that_does_not_know_the_hand(engine: Engine) -> None:
    line, known = NETWORKS.lines.charset, engine.bundle.charset
    reader = WholeLineReader(NETWORKS.lines, load_language(paths.language_model()), second=engine)
    sure = Spike(0, 2, np.array([line.index("木")]), np.log([0.99]).astype(np.float32), -8.0)
    said = np.full(len(known), 1e-6, np.float32)
    said[known.index("木")], said[known.index("上")] = 0.6, 0.3
    gains = np.zeros(len(known), np.float32)
    assert reader._characters[int(reader._together(sure, said, gains).classes[0])] == "木"
    gains[known.index("上")] = 4.0
    taught = reader._together(sure, said, gains)
    assert reader._characters[int(taught.classes[0])] == "上"
    assert np.exp(taught.logs).sum() <= 1.0 + 1e-6


def test_a_users_own_character_is_seen_by_the_second_look(engine: Engine) -> None:
    known = Charset((*engine.bundle.charset.characters, "囍"))
    with_own = cast("Engine", SimpleNamespace(bundle=SimpleNamespace(charset=known)))
    line = NETWORKS.lines.charset
    said = np.full(len(known), 1e-6, np.float32)
    said[-1] = 0.9
    reader = WholeLineReader(NETWORKS.lines, second=with_own, others=["囍"])
    unsure = Spike(0, 2, np.array([line.index("木")]), np.log([0.4]).astype(np.float32), -8.0)
    seen = reader._together(unsure, said)
    assert [c.character for c in reader._candidates(seen, 0, np.exp(seen.logs))] == ["囍", "木"]
    assert texts([seen], reader._numbers, None) == [(0, 0)]
    without = WholeLineReader(NETWORKS.lines, second=with_own)._together(unsure, said)
    assert without.classes.tolist() == unsure.classes.tolist()


def test_a_strip_is_the_line_alone_and_straight() -> None:
    page = page_of("木上中木", "十木中上")
    for row in range(page.shape[1]):  # the lines rise
        page[:, row] = np.roll(page[:, row], -row // 25)
    layout = analyze(page, NETWORKS.finder)
    strip = strip_of(layout, layout.lines[0], SPEC)
    assert strip.pixels.shape[0] == 64
    assert strip.pixels.shape[1] % 8 == 0
    dark = np.flatnonzero((strip.pixels < 128).any(axis=1))
    assert 2 <= dark[0] <= 14
    assert 50 <= dark[-1] <= 62


def test_lines_are_read_with_boxes_that_lie_on_their_characters(engine: Engine) -> None:
    ways: tuple[How, ...] = ("whole", "cut", "auto")
    for how in ways:
        reader = readers_of(engine, NETWORKS, how=how)
        made = read_page(GlyphImage(page_of("木上中", "十木")), reader, direction="horizontal")
        assert made.text == "木上中\n十木"
        box = made.lines[1][1].box
        assert box is not None
        assert 60 + 90 - 8 <= box[0] < box[2] <= 60 + 90 + 80
        assert [line.script for line in made.lines] == ["Han", "Han"]


def test_a_character_that_the_network_passes_over_is_read_by_the_second_look(engine: Engine) -> None:
    class Forgetful(PaddleLines):
        """Does not see the third character."""

        def probabilities(self, strip: Gray, *, is_column: bool = False) -> Floats:
            found = super().probabilities(strip, is_column=is_column)
            start, stop = round(0.36 * len(found)), round(0.5 * len(found))
            found[start:stop] = 0.0
            found[start:stop, -1] = 1.0
            return found

    layout = analyze(page_of("木上中十木上"), NETWORKS.finder)
    placed = [(layout, line) for line in layout.lines]
    alone = WholeLineReader(Forgetful()).read(placed)[0]
    assert "".join(answer.best.character for answer in alone) == "木上十木上"
    both = WholeLineReader(Forgetful(), second=engine).read(placed)[0]
    assert "".join(answer.best.character for answer in both) == "木上中十木上"


def test_columns_are_read_as_wholes(engine: Engine) -> None:
    page = columns_of("木上中木上十", "十木中上木中")
    made = read_page(GlyphImage(page), readers_of(engine, NETWORKS, how="whole"), direction="vertical")
    assert made.text.count("\n") == 1
    # One in five characters of columns is misread by this engine: which of them is the arithmetic's luck.
    assert SequenceMatcher(None, made.text, "木上中木上十\n十木中上木中").ratio() > 0.85
    box = made.lines[1][2].box
    assert box is not None
    assert box[0] == pytest.approx(60, abs=15)
    assert box[1] == pytest.approx(60 + 2 * 90, abs=15)


def test_what_is_struck_out_is_left_out(engine: Engine) -> None:
    page = page_of("木上中木上十")
    points = [(60 + 2 * 90 + 3 * i, 68 if i % 2 else 112) for i in range(20)]
    cv2.polylines(page, [np.array(points, np.int32)], isClosed=False, color=0, thickness=3)
    made = read_page(GlyphImage(page), readers_of(engine, NETWORKS, how="whole"), direction="horizontal")
    assert made.text == "木上木上十"


def test_what_is_not_allowed_is_not_said(engine: Engine) -> None:
    allowed = np.array([c in "十中一" for c in engine.bundle.charset.characters])
    made = read_page(
        GlyphImage(page_of("木上中")), readers_of(engine, NETWORKS, None, allowed, "whole"), direction="horizontal"
    )
    assert set(made.text) <= {*"十中一"}
    known, wide = Charset(("a", "、")), Charset(("a", "、", "①"))
    assert allowed_of(wide, known, np.array([True, True])).tolist() == [True, True, True]
    assert allowed_of(wide, known, np.array([True, False])).tolist() == [True, False, False]


def test_models_of_another_task_are_refused(engine: Engine) -> None:
    with pytest.raises(InvalidBundle, match="for the task character, not for line"):
        load_bundle(engine.bundle.folder, LineSpec)
    with pytest.raises(InvalidBundle, match="for the task script, not for character"):
        load_bundle(NETWORKS.scripts.bundle.folder)
    with pytest.raises(InvalidBundle, match="contradict"):
        LineNetwork(replace(load_bundle(NETWORKS.bundles[0].folder, LineSpec), spec=LineSpec(size=40.0)))


def test_the_circled_digits_and_arrows_are_in_the_alphabet_of_lines() -> None:
    assert {*"①②③→"} <= set(NETWORKS.lines.charset.characters)
    assert set(Registry().active().charset.characters) < set(NETWORKS.lines.charset.characters)


def answers(text: str, probability: float) -> list[Recognition]:
    return [Recognition((Candidate(c, probability),), "m", 0.0, (0, 0, 9, 9)) for c in text]


def test_a_script_is_that_of_most_characters() -> None:
    assert script_of_text(answers("漢字ab", 0.9)) == "Han"
    assert script_of_text(answers("かなa", 0.9)) == "kana"
    assert script_of_text(answers("a1b", 0.9)) == "Latin"
    assert script_of_text(answers("12", 0.9)) == "digits"
    assert script_of_text([]) == "Han"


class Unsure:
    """Reads every piece of ink as 漢, with one probability."""

    def __init__(self, probability: float) -> None:
        self._probability = probability

    def read(self, lines: Sequence[Placed]) -> list[tuple[Recognition, ...]]:
        return [tuple(answers("漢" * len(line.pieces), self._probability)) for _, line in lines]


def test_a_line_is_asked_for_its_script_where_its_characters_are_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    names = NETWORKS.scripts.bundle.charset.characters
    arabic = np.array([0.004 if name == "Han" else 0.996 * (name == "Arabic") for name in names], np.float32)
    monkeypatch.setattr(ScriptNamer, "chances", lambda *_: arabic)
    page = GlyphImage(page_of("木上中木上"))
    for probability, script in ((0.9, "Han"), (0.3, "Arabic")):
        read = read_page(page, Readers(NETWORKS, Unsure(probability)), direction="horizontal")
        assert [line.script for line in read.lines] == [script]


def spike(start: int, probability: float = 0.9) -> Spike:
    return Spike(start, start + 2, np.array([1]), np.log(np.array([probability], np.float32)), -3.0)


def test_narrow_writing_is_drawn_out() -> None:
    assert pitch_of([spike(4 * i) for i in range(6)], SPEC) == 4 * SPEC.step
    assert pitch_of([spike(4 * i) for i in range(4)], SPEC) == 0.0  # too few to tell
    assert pitch_of([spike(4 * i) for i in range(6)] + [spike(99, 0.3)], SPEC) == 4 * SPEC.step
    narrow = np.asarray(cv2.resize(page_of("木上中木上木", gap=-2), None, fx=0.6, fy=1.0, interpolation=cv2.INTER_AREA))
    layout = analyze(narrow.astype(np.uint8), NETWORKS.finder)
    (line,) = layout.lines
    usual, wide = strip_of(layout, line, SPEC), strip_of(layout, line, SPEC, 1.5)
    assert wide.pixels.shape[1] == pytest.approx(1.5 * usual.pixels.shape[1], abs=2 * SPEC.step)
    assert wide.scale == pytest.approx(1.5 * usual.scale)
    engine = Engine(Registry().active())
    (answers,) = WholeLineReader(NETWORKS.lines, second=engine).read([(layout, line) for line in layout.lines])
    assert "".join(answer.best.character for answer in answers) == "木上中木上木"
    for answer, left in zip(answers, range(36, 400, 35), strict=False):
        assert answer.box is not None
        assert answer.box[0] == pytest.approx(left, abs=12)


def test_chinese_handwriting_is_named_so() -> None:
    layout = analyze(page_of("木上中木上", "十木中上十"), NETWORKS.finder)
    for line in layout.lines:
        chances = NETWORKS.scripts.chances(strip_of(layout, line, SPEC).pixels)
        assert chances.shape == (len(NETWORKS.scripts.bundle.charset),)
        assert chances.sum() == pytest.approx(1.0, abs=1e-3)
