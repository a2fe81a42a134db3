from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "installer"))

import build  # noqa: E402
import contents  # noqa: E402
import debian  # noqa: E402
import inventory  # noqa: E402


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder of the shape of a packaged program."""
    folder = tmp_path / "hccr-desktop"
    (folder / "_internal/thing-1.0.dist-info/licenses").mkdir(parents=True)
    (folder / "hccr").write_text("#!/bin/sh\necho read\n")
    (folder / "hccr").chmod(0o755)
    (folder / "hccr-desktop").symlink_to("hccr")
    (folder / "_internal/data.bin").write_bytes(bytes(1000))
    described = folder / "_internal/thing-1.0.dist-info"
    (described / "METADATA").write_text("Metadata-Version: 2.4\nName: thing\nVersion: 1.0\nLicense-Expression: MIT\n")
    (described / "licenses/LICENSE").write_text("do what you like")
    return folder


@pytest.mark.parametrize(
    ("place", "stays"),
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", False),
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/QtNetwork.abi3.so", False),
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("cv2/opencv_videoio_ffmpeg500_64.dll", False),
        ("onnxruntime/capi/libonnxruntime.so.1.32.0", False),
        ("onnxruntime/capi/onnxruntime_pybind11_state.so", True),
        ("libstdc++.so.6", False),
        ("hccr_desktop/resources/reports/script/report.md", False),
        ("hccr_desktop/resources/models/hccr-page-1/model.onnx", True),
        ("trainer/recipes/flagship.toml", True),
    ],
)
def test_only_what_is_used_stays(place: str, stays: bool) -> None:
    assert contents.is_wanted(place) is stays


def test_libraries_that_only_left_out_parts_loaded_go_too() -> None:
    entries = [
        ("cv2/cv2.so", "/cv2.so", "EXTENSION"),
        ("liba.so.1", "/liba.so.1", "BINARY"),
        ("libb.so.1", "/libb.so.1", "BINARY"),
        ("cv2.libs/libc.so.1", "/libc.so.1", "BINARY"),
        ("libc.so.1", "cv2.libs/libc.so.1", "SYMLINK"),
        ("libd.so.1", "other.libs/libd.so.1", "SYMLINK"),
        ("pdfium/libpdfium.so", "/libpdfium.so", "BINARY"),
        ("libpython3.11.so.1.0", "/libpython3.11.so.1.0", "BINARY"),
        ("a/notes.txt", "/notes.txt", "DATA"),
    ]
    asks = {"/cv2.so": ["liba.so.1"], "/liba.so.1": ["libc.so.1", "libm.so.6"]}
    kept = [place for place, _, _ in contents.needed(entries, lambda file: asks.get(file, []))]
    assert kept == [
        *("cv2/cv2.so", "liba.so.1", "cv2.libs/libc.so.1", "libc.so.1", "pdfium/libpdfium.so"),
        *("libpython3.11.so.1.0", "a/notes.txt"),
    ]


def test_the_program_is_a_whole_python_for_the_trainer() -> None:
    site = Path(pytest.__file__).resolve().parents[1]
    named = contents.hidden_imports(site)
    assert {"unittest.mock", "multiprocessing.spawn", "timeit", "sqlite3"} <= set(named)
    assert "tkinter" not in named
    assert not [name for name in named if name.split(".")[-1].startswith("test_")]


def test_the_trainer_pip_and_two_networks_lie_in_it_as_files(tmp_path: Path) -> None:
    for name in (
        *("trainer/__main__.py", "trainer/recipes/flagship.toml", "pip/__init__.py", "trainer/__pycache__/a.pyc"),
        *("hccr_desktop/resources/icon.png", "hccr_desktop/cli/__init__.py", "rapidocr/main.py"),
        *("rapidocr/models/PP-OCRv6_det_small.onnx", "rapidocr/models/other.onnx"),
        *("thing-1.0.dist-info/METADATA", "tool-1.0.dist-info/METADATA"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    placed = {f"{folder}/{Path(file).name}" for file, folder in contents.data(tmp_path, ["thing-1.0.dist-info"])}
    assert placed == {
        *("trainer/__main__.py", "trainer/recipes/flagship.toml", "pip/__init__.py", "hccr_desktop/resources/icon.png"),
        *("rapidocr/models/PP-OCRv6_det_small.onnx", "thing-1.0.dist-info/METADATA"),
    }


def test_two_archives_of_one_program_are_the_same(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    sums = []
    for name in ("a.tar.xz", "b.tar.xz"):
        made = build._tar(program, tmp_path / name, "portable", "data lie here")
        sums.append(hashlib.sha256(made.read_bytes()).hexdigest())
        os.utime(program / "_internal/data.bin")
    assert sums[0] == sums[1]
    with tarfile.open(tmp_path / "a.tar.xz") as archive:
        names = {member.name: member for member in archive}
    assert "hccr-desktop/portable" in names
    if os.name == "posix":  # Windows knows no such bits
        assert names["hccr-desktop/hccr"].mode == 0o755
    assert names["hccr-desktop/hccr-desktop"].issym()
    assert not (program / "portable").exists()


def test_licences_of_all_that_is_inside_are_named(program: Path, tmp_path: Path) -> None:
    bill = tmp_path / "bill.json"
    bill.write_text('{"components": []}', encoding="utf-8")
    inventory.write_licences(program, bill)
    told = (program / "licences/README.md").read_text("utf-8")
    assert "thing 1.0: MIT" in told
    assert "thing-1.0.dist-info/licenses/LICENSE" in told
    assert (program / "licences/NOTICE").exists()
    assert json.loads(bill.read_text("utf-8"))["components"] == []


def test_the_version_stands_in_one_place() -> None:
    from hccr_desktop import __version__

    assert inventory.version() == __version__


@pytest.mark.skipif(shutil.which("dpkg-shlibdeps") is None, reason="dpkg-dev is not installed")
def test_a_debian_package_has_all_that_a_desktop_wants(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    shutil.copyfile("/bin/true", program / "_internal/true")
    made = debian.package(program, tmp_path, tmp_path / "work")
    again = made.read_bytes()
    assert debian.package(program, tmp_path, tmp_path / "work").read_bytes() == again
    listed = subprocess.run(["dpkg-deb", "--contents", made], capture_output=True, text=True, check=True).stdout
    for place in (
        "/usr/bin/hccr ->",
        "applications/hccr-desktop.desktop",
        "man1/hccr.1.gz",
        "completions/hccr",
        "copyright",
    ):
        assert place in listed
    control = subprocess.run(["dpkg-deb", "--field", made], capture_output=True, text=True, check=True).stdout
    assert "libc6" in control


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
def test_the_menu_entry_is_valid(tmp_path: Path) -> None:
    entry = tmp_path / "hccr-desktop.desktop"
    entry.write_text(debian.DESKTOP, encoding="utf-8")
    done = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.returncode == 0
