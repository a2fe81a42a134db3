"""Int8 that no processor can sum otherwise: the proof, the rounding, and every bundled network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper
from torch import nn

from hccr_desktop import paths
from hccr_desktop.errors import InputError
from trainer.compress.exact import MOST, initializers, int8_layers, reach, require_exact
from trainer.compress.quantize import quantize
from trainer.compress.rounding import fitted
from trainer.export import in_onnx

BUNDLED = sorted(paths.resources().rglob("*.onnx"))


class _Small(nn.Module):
    """A convolution of a few large and many small weights, and a layer over its means."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.conv = nn.Conv2d(1, 24, 3, padding=1, stride=2)
        self.next = nn.Conv2d(24, 16, 3)
        self.last = nn.Linear(16, 40)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.next(torch.relu(self.conv(images.float() / 255.0))))
        logits: torch.Tensor = self.last(x.mean((2, 3)))
        return logits


@pytest.fixture(scope="module")
def small() -> onnx.ModelProto:
    return in_onnx(_Small(), torch.zeros(2, 1, 24, 24, dtype=torch.uint8), "images", {0: torch.export.Dim("n", min=1)})


@pytest.fixture(scope="module")
def images() -> np.ndarray[tuple[int, int, int, int], np.dtype[np.uint8]]:
    smooth = np.random.default_rng(0).integers(0, 256, (64, 1, 6, 6)).repeat(4, 2).repeat(4, 3)
    return smooth.astype(np.uint8)


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_product_of_a_bundled_network_can_leave_16_bits(path: Path) -> None:
    model = onnx.load(str(path))
    is_int8 = any(held.data_type == onnx.TensorProto.INT8 for held in initializers(model).values())
    assert (require_exact(model) > 0) == is_int8
    # by hand, once more: whatever two products come together, with activations as large as they get
    held = initializers(model)
    for layer in int8_layers(model):
        rows = layer.rows(numpy_helper.to_array(held[layer.weight[0]])).astype(np.int64)
        largest, second = np.sort(np.maximum(rows, 0), axis=1)[:, -2:].T[::-1]
        assert (255 * (largest + second)).max() <= 2**15 - 1
        lowest, next_lowest = np.sort(np.minimum(rows, 0), axis=1)[:, :2].T
        assert (255 * (lowest + next_lowest)).min() >= -(2**15)


def test_some_network_that_travels_with_the_application_is_in_int8() -> None:
    assert (
        sum(
            any(h.data_type == onnx.TensorProto.INT8 for h in initializers(onnx.load(str(p))).values()) for p in BUNDLED
        )
        >= 2
    )


def test_a_quantized_network_is_proven_and_answers_as_its_floats(
    small: onnx.ModelProto, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
) -> None:
    made = quantize(small, images)
    assert require_exact(made) == 3
    floats, int8 = (
        onnxruntime.InferenceSession(m.SerializeToString(), providers=["CPUExecutionProvider"]).run(
            None, {"images": images}
        )[0]
        for m in (small, made)
    )
    assert np.abs(floats - int8).max() < 0.05 * np.ptp(floats)


def test_weights_that_could_overflow_are_refused(
    small: onnx.ModelProto, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
) -> None:
    made = quantize(small, images)
    layer = next(iter(int8_layers(made)))
    tensor = initializers(made)[layer.weight[0]]
    weights = numpy_helper.to_array(tensor).copy()
    weights.reshape(len(weights), -1)[3, :2] = 65, 64
    tensor.CopyFrom(numpy_helper.from_array(weights, tensor.name))
    with pytest.raises(InputError, match="overflow"):
        require_exact(made)


def test_rounding_by_what_is_used_together_costs_less_than_to_the_nearest() -> None:
    rng = np.random.default_rng(1)
    inputs = rng.random((54, 8)) @ rng.random((8, 600)) + 0.1 * rng.random((54, 600))  # neighbors are alike
    rows = rng.normal(size=(32, 54))
    steps, sizes = fitted(rows, inputs @ inputs.T / inputs.shape[1])
    assert reach(steps).max() <= MOST
    nearest_size = np.maximum(reach(rows) / (MOST - 1), np.abs(rows).max(axis=1) / 127)[:, None]
    nearest = np.rint(rows / nearest_size) * nearest_size
    errors = [np.square((found - rows) @ inputs).mean() for found in (steps * sizes[:, None], nearest)]
    assert errors[0] < 0.5 * errors[1]


def test_the_bias_of_a_channel_that_is_hardly_used_is_no_overflow() -> None:
    network = _Small().eval()
    with torch.no_grad():
        network.next.weight[0].mul_(1e-9)
        dict(network.next.named_parameters())["bias"][0] = 1.5
    shape = {0: torch.export.Dim("n", min=1)}
    model = in_onnx(network, torch.zeros(2, 1, 24, 24, dtype=torch.uint8), "images", shape)
    seen = np.random.default_rng(1).integers(0, 255, (64, 1, 24, 24), np.uint8)
    made = quantize(model, seen)
    held = initializers(made)
    for layer in int8_layers(made):
        if layer.bias is not None:
            assert np.abs(numpy_helper.to_array(held[layer.bias[0]]).astype(np.int64)).max() <= 2**30
    answers = [
        onnxruntime.InferenceSession(one.SerializeToString(), providers=["CPUExecutionProvider"]).run(
            None, {"images": seen}
        )[0]
        for one in (model, made)
    ]
    assert np.abs(answers[0] - answers[1]).max() < 0.1 * np.ptp(answers[0])
