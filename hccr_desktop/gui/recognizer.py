"""Between the rooms and the engine: loads the model in the background, answers the latest request.

Requests are numbered. Only the newest matters: one that waits is replaced, a late answer is
dropped. What is written before the model is there is read as soon as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal

from hccr_desktop.core.subsets import mask
from hccr_desktop.errors import HccrError
from hccr_desktop.gui.tasks import Tasks

if TYPE_CHECKING:  # what reads is loaded with the model, in the background
    from hccr_desktop.recognize.engine import Allowed, Engine
    from hccr_desktop.recognize.language import Language

Reading: TypeAlias = "Callable[[Engine, Allowed], object]"
"""Reads something with the engine and the classes that may be answered."""


class Recognizer(QObject):
    """Emits `ready(Engine)` and `language_ready()`, `recognized(answer)` for the newest request, and
    `failed(HccrError)`.
    """

    ready = Signal(object)
    language_ready = Signal()
    recognized = Signal(object)
    failed = Signal(object)

    def __init__(self, load: Callable[[], Engine], tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load, self._tasks = load, tasks
        self._engine: Engine | None = None
        self._language: Language | None = None
        self._newest = 0
        self._waiting: Reading | None = None
        self._busy = False
        self._subsets: tuple[str, ...] = ()
        self._own = ""
        self._allowed: Allowed = None

    @property
    def engine(self) -> Engine | None:
        """The engine, None while it is being loaded."""
        return self._engine

    @property
    def is_busy(self) -> bool:
        """Whether something is being read, or waits for that."""
        return self._busy or self._waiting is not None

    @property
    def language(self) -> Language | None:
        """The language model, None while it is being loaded."""
        return self._language

    @property
    def allowed(self) -> Allowed:
        """Which classes are answered."""
        return self._allowed

    def start(self) -> None:
        """Load the model in the background, and after it the language model."""
        self._tasks.run(self._load, self._loaded, self.failed.emit)

    def request(self, read: Reading) -> None:
        """Read something; an earlier request that is not answered yet is forgotten."""
        self._newest += 1
        self._waiting = read
        self._next()

    def forget(self) -> None:
        """Drop the newest request: what it was about is gone."""
        self._newest += 1
        self._waiting = None

    def restrict(self, subsets: tuple[str, ...], own: str) -> None:
        """Answer from now on only with these parts of the alphabet and own characters; nothing named is all.

        Raises `InputError` where the model knows none of them, and then answers with all.
        """
        self._subsets, self._own = subsets, own
        self._allowed = None
        if self._engine is not None and (subsets or own):
            self._allowed = mask(self._engine.bundle.charset, subsets, own)

    def _loaded(self, engine: Engine) -> None:
        self._engine = engine
        try:
            self.restrict(self._subsets, self._own)
        except HccrError as error:
            self.failed.emit(error)
        self.ready.emit(engine)
        self._next()
        if self._language is None:
            self._tasks.run(_load_language, self._language_loaded, self.failed.emit)

    def learn_terms(self) -> None:
        """Load the language model anew, with the user's own names and terms as they are now."""
        if self._language is not None:
            self._tasks.run(_load_language, self._language_loaded, self.failed.emit)

    def _language_loaded(self, language: Language) -> None:
        self._language = language
        self.language_ready.emit()

    def _next(self) -> None:
        if self._engine is None or self._waiting is None or self._busy:
            return
        read, self._waiting, self._busy = self._waiting, None, True
        number, engine, allowed = self._newest, self._engine, self._allowed

        def done(answer: object) -> None:
            self._busy = False
            if number == self._newest:
                self.recognized.emit(answer)
            self._next()

        def failed(error: HccrError) -> None:
            self._busy = False
            if number == self._newest:
                self.failed.emit(error)
            self._next()

        self._tasks.run(lambda: read(engine, allowed), done, failed)


def _load_language() -> Language:
    from hccr_desktop.recognize.language import usual_language
    from hccr_desktop.recognize.memory import give_back_memory

    language = usual_language()
    give_back_memory()
    return language
