"""Published recognizers as teachers: ONNX files, each with a description of its input.

A description is a table in a TOML file beside the models, or in `onnx_teachers.toml`:

    [compact-cnn]
    file = "compact-cnn-3755.onnx"
    characters = "gb2312-1"   # classes in the order of their GB codes; "gb2312-1 by code point" sorted; "lines"
    side = 96                 # of its input, square
    fit = 88                  # longer side of the ink in it, centered
    stretch = false           # whether the ink is brought to full contrast
    output = "features"       # what is kept: features, or logits
    title = "…"               # for the cards of its students
    terms = "…"

"lines" is a recognizer of lines by CTC as PaddleOCR exports it: its alphabet stands in its metadata, a character a
line, without the blank before and the space after; it sees dark ink on light in three channels from -1 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import numpy_helper

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import normalize
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from trainer.config import read_toml
from trainer.data.lesson_pictures import Picture
from trainer.data.lessons import Answers, Classifier, Told, digest_of
from trainer.data.prepare import gb2312

KEPT = 32
"""Logits that are kept of a teacher without features."""

_AT_ONCE = 8
_LEAST = 1e-6
"""Probability below which a recognizer of lines says nothing."""
_KEYS = {"file", "title", "characters", "side", "fit", "stretch", "output", "terms"}


class Teacher(Protocol):
    """Answers pictures."""

    @property
    def name(self) -> str:
        """Its name in a bank."""

    @property
    def told(self) -> Told:
        """What a bank keeps of it."""

    def ask(self, pictures: Sequence[Picture]) -> Answers:
        """Return what it says to pictures."""


@dataclass(frozen=True, eq=False)
class OnnxTeacher:
    """A recognizer out of a file."""

    name: str
    side: int
    fit: int
    stretch: bool
    output: str
    told: Told
    session: onnxruntime.InferenceSession

    def ask(self, pictures: Sequence[Picture]) -> Answers:
        """Return features, or the `KEPT` largest logits, of pictures as they are, before they are evened out."""
        images = np.stack([fitted(p.pixels, self.side, self.fit, stretch=self.stretch) for p in pictures])[:, None]
        (given,) = self.session.get_inputs()
        if given.type == "tensor(float)":
            images = images.astype(np.float32)
        parts = [
            self.session.run([self.output], {given.name: images[i : i + _AT_ONCE]})[0]
            for i in range(0, len(images), _AT_ONCE)
        ]
        values = np.concatenate(parts)
        return Answers(values.astype(np.float16)) if self.output == "features" else Answers(*_largest(values))


@dataclass(frozen=True, eq=False)
class LineTeacher:
    """A recognizer of lines, asked about single characters."""

    name: str
    side: int
    fit: int
    stretch: bool
    told: Told
    session: onnxruntime.InferenceSession

    def ask(self, pictures: Sequence[Picture]) -> Answers:
        """Return logarithms of the `KEPT` largest probabilities, each the largest over the line's steps."""
        ink = np.stack([fitted(p.pixels, self.side, self.fit, stretch=self.stretch) for p in pictures])[:, None]
        seen = np.repeat((1.0 - ink / 127.5).astype(np.float32), 3, axis=1)
        name, known = self.session.get_inputs()[0].name, len(self.told.characters)
        said = [
            self.session.run(None, {name: seen[i : i + _AT_ONCE]})[0][:, :, 1 : known + 1].max(axis=1)
            for i in range(0, len(seen), _AT_ONCE)
        ]
        return Answers(*_largest(np.log(np.maximum(np.concatenate(said), _LEAST))))


@dataclass(frozen=True, eq=False)
class BundleTeacher:
    """A bundle of this program's own, such as the student's parent."""

    bundle: ModelBundle
    engine: Engine
    name: str = "parent"

    @property
    def told(self) -> Told:
        """What a bank keeps of it."""
        return Told(self.bundle.charset.characters, self.bundle.model_sha256, self.bundle.title, "as this program's")

    def ask(self, pictures: Sequence[Picture]) -> Answers:
        """Return the `KEPT` largest logits of pictures prepared in its own way."""
        seen = normalize([GlyphImage(p.pixels) for p in pictures], self.bundle.spec)
        return Answers(*_largest(self.engine.logits(seen)))


