"""Networks whose answers another one is trained to imitate.

A teacher is a checkpoint, run by torch on the training device, or a bundle, run by onnxruntime on
the CPU. Its alphabet has to hold the student's; the answers for other characters are left aside.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from trainer.checkpoints import load_network

Teacher = Callable[[torch.Tensor], torch.Tensor]
"""Images uint8 (n, 1, size, size) → logits float32 (n, the student's classes), without gradient."""


def load_teachers(paths: Sequence[str], charset: Charset, spec: InputSpec, device: torch.device) -> list[Teacher]:
    """Load teachers of a student with this alphabet and input; raises `InputError` where one does not fit."""
    return [_load(Path(path), charset, spec, device) for path in paths]


def _load(path: Path, charset: Charset, spec: InputSpec, device: torch.device) -> Teacher:
    if path.is_dir():
        bundle = load_bundle(path)
        if bundle.spec != spec:
            raise InputError(
                f"The teacher {bundle.id} takes input of {bundle.spec.size} px, not of {spec.size}.",
                "Train at its size, or choose another teacher.",
            )
        engine, columns = Engine(bundle, os.cpu_count() or 1), _columns(bundle.charset, charset, bundle.id)
        return lambda images: torch.from_numpy(engine.logits(images.cpu().numpy()))[:, columns].to(device)
    network, known, _ = load_network(path)
    network, columns = network.to(device), _columns(known, charset, path.name).to(device)

    def answer(images: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            logits: torch.Tensor = network(images)[:, columns]
        return logits

    return answer


def _columns(known: Charset, wanted: Charset, name: str) -> torch.Tensor:
    """Return where the student's classes stand among the teacher's."""
    found = [known.index(character) for character in wanted.characters]
    missing = [c for c, i in zip(wanted.characters, found, strict=True) if i is None]
    if missing:
        raise InputError(
            f"The teacher {name} does not know {len(missing)} characters: {''.join(missing[:10])}.",
            "Choose a teacher that knows all of the student's, or a smaller alphabet.",
        )
    return torch.tensor([i for i in found if i is not None])
