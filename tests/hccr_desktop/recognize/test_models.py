from __future__ import annotations

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from hccr_desktop import cli, paths
from hccr_desktop.core.bundle import load_bundle, write_bundle
from hccr_desktop.errors import InvalidBundle, ModelError, StorageError, UnknownModel, UnreadableFile
from hccr_desktop.recognize.models import Registry


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    """A bundle that is not installed: the bundled model under another name."""
    bundle = Registry().active()
    write_bundle(
        tmp_path / "offered",
        bundle_id="mine-1",
        title="Mine",
        charset=bundle.charset,
        spec=bundle.spec,
        model=bundle.model_bytes(),
        card="# Mine",
    )
    return tmp_path / "offered"


def test_install_activate_and_roll_back(offered: Path) -> None:
    registry = Registry()
    first = registry.active().id
    assert registry.install(offered).id == "mine-1"
    assert registry.active().id == first
    registry.activate("mine-1")
    assert Registry().active().id == "mine-1"
    assert registry.rollback().id == first
    with pytest.raises(ModelError, match="No other model"):
        registry.rollback()


def test_a_zip_is_installed_like_a_folder(offered: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "mine"), "zip", offered))
    assert Registry().install(archive).id == "mine-1"
    assert {b.id for b in Registry().bundles()} > {"mine-1"}


def test_installing_twice_changes_nothing_and_another_content_is_refused(offered: Path) -> None:
    registry = Registry()
    registry.install(offered)
    assert registry.install(offered).id == "mine-1"
    bundle = load_bundle(offered)
    registry_bundle = Registry().get("mine-1")
    (registry_bundle.folder / "model.onnx").write_bytes(b"x")
    (registry_bundle.folder / "manifest.json").write_text(
        (offered / "manifest.json").read_text(encoding="utf-8").replace(bundle.model_sha256, "0" * 64), encoding="utf-8"
    )
    with pytest.raises(InvalidBundle, match="Another model named mine-1"):
        registry.install(offered)


@pytest.mark.parametrize("name", ["manifest.json", "model.onnx", "characters.txt"])
def test_an_incomplete_model_leaves_nothing_behind(offered: Path, name: str) -> None:
    (offered / name).unlink()
    with pytest.raises(InvalidBundle):
        Registry().install(offered)
    assert not paths.user_models().exists() or list(paths.user_models().iterdir()) == []


def test_a_model_that_cannot_answer_is_not_installed(offered: Path) -> None:
    bundle = load_bundle(offered)
    write_bundle(
        offered, bundle_id="mine-1", title="", charset=bundle.charset, spec=bundle.spec, model=b"garbage", card=""
    )
    with pytest.raises(InvalidBundle, match="cannot be loaded"):
        Registry().install(offered)
    assert "mine-1" not in {b.id for b in Registry().bundles()}


