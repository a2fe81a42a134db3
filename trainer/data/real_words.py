"""Words of real letters, by one hand each: a test of transfer for what learned scripts from fonts.

In: the folder of data. Letters come from Omniglot's archives (Lake et al., Science 2015) in `scripts/`, whose writers
drew them online, and from ink in `ink/`. Out: words of four letters, 255 = ink, as `trainer.data.scripts` draws them.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.pen import draw
from hccr_desktop.core.subsets import in_subset
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.formats.images import decode_images
from hccr_desktop.formats.reading import read_any
from trainer.data.scripts import SCRIPTS, Words, set_in_a_row

Gray = npt.NDArray[np.uint8]
Hands = dict[tuple[str, str], list[Gray]]
"""Letters, dark on light, by script and by who wrote them."""

_ALPHABETS = {
    "Greek": "Greek",
    "Korean": "Hangul",
    "Latin": "Latin",
    "Japanese_(katakana)": "kana",
    "Japanese_(hiragana)": "kana",
    "Sanskrit": "Devanagari",
    "Bengali": "Bengali",
    "Cyrillic": "Cyrillic",
}
_LETTER = re.compile(r"[^/]+/(?P<alphabet>[^/]+)/character\d+/\d+_(?P<writer>\d+)\.png")
_INK = ("casia-olhwdb-20.jsonl.gz", "kanjicanvas.jsonl.gz", "tegaki-pen.jsonl.gz")
_LETTERS, _MOST_BYTES, _MOST_LETTERS = 4, 64 * 2**10, 50_000


def real_words(data: Path, each: int, seed: int) -> Words:
    """Set `each` words of every script of which there are real letters; none where there are no files."""
    letters: Hands = defaultdict(list)
    for archive in sorted((data / "scripts").glob("omniglot-*.zip")):
        _take_letters(archive, letters)
    for name in _INK:
        if (data / "ink" / name).exists():
            _take_ink(data / "ink" / name, letters)
    pictures: list[Gray] = []
    labels: list[int] = []
    hands: list[str] = []
    for script in SCRIPTS:
        own = sorted(key for key in letters if key[0] == script)
        rng = np.random.default_rng([seed, SCRIPTS.index(script)])
        for number in range(each if own else 0):
            hand = own[number % len(own)]
            row = [letters[hand][int(i)] for i in rng.integers(len(letters[hand]), size=_LETTERS)]
            picture = set_in_a_row(row, rng, small=script == "Latin")
            if picture is not None:
                pictures.append(picture)
                labels.append(SCRIPTS.index(script))
                hands.append(hand[1])
    return Words(tuple(pictures), np.array(labels, np.int64), tuple(hands))


def _take_letters(archive: Path, letters: Hands) -> None:
    try:
        with zipfile.ZipFile(archive) as held:
            for entry in held.infolist()[:_MOST_LETTERS]:
                found = _LETTER.fullmatch(entry.filename)
                if found and found["alphabet"] in _ALPHABETS and entry.file_size <= _MOST_BYTES:
                    hand = _ALPHABETS[found["alphabet"]], f"Omniglot {found['writer']}"
                    letters[hand] += [one.pixels for one in decode_images(held.read(entry), entry.filename)]
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError("{name} cannot be read.", "Fetch it again.", name=archive.name) from error


def _take_ink(path: Path, letters: Hands) -> None:
    parts = {"Han": ("simplified", "traditional"), "kana": ("kana",), "Latin": ("letters",)}
    for sample in read_any(path):
        character = sample.character
        for script, names in parts.items():
            if isinstance(sample.content, Ink) and character and any(in_subset(character, n) for n in names):
                try:
                    letters[script, path.name.split(".")[0]].append(draw(sample.content).pixels)
                except HccrError:  # an empty one
                    continue
