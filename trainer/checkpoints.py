"""Checkpoints: everything that changes during a run, and the weights that a new one starts from.

A checkpoint holds tensors and plain values only and is read as such; it is written aside and
renamed, so that a stop at any moment leaves the one before.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside
from trainer.compress.slim import slim, with_compact_blocks
from trainer.config import FitConfig, config_to_dict, fit_config_from
from trainer.data.batches import Batch
from trainer.data.prepare import Prepared
from trainer.networks.eca_resnet import EcaResNet
from trainer.unfold import unfold

LAST, BEST = "last.pt", "best.pt"
BEST_RULE = "highest mean top-1 over the test sets at the full size; without test sets, the last"


@dataclass
class State:
    """Everything that changes during a run."""

    model: EcaResNet
    averaged: EcaResNet
    side: nn.Linear | None
    """Pooled features → components, None where the side task is off; not part of the model."""
    optimizer: torch.optim.Optimizer
    step: int = 0
    best_score: float = -1.0
    stale: int = 0
    """Evaluations since the best one."""
    evaluated: int = 0
    """The last step that was evaluated."""
    finished: bool = False
    """Whether the run is over: all steps are done, or nothing got better for long."""


def save_checkpoint(path: Path, state: State, config: FitConfig, prepared: Prepared) -> None:
    """Write a checkpoint aside and rename it: tensors and plain values only.

    Raises `StorageError` where it cannot be written, on a full disk say; the one before stays.
    """
    content = {
        "format": "hccr-checkpoint-1",
        "step": state.step,
        "best_score": state.best_score,
        "stale": state.stale,
        "evaluated": state.evaluated,
        "finished": state.finished,
        "best_rule": BEST_RULE,
        "config": config_to_dict(config),
        "characters": list(prepared.charset.characters),
        "model": state.model.state_dict(),
        "averaged": state.averaged.state_dict(),
        "side": state.side.state_dict() if state.side else {},
        "optimizer": state.optimizer.state_dict(),
    }
    packed = io.BytesIO()  # torch reports a full disk in words of its own
    torch.save(content, packed)
    with written_aside(path) as file:
        file.write(packed.getbuffer())


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint as data only; raises `InputError` for anything else."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for foreign files
        raise InputError(
            f"{path.name} is no checkpoint of this trainer.", "Give last.pt or best.pt of a run."
        ) from error
    if not isinstance(content, dict) or content.get("format") != "hccr-checkpoint-1":
        raise InputError(f"{path.name} is no checkpoint of this trainer.", "Give last.pt or best.pt of a run.")
    return content


def load_network(path: Path) -> tuple[EcaResNet, Charset, int]:
    """Return a checkpoint's averaged network, its alphabet and how many steps it was trained."""
    content = load_checkpoint(path)
    charset = Charset(tuple(content["characters"]))
    config = fit_config_from(content["config"])
    network = EcaResNet(config.architecture, len(charset))
    network.load_state_dict(content["averaged"])
    return network.eval(), charset, int(content["step"])


def load_any(path: Path, images: torch.Tensor) -> tuple[EcaResNet, Charset]:
    """Return the network of a checkpoint, or of a bundle's folder, in evaluation mode, and its alphabet.

    A bundle has no batch norms: they are set on `images`, uint8 (n, 1, s, s).
    """
    if path.is_dir():
        bundle = load_bundle(path)
        return unfold(bundle, images), bundle.charset
    network, charset, _ = load_network(path)
    return network, charset


def load_weights(state: State, prepared: Prepared, path: Path, samples: Batch) -> None:
    """Take over the averaged weights of a checkpoint, or a bundle's, the classifier's rows by character.

    What has wider blocks is slimmed to the network at hand, and where that has compact blocks these begin
    anew. `samples` set the batch norms of a bundle, and the first rows of characters that are new: the mean of
    their features (weight imprinting, Qi et al., CVPR 2018).
    """
    network, charset = load_any(path, samples.images)
    shape = state.model.architecture
    fitted = slim if shape.kinds == network.architecture.kinds else with_compact_blocks
    weights, characters = fitted(network, shape).state_dict(), charset.characters
    own = state.model.state_dict()
    rows = {character: i for i, character in enumerate(characters)}
    for name, tensor in own.items():
        if name in ("classify.weight", "classify.bias"):
            known = [(i, rows[c]) for i, c in enumerate(prepared.charset.characters) if c in rows]
            if known:
                here, there = (list(side) for side in zip(*known, strict=True))
                tensor[here] = weights[name][there].to(tensor.device)
        else:
            tensor.copy_(weights[name])
    state.averaged.load_state_dict(own)
    new = [i for i, character in enumerate(prepared.charset.characters) if character not in rows]
    if rows and new:
        _imprint(state.averaged, new, samples)
        state.model.load_state_dict(state.averaged.state_dict())
    if state.side is not None and not path.is_dir():
        found = load_checkpoint(path)["side"]
        if found and found["weight"].shape == state.side.weight.shape:
            state.side.load_state_dict(found)


@torch.no_grad()
def _imprint(network: EcaResNet, new: list[int], samples: Batch) -> None:
    """Let the mean direction of its features be the row of each new class that has samples, as long as other rows."""
    head = network.classify
    device = head.weight.device
    old = torch.ones(len(head.weight), dtype=torch.bool, device=device)
    old[new] = False
    length, bias = head.weight[old].norm(dim=1).mean(), head.bias[old].mean()
    features = network.embed(network.pooled(samples.images.to(device)))
    for index in new:
        mine = features[samples.labels.to(device) == index]
        if len(mine):
            head.weight[index] = length * nn.functional.normalize(nn.functional.normalize(mine).mean(0), dim=0)
            head.bias[index] = bias


def restore(state: State, config: FitConfig, prepared: Prepared, path: Path) -> None:
    """Go on from a checkpoint; raises `InputError` where it is of another alphabet or configuration."""
    content = load_checkpoint(path)
    if content["characters"] != list(prepared.charset.characters):
        raise InputError("The run in this folder has another alphabet.", "Start anew, or use --load.")
    if _deciding(content["config"]) != _deciding(config_to_dict(config)):
        raise InputError("The run in this folder has another configuration.", "Start anew, or use --load.")
    state.model.load_state_dict(content["model"])
    state.averaged.load_state_dict(content["averaged"])
    if state.side is not None:
        state.side.load_state_dict(content["side"])
    state.optimizer.load_state_dict(content["optimizer"])
    state.step, state.best_score = content["step"], content["best_score"]
    state.stale, state.evaluated, state.finished = content["stale"], content["evaluated"], content["finished"]


def _deciding(config: dict[str, Any]) -> dict[str, Any]:
    """Leave out what does not change the result."""
    free = {
        "data",
        "fonts",
        "threads",
        "workers",
        "device",
        "checkpoint_minutes",
        "evaluate_every",
        "history",
        "limits",
    }
    kept = {key: value for key, value in config.items() if key not in free}
    words = {"title", "terms"}
    kept["sources"] = [{k: v for k, v in source.items() if k not in words} for source in config["sources"]]
    return kept