def test_archives_only_give_the_files_of_a_bundle(offered: Path, tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in offered.iterdir():
            archive.write(file, file.name)
        archive.writestr("../../outside.txt", "escaped")
    bundle = Registry().install(path)
    assert sorted(p.name for p in bundle.folder.iterdir()) == sorted(p.name for p in offered.iterdir())
    assert not list(tmp_path.rglob("outside.txt"))


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("no archive", encoding="utf-8")
    with pytest.raises(InvalidBundle):
        Registry().install(tmp_path / "text.zip")
    with pytest.raises(UnreadableFile):
        Registry().install(tmp_path / "missing.zip")
    with pytest.raises(UnknownModel):
        Registry().activate("unknown")


def test_a_removed_active_model_falls_back(offered: Path) -> None:
    registry = Registry()
    first = registry.active().id
    registry.activate(registry.install(offered).id)
    shutil.rmtree(paths.user_models() / "mine-1")
    assert registry.active().id == first


def test_a_damaged_memory_of_the_active_model_is_no_obstacle() -> None:
    paths.user_models().mkdir(parents=True)
    (paths.user_models() / "active.json").write_text("[5", encoding="utf-8")
    assert Registry().active()


def test_no_model_at_all_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No model is installed"):
        Registry(tmp_path / "none", tmp_path / "none either").active()


def test_a_user_folder_that_cannot_be_written_is_a_sentence(offered: Path, home: Path) -> None:
    home.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        Registry().install(offered)
    assert caught.value.hint


def test_a_damaged_model_is_mended_by_installing_it_again(offered: Path, home: Path) -> None:
    installed = Registry().install(offered)
    model = installed.folder / "model.onnx"
    model.write_bytes(model.read_bytes()[:1000])
    mended = Registry().install(offered)
    assert mended.model_bytes()
    assert Registry().get(mended.id).model_bytes()


def test_a_free_name_is_none_of_a_model_that_cannot_be_read(offered: Path) -> None:
    installed = Registry().install(offered)
    (installed.folder / "manifest.json").write_text('{"format": "hccr-bundle-99"}', encoding="utf-8")
    assert Registry().free_id(installed.id.upper()) == f"{installed.id.upper()}-2"
    assert Registry().free_id("a" * 70) == "a" * 64
    (paths.user_models() / ("a" * 64)).mkdir()
    assert Registry().free_id("a" * 70) == "a" * 62 + "-2"


def test_installing_takes_no_other_models_folder(offered: Path, home: Path) -> None:
    installed = Registry().install(offered)
    other = installed.folder.with_name("other")
    installed.folder.rename(other)  # by hand
    again = json.loads((offered / "manifest.json").read_text("utf-8"))
    (offered / "manifest.json").write_text(json.dumps({**again, "id": "other"}), encoding="utf-8")
    with pytest.raises(InvalidBundle, match="holds another model"):
        Registry().install(offered)
    assert Registry().get(installed.id).folder == other


def test_a_damaged_model_in_use_is_not_exchanged_without_a_word(
    offered: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry()
    installed = registry.install(offered)
    registry.activate(installed.id)
    assert registry.require_active().id == installed.id
    (installed.folder / "manifest.json").write_text("{", encoding="utf-8")
    assert registry.active().id != installed.id
    for command in (["recognize", "x.png"], ["batch", str(tmp_path), "--out", str(tmp_path / "out")]):
        assert cli.main(command) == 1
        assert "The model in use, mine-1, is damaged." in capsys.readouterr().err
    Registry().install(offered)
    assert Registry().require_active().id == installed.id


def test_another_model_takes_the_place_of_a_damaged_one(offered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    registry = Registry()
    first, installed = registry.active().id, registry.install(offered)
    registry.activate(installed.id)
    manifest = installed.folder / "manifest.json"
    whole = manifest.read_text("utf-8")
    manifest.write_text("{", encoding="utf-8")
    assert cli.main(["models", "list"]) == 0
    said = capsys.readouterr()
    assert "*" not in said.out
    assert "is damaged" in said.err
    assert cli.main(["models", "show"]) == 1
    assert registry.can_roll_back
    assert registry.rollback().id == first
    assert registry.require_active().id == first
    manifest.write_text(whole, encoding="utf-8")
    registry.activate(installed.id)
    manifest.write_text("{", encoding="utf-8")
    assert registry.activate(first).id == first
    assert Registry().require_active().id == first


@pytest.mark.parametrize("values", [{"id": "active.json"}, {"id": "Active.JSON"}, {"input": {"size": 64.0}}])
def test_a_manifest_of_odd_values_is_refused(offered: Path, values: dict[str, object]) -> None:
    manifest = json.loads((offered / "manifest.json").read_text("utf-8"))
    (offered / "manifest.json").write_text(json.dumps({**manifest, **values}), encoding="utf-8")
    with pytest.raises(InvalidBundle):
        Registry().install(offered)


def test_a_folder_is_installed_by_any_name_and_old_remains_are_removed(
    offered: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (offered / "below").mkdir()
    monkeypatch.chdir(offered / "below")
    left, new = (paths.user_models() / f".installing-{name}" for name in ("old", "new"))
    for folder in (left, new):
        folder.mkdir(parents=True)
    os.utime(left, (0, 0))
    installed = Registry().install(Path(".."))
    assert sorted(path.name for path in paths.user_models().iterdir()) == [".installing-new", installed.id]
    (offered / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidBundle, match="offered"):
        Registry().install(Path(".."))
