"""Whether a model's int8 arithmetic answers here as its floats do; where not, it is used without.

Each bundle carries a canary (`core.canary`). It is asked when a model is installed, when somebody checks it, and once
on each computer before a model is first used; what came of it is remembered beside the models.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from hccr_desktop import paths
from hccr_desktop.core.bundle import AnyBundle, load_any_bundle
from hccr_desktop.core.canary import Canary
from hccr_desktop.errors import HccrError, InvalidBundle
from hccr_desktop.files import read_bounded, written_aside
from hccr_desktop.recognize.processor import processor
from hccr_desktop.recognize.sessions import session_of_bundle

if TYPE_CHECKING:
    import onnxruntime

Arithmetic = Literal["int8", "floats"]

_LEAST_AGREEMENT = 0.95
"""Share of sure answers that have to agree."""
_LARGEST = 0.5
"""Largest difference of a probability that is let pass."""
_KEPT = 64
"""Models of which it is remembered how they are used."""
_RUNS = 5


@dataclass(frozen=True)
class Trial:
    """A canary's answer: share of its sure answers that agree, largest difference of a probability, ms an input."""

    agreement: float
    largest: float
    milliseconds: float

    @property
    def holds(self) -> bool:
        """Whether the model answers here as it did where it was made."""
        return self.agreement >= _LEAST_AGREEMENT and self.largest <= _LARGEST


@dataclass(frozen=True)
class Check:
    """What a model's canary answers here in both arithmetics; `int8` is None for a model that has none."""

    int8: Trial | None
    floats: Trial

    @property
    def used(self) -> Arithmetic:
        """The arithmetic that the model is used with here."""
        return "int8" if self.int8 is not None and self.int8.holds else "floats"


def check(bundle: AnyBundle) -> Check | None:
    """Ask a model's canary, and remember what to use; None where it has none, and none can be made for it.

    Raises `InvalidBundle` where the file is damaged, or answers in floats otherwise than where it was made.
    """
    floats = session_of_bundle(bundle, use_int8=False)
    canary = bundle.canary() or _made_here(floats)
    if canary is None:
        return None
    found = Check(_asked(session_of_bundle(bundle), canary) if bundle.has_int8 else None, _asked(floats, canary))
    if not found.floats.holds:
        raise InvalidBundle(
            "{id} answers otherwise here than where it was made, in floats too.",
            "Install the model again.",
            id=bundle.id,
        )
    _remember(bundle, found.used)
    return found


def arithmetic_of(bundle: AnyBundle) -> Arithmetic:
    """Return how a model is used here, as it was found before or is found now; raises `InvalidBundle`."""
    if not bundle.has_int8:
        return "floats"
    if known := _remembered().get(_key(bundle)):
        return known
    canary = bundle.canary()
    if canary is not None and _asked(session_of_bundle(bundle), canary, runs=1).holds:
        _remember(bundle, "int8")
        return "int8"
    found = check(bundle)
    return found.used if found else "int8"


def _asked(session: onnxruntime.InferenceSession, canary: Canary, runs: int = _RUNS) -> Trial:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        try:
            logits = _answers(session, canary.images)
        except Exception:  # noqa: BLE001 - of another network: onnxruntime raises many kinds
            return Trial(0.0, 1.0, 0.0)
        times.append(time.perf_counter() - started)
    try:
        agreement, largest = canary.compared(logits)
    except ValueError:
        agreement, largest = 0.0, 1.0
    return Trial(agreement, largest, float(np.median(times)) * 1e3 / len(canary.images))


def _answers(session: onnxruntime.InferenceSession, images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    inputs = session.get_inputs()
    at_once = 1 if inputs[0].shape[0] == 1 else len(images)

    def asked(part: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        given = {one.name: part if one.type == "tensor(uint8)" else np.array(False) for one in inputs}
        return np.asarray(session.run(None, given)[0])

    return np.concatenate([asked(images[start : start + at_once]) for start in range(0, len(images), at_once)])


def _made_here(floats: onnxruntime.InferenceSession) -> Canary | None:
    """Return a canary for a model that is older than they are: the bundled model's inputs, asked in floats."""
    with contextlib.suppress(HccrError, ValueError, OSError, StopIteration):
        images = next(canary.images for canary in map(_canary_in, sorted(paths.bundled_models().iterdir())) if canary)
        if list(floats.get_inputs()[0].shape[1:]) == list(images.shape[1:]):
            return Canary.of(images, _answers(floats, images))
    return None


def _canary_in(folder: Any) -> Canary | None:
    return load_any_bundle(folder).canary()


@cache
def _here() -> str:
    return str(processor())


def _key(bundle: AnyBundle) -> str:
    return f"{bundle.model_sha256} {_here()}"


def _remembered() -> dict[str, Arithmetic]:
    try:
        values: Any = json.loads(read_bounded(paths.arithmetic(), 2**16))
        return {str(key): value for key, value in values.items() if value in ("int8", "floats")}
    except (HccrError, ValueError, AttributeError, RecursionError):
        return {}


def _remember(bundle: AnyBundle, used: Arithmetic) -> None:
    known = {**_remembered(), _key(bundle): used}
    with contextlib.suppress(HccrError), written_aside(paths.arithmetic()) as out:  # then it is asked again
        out.write(json.dumps(dict(list(known.items())[-_KEPT:])).encode())
