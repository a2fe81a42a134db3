"""Runs benchmarks and writes what they print into `resources/docs/figures.md`.

    .venv/bin/python -m tests.benchmarks.figures DATA [NAME…]

DATA holds the handwriting, text and pages that the commands of `BENCHMARKS` name; without a NAME all are run, which
takes a quarter of an hour. Each stands between two comments of the file, with its command, the day and the processor.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import re
import subprocess
import sys
from pathlib import Path

from hccr_desktop.files import written_aside

REPORTS = Path(__file__).parents[2] / "resources" / "reports"
FIGURES = Path(__file__).parents[2] / "resources" / "docs" / "figures.md"
_LINES = (
    "pages DATA/images/casia-hwdb-50.train.gnt.zip DATA/images/casia-hwdb-100.train.gnt.zip "
    "DATA/ink/kanjicanvas.jsonl.gz"
)
_TEXT = "--text DATA/text/evaluation-ud-gsdsimp.txt.gz"
BENCHMARKS = {
    "photographs": "photographs DATA/pages --rapidocr --rounds 2",
    "rows": f"{_LINES} {_TEXT}",
    "random": _LINES,
    "squares": f"{_LINES} {_TEXT} --page 8 --paper squares --camera",
    "columns": f"{_LINES} {_TEXT} --page 8 --vertical",
    "ruled": f"{_LINES} {_TEXT} --page 8 --paper ruled --camera",
    "unseen": "pages DATA/ink/casia-olhwdb-20.jsonl.gz DATA/ink/tegaki-pen.jsonl.gz DATA/ink/kanjicanvas.jsonl.gz "
    f"{_TEXT} --page 8 --camera --diagram REPORTS/reliability.png",
    "taught": "personal DATA/ink/casia-olhwdb-20.jsonl.gz --each 10 --lines 60",
}
"""Modules of `tests.benchmarks` and what they are given, by the names under which they stand in the file."""


def processor() -> str:
    """Return what the system says of its processor: its name, and the instructions that networks gain by."""
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    name = re.search(r"model name\s*:\s*(.+)", told)
    flags = [flag for flag in ("avx512f", "avx512_vnni", "avx_vnni", "amx_tile") if re.search(rf"\b{flag}\b", told)]
    return f"{name[1] if name else platform.machine()}, {' '.join(flags) or 'without AVX-512'}"


def filled_in(text: str, name: str, command: str, output: str) -> str:
    """Return the file's text with what a benchmark printed; raises `ValueError` where it has no place for it."""
    place = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    if not place.search(text):
        raise ValueError(f"{name} has no place in {FIGURES.name}")
    told = f"{dt.date.today().isoformat()}, {processor()}"
    block = f"    $ python -m tests.benchmarks.{command}\n\n{told}:\n\n```text\n{output.strip()}\n```\n"
    return place.sub(lambda found: found[1] + block + found[2], text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    options = parser.parse_args()
    for name in options.names or BENCHMARKS:
        command = BENCHMARKS[name]
        places = {"DATA": str(options.data), "REPORTS": str(REPORTS)}
        given = command.split()
        for word, place in places.items():
            given = [re.sub(f"^{word}\\b", place, part) for part in given]
        called = [sys.executable, "-m", f"tests.benchmarks.{given[0]}", *given[1:]]
        print(f"{name}: {command}", flush=True)
        output = subprocess.run(called, check=True, capture_output=True, text=True).stdout
        text = filled_in(FIGURES.read_text("utf-8"), name, command, output)
        with written_aside(FIGURES) as file:
            file.write(text.encode())


if __name__ == "__main__":
    main()
