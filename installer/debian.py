"""The .deb: the program's folder, and where a Debian desktop looks for programs, file types, pages of `man`."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from pathlib import Path

import inventory

ROOT = Path(__file__).resolve().parents[1]

_HOME = "usr/lib/hccr-desktop"
_SUMMARY = "reads handwritten Chinese characters and pages, offline"
_DESCRIPTION = """\
 Write a character by mouse, finger or pen, or open scans: what is written
 becomes text, on this computer alone. A window with a pad, batch reading of
 pages, a dictionary, and a trainer that learns a hand; the command line is hccr.
"""

DESKTOP = """\
[Desktop Entry]
Type=Application
Name=Hccr Desktop
Name[zh_CN]=Hccr 手写识别
Name[zh_TW]=Hccr 手寫辨識
GenericName=Handwriting Recognition
GenericName[zh_CN]=手写识别
GenericName[zh_TW]=手寫辨識
Comment=Read handwritten Chinese characters and pages
Comment[zh_CN]=识别手写汉字和页面
Comment[zh_TW]=辨識手寫漢字和頁面
Exec=hccr-desktop %F
Icon=hccr-desktop
Terminal=false
Categories=Graphics;Scanning;OCR;
Keywords=OCR;handwriting;Chinese;Hanzi;手写;手寫;
StartupWMClass=hccr-desktop
MimeType=image/png;image/jpeg;image/tiff;image/webp;image/bmp;application/pdf;application/inkml+xml;application/x-gnt;
"""

_TYPES = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/inkml+xml">
    <comment>Digital ink</comment>
    <sub-class-of type="application/xml"/>
    <glob pattern="*.inkml"/>
  </mime-type>
  <mime-type type="application/x-gnt">
    <comment>Images of handwritten characters</comment>
    <glob pattern="*.gnt"/>
  </mime-type>
</mime-info>
"""


def package(folder: Path, out: Path, work: Path) -> Path:
    """Make the package out of the program's folder; return its file."""
    shutil.rmtree(work, ignore_errors=True)
    root = work / "root"
    shutil.copytree(folder, root / _HOME, symlinks=True)
    for names in inventory.system_packages(folder).values():  # Debian has them, and mends them
        for name in names.files:
            (root / _HOME / "_internal" / name).unlink()
    resources = ROOT / "resources"
    _copy(resources / "icon.png", root / "usr/share/icons/hicolor/256x256/apps/hccr-desktop.png")
    _copy(resources / "icon.svg", root / "usr/share/icons/hicolor/scalable/apps/hccr-desktop.svg")
    _copy(resources / "shell/hccr.bash", root / "usr/share/bash-completion/completions/hccr")
    _copy(resources / "shell/_hccr", root / "usr/share/zsh/vendor-completions/_hccr")
    _packed((resources / "shell/hccr.1").read_bytes(), root / "usr/share/man/man1/hccr.1.gz")
    _packed((ROOT / "CHANGELOG.md").read_bytes(), root / "usr/share/doc/hccr-desktop/changelog.gz")
    _write(DESKTOP, root / "usr/share/applications/hccr-desktop.desktop")
    _write(_TYPES, root / "usr/share/mime/packages/hccr-desktop.xml")
    _write(_copyright(), root / "usr/share/doc/hccr-desktop/copyright")
    (root / "usr/bin").mkdir()
    for program in ("hccr", "hccr-desktop"):
        (root / "usr/bin" / program).symlink_to(f"../lib/hccr-desktop/{program}")
    _plain(root)
    machine = _said("dpkg", "--print-architecture")
    size = sum(file.lstat().st_size for file in root.rglob("*")) // 1024
    control = (
        f"Package: hccr-desktop\nVersion: {inventory.version()}\nArchitecture: {machine}\nSection: graphics\n"
        f"Priority: optional\nMaintainer: The authors of Hccr Desktop <authors@hccr-desktop.invalid>\n"
        f"Installed-Size: {size}\nDepends: {_depends(root, work)}\n"
        f"Recommends: fonts-noto-cjk\nDescription: {_SUMMARY}\n{_DESCRIPTION}"
    )
    _write(control, root / "DEBIAN/control")
    target = out / f"hccr-desktop_{inventory.version()}_{machine}.deb"
    os.utime(root, (_moment(), _moment()))
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, target]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    return target


def _depends(root: Path, work: Path) -> str:
    """Return the packages whose libraries the program loads and does not bring, as dpkg-shlibdeps finds them."""
    home = root / _HOME
    files = [file for file in home.rglob("*") if file.is_file() and not file.is_symlink() and _is_elf(file)]
    _write("Source: hccr-desktop\n\nPackage: hccr-desktop\nArchitecture: any\n", work / "debian/control")
    private = {str(file.parent.relative_to(work)) for file in files if ".so" in file.name}
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{folder}" for folder in sorted(private))]
    names = [str(file.relative_to(work)) for file in sorted(files)]
    done = subprocess.run([*command, *names], cwd=work, capture_output=True, text=True, check=True)
    found = done.stdout.strip().removeprefix("shlibs:Depends=").split(", ")
    return ", ".join(sorted({*found, "libegl1", "libgl1"} - {""}))


def _is_elf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def _copyright() -> str:
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Hccr Desktop\n\n"
        "Files: *\nCopyright: the authors of Hccr Desktop\nLicense: Apache-2.0\n On Debian systems the text is in "
        f"/usr/share/common-licenses/Apache-2.0.\nComment: Libraries inside have their own: see /{_HOME}/licences.\n"
    )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write(text: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _packed(data: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(data, 9, mtime=0))


def _plain(root: Path) -> None:
    """Give files the usual rights and the commit's time."""
    for file in sorted(root.rglob("*"), reverse=True):
        if not file.is_symlink():
            file.chmod(0o755 if file.is_dir() or file.stat().st_mode & 0o100 else 0o644)
        os.utime(file, (_moment(), _moment()), follow_symlinks=False)


def _moment() -> int:
    return int(os.environ["SOURCE_DATE_EPOCH"])


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
