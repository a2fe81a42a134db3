#!/usr/bin/env python3
"""Make what people install: a folder with the program, its archive, and the system's own kind of package.

    python3 installer/build.py [--out FOLDER]

On Linux an archive and, where `dpkg-deb` is there, a .deb; on Windows a zip and, with Inno Setup, an installer; on
macOS a .dmg. Wheel and source archive are made, too, and beside them SHA256SUMS, a bill of materials (CycloneDX) and
the licences of all that is inside. Needs the network once, a compiler for OpenCV (built with the parts that are used:
no video, no neural networks), and `pip`.

On Linux two builds of one commit on one day are the same, byte by byte: times are those of the commit
(SOURCE_DATE_EPOCH), and libraries those that are newest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import debian
import inventory
import opencv

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build"
"""What is kept from one build to the next."""

TOOLS = ("build", "twine", "cyclonedx-bom>=7")
FREEZER = "pyinstaller>=6.16,<7"

MOST_PACKED, MOST_UNPACKED = 130e6, 350e6
"""Bytes of the archive, and of the folder."""


def main() -> int:
    """Build everything and print sizes and times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for what is made (default dist)")
    out: Path = parser.parse_args().out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    os.environ.update(SOURCE_DATE_EPOCH=str(_commit_time()), PYTHONHASHSEED="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    with _timed("tools"):
        tools = _environment("tools")
        _pip(tools, "install", *TOOLS)
    with _timed("wheel and source archive"):
        wheel, source = _distributions(tools, out)
    with _timed("libraries"):
        python, inside = _inside(wheel)
    with _timed("OpenCV"):
        site = inventory.site_of(python)
        version = next(site.glob("opencv_python_headless-*.dist-info")).name.split("-")[1].removesuffix(".dist")
        opencv.put_in_place(opencv.built(_environment("opencv"), WORK / "opencv-source", version), site)
    with _timed("bill of materials"):
        bill = inventory.bill_of_materials(tools, python, inside, out)
    with _timed("program"):
        folder = _freeze(python)
        inventory.write_licences(folder, bill)
    made = [wheel, source, bill]
    with _timed("packages"):
        made += _packages(folder, out)
    sums = out / "SHA256SUMS"
    sums.write_text("".join(f"{_sha256(file)}  {file.name}\n" for file in sorted(made)), encoding="utf-8")
    return _tell(folder, made)


# ---------------------------------------------------------------------------- environments


def _environment(name: str) -> Path:
    """Return the Python of an environment of ours, made anew."""
    folder = WORK / name
    venv.create(folder, clear=True, with_pip=True)
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    _pip(python, "install", "--upgrade", "pip")
    return python


def _pip(python: Path, *arguments: str) -> None:
    _call(python, "-m", "pip", "--quiet", *arguments)


def _distributions(tools: Path, out: Path) -> tuple[Path, Path]:
    """Build wheel and source archive and have them checked."""
    fresh = WORK / "distributions"
    shutil.rmtree(fresh, ignore_errors=True)
    _call(tools, "-m", "build", "--outdir", fresh, ROOT, quiet=True)
    _call(tools, "-m", "twine", "check", "--strict", *sorted(map(str, fresh.iterdir())))
    wheel, source = next(fresh.glob("*.whl")), next(fresh.glob("*.tar.gz"))
    return Path(shutil.copy2(wheel, out)), Path(shutil.copy2(source, out))


def _inside(wheel: Path) -> tuple[Path, list[str]]:
    """Install what goes into the program; return the Python that has it, and the names of what describes each part.

    rapidocr comes without what its code needs: only two of its files are used.
    """
    python = _environment("inside")
    metadata = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--dry-run", "--report", "-", wheel],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    described = json.loads(metadata.stdout)["install"][0]["metadata"]
    needed = [line for line in described["requires_dist"] if "extra ==" not in line]
    whole = [line for line in needed if not line.startswith("rapidocr")]
    _pip(python, "install", *whole)
    _pip(python, "install", "--no-deps", str(wheel), *(line for line in needed if line.startswith("rapidocr")))
    _pip(python, "uninstall", "--yes", "setuptools")
    site = inventory.site_of(python)
    inside = sorted(folder.name for folder in site.glob("*.dist-info"))
    (WORK / "inside.json").write_text(json.dumps(inside))
    return python, inside


# ------------------------------------------------------------------------------ the program


def _freeze(python: Path) -> Path:
    """Have PyInstaller make the program; return its folder."""
    _pip(python, "install", FREEZER)
    os.environ["HCCR_INSIDE"] = str(WORK / "inside.json")
    target = WORK / "program"
    shutil.rmtree(target, ignore_errors=True)
    shutil.rmtree(WORK / "work", ignore_errors=True)
    _call(
        *(python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"),
        *("--distpath", target, "--workpath", WORK / "work", ROOT / "installer" / "hccr.spec"),
    )
    folder = target / "hccr-desktop"
    if sys.platform.startswith("linux"):
        _strip_python(folder)
    return folder


def _strip_python(folder: Path) -> None:
    """Take the debugger's tables out of Python's own libraries; those of wheels come without."""
    strip = shutil.which("strip")
    own = [*folder.glob("_internal/libpython*"), *folder.glob("_internal/python3*/lib-dynload/*.so")]
    for file in own if strip else ():
        subprocess.run([str(strip), "--strip-unneeded", file], check=True)


# -------------------------------------------------------------------------------- packages


def _packages(folder: Path, out: Path) -> list[Path]:
    """Pack the program in the ways of this system."""
    version, machine = inventory.version(), platform.machine().lower().replace("x86_64", "x64").replace("amd64", "x64")
    if sys.platform == "darwin":
        return [_dmg(folder, out / f"hccr-desktop-{version}-macos-{machine}.dmg")]
    name = f"hccr-desktop-{version}-{'windows' if sys.platform == 'win32' else 'linux'}-{machine}"
    portable = (
        "portable",
        "Data lies in hccr-data beside the program. Without this file it lies in your own folder.\n",
    )
    if sys.platform == "win32":
        made = [_zip(folder, out / f"{name}.zip", *portable)]
        return [*made, *_windows_installer(folder, out, version)]
    made = [_tar(folder, out / f"{name}.tar.xz", *portable)]
    if shutil.which("dpkg-deb"):
        made.append(debian.package(folder, out, WORK / "debian"))
    return made


def _tar(folder: Path, target: Path, extra: str, text: str) -> Path:
    """Write an archive in which nothing depends on when and where it was made."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = _commit_time()
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    (folder / extra).write_text(text, encoding="utf-8")
    try:
        with lzma.open(target, "wb", preset=6) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
            for file in _sorted(folder):
                archive.add(file, file.relative_to(folder.parent), recursive=False, filter=plain)
    finally:
        (folder / extra).unlink()
    return target


def _zip(folder: Path, target: Path, extra: str, text: str) -> Path:
    moment = time.gmtime(_commit_time())[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in filter(Path.is_file, _sorted(folder)):
            info = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix(), moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.read_bytes())
        archive.writestr(zipfile.ZipInfo(f"{folder.name}/{extra}", moment), text)
    return target


def _windows_installer(folder: Path, out: Path, version: str) -> list[Path]:
    compiler = shutil.which("iscc") or shutil.which("iscc", path=r"C:\Program Files (x86)\Inno Setup 6")
    if compiler is None:
        print("Inno Setup is not installed: no installer is made.", file=sys.stderr)
        return []
    _call(compiler, "/Qp", f"/DVersion={version}", f"/DFolder={folder}", f"/O{out}", ROOT / "installer" / "windows.iss")
    return [out / f"hccr-desktop-{version}-setup.exe"]


def _dmg(folder: Path, target: Path) -> Path:
    """Pack the program; the licences lie beside it, as its signature is over all that is in it."""
    target.unlink(missing_ok=True)
    shown, program = WORK / "dmg", folder.with_name("Hccr Desktop.app")
    shutil.rmtree(shown, ignore_errors=True)
    shutil.copytree(program, shown / program.name, symlinks=True)
    shutil.copytree(folder / "licences", shown / "licences")
    _call("hdiutil", "create", "-quiet", "-volname", "Hccr Desktop", "-srcfolder", shown, "-format", "ULMO", target)
    return target


def _sorted(folder: Path) -> Iterator[Path]:
    yield folder
    yield from sorted(folder.rglob("*"))


# --------------------------------------------------------------------------------- figures


def _tell(folder: Path, made: list[Path]) -> int:
    """Print what was made, and the largest parts of it; return 1 where it is too large."""
    sizes = {file: file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink()}
    print(f"\nunpacked {sum(sizes.values()) / 1e6:.1f} MB, {len(sizes)} files; the twenty largest:")
    for file in sorted(sizes, key=lambda file: -sizes[file])[:20]:
        print(f"{sizes[file] / 1e6:8.1f} MB  {file.relative_to(folder)}")
    print()
    for file in made:
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")
    packed = [file.stat().st_size for file in made if file.suffix in (".xz", ".zip", ".deb", ".dmg", ".exe")]
    too_large = sum(sizes.values()) > MOST_UNPACKED or any(size > MOST_PACKED for size in packed)
    if too_large:
        print(f"too large: {MOST_PACKED / 1e6:.0f} MB packed and {MOST_UNPACKED / 1e6:.0f} MB unpacked are the most")
    return int(too_large)


@contextmanager
def _timed(what: str) -> Iterator[None]:
    start = time.perf_counter()
    print(f"{what} …", flush=True)
    yield
    print(f"{what}: {time.perf_counter() - start:.0f} s", flush=True)


def _commit_time() -> int:
    """Return when the commit was made, in seconds, as the environment or git says it."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _call(*command: object, quiet: bool = False) -> None:
    subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL if quiet else None)


if __name__ == "__main__":
    sys.exit(main())
