"""Networks in ONNX on one thread: what they say and how long that takes."""

from __future__ import annotations

import sys
import time

import numpy as np
import numpy.typing as npt
import onnxruntime


def one_thread(packed: bytes) -> onnxruntime.InferenceSession:
    """Return a session of a model that uses one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(packed, options, providers=["CPUExecutionProvider"])


def said(
    session: onnxruntime.InferenceSession, images: npt.NDArray[np.uint8], at_once: int = 64
) -> npt.NDArray[np.float32]:
    """Return what a session with a single input and output says to images, those along the first axis."""
    name = session.get_inputs()[0].name
    parts = [np.asarray(session.run(None, {name: images[i : i + at_once]})[0]) for i in range(0, len(images), at_once)]
    return np.concatenate(parts)


_clock = time.perf_counter if sys.platform == "win32" else time.thread_time  # there in steps of 16 ms


def milliseconds(session: onnxruntime.InferenceSession, images: npt.NDArray[np.uint8], times: int = 120) -> float:
    """Return the time of one image in a session of one thread that takes a single input: the fastest quarter's end.

    It is the thread's own time, where systems count that finely enough: what else the machine does interrupts long
    answers more often than short ones.
    """
    name, taken = session.get_inputs()[0].name, []
    for i in range(times):
        started = _clock()
        session.run(None, {name: images[i % len(images)][None]})
        taken.append((_clock() - started) * 1e3)
    return float(np.quantile(taken[times // 6 :], 0.25))
