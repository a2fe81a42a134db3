"""A bundle whose model file and manifest contradict each other is refused, of whatever kind it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hccr_desktop import paths
from hccr_desktop.core.bundle import ModelBundle, load_bundle, write_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InvalidBundle
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.whole_lines import LineEngine

KINDS = [(Engine, next(paths.bundled_models().iterdir())), (LineEngine, paths.line_model())]


@pytest.mark.parametrize(("engine", "folder"), KINDS, ids=["characters", "lines"])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: {"charset": Charset(b.charset.characters[::-1])}, "contradict each other"),
        (lambda b: {"spec": InputSpec(b.spec.size, b.spec.margin + 1)}, "contradict each other"),
        (lambda _: {"model": paths.page_finder().read_bytes()}, "not one of this application"),
    ],
    ids=["alphabet", "input", "foreign"],
)
def test_models_that_contradict_their_manifest_are_refused(
    engine: type[Engine] | type[LineEngine],
    folder: Path,
    change: Callable[[ModelBundle], dict[str, object]],
    words: str,
    tmp_path: Path,
) -> None:
    bundle = load_bundle(folder)
    kept: dict[str, object] = {"charset": bundle.charset, "spec": bundle.spec, "model": bundle.model_bytes()}
    made = {**kept, **change(bundle)}
    changed = write_bundle(
        tmp_path / "changed",
        bundle_id="changed",
        title="changed",
        card="",
        has_int8=False,
        **made,  # type: ignore[arg-type]
    )
    with pytest.raises(InvalidBundle, match=words) as caught:
        engine(changed)
    assert caught.value.hint


@pytest.mark.parametrize(("engine", "folder"), KINDS, ids=["characters", "lines"])
def test_a_model_that_agrees_is_loaded(engine: type[Engine] | type[LineEngine], folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    assert engine(load_bundle(tmp_path / "copy")).bundle.folder == tmp_path / "copy"
