"""Proof that a network in int8 answers alike on every processor.

Processors without VNNI instructions (most laptops sold before 2023) multiply uint8 activations with int8 weights and
sum neighboring products in 16 bits, which saturate: 255 · 127 + 255 · 127 does not fit. Which products are neighbors is
the library's choice, so that no two weights of an output may together leave what fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from hccr_desktop.errors import InputError

MOST = 32_767 // 255
"""Largest sum of two weights of one sign, 128: times an activation of 255 it fits into 16 bits."""

_PRODUCTS = ("Conv", "ConvTranspose", "Gemm", "MatMul", "ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul")


@dataclass(frozen=True, eq=False)
class Layer:
    """A convolution or product in int8.

    `weight`, and `bias` where it has one, name the initializers of values and scale; `activation` that of its input's
    scale.
    """

    node: onnx.NodeProto
    weight: tuple[str, str]
    bias: tuple[str, str] | None
    activation: str

    def rows(self, weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return weights as a matrix, a row for each output."""
        if self.node.op_type == "Conv" or attribute(self.node, "transB", 0):
            return weights.reshape(len(weights), -1)
        return weights.T

    def shaped(self, rows: npt.NDArray[Any], shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """Return such a matrix as weights again."""
        is_rows = self.node.op_type == "Conv" or attribute(self.node, "transB", 0)
        return np.ascontiguousarray(rows.reshape(shape) if is_rows else rows.T)


def attribute(node: onnx.NodeProto, name: str, default: Any) -> Any:
    """Return a node's attribute."""
    return next((onnx.helper.get_attribute_value(a) for a in node.attribute if a.name == name), default)


def graphs(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """Yield a graph and all that stand in its nodes."""
    yield graph
    for node in graph.node:
        for held in node.attribute:
            for inner in (held.g,) if held.type == onnx.AttributeProto.GRAPH else held.graphs:
                yield from graphs(inner)


def int8_layers(model: onnx.ModelProto) -> Iterator[Layer]:
    """Yield the convolutions and products that are computed in int8, those of branches too.

    Raises `InputError` where one is of another kind than this project's exports.
    """
    for graph in graphs(model.graph):
        made = {output: node for node in graph.node for output in node.output}
        for node in graph.node:
            if node.op_type not in _PRODUCTS:
                continue
            given = [made.get(name) for name in node.input]
            is_quantized = [source is not None and source.op_type == "DequantizeLinear" for source in given[:2]]
            if "Integer" in node.op_type or "QLinear" in node.op_type or node.op_type == "ConvTranspose":
                raise _unproven(node)
            if not all(is_quantized):
                continue
            activation, weight, *rest = (source for source in given if source is not None)
            bias = (rest[0].input[0], rest[0].input[1]) if rest else None
            yield Layer(node, (_unturned(weight.input[0], made), weight.input[1]), bias, activation.input[1])


def _unturned(name: str, made: dict[str, onnx.NodeProto]) -> str:
    """Return the name of the weights that a mirrored kernel is made of."""
    while name in made and made[name].op_type == "Transpose":
        name = made[name].input[0]
    return name


def initializers(model: onnx.ModelProto) -> dict[str, onnx.TensorProto]:
    """Return the constants of a model's graphs by name."""
    return {tensor.name: tensor for graph in graphs(model.graph) for tensor in graph.initializer}


def reach(rows: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Return the largest sum of two weights of one sign in each row, (outputs,)."""
    if rows.shape[1] < 2:
        return np.asarray(np.abs(rows).max(axis=1), np.float64)
    most = np.partition(rows.astype(np.float64), (1, rows.shape[1] - 2), axis=1)
    above = np.maximum(most[:, -2:], 0).sum(axis=1)
    below = np.minimum(most[:, :2], 0).sum(axis=1)
    return np.asarray(np.maximum(above, -below))


def require_exact(model: onnx.ModelProto) -> int:
    """Return how many layers compute in int8; raises `InputError` where two products of one could leave 16 bits."""
    held, layers = initializers(model), list(int8_layers(model))
    for layer in layers:
        name = layer.weight[0]
        if name not in held or held[name].data_type != onnx.TensorProto.INT8:
            raise _unproven(layer.node)
        if reach(layer.rows(numpy_helper.to_array(held[name]))).max() > MOST:
            raise InputError(
                "The weights of {name} could overflow on older processors.",
                "Quantize the network again with this trainer.",
                name=name,
            )
    return len(layers)


def _unproven(node: onnx.NodeProto) -> InputError:
    return InputError(
        "It cannot be shown that {name} answers alike on all processors.",
        "Quantize the network with this trainer.",
        name=f"{node.op_type} {node.name}",
    )
