"""Published recognizers as teachers: ONNX files, each with a description of its input.

A description is a table in a TOML file beside the models, or in `onnx_teachers.toml`:

    [compact-cnn]
    file = "compact-cnn-3755.onnx"
    characters = "gb2312-1"   # classes in the order of their GB codes; "gb2312-1 by code point" sorted
    side = 96                 # of its input, square
    fit = 88                  # longer side of the ink in it, centered
    stretch = false           # whether the ink is brought to full contrast
    output = "features"       # what is kept: features, or logits
    terms = "…"
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
from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.engine import Engine
from trainer.config import read_toml
from trainer.data.lesson_pictures import Picture
from trainer.data.lessons import Answers, digest_of
from trainer.data.prepare import gb2312

KEPT = 32
"""Logits that are kept of a teacher without features."""

_AT_ONCE = 8
_KEYS = {"file", "characters", "side", "fit", "stretch", "output", "terms"}


class Teacher(Protocol):
    """Answers pictures."""

    @property
    def name(self) -> str:
        """Its name in a bank."""

    @property
    def digest(self) -> str:
        """Of its file."""

    @property
    def terms(self) -> str:
        """Under which it may be used."""

    def ask(self, pictures: Sequence[Picture]) -> Answers:
        """Return what it says to pictures."""


@dataclass(frozen=True, eq=False)
class OnnxTeacher:
    """A recognizer out of a file."""

    name: str
    path: Path
    charset: Charset
    side: int
    fit: int
    stretch: bool
    output: str
    terms: str
    digest: str
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
        return Answers(values.astype(np.float16)) if self.output == "features" else largest(values)


@dataclass(frozen=True, eq=False)
class BundleTeacher:
    """A bundle of this program's own, such as the student's parent."""

    bundle: ModelBundle
    engine: Engine
    name: str = "parent"
    terms: str = "as this program's"

    @property
    def digest(self) -> str:
        """Of its file."""
        return self.bundle.model_sha256

    def ask(self, pictures: Sequence[Picture]) -> Answers:
        """Return the `KEPT` largest logits."""
        return largest(self.engine.logits(np.stack([p.image for p in pictures])[:, None]))


def largest(logits: npt.NDArray[Any]) -> Answers:
    """Return the `KEPT` largest logits of each row with their classes, in no order."""
    classes = np.argpartition(logits, -KEPT, axis=1)[:, -KEPT:]
    return Answers(np.take_along_axis(logits, classes, 1).astype(np.float16), classes.astype(np.int16))


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


def load_onnx_teachers(descriptions: Path, folder: Path, names: Sequence[str]) -> list[OnnxTeacher]:
    """Load teachers by name; raises `InputError` for unknown names, bad descriptions and missing files."""
    values = read_toml(descriptions)
    found = []
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
        charset = Charset(tuple(_ordered(str(table["characters"]))))
        shape = (int(table["side"]), int(table["fit"]), bool(table["stretch"]), str(table["output"]))
        found.append(OnnxTeacher(name, path, charset, *shape, str(table["terms"]), digest_of(path), session))
    return found


def _ordered(alphabet: str) -> list[str]:
    level_1 = list(gb2312(1))
    if alphabet == "gb2312-1":
        return level_1
    if alphabet == "gb2312-1 by code point":
        return sorted(level_1)
    raise InputError("{name} is no alphabet of a teacher.", "Use gb2312-1.", name=alphabet)


def classifier_of(path: Path) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return what makes logits of a teacher's features: weights (classes, features) and biases (classes,).

    Raises `InputError` where its last layer is not one.
    """
    graph = onnx.load(str(path)).graph
    held = {tensor.name: tensor for tensor in graph.initializer}
    last = next((node for node in graph.node if "logits" in node.output), None)
    if last is not None and last.op_type == "Gemm" and all(name in held for name in last.input[1:3]):
        weights, biases = (numpy_helper.to_array(held[name]).astype(np.float32) for name in last.input[1:3])
        is_rows = any(a.name == "transB" and a.i for a in last.attribute)
        return (weights if is_rows else weights.T), biases
    raise InputError("{name} ends in no layer over its features.", "Keep its logits instead.", name=path.name)
