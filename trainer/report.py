"""What a study found, as Markdown and HTML with plots: three sentences, what is claimed, one table, four pictures.

The 95 % interval of a row is Student's over its seeds, each seed's network being one observation; a
single test set's sampling error comes on top and is stated once below the table. Claims are tested in pairs
(`trainer.claims`).
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from hccr_desktop.files import written_aside
from trainer.claims import Claim, judge
from trainer.table import Measured, Row, Table

_T95 = (math.nan, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Student's t for a two-sided 95 % interval, by degrees of freedom."""
_CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei")
HEADINGS = (
    "row", "mean of seeds", "95 % interval", "parameters", "MACs", "file", "one thread", "last third of training",
    "the paper", "remark",
)  # fmt: skip


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean by Student's t; not a number for fewer than two values."""
    if len(values) < 2:
        return math.nan, math.nan
    t = _T95[min(len(values) - 1, len(_T95) - 1)]
    mean, half = float(np.mean(values)), t * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return max(mean - half, 0.0) if mean >= 0.0 else mean - half, min(mean + half, 1.0)


_SHOWN_POINTS = 15.0
"""How far below the best row the plot reaches: what lies lower stands in the table."""
_BESIDE = 3
"""Column of a second test."""


@dataclass(frozen=True)
class Opening:
    """A reader's first sentences: what the paper claims, what was found here, what that means for a choice."""

    claimed: str
    found: str
    means: str


def cells_of(row: Row, found: Sequence[Measured], milliseconds: float | None = None, course: str = "") -> list[str]:
    """Return a row of the table as texts, by `HEADINGS`.

    Costs are means over the seeds, whose pruned shapes differ a little.
    """
    if not found:
        return [row.name, *["" for _ in HEADINGS[1:-2]], row.paper, row.remark]
    tops = [cell.top1 for cell in found]
    low, high = interval(tops)
    mean = {key: float(np.mean([getattr(cell, key) for cell in found])) for key in ("parameters", "macs", "bytes")}
    return [
        row.name,
        f"{np.mean(tops):.2%}",
        "one seed" if math.isnan(low) else f"{low:.2%} to {high:.2%}",
        f"{mean['parameters'] / 1e6:.3g} M",
        f"{mean['macs'] / 1e6:.3g} M",
        f"{mean['bytes'] / 1e6:.2f} MB",
        "" if milliseconds is None else f"{milliseconds:.2f} ms",
        course,
        row.paper,
        row.remark,
    ]


def _course_of(study: Table, row: Row) -> str:
    """Return how loss and validation went in the last third, as a text."""
    found = study.last_third(row.name)
    if found is None:
        return ""
    (before, after), (was, now) = found
    told = f"loss {before:.3f} → {after:.3f}, validation {was:.2%} → {now:.2%}"
    return told if study.is_flat(row.name) else f"**not converged**: {told}"


