"""A model as a named sequence of training stages: one command from the data folder to the bundle.

A recipe is a TOML file: the keys of `FitConfig`, `id` and `title` of the bundle, and `[[stages]]`, each
with a `name` and the keys that it changes; `base` names a recipe beside it whose keys it takes over,
stages apart. A stage starts from the weights of the one before,
its classes matched by character. Each has its own folder, so that a recipe that was stopped
goes on where it was; the last stage's network is exported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.protocol import Artifact
from hccr_desktop.errors import InputError
from trainer.card import Provenance
from trainer.checkpoints import LAST
from trainer.config import FitConfig, fit_config_from, read_toml, resolve_alphabet, scaled
from trainer.data.lesson_batches import read_record
from trainer.data.lessons import SHARD, LessonBank, Told, digest_of_shards
from trainer.data.prepare import alphabet_of, prepare, prepare_tests
from trainer.export import export_run
from trainer.reporter import Reporter
from trainer.tasks.character import LESSONS, fit
from trainer.tasks.weights import load_checkpoint, load_network, require_same_run

RECIPES = Path(__file__).parent / "recipes"
STUDIES = ("minihwdb", "lightweight", "parsimonious", "line", "script")
"""What the key `study` of a recipe may be: it makes a table of networks, by the module of that name in
`trainer.studies`."""


@dataclass(frozen=True)
class Recipe:
    """`stages` are (name, configuration), in order."""

    id: str
    title: str
    stages: tuple[tuple[str, FitConfig], ...]


def load_recipe(name: str, overrides: dict[str, Any], scale: float = 1.0) -> Recipe:
    """Read a recipe by name or path; `scale` multiplies the steps of all stages, for a small proof.

    Raises `InputError` for an unknown recipe, a bad key or a scale that is not positive.
    """
    path = _path(name)
    values = read_toml(path)
    if "base" in values:
        base = path.parent / f"{values.pop('base')}.toml"
        values = {**{k: v for k, v in read_toml(base).items() if k != "stages"}, **values}
    values.pop("study", None)
    identity, title = values.pop("id", path.stem), values.pop("title", path.stem)
    stages: list[tuple[str, FitConfig]] = []
    for number, stage in enumerate(values.pop("stages", [{"name": "only"}])):
        merged = {**values, **stage, **overrides}
        stage_name = f"{number + 1}-{merged.pop('name', number + 1)}"
        resolve_alphabet(merged, path.parent)
        stages.append((stage_name, scaled(fit_config_from(merged), scale)))
    return Recipe(str(identity), str(title), tuple(stages))


def study_of(name: str) -> str:
    """Return the study that a recipe names, "" where it makes one model; raises as `load_recipe` does."""
    path = _path(name)
    study = read_toml(path).get("study", "")
    if study and study not in STUDIES:
        raise InputError(
            "{name} names no study ({study}).",
            "Choose of {known}.",
            name=path.name,
            study=study,
            known=", ".join(STUDIES),
        )
    return str(study)


def load_study(name: str, overrides: dict[str, Any], scale: float = 1.0) -> FitConfig:
    """Read what a study trains with; raises as `load_recipe` does."""
    values = {key: value for key, value in read_toml(_path(name)).items() if key != "study"}
    return scaled(fit_config_from({**values, **overrides}), scale)


def _path(name: str) -> Path:
    path = RECIPES / f"{name}.toml" if (RECIPES / f"{name}.toml").exists() else Path(name)
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.toml")))
        raise InputError(
            "There is no recipe {name}.", "Choose of {known}, or give a TOML file.", name=name, known=known
        )
    return path


def follow(
    recipe: Recipe,
    folder: Path,
    report: Reporter,
    *,
    created: str,
    test_limit: int = 1500,
    export_limit: int = 0,
    load: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ModelBundle | None:
    """Run what is left of a recipe in `folder` and export `folder`/`recipe.id`; None where it was cancelled.

    Raises `InputError` where a stage that is there was made otherwise, of fewer steps say, or of another alphabet.

    The first stage starts from the weights of `load`, a checkpoint or a bundle, where one is given.
    `test_limit` samples of each test set are measured in training, `export_limit` (0 is all) for the card.
    """
    before = load
    told: list[str] = []
    lessons: list[str] = []
    taught_by: list[Told] = []
    for name, config in recipe.stages:
        last = folder / name / LAST
        if last.exists() and (stored := load_checkpoint(last))["finished"]:
            require_same_run(stored, config, alphabet_of(config), name)
        else:
            prepared = prepare(config, test_limit, report)
            fit(config, prepared, folder / name, report, load=before, resume=last.exists(), cancelled=cancelled)
        reached = load_checkpoint(last)
        if not reached["finished"]:
            return None
        before = last
        told.append(f"{name.split('-', 1)[1]} ({reached['step']:,} steps)")
        if config.lessons:
            lessons, _ = read_record(folder / name / LESSONS)
            taught_by = list(LessonBank.opened(Path(config.lessons)).teachers.values())
            told[-1] += f" out of {len(lessons) * SHARD:,} lessons"
    assert before is not None
    network, charset, steps = load_network(before)
    config = replace(config, history=f"{config.history} Stages: {', '.join(told)}.".strip())
    tests = prepare_tests(config, charset, export_limit)
    target = folder / recipe.id
    bundle = export_run(
        network,
        charset,
        config,
        tests,
        target,
        Provenance(
            recipe.title,
            created,
            steps,
            parent=load.name if load is not None and load.is_dir() else "",
            data_digest=digest_of_shards(lessons) if lessons else "",
            taught_by=taught_by,
        ),
    )
    report(Artifact("bundle", str(bundle.folder)))
    return bundle
