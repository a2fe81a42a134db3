"""Teaches a small network to find handwriting on pages, and exports it for the application.

The network learns from pages that `trainer.data.pages` composes, never the same twice: batches are a
function of seed and step, so that a run goes on where it was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from pydantic import ConfigDict
from torch import nn
from torch.export import Dim

from hccr_desktop.core.bundle import Bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.protocol import Artifact, Finished, Metric
from hccr_desktop.core.sample import Sample
from hccr_desktop.core.specs import PageSpec
from hccr_desktop.errors import InputError
from trainer.data.bank import Bank, BankSource, draw_with_some_pen
from trainer.data.pages import Glyphs, Gray, compose, glyphs_of
from trainer.export import in_onnx, write_floats
from trainer.networks.page_net import PageNet, page_loss
from trainer.reporter import Reporter
from trainer.run import Batch, Plan, composed_task, train
from trainer.trouble import digest_of
from trainer.unfold import set_norms

LAST = "pages.pt"


@dataclass(frozen=True)
class PagesConfig:
    """How the network is trained: on pieces of pages with sides of `side` pixels, examined on as many others.

    `drawn` are pictures of characters from the replay bank, and as many at most of the samples that are given.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    plan: Plan = field(default_factory=lambda: Plan(steps=3_000, batch_size=16))
    side: int = 320
    drawn: int = 6_000
    examined: int = 64

    def lasting(self, steps: int, seed: int) -> PagesConfig:
        """Return the same with so many steps, from another seed."""
        return replace(self, plan=replace(self.plan, steps=steps, seed=seed))


def gather(bank: Bank, samples: Iterable[Sample], config: PagesConfig) -> Glyphs:
    """Return what pages are written with: writings of the bank, and samples."""
    rng = np.random.default_rng(config.plan.seed)
    source = BankSource(bank, bank.characters)
    pictures: list[Gray] = [
        source.picture(int(rng.integers(len(source.characters))), rng, 0.7) for _ in range(config.drawn)
    ]
    samples = list(samples)
    for i in rng.permutation(len(samples))[: config.drawn].tolist():
        content = samples[i].content
        pictures.append(draw_with_some_pen(content, rng) if isinstance(content, Ink) else content.pixels)
    return glyphs_of(pictures)


def network_of(bundle: Bundle[PageSpec], pages: Gray) -> PageNet:
    """Return the network of a bundle that this trainer wrote, its batch norms set on `pages`, uint8 (n, 1, h, w).

    Raises `InputError` where the bundle holds another network.
    """
    stored = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in onnx.load_from_string(bundle.model_bytes()).graph.initializer
    }
    network, biases = PageNet().eval(), {}
    modules = dict(network.named_modules())
    try:
        with torch.no_grad():
            for name, layer in modules.items():
                if not isinstance(layer, nn.Conv2d):
                    continue
                layer.weight.copy_(torch.from_numpy(stored[f"{name}.weight"].copy()))
                if layer.bias is None:  # the norm behind it was folded into one
                    folded = stored[f"{name}.weight_bias"]
                    biases[f"{name[:-1]}1"] = torch.from_numpy(folded.copy())
                else:
                    layer.bias.copy_(torch.from_numpy(stored[f"{name}.bias"].copy()))
        set_norms(network, biases, torch.from_numpy(pages))
    except (KeyError, RuntimeError) as error:
        raise InputError(
            "{id} does not hold the network that its manifest describes ({name}).",
            "Export it again with this trainer.",
            id=bundle.id,
            name="network",
        ) from error
    return network


def compose_pages(glyphs: Glyphs, config: PagesConfig, step: int) -> Batch:
    """Return pieces of pages uint8 (n, 1, side, side) and their truths, 0 or 1, uint8 (n, 2, side, side)."""
    pages, truths = [], []
    for number in range(config.plan.batch_size):
        page, truth = compose(glyphs, config.side, np.random.default_rng([config.plan.seed, step, number]))
        pages.append(page[None])
        truths.append(truth)
    return torch.from_numpy(np.stack(pages)), torch.from_numpy(np.stack(truths))


