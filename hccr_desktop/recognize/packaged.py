"""Networks out of the package `rapidocr`, whose code is neither imported nor run: PP-OCRv6, in sessions of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from hccr_desktop.errors import ModelError
from hccr_desktop.files import read_bounded
from hccr_desktop.paths import package_file
from hccr_desktop.recognize.sessions import session_of_bytes

if TYPE_CHECKING:
    import onnxruntime

PACKAGE = "rapidocr"
_MAX_BYTES = 64 * 2**20


def open_packaged(
    name: str, fits: Callable[[onnxruntime.InferenceSession], bool], threads: int = 1
) -> tuple[onnxruntime.InferenceSession, str]:
    """Open a file of the package; return the session and the file's SHA-256.

    Raises `ModelError` where it is missing or damaged, and where it is another network than `fits` says.
    """
    path = package_file(PACKAGE, name)
    if path is None:
        raise ModelError("PP-OCRv6 is not installed.", "`pip install rapidocr` installs it.")
    try:
        data = read_bounded(path, _MAX_BYTES)
        session = session_of_bytes(data, threads, varying=True)
    except Exception as error:  # onnxruntime raises many kinds
        raise ModelError("{name} cannot be loaded.", "Install rapidocr again.", name=path.name) from error
    if not fits(session):
        raise ModelError("{name} is another network.", "Install rapidocr again.", name=path.name)
    return session, hashlib.sha256(data).hexdigest()
