"""PP-OCRv6's recognizer of lines, out of the package `rapidocr`, whose code is neither imported nor run.

It has read millions of real lines: on photographed handwriting it errs half as often as our own network, and it knows
eight thousand characters more. It reads rows alone. Its file is opened in a session of our own.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.specs import LineSpec
from hccr_desktop.errors import HccrError, ModelError
from hccr_desktop.files import read_bounded
from hccr_desktop.paths import package_file
from hccr_desktop.recognize.lines.network import LineRecognizer
from hccr_desktop.recognize.sessions import session_of_bytes

Floats = npt.NDArray[np.float32]

PACKAGE, FILE = "rapidocr", "models/PP-OCRv6_rec_small.onnx"
SPEC = LineSpec(height=48, step=8, size=36.0, late=1.7, mark_late=3.4)
"""Its size was set on the photographs of `tests.benchmarks.photographs`: 34 to 42 differ by little."""
_MAX_BYTES = 64 * 2**20
_EMOJI = 0x1F000
"""Code point from which the file's table names pictures, which nobody writes by hand on a page of text."""


class PaddleLines(LineRecognizer):
    """The recognizer, opened; raises `ModelError` where it is missing, damaged or another network."""

    def __init__(self, threads: int = 1) -> None:
        path = package_file(PACKAGE, FILE)
        if path is None:
            raise ModelError("PP-OCRv6 is not installed.", "`pip install rapidocr` installs it.")
        try:
            data = read_bounded(path, _MAX_BYTES)
            self._session = session_of_bytes(data, varying=True)
            table = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
            (given,), (gives,) = self._session.get_inputs(), self._session.get_outputs()
            fits = list(given.shape[1:3]) == [3, SPEC.height] and gives.shape[-1] == len(table) + 2
        except HccrError:
            raise
        except Exception as error:  # onnxruntime raises many kinds
            raise ModelError("{name} cannot be loaded.", "Install rapidocr again.", name=path.name) from error
        if not fits:
            raise ModelError("{name} is another network.", "Install rapidocr again.", name=path.name)
        self._input = given.name
        kept = [i for i, c in enumerate(table) if c and not c.isspace() and ord(c[0]) < _EMOJI]
        self._kept = np.array(kept) + 1  # class 0 is none, the last one a space, which counts as none
        digest = hashlib.sha256(data).hexdigest()
        super().__init__("PP-OCRv6", Charset(tuple(table[i] for i in kept)), SPEC, digest, threads)

    def probabilities(self, strip: npt.NDArray[np.uint8], *, is_column: bool = False) -> Floats:
        """Return for a row as `LineRecognizer` has it; a column is read as if it were a row."""
        del is_column
        seen = np.repeat((strip.astype(np.float32) / 127.5 - 1.0)[None, None], 3, axis=1)
        (found,) = self._session.run(None, {self._input: seen})[0]
        return np.concatenate([found[:, self._kept], found[:, :1] + found[:, -1:]], axis=1)
