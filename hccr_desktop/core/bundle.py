"""A model as a folder: `manifest.json`, `model.onnx`, `characters.txt`, `canary.npz`, `CARD.md`, `errors.png`.

Models of all tasks are bundles. The manifest says the task and what the network takes, and names the digests of the
model and of the table of its classes, so that a damaged or exchanged file is noticed before anything is recognized with
it. The same table and specification also stand in the ONNX file's own metadata; `recognize.agreement` compares both.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast, overload

from hccr_desktop.core.canary import MAX_BYTES, Canary
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.specs import LineSpec, PageSpec, ScriptSpec
from hccr_desktop.errors import InputError, InvalidBundle

Spec: TypeAlias = InputSpec | LineSpec | PageSpec | ScriptSpec
S = TypeVar("S", InputSpec, LineSpec, PageSpec, ScriptSpec)

FORMAT = "hccr-bundle-1"
MANIFEST, MODEL, CHARACTERS = "manifest.json", "model.onnx", "characters.txt"
CANARY = "canary.npz"
"""Inputs and what the network answers to them in floats; older bundles lack it."""
CARD, ERRORS = "CARD.md", "errors.png"
"""For people; a bundle may lack them."""

MAX_MODEL_BYTES = 64 * 2**20
MAX_TEXT_BYTES = 4 * 2**20

TASKS: dict[str, type[Spec]] = {"character": InputSpec, "line": LineSpec, "page": PageSpec, "script": ScriptSpec}
"""What a network of each task takes."""

MOST_OF_ID = 64
"""Characters of a bundle's id at most."""

_ID = re.compile(rf"(?!(?i:active\.json)$)[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_OF_ID - 1}}}")
"""A model's folder lies beside the file that says which one is active."""


def require_usable_id(bundle_id: str) -> None:
    """Raise `InputError` where a text cannot be a bundle's id."""
    if not _ID.fullmatch(bundle_id):
        raise InputError(
            "{name} cannot be the name of a model.", "Names are letters, digits, . _ and -, at most 64.", name=bundle_id
        )


@dataclass(frozen=True)
class Bundle(Generic[S]):
    """A model whose files were checked; `spec` is that of its task, `charset` the table of its classes.

    `scores` are shares 0..1 by name of the test set, `network` the shape of the network in the
    trainer's words, `training` the seed, the digest of the data and the configuration it was made
    with: the application only carries both.
    """

    folder: Path
    id: str
    title: str
    charset: Charset
    spec: S
    model_sha256: str
    parent: str = ""
    created: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    network: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    has_int8: bool = True
    """Whether the network computes in int8; bundles that do not say are taken to."""

    @property
    def task(self) -> str:
        """What the model does, a key of `TASKS`."""
        return task_of(self.spec)

    @property
    def model_path(self) -> Path:
        """The ONNX file."""
        return self.folder / MODEL

    @property
    def size_bytes(self) -> int:
        """Size of the ONNX file."""
        return self.model_path.stat().st_size

    def card(self) -> str:
        """The model card, Markdown; empty where there is none."""
        path = self.folder / CARD
        return _read(path, MAX_TEXT_BYTES).decode("utf-8", errors="replace") if path.exists() else ""

    def canary(self) -> Canary | None:
        """Return the bundle's canary, None where it has none; raises `InvalidBundle` where it is damaged."""
        path = self.folder / CANARY
        try:
            return Canary.from_bytes(_read(path, MAX_BYTES)) if path.exists() else None
        except ValueError as error:
            raise InvalidBundle("The canary of {id} is damaged.", "Install the model again.", id=self.id) from error

    def model_bytes(self) -> bytes:
        """Return the ONNX file's bytes; raises `InvalidBundle` if they are not what the manifest promises."""
        data = _read(self.model_path, MAX_MODEL_BYTES)
        if hashlib.sha256(data).hexdigest() != self.model_sha256:
            raise InvalidBundle(
                "The model file of {id} was changed or damaged.", "Install the model again.", id=self.id
            )
        return data


ModelBundle: TypeAlias = Bundle[InputSpec]
"""A recognizer of single characters."""
AnyBundle: TypeAlias = Bundle[InputSpec] | Bundle[LineSpec] | Bundle[PageSpec] | Bundle[ScriptSpec]


def task_of(spec: Spec) -> str:
    """Return the task that a specification belongs to."""
    return next(task for task, kind in TASKS.items() if type(spec) is kind)


def metadata_for_onnx(charset: Charset, spec: Spec) -> dict[str, str]:
    """What travels inside the ONNX file: format, table of classes, specification."""
    return {
        "hccr.format": FORMAT,
        "hccr.characters": charset.to_text(),
        "hccr.input": json.dumps(asdict(spec), sort_keys=True),
    }


