from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hccr_desktop import cli, paths
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.pen import draw
from hccr_desktop.core.sample import Sample
from hccr_desktop.formats.folders import write_picture
from hccr_desktop.formats.gnt import write_gnt
from hccr_desktop.formats.ink_lines import write_ink_lines
from hccr_desktop.formats.inkml import write_inkml
from hccr_desktop.formats.reading import read_any
from hccr_desktop.recognize.models import Registry
from hccr_desktop.store.samples import SampleStore
from tests.conftest import WRITTEN, written

Captured = pytest.CaptureFixture[str]


def samples() -> list[Sample]:
    return [Sample(character, GlyphImage(draw(written(character)).pixels)) for character in WRITTEN]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "木 图.png"
    Image.fromarray(np.pad(draw(written("木")).pixels, 20, constant_values=255)).save(path)
    return path


def test_an_image_is_read(image: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", str(image)]) == 0
    text = capsys.readouterr().out.strip()
    assert len(text) == 1


def test_json_carries_candidates_probabilities_and_time(image: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", "--json", "--top", "3", str(image)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["file"] == str(image)
    assert len(answer["candidates"]) == 3
    assert answer["candidates"][0]["character"] == answer["text"]
    assert 0 < answer["candidates"][0]["probability"] <= 1
    assert answer["ms"] > 0
    assert answer["model"]


def test_the_answer_can_be_restricted(image: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", "--json", "--only", "digits", "--characters", "本 a", "--top", "20", str(image)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {c["character"] for c in answer["candidates"]} == set("0123456789本a")


@pytest.mark.parametrize("kind", ["gnt", "zip", "jsonl", "inkml"])
def test_files_of_many_characters_are_read_in_order(tmp_path: Path, capsys: Captured, kind: str) -> None:
    path = tmp_path / f"many.{kind}"
    inks = [Sample(c, written(c)) for c in WRITTEN]
    if kind in ("gnt", "zip"):
        write_gnt(path, samples())
    elif kind == "jsonl":
        write_ink_lines(path, inks)
    else:
        write_inkml(path, inks)
    assert cli.main(["recognize", "--json", str(path)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["label"] for line in lines] == list(WRITTEN)
    assert cli.main(["recognize", str(path)]) == 0
    assert capsys.readouterr().out.strip() == "".join(line["text"] for line in lines)


def test_standard_input_is_read(image: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(image.read_bytes())))
    assert cli.main(["recognize", "-"]) == 0
    from_input = capsys.readouterr().out
    assert cli.main(["recognize", str(image)]) == 0
    assert capsys.readouterr().out == from_input


def test_a_bad_file_is_reported_and_the_rest_goes_on(tmp_path: Path, image: Path, capsys: Captured) -> None:
    (tmp_path / "empty.png").write_bytes(b"")
    Image.new("L", (30, 30), 255).save(tmp_path / "blank.png")
    cut = tmp_path / "cut.gnt"
    write_gnt(cut, samples())
    cut.write_bytes(cut.read_bytes()[:-5])
    names = [str(tmp_path / n) for n in ("missing.png", "empty.png", "blank.png", "cut.gnt")]
    assert cli.main(["recognize", *names, str(image)]) == 1
    captured = capsys.readouterr()
    for words in ("does not exist", "0 bytes", "nothing written", "cut off in record 5"):
        assert words in captured.err
    assert "Traceback" not in captured.err
    lines = captured.out.splitlines()
    assert len(lines) == 2
    assert len(lines[0].removeprefix(f"{cut}: ")) == 4  # what stood before the damage was read
    assert lines[1].startswith(str(image))


def test_a_folder_stands_for_its_files(image: Path, capsys: Captured) -> None:
    folder = image.parent / "pages"
    (folder / "below").mkdir(parents=True)
    shutil.copy(image, folder / "below" / "scan 1.png")
    shutil.copy(image, folder)
    (folder / ".hidden").write_bytes(b"")
    assert cli.main(["recognize", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(": ")[0] for line in lines] == [str(folder / "below/scan 1.png"), str(folder / image.name)]


_BAD = ("missing.gnt", "a folder that is not there/x", "cp9999.inkml", "zeros", "strange.zip", "cut.gnt", "no\0name")


def _bad_files(folder: Path) -> list[str]:
    folder.mkdir()
    document = '<?xml version="1.0" encoding="cp9999"?><ink><trace>1 1, 2 2</trace></ink>'
    (folder / "cp9999.inkml").write_text(document, encoding="utf-8")
    (folder / "zeros").write_bytes(bytes(100))
    newer = io.BytesIO()
    with zipfile.ZipFile(newer, "w") as archive:
        archive.writestr("a.gnt", b"x" * 50)
    (folder / "strange.zip").write_bytes(
        newer.getvalue().replace(b"PK\1\2\x14", b"PK\1\2\x63").replace(b"\0a.gnt", b"c.gnt")
    )
    write_gnt(folder / "cut.gnt", samples())
    (folder / "cut.gnt").write_bytes((folder / "cut.gnt").read_bytes()[:9])
    return [str(folder / name) for name in _BAD]


@pytest.mark.parametrize("command", [["recognize"], ["samples", "import"]])
def test_each_bad_file_is_one_message_and_the_rest_goes_on(
    tmp_path: Path, capsys: Captured, command: list[str]
) -> None:
    write_ink_lines(tmp_path / "good.jsonl", [Sample("木", written("木"))])
    bad = _bad_files(tmp_path / "bad")
    assert cli.main([*command, *bad, str(tmp_path / "good.jsonl")]) == 1
    said = capsys.readouterr()
    assert len(said.err.splitlines()) == len(bad)
    assert "good.jsonl: " in said.out


def test_any_exception_of_a_reader_is_one_message(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path) -> Iterator[Sample]:
        yield Sample("木", written("木"))
        raise ArithmeticError("a decoder's own kind")

    monkeypatch.setattr("hccr_desktop.formats.reading.read_ink_lines", broken)
    (tmp_path / "a.jsonl").write_text("{}", encoding="utf-8")
    for command in (["recognize"], ["samples", "import"]):
        assert cli.main([*command, str(tmp_path / "a.jsonl")]) == 1
        said = capsys.readouterr()
        assert "a.jsonl" in said.err
        assert len(said.err.splitlines()) == 1
        assert said.out  # what came before it


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on Unix alone")
def test_a_name_that_is_no_text_ends_nothing(tmp_path: Path, image: Path) -> None:
    strange = tmp_path / os.fsdecode("手写".encode("gbk") + b".png")
    try:
        shutil.copy(image, strange)
    except OSError:
        pytest.skip("this file system keeps text alone")
    write_ink_lines(tmp_path / os.fsdecode(b"\xff.jsonl"), [Sample("木", written("木"))])
    write_ink_lines(tmp_path / "good.jsonl", [Sample("上", written("上"))])
    names = [os.fsencode(tmp_path / name) for name in (b"\xff.jsonl".decode(errors="surrogateescape"), "good.jsonl")]
    hccr = [sys.executable, "-m", "hccr_desktop"]
    read = subprocess.run([*hccr, "recognize", os.fsencode(strange), *names], capture_output=True, check=False)
    assert read.returncode == 0, read.stderr
    assert len(read.stdout.splitlines()) == 3
    taken = subprocess.run([*hccr, "samples", "import", *names], capture_output=True, check=False)
    assert taken.returncode == 0, taken.stderr
    assert cli.main(["samples", "export", str(tmp_path / "out.jsonl")]) == 0
    assert len(list(read_any(tmp_path / "out.jsonl"))) == 2


def test_characters_may_be_given_in_two_pieces(image: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", "--json", "--characters", "か\u3099", str(image)]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "が"


def test_importing_twice_doubles_nothing(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "own.jsonl"
    write_ink_lines(path, [Sample(c, written(c[0])) for c in ("木", "十", "一二")])
    assert cli.main(["samples", "import", str(path)]) == 0
    assert "1 were left out, whose labels are not one character: 一二" in capsys.readouterr().err
    assert cli.main(["samples", "import", str(path)]) == 0
    said = capsys.readouterr()
    assert "own.jsonl: 0 samples" in said.out
    assert "2 were there already" in said.err
    assert cli.main(["samples", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"十": 1, "木": 1}


def test_records_of_unknown_codes_are_read_and_not_imported(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.gnt"
    write_gnt(path, samples())
    path.write_bytes(path.read_bytes().replace("木".encode("gbk"), b"\xff\xff"))
    assert cli.main(["recognize", str(path)]) == 0
    assert len(capsys.readouterr().out.strip()) == len(WRITTEN)
    assert cli.main(["samples", "import", str(path)]) == 0
    said = capsys.readouterr()
    assert f"{len(WRITTEN) - 1} samples" in said.out
    assert "1 without a label were left out" in said.err


def test_a_blank_among_others_is_reported_and_the_others_are_read(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.gnt"
    write_gnt(path, [*samples(), Sample("一", GlyphImage(np.full((9, 9), 255, np.uint8)))])
    assert cli.main(["recognize", str(path)]) == 1
    captured = capsys.readouterr()
    assert len(captured.out.strip()) == len(WRITTEN)
    assert f"character {len(WRITTEN) + 1}" in captured.err


def test_evaluation_counts_unknown_characters_as_errors_and_lists_them(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.jsonl"
    write_ink_lines(path, [*(Sample(c, written(c)) for c in WRITTEN), Sample("☃", written("一"))])
    assert cli.main(["evaluate", "--json", str(path)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {"n", "top1", "top5", "top10", "interval", "ms_median", "ms_p95", "model"} <= result.keys()
    assert result["n"] == len(WRITTEN) + 1
    assert result["outside_alphabet"] == ["☃"]
    assert result["top1"] < 1.0
    assert result["interval"][0] <= result["top1"] <= result["interval"][1]
    assert cli.main(["evaluate", str(path)]) == 0
    text = capsys.readouterr().out
    assert "top-1" in text
    assert "☃" in text
    assert "| a.jsonl |" not in text
    assert cli.main(["evaluate", str(path), str(path)]) == 0
    assert capsys.readouterr().out.count("| a.jsonl | 6 |") == 2
    assert cli.main(["evaluate", str(tmp_path / "missing.gnt"), str(path)]) == 1  # said, and the rest goes on
    said = capsys.readouterr()
    assert "missing.gnt" in said.err
    assert "top-1" in said.out


def test_look_alikes_are_reported_apart_and_the_answer_can_be_restricted(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "a.jsonl"
    write_ink_lines(path, [Sample(c, written("一")) for c in "木一十"])
    assert cli.main(["evaluate", "--json", "--characters", "一木", str(path)]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["n"], result["left_out"]) == (2, 1)
    assert result["top1"] == result["top1_in_group"] == 0.5


def test_evaluation_needs_labels(image: Path, capsys: Captured) -> None:
    assert cli.main(["evaluate", str(image)]) == 1
    assert "no labeled samples" in capsys.readouterr().err


def test_models_are_listed_and_shown(capsys: Captured) -> None:
    assert cli.main(["models", "list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["active"] for row in rows].count(True) == 1
    assert cli.main(["models", "list"]) == 0
    assert rows[0]["id"] in capsys.readouterr().out
    assert cli.main(["models", "show"]) == 0
    assert rows[0]["id"] in capsys.readouterr().out


def test_a_model_is_installed_activated_and_rolled_back(tmp_path: Path, capsys: Captured) -> None:
    from hccr_desktop.recognize.models import Registry

    first = Registry().active()
    shutil.copytree(first.folder, tmp_path / "copy")
    manifest = tmp_path / "copy" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(first.id, "copy-1"), encoding="utf-8")
    for arguments, active in (
        (["install", str(tmp_path / "copy")], first.id),
        (["activate", "copy-1"], "copy-1"),
        (["rollback"], first.id),
    ):
        assert cli.main(["models", *arguments]) == 0
        assert Registry().active().id == active
    assert cli.main(["models", "activate", "nothing"]) == 1
    assert "hccr models list" in capsys.readouterr().err


def test_a_model_is_exported_as_a_file_that_can_be_installed(tmp_path: Path, capsys: Captured) -> None:
    from hccr_desktop.recognize.models import Registry

    first = Registry().active()
    assert cli.main(["models", "export", first.id, str(tmp_path / "out" / "model.zip")]) == 0
    elsewhere = Registry(bundled=tmp_path / "none", user=tmp_path / "models")
    assert elsewhere.install(tmp_path / "out" / "model.zip").model_sha256 == first.model_sha256
    assert elsewhere.active().card() == first.card()
    assert cli.main(["models", "export", "nothing", str(tmp_path / "no.zip")]) == 1
    assert not (tmp_path / "no.zip").exists()
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert cli.main(["models", "export", first.id, str(tmp_path / "file" / "model.zip")]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["recognize"], ["recognize", "--top", "0", "x"], ["models", "fly"]])
def test_a_wrong_call_ends_with_two(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_samples_go_in_and_out_and_come_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_ink_lines(tmp_path / "own.jsonl", [Sample("木", written("木")), Sample("十", written("十"), writer="w")])
    write_picture(tmp_path / "pictures", "中", "1", draw(written("中")))
    files = [str(tmp_path / "own.jsonl"), str(tmp_path / "pictures"), str(tmp_path / "missing.jsonl")]
    assert cli.main(["samples", "import", "--writer", "me", *files]) == 1  # one is missing, the others are in
    capsys.readouterr()
    assert cli.main(["samples", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"中": 1, "十": 1, "木": 1}
    assert cli.main(["samples", "export", str(tmp_path / "out")]) == 0
    again = [*read_any(tmp_path / "out" / "ink.jsonl"), *read_any(tmp_path / "out" / "pictures")]
    assert [(sample.character, sample.writer) for sample in again] == [("木", "me"), ("十", "w"), ("中", "")]
    assert cli.main(["samples", "export", str(tmp_path / "out")]) == 1
    capsys.readouterr()
    assert cli.main(["samples", "remove", "木十"]) == 0
    restore = capsys.readouterr().out.split("`")[1].split()[1:]
    assert cli.main(["samples", "list"]) == 0
    assert "1 samples of 1 characters" in capsys.readouterr().out
    assert cli.main(restore) == 0
    assert cli.main(["samples", "remove", "all"]) == 0
    assert cli.main(["samples", "forget"]) == 0
    assert cli.main(restore) == 1  # they are gone
    assert cli.main(["samples", "restore", "9" * 30]) == 1
    capsys.readouterr()
    assert cli.main(["samples", "list"]) == 0
    assert "0 samples of 0 characters" in capsys.readouterr().out


def test_what_is_kept_is_listed_and_deleted_when_that_is_said(tmp_path: Path, capsys: Captured) -> None:
    ink = tmp_path / "own.jsonl"
    write_ink_lines(ink, [Sample("木", written("木"))])
    assert cli.main(["samples", "import", str(ink)]) == 0
    capsys.readouterr()
    assert cli.main(["forget"]) == 0
    assert "samples.sqlite" in capsys.readouterr().out
    assert paths.sample_store().exists()
    assert cli.main(["forget", "--yes"]) == 0
    assert not any(path.exists() for path in paths.everything())


def test_what_cannot_be_deleted_is_named(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.settings_file().parent.mkdir(parents=True, exist_ok=True)
    paths.settings_file().write_text("{}", encoding="utf-8")

    def refused(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refused)
    assert cli.main(["forget", "--yes"]) == 1
    assert "settings.json: Permission denied" in capsys.readouterr().err


def test_a_folder_that_was_exported_comes_back_whole(tmp_path: Path, capsys: Captured) -> None:
    write_ink_lines(tmp_path / "own.jsonl", [Sample("木", written("木")), Sample("十", written("十"), writer="w")])
    write_picture(tmp_path / "pictures", "中", "1", draw(written("中")))
    files = [str(tmp_path / "own.jsonl"), str(tmp_path / "pictures")]
    assert cli.main(["samples", "import", *files]) == 0
    assert cli.main(["samples", "export", str(tmp_path / "out")]) == 0
    assert cli.main(["samples", "remove", "all"]) == 0
    assert cli.main(["samples", "import", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    assert cli.main(["samples", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"中": 1, "十": 1, "木": 1}


def test_an_export_writes_over_nothing_unasked_and_never_by_nothing(tmp_path: Path, capsys: Captured) -> None:
    target = tmp_path / "backup.gnt"
    target.write_bytes(b"years of work")
    assert cli.main(["samples", "export", "--force", str(target)]) == 1
    assert "no samples to write" in capsys.readouterr().err
    write_ink_lines(tmp_path / "own.jsonl", [Sample("木", written("木"))])
    write_picture(tmp_path / "pictures", "中", "1", draw(written("中")))
    assert cli.main(["samples", "import", str(tmp_path / "own.jsonl")]) == 0
    assert cli.main(["samples", "export", str(target)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert target.read_bytes() == b"years of work"
    assert cli.main(["samples", "export", "--force", str(target)]) == 0
    assert [sample.character for sample in read_any(target)] == ["木"]
    assert cli.main(["samples", "import", str(tmp_path / "pictures")]) == 0
    assert cli.main(["samples", "export", str(tmp_path / "ink.jsonl")]) == 1  # the picture is left out


def test_files_may_stand_behind_options(image: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", str(image), "--json", str(image)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    with pytest.raises(SystemExit):
        cli.main(["recognize", str(image), "--jsn"])
    with pytest.raises(SystemExit):
        cli.main(["models", "list", "more"])


def test_what_the_model_does_not_know_is_told(image: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", "--characters", "木\U0002ffff", str(image)]) == 0
    assert "does not know \U0002ffff," in capsys.readouterr().err


def test_names_do_not_steer_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    assert cli.main(["recognize", str(tmp_path / "a\x1b[2J\nall is well.png")]) == 1
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert cli.main(["recognize", "全\u3000角\ue000.png"]) == 1
    assert "全\u3000角\ue000.png" in capsys.readouterr().err
    assert said.count("\n") == 1


def test_a_folder_without_files_says_so_and_hidden_ones_are_passed_over(
    image: Path, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "empty" / ".git").mkdir(parents=True)
    shutil.copy(image, tmp_path / "empty" / ".git" / "x.png")
    assert cli.main(["recognize", str(tmp_path / "empty")]) == 1
    assert "holds no files" in capsys.readouterr().err


def test_evaluations_name_their_dataset_and_what_is_asked_for_in_vain(tmp_path: Path, capsys: Captured) -> None:
    write_gnt(tmp_path / "a.gnt", samples())
    assert cli.main(["evaluate", "--json", str(tmp_path / "a.gnt")]) == 0
    assert json.loads(capsys.readouterr().out)["dataset"] == str(tmp_path / "a.gnt")
    assert cli.main(["evaluate", "--only", "kana", str(tmp_path / "a.gnt")]) == 1
    assert "asked for" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="of signals and devices of Unix")
def test_ended_or_without_space_it_says_so_and_leaves_no_traceback(image: Path) -> None:
    call = [sys.executable, "-m", "hccr_desktop"]
    if Path("/dev/full").exists():
        with Path("/dev/full").open("w") as full:
            done = subprocess.run([*call, "recognize", str(image)], stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert b"cannot be written" in done.stderr
        assert b"Traceback" not in done.stderr
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        if signal.getsignal(number) is signal.SIG_IGN:  # so a shell starts what runs behind it
            continue
        serving = subprocess.Popen(
            [*call, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert serving.stdin is not None
        assert serving.stdout is not None
        serving.stdin.write(b"{}\n")
        serving.stdin.flush()
        assert b"error" in serving.stdout.readline()
        serving.send_signal(number)
        _, said = serving.communicate(timeout=60)
        assert serving.returncode == code
        assert b"Traceback" not in said


def test_what_of_a_dataset_cannot_be_read_leaves_the_rest_measured(tmp_path: Path, capsys: Captured) -> None:
    write_picture(tmp_path / "set", "中", "1", draw(written("中")))
    (tmp_path / "set" / "木.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    assert cli.main(["evaluate", "--json", str(tmp_path / "set")]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["n"] == 1
    assert "could not be read" in said.err


def test_a_model_is_exported_over_no_file_unasked(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "thesis.zip").write_bytes(b"mine")
    first = Registry().bundles()[0].id
    assert cli.main(["models", "export", first, str(tmp_path / "thesis.zip")]) == 1
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "thesis.zip").read_bytes() == b"mine"
    assert cli.main(["models", "export", first, str(tmp_path / "thesis.zip"), "--force"]) == 0
    assert zipfile.is_zipfile(tmp_path / "thesis.zip")


def test_samples_are_removed_by_labels_however_they_are_composed(capsys: Captured) -> None:
    SampleStore(paths.sample_store()).add(Sample("が", written("木")))
    assert cli.main(["samples", "remove", "か\u3099"]) == 0
    assert "removed 1" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    write_ink_lines(tmp_path / "ink.jsonl", [Sample("木", written("木"))])
    os.mkfifo(tmp_path / "pipe.jsonl")
    assert cli.main(["samples", "import", str(tmp_path)]) == 0
