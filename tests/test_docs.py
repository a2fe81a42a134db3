"""What is written about the program holds: commands and options, links, paths, decisions, the README's length."""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from hccr_desktop.cli import parser as application_parser
from hccr_desktop.gui.guide import anchor_of

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "resources" / "docs"
GUIDES = sorted(DOCS.glob("*/guide.md"))
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
DECISIONS = sorted((DOCS / "decisions").glob("[0-9]*.md"))
NAMES_OF_PARTS = ("Chosen", "Rejected", "Why", "Consequence", "Look again", "Amended")
TOOLS = {"hypothesis", "mypy", "ruff", "import-linter", "psutil"}
OF_TORCHRUN = {"--standalone", "--nproc-per-node", "--nnodes", "--max-restarts", "--rdzv-backend", "--rdzv-endpoint"}


def commands_of(parser: argparse.ArgumentParser, *before: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield the commands below a parser that do something, each with all its words."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if before and not below:
        yield " ".join(before), parser
    for action in below:
        for name, command in action.choices.items():
            yield from commands_of(command, *before, name)


def words_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield a command's options, and what they may be where that is one of a few things."""
    for action in parser._actions:
        if action.option_strings and not isinstance(action, argparse._HelpAction):
            yield max(action.option_strings, key=len)
            yield from map(str, action.choices or ())


def without_code(text: str) -> str:
    """Return Markdown without its blocks of code."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("    "))


def sections_of(text: str) -> dict[str, str]:
    """Return what stands below each heading, by the name under which links know it."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {anchor_of(title.replace("`", "")): body for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def about(sections: dict[str, str], command: str) -> str:
    """Return what a page says of a command: its section, and those to which that leads; empty for nothing.

    A command of a group, as `hccr models list`, may stand in the group's section, by its name.
    """
    group = command.rpartition(" ")[0]
    text = sections.get(anchor_of(command), "")
    if not text and f"`{command}" in sections.get(anchor_of(group), ""):
        text = sections[anchor_of(group)]
    return text + "".join(sections.get(unquote(anchor), "") for anchor in re.findall(r"\]\(#([^)]+)\)", text))


def missing_from(page: str, parser: argparse.ArgumentParser, *before: str) -> list[str]:
    """Return which commands, options and choices a page does not tell of where it should."""
    sections = sections_of(page)
    missing = [f"{before[0]}: {word}" for word in words_of(parser) if f"`{' '.join(before)} {word}`" not in page]
    for command, below in commands_of(parser, *before):
        text = about(sections, command)
        missing += [] if text else [command]
        missing += [f"{command}: {w}" for w in words_of(below) if not re.search(rf"(?<![\w-]){w}(?![\w-])", text)]
    return missing


def libraries() -> set[str]:
    """Return the libraries that pyproject.toml asks for, those aside that only check and run tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[^A-Za-z0-9-]", one)[0] for one in asked} - {project["name"]}
    return {name for name in names if not name.startswith(("pytest", "types-"))} - TOOLS


def options_in(page: str) -> set[str]:
    """Return the options that a page names."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page))


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the options of a parser and of all commands below it."""
    commands = [parser, *(command for _, command in commands_of(parser))]
    return {word for command in commands for word in words_of(command) if word.startswith("--")}


def test_there_is_a_guide_in_english_and_in_chinese() -> None:
    assert {guide.parent.name for guide in GUIDES} >= {"en", "zh_CN"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.parent.name)
def test_a_guide_tells_of_every_command_and_option_of_hccr_and_of_no_other(guide: Path) -> None:
    page, parser = guide.read_text(encoding="utf-8"), application_parser()
    assert missing_from(page, parser, "hccr") == []
    assert options_in(page) <= options_of(parser)


def test_the_trainers_page_tells_of_every_command_and_option_and_of_no_other() -> None:
    parser = pytest.importorskip("trainer.cli").parser()
    page = (DOCS / "trainer.md").read_text(encoding="utf-8")
    assert sum(1 for _ in commands_of(parser)) >= 10
    assert missing_from(page, parser) == []
    assert options_in(page) <= options_of(parser) | OF_TORCHRUN


def test_an_option_that_is_not_told_is_found_missing() -> None:
    page = (DOCS / "en" / "guide.md").read_text(encoding="utf-8")
    parser = application_parser()
    batch = dict(commands_of(parser, "hccr"))["hccr batch"]
    batch.add_argument("--upside-down", choices=("never", "sometimes"))
    assert missing_from(page, parser, "hccr") == [
        "hccr batch: --upside-down",
        "hccr batch: never",
        "hccr batch: sometimes",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_to_what_is_there(page: Path) -> None:
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
        place, _, anchor = unquote(link).partition("#")
        if place.startswith(("http://", "https://")):
            continue
        target = (page.parent / place) if place else page
        is_there = target.is_file() and target.resolve().is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in sections_of(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_are_named_by_their_path_are_there(page: Path) -> None:
    if page.parent.name == "decisions" or page.name == "CHANGELOG.md":
        return  # they tell of their time
    named = re.findall(
        r"(?<![\w/])(?:hccr_desktop|trainer|tests|installer|resources)/[\w/.-]+", page.read_text("utf-8")
    )
    shown = {name.rstrip("./-") for name in named}
    made_by_commands = {"resources/models/ID", "resources/translations/hccr_NAME.ts", "resources/docs/NAME/guide.md"}
    gone = [
        name
        for name in sorted(shown - made_by_commands)
        if not (ROOT / name).exists() and not (ROOT / f"{name}.py").exists()
    ]
    assert gone == []


def test_what_stands_first_on_a_line_of_the_map_is_there() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    block = text.split("## Map of the code")[1].split("\n## ")[0]
    folders: list[str] = []
    places = []
    for line in block.split("\n"):
        match = re.match(r"( {4,8})([\w.]+(?:/|\.py)(?:, [\w.]+/)*) {2,}\S", line)
        if match is None:
            continue
        depth = (len(match[1]) - 4) // 2
        places += ["".join([*folders[:depth], name]) for name in match[2].split(", ")]
        folders[depth:] = [match[2]]
    assert len(places) > 30
    assert [place for place in places if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.stem)
def test_a_decision_has_all_its_parts(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    number = decision.stem[:4]
    assert re.match(rf"# {number}\. \S.*\n\nDate: 20\d\d-\d\d-\d\d\n", text)
    assert re.findall(r"^\*\*([\w ]+)\.\*\* \S", text, flags=re.MULTILINE) == list(NAMES_OF_PARTS)
    assert f"({decision.name})" in (decision.parent / "README.md").read_text(encoding="utf-8")


def test_decisions_are_numbered_one_after_another() -> None:
    assert [int(decision.stem[:4]) for decision in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 30


def test_the_readme_is_short_and_names_what_it_needs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.split("\n")) <= 140
    called = re.search(
        r"^python3 installer/bootstrap\.py test\b", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE
    )
    assert called is not None
    assert called[0] in text
    told = re.findall(r"^\| ([\w, -]+) \|", text.split("## Dependencies")[1], re.MULTILINE)
    assert libraries() <= {name for row in told for name in row.split(", ")}


def test_both_guides_have_the_same_parts() -> None:
    shapes = [
        [len(mark) for mark in re.findall(r"^(#+) ", guide.read_text(encoding="utf-8"), flags=re.MULTILINE)]
        for guide in GUIDES
    ]
    assert all(shape == shapes[0] for shape in shapes)
