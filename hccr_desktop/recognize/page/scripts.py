"""Which script a line is written in, so that what is not Chinese is named and not turned into Chinese noise.

A small network (`python -m trainer recipe script` makes it) looks at pieces of a line, 32 × 128 pixels each;
their answers are averaged.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from hccr_desktop.core.bundle import Bundle
from hccr_desktop.core.recognition import Recognition
from hccr_desktop.core.specs import ScriptSpec
from hccr_desktop.core.subsets import in_subset, is_chinese
from hccr_desktop.recognize.agreement import require_agreement
from hccr_desktop.recognize.sessions import session_of_bundle

Gray = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

READ = frozenset({"Han", "Latin", "digits", "kana"})
"""Those that the application reads."""
_UNSURE = 0.75
"""Where the characters of a line are less sure than this, it may be of a script that is not read."""
_SPARSE = 0.5
"""So may one of fewer characters for each size of a character that its ink is wide.

Of 263 photographed lines of Chinese handwriting, two were as sparse and two as unsure; of 45 printed lines in nine
other scripts, 37 were one or the other.
"""
_FOREIGN = 0.99
"""A line is left unread where a script that is not read is so likely.

One in a hundred Chinese lines passes that, but the network is asked only of those that look strange.
"""
_LONG, _CROSSED, _LEAST_CONTRAST = 1.6, 1.12, 25.0
"""A word is so many times as long as it is high, its ink crosses a column so often, and stands out from the paper."""
_MOST = 32
"""Pieces of a line that are looked at."""


def fitted(picture: Gray, spec: ScriptSpec) -> Gray:
    """Return a picture, dark on light, as the network takes it, as high, and cut or filled with paper."""
    width = max(round(picture.shape[1] * spec.height / picture.shape[0]), 1)
    shown = cv2.resize(picture, (width, spec.height), interpolation=cv2.INTER_AREA)[:, : spec.width]
    paper = int(np.percentile(shown, 95))
    return np.asarray(np.pad(shown, ((0, 0), (0, spec.width - shown.shape[1])), constant_values=paper), np.uint8)


class ScriptNamer:
    """The network, opened; raises `InvalidBundle` where its files are none, or contradict each other."""

    def __init__(self, bundle: Bundle[ScriptSpec]) -> None:
        self.bundle = bundle
        self._session = session_of_bundle(bundle, varying=True)
        require_agreement(bundle, self._session)

    def chances(self, line: Gray) -> Floats:
        """Return the probabilities of the scripts of its table, float32 (scripts,), for a line or word, uint8 (h, w).

        It is dark on light. They are the geometric mean of those of its pieces, of long lines some.
        """
        spec = self.bundle.spec
        step = max(spec.width * line.shape[0] // spec.height, 1)
        starts = list(range(0, max(line.shape[1] - step // 3, 1), step))
        starts = starts[:: -(-len(starts) // _MOST)]
        pieces = np.stack([fitted(line[:, start : start + step], spec) for start in starts])[:, None]
        (logits,) = self._session.run(None, {"words": pieces})
        logs = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
        total = logs.mean(axis=0)
        return np.asarray(np.exp(total - np.logaddexp.reduce(total)), np.float32)

    def foreign(self, line: Gray) -> str:
        """Return the script of a line where it is surely one that is not read, else an empty string.

        What holds less than a word, a character or a stroke, says too little.
        """
        if not holds_a_word(line):
            return ""
        chances, scripts = self.chances(line), self.bundle.charset.characters
        surely = sum(float(p) for script, p in zip(scripts, chances, strict=True) if script not in READ) > _FOREIGN
        return scripts[int(chances.argmax())] if surely else ""


def holds_a_word(line: Gray) -> bool:
    """Say whether a picture, dark on light, holds more ink than a character: words are long, and cross themselves."""
    low, high = np.percentile(line, 1), np.percentile(line, 95)
    ink = line < (low + high) / 2
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if high - low < _LEAST_CONTRAST or not len(rows) or len(columns) < _LONG * (np.ptp(rows) + 1):
        return False
    begins = ink[1:] & ~ink[:-1]
    return bool((begins.sum() + ink[0].sum()) >= _CROSSED * len(columns))


def is_strange(answers: Sequence[Recognition], width: float) -> bool:
    """Say whether a line may be of a script that is not read: its ink is `width` sizes of a character wide."""
    if len(answers) < _SPARSE * width:
        return True
    return not answers or float(np.mean([answer.best.probability for answer in answers])) < _UNSURE


def script_of_text(answers: Sequence[Recognition]) -> str:
    """Return the script of what was read: that of most characters, Han where none has one."""
    text = "".join(answer.best.character for answer in answers)
    counts = {
        "Han": sum(map(is_chinese, text)),
        "kana": sum(in_subset(c, "kana") for c in text),
        "Latin": sum(in_subset(c, "letters") for c in text),
        "digits": sum(in_subset(c, "digits") for c in text),
    }
    return max(counts, key=lambda script: counts[script])
