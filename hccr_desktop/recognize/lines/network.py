"""Recognizers of whole lines: networks that say along a strip which character is there, or none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.bundle import Bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.errors import InvalidBundle
from hccr_desktop.recognize.agreement import require_agreement
from hccr_desktop.recognize.arithmetic import arithmetic_of
from hccr_desktop.recognize.sessions import session_of_bundle

Floats = npt.NDArray[np.float32]
S = TypeVar("S")
T = TypeVar("T")


class LineRecognizer(ABC):
    """What reads a strip; `digest` stands for its file, `id` stands in the answers."""

    def __init__(self, name: str, charset: Charset, spec: LineSpec, digest: str, threads: int = 1) -> None:
        self.id, self.charset, self.spec, self.digest = name, charset, spec, digest
        self.threads = max(threads, 1)
        self._workers = ThreadPoolExecutor(self.threads, "lines") if threads > 1 else None

    @abstractmethod
    def probabilities(self, strip: npt.NDArray[np.uint8], *, is_column: bool = False) -> Floats:
        """Return for a line, uint8 (height, w), w steps wide, float32 (w / step, classes + 1); the last class is none.

        A column is given mirrored at its diagonal: its top on the left, what is on its right below.
        """

    def shared_out(self, work: Callable[[S], T], lines: Sequence[S]) -> list[T]:
        """Return what is made of each line, on all threads: with one network faster than several in one inference."""
        return list(self._workers.map(work, lines) if self._workers and len(lines) > 1 else map(work, lines))


class LineNetwork(LineRecognizer):
    """A network of our own, opened; raises `InvalidBundle` where its files are none, or contradict each other."""

    def __init__(self, bundle: Bundle[LineSpec], threads: int = 1) -> None:
        super().__init__(bundle.id, bundle.charset, bundle.spec, bundle.model_sha256, threads)
        self._session = session_of_bundle(bundle, varying=True, use_int8=arithmetic_of(bundle) == "int8")
        require_agreement(bundle, self._session)
        takes = {given.name: given.type for given in self._session.get_inputs()}
        (gives,) = self._session.get_outputs()
        wanted = {"lines": "tensor(uint8)", "columns": "tensor(bool)"}
        if takes != wanted or gives.shape[-1] != len(bundle.charset) + 1:
            raise InvalidBundle(
                "The model file of {id} takes or gives other shapes than its manifest says.",
                "Install the model again.",
                id=bundle.id,
            )

    def probabilities(self, strip: npt.NDArray[np.uint8], *, is_column: bool = False) -> Floats:
        """Return what `LineRecognizer` has it return."""
        (logits,) = self._session.run(None, {"lines": strip[None, None], "columns": np.array(is_column)})[0]
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return np.asarray(logits, np.float32)
