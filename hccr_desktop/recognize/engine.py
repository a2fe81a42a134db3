"""Ink or glyphs → `Recognition`, by onnxruntime on the CPU.

A session is made from bytes that the bundle vouches for, and only if what the ONNX file says of
itself agrees with the manifest. The graph takes uint8 images and gives calibrated logits; the
softmax is taken here.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.bundle import ModelBundle, metadata_for_onnx
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.errors import InputError, InvalidBundle

Allowed = npt.NDArray[np.bool_] | None
"""Classes that may be answered, bool (classes,); None is all. See `core.subsets.mask`."""

MAX_BATCH = 64
"""Characters that go through the network at once; more only costs memory."""


class Engine:
    """A loaded model. Safe to call from one thread at a time; `threads` is for one inference."""

    def __init__(self, bundle: ModelBundle, threads: int = 1) -> None:
        import onnxruntime

        self.bundle = bundle
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, threads)
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(
                bundle.model_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except InvalidBundle:
            raise
        except Exception as error:
            raise InvalidBundle(
                "The model file of {id} cannot be loaded.", "Install the model again.", id=bundle.id
            ) from error
        self._check()
        _give_back_memory()

    def _check(self) -> None:
        """Refuse a model whose own metadata or shapes contradict the manifest."""
        bundle = self.bundle
        found = self._session.get_modelmeta().custom_metadata_map
        expected = metadata_for_onnx(bundle.charset, bundle.spec)
        if found.get("hccr.format") != expected["hccr.format"]:
            raise InvalidBundle(
                "The model file of {id} is not one of this application.", "Export it with the trainer.", id=bundle.id
            )
        try:
            same_input = json.loads(found.get("hccr.input", "")) == asdict(bundle.spec)
        except ValueError:
            same_input = False
        if found.get("hccr.characters") != expected["hccr.characters"] or not same_input:
            raise InvalidBundle(
                "The manifest and the model file of {id} contradict each other.",
                "Install the model again.",
                id=bundle.id,
            )
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        size = bundle.spec.size
        if (
            len(inputs) != 1
            or len(outputs) != 1
            or inputs[0].type != "tensor(uint8)"
            or list(inputs[0].shape[1:]) != [1, size, size]
            or outputs[0].type != "tensor(float)"
            or outputs[0].shape[-1] != len(bundle.charset)
        ):
            raise InvalidBundle(
                "The model file of {id} takes or gives other shapes than its manifest says.",
                "Install the model again.",
                id=bundle.id,
            )
        self._input = inputs[0].name

    def logits(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return calibrated logits float32 (n, classes) for model input uint8 (n, 1, size, size)."""
        parts = [
            np.asarray(self._session.run(None, {self._input: images[i : i + MAX_BATCH]})[0], np.float32)
            for i in range(0, len(images), MAX_BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.bundle.charset)), np.float32)

    def recognize(self, item: Ink | GlyphImage, top: int = 10, allowed: Allowed = None) -> Recognition:
        """Read one character; raises `EmptyInk`."""
        return self.recognize_batch([item], top, allowed)[0]

    def recognize_batch(
        self, items: Sequence[Ink | GlyphImage], top: int = 10, allowed: Allowed = None
    ) -> list[Recognition]:
        """Read characters, in order, each with its `top` likeliest candidates; raises `EmptyInk`.

        With `allowed`, bool (classes,), other classes get no share of the probability and are no
        candidates; there may then be fewer than `top`.
        """
        if not 1 <= top <= len(self.bundle.charset):
            raise InputError(
                "{top} candidates were asked for.", "Ask for 1 to {limit}.", top=top, limit=len(self.bundle.charset)
            )
        started = time.perf_counter()
        logits = self.logits(normalize(items, self.bundle.spec))
        if allowed is not None:
            logits[:, ~allowed] = -np.inf
            top = min(top, int(allowed.sum()))
        found = list(self._candidates(logits, top))
        elapsed_ms = (time.perf_counter() - started) * 1000.0 / max(len(items), 1)
        return [Recognition(candidates, self.bundle.id, elapsed_ms) for candidates in found]

    def _candidates(self, logits: npt.NDArray[np.float32], top: int) -> Iterator[tuple[Candidate, ...]]:
        charset = self.bundle.charset
        best = np.argpartition(logits, -top, axis=1)[:, -top:]
        for row, columns in zip(softmax(logits), best, strict=True):
            order = columns[np.argsort(-row[columns], kind="stable")]
            yield tuple(Candidate(charset[c], p) for c, p in zip(order.tolist(), row[order].tolist(), strict=True))


def _give_back_memory() -> None:
    """Return to the system what onnxruntime freed while it folded constants: 40 MB that glibc would keep."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return probabilities, float32, over the last axis."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), np.float32)
