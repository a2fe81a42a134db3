"""What one InkML trace says: numbers in the channels of its format → positions, time, pressure.

In: the text of a `trace` and its `TraceFormat`. Out: float64 (n, 5), a row a point: x, y (to the right and
downward, in the unit of the document), t in ms, pressure 0..1, tip switch; NaN where nothing is known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.ink import MAX_POINTS
from hccr_desktop.errors import InvalidInk, UnreadableFile

Rows = npt.NDArray[np.float64]

WANTED = ("X", "Y", "T", "F", "S")
_X, _Y, _T, _F, _S = range(5)
_PLAIN = re.compile(r"[\d\s.,eE+-]*")
_VALUE = re.compile(r" ?([!'\"]?) ?(-? ?#[0-9A-Fa-f]{1,16}|[-+]? ?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[TF*?])")
_LENGTHS = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254, "pt": 0.0254 / 72, "pc": 0.0254 / 6}
_LONGEST_POINT = 2_000


@dataclass(frozen=True)
class Channel:
    """A channel of a format, with the attributes that the file gives it."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    def number(self, key: str) -> float | None:
        """Return an attribute as a finite number, None where it is none."""
        try:
            value = float(self.attributes.get(key, ""))
        except ValueError:
            return None
        return value if math.isfinite(value) else None


@dataclass(frozen=True, eq=False)
class TraceFormat:
    """The channels of a trace, in order; those from `regular` on are intermittent and may be missing in a point.

    `resolution` has, by channel, how long one unit of the device is, in meters. `to_canvas` float64 (2, 3) takes
    (x, y, 1) to the canvas.
    """

    channels: tuple[Channel, ...] = (Channel("X"), Channel("Y"))
    resolution: Mapping[str, float] = field(default_factory=dict)
    to_canvas: Rows = field(default_factory=lambda: np.eye(2, 3))

    def columns(self, name: str) -> list[int | None]:
        """Return in which channel each of `WANTED` stands; raises `UnreadableFile` where there are no positions."""
        names = [channel.name for channel in self.channels]
        if "X" not in names or "Y" not in names:
            raise UnreadableFile("{name} has no X and Y channels.", "Export the ink with positions.", name=name)
        return [names.index(kind) if kind in names else None for kind in WANTED]

    def length(self, name: str) -> float | None:
        """Return how long the unit of a channel is in meters, None where the file does not say."""
        units = next((c.attributes.get("units", "") for c in self.channels if c.name == name), "")
        return _LENGTHS.get(units, self.resolution.get(name))

    def scaled(self, rows: Rows, unit: float | None) -> Rows:
        """Return rows of raw values as positions, ms and pressure; `unit` is the document's unit of length in meters.

        Axes that are turned over (`orientation`) are turned back, and both are brought to one unit where
        the file says what theirs are.
        """
        if not len(rows):
            return rows
        with np.errstate(all="ignore"):  # what is beyond all numbers is refused as ink
            return self._scaled(rows.copy(), unit)

    def _scaled(self, rows: Rows, unit: float | None) -> Rows:
        own = {channel.name: channel for channel in self.channels}
        lengths = self.length("X"), self.length("Y")
        for column, kind in ((_X, "X"), (_Y, "Y")):
            length = lengths[column]
            if unit is not None and length is not None and None not in lengths:
                rows[:, column] *= length / unit
            if own[kind].attributes.get("orientation", "").strip() == "-ve":
                rows[:, column] *= -1.0
        rows[:, :2] = rows[:, :2] @ self.to_canvas[:, :2].T + self.to_canvas[:, 2]
        if "T" in own and own["T"].attributes.get("units") == "s":
            rows[:, _T] *= 1000.0
        if "F" in own:
            rows[:, _F] = _pressure(rows[:, _F], own["F"])
        return rows


def length_of(units: str) -> float | None:
    """Return a unit of length in meters, None for what is none."""
    return _LENGTHS.get(units)


def _pressure(values: Rows, channel: Channel) -> Rows:
    """Return pressure in 0..1 by the channel's `min` and `max`; NaN where these would have to be guessed."""
    low, high = channel.number("min") or 0.0, channel.number("max")
    if high is None:
        high = 100.0 if channel.attributes.get("units") == "%" else 1.0
        if np.nanmax(values, initial=0.0) > high:
            return np.full_like(values, np.nan)
    return (values - low) / (high - low) if high > low else np.full_like(values, np.nan)


