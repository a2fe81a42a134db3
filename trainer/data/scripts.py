"""Pictures of words in twelve scripts, from fonts and from the replay bank's handwriting.

In: a folder of fonts, SCRIPT/FAMILY.ttf, and of words, SCRIPT/words.txt, where there are any. Out: words, uint8
(32, 128), dark on light, as they are cut from a line: those of the list, or letters of the script at random in the
order that its writing demands (a vowel sign stands after a consonant), shaped by HarfBuzz, then bent, thickened,
blurred and lit as pen, paper, camera and scan do. Families and words are either trained with or tested with.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageDraw, ImageFont

from hccr_desktop.core.specs import ScriptSpec
from hccr_desktop.core.subsets import in_subset
from hccr_desktop.errors import InputError
from hccr_desktop.files import read_bounded
from hccr_desktop.recognize.page.scripts import fitted
from trainer.data.bank import Bank, BankSource

Gray = npt.NDArray[np.uint8]
Random = np.random.Generator

_SUFFIXES = {".ttf", ".otf"}
SCRIPTS = (
    "Han", "Latin", "digits", "kana", "Hangul", "Arabic", "Devanagari", "Cyrillic", "Greek", "Thai", "Bengali", "Tamil"
)  # fmt: skip
"""Those that a network of scripts tells apart, in the order of its classes."""
SPEC = ScriptSpec()
"""What it takes."""
_SIZE = 40
_LEAST_LETTERS = 2
"""Of words of a list: Korean ones have few syllables."""
_TEST_SHARE, _SPLIT_SEED = 0.25, 20260101
_RANDOM_SHARE = 0.25
"""Share of random letters among the words that are trained with, where there are words."""
_MAX_BYTES = 16 * 2**20


def _range(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


_LETTERS: dict[str, str] = {
    "Latin": "abcdefghijklmnopqrstuvwxyz",
    "digits": "0123456789",
    "Cyrillic": _range(0x430, 0x44F),
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىء",
    "Devanagari": _range(0x915, 0x928) + _range(0x92A, 0x930) + "लवशषसह",
    "Bengali": _range(0x995, 0x9A8) + _range(0x9AA, 0x9B0) + "লশষসহ",
    "Tamil": "கஙசஞடணதநபமயரலவழளறன",
    "Thai": _range(0xE01, 0xE2E),
    "Hangul": _range(0xAC00, 0xD7A3),
    "kana": _range(0x3042, 0x3093) + _range(0x30A2, 0x30F3),
}
_VOWELS = {
    "Devanagari": "ािीुूेैोौं्",
    "Bengali": "ািীুূেৈোৌং্",
    "Tamil": "ாிீுூெேைொோௌ்",
    "Thai": "ะาิีึืุู่้ัํ็",
}
_JOINERS = "््্்"
_INITIALS = {"Devanagari": "अआइईउएओ", "Bengali": "অআইঈউএও", "Tamil": "அஆஇஈஉஎஒ", "Thai": "เแโใไ"}


def word(script: str, letters: Sequence[str], rng: Random) -> str:
    """Return letters of a script at random, as its writing puts them together."""
    length = int(rng.integers(3, 10))
    if script == "digits":
        return "".join(rng.choice(list("0123456789"), length)) + str(rng.choice(["", "", "%", ".5", "/3", ":20", "-"]))
    if script in ("Hangul", "Han", "kana"):
        return "".join(rng.choice(letters, int(rng.integers(3, 7))))
    if script in _VOWELS:
        said = str(rng.choice(list(_INITIALS[script]))) if rng.random() < 0.2 or script == "Thai" else ""
        for _ in range(max(length // 2, 3)):
            said += str(rng.choice(letters))
            if rng.random() < 0.65:
                said += str(rng.choice(list(_VOWELS[script])))
        return said if said[-1] not in _JOINERS else said[:-1]
    said = "".join(rng.choice(letters, length))
    if script == "Arabic":
        return said
    return said.upper() if rng.random() < 0.12 else said.capitalize() if rng.random() < 0.3 else said


@dataclass(frozen=True, eq=False)
class Words:
    """Pictures of words, 255 = ink, of any size, their classes, and the fonts' families or "handwriting"."""

    pictures: tuple[Gray, ...]
    labels: npt.NDArray[np.int64]
    hands: tuple[str, ...]


def families(folder: Path) -> dict[str, list[tuple[str, Path]]]:
    """Return (family, file) by script; raises `InputError` where a script has fewer than two."""
    found: dict[str, list[tuple[str, Path]]] = {}
    for script in SCRIPTS:
        own = folder / ("latin" if script == "digits" else script.lower())
        files = sorted(path for path in own.glob("*") if path.suffix.lower() in _SUFFIXES) if own.is_dir() else []
        if len(files) < 2:
            raise InputError(
                "There are {count} fonts for {script}.",
                "Put at least two into {folder}.",
                count=len(files),
                script=script,
                folder=f"{folder.name}/{own.name}",
            )
        found[script] = [(path.stem, path) for path in files]
    return found


