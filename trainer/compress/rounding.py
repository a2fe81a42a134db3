"""Weights in 7 bits, rounded so that a layer's answers stay: what makes int8 exact on every processor.

Each output's scale is the smallest at which no two of its weights can overflow (`exact`). That is a bit less than int8
has; instead of rounding each weight to the nearest step, the error of each is made up for by those that come after it,
as they were seen to be used together (GPTQ, Frantar et al., ICLR 2023; after Hassibi & Stork, 1993), and what is left
of the mean goes into the bias (Nagel et al., ICCV 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from torch.nn import functional

from trainer.compress.exact import MOST, Layer, attribute, initializers, int8_layers, reach

Floats = npt.NDArray[np.float64]

_BATCH, _BLOCK = 32, 64
_DAMPING = 0.01
"""Of the mean square of a layer's inputs, added to each: what the samples did not show stays as it was."""
_TRIES = 40
"""How often an output's scale is widened at most, until its rounded weights fit."""
_LARGEST_BIAS = 2.0**30
"""In its steps, which are the weights' times the input's: twice that is no int32. A channel hardly used has few."""
_WIDER = 1.01
"""By how much it is widened."""


def rounded(
    model: onnx.ModelProto, images: npt.NDArray[np.uint8], floats: Mapping[str, npt.NDArray[np.float32]]
) -> onnx.ModelProto:
    """Return a model in int8 with its weights in 7 bits.

    `images` uint8 (n, …) is input of the kind that it will read, a few hundred; `floats` the weights before they were
    quantized, by the names of their layers' quantized ones: those that are missing are taken as they stand.
    """
    model = _copy(model)
    held = initializers(model)
    used = _used_together(model, images)
    for layer in int8_layers(model):
        values, scale = (numpy_helper.to_array(held[name]) for name in layer.weight)
        rows = layer.rows(values).astype(np.float64) * scale.reshape(-1, 1)
        if layer.weight[0] in floats:
            rows = layer.rows(floats[layer.weight[0]]).astype(np.float64)
        products, means = used[layer.weight[0]]
        biases, activation = None, 1.0
        if layer.bias is not None:
            values_of_bias, scale_of_bias = (numpy_helper.to_array(held[name]) for name in layer.bias)
            biases = values_of_bias * scale_of_bias.astype(np.float64)
            activation = float(numpy_helper.to_array(held[layer.activation]))
        least = np.zeros(len(rows)) if biases is None else np.abs(biases) / (activation * _LARGEST_BIAS)
        steps, sizes = fitted(rows, products, least)
        _replace(held[layer.weight[0]], layer.shaped(steps, values.shape).astype(np.int8))
        _replace(held[layer.weight[1]], sizes.reshape(scale.shape).astype(np.float32))
        if layer.bias is not None and biases is not None:
            shift = (steps * sizes[:, None] - rows) @ means if len(means) else 0.0
            unit = activation * sizes
            _replace(held[layer.bias[0]], np.rint((biases - shift) / unit))
            _replace(held[layer.bias[1]], unit)
    return model


def _copy(model: onnx.ModelProto) -> onnx.ModelProto:
    made = onnx.ModelProto()
    made.CopyFrom(model)
    return made


def _replace(tensor: onnx.TensorProto, values: npt.NDArray[Any]) -> None:
    dtype = helper.tensor_dtype_to_np_dtype(tensor.data_type)
    tensor.CopyFrom(numpy_helper.from_array(np.asarray(values, dtype), tensor.name))


def fitted(rows: Floats, products: Floats, least: Floats | None = None) -> tuple[Floats, Floats]:
    """Return weights as whole steps, (outputs, inputs), and the size of each output's step, (outputs,).

    `rows` are weights (outputs, inputs), `products` the mean products of each two inputs, (inputs, inputs), or empty:
    then each weight is rounded to the nearest step. No step is smaller than `least`, (outputs,).
    """
    least = np.zeros(len(rows)) if least is None else least
    sizes = np.maximum(reach(rows) / MOST, np.maximum(np.abs(rows).max(axis=1) / 127, least))
    sizes[sizes == 0] = 1.0
    inverse = _inverse_factor(products) if len(products) else None
    steps = _rounded_rows(rows, sizes, inverse)
    for _ in range(_TRIES):
        over = (reach(steps) > MOST) | (np.abs(steps).max(axis=1) > 127)
        if not over.any():
            return steps, sizes
        sizes[over] *= _WIDER
        steps[over] = _rounded_rows(rows[over], sizes[over], inverse)
    sizes[over] = np.maximum(
        reach(rows[over]) / (MOST - 1), np.maximum(np.abs(rows[over]).max(axis=1) / 127, least[over])
    )
    steps[over] = np.rint(rows[over] / sizes[over, None])
    return steps, sizes