def read_trace(text: str, trace_format: TraceFormat, name: str) -> Rows:
    """Return a trace's raw values, float64 (n, 5), in the order of `WANTED`.

    Points stand apart by commas. A value may be preceded by `!` (as it is), `'` (a difference) or `"` (a second
    difference), which holds for the channel until another comes; `*` is as before, `?` unknown, T and F are
    switches, # precedes hexadecimal digits. Raises `InvalidInk` for anything else.
    """
    columns = trace_format.columns(name)
    if not text or text.isspace():
        return np.empty((0, len(WANTED)))
    if _PLAIN.fullmatch(text):
        try:
            table = np.array([part.split() for part in text.split(",") if not part.isspace() and part], np.float64)
        except ValueError:  # values run together, or points of different lengths
            table = np.empty((0, 0))
        if table.ndim == 2 and len(table) and table.shape[1] == len(trace_format.channels):
            _bound(len(table), name)
            missing = np.full(len(table), np.nan)
            return np.stack([missing if at is None else table[:, at] for at in columns], axis=1)
    points = [point for part in " ".join(text.split()).split(",") if (point := part.strip())]
    _bound(len(points), name)
    return np.array(list(_rows(points, len(trace_format.channels), columns, name)), np.float64).reshape(-1, len(WANTED))


def _bound(points: int, name: str) -> None:
    if points > MAX_POINTS:
        raise InvalidInk(
            "{name} has a stroke of more than {limit} points.",
            "Write one character at a time.",
            name=name,
            limit=f"{MAX_POINTS:,}",
        )


def _rows(points: list[str], width: int, columns: list[int | None], name: str) -> Iterator[list[float]]:
    states = [_State() for _ in range(width)]
    kept = set(columns)
    least = max(columns[_X] or 0, columns[_Y] or 0) + 1
    for point in points:
        found = list(_VALUE.finditer(point)) if len(point) <= _LONGEST_POINT else []
        if sum(len(value[0]) for value in found) != len(point) or not least <= len(found) <= width:
            raise _no_numbers(name, point)
        for at, value in enumerate(found):
            if at in kept and not states[at].take(value[1], value[2], is_switch=at == columns[_S]):
                raise _no_numbers(name, point)
        yield [math.nan if at is None else states[at].value for at in columns]


def _no_numbers(name: str, point: str) -> InvalidInk:
    return InvalidInk(
        "{name} has a point that is not numbers: “{point}”.", "Export it again.", name=name, point=point[:30]
    )


class _State:
    """A channel's value, and its last difference, while a trace is read; NaN where there is none."""

    def __init__(self) -> None:
        self.value = self.speed = math.nan
        self._mode = "!"

    def take(self, prefix: str, given: str, is_switch: bool) -> bool:
        """Go on by one value; return False where it says nothing: a difference from what is not known."""
        if given == "*":
            self.speed = 0.0
        elif given == "?":
            self.value = self.speed = math.nan
        elif given in "TF":
            self.value = float(given == "T")
            return is_switch
        else:
            self._mode = prefix or self._mode
            digits = given.replace(" ", "")
            number = float(int(digits.replace("#", ""), 16)) if "#" in digits else float(digits)
            if self._mode == "!":
                self.value, self.speed = number, number - self.value
            else:
                self.speed = number if self._mode == "'" else self.speed + number
                self.value += self.speed
            return not math.isnan(self.value)
        return True


def strokes_of(rows: Rows, split: bool) -> list[Any]:
    """Return the strokes, float32 (n, 2 to 4), that rows of one trace draw; points without position are left out.

    With `split` the tip switch is obeyed: the pen is up where it is off.
    """
    if not len(rows):
        return []
    rows = rows[~np.isnan(rows[:, :2]).any(axis=1)]
    parts = [rows]
    if split:
        up = rows[:, _S] == 0.0
        parts = [part[part[:, _S] != 0.0] for part in np.split(rows, np.flatnonzero(up[1:] != up[:-1]) + 1)]
    return [_stroke(part) for part in parts if len(part)]


def _stroke(rows: Rows) -> Any:
    if np.isnan(rows[:, _T:_S]).all():
        return rows[:, :2]
    time = _filled(rows[:, _T], 0.0)
    if np.isnan(rows[:, _F]).all():
        return np.column_stack([rows[:, :2], time])
    return np.column_stack([rows[:, :2], time, _filled(rows[:, _F], 0.5)])


def _filled(values: Rows, first: float) -> Rows:
    """Return values with what is unknown as before, `first` at the beginning."""
    known = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(len(values))))
    return np.where(known < 0, first, values[np.maximum(known, 0)])
