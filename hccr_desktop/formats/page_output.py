"""A page that was read → a file: text, Markdown, CSV, JSON lines, ALTO, hOCR, PAGE XML, searchable PDF.

Every form but text and Markdown says where each character stands, in pixels of the page's picture.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from PIL import Image

from hccr_desktop import __version__
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import PRINTED, Box, TextLine, around
from hccr_desktop.formats.placing import placed

_ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
_SCRIPTS = {"Han": "Hani - Han (Hanzi, Kanji, Hanja)", "Latin": "Latn - Latin", "kana": "Hrkt - Japanese syllabaries"}
"""What PAGE calls scripts that are read."""
_COLUMNS = (
    "page",
    "line",
    "index",
    "text",
    "probability",
    "left",
    "top",
    "right",
    "bottom",
    "others",
    "script",
    "inserted",
    "kind",
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_FORMULA = tuple("=+-@\t\r＝＋－＠")
"""What a cell begins with that a spreadsheet computes."""
_PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


@dataclass(frozen=True)
class PageResult:
    """What stands on a page: its source's name, its number there from 1, its picture and its lines."""

    name: str
    number: int
    picture: GlyphImage
    lines: Sequence[TextLine]
    created: str = ""
    """Date and time, ISO 8601, for forms that want one."""
    is_vertical: bool = False
    """Whether the lines are columns from the right."""
    size_pt: tuple[float, float] | None = None
    """Width and height of the page itself in points of 1/72 inch, None where nobody knows."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _SURROGATES.sub("\ufffd", self.name))  # of names that are not UTF-8

    @property
    def text(self) -> str:
        """The text, a line of it a line of the page."""
        return "\n".join(line.text for line in self.lines)

    @property
    def placed(self) -> list[tuple[TextLine, list[Box]]]:
        """The lines that have a text, each with a place for all its characters, see `formats.placing`."""
        return placed(self.lines, (self.picture.width, self.picture.height), is_vertical=self.is_vertical)

    @property
    def unread(self) -> list[tuple[str, Box]]:
        """Script and place of the lines that are not read."""
        return [(line.script, line.box) for line in self.lines if not line and line.box is not None]


def as_text(page: PageResult) -> bytes:
    """Return plain text in UTF-8."""
    return _utf8(f"{page.text}\n")


def as_markdown(page: PageResult) -> bytes:
    """Return a heading with the source's name, and the lines, each on a line of its own."""
    name = " ".join(page.name.splitlines())
    number = f", {page.number}" if page.number > 1 else ""
    lines = map(_escaped, page.text.split("\n"))
    return _utf8(f"# {_escaped(name).replace('&', '&amp;')}{number}\n\n" + "  \n".join(lines) + "\n")


def _escaped(text: str) -> str:
    """Return text in which nothing is Markdown: no emphasis, link, HTML, list or underline of a heading."""
    special = set("\\`*_{}[]<>#+-!|~=")
    escaped = "".join(f"\\{c}" if c in special else c for c in text)
    return re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", escaped)


