"""Checkpoints: everything that changes during a run, and what decides it.

A checkpoint holds tensors and plain values only and is read as such; it is written aside and renamed, so that a stop
at any moment leaves the one before.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from torch import nn

from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside

LAST, BEST = "last.pt", "best.pt"
BEST_RULE = "highest mean score of the examination at the full size; without one, the last"
_FORMAT = "hccr-checkpoint-2"
_PROGRESS = ("step", "best_score", "stale", "examined", "finished")
_KEYS = {"settings", "about", "network", "averaged", "beside", "optimizer", *_PROGRESS}
_SHORT = 40
"""Characters of a setting that are shown where it differs."""

Network = TypeVar("Network", bound=nn.Module)


@dataclass
class State(Generic[Network]):
    """Everything that changes during a run. `beside` is trained with the network and no part of it."""

    network: Network
    averaged: Network
    beside: Mapping[str, nn.Module]
    optimizer: torch.optim.Optimizer
    step: int = 0
    best_score: float = -1.0
    stale: int = 0
    """Examinations since the best one."""
    examined: int = 0
    """The last step that was examined."""
    finished: bool = False
    """Whether the run is over: all steps are done, or nothing got better for long."""


def save(path: Path, state: State[Any], task: str, settings: Mapping[str, Any], about: Mapping[str, Any]) -> None:
    """Write all of a run, aside, and rename the file.

    `settings` decide the run, `about` is for those who load its network; both are plain values by name. Raises
    `StorageError` where it cannot be written, on a full disk say; the one before stays.
    """
    content = {
        "format": _FORMAT,
        "task": task,
        "settings": dict(settings),
        "about": dict(about),
        **{name: getattr(state, name) for name in _PROGRESS},
        "network": state.network.state_dict(),
        "averaged": state.averaged.state_dict(),
        "beside": {name: module.state_dict() for name, module in state.beside.items()},
        "optimizer": state.optimizer.state_dict(),
    }
    packed = io.BytesIO()  # torch reports a full disk in words of its own
    torch.save(content, packed)
    with written_aside(path) as file:
        file.write(packed.getbuffer())


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint as data only; raises `InputError` for anything else."""
    if not path.is_file():
        raise InputError("{path} does not exist.", "Give a checkpoint, or the folder of a run.", path=path)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (MemoryError, torch.OutOfMemoryError):  # says nothing of the checkpoint
        raise
    except Exception as error:  # torch raises many kinds for foreign files
        raise _foreign(path) from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT or not content.keys() >= _KEYS:
        raise _foreign(path)
    return content


def restore(state: State[Any], settings: Mapping[str, Any], path: Path) -> None:
    """Go on from a checkpoint; raises `InputError` where it is none, or was made otherwise."""
    content = load(path)
    require_same(content["settings"], settings, path.parent.name)
    try:
        state.network.load_state_dict(content["network"])
        state.averaged.load_state_dict(content["averaged"])
        for name, module in state.beside.items():
            module.load_state_dict(content["beside"][name])
        state.optimizer.load_state_dict(content["optimizer"])
    except (RuntimeError, ValueError, KeyError) as error:
        raise _foreign(path) from error
    for name in _PROGRESS:
        setattr(state, name, content[name])


def take_weights(network: nn.Module, path: Path) -> None:
    """Give a network the averaged weights of a run; raises `InputError` where they are of another."""
    try:
        network.load_state_dict(load(path)["averaged"])
    except RuntimeError as error:
        raise _foreign(path) from error


def _foreign(path: Path) -> InputError:
    return InputError(
        "{name} in {folder} is no checkpoint of this trainer, of another network or version, or damaged.",
        "Choose another folder, or a checkpoint of a run of the same network.",
        name=path.name,
        folder=path.parent.name,
    )


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
