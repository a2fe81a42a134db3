"""Folders of images named by character or code point."""
from collections.abc import Iterator
from pathlib import Path
from hccr_desktop.core.sample import Sample
def read_folder(path: Path) -> Iterator[Sample]:
    raise SystemExit("not yet")
