"""A bank of lessons: pictures as the student sees them, and what teachers answered to each.

A folder of shards, written aside and renamed, each a function of seed and number: any number of workers fill it, killed
at any moment, and a training draws from what is there and names the shards that it used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InputError, InvalidBundle
from hccr_desktop.files import written_aside

MANIFEST = "bank.json"
SHARD = 2_048
"""Lessons in a shard."""


NOT_ASKED = -1
"""Class in the answer of a teacher that was not asked."""


@dataclass(frozen=True, eq=False)
class Answers:
    """A teacher's: `values` float16 (n, d) are its features, or the logits of its `classes`, int16 (n, d)."""

    values: npt.NDArray[np.float16]
    classes: npt.NDArray[np.int16] | None = None


class Classifier(NamedTuple):
    """What makes logits of features: `weights` float32 (classes, features), `biases` float32 (classes,)."""

    weights: npt.NDArray[np.float32]
    biases: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Told:
    """What a bank keeps of a teacher: its classes, and `classifier` where it answers in features.

    `digest` is that of its file; `title` and `terms` go into the cards of its students.
    """

    characters: tuple[str, ...]
    digest: str
    title: str
    terms: str
    classifier: Classifier | None = None


@dataclass(frozen=True, eq=False)
class Lessons:
    """`images` uint8 (n, size, size); `labels` int32 (n,), -1 where nobody knows; `answers` by teacher.

    `kinds` uint8 (n,) are those of `lesson_pictures`, `scanned` bool (n,) is whether they are one
    character's real picture.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]
    scanned: npt.NDArray[np.bool_]
    answers: dict[str, Answers]


def joined(parts: Sequence[Lessons]) -> Lessons:
    """Return lessons as one."""
    answers = {}
    for name in parts[0].answers:
        own = [part.answers[name] for part in parts]
        classes = [a.classes for a in own if a.classes is not None]
        answers[name] = Answers(np.concatenate([a.values for a in own]), np.concatenate(classes) if classes else None)
    return Lessons(
        np.concatenate([part.images for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.kinds for part in parts]),
        np.concatenate([part.scanned for part in parts]),
        answers,
    )


class LessonBank:
    """The folder of a bank: made for one alphabet, one input and some teachers, known by the digests of their files."""

    def __init__(self, folder: Path, charset: Charset, spec: InputSpec, teachers: Mapping[str, Told]) -> None:
        self.folder, self.charset, self.spec, self.teachers = folder, charset, spec, teachers

    @classmethod
    def opened(cls, folder: Path) -> LessonBank:
        """Return the bank in a folder; raises `InputError` where there is none."""
        try:
            values: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            teachers = {name: _told(folder, name, table) for name, table in values["teachers"].items()}
            return cls(folder, Charset(tuple(values["characters"])), InputSpec(**values["input"]), teachers)
        except (OSError, ValueError, KeyError, TypeError, InvalidBundle) as error:
            raise InputError(
                "{name} is no bank of lessons.", "`python -m trainer teach` makes one.", name=folder.name
            ) from error

    def make(self) -> None:
        """Write the manifest; raises `InputError` where the folder holds a bank of something else."""
        if (self.folder / MANIFEST).exists():
            other = LessonBank.opened(self.folder)
            if self.digests != other.digests or (self.charset, self.spec) != (other.charset, other.spec):
                raise InputError(
                    "{name} holds lessons of other teachers, or for another student.",
                    "Choose another folder.",
                    name=self.folder.name,
                )
            return
        told = {}
        for name, teacher in self.teachers.items():
            classifier = teacher.classifier
            if classifier is not None:
                with written_aside(self.folder / f"{name}.npz") as out:
                    np.savez(out, allow_pickle=False, weights=classifier.weights, biases=classifier.biases)
            told[name] = {
                "characters": "".join(teacher.characters),
                "digest": teacher.digest,
                "title": teacher.title,
                "terms": teacher.terms,
                "classifier": classifier is not None,
            }
        values = {"characters": "".join(self.charset.characters), "input": asdict(self.spec), "teachers": told}
        with written_aside(self.folder / MANIFEST) as out:
            out.write(json.dumps(values, ensure_ascii=False, indent=1).encode())

    @property
    def digests(self) -> dict[str, str]:
        """Its teachers' digests by name."""
        return {name: told.digest for name, told in self.teachers.items()}

    def path(self, seed: int, number: int) -> Path:
        """Return the file of a shard."""
        return self.folder / f"{seed:04}-{number:06}.npz"

    def shards(self) -> list[Path]:
        """Return the shards that are there, in order."""
        return sorted(self.folder.glob("[0-9]*-[0-9]*.npz"))

    def save(self, path: Path, lessons: Lessons) -> None:
        """Write a shard."""
        arrays: dict[str, npt.NDArray[Any]] = {f"{name} values": a.values for name, a in lessons.answers.items()}
        arrays |= {f"{name} classes": a.classes for name, a in lessons.answers.items() if a.classes is not None}
        with written_aside(path) as out:
            arrays |= {
                "images": lessons.images,
                "labels": lessons.labels,
                "kinds": lessons.kinds,
                "scanned": lessons.scanned,
            }
            np.savez_compressed(out, allow_pickle=False, **arrays)

    def load(self, path: Path) -> Lessons:
        """Read a shard; raises `InputError` where it is damaged."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                answers = {name: Answers(kept[f"{name} values"], kept.get(f"{name} classes")) for name in self.teachers}
                return Lessons(kept["images"], kept["labels"], kept["kinds"], kept["scanned"], answers)
        except Exception as error:  # damaged archives raise many kinds
            raise InputError("The shard {name} is damaged.", "Remove it; it is made again.", name=path.name) from error


def _told(folder: Path, name: str, table: dict[str, Any]) -> Told:
    classifier = None
    if table["classifier"]:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as kept:
            classifier = Classifier(kept["weights"], kept["biases"])
    return Told(tuple(table["characters"]), table["digest"], table["title"], table["terms"], classifier)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a teacher's file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_shards(names: Sequence[str]) -> str:
    """Return what stands for the shards that a run used: their names, which say all that they hold."""
    return hashlib.sha256("\n".join(names).encode()).hexdigest()
