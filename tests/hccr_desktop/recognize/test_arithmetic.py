"""A model that answers otherwise here than where it was made is noticed, and used without int8."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop import cli, paths
from hccr_desktop.core.bundle import CANARY, MANIFEST, ModelBundle, load_any_bundle, load_bundle
from hccr_desktop.core.canary import Canary
from hccr_desktop.errors import InvalidBundle
from hccr_desktop.recognize import arithmetic
from hccr_desktop.recognize.arithmetic import Trial, arithmetic_of, check
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.processor import processor
from hccr_desktop.recognize.sessions import session_of_bundle


@pytest.fixture
def bundle() -> ModelBundle:
    return Registry(user=Path("none")).active()


def _with(bundle: ModelBundle, folder: Path, canary: Canary | None) -> ModelBundle:
    """Return a copy of a bundle under another name and with another canary."""
    shutil.copytree(bundle.folder, folder)
    (folder / CANARY).unlink()
    if canary is not None:
        (folder / CANARY).write_bytes(canary.to_bytes())
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**values, "id": folder.name}), encoding="utf-8")
    return load_bundle(folder)


@pytest.mark.parametrize("folder", sorted(paths.bundled_models().iterdir()), ids=lambda path: path.name)
def test_every_bundled_model_answers_here_as_where_it_was_made(folder: Path) -> None:
    made = load_any_bundle(folder)
    canary = made.canary()
    assert canary is not None
    found = check(made)
    assert found is not None
    assert found.floats.holds
    assert (found.int8 is not None) == made.has_int8
    assert found.used == ("int8" if made.has_int8 else "floats")
    if found.int8 is not None:
        assert len(canary.images) == 32
        assert found.int8.holds
        assert found.floats.agreement >= found.int8.agreement - 0.02


def test_the_answer_is_remembered_for_this_processor(bundle: ModelBundle, monkeypatch: pytest.MonkeyPatch) -> None:
    assert arithmetic_of(bundle) == "int8"
    monkeypatch.setattr(arithmetic, "_asked", lambda *_, **__: pytest.fail("it was asked again"))
    assert arithmetic_of(bundle) == "int8"
    monkeypatch.setattr(arithmetic, "_here", lambda: "another processor")
    with pytest.raises(pytest.fail.Exception):
        arithmetic_of(bundle)


def test_a_model_that_differs_here_is_used_in_floats_and_says_so(
    bundle: ModelBundle, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = arithmetic._asked

    def saturated(session: object, canary: Canary, **runs: int) -> Trial:
        found = asked(session, canary, **runs)
        config = session.get_session_options().get_session_config_entry("session.disable_quant_qdq")  # type: ignore[attr-defined]
        return found if config == "1" else replace(found, agreement=0.9, largest=0.98)

    monkeypatch.setattr(arithmetic, "_asked", saturated)
    assert Engine(bundle).arithmetic == "floats"
    canary = bundle.canary()
    assert canary is not None
    images = canary.images
    as_floats = session_of_bundle(bundle, use_int8=False).run(None, {"images": images})[0]
    assert np.array_equal(Engine(bundle).bare_logits(images), as_floats)
    assert not np.array_equal(session_of_bundle(bundle).run(None, {"images": images})[0], as_floats)
    Registry().export(bundle.id, tmp_path / "model.zip")
    capsys.readouterr()
    assert cli.main(["models", "check", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (told["model"], told["used"]) == (bundle.id, "floats")
    assert told["int8"]["largest"] == 0.98
    assert told["processor"]["name"] == processor().name
    assert cli.main(["models", "install", str(tmp_path / "model.zip")]) == 0
    assert "without int8 arithmetic" in capsys.readouterr().err


def test_a_canary_of_another_network_is_noticed_at_installation(bundle: ModelBundle, tmp_path: Path) -> None:
    canary = bundle.canary()
    assert canary is not None
    foreign = _with(bundle, tmp_path / "other", replace(canary, classes=(canary.classes + 7) % 5000))
    with pytest.raises(InvalidBundle, match="otherwise"):
        Registry().install(foreign.folder)
    assert [known.id for known in Registry().bundles()] == [bundle.id]


def test_a_model_without_a_canary_is_asked_the_bundled_ones_questions(bundle: ModelBundle, tmp_path: Path) -> None:
    older = _with(bundle, tmp_path / "older", None)
    found = check(older)
    assert found is not None
    assert found.floats.largest == 0.0
    assert found.used == "int8"


def test_a_damaged_canary_is_refused(bundle: ModelBundle, tmp_path: Path) -> None:
    damaged = _with(bundle, tmp_path / "damaged", None)
    (damaged.folder / CANARY).write_bytes(b"PK\\3\\4 and nothing more")
    with pytest.raises(InvalidBundle, match="canary"):
        Registry().install(damaged.folder)


def test_evaluation_names_processor_and_arithmetic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bundle: ModelBundle
) -> None:
    from hccr_desktop.core.sample import Sample
    from hccr_desktop.formats.ink_lines import write_ink_lines
    from tests.conftest import written

    write_ink_lines(tmp_path / "a.jsonl", [Sample("十", written("十"))])
    assert cli.main(["evaluate", str(tmp_path / "a.jsonl"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["arithmetic"] == "int8"
    assert told["processor"] == {"name": processor().name, "features": list(processor().features)}