def as_csv(page: PageResult) -> bytes:
    """Return a row for each character, with a header; its other candidates and their probabilities in one cell.

    A cell of several characters that a spreadsheet would compute begins with an apostrophe; one character alone, be it
    "=" or "-", is no formula and stays what it is.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for number, line in enumerate(page.lines, 1):
        if not line:
            writer.writerow(
                [
                    page.number,
                    number,
                    *[""] * 3,
                    *(line.box or [""] * 4),
                    "",
                    _cell(line.script),
                    int(line.inserted),
                    line.kind,
                ]
            )
        for index, answer in enumerate(line, 1):
            others = " ".join(f"{c.character}:{c.probability:.4f}" for c in answer.candidates[1:])
            box = answer.box or ("", "", "", "")
            best = answer.best
            said = (_cell(best.character), f"{best.probability:.6f}")
            about = (_cell(others), _cell(line.script), int(line.inserted), line.kind)
            writer.writerow([page.number, number, index, *said, *box, *about])
    return b"\xef\xbb\xbf" + _utf8(out.getvalue())  # spreadsheets take it for UTF-8 only so


def _cell(text: str) -> str:
    return f"'{text}" if len(text) > 1 and text.startswith(_FORMULA) else text


def as_json(page: PageResult) -> bytes:
    """Return a JSON object a line for each character, and for each line that is not read."""
    rows = []
    for number, line in enumerate(page.lines, 1):
        if not line:
            place = {"file": page.name, "page": page.number, "line": number, "script": line.script, "box": line.box}
            said = {**place, "inserted": line.inserted, "kind": line.kind, "text": "", "candidates": []}
            rows.append(json.dumps(said, ensure_ascii=False) + "\n")
        for index, answer in enumerate(line, 1):
            values = {
                "file": page.name,
                "page": page.number,
                "line": number,
                "index": index,
                "script": line.script,
                "inserted": line.inserted,
                "kind": line.kind,
                "text": answer.best.character,
                "box": answer.box,
                "candidates": [
                    {"character": c.character, "probability": round(c.probability, 6)} for c in answer.candidates
                ],
                "model": answer.model,
            }
            rows.append(json.dumps(values, ensure_ascii=False) + "\n")
    return _utf8("".join(rows))


def as_alto(page: PageResult) -> bytes:
    """Return ALTO 4: a string a line, a glyph with variants a character."""
    ET.register_namespace("", _ALTO)

    def sub(parent: ET.Element, name: str, **attributes: object) -> ET.Element:
        return ET.SubElement(parent, f"{{{_ALTO}}}{name}", {k: str(v) for k, v in attributes.items()})

    root = ET.Element(f"{{{_ALTO}}}alto")
    description = sub(root, "Description")
    sub(description, "MeasurementUnit").text = "pixel"
    sub(sub(description, "sourceImageInformation"), "fileName").text = page.name
    processing = sub(description, "Processing", ID="reading")
    software = sub(processing, "processingSoftware")
    sub(software, "softwareName").text = "Hccr Desktop"
    sub(software, "softwareVersion").text = __version__
    width, height = page.picture.width, page.picture.height
    layout = sub(sub(root, "Layout"), "Page", ID="page", PHYSICAL_IMG_NR=page.number, WIDTH=width, HEIGHT=height)
    space = sub(layout, "PrintSpace", HPOS=0, VPOS=0, WIDTH=width, HEIGHT=height)
    lines = page.placed
    if lines:
        block = sub(space, "TextBlock", ID="block", **_place(around([box for _, boxes in lines for box in boxes])))
    for number, (line, boxes) in enumerate(lines, 1):
        place = _place(around(boxes))
        text = sub(block, "TextLine", ID=f"line{number}", **place)
        confidence = sum(a.best.probability for a in line) / len(line)
        content = "".join(a.best.character for a in line)
        string = sub(text, "String", ID=f"string{number}", CONTENT=content, WC=f"{confidence:.4f}", **place)
        for index, answer in enumerate(line, 1):
            if answer.box is None:
                continue
            best = answer.best
            glyph = sub(
                string,
                "Glyph",
                ID=f"glyph{number}_{index}",
                CONTENT=best.character,
                GC=f"{best.probability:.4f}",
                **_place(answer.box),
            )
            for candidate in answer.candidates[1:]:
                sub(glyph, "Variant", CONTENT=candidate.character, VC=f"{candidate.probability:.4f}")
    for number, (script, box) in enumerate(page.unread, 1):
        sub(space, "Illustration", ID=f"unread{number}", TYPE=f"{script} writing", **_place(box))
    return _xml(root)


def as_page_xml(page: PageResult) -> bytes:
    """Return PAGE XML (2019): a region, its lines and their glyphs with alternatives."""
    ET.register_namespace("", _PAGE)

    def sub(parent: ET.Element, name: str, **attributes: object) -> ET.Element:
        return ET.SubElement(parent, f"{{{_PAGE}}}{name}", {k: str(v) for k, v in attributes.items()})

    def coordinates(parent: ET.Element, box: Box) -> None:
        left, top, right, bottom = box
        sub(parent, "Coords", points=f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}")

    def says(parent: ET.Element, text: str, confidence: float, index: int) -> None:
        equivalent = sub(parent, "TextEquiv", index=index, conf=f"{confidence:.4f}")
        sub(equivalent, "Unicode").text = text

    root = ET.Element(f"{{{_PAGE}}}PcGts")
    metadata = sub(root, "Metadata")
    created = page.created or "1970-01-01T00:00:00"
    for name, text in (("Creator", f"Hccr Desktop {__version__}"), ("Created", created), ("LastChange", created)):
        sub(metadata, name).text = text
    sheet = sub(root, "Page", imageFilename=page.name, imageWidth=page.picture.width, imageHeight=page.picture.height)
    lines = page.placed
    if lines:
        columns = {"readingDirection": "top-to-bottom", "textLineOrder": "right-to-left"} if page.is_vertical else {}
        region = sub(sheet, "TextRegion", id="region", **columns)
        coordinates(region, around([box for _, boxes in lines for box in boxes]))
    for number, (line, boxes) in enumerate(lines, 1):
        about = {"custom": "inserted"} if line.inserted else {}
        about |= {"production": "printed"} if line.kind == PRINTED else {}
        row = sub(region, "TextLine", id=f"line{number}", primaryScript=_SCRIPTS.get(line.script, "other"), **about)
        coordinates(row, around(boxes))
        word = sub(row, "Word", id=f"word{number}")
        coordinates(word, around(boxes))
        for index, answer in enumerate(line, 1):
            if answer.box is not None:
                glyph = sub(word, "Glyph", id=f"glyph{number}_{index}")
                coordinates(glyph, answer.box)
                for rank, candidate in enumerate(answer.candidates):
                    says(glyph, candidate.character, candidate.probability, rank)
        content = "".join(a.best.character for a in line)
        confidence = sum(a.best.probability for a in line) / len(line)
        says(word, content, confidence, 0)
        says(row, content, confidence, 0)
    for number, (script, box) in enumerate(page.unread, 1):
        coordinates(sub(sheet, "ImageRegion", id=f"unread{number}", custom=f"script {{name:{script};}}"), box)
    return _xml(root)


def as_hocr(page: PageResult) -> bytes:
    """Return hOCR: lines, each a word, in it characters with their box and certainty in percent."""
    html = ET.Element("html", {"xmlns": "http://www.w3.org/1999/xhtml", "lang": "zh"})
    head = ET.SubElement(html, "head")
    ET.SubElement(head, "title").text = page.name
    ET.SubElement(head, "meta", {"name": "ocr-system", "content": f"Hccr Desktop {__version__}"})
    parts = "ocr_page ocr_line ocrx_word ocrx_cinfo ocr_image"
    ET.SubElement(head, "meta", {"name": "ocr-capabilities", "content": parts})
    name = page.name.replace('"', "'")
    frame = f'image "{name}"; bbox 0 0 {page.picture.width} {page.picture.height}; ppageno {page.number - 1}'
    sheet = ET.SubElement(ET.SubElement(html, "body"), "div", {"class": "ocr_page", "title": frame})
    for line, boxes in page.placed:
        title = "bbox " + " ".join(map(str, around(boxes)))
        row = ET.SubElement(sheet, "span", {"class": "ocr_line", "title": title})
        sure = 100 * sum(a.best.probability for a in line) / len(line)
        text = ET.SubElement(row, "span", {"class": "ocrx_word", "title": f"{title}; x_wconf {sure:.0f}"})
        for answer, place in zip(line, boxes, strict=True):
            title = f"x_bboxes {' '.join(map(str, place))}; x_confs {answer.best.probability * 100:.2f}"
            ET.SubElement(text, "span", {"class": "ocrx_cinfo", "title": title}).text = answer.best.character
        ET.SubElement(sheet, "br")
    for script, unread in page.unread:
        title = f"bbox {' '.join(map(str, unread))}"
        ET.SubElement(sheet, "div", {"class": "ocr_image", "title": title}).text = f"[{script}]"
    return _xml(html, inline="ocr_line")


_LEAST_PT, _MOST_PT = 3.0, 14_400.0
"""Bounds on a page's sides in points of 1/72 inch (PDF 32000-1, annex C)."""
_LONGEST_JPEG = 65_000
"""Pixels of a side; JPEG can count no further than 65,535."""


