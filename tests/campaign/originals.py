"""Sound files of every kind that the application opens, small, drawn here."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import sqlite3
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from hccr_desktop.core.bundle import write_bundle
from hccr_desktop.core.canary import Canary
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.pen import draw
from hccr_desktop.core.protocol import Mistake, Progress, Trial, encode
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.gnt import write_gnt
from hccr_desktop.formats.ink_lines import write_ink_lines
from hccr_desktop.formats.inkml import write_inkml
from hccr_desktop.recognize.pages import Page
from hccr_desktop.rooms.open_pages import Session
from hccr_desktop.rooms.reading import ReadPage
from hccr_desktop.settings import Settings
from hccr_desktop.store.journal import NAME as JOURNAL
from hccr_desktop.store.journal import Journal
from hccr_desktop.store.reading import ReadingStore
from hccr_desktop.store.samples import SampleStore
from tests.conftest import WRITTEN, written


def picture(text: str = "木上", side: int = 36) -> Image.Image:
    """Write a row of characters."""
    page = np.full((2 * side, (len(text) + 1) * (side + 12)), 255, np.uint8)
    for place, character in enumerate(text):
        glyph = draw(written(character), side).pixels
        top, left = side // 2, side // 2 + place * (side + 12)
        page[top : top + glyph.shape[0], left : left + glyph.shape[1]] = glyph
    return Image.fromarray(page)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _png() -> list[bytes]:
    gray = picture()
    alpha = gray.convert("LA")
    alpha.putalpha(gray.point(lambda value: 255 - value))
    deep = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    moving = _saved(gray, "PNG", save_all=True, append_images=[picture("中木")])
    kinds = [gray, gray.convert("RGB"), gray.convert("P"), gray.convert("1"), alpha, deep]
    return [*(_saved(kind, "PNG", dpi=(300, 300)) for kind in kinds), moving]


def _jpeg() -> list[bytes]:
    exif = Image.Exif()
    exif.update({0x0112: 6, 0x011A: 300.0, 0x011B: 300.0, 0x0128: 2, 0x0131: "scanner", 0x9286: b"ASCII\0\0\0note"})
    exif.get_ifd(0x8769).update({0x9003: "2026:01:01 00:00:00", 0xA002: 132})
    color = picture().convert("RGB")
    return [
        _saved(color, "JPEG", exif=exif),
        _saved(picture(), "JPEG", dpi=(200, 200)),
        _saved(color.convert("CMYK"), "JPEG"),
        _saved(color, "JPEG", progressive=True),
    ]


def _tiff() -> list[bytes]:
    gray, more = picture(), picture("中")
    deep = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    floats = Image.fromarray(np.asarray(gray).astype(np.float32) / 255)
    packed = ("tiff_lzw", "tiff_adobe_deflate", "packbits")
    return [
        _saved(gray, "TIFF", save_all=True, append_images=[more, gray], dpi=(300, 300)),
        *(_saved(gray.convert("RGB"), "TIFF", compression=name) for name in packed),
        *(_saved(gray.convert("1"), "TIFF", compression=name) for name in ("group3", "group4")),
        _saved(gray.convert("RGB"), "TIFF", compression="jpeg"),
        _saved(deep, "TIFF"),
        _saved(floats, "TIFF"),
        _saved(gray.convert("RGBA"), "TIFF"),
    ]


def _others(form: str, *modes: str) -> Callable[[], list[bytes]]:
    def made() -> list[bytes]:
        return [_saved(picture().convert(mode), form) for mode in modes]

    return made


def _gif() -> list[bytes]:
    moving = _saved(picture(), "GIF", save_all=True, append_images=[picture("中木")], loop=0)
    return [_saved(picture(), "GIF"), moving, _saved(picture(), "GIF", transparency=255)]


def _heic() -> list[bytes]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return [_saved(picture().convert("RGB"), "HEIF")]


_EPOCH, _DATES = time.gmtime(0), ("creationDate", "modDate")


def _pdf() -> list[bytes]:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(200, 120), pageCompression=0, invariant=1)
    for text in ("written by hand", "second page"):
        canvas.drawImage(ImageReader(picture().convert("RGB")), 10, 10, 120, 60)
        canvas.drawString(10, 90, text)
        canvas.showPage()
    canvas.save()
    scans = _saved(
        picture(), "PDF", save_all=True, append_images=[picture("中")], resolution=150, **dict.fromkeys(_DATES, _EPOCH)
    )
    return [out.getvalue(), scans]


def archive(members: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two of one name are meant
        for name, data in members:
            member = zipfile.ZipInfo(name)  # its date is always the same
            member.compress_type = method
            file.writestr(member, data)
    return out.getvalue()


def _zip() -> list[bytes]:
    png, jpeg, tiff = _png()[0], _jpeg()[0], _tiff()[0]
    mixed = [("a/1.png", png), ("a/10.jpg", jpeg), ("2.tif", tiff), ("读我.txt", b"text")]
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return [*(archive(mixed[:2], method) for method in methods), archive(mixed)]


def _samples() -> list[Sample]:
    ink = [Sample(c, written(c), "w") for c in WRITTEN]
    timed = [[[x, y, 10.0 * i, 0.5] for i, (x, y) in enumerate(stroke)] for stroke in WRITTEN["木"]]
    return [*ink, Sample("木", Ink.from_points(timed), "w")]


def _glyphs() -> list[Sample]:
    return [Sample(c, draw(written(c), 40)) for c in WRITTEN]


def _written(write: Callable[[Path, list[Sample]], object], suffix: str, samples: list[Sample]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / f"x{suffix}", samples)
        return (Path(folder) / f"x{suffix}").read_bytes()


def _gnt() -> list[bytes]:
    plain = _written(write_gnt, ".gnt", _glyphs())
    return [plain, archive([("x.gnt", plain)]), gzip.compress(plain, mtime=0)]


def _inkml() -> list[bytes]:
    own = _written(write_inkml, ".inkml", _samples())
    theirs = """<?xml version="1.0" encoding="UTF-8"?>
