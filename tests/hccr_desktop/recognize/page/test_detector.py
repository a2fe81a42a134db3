"""The second opinion on where lines run: heard where our finder looks past them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.specs import PageSpec
from hccr_desktop.errors import ModelError
from hccr_desktop.recognize import packaged
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.cut import CutReader
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.analysis import analyze
from hccr_desktop.recognize.page.detector import Detector, Kernels, is_light_on_dark, missed
from hccr_desktop.recognize.page.finder import Finder, Found
from hccr_desktop.recognize.page.ink import Gray
from hccr_desktop.recognize.pages import read_page
from hccr_desktop.recognize.readers import Readers
from tests.hccr_desktop.recognize.test_pages import page_of
from tests.networks import NETWORKS


class Blind(Finder):
    """Sees nothing from wherever it looks."""

    def _look(self, picture: Gray, scale: float) -> Found:
        height, width = (max(round(side * scale), 1) for side in picture.shape)
        nothing = np.zeros((height, width), np.float32)
        return Found(nothing, nothing, scale, 0.0)


def test_lines_have_kernels_and_bare_paper_has_none() -> None:
    found = Detector(1).find(page_of("木上中木上中", "十木中上十木"))
    rows = np.flatnonzero(found.mask.any(axis=1)) / found.scale
    for top in (60, 180):
        assert ((rows > top) & (rows < top + 60)).any()
    assert not ((rows > 130) & (rows < 170)).any()
    assert 30 < found.size / found.scale < 110
    assert Detector(1).find(np.full((200, 300), 255, np.uint8)).size == 0.0


def test_what_is_missed_is_a_share_of_the_length_of_lines() -> None:
    mask = np.zeros((100, 200), bool)
    mask[20:25, :] = mask[60:65, :100] = True
    band = np.zeros((100, 200), np.float32)
    kernels = Kernels(mask, 1.0, 11.0)
    assert missed(band, kernels) == 1.0
    band[18:26, :] = 1.0
    assert missed(band, kernels) == pytest.approx(1 / 3)
    band[62:70, :60] = 1.0
    assert missed(band, kernels) == 0.0
    assert missed(band, Kernels(mask, 1.0, 0.0)) == 0.0


def test_lines_that_our_finder_does_not_see_are_taken_from_the_second_opinion() -> None:
    page = page_of("木上中木上中", "十木中上十木")
    bundle = load_bundle(NETWORKS.finder.bundle.folder, PageSpec)
    layout = analyze(page, Blind(bundle, 1, Detector(1)))
    assert len(layout.lines) == 2
    networks = Networks(1)
    networks.__dict__["finder"] = Blind(bundle, 1, Detector(1))
    readers = Readers(networks, CutReader(Engine(Registry().active())))
    assert read_page(GlyphImage(page), readers, direction="horizontal").text == "木上中木上中\n十木中上十木"


@pytest.mark.parametrize(
    ("content", "words"), [(None, "PP-OCRv6 is not installed"), (b"no network", "cannot be loaded")]
)
def test_where_it_is_missing_or_damaged_our_finder_looks_alone_and_that_is_said(
    content: bytes | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "det.onnx"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(packaged, "package_file", lambda *_: None if content is None else file)
    with pytest.raises(ModelError, match=words):
        Detector()
    networks = Networks(1)
    assert len(analyze(page_of("木上中"), networks.finder).lines) == 1
    assert networks.trouble is not None
    assert words in networks.trouble.sentence()


def test_another_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "package_file", lambda *_: Registry().active().model_path)
    with pytest.raises(ModelError, match="another network"):
        Detector()


def test_a_narrow_strip_has_one_scale() -> None:
    page = page_of("木上中木上中十木")
    strip = page[40:140, : 60 + 8 * 90]
    found = Detector(1).find(strip)
    assert found.mask.shape == tuple(round(side * found.scale) for side in strip.shape)
    rows = np.flatnonzero(found.mask.any(axis=1)) / found.scale
    assert 20 < rows.mean() < 80


def test_light_falls_as_it_may_and_ink_is_what_differs() -> None:
    page = page_of("木上中木上中", "十木中上十木")
    shade = (page * np.linspace(1.0, 0.3, page.shape[1])).astype(np.uint8)
    for dark_on_light in (page, shade):
        kernels = Detector(1).find(dark_on_light)
        assert not is_light_on_dark(dark_on_light, kernels)
        assert is_light_on_dark(np.asarray(255 - dark_on_light), kernels)
    assert is_light_on_dark(np.zeros((9, 9), np.uint8), None)
    assert not is_light_on_dark(np.full((9, 9), 255, np.uint8), None)
