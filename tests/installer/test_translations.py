"""Sentences that people are told: texts that can be looked up, their values apart, and the same values in Chinese."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "installer" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def errors_raised(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    """Yield where errors are made, and how."""
    for package in ("hccr_desktop", "trainer"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def names_in(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_errors_keep_their_values_apart(translations: ModuleType) -> None:
    wrong, seen = [], 0
    for place, call in errors_raised(translations._error_names(translations._trees())):
        seen += 1
        texts = [node for given in call.args[:2] for node in ast.walk(given)]
        if any(isinstance(node, ast.JoinedStr | ast.BinOp) for node in texts):
            wrong.append(f"{place}: its text is put together")
        wanted = {n for node in texts if isinstance(node, ast.Constant) for n in names_in(str(node.value))}
        given = {keyword.arg for keyword in call.keywords}
        if None not in given and wanted - given:
            wrong.append(f"{place}: {', '.join(sorted(wanted - given))} not given")
    assert seen > 150
    assert wrong == []


def test_the_trainers_sentences_are_collected(translations: ModuleType) -> None:
    texts = translations.collect()["errors"]
    assert "{count} samples are too few to learn from." in texts
    assert "Another training is at work in {name}." in texts


def test_translations_name_the_same_values(translations: ModuleType) -> None:
    for language in translations.LANGUAGES:
        known = translations.read(translations.FOLDER / f"hccr_{language}.ts")
        apart = [text for (_, text), said in known.items() if names_in(text) != names_in(said)]
        assert apart == []