def write_report(
    study: Table,
    folder: Path,
    *,
    title: str,
    opening: Opening,
    claims: Sequence[Claim],
    rows: Sequence[Row],
    best: Row,
    setting: str,
    seeds: Sequence[int],
) -> Path:
    """Write report.md, report.html and their pictures into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    font = next((f for f in _CJK_FONTS if f in {entry.name for entry in font_manager.fontManager.ttflist}), None)
    mpl.use("Agg")
    with mpl.rc_context({"font.family": [font] if font else ["DejaVu Sans"], "font.size": 9, "axes.grid": True}):
        names = [c if font or c.isascii() else f"{ord(c):X}" for c in study.classes]
        times = study.times([row.name for row in rows])
        _scatter(study, rows, times, folder)
        _curves(study, rows, seeds[0], folder)
        if names:
            _confusion(study, best, names, folder / "confusion.png")
    table = [cells_of(row, study.cells(row.name), times.get(row.name), _course_of(study, row)) for row in rows]
    headings = list(HEADINGS)
    if study.beside_name:
        headings.insert(_BESIDE, study.beside_name)
        for row, told in zip(rows, table, strict=True):
            tops = [cell.beside for cell in study.cells(row.name)]
            told.insert(_BESIDE, f"{np.mean(tops):.2%}" if tops else "")
    judged = [(claim, verdict) for claim in claims if (verdict := judge(study, claim)) is not None]
    n = len(study.labels)
    half = 1.96 * float(np.mean([study.spread(cell) for cell in study.cells(best.name)])) / math.sqrt(n)
    notes = [
        f"{opening.claimed} {opening.found} {opening.means}",
        f"{setting} What is measured: {study.measure_name}.",
        *(f"{claim.text}: {verdict}." for claim, verdict in judged),
        f"Differences are in pairs over the same test {study.unit}, with 95 % intervals and McNemar's p-value, of no "
        "difference or of a loss of just what is allowed; the seeds of one being one observation, to whose variance "
        "that of the seeds is added (Student's t, by Welch and Satterthwaite). Last third: means of its first and "
        "second half, at the lowest rate: a row that is flat there has been annealed, and longer schedules may still "
        "give more.",
        f"Besides the spread over seeds the choice of {n:,} test {study.unit} alone is worth about ± {half:.2%} "
        f"for “{best.name}”.",
        "File: the ONNX file. One thread: the thread's own time for one picture in onnxruntime, all rows in turns.",
    ]
    pictures = {
        "accuracy.png": "Accuracy against size and against latency",
        "curves.png": f"Loss and validation in training, seed {seeds[0]}",
    }
    if names:
        wrong, count = _errors(study, best, folder / "errors.png")
        of = f"{len(wrong)} of {count:,} samples that a seed misread, of {n:,}"
        notes.append(f"Errors of “{best.name}”, {of}, what was written → read: " + ", ".join(wrong))
        confused = f"Confusions of “{best.name}”, all seeds, in numbers of samples; right answers left out"
        pictures |= {"confusion.png": confused, "errors.png": "Errors, in the order of the list above"}
    with written_aside(folder / "report.md") as out:
        out.write(_markdown(title, notes, [headings, *table], pictures).encode())
    with written_aside(folder / "report.html") as out:
        out.write(_html(title, notes, [headings, *table], pictures).encode())
    return folder


def _markdown(title: str, notes: Sequence[str], table: Sequence[Sequence[str]], pictures: dict[str, str]) -> str:
    headings, *rows = table
    lines = [f"# {title}", "", notes[0], "", f"| {' | '.join(headings)} |", f"|{'---|' * len(headings)}"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    for note in notes[1:]:
        lines += ["", note]
    for name, caption in pictures.items():
        lines += ["", f"![{caption}]({name})", "", f"*{caption}*"]
    return "\n".join(lines) + "\n"


def _html(title: str, notes: Sequence[str], table: Sequence[Sequence[str]], pictures: dict[str, str]) -> str:
    def cells(tag: str, row: Sequence[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in row) + "</tr>"

    figures = "\n".join(
        f'<figure><img src="{name}" alt="{text}"><figcaption>{text}</figcaption></figure>'
        for name, caption in pictures.items()
        for text in (html.escape(caption),)
    )
    paragraphs = "\n".join(f"<p>{html.escape(note)}</p>" for note in notes[1:])
    headings, *rows = table
    body = "\n".join(cells("td", row) for row in rows)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; font-size: 13px; }}
td, th {{ border-bottom: 1px solid #ccc; padding: .3rem .6rem; }}
th, td:first-child {{ text-align: left; }} td {{ text-align: right; }} td:last-child {{ text-align: left; }}
img {{ max-width: 100%; }} figcaption {{ color: #555; }}
</style></head><body>
<h1>{html.escape(title)}</h1>
<p>{html.escape(notes[0])}</p>
<table>{cells("th", headings)}
{body}
</table>
{paragraphs}
{figures}
</body></html>
"""


