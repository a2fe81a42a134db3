"""PP-OCRv6's recognizer of lines, out of the package `rapidocr`, whose code is neither imported nor run.

It has read millions of real lines: on photographed handwriting it errs half as often as our own network, and it knows
eight thousand characters more. It reads rows alone. Its file is opened in a session of our own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.recognize.lines.network import LineRecognizer
from hccr_desktop.recognize.packaged import open_packaged

if TYPE_CHECKING:
    import onnxruntime

Floats = npt.NDArray[np.float32]

FILE = "models/PP-OCRv6_rec_small.onnx"
SPEC = LineSpec(height=48, step=8, size=36.0, late=1.7, mark_late=3.4, alone=False)
"""Its size was set on the photographs of `tests.benchmarks.photographs`: 34 to 42 differ by little."""
_EMOJI = 0x1F000
"""Code point from which the file's table names pictures, which nobody writes by hand on a page of text."""


class PaddleLines(LineRecognizer):
    """The recognizer, opened; raises `ModelError` where it is missing, damaged or another network."""

    def __init__(self, threads: int = 1) -> None:
        self._session, digest = open_packaged(FILE, _fits)
        self._input = self._session.get_inputs()[0].name
        table = _table(self._session)
        kept = [i for i, c in enumerate(table) if c and not c.isspace() and ord(c[0]) < _EMOJI]
        self._kept = np.array(kept) + 1  # class 0 is none, the last one a space, which counts as none
        super().__init__("PP-OCRv6", Charset(tuple(table[i] for i in kept)), SPEC, digest, threads)

    def probabilities(self, strip: npt.NDArray[np.uint8], *, is_column: bool = False) -> Floats:
        """Return for a row as `LineRecognizer` has it; a column is read as if it were a row."""
        del is_column
        seen = np.repeat((strip.astype(np.float32) / 127.5 - 1.0)[None, None], 3, axis=1)
        (found,) = self._session.run(None, {self._input: seen})[0]
        return np.concatenate([found[:, self._kept], found[:, :1] + found[:, -1:]], axis=1)


def _table(session: onnxruntime.InferenceSession) -> list[str]:
    return str(session.get_modelmeta().custom_metadata_map.get("character", "")).split("\n")


def _fits(session: onnxruntime.InferenceSession) -> bool:
    given, gives = session.get_inputs()[0].shape, session.get_outputs()[0].shape
    return list(given[1:3]) == [3, SPEC.height] and gives[-1] == len(_table(session)) + 2
