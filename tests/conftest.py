"""What all tests share: handwriting that they draw themselves, and a home of their own.

With HCCR_WITHOUT_TORCH=1 imports of the trainer's libraries fail, as where they are not installed; `.ci/run` runs
the application's tests so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

from hccr_desktop.core.ink import Ink

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("patient", deadline=None)  # machines are noisy
settings.load_profile("patient")

TRAINER_ONLY = {"torch", "torchvision", "onnx", "onnxscript", "fontTools", "pydantic", "tqdm", "trainer"}


class _Absent(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in TRAINER_ONLY:
            raise ModuleNotFoundError(f"{fullname} is hidden by this test run", name=fullname)
        return None


if os.environ.get("HCCR_WITHOUT_TORCH"):
    sys.meta_path.insert(0, _Absent())

WRITTEN = {
    "一": [[[10, 52], [50, 49], [92, 50]]],
    "十": [[[10, 45], [50, 44], [92, 45]], [[51, 8], [50, 50], [50, 95]]],
    "中": [
        [[20, 28], [19, 45], [21, 62]],
        [[20, 28], [50, 27], [81, 28], [80, 45], [79, 61]],
        [[21, 60], [50, 59], [79, 60]],
        [[50, 5], [50, 50], [50, 97]],
    ],
    "上": [[[50, 8], [50, 50], [50, 88]], [[50, 45], [65, 44], [78, 45]], [[10, 89], [50, 88], [92, 89]]],
    "木": [
        [[10, 35], [50, 34], [92, 35]],
        [[51, 5], [50, 50], [50, 97]],
        [[49, 36], [35, 60], [10, 80]],
        [[51, 36], [65, 60], [92, 80]],
    ],
}
"""Characters as a person writes them with a mouse, y downward."""


def written(character: str) -> Ink:
    """Return one of the characters of `WRITTEN`."""
    return Ink.from_points(WRITTEN[character])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a user folder of its own."""
    folder = tmp_path / "home"
    monkeypatch.setenv("HCCR_HOME", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))  # "Delete everything" looks there too
    return folder
