"""The networks that pages are read with beside the character model, found by their task."""

from __future__ import annotations

import contextlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hccr_desktop import paths
from hccr_desktop.core.bundle import AnyBundle, Bundle, load_any_bundle
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.specs import LineSpec, PageSpec, ScriptSpec
from hccr_desktop.errors import InvalidBundle, ModelError

if TYPE_CHECKING:  # they load OpenCV, which a window without pages does without
    from hccr_desktop.recognize.lines.network import LineNetwork, LineRecognizer
    from hccr_desktop.recognize.page.detector import Detector
    from hccr_desktop.recognize.page.finder import Finder
    from hccr_desktop.recognize.page.scripts import ScriptNamer

S = TypeVar("S", LineSpec, PageSpec, ScriptSpec)


class Networks:
    """Networks out of a folder of bundles; whoever reads pages makes one and hands it on.

    Each is opened when it is first asked for. Lines are shared out among `threads`; a page is looked at by
    `finder_threads`, as many unless given. Properties raise `InvalidBundle` where a file is damaged, and `ModelError`
    where there is none.
    """

    def __init__(self, threads: int = 2, finder_threads: int = 0, folder: Path | None = None) -> None:
        self.threads, self._finder_threads = threads, finder_threads or threads
        self._folder = folder or paths.bundled_models()
        self.trouble: ModelError | None = None

    @cached_property
    def lines(self) -> LineNetwork:
        """What reads whole lines."""
        from hccr_desktop.recognize.lines.network import LineNetwork

        return LineNetwork(self._bundle(LineSpec), self.threads)

    @cached_property
    def rows(self) -> LineRecognizer:
        """What reads rows: PP-OCRv6, or our own network where that is missing or damaged; `trouble` says why then."""
        from hccr_desktop.recognize.lines.paddle import PaddleLines

        try:
            return PaddleLines(self.threads)
        except ModelError as error:
            self.trouble = ModelError(
                "Rows are read by the program's own network, which errs more often: {reason}", error.hint, reason=error
            )
            return self.lines

    @cached_property
    def finder(self) -> Finder:
        """What finds handwriting on pages; where PP-OCRv6's detector is missing or damaged, `trouble` says so."""
        from hccr_desktop.recognize.page.finder import Finder

        return Finder(self._bundle(PageSpec), self._finder_threads, self._detector())

    def _detector(self) -> Detector | None:
        from hccr_desktop.recognize.page.detector import Detector

        try:
            return Detector(self._finder_threads)
        except ModelError as error:
            self.trouble = ModelError("Lines are looked for by one network alone: {reason}", error.hint, reason=error)
            return None

    @cached_property
    def scripts(self) -> ScriptNamer:
        """What names scripts."""
        from hccr_desktop.recognize.page.scripts import ScriptNamer

        return ScriptNamer(self._bundle(ScriptSpec))

    @cached_property
    def bundles(self) -> tuple[AnyBundle, ...]:
        """The bundles, not opened yet."""
        return self._bundle(LineSpec), self._bundle(PageSpec), self._bundle(ScriptSpec)

    def _bundle(self, kind: type[S]) -> Bundle[S]:
        for bundle in self._found:
            if isinstance(bundle.spec, kind):
                return bundle
        raise ModelError("A network of the application is missing.", "Install the application again.")

    @cached_property
    def _found(self) -> list[AnyBundle]:
        found: list[AnyBundle] = []
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            with contextlib.suppress(InvalidBundle):
                bundle = load_any_bundle(folder)
                if not isinstance(bundle.spec, InputSpec):
                    found.append(bundle)
        return found
