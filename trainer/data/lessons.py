"""A bank of lessons: pictures as the student sees them, and what teachers answered to each.

A folder of shards, written aside and renamed, each a function of seed and number: any number of workers fill it, killed
at any moment, and a training draws from what is there and names the shards that it used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InputError
from hccr_desktop.files import written_aside

MANIFEST = "bank.json"
SHARD = 2_048
"""Lessons in a shard."""


@dataclass(frozen=True, eq=False)
class Answers:
    """A teacher's: `values` float16 (n, d) are its features, or the logits of its `classes`, int16 (n, d)."""

    values: npt.NDArray[np.float16]
    classes: npt.NDArray[np.int16] | None = None


@dataclass(frozen=True, eq=False)
class Lessons:
    """`images` uint8 (n, size, size); `labels` int32 (n,), -1 where nobody knows; `answers` by teacher.

    `kinds` uint8 (n,) are those of `lesson_pictures`.
    """

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]
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
        answers,
    )


class LessonBank:
    """The folder of a bank: made for one alphabet, one input and some teachers, by name and digest of their files."""

    def __init__(self, folder: Path, charset: Charset, spec: InputSpec, teachers: dict[str, str]) -> None:
        self.folder, self.charset, self.spec, self.teachers = folder, charset, spec, teachers

    @classmethod
    def opened(cls, folder: Path) -> LessonBank:
        """Return the bank in a folder; raises `InputError` where there is none."""
        try:
            values: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            spec = InputSpec(**values["input"])
            return cls(folder, Charset(tuple(values["characters"])), spec, dict(values["teachers"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                "{name} is no bank of lessons.", "`python -m trainer teach` makes one.", name=folder.name
            ) from error

    def make(self) -> None:
        """Write the manifest; raises `InputError` where the folder holds a bank of something else."""
        if (self.folder / MANIFEST).exists():
            other = LessonBank.opened(self.folder)
            mine, theirs = ((b.charset.digest, b.spec, b.teachers) for b in (self, other))
            if mine != theirs:
                raise InputError(
                    "{name} holds lessons of other teachers, or for another student.",
                    "Choose another folder.",
                    name=self.folder.name,
                )
            return
        values = {
            "characters": list(self.charset.characters),
            "input": {"size": self.spec.size, "margin": self.spec.margin, "preparation": self.spec.preparation},
            "teachers": self.teachers,
        }
        with written_aside(self.folder / MANIFEST) as out:
            out.write(json.dumps(values, ensure_ascii=False).encode())

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
            arrays |= {"images": lessons.images, "labels": lessons.labels, "kinds": lessons.kinds}
            np.savez_compressed(out, allow_pickle=False, **arrays)

    def load(self, path: Path) -> Lessons:
        """Read a shard; raises `InputError` where it is damaged."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                answers = {name: Answers(kept[f"{name} values"], kept.get(f"{name} classes")) for name in self.teachers}
                return Lessons(kept["images"], kept["labels"], kept["kinds"], answers)
        except Exception as error:  # damaged archives raise many kinds
            raise InputError("The shard {name} is damaged.", "Remove it; it is made again.", name=path.name) from error


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a teacher's file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_shards(shards: Sequence[Path]) -> str:
    """Return what stands for the shards that a run used: their names, which say all that they hold."""
    return hashlib.sha256("\n".join(path.name for path in shards).encode()).hexdigest()
