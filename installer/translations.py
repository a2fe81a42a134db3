#!/usr/bin/env python3
"""Collect the texts of the application into Qt's .ts files and compile them.

    .venv/bin/python installer/translations.py

`self.tr("…")` stands under its class, as Qt looks it up; sentences and hints of errors, raised
where there is no Qt, stand under "errors", those of the trainer too: the window tells them.
Translations that exist are kept; texts that are new are left unfinished, which a test refuses.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("zh_CN", "zh_TW")
PACKAGES = ("hccr_desktop", "trainer")


def collect() -> dict[str, list[str]]:
    """Return the source texts by context, each sorted."""
    trees = _trees()
    errors = _error_names(trees)
    found: dict[str, set[str]] = {}
    for tree in trees:
        for context, text in _texts(tree, errors):
            found.setdefault(context, set()).add(text)
    return {context: sorted(texts) for context, texts in sorted(found.items())}


def _trees() -> list[ast.Module]:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def _error_names(trees: list[ast.Module]) -> set[str]:
    """Return the names of the application's errors: its first one, and all classes that are made of one."""
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    names, count = {"HccrError"}, 0
    while count != len(names):
        count = len(names)
        names |= {one.name for one in classes if any(isinstance(b, ast.Name) and b.id in names for b in one.bases)}
    return names


def _texts(tree: ast.AST, errors: set[str], context: str = "") -> Iterator[tuple[str, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            name = node.func
            if isinstance(name, ast.Attribute) and name.attr == "tr":
                yield from ((context, text) for text in _constants(node.args[:1]))
            is_error = isinstance(name, ast.Name) and name.id in errors
            is_base = isinstance(name, ast.Attribute) and name.attr == "__init__" and context in errors
            if is_error or is_base:
                yield from (("errors", text) for text in _constants(node.args[:2]))
        yield from _texts(node, errors, node.name if isinstance(node, ast.ClassDef) else context)


def _constants(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _constants([node.body, node.orelse])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def read(path: Path) -> dict[tuple[str, str], str]:
    """Return a .ts file's finished translations by context and source text."""
    if not path.exists():
        return {}
    found = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - our own file
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") != "unfinished":
                key = (context.findtext("name", ""), message.findtext("source", ""))
                found[key] = translation.text or ""
    return found


def write(path: Path, language: str, texts: dict[str, list[str]], known: dict[tuple[str, str], str]) -> None:
    """Write a .ts file with all texts."""
    root = ET.Element("TS", {"version": "2.1", "language": language})
    for context, sources in texts.items():
        element = ET.SubElement(root, "context")
        ET.SubElement(element, "name").text = context
        for source in sources:
            message = ET.SubElement(element, "message")
            ET.SubElement(message, "source").text = source
            translated = known.get((context, source), "")
            attributes = {} if translated else {"type": "unfinished"}
            ET.SubElement(message, "translation", attributes).text = translated
    ET.indent(root)
    body = ET.tostring(root, encoding="unicode")
    path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def main() -> int:
    """Update and compile every language."""
    for language in LANGUAGES:
        path = FOLDER / f"hccr_{language}.ts"
        write(path, language, collect(), read(path))
        release = Path(sys.executable).with_name("pyside6-lrelease")
        subprocess.run([str(release), "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
