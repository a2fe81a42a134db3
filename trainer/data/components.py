"""What characters are made of: ideographic description sequences → targets of a side task.

A network that also says which components it sees, and where, learns from the real scans of a few
characters how those components are written in all the others that have them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError

_ARITY = dict.fromkeys("⿰⿱⿴⿵⿶⿷⿸⿹⿺⿻", 2) | dict.fromkeys("⿲⿳", 3)
_DEEPEST = 8

Tree = str | tuple["Tree", ...]
"""A component, or an operator and what it joins."""


def component_targets(charset: Charset, path: Path) -> npt.NDArray[np.float32]:
    """Return which components each character has, float32 0 or 1 (classes, components).

    `path` is a table of code point, character and description, tab-separated. A component counts
    once wherever it stands, at any depth, and once more for its place in the whole (left in ⿰,
    right in ⿰, …); those in fewer than two characters, or one
    in a thousand, are left out. Raises `InputError` where
    the table cannot be read or holds nothing of the alphabet.
    """
    try:
        described = dict(_described(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "{name} cannot be read.", "Give a table of ideographic descriptions.", name=path.name
        ) from error
    least = max(2, len(charset) // 1000)
    found = [set(_components(character, described, 0)) for character in charset.characters]
    counts = Counter(name for names in found for name in names)
    kept = {name: i for i, name in enumerate(sorted(name for name, count in counts.items() if count >= least))}
    if not kept:
        raise InputError("{name} describes too few characters of the alphabet.", name=path.name)
    targets = np.zeros((len(charset), len(kept)), np.float32)
    for row, names in zip(targets, found, strict=True):
        row[[kept[name] for name in names if name in kept]] = 1.0
    return targets


def _described(path: Path) -> Iterator[tuple[str, Tree]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) >= 3 and not line.startswith("#"):
                symbols = list(re.sub(r"\[.*?\]", "", cells[2]))
                tree = _tree(symbols, 0)
                if tree is not None and not symbols and tree != cells[1]:
                    yield cells[1], tree


def _tree(symbols: list[str], depth: int) -> Tree | None:
    """Take one description from the front of `symbols`; None where it is cut short."""
    if not symbols or depth > _DEEPEST:
        return None
    symbol = symbols.pop(0)
    if symbol not in _ARITY:
        return symbol
    children = [_tree(symbols, depth + 1) for _ in range(_ARITY[symbol])]
    return (symbol, *(child for child in children if child is not None)) if None not in children else None


def _components(character: str, described: dict[str, Tree], depth: int) -> Iterator[str]:
    tree = described.get(character)
    if tree is None or isinstance(tree, str) or depth > _DEEPEST:
        return
    if depth == 0:
        for place, child in enumerate(tree[1:]):
            if isinstance(child, str):
                yield f"{tree[0]}{place}{child}"
    pending = list(tree[1:])
    while pending:
        child = pending.pop()
        if isinstance(child, tuple):
            pending.extend(child[1:])
        else:
            yield child
            yield from _components(child, described, depth + 1)
