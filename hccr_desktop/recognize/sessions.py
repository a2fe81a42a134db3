"""onnxruntime sessions on the CPU, all opened alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hccr_desktop.core.bundle import AnyBundle
from hccr_desktop.errors import InvalidBundle

if TYPE_CHECKING:
    import onnxruntime


def session_of_bundle(
    bundle: AnyBundle, threads: int = 1, *, varying: bool = False, use_int8: bool = True
) -> onnxruntime.InferenceSession:
    """Open a bundle's network; raises `InvalidBundle` where its file is none.

    Where the sizes of pictures are `varying`, the memory of the largest, and a plan for each size, are not kept.
    Without `use_int8` what was quantized is computed in floats.
    """
    data = bundle.model_bytes()
    try:
        return _session(data, threads, varying, use_int8)
    except Exception as error:  # onnxruntime raises many kinds
        raise InvalidBundle(
            "The model file of {id} cannot be loaded.", "Install the model again.", id=bundle.id
        ) from error


def session_of_bytes(data: bytes, threads: int = 1, *, varying: bool = False) -> onnxruntime.InferenceSession:
    """Open a network that is no bundle; onnxruntime raises many kinds where it is none."""
    return _session(data, threads, varying, use_int8=True)


def _session(data: bytes, threads: int, varying: bool, use_int8: bool) -> onnxruntime.InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = options.enable_mem_pattern = not varying
    options.add_session_config_entry("session.disable_quant_qdq", "0" if use_int8 else "1")
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