def kept_families(found: dict[str, list[tuple[str, Path]]], related: Sequence[frozenset[str]] = ()) -> set[str]:
    """Return the families kept for testing: a quarter of each script's at least, the same ones always.

    Families that are `related`, one design in several files, are on one side.
    """
    of = {family: group for group in related for family in group}
    tested: set[str] = set()
    for own in found.values():
        names = sorted((family for family, _ in own), key=lambda f: random.Random(f"{_SPLIT_SEED} {f}").random())
        for name in names:
            if sum(known in tested for known in names) >= max(round(_TEST_SHARE * len(names)), 1):
                break
            tested |= {name, *of.get(name, ())}
    return tested


def related_families(folder: Path) -> list[frozenset[str]]:
    """Return groups of families of one design, out of RELATED.tsv, a group a line behind a number; none without it."""
    path = folder / "RELATED.tsv"
    if not path.exists():
        return []
    lines = read_bounded(path, _MAX_BYTES).decode("utf-8", "replace").splitlines()
    return [frozenset(line.split("\t", 1)[1].split()) for line in lines if line[:1].isdigit() and "\t" in line]


def handwriting_families(folder: Path) -> frozenset[str]:
    """Return the families that imitate handwriting, by STYLES.tsv, a family and its style a line; none without it."""
    path = folder / "STYLES.tsv"
    if not path.exists():
        return frozenset()
    rows = (line.split("\t") for line in read_bounded(path, _MAX_BYTES).decode("utf-8", "replace").splitlines())
    return frozenset(row[0] for row in rows if len(row) > 1 and row[1].strip() == "handwriting")


def draw_words(folder: Path, each: int, seed: int, *, tested: bool) -> Words:
    """Draw `each` words in every family and script, of the families to test with or of the others."""
    pictures: list[Gray] = []
    labels: list[int] = []
    hands: list[str] = []
    found = families(folder)
    kept = kept_families(found, related_families(folder))
    for number, (script, own) in enumerate(found.items()):
        words = words_of(own[0][1].parent / "words.txt", tested=tested) if script != "digits" else []
        for family, path in own:
            if (family in kept) != tested:
                continue
            font, letters = _font(path, script)
            rng = np.random.default_rng([seed, number, *family.encode()])
            held = set(letters) | _SIGNS
            real = [said for said in words if set(said.lower()) <= held]
            for _ in range(each if letters else 0):
                at_random = not real or (not tested and rng.random() < _RANDOM_SHARE)
                said = word(script, letters, rng) if at_random else _written(real[int(rng.integers(len(real)))], rng)
                picture = _drawn(font, said)
                if picture is not None:
                    pictures.append(picture)
                    labels.append(number)
                    hands.append(family)
    return Words(tuple(pictures), np.array(labels, np.int64), tuple(hands))


def words_of(path: Path, *, tested: bool) -> list[str]:
    """Return the words of a list, a line each: a quarter of them for the test, the same ones always, or the others."""
    if not path.exists():
        return []
    words = read_bounded(path, _MAX_BYTES).decode("utf-8", "replace").split()
    return [word for word in words if len(word) >= _LEAST_LETTERS and (zlib.crc32(word.encode()) % 4 == 0) == tested]


def _written(said: str, rng: Random) -> str:
    """Return a word as it stands in a text: some in capitals, small ones with one."""
    chance = rng.random()
    return said.upper() if chance < 0.1 else said.capitalize() if chance < 0.25 else said


