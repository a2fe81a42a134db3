"""A bundle whose model file and manifest contradict each other is refused, of whatever kind it is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from hccr_desktop.core.bundle import AnyBundle, Spec, load_any_bundle, write_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InvalidBundle
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.lines.network import LineNetwork
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.page.finder import Finder
from hccr_desktop.recognize.page.scripts import ScriptNamer
from tests.networks import NETWORKS

OPENED: dict[str, Callable[[Any], object]] = {
    "character": Engine,
    "line": LineNetwork,
    "page": Finder,
    "script": ScriptNamer,
}
BUNDLES: tuple[AnyBundle, ...] = (Registry().active(), *NETWORKS.bundles)


def other(spec: Spec) -> Spec:
    """Return another specification of the same task."""
    name, value = next(iter(asdict(spec).items()))
    return replace(spec, **{name: value + 8})


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.task)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: {"charset": Charset(b.charset.characters[::-1])}, "contradict each other"),
        (lambda b: {"spec": other(b.spec)}, "contradict each other"),
        (
            lambda b: {"model": b.model_bytes().replace(b"hccr-bundle-1", b"some-bundle-1")},
            "not one of this application",
        ),
    ],
    ids=["alphabet", "input", "foreign"],
)
def test_models_that_contradict_their_manifest_are_refused(
    bundle: AnyBundle, change: Callable[[AnyBundle], dict[str, Any]], words: str, tmp_path: Path
) -> None:
    kept: dict[str, Any] = {"charset": bundle.charset, "spec": bundle.spec, "model": bundle.model_bytes()}
    made = {**kept, **change(bundle)}
    folder = tmp_path / "changed"
    changed: Any = write_bundle(folder, bundle_id="changed", title="changed", card="", has_int8=False, **made)
    with pytest.raises(InvalidBundle, match=words) as caught:
        OPENED[bundle.task](changed)
    assert caught.value.hint


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.task)
def test_a_model_that_agrees_is_loaded(bundle: AnyBundle, tmp_path: Path) -> None:
    shutil.copytree(bundle.folder, tmp_path / "copy")
    copy = load_any_bundle(tmp_path / "copy")
    assert copy.task == bundle.task
    OPENED[bundle.task](copy)
