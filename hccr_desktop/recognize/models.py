"""The models at hand: bundled ones and the user's; install, activate, roll back.

A bundle is installed by checking it in a temporary folder beside its place, a trial recognition
included, and renaming it. `active.json` names the active model and those before it, newest
last; where it is missing or names a model that is gone, the bundled model is active.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hccr_desktop import paths
from hccr_desktop.core.bundle import (
    CANARY,
    CARD,
    CHARACTERS,
    ERRORS,
    MANIFEST,
    MAX_MODEL_BYTES,
    MODEL,
    MOST_OF_ID,
    ModelBundle,
    load_bundle,
)
from hccr_desktop.core.ink import Ink
from hccr_desktop.errors import HccrError, InvalidBundle, ModelError, StorageError, UnknownModel, UnreadableFile
from hccr_desktop.files import (
    decoding,
    members_of,
    name_of_member,
    open_archive,
    open_member,
    read_bounded,
    written_aside,
)
from hccr_desktop.recognize.arithmetic import check
from hccr_desktop.recognize.engine import Engine

_FILES = (MANIFEST, MODEL, CHARACTERS, CANARY, CARD, ERRORS)
_KEPT_HISTORY = 20
_INSTALLING = ".installing-"
_OLD_S = 3600.0
"""What an installation left is removed by the next one after an hour."""


class Registry:
    """Models in a folder of bundled ones and a folder of the user's."""

    def __init__(self, bundled: Path | None = None, user: Path | None = None) -> None:
        self._bundled = bundled or paths.bundled_models()
        self._user = user or paths.user_models()

    def bundles(self) -> list[ModelBundle]:
        """Return all usable models, bundled ones first; damaged ones are left out."""
        bundles: dict[str, ModelBundle] = {}
        for root in (self._bundled, self._user):
            for folder in sorted(root.iterdir()) if root.is_dir() else ():
                if folder.is_dir() and not folder.name.startswith("."):
                    with contextlib.suppress(InvalidBundle):
                        bundle = load_bundle(folder)
                        bundles.setdefault(bundle.id, bundle)
        return list(bundles.values())

    def get(self, bundle_id: str) -> ModelBundle:
        """Return a model by its id; raises `UnknownModel`."""
        for bundle in self.bundles():
            if bundle.id == bundle_id:
                return bundle
        raise UnknownModel("There is no model named {name}.", "`hccr models list` shows those at hand.", name=bundle_id)

    def active(self) -> ModelBundle:
        """Return the active model, the bundled one unless another was activated.

        Raises `ModelError` where there is none at all.
        """
        bundles = {bundle.id: bundle for bundle in self.bundles()}
        for bundle_id in reversed(self._history()):
            if bundle_id in bundles:
                return bundles[bundle_id]
        if not bundles:
            raise ModelError(
                "No model is installed.", "Install the application again, or a model with `hccr models install`."
            )
        return next(iter(bundles.values()))

    def require_active(self) -> ModelBundle:
        """Return the active model; raises `InvalidBundle` where that is damaged, and another would stand in for it."""
        found = self.active()
        if damaged := self._damaged():
            raise InvalidBundle(
                "The model in use, {id}, is damaged.",
                "Install it again, or choose another: `hccr models activate ID`, or --model.",
                id=damaged,
            )
        return found

    def _damaged(self) -> str:
        """Return the id of the model in use where it is damaged, otherwise an empty text."""
        last = next(reversed(self._history()), "")
        is_there = bool(last) and (self._user / last).is_dir()
        return last if is_there and last not in {bundle.id for bundle in self.bundles()} else ""

    def free_id(self, wish: str) -> str:
        """Return `wish`, or `wish`-2, -3, … where models of that name are at hand, readable or not; never too long."""
        taken = {bundle.id.casefold() for bundle in self.bundles()}
        if self._user.is_dir():
            taken |= {folder.name.casefold() for folder in self._user.iterdir()}
        ends = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
        names = (wish[: MOST_OF_ID - len(end)] + end for end in ends)
        return next(name for name in names if name.casefold() not in taken)

    def install(self, source: Path) -> ModelBundle:
        """Check a bundle (folder or zip) aside and move it in; raises `InvalidBundle`, `StorageError`.

        A model of the same id and content is left as it is; of the same id and other content, refused.
        """
        with _folder_in(self._user) as work:
            aside = work / (source.resolve().name or "model")  # by which errors call it
            _copy_files(source, aside)
            candidate = load_bundle(aside)
            check(candidate)
            _try(Engine(candidate))
            target = self._user / candidate.id
            for known in self.bundles():
                if known.id.casefold() != candidate.id.casefold():
                    continue
                is_same = known.id == candidate.id and known.model_sha256 == candidate.model_sha256
                if is_same and _is_sound(known):
                    return known
                if not (is_same and known.folder == target):
                    raise InvalidBundle(
                        "Another model named {id} is installed already.",
                        "Export this one under another name.",
                        id=known.id,
                    )
            if _is_model(target) and load_bundle(target).id != candidate.id:
                raise InvalidBundle(
                    "The folder {name} holds another model.", "Give that folder its model's name.", name=target.name
                )
            try:
                if target.exists():  # a damaged model's
                    shutil.rmtree(target)
                aside.rename(target)
            except OSError as error:
                raise StorageError(
                    "{path} cannot be written ({reason}).",
                    "Choose a folder that you may write to.",
                    path=target,
                    reason=error.strerror,
                ) from error
            return load_bundle(target)

    def export(self, bundle_id: str, target: Path) -> None:
        """Write a model as a zip file for `install`; raises `UnknownModel`, `InvalidBundle`, `StorageError`."""
        bundle = self.get(bundle_id)
        bundle.model_bytes()  # nothing damaged goes out
        with written_aside(target) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in _FILES:
                if (bundle.folder / name).is_file():
                    archive.write(bundle.folder / name, name)

    def activate(self, bundle_id: str) -> ModelBundle:
        """Make a model the active one, once it has answered; raises `UnknownModel`, `InvalidBundle`."""
        bundle = self.get(bundle_id)
        _try(Engine(bundle))
        history, before = self._history(), self.active().id
        if history[-1:] != [before]:  # the bundled one, or what stands in for one that is gone or damaged
            history.append(before)
        if before != bundle.id:
            history.append(bundle.id)
        if history != [bundle.id]:
            self._remember(history)
        return bundle

    @property
    def can_roll_back(self) -> bool:
        """Whether another model was active before, and is still at hand."""
        return bool(self._before())

    def _before(self) -> list[str]:
        """Return the models at hand that were active before the one in use, be that damaged or not."""
        at_hand = {bundle.id for bundle in self.bundles()}
        known = [bundle_id for bundle_id in self._history() if bundle_id in at_hand]
        return known if self._damaged() else known[:-1]

    def rollback(self) -> ModelBundle:
        """Return to the model that was active before; raises `ModelError` where there was none."""
        history = self._before()
        if not history:
            raise ModelError("No other model was active before.", "`hccr models activate` chooses one.")
        self._remember(history)
        return self.active()

    def _history(self) -> list[str]:
        try:
            values: Any = json.loads((self._user / "active.json").read_text(encoding="utf-8"))
            return [str(bundle_id) for bundle_id in values["history"]]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return []

    def _remember(self, history: list[str]) -> None:
        with written_aside(self._user / "active.json") as out:
            out.write(json.dumps({"history": history[-_KEPT_HISTORY:]}).encode())


