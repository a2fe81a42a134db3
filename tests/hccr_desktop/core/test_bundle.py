from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hccr_desktop.core.bundle import MAX_TEXT_BYTES, load_bundle, write_bundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InvalidBundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "bundle"
    write_bundle(
        target,
        bundle_id="test-1",
        title="Test",
        charset=Charset(("一", "二")),
        spec=InputSpec(48, 2),
        model=b"not a real model",
        card="# Card",
        scores={"known": 0.5},
    )
    return target


def test_a_written_bundle_is_read_back(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert (bundle.id, bundle.spec, bundle.scores) == ("test-1", InputSpec(48, 2), {"known": 0.5})
    assert bundle.charset.characters == ("一", "二")
    assert bundle.card() == "# Card"
    assert bundle.model_bytes() == b"not a real model"


def _edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.update(format="hccr-bundle-9"),
        lambda v: v.update(id="../evil"),
        lambda v: v.update(id=5),
        lambda v: v.pop("input"),
        lambda v: v.update(input={"size": "large"}),
        lambda v: v.update(input={"size": 64, "margin": 3, "extra": 1}),
        lambda v: v.update(characters_sha256="0" * 64),
        lambda v: v.update(scores=[1]),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    _edit(folder, change)
    with pytest.raises(InvalidBundle) as caught:
        load_bundle(folder)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "[]", "null", '{"format": ', "[" * 100_000])
def test_a_manifest_that_is_no_manifest_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidBundle):
        load_bundle(folder)


def test_a_changed_character_table_is_refused(folder: Path) -> None:
    (folder / "characters.txt").write_text("一\n三\n", encoding="utf-8")
    with pytest.raises(InvalidBundle, match="character table"):
        load_bundle(folder)


def test_a_giant_manifest_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b" " * (MAX_TEXT_BYTES + 1))
    with pytest.raises(InvalidBundle, match="larger than"):
        load_bundle(folder)


def test_a_changed_model_is_refused(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"another")
    with pytest.raises(InvalidBundle, match="changed or damaged"):
        load_bundle(folder).model_bytes()


@pytest.mark.parametrize("name", ["manifest.json", "characters.txt", "model.onnx"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(InvalidBundle, match=name):
        load_bundle(folder)


@pytest.mark.parametrize("stated", [{"preparation": 1}, {"preparation": 99}, {}])
def test_a_model_of_another_preparation_is_refused(folder: Path, stated: dict[str, int]) -> None:
    _edit(folder, lambda v: v.update(input={"size": 48, "margin": 2, **stated}))
    with pytest.raises(InvalidBundle, match="prepared in another way"):
        load_bundle(folder)
