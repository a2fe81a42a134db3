"""What a training run is told: frozen dataclasses, read from TOML, unknown keys refused."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from hccr_desktop.core.normalize import EVENED, InputSpec
from hccr_desktop.errors import InputError
from trainer.networks.eca_resnet import Architecture
from trainer.precision import Choice

_Config = TypeVar("_Config")
_MOST_WORKERS = 256


@dataclass(frozen=True)
class SourceConfig:
    """One source of samples, `path` relative to the data folder.

    kind "gnt" and "folder": pictures; "ink": real trajectories; "templates": center lines to be
    written; "fonts": a folder of fonts. `weight` is the share of each batch; `vigor` scales how
    far each sample is varied, less for real ones than for drawn ones;
    `test_share` of the samples of each character (of the writers, where they are known) is kept
    from training for evaluation; 1.0 keeps all. `validation_share` is kept for
    choices, apart from both. `characters` keeps only samples of these. `title` and `terms` (its licence) go
    into the model card. `font_weights` by font name, 1 where not named.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: Literal["gnt", "folder", "ink", "templates", "fonts"]
    path: str
    title: str = ""
    terms: str = ""
    weight: float = 1.0
    vigor: float = 1.0
    test_share: float = 0.0
    validation_share: float = 0.0
    characters: str = ""
    font_weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Member:
    """A teacher in a committee: its weight, and the temperature that softens its answers."""

    weight: float = 1.0
    temperature: float = 2.0


@dataclass(frozen=True)
class CommitteeConfig:
    """Whose answers out of a bank of lessons are imitated, by name; see `trainer.tasks.committee`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    closed: dict[str, Member] = field(
        default_factory=lambda: {
            "compact-cnn": Member(0.5, 1.0),
            "cascade": Member(0.25, 1.5),
            "pp-ocrv6": Member(0.25, 1.5),
        }
    )
    """Teachers that speak for GB 2312 level 1."""
    open: dict[str, Member] = field(default_factory=lambda: {"parent": Member(0.5), "pp-ocrv6": Member(0.5)})
    """Teachers of the other characters."""
    temperature: float = 2.0
    """Of the student."""
    closed_label_weight: float = 0.5
    """Weight of the labels of drawn lessons inside level 1, beside 1 for the imitation."""
    open_label_weight: float = 1.5
    """Weight of the labels of lessons outside."""
    feature_weight: float = 0.5
    """Weight of matching a teacher's features, by a linear map of the student's pooled ones."""


@dataclass(frozen=True)
class FitConfig:
    """Everything that decides a run of `fit`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    sources: tuple[SourceConfig, ...]
    data: str = "."
    fonts: str = ""
    """Folder of fonts; empty leaves sources of kind "fonts" out."""
    characters: str = "gb2312+latin"
    """Alphabet: names joined by + out of gb2312, gb2312-1 (its level 1), latin (with digits), sources, or @FILE."""
    hold_out_characters: str = ""
    """Characters whose real scans and trajectories are all kept from training."""
    hold_out_fold: int = 0
    """1 to 5: hold out that fifth of each scanned source's characters, too (leave-characters-out)."""
    architecture: Architecture = field(default_factory=Architecture)
    size: int = 64
    margin: int = 3
    preparation: int = EVENED
    """How `core.normalize` prepares the input: 2 evens lines out, 3 keeps their gray."""
    early_size: int = 0
    """Input size for the first `early_share` of the steps; 0 is `size` throughout."""
    early_share: float = 0.5
    steps: int = 10_000
    batch_size: int = 256
    optimizer: Literal["adamw", "sgd"] = "adamw"
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    warmup_steps: int = 300
    label_smoothing: float = 0.05
    restricted_share: float = 0.9
    """Share of a scan's loss that is taken over the characters with scans only."""
    scanned_handicap: float = 0.0
    """Taken off the logits of characters with scans when the network is exported: scans make them too likely."""
    frequencies: str = ""
    """Table in the data folder of Chinese characters, one a line, the most frequent first; empty for none."""
    frequency_weight: float = 0.0
    """Weight of ln(300 / (300 + rank)) in the exported logits: of two that look alike, people write the usual one."""
    shared_prototypes: bool = False
    """Whether scans leave the classifier's weights alone, so that synthetic writing alone decides them."""
    components: str = ""
    """Table of ideographic descriptions in the data folder, for the side task of naming components; empty for none."""
    component_weight: float = 0.03
    """Weight of the side task's loss, a sum over components."""
    sparsity: float = 0.0
    """Penalty on the batch-norm scales inside blocks, 1e-5 to 1e-4, so that weak channels can be pruned."""
    teachers: tuple[str, ...] = ()
    """Checkpoints or bundles whose answers are imitated; several are averaged. Their alphabets hold this one's."""
    lessons: str = ""
    """Folder of a bank of lessons; batches are drawn from it, and the sources are for tests only. Empty for none."""
    committee: CommitteeConfig = field(default_factory=CommitteeConfig)
    """Which of the bank's answers are imitated."""
    teach_drawn_only: bool = False
    """Whether real samples are left to their labels. The teachers may then lack characters: those of real samples."""
    distill_share: float = 0.7
    """Share of the imitation in the loss, the labels' being the rest."""
    distill_temperature: float = 4.0
    relation_weight: float = 0.0
    """Weight of matching the teachers' relations between classes and between samples (DIST), in the imitation."""
    feature_weight: float = 0.0
    """Weight of matching the stages' features of the first teacher, a checkpoint whose stages have the same widths."""
    frozen_norms: bool = False
    """Whether batch norms keep the statistics that they were loaded with."""
    frozen_stages: int = 0
    """First stages, and with them the stem, that keep their weights and norms: a third of the work is the first's."""
    only_stage: int = 0
    """The one stage that learns, counted from 1, while all else keeps weights and norms; 0 for all of them."""
    matched_blocks: bool = False
    """Whether each block learns on what the first teacher's block takes to give what that gives, and nothing else."""
    prenormalized: bool = False
    """Whether scans are normalized once, each seen once an epoch and varied as it is then; see `data.kept`."""
    vigor: float = 1.0
    level_share: float = 0.0
    """Last share of the steps that keep the lowest rate: what is learned there shows whether a run has converged."""
    ema_decay: float = 0.999
    seed: int = 1
    threads: int = 0
    workers: int = 2
    device: Literal["auto", "cpu", "cuda"] = "auto"
    bfloat16: Choice = "auto"
    """Whether the network computes in bfloat16; "auto" where the processor does so itself."""
    checkpoint_minutes: float = 5.0
    evaluate_every: int = 2_000
    """Steps between evaluations on part of the test samples; 0 only at the end."""
    shown_mistakes: int = 0
    """Wrong answers of each test set that are reported with their pictures at each evaluation."""
    patience: int = 0
    """Evaluations without a new best after which the run ends early; 0 never."""
    history: str = ""
    """What the weights went through before this run, for the card."""
    limits: str = ""
    """What the model cannot do, for its card."""

    def __post_init__(self) -> None:
        require_usable(self.seed, self.workers, self.threads)
        if self.steps < 1 or self.batch_size < 2 or not self.sources:
            raise ValueError("a run needs at least one source, one step and batches of two")
        if not (0 <= self.distill_share <= 1 and self.distill_temperature > 0):
            raise ValueError("distill_share is 0 to 1, distill_temperature above 0")
        if self.feature_weight and not self.teachers:
            raise ValueError("features are matched with a teacher's: name one")
        if self.teachers and self.early_size:
            raise ValueError("teachers take one size of input: early_size has to be 0")
        if self.lessons and (self.early_size or self.teachers):
            raise ValueError("a bank holds lessons of one size and its own teachers: early_size and teachers are none")
        if not 0 <= max(self.frozen_stages, self.only_stage) <= len(self.architecture.widths):
            raise ValueError("frozen_stages and only_stage are 0 to the number of stages")
        if self.matched_blocks and not self.teachers:
            raise ValueError("blocks are matched with a teacher's: name one")
        if not 0 <= self.hold_out_fold <= 5:
            raise ValueError("hold_out_fold is 0 (none) or 1 to 5")

    @property
    def spec(self) -> InputSpec:
        """Input of the network."""
        return InputSpec(self.size, self.margin, self.preparation)


