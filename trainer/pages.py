"""Teaches a small network to find handwriting on pages, and exports it for the application.

The network learns from pages that `trainer.data.pages` composes, never the same twice: batches are a
function of seed and step, so that a run goes on where it was stopped.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.export import Dim
from torch.utils.data import DataLoader, Dataset

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.protocol import Finished, Hello, Metric, Progress
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside
from hccr_desktop.recognize.finder import STRIDE
from trainer.data.bank import Bank, BankSource, draw_with_some_pen
from trainer.data.pages import Glyphs, Gray, compose, glyphs_of
from trainer.export import forget_sources
from trainer.networks.page_net import PageNet, page_loss
from trainer.reporter import Reporter

LAST = "pages.pt"
_MINUTES = 5.0
"""Between checkpoints."""


@dataclass(frozen=True)
class PagesConfig:
    """How the network is trained: `steps` batches of `batch_size` pieces of pages with sides of `side` pixels."""

    steps: int = 2_000
    batch_size: int = 16
    side: int = 320
    learning_rate: float = 3e-3
    drawn: int = 6_000
    """Pictures of characters from the replay bank, and as many at most of the samples that are given."""
    seed: int = 1
    workers: int = 1
    examined: int = 64


def gather(bank: Bank, samples: Iterable[Sample], config: PagesConfig) -> Glyphs:
    """Return what pages are written with: writings of the bank, and samples."""
    rng = np.random.default_rng(config.seed)
    source = BankSource(bank, bank.characters)
    pictures: list[Gray] = [
        source.picture(int(rng.integers(len(source.characters))), rng, 0.7) for _ in range(config.drawn)
    ]
    samples = list(samples)
    for i in rng.permutation(len(samples))[: config.drawn].tolist():
        content = samples[i].content
        pictures.append(draw_with_some_pen(content, rng) if isinstance(content, Ink) else content.pixels)
    return glyphs_of(pictures)


class _Pages(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Batches by number."""

    def __init__(self, glyphs: Glyphs, config: PagesConfig) -> None:
        self._glyphs, self._config = glyphs, config

    def __getitem__(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        pages, truths = [], []
        for number in range(self._config.batch_size):
            page, truth = compose(
                self._glyphs, self._config.side, np.random.default_rng([self._config.seed, step, number])
            )
            pages.append(page[None])
            truths.append(truth)
        return torch.from_numpy(np.stack(pages)), torch.from_numpy(np.stack(truths))


def fit_pages(
    glyphs: Glyphs,
    config: PagesConfig,
    folder: Path,
    report: Reporter,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> PageNet | None:
    """Train in `folder`, going on from its checkpoint where there is one; None where it was cancelled."""
    if not glyphs.pictures:
        raise InputError("There are no characters to write pages with.", "Give samples, or the replay bank.")
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    report(Hello("pages", torch.__version__, str(device)))
    network = PageNet().to(device).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.learning_rate, weight_decay=1e-2)
    step = 0
    if (folder / LAST).exists():
        stored = torch.load(folder / LAST, weights_only=True, map_location=device)
        network.load_state_dict(stored["network"])
        optimizer.load_state_dict(stored["optimizer"])
        step = int(stored["step"])
    first, started, saved, running = step, time.monotonic(), time.monotonic(), 0.0

    def save() -> None:
        with written_aside(folder / LAST) as out:
            torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}, out)

    for pages, truth in _batches(glyphs, config, step):
        rate = config.learning_rate * min(1.0, (step + 1) / 50) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
        for group in optimizer.param_groups:
            group["lr"] = rate
        network.train()
        with torch.autocast(device.type, torch.bfloat16):
            logits = network(pages.to(device).contiguous(memory_format=torch.channels_last))
        loss = page_loss(logits.float(), truth.to(device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        step += 1
        running = loss.item() if step == first + 1 else 0.98 * running + 0.02 * loss.item()
        if step % 10 == 0 or step == config.steps:
            done = (step - first) * config.batch_size / (time.monotonic() - started)
            report(Progress(step, config.steps, running, done, (config.steps - step) * config.batch_size / done))
        if cancelled():
            save()
            report(Finished(cancelled=True))
            return None
        if time.monotonic() - saved > 60 * _MINUTES:
            save()
            saved = time.monotonic()
    save()
    for name, value in examine(network, glyphs, config).items():
        report(Metric(name, value, step))
    report(Finished(cancelled=False))
    return network.cpu().eval()


def _batches(glyphs: Glyphs, config: PagesConfig, start: int) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    loader = DataLoader(
        _Pages(glyphs, config),
        batch_size=None,
        sampler=range(start, config.steps),
        num_workers=config.workers,
        prefetch_factor=4 if config.workers else None,
    )
    yield from loader


@torch.no_grad()
def examine(network: PageNet, glyphs: Glyphs, config: PagesConfig) -> dict[str, float]:
    """Return the intersection over union of ink and of bands on pieces of pages that were not trained on, 0..1."""
    network.eval()
    device = next(network.parameters()).device
    both, either = torch.zeros(2), torch.zeros(2)
    for number in range(config.examined):
        page, truth = compose(glyphs, config.side, np.random.default_rng([config.seed + 1, number]))
        said = network(torch.from_numpy(page[None, None]).to(device))[0].cpu() > 0
        known = torch.from_numpy(truth) > 0
        both += (said & known).sum(dim=(1, 2))
        either += (said | known).sum(dim=(1, 2))
    shares = both / either.clamp(min=1)
    return {"ink": float(shares[0]), "bands": float(shares[1])}


def export_pages(network: PageNet, target: Path) -> None:
    """Write the network as ONNX for pages of any height and width that are multiples of its stride."""
    example = torch.zeros(1, 1, 256, 320, dtype=torch.uint8)
    height, width = (STRIDE * Dim(name, min=2, max=512) for name in ("rows", "columns"))
    program = torch.onnx.export(
        network.eval(),
        (example,),
        input_names=["page"],
        output_names=["logits"],
        dynamic_shapes={"pages": {2: height, 3: width}},
        dynamo=True,
        verbose=False,
    )
    assert program is not None
    model = program.model_proto
    forget_sources(model.graph)
    with written_aside(target) as out:
        out.write(model.SerializeToString())
