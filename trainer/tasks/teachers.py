"""Networks whose answers another one is trained to imitate.

A teacher is a checkpoint, run by torch on the training device, or a bundle, run by onnxruntime on
the CPU. Its alphabet has to hold the student's; the answers for other characters are left aside.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch.nn import functional

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from trainer.networks.eca_resnet import EcaResNet
from trainer.tasks.weights import load_network

Teacher = Callable[[torch.Tensor], torch.Tensor]
"""Images uint8 (n, 1, size, size) → logits float32 (n, the student's classes), without gradient."""


_NEVER = -1e4
"""Logit of a character that a teacher does not know."""


def load_teachers(
    paths: Sequence[str], charset: Charset, spec: InputSpec, device: torch.device, *, partly: bool = False
) -> list[Teacher]:
    """Load teachers of a student with this alphabet and input; raises `InputError` where one does not fit.

    Where `partly`, they may lack some of the student's characters, which they then never answer.
    """
    return [_load(Path(path), charset, spec, device, partly) for path in paths]


def load_guide(path: Path, widths: tuple[int, ...], device: torch.device) -> EcaResNet:
    """Load a checkpoint whose stages' features are matched; raises `InputError` where their widths differ."""
    network, _, _ = load_network(path)
    if network.architecture.widths != widths:
        raise InputError(
            "The stages of {name} are {widths} wide, not {wanted}.",
            "Match the features of a teacher with the same widths.",
            name=path.name,
            widths=network.architecture.widths,
            wanted=widths,
        )
    return network.to(device).eval().requires_grad_(False)


def _load(path: Path, charset: Charset, spec: InputSpec, device: torch.device, partly: bool) -> Teacher:
    if path.is_dir():
        bundle = load_bundle(path)
        if bundle.spec != spec:
            raise InputError(
                "The teacher {name} takes input of {size} px, not of {wanted}.",
                "Train at its size, or choose another teacher.",
                name=bundle.id,
                size=bundle.spec.size,
                wanted=spec.size,
            )
        engine, columns = Engine(bundle, os.cpu_count() or 1), _columns(bundle.charset, charset, bundle.id, partly)
        return lambda images: _pick(torch.from_numpy(engine.logits(images.cpu().numpy())), columns).to(device)
    network, known, _ = load_network(path)
    network, columns = network.to(device), _columns(known, charset, path.name, partly).to(device)

    def answer(images: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return _pick(network(images), columns)

    return answer


def _pick(logits: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """Return the student's classes of a teacher's logits; its last column, appended here, is what it never says."""
    return functional.pad(logits, (0, 1), value=_NEVER)[:, columns]


def _columns(known: Charset, wanted: Charset, name: str, partly: bool) -> torch.Tensor:
    """Return where the student's classes stand among the teacher's, one past the last for those it lacks."""
    found = [known.index(character) for character in wanted.characters]
    missing = [c for c, i in zip(wanted.characters, found, strict=True) if i is None]
    if missing and not partly:
        raise InputError(
            "The teacher {name} does not know {count} characters: {characters}.",
            "Choose a teacher that knows all of the student's, or a smaller alphabet.",
            name=name,
            count=len(missing),
            characters="".join(missing[:10]),
        )
    return torch.tensor([len(known) if i is None else i for i in found])