def require_usable(seed: int, workers: int, threads: int) -> None:
    """Raise `ValueError` for numbers that no generator or machine takes."""
    if not 0 <= seed < 2**31:
        raise ValueError("seed is 0 to 2147483647")
    if not (0 <= workers <= _MOST_WORKERS and 0 <= threads <= _MOST_WORKERS):
        raise ValueError(f"workers and threads are 0 to {_MOST_WORKERS}")


def load_fit_config(path: Path, overrides: dict[str, Any] | None = None) -> FitConfig:
    """Read a TOML file; `overrides` replace top-level keys. Raises `InputError` naming the key."""
    values = read_toml(path)
    resolve_alphabet(values, path.parent)
    return fit_config_from({**values, **(overrides or {})})


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises `InputError` where it cannot be read or is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            "{name} cannot be read ({reason}).", "Give the path of a TOML file.", name=path.name, reason=error.strerror
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("{name} is not TOML: {reason}.", name=path.name, reason=error) from error


def resolve_alphabet(values: dict[str, Any], folder: Path) -> None:
    """Make the paths of @FILE in `characters` relative to `folder`, that of the configuration, in place."""
    if isinstance(values.get("characters"), str):
        names = values["characters"].split("+")
        values["characters"] = "+".join(f"@{folder / name[1:]}" if name[:1] == "@" else name for name in names)


def fit_config_from(values: dict[str, Any]) -> FitConfig:
    """Check and convert plain values; raises `InputError` naming the first bad key."""
    return checked(FitConfig, values)


def scaled(config: FitConfig, scale: float) -> FitConfig:
    """Return a configuration with all its steps multiplied; raises `InputError` where `scale` is not positive."""
    if not scale > 0:
        raise InputError("A scale has to be positive.", "Use 1, or a small part such as 0.01.")
    steps = {key: max(1, round(getattr(config, key) * scale)) for key in ("steps", "warmup_steps")}
    return replace(config, **steps, evaluate_every=round(config.evaluate_every * scale))


def load_config(kind: type[_Config], path: Path | None) -> _Config:
    """Read a configuration of a kind from TOML, its defaults where no file is given; raises `InputError`."""
    return checked(kind, read_toml(path) if path is not None else {})


def checked(kind: type[_Config], values: dict[str, Any]) -> _Config:
    """Make a configuration of plain values; raises `InputError` naming the first bad key."""
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            "Training configuration: {key}: {reason}.",
            "See trainer/config.py for the keys.",
            key=place,
            reason=first["msg"],
        ) from error


def config_to_dict(config: FitConfig) -> dict[str, Any]:
    """Return plain values that `fit_config_from` takes back."""
    return asdict(config)