def fit_pages(
    glyphs: Glyphs,
    config: PagesConfig,
    folder: Path,
    report: Reporter,
    *,
    start: Bundle[PageSpec] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> PageNet | None:
    """Train in `folder`, going on from its checkpoint where there is one; None where it was cancelled.

    The network begins as that of the bundle `start`, where one is given.

    Raises as `run.train` does, and `InputError` where there is nothing to write pages with.
    """
    if not glyphs.pictures:
        raise InputError("There are no characters to write pages with.", "Give samples, or the replay bank.")

    def loss_of(network: PageNet, batch: Batch) -> torch.Tensor:
        pages, truth = batch
        return page_loss(network(pages.contiguous(memory_format=torch.channels_last)).float(), truth)

    torch.manual_seed(config.plan.seed)
    made_of = {"side": config.side, "data": digest_of(glyphs.pictures)}
    network = PageNet()
    if start is not None:
        made_of["start"] = start.model_sha256
        many = replace(config, plan=replace(config.plan, batch_size=_SETTLING))
        pages, _ = compose_pages(glyphs, many, config.plan.steps)
        network = network_of(start, pages.numpy())
    task = composed_task("pages", network, partial(compose_pages, glyphs, config), loss_of, config.plan, made_of)
    state = train(task, config.plan, folder / LAST, report, cancelled=cancelled)
    made = state.averaged.cpu().eval() if state.finished else None
    for name, value in examine(made, glyphs, config).items() if made is not None else ():
        report(Metric(name, value, config.plan.steps))
    report(Finished(cancelled=not state.finished))
    return made


@torch.no_grad()
def examine(network: PageNet, glyphs: Glyphs, config: PagesConfig) -> dict[str, float]:
    """Return the intersection over union of ink and of bands on pieces of pages that were not trained on, 0..1."""
    network.eval()
    device = next(network.parameters()).device
    both, either = torch.zeros(2), torch.zeros(2)
    for number in range(config.examined):
        page, truth = compose(glyphs, config.side, np.random.default_rng([config.plan.seed + 1, number]))
        said = network(torch.from_numpy(page[None, None]).to(device))[0].cpu() > 0
        known = torch.from_numpy(truth) > 0
        both += (said & known).sum(dim=(1, 2))
        either += (said | known).sum(dim=(1, 2))
    shares = both / either.clamp(min=1)
    return {"ink": float(shares[0]), "bands": float(shares[1])}


def export_pages(network: PageNet, glyphs: Glyphs, target: Path, report: Reporter, config: PagesConfig) -> None:
    """Write the network as the bundle `target`, for pages of any height and width that are multiples of its stride.

    Raises `InputError` where `target` exists, `StorageError` where it cannot be written.
    """
    spec = PageSpec()
    rows, columns = (spec.stride * Dim(name, min=2, max=512) for name in ("rows", "columns"))
    example = torch.zeros(1, 1, 256, 320, dtype=torch.uint8)
    model = in_onnx(network, example, "page", {2: rows, 3: columns})
    pages = [
        compose(glyphs, _CANARY_SIDE, np.random.default_rng([config.plan.seed + 2, n]))[0] for n in range(_CANARIES)
    ]
    shares = examine(network, glyphs, config)
    bundle = write_floats(
        target,
        model,
        title="Handwriting on pages",
        charset=Charset(("ink", "band")),
        spec=spec,
        asked=np.stack(pages)[:, None],
        card=_CARD.format(id=target.name, steps=config.plan.steps, **shares),
        scores=shares,
    )
    report(Artifact("bundle", str(bundle.folder)))


_SETTLING = 64
"""Pieces of pages on which batch norms are set."""
_CANARIES = 2
"""Pieces of pages in the canary."""
_CANARY_SIDE = 96
"""Their sides, in pixels."""

_CARD = """---
id: {id}
license: as the data it learned from, see NOTICE
metrics: {{ink: {ink:.3f}, bands: {bands:.3f}}}
parent: none
---

# {id}: where there is handwriting on a page

In: a gray page, uint8 (1, 1, h, w), sides multiples of 32, characters of about 28 to 52 px. Out: logits of ink of
handwriting and of lines' middle bands, float32 (1, 2, h, w). Trained for {steps:,} steps; `metrics` are intersection
over union on composed pieces that were not trained on.
"""
