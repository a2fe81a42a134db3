"""What goes into the packaged program, and what is left out of it: read by installer/hccr.spec, which PyInstaller runs.

The program is its own Python for the trainer, so the standard library is there as a whole, and pip and the trainer's
code lie in it as files.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

Entry = tuple[str, str, str]
"""Of a table of contents: the place in the folder, where it comes from, its kind."""

AS_FILES = ("trainer", "pip")
"""Packages that lie in the program as files: what the trainer imports is not there when the program is built."""

LEFT_OUT = ("tkinter", "PySide6.QtNetwork", "PySide6.QtSvg", "IPython", "matplotlib", "torch", "onnx", "setuptools")
"""Modules that libraries import where they are, which nobody calls here."""

STDLIB_LEFT_OUT = {
    *("antigravity", "ensurepip", "idlelib", "lib2to3", "this", "tkinter", "turtle", "turtledemo", "venv"),
    *("test", "tests", "_test", "__phello__", "idle_test"),
    *("_tkinter", "curses", "_curses", "_curses_panel", "nis", "readline", "_gdbm", "dbm.gnu"),
    *("msilib", "_msi", "winsound", "ossaudiodev") * (sys.platform != "win32"),
}

_QT_LIBRARIES = {"Core", "Gui", "Widgets", "DBus", "XcbQpa", "WaylandClient"}
_QT_PLUGINS = {
    "platforms": {"xcb", "wayland", "offscreen", "windows", "cocoa"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platformthemes": {"xdgdesktopportal"},
    "imageformats": {"jpeg"},
    "wayland-shell-integration": {"xdg-shell"},
    "wayland-decoration-client": {"bradient"},
}
"""Qt's plugins that the window uses, by folder; Pillow reads image files, the clipboard may hold JPEG."""
_QT_TRANSLATIONS = {"qtbase_zh_CN.qm", "qtbase_zh_TW.qm"}

_OF_THE_SYSTEM = re.compile(r"lib(stdc\+\+|gcc_s)\.so")
"""Libraries that programs of the system, as graphics drivers, want newer than ours."""
_LOADED_FIRST = re.compile(r"(lib)?python3|vcruntime|msvcp|ucrt|api-ms|Python$")
_NOT_LOADED = re.compile(
    r"onnxruntime/capi/libonnxruntime(\.so|\.\d).*|onnxruntime/(tools|datasets|backend)/"
    r"|cv2/(opencv_videoio_ffmpeg|qt/|data/|gapi|typing)|numpy/.*/tests/|hccr_desktop/resources/(reports|icon\.svg)"
    r"|\.dist-info/(direct_url\.json|RECORD|INSTALLER|REQUESTED)$|(^|/)__pycache__/|\.pyi$|/py\.typed$|\.(h|hpp|lib|a|pxd|c)$"
)


def hidden_imports(site: Path) -> list[str]:
    """Return the modules that PyInstaller does not find by itself; `site` is where the libraries are installed."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    named = [name for name in sys.stdlib_module_names if name not in STDLIB_LEFT_OUT]
    found = [*named, *(module for name in named for module in _modules(stdlib / name))]
    ours = [*_modules(site / "hccr_desktop"), *_modules(site / "onnxruntime" / "quantization", "onnxruntime")]
    for_quantization = ("onnx_utils", "onnx_model", "fusion_utils", "float16", "shape_infer_helper")
    return [*found, *ours, *(f"onnxruntime.transformers.{name}" for name in for_quantization)]


def _modules(package: Path, above: str = "") -> list[str]:
    """Return the dotted names of a package's modules, without importing it."""
    before = (above,) if above else ()
    files = package.rglob("*.py") if (package / "__init__.py").exists() else ()
    names = [file.relative_to(package.parent).with_suffix("").parts for file in files]
    kept = [parts for parts in names if not STDLIB_LEFT_OUT & set(parts)]
    return sorted(".".join(before + (parts[:-1] if parts[-1] == "__init__" else parts)) for parts in kept)


def data(site: Path, inside: Iterable[str]) -> list[tuple[str, str]]:
    """Return files that are not code, as PyInstaller wants them: the file, and its folder in the program.

    `inside` names the folders that describe what is installed, `*.dist-info`.
    """
    found = [file for name in AS_FILES for file in (site / name).rglob("*")]
    found += (site / "hccr_desktop" / "resources").rglob("*")
    found += (site / "rapidocr" / "models").glob("PP-OCRv6_*.onnx")
    found += [file for name in inside for file in (site / name).rglob("*")]
    files = {file for file in found if file.is_file() and "__pycache__" not in file.parts}
    return [(str(file), str(file.parent.relative_to(site))) for file in sorted(files)]


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that stay in the program."""
    return [entry for entry in entries if is_wanted(entry[0].replace("\\", "/"))]


def needed(entries: Iterable[Entry], asks: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Return the entries without shared libraries that nothing here loads; `asks` gives a library's names of others."""
    entries = list(entries)
    shared = {PurePosixPath(entry[0]).name: entry for entry in entries if _is_shared(entry)}
    waiting = [entry for entry in entries if not _is_shared(entry) and entry[2] in ("EXTENSION", "BINARY")]
    waiting += [entry for name, entry in shared.items() if _LOADED_FIRST.match(name)]
    kept = set(waiting)
    while waiting:
        for name in asks(waiting.pop()[1]):
            entry = shared.get(Path(name).name)
            if entry is not None and entry not in kept:
                kept.add(entry)
                waiting.append(entry)
    names = {PurePosixPath(entry[0]).name for entry in kept}
    return [
        entry
        for entry in entries
        if entry in kept
        or (entry[2] == "SYMLINK" and PurePosixPath(entry[1]).name in names)
        or entry[2] not in ("EXTENSION", "BINARY", "SYMLINK")
    ]


def _is_shared(entry: Entry) -> bool:
    """Whether an entry is a library that others load, not one that Python or Qt loads by its place."""
    folder = PurePosixPath(entry[0].replace("\\", "/")).parent
    return entry[2] == "BINARY" and (str(folder) == "." or folder.name in ("lib", "PySide6") or ".libs" in str(folder))


def is_wanted(place: str) -> bool:
    """Say whether a file, by its place in the program, stays in it."""
    path = PurePosixPath(place)
    if _NOT_LOADED.search(place) or _OF_THE_SYSTEM.match(path.name):
        return False
    if path.parts[0] != "PySide6":
        return not re.match(r"(lib)?Qt6\w+\.", path.name) or _qt_library(path.name) in _QT_LIBRARIES
    if "plugins" in path.parts:
        folder, stem = path.parts[-2], re.sub(r"^(lib)?q?", "", path.stem)
        return stem in _QT_PLUGINS.get(folder, ())
    if "translations" in path.parts:
        return path.name in _QT_TRANSLATIONS
    if "qml" in path.parts or "resources" in path.parts:
        return False
    return not _qt_library(path.name) or _qt_library(path.name) in _QT_LIBRARIES


def _qt_library(name: str) -> str:
    """Return which of Qt's libraries a file is, empty for other files."""
    found = re.match(r"(?:lib)?Qt6?(\w+?)(?:\.abi3)?\.(?:so|dll|dylib|pyd)", name)
    return found[1] if found else ""
