"""What is inside the packaged program: a bill of materials, and the licences of all of it."""

from __future__ import annotations

import email
import json
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]

Component = dict[str, Any]


def version() -> str:
    """Return the application's version, out of the one place where it stands."""
    found = re.search(r'^__version__ = "(.+)"$', (ROOT / "hccr_desktop/__init__.py").read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def site_of(python: Path) -> Path:
    """Return where an environment's libraries lie."""
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())


def bill_of_materials(tools: Path, python: Path, inside: list[str], out: Path) -> Path:
    """Write what is installed in an environment as CycloneDX JSON; the libraries of the system join it later."""
    target = out / f"hccr-desktop-{version()}-{_system()}.cdx.json"
    options = ["--output-reproducible", "--output-format", "JSON", "--output-file", str(target)]
    command = [str(tools), "-m", "cyclonedx_py", "environment", *options, str(python)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    bill = json.loads(target.read_text("utf-8"))
    names = {_described(site_of(python) / folder)["Name"].lower().replace("_", "-") for folder in inside}
    kept = [part for part in bill["components"] if part["name"].lower().replace("_", "-") in names]
    for part in kept:  # where it lay when it was installed is nobody's business
        part["externalReferences"] = [r for r in part.get("externalReferences", []) if "file:" not in r["url"]]
    kept.append(
        {
            "type": "platform",
            "name": "CPython",
            "bom-ref": "cpython",
            "version": platform.python_version(),
            "licenses": [{"license": {"id": "PSF-2.0"}}],
            "purl": f"pkg:generic/cpython@{platform.python_version()}",
        }
    )
    bill["components"] = kept
    _write(bill, target)
    return target


def write_licences(folder: Path, bill: Path) -> None:
    """Add the system's libraries to the bill, and put it and the texts of all licences into the program's folder."""
    described = json.loads(bill.read_text("utf-8"))
    packages = system_packages(folder)
    for name, (number, files, text) in packages.items():
        described["components"].append(
            {
                "type": "library",
                "name": name,
                "bom-ref": f"system-{name}",
                "version": number,
                "description": ", ".join(files),
                "purl": f"pkg:deb/{_distribution()}/{name}@{number}",
            }
        )
        if text is not None:
            texts = folder / "licences" / "system"
            texts.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(text, texts / f"{name}.txt")
    _write(described, bill)
    texts = folder / "licences"
    texts.mkdir(exist_ok=True)
    for name in ("LICENSE", "NOTICE"):
        shutil.copyfile(ROOT / name, texts / name)
    shutil.copyfile(_licence_of_python(), texts / "CPython.txt")
    internal = next(path for path in (folder / "_internal", folder) if path.is_dir())
    libraries = "`Contents/Resources` of the program" if sys.platform == "darwin" else "`_internal`"
    lines = [
        f"What is inside, and under which licences. Texts lie in this folder and in `*.dist-info` of {libraries}.",
        "",
    ]
    for part in sorted(internal.glob("*.dist-info")):
        what = _described(part)
        licence = what["License-Expression"] or what["License"] or ", ".join(_classified(what)) or "see its text"
        files = [file.relative_to(internal).as_posix() for file in part.rglob("*") if _LICENCE.search(file.name)]
        lines.append(f"- {what['Name']} {what['Version']}: {licence.splitlines()[0][:120]}")
        lines += [f"  - {name}" for name in sorted(files)]
    lines += [f"- CPython {platform.python_version()}: PSF-2.0"]
    lines += [f"- {name} {number} ({', '.join(files)})" for name, (number, files, _) in packages.items()]
    (texts / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _licence_of_python() -> Path:
    """Return the text of Python's licence, which lies elsewhere on Windows."""
    stdlib = Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    places = [folder / "LICENSE.txt" for folder in (stdlib, Path(sys.base_prefix))]
    places.append(Path("/usr/share/doc") / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "copyright")
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise SystemExit(f"Python's licence is in none of {', '.join(map(str, places))}: it has to go into the package")
    return found


def _distribution() -> str:
    """Return the name of this Linux, as package addresses want it."""
    return platform.freedesktop_os_release().get("ID", "linux")


_LICENCE = re.compile(r"(?i)licen[cs]e|copying|notice|copyright")


def _described(folder: Path) -> Any:
    return email.message_from_string((folder / "METADATA").read_text("utf-8"))


def _classified(what: Any) -> list[str]:
    names = [name for name in what.get_all("Classifier", []) if name.startswith("License ::")]
    return [name.rsplit(" :: ", 1)[1] for name in names]


class SystemPackage(NamedTuple):
    """A package of the system whose libraries PyInstaller took: its version, their names, the text of its licence."""

    version: str
    files: list[str]
    text: Path | None


def system_packages(folder: Path) -> dict[str, SystemPackage]:
    """Return the packages of the system of which there are libraries in the program, by name."""
    if not shutil.which("dpkg-query"):
        return {}
    found: dict[str, SystemPackage] = {}
    for file in sorted((folder / "_internal").glob("lib*.so*")):
        owner = None if file.is_symlink() or file.name.startswith("libpython") else _owner(file.name)
        if owner is None:
            continue
        name, number = owner
        text = Path("/usr/share/doc") / name / "copyright"
        files = found[name].files if name in found else []
        found[name] = SystemPackage(number, [*files, file.name], text if text.exists() else None)
    return found


def _owner(library: str) -> tuple[str, str] | None:
    asked = subprocess.run(["dpkg-query", "-S", f"*/{library}"], capture_output=True, text=True, check=False)
    for line in asked.stdout.splitlines():
        name = line.split(":")[0]
        asking = ["dpkg-query", "-W", "-f", "${Version}", name]
        shown = subprocess.run(asking, capture_output=True, text=True, check=False)
        if shown.returncode == 0:
            return name, shown.stdout
    return None


def _write(bill: Component, target: Path) -> None:
    bill["components"].sort(key=lambda part: part["name"].lower())
    target.write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _system() -> str:
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