def _is_model(folder: Path) -> bool:
    """Whether a folder holds a model whose description can be read."""
    try:
        load_bundle(folder)
    except InvalidBundle:
        return False
    return True


def _is_sound(bundle: ModelBundle) -> bool:
    """Whether a model's file is what its description says."""
    try:
        bundle.model_bytes()
    except HccrError:
        return False
    return True


_TRIAL = Ink.from_points([[[0, 0], [100, 0]], [[50, -50], [50, 50]]])


def _try(engine: Engine) -> None:
    """Let a model answer once; raises `InvalidBundle` where it cannot."""
    try:
        engine.recognize(_TRIAL, top=1)
    except HccrError:
        raise
    except Exception as error:  # onnxruntime raises many kinds
        raise InvalidBundle("{id} fails when it is asked.", "Export it again.", id=engine.bundle.id) from error


@contextlib.contextmanager
def _folder_in(root: Path) -> Iterator[Path]:
    """Give a temporary folder inside `root`, removed at the end unless it was renamed."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        for left in root.glob(f"{_INSTALLING}*"):  # by one that was killed
            with contextlib.suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _OLD_S:
                    shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_INSTALLING, dir=root))
    except OSError as error:
        raise StorageError(
            "{path} cannot be written ({reason}).",
            "Choose a folder that you may write to.",
            path=root,
            reason=error.strerror,
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy_files(source: Path, target: Path) -> None:
    """Copy a bundle's files, and no others, from a folder or a zip archive."""
    if not source.exists():
        raise UnreadableFile("{name} does not exist.", "Give the folder or zip of a model.", name=source.name)
    try:
        found = _read_folder(source) if source.is_dir() else _unpacked(source)
    except (HccrError, OSError) as error:
        raise InvalidBundle(
            "{name} is no model.", "Give the folder or zip that the trainer exported.", name=source.name
        ) from error
    for name, data in found.items():
        if len(data) > MAX_MODEL_BYTES:
            raise InvalidBundle("{name} is larger than {limit} MiB.", name=name, limit=MAX_MODEL_BYTES // 2**20)
        with written_aside(target / name) as out:
            out.write(data)


def _read_folder(source: Path) -> dict[str, bytes]:
    return {name: read_bounded(source / name, MAX_MODEL_BYTES) for name in _FILES if (source / name).is_file()}


def _unpacked(source: Path) -> dict[str, bytes]:
    """Return a bundle's files in a zip archive, a byte more of each than is let pass."""
    found = {}
    with decoding(source.name), source.open("rb") as file, open_archive(file, source.name) as archive:
        members = {Path(name_of_member(member)).name: member for member in members_of(archive)}
        for name in _FILES:
            if name in members:
                with open_member(archive, members[name], name) as packed:
                    found[name] = packed.read(MAX_MODEL_BYTES + 1)
    return found
