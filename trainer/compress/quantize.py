"""Float ONNX → int8 ONNX by static quantization, per channel, calibrated on real samples.

Weights become int8 with a scale for each output channel, activations uint8 with ranges seen on
the samples (Jacob et al., CVPR 2018). The logits stay floats: in steps of a 255th of their range
the fifth and the sixth candidate would often be level. Weights use 7 of the 8 bits (`rounding`), and that no sum of
them overflows on any processor is proven (`exact`).
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from trainer.compress.exact import require_exact
from trainer.compress.rounding import rounded

_BATCH = 32
_ROUNDED_ON = 256
"""Samples on which the rounding of weights is fitted."""


class _Samples(CalibrationDataReader):  # type: ignore[misc]
    def __init__(self, name: str, images: npt.NDArray[np.uint8]) -> None:
        self._parts: Iterator[dict[str, npt.NDArray[np.uint8]]] = (
            {name: images[i : i + _BATCH]} for i in range(0, len(images), _BATCH)
        )

    def get_next(self) -> Any:
        return next(self._parts, None)


def quantize(model: onnx.ModelProto, images: npt.NDArray[np.uint8]) -> onnx.ModelProto:
    """Return the model computing in int8; `images` uint8 (n, 1, s, s), a few hundred real samples.

    Raises `InputError` where it cannot be proven that it answers alike on every processor.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        onnx.save_model(model, str(source))
        logging.disable(logging.WARNING)  # it recommends a preparation that this graph does not need
        try:
            quantize_static(
                source,
                target,
                _Samples(model.graph.input[0].name, images),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                calibrate_method=CalibrationMethod.MinMax,
                extra_options={"WeightSymmetric": True, "OpTypesToExcludeOutputQuantization": ["Gemm"]},
            )
        finally:
            logging.disable(logging.NOTSET)
        made = onnx.load(str(target))
    floats = {f"{held.name}_quantized": onnx.numpy_helper.to_array(held) for held in model.graph.initializer}
    made = rounded(made, images[:_ROUNDED_ON], floats)
    require_exact(made)
    return made