def as_pdf(page: PageResult, density: int = 200) -> bytes:
    """Return a PDF of the picture with the text invisible over it, each character in its own box.

    The page is as large as its source, as far as PDF allows; where that does not say how large it is, the picture has
    `density` dots an inch.
    Characters outside the Basic Multilingual Plane are left out of the text: its font knows none.
    """
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    chinese, latin = "STSong-Light", "Helvetica"  # not embedded: invisible text needs no shapes
    pdfmetrics.registerFont(UnicodeCIDFont(chinese))
    width, height = page.size_pt or (page.picture.width * 72 / density, page.picture.height * 72 / density)
    fitting = min(max(_LEAST_PT / min(width, height), 1.0), _MOST_PT / max(width, height))
    width, height = width * fitting, height * fitting
    across, down = width / page.picture.width, height / page.picture.height
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), pageCompression=1, invariant=1)
    canvas.setTitle(page.name)
    picture = io.BytesIO()
    is_small = max(page.picture.pixels.shape) <= _LONGEST_JPEG
    Image.fromarray(page.picture.pixels).save(picture, "JPEG" if is_small else "PNG", quality=80)
    canvas.drawImage(ImageReader(picture), 0, 0, width, height)
    for line, boxes in page.placed:
        text = canvas.beginText()
        text.setTextRenderMode(3)
        for answer, box in zip(line, boxes, strict=True):
            if not _BASIC.fullmatch(answer.best.character):
                continue
            left, top, right, bottom = box
            font = latin if answer.best.character.isascii() else chinese  # what readers take for the other lacks some
            size = max((bottom - top) * down, 1.0)
            wide = pdfmetrics.stringWidth(answer.best.character, font, size) or size
            text.setFont(font, size)
            text.setHorizScale(max((right - left) * across / wide * 100, 1.0))
            text.setTextOrigin(left * across, height - bottom * down + 0.12 * size)
            text.textOut(answer.best.character)
        canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


