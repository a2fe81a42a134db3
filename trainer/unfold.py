"""Bundle → network that can be trained on: the inverse of `export.compact`.

A bundle holds no batch norm: it was folded into the convolutions. Here each batch norm gets the
statistics of what reaches it on real batches, with the scale and shift that make it add exactly
the folded bias: the network computes what the bundle does, the temperature included, and its
batch norms are as they are in training.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from pydantic import TypeAdapter, ValidationError
from torch import nn

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.errors import InputError
from trainer.networks.blocks import ParsimoniousConv
from trainer.networks.eca_resnet import Architecture, BasicBlock, Bottleneck, EcaResNet, parameters_of

Floats = npt.NDArray[np.float32]


def unfold(bundle: ModelBundle, images: torch.Tensor) -> EcaResNet:
    """Return the bundle's network, in evaluation mode, its batch norms set on `images`.

    `images` uint8 (n, 1, s, s), a few hundred of the kind that it will be trained on. Raises
    `InputError` where the bundle does not say, or says wrongly, what network it holds, `InvalidBundle`
    where it is damaged.
    """
    architecture, classes = architecture_of(bundle), len(bundle.charset)
    if parameters_of(architecture, classes) > 2 * bundle.size_bytes:  # a byte for each, and few batch norms
        raise _unknown(bundle, "network")
    network = EcaResNet(architecture, classes).eval()
    try:
        _fill(network, bundle, images)
    except (RuntimeError, IndexError, KeyError, ValueError, TypeError) as error:  # shapes that fit nothing
        raise _unknown(bundle, "shapes") from error
    return network


def _fill(network: EcaResNet, bundle: ModelBundle, images: torch.Tensor) -> None:
    """Give a network the bundle's weights."""
    norms = _norms(network)
    parameters = dict(network.named_parameters())
    biases: dict[str, torch.Tensor] = {}
    with torch.no_grad():
        for name, values in _weights(bundle).items():
            layer, kind = name.rsplit(".", 1)
            tensor = torch.from_numpy(values)
            if kind == "bias" and layer in norms:
                biases[norms[layer]] = tensor
                continue
            if kind == "band":  # ECA's kernel stands in the middle row of its banded matrix
                layer, row, half = f"{layer}.conv", len(tensor) // 2, _kernel(parameters, f"{layer}.conv.weight") // 2
                tensor = tensor[row, row - half : row + half + 1].reshape(1, 1, -1)
            target = parameters.get(f"{layer}.weight" if kind == "band" else _name(name, parameters))
            if target is None or target.shape != tensor.shape:
                raise _unknown(bundle, name)
            target.copy_(tensor)
    if biases.keys() != set(norms.values()):
        raise _unknown(bundle, "bias")
    set_norms(network, biases, images)


def architecture_of(bundle: ModelBundle) -> Architecture:
    """Return what network a bundle says it holds; raises `InputError` where it does not say."""
    try:
        return TypeAdapter(Architecture).validate_python(bundle.network)
    except ValidationError as error:
        raise _unknown(bundle, "network") from error


def _unknown(bundle: ModelBundle, name: str) -> InputError:
    return InputError(
        "{id} does not hold the network that its manifest describes ({name}).",
        "Export it again with this trainer.",
        id=bundle.id,
        name=name,
    )


def _kernel(parameters: Mapping[str, nn.Parameter], name: str) -> int:
    return int(parameters[name].shape[-1]) if name in parameters else 1


def _name(name: str, parameters: Mapping[str, nn.Parameter]) -> str:
    """Return the parameter's name in the network; the embedding was a sequence before it was folded."""
    return name if name in parameters else name.replace("embed.", "embed.0.")


def _norms(network: EcaResNet) -> dict[str, str]:
    """Return the batch norm that follows each layer, by the layer's name in the folded network."""
    norms: dict[str, str] = {}
    for name, module in network.named_modules():
        if isinstance(module, BasicBlock | Bottleneck):
            numbers = (1, 2) if isinstance(module, BasicBlock) else (1, 2, 3)
            norms |= {f"{name}.conv{number}": f"{name}.bn{number}" for number in numbers}
        if isinstance(module, ParsimoniousConv):
            norms[f"{name}.b"] = f"{name}.norm"
        if isinstance(module, nn.Sequential) and name != "stages":
            for i in range(len(module) - 1):
                if isinstance(module[i + 1], nn.BatchNorm1d | nn.BatchNorm2d):
                    norms[name if name == "embed" else f"{name}.{i}"] = f"{name}.{i + 1}"
    return norms


def _weights(bundle: ModelBundle) -> dict[str, Floats]:
    """Return the ONNX file's weights as floats, by their names in the folded network."""
    graph = onnx.load_from_string(bundle.model_bytes()).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights: dict[str, Floats] = {  # of a bundle in floats, these are all
        name.removeprefix("network."): np.array(values)
        for name, values in stored.items()
        if name.startswith("network.") and name.endswith((".weight", ".bias", ".band")) and values.dtype == np.float32
    }
    for node in graph.node:
        if node.op_type != "DequantizeLinear":
            continue
        source = node.input[0]
        if source not in stored or not source.startswith("network."):  # an activation, or a constant of the input's
            continue
        values, scale = stored[source], stored[node.input[1]]
        name = source.removeprefix("network.").removesuffix("_quantized")
        rows = scale.reshape(-1, *[1] * (values.ndim - 1)) if scale.ndim else scale  # symmetric: no zero point
        weights[name] = np.array(values * rows, np.float32)
    return weights


def set_norms(network: nn.Module, biases: Mapping[str, torch.Tensor], images: torch.Tensor) -> None:
    """Let one batch through and set each batch norm as it is reached; `biases`, by norm, is what they became."""
    modules = dict(network.named_modules())

    def settle(norm: nn.BatchNorm2d, reached: torch.Tensor, bias: torch.Tensor) -> None:
        axes = [0, *range(2, reached.ndim)]
        mean, variance = reached.double().mean(axes), reached.double().var(axes, unbiased=False)
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance.float() + norm.eps).sqrt())
        norm.bias.copy_(bias + mean)

    hooks = []
    for name, bias in biases.items():
        norm = modules[name]
        assert isinstance(norm, nn.BatchNorm1d | nn.BatchNorm2d)
        hooks.append(norm.register_forward_pre_hook(lambda norm, reached, bias=bias: settle(norm, reached[0], bias)))
    with torch.no_grad():
        network(images)
    for hook in hooks:
        hook.remove()