<ink xmlns="http://www.w3.org/2003/InkML" xmlns:xml="http://www.w3.org/XML/1998/namespace">
<definitions><inkSource xml:id="s"><traceFormat xml:id="f"><channel name="X" type="integer" orientation="+ve"/>
<channel name="Y" type="integer" orientation="-ve" max="400"/><intermittentChannels><channel name="F" max="255"/>
</intermittentChannels></traceFormat></inkSource><context xml:id="c" inkSourceRef="#s" traceFormatRef="#f"/>
<brush xml:id="b"/><canvasTransform xml:id="t"><mapping type="affine">1 0 0, 0 1 0</mapping></canvasTransform>
</definitions><annotation type="writer">w1</annotation><annotationXML><label>x</label></annotationXML>
<trace xml:id="t1" contextRef="#c" brushRef="#b" type="penDown">10 20, '3 '4, "1 "1, *5 *, !40 !60 7, #1F #2A</trace>
<trace xml:id="t2" contextRef="#c" type="penUp" continuation="middle" priorRef="#t1">1 2,3 4</trace>
<traceGroup xml:id="g"><annotation type="truth">木</annotation><trace id="a">0 0 *, 9 9 ?</trace></traceGroup>
<traceView><annotation type="truth">十</annotation><traceView traceDataRef="#t1" from="1" to="3"/>
<traceView traceDataRef="#g"/></traceView></ink>"""
    return [own, theirs.encode(), theirs.replace("UTF-8", "UTF-16").encode("utf-16")]


def _ink_lines() -> list[bytes]:
    plain = _written(write_ink_lines, ".jsonl", _samples())
    return [plain, gzip.compress(plain, mtime=0), archive([("ink.jsonl", plain)])]


@cache
def bundle_members() -> tuple[tuple[str, bytes], ...]:
    """Return the files of a model of five characters; raises `ImportError` where onnx is missing."""
    from onnx import TensorProto, helper, numpy_helper

    from hccr_desktop.core.bundle import metadata_for_onnx

    charset, spec = Charset.from_characters(WRITTEN), InputSpec(size=32, margin=2)
    weights = np.random.default_rng(1).normal(0, 0.01, (32 * 32, len(charset))).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["floats"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 1, 32, 32])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", len(charset)])
    graph = helper.make_graph(nodes, "tiny", [image], [logits], [numpy_helper.from_array(weights, "weights")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, metadata_for_onnx(charset, spec))
    inputs = np.random.default_rng(2).integers(0, 256, (4, 1, 32, 32)).astype(np.uint8)
    answers = inputs.reshape(4, -1).astype(np.float32) @ weights
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(
            Path(folder), bundle_id="tiny", title="Tiny", charset=charset, spec=spec, model=model.SerializeToString(),
            card="# Tiny", canary=Canary.of(inputs, answers), scores={"x": 0.5}, training={"seed": 1},
        )  # fmt: skip
        return tuple((path.name, path.read_bytes()) for path in sorted(Path(folder).iterdir()))


def _bundle() -> list[bytes]:
    return [archive(bundle_members())]


def _sample_store() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.sqlite"
        store = SampleStore(path)
        store.add_all([*_samples(), *_glyphs()], read_as="木")
        store.remove([2])
        store.close()
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE samples SET created_at = 0, removed_at = removed_at * 0")
        return [path.read_bytes()]


def _journal() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        journal.close()
        connection = sqlite3.connect(Path(folder) / JOURNAL)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
        return [(Path(folder) / JOURNAL).read_bytes()]


def read_page(text: str = "木上\n中", name: str = "x.png") -> ReadPage:
    """Return a page that was read."""
    lines = []
    for row, line in enumerate(text.split("\n")):
        places = ((40 * i, 50 * row, 40 * i + 36, 50 * row + 40) for i in range(len(line)))
        found = zip(line, places, strict=True)
        lines.append(
            TextLine(tuple(Recognition((Candidate(c, 0.9), Candidate("本", 0.1)), "m", 1.0, p) for c, p in found))
        )
    page = ReadPage(Path("/pages") / name, 1)
    page.set_page(Page(1, (200, 100), tuple(lines)))
    return page


def _reading() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        session = Session(ReadingStore(path))
        pages = [read_page(), read_page("上中"), ReadPage(Path("/pages/y.png"), 2), read_page("木")]
        for page in pages:
            session.keep(page)
        pages[0].edited(0, 1, "林")
        pages[0].set_regions(ignored=[(0, 0, 5, 5)])
        session.keep(pages[0])
        session.close_page(pages[3])
        session.keep_current(pages[1])
        session.close()
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("UPDATE pages SET closed_at = closed_at * 0")
            connection.commit()
        return [path.read_bytes()]


def _json(*values: object) -> Callable[[], list[bytes]]:
    return lambda: [json.dumps(value, ensure_ascii=False).encode() for value in values]


def _protocol() -> list[bytes]:
    messages = (Progress(1, 2, 0.5, 9.0, 1.0), Mistake(1, "木", "本", "aGk="), Trial("x", 0.5, 0.5, 9, 1.0, True))
    return [encode(message).encode() for message in messages]


ORIGINALS: dict[str, Callable[[], list[bytes]]] = {
    "png": _png,
    "jpeg": _jpeg,
    "bmp": _others("BMP", "L", "RGB", "1", "P", "RGBA"),
    "gif": _gif,
    "tiff": _tiff,
    "webp": _others("WEBP", "RGB", "RGBA"),
    "ppm": _others("PPM", "L", "RGB", "1", "I;16"),
    "jp2": _others("JPEG2000", "L", "RGB"),
    "avif": _others("AVIF", "RGB"),
    "heic": _heic,
    "pdf": _pdf,
    "zip": _zip,
    "gnt": _gnt,
    "inkml": _inkml,
    "jsonl": _ink_lines,
    "bundle": _bundle,
    "settings": _json(asdict(Settings(writer="w", shortcuts='{"write.undo": "Ctrl+U"}'))),
    "collecting": _json({"characters": "木上中", "repeats": 3, "writer": "w", "at": 4}),
    "diary": _json({"running": "adapt", "rate": 250.5}),
    "active": _json({"history": ["hccr-flagship-5", "tiny"]}),
    "sheet": _json({"characters": "木上中"}),
    "terms": lambda: ["陈晓明\n木上中 2026".encode()],
    "protocol": _protocol,
    "samples": _sample_store,
    "journal": _journal,
    "reading": _reading,
}
"""What makes sound files of each kind; raises `ImportError` where a library that the kind needs is missing."""

PAGES = ("png", "jpeg", "bmp", "gif", "tiff", "webp", "ppm", "jp2", "avif", "heic", "pdf", "zip")
"""Kinds that are pages to be read."""