FORMATS: dict[str, tuple[str, Callable[[PageResult], bytes]]] = {
    "text": (".txt", as_text),
    "markdown": (".md", as_markdown),
    "csv": (".csv", as_csv),
    "json": (".jsonl", as_json),
    "alto": (".alto.xml", as_alto),
    "page": (".page.xml", as_page_xml),
    "hocr": (".hocr", as_hocr),
    "pdf": (".pdf", as_pdf),
}
"""Each form's suffix, and what makes it."""


def _utf8(text: str) -> bytes:
    return _SURROGATES.sub("\ufffd", text).encode()


def _place(box: Box) -> dict[str, int]:
    left, top, right, bottom = box
    return {"HPOS": left, "VPOS": top, "WIDTH": right - left, "HEIGHT": bottom - top}


_BASIC = re.compile("[\u0020-\ud7ff\ue000-\ufffd]+")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, section 2.2); names of files can."""


def _xml(root: ET.Element, inline: str = "") -> bytes:
    """Return a document, indented but for what is inside elements of a class: white space there would be text."""
    for element in root.iter():
        element.text = _NO_XML.sub("\ufffd", element.text) if element.text else element.text
        for name, value in element.attrib.items():
            element.attrib[name] = _NO_XML.sub("\ufffd", value)
    ET.indent(root)
    for line in (element for element in root.iter() if inline and element.get("class") == inline):
        for element in line.iter():
            element.text = element.text if element.text and element.text.strip() else None
            element.tail = element.tail if element is line else None
    data: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"
