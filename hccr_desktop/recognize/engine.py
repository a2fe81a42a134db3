"""Ink or glyphs → `Recognition`, by onnxruntime on the CPU.

A session is made from bytes that the bundle vouches for, and only if what the ONNX file says of
itself agrees with the manifest. The graph takes uint8 images and gives calibrated logits; the
softmax is taken here.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.recognition import Candidate, Recognition
from hccr_desktop.errors import EmptyInk, InputError, InvalidBundle
from hccr_desktop.recognize.agreement import require_agreement
from hccr_desktop.recognize.arithmetic import arithmetic_of
from hccr_desktop.recognize.memory import give_back_memory
from hccr_desktop.recognize.second_look import DOUBTFUL, SURER, enlarged, other_looks
from hccr_desktop.recognize.sessions import session_of_bundle
from hccr_desktop.recognize.stroke_counts import by_strokes, strokes_written, without_stray

Allowed = npt.NDArray[np.bool_] | None
"""Classes that may be answered, bool (classes,); None is all. See `core.subsets.mask`."""

_Found = TypeVar("_Found")

MAX_BATCH = 32
"""Characters that go through the network at once; more only costs memory."""

_PART = 16
"""Fewest characters that are worth a thread of their own."""

_BEHIND = 10
"""Candidates behind those that are asked for, which may come forward by how many strokes were written."""

_GROUP = 32
"""Of so many classes the largest logit is looked at first: it bounds what the largest of all can be."""


class Engine:
    """A loaded model. Safe to call from one thread at a time.

    With `threads` > 1 characters that come together are shared out: each thread prepares, infers
    and ranks its part, which on small networks gains more than several threads in one inference.
    """

    def __init__(self, bundle: ModelBundle, threads: int = 1) -> None:
        self.bundle = bundle
        self.arithmetic = arithmetic_of(bundle)
        self._session = session_of_bundle(bundle, use_int8=self.arithmetic == "int8")
        self._check()
        self.adjust: Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]] | None = None
        """What is done to logits before they are answers: a user's own layer."""
        self.threads = max(1, threads)
        self._preparing = threading.Lock()  # preparation holds Python's lock: two at once hinder each other
        self._workers = ThreadPoolExecutor(self.threads, "engine") if threads > 1 else None
        give_back_memory()

    def _check(self) -> None:
        """Refuse a model whose own metadata or shapes contradict the manifest."""
        bundle = self.bundle
        require_agreement(bundle, self._session)
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
        if not len(images):
            return np.zeros((0, len(self.bundle.charset)), np.float32)
        return np.concatenate(list(self._shared_out(lambda part: self._infer(images[part]), len(images))))

    def logits_and_gains(
        self, images: npt.NDArray[np.uint8]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return the network's own logits, and what the user's own layer adds to each: float32 (n, classes) both."""
        if not len(images):
            none = self.logits(images)
            return none, none
        adjust = self.adjust  # it may come or go meanwhile
        bare = np.concatenate(list(self._shared_out(lambda part: self.bare_logits(images[part]), len(images))))
        return bare, np.zeros_like(bare) if adjust is None else adjust(bare) - bare

    def _infer(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        adjust, found = self.adjust, self.bare_logits(images)
        return found if adjust is None else adjust(found)

    def bare_logits(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return the network's own logits float32 (n, classes), for a moderate n; any thread may ask."""
        return np.asarray(self._session.run(None, {self._input: images})[0], np.float32)

    def _shared_out(self, work: Callable[[slice], _Found], count: int) -> Iterator[_Found]:
        """Yield what `work` gives for successive parts of `count` items, in order."""
        size = min(MAX_BATCH, max(_PART, -(-count // self.threads)))
        parts = [slice(start, start + size) for start in range(0, count, size)]
        return (self._workers.map if self._workers and len(parts) > 1 else map)(work, parts)

    def recognize(self, item: Ink | GlyphImage, top: int = 10, allowed: Allowed = None) -> Recognition:
        """Read one character; raises `EmptyInk`."""
        return self.recognize_batch([item], top, allowed)[0]

    def recognize_batch(
        self, items: Sequence[Ink | GlyphImage], top: int = 10, allowed: Allowed = None
    ) -> list[Recognition]:
        """Read characters, in order, each with its `top` likeliest candidates; raises `EmptyInk`.

        Of ink it counts how many strokes were written, and leaves stray taps aside; a doubtful picture is looked at
        otherwise, see `second_look`. With `allowed`, bool (classes,), other classes get no share of
        the probability and are no candidates; there may then be fewer than `top`.
        """
        if not 1 <= top <= len(self.bundle.charset):
            raise InputError(
                "{top} candidates were asked for.", "Ask for 1 to {limit}.", top=top, limit=len(self.bundle.charset)
            )
        started = time.perf_counter()
        classes = None if allowed is None else np.flatnonzero(allowed)
        looked_at = min(top + _BEHIND, len(self.bundle.charset))

        items = [without_stray(item) if isinstance(item, Ink) else enlarged(item) for item in items]

        def read(images: npt.NDArray[np.uint8]) -> list[tuple[Candidate, ...]]:
            logits = self._infer(images)
            logits = logits if classes is None else logits.take(classes, axis=1)
            return list(self._candidates(logits, looked_at, classes))

        def looked(part: slice) -> list[tuple[Candidate, ...]]:
            some = items[part]
            with self._preparing:
                images = normalize(some, self.bundle.spec)
            return [
                by_strokes(candidates, strokes_written(item))
                if isinstance(item, Ink)
                else self._surest(item, candidates, read)
                for item, candidates in zip(some, read(images), strict=True)
            ]

        found = [candidates[:top] for part in self._shared_out(looked, len(items)) for candidates in part]
        elapsed_ms = (time.perf_counter() - started) * 1000.0 / max(len(items), 1)
        return [Recognition(candidates, self.bundle.id, elapsed_ms) for candidates in found]

    def _surest(
        self,
        glyph: GlyphImage,
        candidates: tuple[Candidate, ...],
        read: Callable[[npt.NDArray[np.uint8]], list[tuple[Candidate, ...]]],
    ) -> tuple[Candidate, ...]:
        """Return what a picture is read as, where that is doubtful in the look that makes it surest."""
        if candidates[0].probability >= DOUBTFUL:
            return candidates
        images = []
        for other in other_looks(glyph):
            with contextlib.suppress(EmptyInk):
                images.append(normalize([other], self.bundle.spec))
        others = read(np.concatenate(images)) if images else []
        surest = max(others, key=lambda found: found[0].probability, default=candidates)
        return surest if surest[0].probability > candidates[0].probability + SURER else candidates

    def _candidates(
        self, logits: npt.NDArray[np.float32], top: int, classes: npt.NDArray[np.intp] | None = None
    ) -> Iterator[tuple[Candidate, ...]]:
        """Yield the `top` likeliest for each row of logits, which are overwritten; they are those of some `classes`."""
        charset, orders = self.bundle.charset, largest(logits, top)
        logits -= logits.max(axis=1, keepdims=True, initial=-np.inf)
        np.exp(logits, out=logits)
        for row, order, total in zip(logits, orders, logits.sum(axis=1), strict=True):
            chances, found = row[order] / total, order if classes is None else classes[order]
            yield tuple(Candidate(charset[c], p) for c, p in zip(found.tolist(), chances.tolist(), strict=True))


def largest(rows: npt.NDArray[np.float32], count: int) -> list[npt.NDArray[np.intp]]:
    """Return for each row of float32 (n, classes) where its largest are, up to `count`, from the largest on.

    The `count`-th largest of the groups' largest is no larger than that of all, so few are left to be sorted.
    """
    groups = rows.shape[1] // _GROUP
    least = np.full(len(rows), -np.inf, np.float32)
    if groups >= count:
        most = rows[:, : groups * _GROUP].reshape(len(rows), _GROUP, groups).max(axis=1)
        least = np.partition(most, groups - count, axis=1)[:, groups - count]
    found = []
    for row, bound in zip(rows, least, strict=True):
        near = (~(row < bound)).nonzero()[0]  # and what is not a number, so that an ill model answers something
        found.append(near[np.argsort(-row[near], kind="stable")[:count]])
    return found


def softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return probabilities, float32, over the last axis."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True), np.float32)
