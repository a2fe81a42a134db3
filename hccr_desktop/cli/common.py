"""What the commands share: options, the engine, where to speak."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TypeAlias
from unicodedata import category

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.subsets import SUBSETS, allowed_classes
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.arithmetic import Arithmetic
from hccr_desktop.recognize.engine import Allowed, Engine
from hccr_desktop.recognize.models import Registry

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_STEERING = ("Cc", "Cf", "Zl", "Zp")
"""Unicode's categories of what moves a cursor, ends a line or turns the direction of a text."""
AT_ONCE = 256
"""Characters handed to the model together, shared out among its threads."""


def engine_options() -> argparse.ArgumentParser:
    """Return the options of commands that read writing, as a parent for their parsers."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--model", metavar="ID", help="model to use instead of the active one")
    common.add_argument("--threads", type=positive, default=1, help="threads for one inference (default 1)")
    common.add_argument("--json", action="store_true", help="write JSON")
    common.add_argument(
        "--only", type=_subsets, default=(), metavar="PARTS", help=f"answer only with parts of: {','.join(SUBSETS)}"
    )
    common.add_argument(
        "--characters", default="", metavar="LIST", help="answer only with these characters, or add them"
    )
    return common


def _subsets(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names:
        if name not in SUBSETS:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(SUBSETS)}")
    return names


def positive(text: str) -> int:
    """Read a number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def require_new(path: Path, force: bool) -> None:
    """Raise `InputError` where a file is there that may not be written over."""
    if path.is_file() and not force:
        raise InputError("{name} exists already.", "Choose another name, or write over it: --force.", name=path.name)


def say(text: str) -> None:
    """Write a line to standard error, without what would steer a terminal; where nobody hears it, the work goes on."""
    with contextlib.suppress(OSError):
        print("".join("\N{REPLACEMENT CHARACTER}" if category(c) in _STEERING else c for c in text), file=sys.stderr)


def engine_of(options: argparse.Namespace) -> Engine:
    """Load the model that was asked for, or the active one, and say where it is used without int8 arithmetic."""
    engine = Engine(model_of(options), options.threads)
    tell_arithmetic(engine.bundle, engine.arithmetic)
    return engine


def model_of(options: argparse.Namespace) -> ModelBundle:
    """Return the model that was asked for, or the active one."""
    registry = Registry()
    return registry.get(options.model) if options.model else registry.require_active()


def tell_arithmetic(bundle: ModelBundle, used: Arithmetic) -> None:
    """Say that a model is used without the arithmetic that it was made for, where that is so."""
    if bundle.has_int8 and used == "floats":
        say(f"{bundle.id} is used without int8 arithmetic: with it it answers otherwise on this processor.")


def allowed_of(options: argparse.Namespace, charset: Charset) -> Allowed:
    """Return which classes may be answered; what the model does not know is told."""
    if unknown := [c for c in dict.fromkeys("".join(options.characters.split())) if charset.index(c) is None]:
        say(f"The model does not know {''.join(unknown)}, and cannot answer that.")
    return allowed_classes(charset, options.only, options.characters)
