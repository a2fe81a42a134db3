"""The only place that knows where files live.

User files lie in the platform's folders; where a file named `portable` stands beside the
package, or beside the packaged program, they lie in `hccr-data` beside it instead; the environment
variable HCCR_HOME overrides both. Nothing is created here: whoever writes does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP_NAME = "Hccr Desktop"

_PACKAGE = Path(__file__).resolve().parent


def is_packaged() -> bool:
    """Whether this runs as a packaged program, which is its own Python."""
    return bool(getattr(sys, "frozen", False))


def resources() -> Path:
    """Bundled files: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def user_data() -> Path:
    """Where the user's models, samples and texts lie."""
    if home := os.environ.get("HCCR_HOME"):
        return Path(home).expanduser()
    beside = Path(sys.executable).resolve().parent if is_packaged() else _PACKAGE.parent
    if (beside / "portable").exists():
        return beside / "hccr-data"
    import appdirs

    return Path(appdirs.user_data_dir(APP_NAME, appauthor=False))


def docs() -> Path:
    """Folder of the documentation; in it one for each language that the user's guide is written in."""
    return resources() / "docs"


def bundled_models() -> Path:
    """Folder of the models that came with the application."""
    return resources() / "models"


def replay_bank() -> Path:
    """Writings of all characters that a model practices while it learns a user's hand."""
    return resources() / "replay.npz"


def language_model() -> Path:
    """How likely a character is after another."""
    return resources() / "language.npz"


def tick() -> Path:
    """The picture of a tick in a check box."""
    return resources() / "tick.png"


def icon() -> Path:
    """The application's picture."""
    return resources() / "icon.png"


def icons() -> Path:
    """The font of the actions' icons."""
    return resources() / "icons.ttf"


def character_facts() -> Path:
    """Strokes, readings and other forms of characters."""
    return resources() / "characters.tsv"


def shell() -> Path:
    """Folder of completions and the man page."""
    return resources() / "shell"


def dictionary() -> Path:
    """Folder of what characters and words mean."""
    return resources() / "dictionary"


def package_file(package: str, name: str) -> Path | None:
    """Return a file in the folder of an installed package, which is not imported; None where it is not there."""
    from importlib.util import find_spec

    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return next((found for place in places if (found := Path(place) / name).is_file()), None)


def user_models() -> Path:
    """Folder of the models that the user installed."""
    return user_data() / "models"


def arithmetic() -> Path:
    """With which arithmetic each model is used on this computer, as JSON."""
    return user_data() / "arithmetic.json"


def own_text() -> Path:
    """The user's own names and terms, which the language model learns."""
    return user_data() / "own-text.txt"


def sample_store() -> Path:
    """The user's own samples, in SQLite."""
    return user_data() / "samples.sqlite"


def reading_session() -> Path:
    """The pages that lie open for reading, in SQLite."""
    return user_data() / "reading.sqlite"


def collecting_session() -> Path:
    """The collecting session that was left, as JSON."""
    return user_data() / "collecting.json"


def pasted() -> Path:
    """Pictures of pages that were pasted."""
    return user_data() / "pasted"


def looked_up() -> Path:
    """Which characters were looked up, as text."""
    return user_data() / "looked-up.txt"


def sheets() -> Path:
    """What was printed on each sheet of boxes, a JSON file each."""
    return user_data() / "sheets"


def training_diary() -> Path:
    """How fast trainings were, and which one did not end, as JSON."""
    return user_data() / "training.json"


def training_work() -> Path:
    """Where a training of the user's hand keeps its checkpoints, while it runs."""
    return user_data() / "training"


def trainer_libraries() -> Path:
    """Where a packaged program keeps what its trainer needs, for one version of Python."""
    return user_data() / "trainer" / str(sys.implementation.cache_tag)


def settings_file() -> Path:
    """The settings, as JSON."""
    return user_data() / "settings.json"


def window_folder() -> Path:
    """Where windows of the same user's data find each other."""
    return user_data() / "window"


def places_file() -> Path:
    """Size and place of the window, and the folders that files came from, as JSON."""
    return user_data() / "places.json"


def draft_file() -> Path:
    """The text line as it was left."""
    return user_data() / "draft.txt"


def translations() -> Path:
    """Folder of compiled Qt translations."""
    return resources() / "translations"


def onnxruntime_traces() -> Path:
    """Folder where onnxruntime keeps an identity and a database of events, unless it is told not to."""
    import appdirs

    base = appdirs.user_cache_dir() if sys.platform.startswith("linux") else appdirs.user_data_dir(appauthor=False)
    return Path(base) / "Microsoft" / "DeveloperTools" / ".onnxruntime"


def _is_own(path: Path) -> bool:
    """Whether a file is there and belongs to this user, where systems tell."""
    try:
        return path.lstat().st_uid == os.getuid() if hasattr(os, "getuid") else path.exists()
    except OSError:
        return False


def everything() -> list[Path]:
    """All that the application keeps of a user, and earlier versions left: files, and folders with all in them."""
    stores = [sample_store(), reading_session()]
    beside = [store.with_name(store.name + suffix) for store in stores for suffix in ("-wal", "-shm")]
    beside += user_data().glob(".hccr-*")  # what was being written when the program was killed
    beside += [reading_session().with_suffix(".lock"), *reading_session().parent.glob("reading.sqlite.damaged-*")]
    files = [
        *stores,
        *beside,
        settings_file(),
        draft_file(),
        own_text(),
        collecting_session(),
        training_diary(),
        arithmetic(),
        looked_up(),
        places_file(),
    ]
    traces = [found for name in ("deviceid*", "onnxruntime.db*") for found in onnxruntime_traces().glob(name)]
    session = Path(os.environ.get("TMPDIR") or "/tmp") / ".ses"  # noqa: S108 - as onnxruntime names it
    if _is_own(session):
        traces.append(session)
    return [
        *files,
        user_models(),
        sheets(),
        pasted(),
        trainer_libraries().parent,
        window_folder(),
        training_work(),
        *traces,
    ]
