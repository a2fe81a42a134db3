"""Checkpoints: everything that changes during a run, and the weights that a new one starts from.

A checkpoint holds tensors and plain values only and is read as such; it is written aside and
renamed, so that a stop at any moment leaves the one before.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
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
_SHORT = 40
"""Characters of a setting that are shown where it differs."""
BEST_RULE = "highest mean top-1 over the test sets at the full size; without test sets, the last"


@dataclass
class State:
    """Everything that changes during a run."""

    model: EcaResNet
    averaged: EcaResNet
    side: nn.Linear | None
    """Pooled features → components, None where the side task is off; not part of the model."""
    imitator: nn.Linear | None
    """Pooled features → a teacher's, None where none are matched; not part of the model."""
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
    """Write all of a run; raises as `write_checkpoint` does."""
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
        "imitator": state.imitator.state_dict() if state.imitator else {},
        "optimizer": state.optimizer.state_dict(),
    }
    write_checkpoint(path, content)


def write_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Write tensors and plain values aside and rename the file.

    Raises `StorageError` where it cannot be written, on a full disk say; the one before stays.
    """
    packed = io.BytesIO()  # torch reports a full disk in words of its own
    torch.save(content, packed)
    with written_aside(path) as file:
        file.write(packed.getbuffer())


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint as data only; raises `InputError` for anything else."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for foreign files
        raise _foreign(path) from error
    if not isinstance(content, dict) or content.get("format") != "hccr-checkpoint-1":
        raise _foreign(path)
    return content


def _foreign(path: Path) -> InputError:
    return InputError("{name} is no checkpoint of this trainer.", "Give last.pt or best.pt of a run.", name=path.name)


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
    if state.imitator is not None and not path.is_dir():
        found = load_checkpoint(path).get("imitator")
        if found and found["weight"].shape == state.imitator.weight.shape:
            state.imitator.load_state_dict(found)


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
    require_same_run(content, config, prepared.charset, path.parent.name)
    state.model.load_state_dict(content["model"])
    state.averaged.load_state_dict(content["averaged"])
    if state.side is not None:
        state.side.load_state_dict(content["side"])
    if state.imitator is not None:
        state.imitator.load_state_dict(content["imitator"])
    state.optimizer.load_state_dict(content["optimizer"])
    state.step, state.best_score = content["step"], content["best_score"]
    state.stale, state.evaluated, state.finished = content["stale"], content["evaluated"], content["finished"]


def require_same_run(content: Mapping[str, Any], config: FitConfig, charset: Charset, name: str) -> None:
    """Raise `InputError` where a checkpoint's content is of another alphabet or configuration; see `require_same`."""
    made = fit_config_from(content["config"])  # of an earlier version: what it does not say is as it was by default
    alphabet = Charset(tuple(content["characters"]))
    require_same(deciding(made, alphabet), deciding(config, charset), name)


def deciding(config: FitConfig, charset: Charset) -> dict[str, Any]:
    """Return what changes a run's result as plain values: nothing that is of this machine or for people alone."""
    free = {
        "data",
        "fonts",
        "threads",
        "workers",
        "device",
        "bfloat16",
        "checkpoint_minutes",
        "evaluate_every",
        "history",
        "limits",
    }
    kept = {key: value for key, value in config_to_dict(config).items() if key not in free}
    words = {"title", "terms"}
    kept["sources"] = [{k: v for k, v in source.items() if k not in words} for source in kept["sources"]]
    kept["lessons"] = bool(config.lessons)  # which ones stands beside the checkpoint
    kept["teachers"] = [_named(Path(teacher)) for teacher in config.teachers]
    kept["characters"] = "+".join(
        f"@{Path(name[1:]).name}" if name[:1] == "@" else name for name in config.characters.split("+")
    )
    return {**kept, "alphabet": charset.digest}


def _named(teacher: Path) -> str:
    """Return the name of a bundle, or of a run and its checkpoint, wherever it lies."""
    return f"{teacher.parent.name}/{teacher.name}" if teacher.suffix == ".pt" else teacher.name


def require_same(made: Mapping[str, Any], asked: Mapping[str, Any], name: str) -> None:
    """Raise `InputError` that says what differs where `name` holds what was `made` otherwise than is `asked`.

    Both are plain values by name. Nothing is made anew in silence, and nothing is taken for what it is not.
    """
    before, now = (_flat(json.loads(json.dumps(settings))) for settings in (made, asked))
    different = [key for key in sorted({*before, *now}) if before.get(key) != now.get(key)]
    if different:
        raise InputError(
            "{name} holds what was made otherwise ({differences}).",
            "Choose another folder, or ask for what is there.",
            name=name,
            differences="; ".join(_difference(key, before.get(key), now.get(key)) for key in different),
        )


def _flat(settings: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in settings.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return flat


def _difference(key: str, before: object, now: object) -> str:
    """Say a value's name, and what it was and is where that is short."""
    shown = [json.dumps(value, ensure_ascii=False) for value in (before, now)]
    return f"{key}: {' → '.join(shown)}" if max(map(len, shown)) <= _SHORT else key
