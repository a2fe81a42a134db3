"""Pages that are composed with their truth, and the network that learns from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from hccr_desktop import paths
from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.sample import Sample
from hccr_desktop.core.specs import PageSpec
from hccr_desktop.errors import InputError, ModelError
from hccr_desktop.recognize.arithmetic import check
from hccr_desktop.recognize.networks import Networks
from hccr_desktop.recognize.page.finder import Finder
from tests.conftest import written
from trainer.config import load_config
from trainer.data.bank import load_bank
from trainer.data.pages import Glyphs, _Pen, _square, compose
from trainer.networks.page_net import PageNet, page_loss
from trainer.reporter import silent
from trainer.run import Plan
from trainer.tasks.page import LAST, PagesConfig, examine, export_pages, fit_pages, gather, network_of

TINY = PagesConfig(Plan(12, 4, workers=0), side=96, drawn=40, examined=4)


@pytest.fixture(scope="module")
def glyphs() -> Glyphs:
    return gather(load_bank(paths.replay_bank()), [Sample("木", written("木"))], TINY)


def test_pages_hold_writing_where_their_truth_says(glyphs: Glyphs) -> None:
    assert len(glyphs.pictures) == 41
    darker = []
    for seed in range(12):
        page, truth = compose(glyphs, 128, np.random.default_rng(seed))
        again, _ = compose(glyphs, 128, np.random.default_rng(seed))
        assert page.shape == (128, 128)
        assert truth.shape == (2, 128, 128)
        assert set(np.unique(truth)) <= {0, 1}
        assert np.array_equal(page, again)
        if 100 < truth[0].sum() < 8_000:
            near = page.astype(np.float64)
            darker.append(float(near[truth[0] == 0].mean() - near[truth[0] == 1].mean()))
    assert len(darker) > 6
    assert np.mean(np.array(darker) > 5) > 0.7  # some are light on dark


def test_squares_of_all_kinds_are_print(glyphs: Glyphs) -> None:
    kinds = set()
    for seed in range(60):
        printed = np.zeros((300, 300), np.float32)
        rng = np.random.default_rng(seed)
        _square(_Pen(printed, 1.0, 1, 0.0), np.array([50.0, 150.0]), 100.0, 40.0, rng)
        inside = printed[55:145, 5:95] > 0
        diagonal, middle = inside[np.arange(20, 40), np.arange(20, 40)].mean(), inside[43:48, 15:40].max(axis=0).mean()
        kinds.add((bool(diagonal > 0.25), bool(middle > 0.25), bool(inside[5:40].any())))
        assert (printed[149:152].max(axis=0) > 0).all()
    assert {(True, True, True), (False, True, True), (False, False, False)} <= kinds


def test_the_network_learns_and_its_export_says_the_same(glyphs: Glyphs, tmp_path: Path) -> None:
    assert fit_pages(glyphs, TINY, tmp_path, silent, cancelled=lambda: True) is None  # stopped, it keeps its step
    assert torch.load(tmp_path / LAST, weights_only=True)["step"] == 1
    for words, other, learned in (
        ("seed: 1 → 2", TINY.lasting(12, 2), glyphs),
        ("steps: 12 → 6", TINY.lasting(6, 1), glyphs),
        (r"\(data\)", TINY, Glyphs(glyphs.pictures[1:])),
    ):
        with pytest.raises(InputError, match=f"holds what was made otherwise.*{words}"):
            fit_pages(learned, other, tmp_path, silent)
    network = fit_pages(glyphs, TINY, tmp_path, silent)
    assert network is not None
    assert set(examine(network, glyphs, TINY)) == {"ink", "bands"}
    fresh = PageNet().eval()
    pages, truths = zip(*(compose(glyphs, 96, np.random.default_rng([9, i])) for i in range(4)), strict=True)
    batch, truth = torch.from_numpy(np.stack(pages)[:, None]), torch.from_numpy(np.stack(truths))
    with torch.no_grad():
        assert page_loss(network(batch), truth) < page_loss(fresh(batch), truth)
    export_pages(network, glyphs, tmp_path / "pages-9", silent, TINY)
    bundle = load_bundle(tmp_path / "pages-9", PageSpec)
    assert set(bundle.scores) == {"ink", "bands"}
    assert (found_here := check(bundle)) is not None
    assert found_here.floats.holds
    session = onnxruntime.InferenceSession(bundle.model_bytes())
    for height, width in ((96, 64), (64, 160)):
        picture = np.random.default_rng(0).integers(0, 256, (1, 1, height, width), dtype=np.uint8)
        with torch.no_grad():
            expected = network(torch.from_numpy(picture)).numpy()
        assert np.allclose(session.run(None, {"page": picture})[0], expected, atol=1e-3)
    begun = network_of(bundle, np.stack(pages)[:, None])  # it goes on from its export
    with torch.no_grad():
        assert torch.allclose(begun(batch), network(batch), atol=1e-3)
    again = fit_pages(glyphs, TINY, tmp_path / "again", silent, start=bundle)
    assert again is not None
    with torch.no_grad():
        assert page_loss(again(batch), truth) < page_loss(network(batch), truth)
    found = Finder(bundle).find(np.full((50, 2000), 255, np.uint8))
    assert found.ink.shape == found.band.shape == (round(50 * found.scale), round(2000 * found.scale))


def test_what_is_no_network_and_no_writing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    with pytest.raises(ModelError, match="network of the application is missing"):
        _ = Networks(folder=tmp_path).finder
    with pytest.raises(InputError, match="no characters"):
        fit_pages(Glyphs(()), TINY, tmp_path / "run", silent)


def test_the_configuration_is_read_from_a_file_and_unknown_keys_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "pages.toml"
    file.write_text("side = 160\n[plan]\nsteps = 7\nbatch_size = 3\n", encoding="utf-8")
    found = load_config(PagesConfig, file)
    assert (found.side, found.plan.steps, found.plan.batch_size, found.drawn) == (160, 7, 3, PagesConfig().drawn)
    assert load_config(PagesConfig, None) == PagesConfig()
    file.write_text("[plan]\nsteps = 7\nbatch_size = 3\nspeed = 1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plan\.speed"):
        load_config(PagesConfig, file)
