"""The model card: what a bundle is, what it learned from, how well it reads, where it fails."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.subsets import CONFUSABLE
from trainer.config import FitConfig
from trainer.data.lessons import Told
from trainer.evaluate import Mistake, Result, as_markdown
from trainer.networks.eca_resnet import EcaResNet

_COLUMNS = 12


def picture_of(mistakes: Sequence[Mistake]) -> bytes:
    """Return a PNG with what the model saw, `_COLUMNS` a row, in order; empty where there is nothing to show."""
    if not mistakes:
        return b""
    side = mistakes[0].image.shape[0] + 4
    sheet = Image.new("L", (_COLUMNS * side, -(-len(mistakes) // _COLUMNS) * side), 255)
    for i, mistake in enumerate(mistakes):
        sheet.paste(Image.fromarray(mistake.image), (i % _COLUMNS * side, i // _COLUMNS * side))
    out = io.BytesIO()
    sheet.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True)
class Provenance:
    """Where a network comes from: its `steps`, the bundle `parent` that it was made from, `created` as a date.

    `data_digest` is that of its samples; `taught_by` are the teachers whose answers it learned from.
    """

    title: str
    created: str
    steps: int
    parent: str = ""
    data_digest: str = ""
    taught_by: Sequence[Told] = ()
    held_out: str = ""
    """What was kept from training, in a sentence, where the configuration does not say it."""


@dataclass(frozen=True)
class Examined:
    """What was measured of a network: as it was exported, and in floats; how far torch and onnxruntime are apart.

    `temperature` is what its logits were divided by, `is_fitted` whether on test samples; `mistakes` are the surest
    ones.
    """

    results: Sequence[Result]
    float_results: Sequence[Result]
    size_bytes: int
    parity: float
    temperature: float
    mistakes: Sequence[Mistake]
    is_fitted: bool = True
    has_int8: bool = True


def _mistakes(mistakes: Sequence[Mistake]) -> str:
    rows = [mistakes[i : i + _COLUMNS] for i in range(0, len(mistakes), _COLUMNS)]
    return "\n".join(
        f"{number}. " + ", ".join(f"{m.written}→{m.read} {m.certainty:.0%}" for m in row)
        for number, row in enumerate(rows, 1)
    )


def write_card(
    bundle_id: str, made: Provenance, config: FitConfig, network: EcaResNet, charset: Charset, examined: Examined
) -> str:
    """Return the card as Markdown with a YAML header; every figure in it was measured on this bundle."""
    results, mistakes = examined.results, examined.mistakes
    parameters = sum(p.numel() for p in network.parameters())
    a = network.architecture
    widths, blocks = ", ".join(map(str, a.widths)), ", ".join(map(str, a.blocks))
    inner = f" ({', '.join(map(str, a.inner))} inside the blocks)" if a.inner else ""
    trained = [s for s in config.sources if s.weight > 0 and (s.kind != "fonts" or config.fonts or config.lessons)]
    data = "\n".join(f"  - {s.title or s.path}: {s.terms or 'unknown terms'}" for s in trained)
    metrics = "\n".join(f"  {r.name} top-1: {r.score.top1:.4f}" for r in results)
    confusions = "\n".join(
        f"- {r.name}: " + ", ".join(f"{written}→{read} {times}" for written, read, times in r.confusions)
        for r in results
        if r.confusions
    )
    present = ("".join(c for c in group if c in charset) for group in CONFUSABLE)
    alike = ", ".join(group for group in present if len(group) > 1)
    costs = ", ".join(
        f"{r.name} {100 * (r.score.top1 - f.score.top1):+.2f}"
        for r, f in zip(results, examined.float_results, strict=True)
    )
    total = sum(s.weight for s in trained)
    shares = "\n".join(
        f"| {s.title or s.path} | {s.kind} | {s.weight / total:.0%} | {s.terms or 'unknown'} |" for s in trained
    )
    if config.lessons:
        data += "".join(f"\n  - answers of {told.title}: {told.terms}" for told in made.taught_by)
        shares += "".join(
            f"\n| answers of {told.title} | teacher | to all lessons | {told.terms} |" for told in made.taught_by
        )
    held_out = made.held_out or (
        f"Characters whose real samples were all kept from training: {config.hold_out_characters}"
        if config.hold_out_characters
        else f"Real samples of a fifth of the scanned characters, fold {config.hold_out_fold}, were kept from training."
        if config.hold_out_fold
        else "No character's real samples were kept from training."
    )
    calibrated = (
        f"Probabilities are calibrated by a temperature of {examined.temperature:.2f}, fitted on up to 4,000 samples, "
        'every second\none of the test sets that do not end in "unseen".'
        if examined.is_fitted
        else "Probabilities are calibrated as its parent's are."
    )
    pictured = ""
    if mistakes:
        pictured = f"""Wrong answers of which it was most certain, row by row (written→read, probability):

![errors](errors.png)

{_mistakes(mistakes)}

"""
    return f"""---
id: {bundle_id}
title: {made.title}
created: {made.created}
licence: Apache-2.0; see the terms of the training data below
data:
{data}
metrics:
{metrics}
parent: {made.parent or "none"}
---

# {made.title}

ECA-ResNet with stages of {widths} channels{inner} and {blocks} blocks, an embedding of
{a.embedding} features and {len(charset):,} classes: {parameters / 1e6:.2f} million parameters,
{examined.size_bytes / 1e6:.2f} MB in {"int8" if examined.has_int8 else "floats"}.
Input {config.size} × {config.size} px gray. Trained for {made.steps:,} steps of {config.batch_size} samples.
{config.history}
Largest difference of a probability between torch and onnxruntime, both in floats:
{examined.parity:.1e}.
{calibrated}

## Data and licences

| source | kind | share of training | terms |
|---|---|---|---|
{shares}

{held_out}

## Figures

All classes allowed. Sets named "known" hold samples kept from training of characters (or letters of writers) that had
others in it; "unseen" hold the real samples of characters without any in training; the rest was not trained on.

{as_markdown(results)}

What int8 costs, in points of top-1 against the same network in floats:
{costs}

"Look-alikes as one" counts characters that no one can tell apart without context as one:
{alike}.

Most frequent confusions (written→read, times):

{confusions}

{pictured}## Limits

{config.limits}
"""
