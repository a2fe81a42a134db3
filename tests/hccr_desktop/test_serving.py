"""`hccr serve`, the version, help, completions and the man page."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hccr_desktop import cli
from hccr_desktop.cli import serving
from hccr_desktop.cli.serving import Server, answers
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.pen import draw
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import InputError
from hccr_desktop.formats.gnt import write_gnt
from hccr_desktop.gui.app import load_engine
from hccr_desktop.paths import shell
from hccr_desktop.settings import Settings
from tests.conftest import WRITTEN, written
from tests.hccr_desktop.recognize.test_pages import page_of
from tests.test_docs import commands_of, words_of

Captured = pytest.CaptureFixture[str]


def test_requests_are_answered_one_after_another(tmp_path: Path) -> None:
    Image.fromarray(page_of("木上中", "十木")).save(tmp_path / "page.png")
    requests: list[Any] = [
        {"id": "a", "strokes": WRITTEN["木"], "top": 3},
        {"id": 2, "page": str(tmp_path / "page.png"), "direction": "horizontal"},
        {"strokes": "no list"},
        {"id": 3, "page": str(tmp_path / "gone.png")},
        {"id": 4, "strokes": [], "file": "both"},
        {"id": 5, "strokes": WRITTEN["木"], "top": 0},
        {"id": 6, "strokes": WRITTEN["木"], "speed": 3},
    ]
    text = "".join(json.dumps(request) + "\n" for request in requests) + "{\n\n[]\n"
    done = subprocess.run(
        [sys.executable, "-m", "hccr_desktop", "serve"], input=text, capture_output=True, text=True, check=False
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1  # some could not be done
    assert [answer["id"] for answer in found] == ["a", 2, None, 3, 4, 5, 6, None, None]
    assert found[0]["text"] == "木"
    assert len(found[0]["candidates"]) == 3
    assert found[1]["pages"][0]["text"] == "木上中\n十木"
    assert found[1]["pages"][0]["characters"][0]["box"]
    said = [
        "no list",
        "gone.png",
        "several things",
        "number of candidates",
        "unknown keys: speed",
        "no JSON",
        "no object",
    ]
    for answer, words in zip(found[2:], said, strict=True):
        assert words in answer["error"]


def test_a_request_that_is_too_long_is_refused_and_the_next_one_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_MOST_BYTES", 100)
    lines = io.BytesIO(b"x" * 1_000 + b'\n{"id": 1}\n')
    found = list(answers(lines, lambda request: {"was": sorted(request)}))
    assert "too long" in found[0]["error"]
    assert found[1:] == [{"id": 1, "was": []}]


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e400"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    (found,) = answers(io.BytesIO(b'{"id": %s}' % number.encode()), lambda _: {})
    assert "no JSON" in found["error"]
    json.dumps(found, allow_nan=False)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_line_is_answered_or_refused(noise: bytes) -> None:
    def refuse(_: dict[str, Any]) -> dict[str, Any]:
        raise InputError("Refused.")

    for answer in answers(io.BytesIO(noise), refuse):
        assert "error" in answer
        json.dumps(answer)


def test_without_arguments_the_help_is_shown_and_the_version_names_the_models(capsys: Captured) -> None:
    assert cli.main([]) == 0
    assert "recognize" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert "hccr-flagship" in capsys.readouterr().out


def test_completions_and_the_man_page_know_every_command_and_option() -> None:
    texts = {name: (shell() / name).read_text("utf-8").replace("\\-", "-") for name in ("hccr.bash", "_hccr", "hccr.1")}
    for command, parser in commands_of(cli.parser(), "hccr"):
        for name, text in texts.items():
            assert command.split()[-1] in text, (name, command)
            missing = [word for word in words_of(parser) if word.startswith("--") and word not in text]
            assert missing == [], (name, command)


def test_a_page_or_character_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    good = io.BytesIO()
    Image.fromarray(page_of("木上")).save(good, "PNG")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("1.png", good.getvalue())
        archive.writestr("2.png", b"\x89PNG\r\n\x1a\nand no more")
        archive.writestr("3.txt", "no picture")
    blank = Sample("木", GlyphImage(np.full((40, 40), 255, np.uint8)))
    write_gnt(tmp_path / "b.gnt", [Sample("木", draw(written("木"))), blank])
    server = Server(load_engine(Settings()), lambda _: None)
    found = server.answer({"page": str(tmp_path / "a.zip")})
    assert found["pages"][0]["text"] == "木上"
    assert "error" in found["pages"][1]
    assert "3.txt" in found["left_out"][0]
    characters = server.answer({"file": str(tmp_path / "b.gnt")})["characters"]
    assert characters[0]["text"] == "木"
    assert "nothing written" in characters[1]["error"]


def test_an_unforeseen_error_of_a_request_leaves_the_others() -> None:
    def odd(_: object) -> dict[str, Any]:
        raise ZeroDivisionError("by zero")

    assert [a["error"] for a in answers(io.BytesIO(b"{}\n{}\n"), odd)] == ["It cannot be read (by zero)."] * 2


def test_what_can_be_read_of_a_file_is_answered(tmp_path: Path) -> None:
    whole = json.dumps({"label": "木", "strokes": WRITTEN["木"]}, ensure_ascii=False)
    (tmp_path / "ink.jsonl").write_text(f"{whole}\n{whole}\n{whole[:40]}\n", encoding="utf-8")
    Image.fromarray(page_of("木上")).save(tmp_path / "a\u2028b.png")
    server = Server(load_engine(Settings()), lambda _: None)
    found = server.answer({"file": str(tmp_path / "ink.jsonl"), "top": 1})["characters"]
    assert [one.get("text") for one in found] == ["木", "木", None]
    assert "ink.jsonl" in found[2]["error"]
    (page,) = server.answer({"page": str(tmp_path / "a\u2028b.png")})["pages"]
    assert [one["text"] for one in page["characters"]] == ["木", "上"]