def _largest(logits: npt.NDArray[Any]) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int16]]:
    """Return the `KEPT` largest logits of each row and their classes, in no order."""
    classes = np.argpartition(logits, -KEPT, axis=1)[:, -KEPT:]
    return np.take_along_axis(logits, classes, 1).astype(np.float16), classes.astype(np.int16)


def fitted(pixels: npt.NDArray[np.uint8], side: int, fit: int, *, stretch: bool) -> npt.NDArray[np.uint8]:
    """Return dark ink as bright on 0, uint8 (side, side): cropped, its longer side `fit`, centered.

    Gray levels are kept as they are, but for the paper's, which becomes 0; with `stretch` the darkest becomes 255.
    """
    paper = int(np.percentile(pixels, 95))
    ink = np.clip(paper - pixels.astype(np.int16), 0, 255).astype(np.uint8)
    left, top, width, height = cv2.boundingRect((ink > max(20, int(ink.max()) // 5)).astype(np.uint8))
    canvas = np.zeros((side, side), np.uint8)
    if not width or not height:
        return canvas
    part = ink[top : top + height, left : left + width]
    scale = fit / max(width, height)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    resized: npt.NDArray[Any] = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    if stretch:
        resized = np.minimum(resized * (255.0 / max(int(resized.max()), 1)), 255)
    y, x = (side - size[1]) // 2, (side - size[0]) // 2
    canvas[y : y + size[1], x : x + size[0]] = resized
    return canvas


def load_onnx_teachers(descriptions: Path, folder: Path, names: Sequence[str]) -> list[OnnxTeacher | LineTeacher]:
    """Load teachers by name; raises `InputError` for unknown names, bad descriptions and missing files."""
    values = read_toml(descriptions)
    found: list[OnnxTeacher | LineTeacher] = []
    for name in names:
        table = values.get(name)
        if not isinstance(table, dict) or set(table) != _KEYS:
            raise InputError(
                "{file} does not describe the teacher {name}.",
                "Each needs the keys {keys}.",
                file=descriptions.name,
                name=name,
                keys=", ".join(sorted(_KEYS)),
            )
        path = folder / table["file"]
        if not path.exists():
            raise InputError("The teacher {file} is missing.", "Unpack it into the folder.", file=path.name)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        characters = _characters(str(table["characters"]), session)
        seen = (int(table["side"]), int(table["fit"]), bool(table["stretch"]))
        is_features = table["output"] == "features"
        last = classifier_of(path) if is_features else None
        told = Told(characters, digest_of(path), str(table["title"]), str(table["terms"]), last)
        if table["characters"] == "lines":
            found.append(LineTeacher(name, *seen, told, session))
        else:
            found.append(OnnxTeacher(name, *seen, str(table["output"]), told, session))
    return found


def _characters(described: str, session: onnxruntime.InferenceSession) -> tuple[str, ...]:
    """Return a teacher's classes in its order; raises `InputError` where they are not known."""
    if described == "lines":
        listed = session.get_modelmeta().custom_metadata_map.get("character", "")
        return tuple(listed.split("\n"))
    if described not in ("gb2312-1", "gb2312-1 by code point"):
        raise InputError("{name} is no alphabet of a teacher.", "Use gb2312-1 or lines.", name=described)
    level_1 = gb2312(1)
    return tuple(level_1 if described == "gb2312-1" else sorted(level_1))


def classifier_of(path: Path) -> Classifier:
    """Return what makes logits of a teacher's features.

    Raises `InputError` where its last layer is not one.
    """
    graph = onnx.load(str(path)).graph
    held = {tensor.name: tensor for tensor in graph.initializer}
    last = next((node for node in graph.node if "logits" in node.output), None)
    if last is not None and last.op_type == "Gemm" and all(name in held for name in last.input[1:3]):
        weights, biases = (numpy_helper.to_array(held[name]).astype(np.float32) for name in last.input[1:3])
        is_rows = any(a.name == "transB" and a.i for a in last.attribute)
        return Classifier(weights if is_rows else weights.T, biases)
    raise InputError("{name} ends in no layer over its features.", "Keep its logits instead.", name=path.name)