def _inverse_factor(products: Floats) -> torch.Tensor:
    """Return the upper Cholesky factor of the inverse of damped `products`."""
    matrix = torch.from_numpy(products).clone()
    matrix += torch.eye(len(matrix), dtype=torch.float64) * (_DAMPING * matrix.diagonal().mean() + 1e-12)
    factor: torch.Tensor = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(matrix)), upper=True)
    return factor


def _rounded_rows(rows: Floats, sizes: Floats, inverse: torch.Tensor | None) -> Floats:
    """Round weights to whole steps, each column's error made up for by the columns after it."""
    if inverse is None:
        return np.asarray(np.rint(rows / sizes[:, None]))
    left, size = torch.from_numpy(rows.copy()), torch.from_numpy(sizes)
    steps = torch.empty_like(left)
    for start in range(0, left.shape[1], _BLOCK):
        block = slice(start, min(start + _BLOCK, left.shape[1]))
        errors = torch.empty_like(left[:, block])
        for column in range(block.start, block.stop):
            steps[:, column] = (left[:, column] / size).round().clamp(-127, 127)
            error = (left[:, column] - steps[:, column] * size) / inverse[column, column]
            left[:, column : block.stop] -= error[:, None] * inverse[column, column : block.stop]
            errors[:, column - start] = error
        left[:, block.stop :] -= errors @ inverse[block, block.stop :]
    return np.asarray(steps.numpy())


def _used_together(
    model: onnx.ModelProto, images: npt.NDArray[np.uint8]
) -> dict[str, tuple[Floats, npt.NDArray[np.float64]]]:
    """Return by weight the mean products of each two of a layer's inputs, and their means; empty for grouped layers."""
    layers = list(int8_layers(model))
    shown = _copy(model)
    names = list(dict.fromkeys(layer.node.input[0] for layer in layers))
    shown.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # else they are fused away
    session = onnxruntime.InferenceSession(shown.SerializeToString(), options, providers=["CPUExecutionProvider"])
    sums: dict[str, list[Any]] = {layer.weight[0]: [0.0, 0.0, 0] for layer in layers}
    for start in range(0, len(images), _BATCH):
        found = session.run(names, {session.get_inputs()[0].name: images[start : start + _BATCH]})
        reached = dict(zip(names, found, strict=True))
        for layer in layers:
            for inputs in _inputs(layer, torch.from_numpy(reached[layer.node.input[0]])):
                kept = sums[layer.weight[0]]
                kept[0] = kept[0] + (inputs @ inputs.T).double()
                kept[1] = kept[1] + inputs.sum(dim=1).double()
                kept[2] += inputs.shape[1]
    nothing = np.zeros((0, 0)), np.zeros(0)
    return {
        name: ((products / count).numpy(), (total / count).numpy()) if count else nothing
        for name, (products, total, count) in sums.items()
    }


def _inputs(layer: Layer, reached: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield what a layer multiplies its rows of weights with, float (inputs, positions); nothing for groups."""
    if layer.node.op_type != "Conv":
        yield reached.reshape(-1, reached.shape[-1]).T
        return
    if attribute(layer.node, "group", 1) != 1 or reached.ndim != 4:
        return
    top, left, bottom, right = attribute(layer.node, "pads", [0, 0, 0, 0])
    windows = functional.unfold(
        functional.pad(reached, (left, right, top, bottom)),
        attribute(layer.node, "kernel_shape", [1, 1]),
        dilation=attribute(layer.node, "dilations", [1, 1]),
        stride=attribute(layer.node, "strides", [1, 1]),
    )
    yield windows.transpose(0, 1).reshape(windows.shape[1], -1)
