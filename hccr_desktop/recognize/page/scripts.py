"""Which script a line is written in, so that what is not Chinese is named and not turned into Chinese noise.

A small network (`python -m trainer recipe script` makes it) looks at pieces of a line, 32 × 128 pixels each;
their answers are averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop import paths
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.subsets import in_subset, is_chinese
from hccr_desktop.recognize.sessions import session_of_file

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SCRIPTS = (
    "Han", "Latin", "digits", "kana", "Hangul", "Arabic", "Devanagari", "Cyrillic", "Greek", "Thai", "Bengali", "Tamil"
)  # fmt: skip
READ = frozenset({"Han", "Latin", "digits", "kana"})
"""Those that the application reads."""
HEIGHT, WIDTH = 32, 128
"""Of what the network looks at, in pixels."""
_MAX_BYTES, _MOST = 4 * 2**20, 32
"""Of the file, and of the pieces of a line that are looked at."""
_FOREIGN, _UNSURE = 0.9, 0.75
"""A line is left unread where a script that is not read is so likely, and its characters are less sure than this."""


def fitted(picture: Gray) -> Gray:
    """Return a picture, dark on light, as the network takes it, uint8 (32, 128): as high, cut or filled with paper."""
    width = max(round(picture.shape[1] * HEIGHT / picture.shape[0]), 1)
    shown = cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_AREA)[:, :WIDTH]
    paper = int(np.percentile(shown, 95))
    return np.asarray(np.pad(shown, ((0, 0), (0, WIDTH - shown.shape[1])), constant_values=paper), np.uint8)


class ScriptNamer:
    """The network; raises `UnreadableFile` where the file is none."""

    def __init__(self, file: Path) -> None:
        self._session = session_of_file(file, _MAX_BYTES, varying=True)

    def chances(self, line: Gray) -> Floats:
        """Return the probabilities of `SCRIPTS`, float32 (12,), for a line or word, uint8 (h, w), dark on light.

        They are the geometric mean of those of its pieces, of long lines some.
        """
        step = max(WIDTH * line.shape[0] // HEIGHT, 1)
        starts = list(range(0, max(line.shape[1] - step // 3, 1), step))
        starts = starts[:: -(-len(starts) // _MOST)]
        pieces = np.stack([fitted(line[:, start : start + step]) for start in starts])[:, None]
        (logits,) = self._session.run(None, {"words": pieces})
        logs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        total = logs.mean(axis=0)
        return np.asarray(np.exp(total - np.logaddexp.reduce(total)), np.float32)


@lru_cache(1)
def script_namer() -> ScriptNamer:
    """Return the application's network, loaded when it is asked for first."""
    return ScriptNamer(paths.script_namer())


def certainty(answers: Sequence[Recognition]) -> float:
    """Return the mean probability of a line's characters, 0 where it has none."""
    return float(np.mean([answer.best.probability for answer in answers])) if answers else 0.0


def script_of(answers: Sequence[Recognition], picture: Callable[[], Gray] | None = None) -> str:
    """Return the script of what was read: that of most characters, Han where none has one.

    Where the characters are unsure, the `picture` they were read from, uint8 (h, w), dark on light, is asked for: it
    may show another, one that is not read.
    """
    if picture is not None and certainty(answers) < _UNSURE:
        chances = script_namer().chances(picture())
        if sum(float(p) for script, p in zip(SCRIPTS, chances, strict=True) if script not in READ) > _FOREIGN:
            return SCRIPTS[int(chances.argmax())]
    text = "".join(answer.best.character for answer in answers)
    counts = {
        "Han": sum(map(is_chinese, text)),
        "kana": sum(in_subset(c, "kana") for c in text),
        "Latin": sum(in_subset(c, "letters") for c in text),
        "digits": sum(in_subset(c, "digits") for c in text),
    }
    return max(counts, key=lambda script: counts[script])