def _font(path: Path, script: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return a font, and which of the script's letters it holds."""
    try:
        with TTFont(path, lazy=True) as table:
            held = set(map(chr, table.getBestCmap() or {}))
        font = ImageFont.truetype(str(path), _SIZE)
    except (OSError, TTLibError) as error:
        raise InputError("{name} is no font.", "Give TrueType or OpenType files.", name=path.name) from error
    wanted = {c for c in held if "一" <= c <= "鿿"} if script == "Han" else held & set(_LETTERS[script])
    return font, sorted(wanted)


_SIGNS = frozenset("".join(_VOWELS.values()) + "".join(_INITIALS.values()))
"""What letters of words carry, and what a font that has the letters has too."""


def _drawn(font: ImageFont.FreeTypeFont, said: str) -> Gray | None:
    left, top, right, bottom = (int(v) for v in font.getbbox(said))
    if right - left < 4 or bottom - top < 4 or right - left > 40 * _SIZE:
        return None
    image = Image.new("L", (right - left + 2, bottom - top + 2), 0)
    ImageDraw.Draw(image).text((1 - left, 1 - top), said, font=font, fill=255)
    return _cropped(np.asarray(image))


def _cropped(ink: Gray) -> Gray | None:
    rows, columns = np.flatnonzero((ink > 90).any(axis=1)), np.flatnonzero((ink > 90).any(axis=0))
    if len(rows) < 4 or len(columns) < 4:
        return None
    return np.ascontiguousarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def write_words(bank: Bank, each: int, seed: int) -> Words:
    """Write words by hand with the replay bank's characters, `each` of every script that it holds."""
    parts = {"Han": ("simplified", "traditional"), "kana": ("kana",), "Latin": ("letters",), "digits": ("digits",)}
    pictures: list[Gray] = []
    labels: list[int] = []
    for script, names in parts.items():
        own = [c for c in bank.characters if any(in_subset(c, name) for name in names)]
        source = BankSource(bank, own)
        rng = np.random.default_rng([seed, SCRIPTS.index(script)])
        for _ in range(each if own else 0):
            count = int(rng.integers(2, 7))
            row = [source.picture(int(rng.integers(len(source.characters))), rng, 0.7) for _ in range(count)]
            picture = set_in_a_row(row, rng, small=script in ("Latin", "digits"))
            if picture is not None:
                pictures.append(picture)
                labels.append(SCRIPTS.index(script))
    return Words(tuple(pictures), np.array(labels, np.int64), ("handwriting",) * len(pictures))


def set_in_a_row(characters: Sequence[Gray], rng: Random, *, small: bool) -> Gray | None:
    """Return characters set side by side, 255 = ink."""
    page = np.zeros((2 * _SIZE, 3 * _SIZE * len(characters)), np.uint8)
    x, spread = 0, rng.uniform(-0.05, 0.3)
    for pixels in characters:
        ink = _cropped(np.asarray(255 - pixels, np.uint8))
        if ink is None:
            continue
        scale = _SIZE * rng.uniform(0.8, 1.05) * (rng.uniform(0.5, 0.9) if small else 1.0) / max(ink.shape)
        size = (max(round(ink.shape[1] * scale), 2), max(round(ink.shape[0] * scale), 2))
        shown = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
        middle = _SIZE + rng.normal(0, 0.05 * _SIZE) + (0.15 * _SIZE if small else 0.0)
        y = int(np.clip(middle - size[1] / 2, 0, 2 * _SIZE - size[1]))
        area = page[y : y + size[1], x : x + size[0]]
        np.maximum(area, shown[:, : area.shape[1]], out=area)
        x += max(size[0] + round(_SIZE * (spread + rng.normal(0, 0.05))), 3)
    return _cropped(page)


def joined(*parts: Words) -> Words:
    """Return all words of several collections."""
    return Words(
        tuple(picture for part in parts for picture in part.pictures),
        np.concatenate([part.labels for part in parts]),
        tuple(hand for part in parts for hand in part.hands),
    )


@lru_cache(1)
def _fields() -> npt.NDArray[np.float32]:
    """Smooth displacements, drawn once, float32 (64, 64, 512, 2), of unit spread."""
    rng = np.random.default_rng(_SPLIT_SEED)
    coarse = rng.standard_normal((64, 3, 12, 2)).astype(np.float32)
    return np.stack([cv2.resize(field, (512, 64), interpolation=cv2.INTER_CUBIC) for field in coarse])


def seen(ink: Gray, rng: Random) -> Gray:
    """Return a word as it may come from a page, uint8 (32, 128), dark on light: a part of it, where it is long."""
    height, width = ink.shape
    scale = 48.0 / height
    wide = min(max(round(width * scale * np.exp(rng.normal(0, 0.16))), 8), 512)
    shown = cv2.resize(ink, (wide, 48), interpolation=cv2.INTER_AREA).astype(np.float32)
    field = _fields()[int(rng.integers(64))][:, :wide]
    y, x = np.mgrid[-8:56, :wide].astype(np.float32)
    lean, rise, bend = rng.normal(0, 0.16), rng.normal(0, 0.04), rng.uniform(0, 2.4)
    x = x + lean * (y - 24) + bend * field[..., 0]
    y = y + rise * (x - wide / 2) + bend * field[..., 1]
    shown = np.asarray(cv2.remap(shown, x, y, cv2.INTER_LINEAR, borderValue=0), np.float32)
    if rng.random() < 0.6:
        kernel = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        other = cv2.dilate(shown, kernel) if rng.random() < 0.5 else cv2.erode(shown, kernel)
        share = rng.random()
        shown = np.asarray((1 - share) * shown + share * np.asarray(other, np.float32), np.float32)
    shown = shown / max(float(shown.max()), 1.0)
    if rng.random() < 0.3:
        cv2.line(shown, (0, int(rng.integers(64))), (wide, int(rng.integers(64))), rng.uniform(0.2, 0.8), 1)
    darkest, paper = rng.uniform(0.0, 0.6), rng.uniform(0.75, 1.0)
    light = cv2.resize(rng.uniform(0.8, 1.0, (2, 3)).astype(np.float32), (wide, 64))
    gray = 255.0 * paper * light * (1.0 - (1.0 - darkest) * shown)
    if rng.random() < 0.5:
        gray = cv2.GaussianBlur(gray, (0, 0), rng.uniform(0.4, 1.8))
    gray = gray + rng.normal(0, rng.uniform(0.5, 9), gray.shape)
    picture = np.asarray(np.asarray(gray, np.float32).clip(0, 255), np.uint8)
    start = int(rng.integers(max(round(picture.shape[1] * SPEC.height / 64) - SPEC.width, 0) + 1)) * 64 // SPEC.height
    return fitted(picture[:, start : start + SPEC.width * 64 // SPEC.height], SPEC)