@overload
def load_bundle(folder: Path) -> ModelBundle: ...
@overload
def load_bundle(folder: Path, kind: type[S]) -> Bundle[S]: ...
def load_bundle(folder: Path, kind: Any = InputSpec) -> Any:
    """Read and check a bundle's manifest and table, of the task with such a specification; raises `InvalidBundle`.

    The model file itself is checked when its bytes are read.
    """
    found = load_any_bundle(folder)
    if not isinstance(found.spec, kind):
        raise InvalidBundle(
            "{id} is a model for the task {task}, not for {wanted}.",
            "Give a model that was made for it.",
            id=found.id,
            task=found.task,
            wanted=next(task for task, of in TASKS.items() if of is kind),
        )
    return found


def load_any_bundle(folder: Path) -> AnyBundle:
    """Read and check a bundle of whichever task; see `load_bundle`."""
    try:
        values: Any = json.loads(_read(folder / MANIFEST, MAX_TEXT_BYTES))
        if values["format"] != FORMAT:
            raise InvalidBundle(  # noqa: TRY301
                "{name} is a model of another format ({format}).",
                "Update the application, or export the model again.",
                name=folder.name,
                format=values["format"],
            )
        task = values.get("task", "character")
        older = {"preparation": 1} if task == "character" else {}  # the first bundles did not say
        bundle = Bundle[Any](
            folder=folder,
            id=values["id"],
            title=str(values.get("title", values["id"])),
            charset=Charset.from_text(_read(folder / CHARACTERS, MAX_TEXT_BYTES).decode("utf-8")),
            spec=TASKS[task](**{**older, **values["input"]}),
            model_sha256=str(values["model_sha256"]),
            parent=str(values.get("parent", "")),
            created=str(values.get("created", "")),
            scores={str(k): float(v) for k, v in values.get("scores", {}).items()},
            network=dict(values.get("network", {})),
            training=dict(values.get("training", {})),
            has_int8=bool(values.get("int8", True)),
        )
        digest = values["characters_sha256"]
    except InvalidBundle:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InvalidBundle(
            "The manifest of {name} is damaged or foreign.", "Install the model again.", name=folder.name
        ) from error
    if not isinstance(bundle.id, str) or not _ID.fullmatch(bundle.id):
        raise InvalidBundle(
            "The model in {name} has no usable name.", "Names are letters, digits, . _ and -.", name=folder.name
        )
    if bundle.charset.digest != digest:
        raise InvalidBundle(
            "The character table of {id} does not belong to it.", "Install the model again.", id=bundle.id
        )
    if not bundle.model_path.is_file():
        raise InvalidBundle("{id} has no {model}.", "Install the model again.", id=bundle.id, model=MODEL)
    return cast(AnyBundle, bundle)


def write_bundle(
    folder: Path,
    *,
    bundle_id: str,
    title: str,
    charset: Charset,
    spec: S,
    model: bytes,
    card: str,
    errors: bytes = b"",
    parent: str = "",
    created: str = "",
    scores: dict[str, float] | None = None,
    network: dict[str, Any] | None = None,
    training: dict[str, Any] | None = None,
    canary: Canary | None = None,
    has_int8: bool = True,
) -> Bundle[S]:
    """Write a bundle's files into an empty folder and return it, checked; `errors` is a PNG that the card shows."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_bytes(model)
    (folder / CHARACTERS).write_text(charset.to_text(), encoding="utf-8", newline="\n")
    (folder / CARD).write_text(card, encoding="utf-8", newline="\n")
    if canary is not None:
        (folder / CANARY).write_bytes(canary.to_bytes())
    if errors:
        (folder / ERRORS).write_bytes(errors)
    manifest = {
        "format": FORMAT,
        "task": task_of(spec),
        "id": bundle_id,
        "title": title,
        "created": created,
        "parent": parent,
        "input": asdict(spec),
        "characters_sha256": charset.digest,
        "model_sha256": hashlib.sha256(model).hexdigest(),
        "scores": scores or {},
        "network": network or {},
        "training": training or {},
        "int8": has_int8,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return load_bundle(folder, type(spec))


def _read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise InvalidBundle(
            "{name} has no readable {file}.",
            "Give the folder of a model, with its manifest.",
            name=path.parent.name,
            file=path.name,
        ) from error
    if len(data) > limit:
        raise InvalidBundle(
            "{name} is larger than {limit} MiB.",
            "This is no model of this application.",
            name=path.name,
            limit=limit // 2**20,
        )
    return data