def _scatter(study: Table, rows: Sequence[Row], times: Mapping[str, float], folder: Path) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
    for row in rows:
        found = study.cells(row.name)
        if not found:
            continue
        tops = [100 * cell.top1 for cell in found]
        sizes = float(np.mean([cell.bytes for cell in found])) / 1e6
        for axis, x in ((axes[0], sizes), (axes[1], times.get(row.name, math.nan))):
            axis.errorbar(x, np.mean(tops), yerr=np.std(tops), fmt="o", markersize=4, label=row.name)
    means = [100 * study.mean(row.name) for row in rows if study.cells(row.name)]
    lowest = max(min(means, default=0.0), max(means, default=0.0) - _SHOWN_POINTS)
    limits = (lowest - 1.0, max(means, default=0.0) + 1.0)
    axes[0].set(xlabel="ONNX file, MB", ylabel=f"{study.measure_name}, %", xscale="log", ylim=limits)
    axes[1].set(xlabel="one picture on one thread, ms", xscale="log")
    axes[1].legend(fontsize=6, loc="center left", bbox_to_anchor=(1.0, 0.5))
    _save(figure, folder / "accuracy.png")


def _curves(study: Table, rows: Sequence[Row], seed: int, folder: Path) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(10, 4))
    for row in rows:
        course = study.course(row.name, seed)
        for axis, curve in zip(axes, (course.losses, course.validated), strict=True):
            if curve:
                last = curve[-1][0]
                axis.plot([x / last for x, _ in curve], [y for _, y in curve], label=row.name, linewidth=1)
    best = max((y for row in rows for _, y in study.course(row.name, seed).validated), default=1.0)
    axes[0].set(xlabel="share of the steps", ylabel="loss, running mean", yscale="log")
    axes[1].set(xlabel="share of the steps", ylabel="validation", ylim=(best - 0.1, best + 0.005))
    for axis in axes:
        axis.axvspan(2 / 3, 1.0, alpha=0.1)
    axes[1].legend(fontsize=6, loc="center left", bbox_to_anchor=(1.0, 0.5))
    _save(figure, folder / "curves.png")


def _confusion(study: Table, best: Row, names: Sequence[str], path: Path) -> None:
    counts = np.zeros((len(names), len(names)), int)
    for cell in study.cells(best.name):
        np.add.at(counts, (study.labels, np.array(cell.read)), 1)
    np.fill_diagonal(counts, 0)
    figure, axis = plt.subplots(figsize=(5, 5))
    axis.imshow(counts, cmap="Blues")
    axis.grid(visible=False)
    for (i, j), count in np.ndenumerate(counts):
        if count:
            axis.text(j, i, str(count), ha="center", va="center", fontsize=7)
    ticks = range(len(names))
    axis.set(xticks=ticks, yticks=ticks, xticklabels=names, yticklabels=names, xlabel="read", ylabel="written")
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    with written_aside(path) as out:
        figure.savefig(out, format="png", dpi=70, bbox_inches="tight")
    plt.close(figure)


def _errors(study: Table, best: Row, path: Path, columns: int = 16, most: int = 64) -> tuple[list[str], int]:
    """Draw the first test samples that were misread, and return what they were read as, and how many there are."""
    found: dict[int, str] = {}
    for cell in study.cells(best.name):
        for i in np.flatnonzero(np.array(cell.read) != study.labels).tolist():
            found.setdefault(i, f"{study.written[i]}→{study.classes[cell.read[i]]}")
    kept = dict(sorted(found.items())[:most])
    height, width = (side + 4 for side in study.pictures.shape[2:])
    columns = max(columns * height // width, 1)
    sheet = Image.new("L", (columns * width, max(1, -(-len(kept) // columns)) * height), 255)
    for place, i in enumerate(kept):
        sheet.paste(Image.fromarray(study.pictures[i, 0]), (place % columns * width, place // columns * height))
    with written_aside(path) as out:
        sheet.quantize(16).save(out, "PNG", optimize=True)
    return list(kept.values()), len(found)
