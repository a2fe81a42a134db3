"""A page that was read ↔ JSON, as sessions and journals keep it."""

from __future__ import annotations

import json
from typing import Any

from hccr_desktop.core.recognition import Box, Candidate, Recognition, TextLine
from hccr_desktop.recognize.pages import Page

NONSENSE = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)
"""What reading of damaged values may raise."""


def packed(page: Page) -> str:
    """Return what was recognized as JSON; of each answer the candidates in turn with their probabilities."""
    lines = [
        (
            line.script,
            line.box,
            line.inserted,
            [
                (answer.model, answer.elapsed_ms, answer.box, [(c.character, c.probability) for c in answer.candidates])
                for answer in line
            ],
            line.kind,
        )
        for line in page.lines
    ]
    return json.dumps((page.number, page.size, page.is_vertical, lines), ensure_ascii=False)


def unpacked(text: str) -> Page | None:
    """Return a page as it was packed; None where that makes no sense."""
    try:
        return _page(json.loads(text))
    except NONSENSE:
        return None


def box_of(values: Any) -> Box:
    """Return a box of four numbers; raises `ValueError` or `TypeError` for anything else."""
    left, top, right, bottom = values
    return int(left), int(top), int(right), int(bottom)


def _page(values: Any) -> Page:
    number, (width, height), is_vertical, lines = values
    return Page(
        int(number),
        (int(width), int(height)),
        tuple(
            TextLine(
                tuple(
                    Recognition(
                        tuple(Candidate(str(c), float(p)) for c, p in ((first, certainty), *others)),
                        str(model),
                        float(elapsed_ms),
                        box_of(box) if box else None,
                    )
                    for model, elapsed_ms, box, ((first, certainty), *others) in answers
                ),
                str(script),
                box_of(place) if place else None,
                bool(inserted),
                *map(str, kind),
            )
            for script, place, inserted, answers, *kind in lines
        ),
        bool(is_vertical),
    )
