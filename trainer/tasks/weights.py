"""Character networks out of checkpoints and bundles, and the weights that a new one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from hccr_desktop.core.bundle import load_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from trainer import checkpoints
from trainer.checkpoints import require_same
from trainer.compress.slim import slim, with_compact_blocks
from trainer.config import FitConfig, config_to_dict, fit_config_from
from trainer.data.batches import Batch
from trainer.networks.eca_resnet import Architecture, EcaResNet, parameters_of
from trainer.unfold import unfold


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint of a character network; raises `InputError` for anything else."""
    content = checkpoints.load(path)
    if "characters" not in content["about"]:
        raise InputError(
            "{name} in {folder} is no character network.",
            "Give last.pt or best.pt of a run of `fit`.",
            name=path.name,
            folder=path.parent.name,
        )
    return content


def load_network(path: Path) -> tuple[EcaResNet, Charset, int]:
    """Return a checkpoint's averaged network, its alphabet and how many steps it was trained."""
    content = load_checkpoint(path)
    try:
        charset = Charset(tuple(content["about"]["characters"]))
        config = fit_config_from(content["about"]["config"])
        network = _filled(config.architecture, len(charset), content["averaged"])
    except (RuntimeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            "{name} in {folder} does not hold the network that it describes.",
            "Give last.pt or best.pt of a run of `fit`.",
            name=path.name,
            folder=path.parent.name,
        ) from error
    return network.eval(), charset, int(content["step"])


def _filled(architecture: Architecture, classes: int, weights: Mapping[str, torch.Tensor]) -> EcaResNet:
    if parameters_of(architecture, classes) > sum(tensor.numel() for tensor in weights.values()):
        raise ValueError("there are not so many weights")
    network = EcaResNet(architecture, classes)
    network.load_state_dict(weights)
    return network


def load_any(path: Path, images: torch.Tensor) -> tuple[EcaResNet, Charset]:
    """Return the network of a checkpoint, or of a bundle's folder, in evaluation mode, and its alphabet.

    A bundle has no batch norms: they are set on `images`, uint8 (n, 1, s, s).
    """
    if path.is_dir():
        bundle = load_bundle(path)
        return unfold(bundle, images), bundle.charset
    network, charset, _ = load_network(path)
    return network, charset


def take_over(
    network: EcaResNet, beside: Mapping[str, nn.Module], charset: Charset, path: Path, samples: Batch
) -> None:
    """Give a network the averaged weights of a checkpoint, or a bundle's, the classifier's rows by character.

    What has wider blocks is slimmed to the network at hand, and where that has compact blocks these begin
    anew. `samples` set the batch norms of a bundle, and the first rows of characters that are new: the mean of
    their features (weight imprinting, Qi et al., CVPR 2018). What was trained `beside` is taken over where it fits.
    """
    given, known = load_any(path, samples.images)
    shape = network.architecture
    fitted = slim if shape.kinds == given.architecture.kinds else with_compact_blocks
    weights = fitted(given, shape).state_dict()
    rows = {character: i for i, character in enumerate(known.characters)}
    shared = [(i, rows[c]) for i, c in enumerate(charset.characters) if c in rows]
    for name, tensor in network.state_dict().items():
        if name not in ("classify.weight", "classify.bias"):
            tensor.copy_(weights[name])
        elif shared:
            here, there = (list(side) for side in zip(*shared, strict=True))
            tensor[here] = weights[name][there].to(tensor.device)
    new = [i for i, character in enumerate(charset.characters) if character not in rows]
    if shared and new:
        network.eval()
        _imprint(network, new, samples)
    trained = {} if path.is_dir() else load_checkpoint(path)["beside"]
    for name, module in beside.items():
        found, own = trained.get(name), module.state_dict()
        if found and all(key in found and found[key].shape == value.shape for key, value in own.items()):
            module.load_state_dict(found)


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


def require_same_run(content: Mapping[str, Any], config: FitConfig, charset: Charset, name: str) -> None:
    """Raise `InputError` where a checkpoint's content is of another alphabet or configuration; see `require_same`."""
    require_same(content["settings"], deciding(config, charset), name)


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
