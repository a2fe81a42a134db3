"""A model that learns a user's own hand and forgets nothing.

In: the bundle that is in use, the user's samples, the replay bank. Out: a new bundle beside it, with the gate's verdict
on samples that no training learns from (`core.sample.held_out`). The user's samples are mixed with writings of all
characters, on which the network imitates its parent; the statistics of its batch norms stay the parent's. If the result
still forgets, it is drawn back toward the parent, weight by weight (Wortsman et al., CVPR 2022), until it passes the
gate or nothing is left of what it learned.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
import torch
from pydantic import ConfigDict

from hccr_desktop.core.bundle import ModelBundle
from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.core.protocol import Artifact, Finished, Mended, Metric, Notice
from hccr_desktop.core.sample import HELD_OUT, Sample, held_out, some_labels
from hccr_desktop.errors import HccrError, InputError
from hccr_desktop.recognize.engine import Engine
from trainer.aside import require_new_bundle
from trainer.card import Provenance
from trainer.checkpoints import LAST
from trainer.compress.slim import thinner, with_later_blocks
from trainer.config import FitConfig, SourceConfig, checked, require_usable
from trainer.data.bank import Bank, BankSource, draw_with_some_pen, examination
from trainer.data.batches import Share
from trainer.data.prepare import Prepared, TestSet, readable, sample_set
from trainer.data.sources import Source, stored
from trainer.evaluate import mistakes_at, png_in_text, torch_logits
from trainer.export import export_run
from trainer.gate import LEAST_EXAMINED, Gate
from trainer.networks.eca_resnet import EcaResNet
from trainer.reporter import Reporter
from trainer.tasks.character import fit, some_batches, start
from trainer.tasks.weights import load_checkpoint, load_network
from trainer.unfold import architecture_of, unfold

OWN = "own hand"
"""Name of the test set of held-out samples."""
REPLAY = "all characters"
"""Name of the test set of all characters."""
_LOOKS = 5
"""How often the held-out samples are looked at while it learns."""
_SHOWN = 8
"""How many wrong answers are shown."""
_NEW_BLOCKS = 4.0
"""How much faster blocks learn that begin anew."""
_EXAMINED = 6
"""Pictures of each drawn character in the examination."""
_LEAST_OF_NEW = 3
"""Samples of a new character: one is held out."""
_SHARES = (1.0, 0.7, 0.5, 0.3)
"""How far toward what was learned the weights go, tried in turn until not too much is forgotten."""


@dataclass(frozen=True)
class FinetuneConfig:
    """How a model is fine-tuned; the defaults serve a few hundred samples on two cores."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    steps: int = 160
    batch_size: int = 128
    learning_rate: float = 5e-4
    own_share: float = 0.3
    """Share of the user's samples in each batch."""
    held_out: float = HELD_OUT
    """Share of the user's samples of each character that are kept to examine the model."""
    most_forgotten: float = 0.001
    """Top-1 on all characters that may be lost, a share: the gate."""
    charset: Literal["fail", "known", "union"] = "fail"
    """What happens to samples of characters that the model does not know: refused, left out, or learned."""
    prune: float = 0.0
    """Share of the channels inside the blocks to drop, 0 to 1: a smaller and faster model."""
    kind: Literal["", "reduced", "separable", "asymmetric", "parsimonious", "parsimonious-4"] = ""
    """Compact blocks that stand in for those of the later half of the stages: a smaller and faster model."""
    teachers: tuple[str, ...] = ()
    """Checkpoints or bundles imitated beside the parent."""
    vigor: float = 0.6
    seed: int = 1
    workers: int = 1
    threads: int = 0
    device: Literal["auto", "cpu", "cuda"] = "auto"

    def __post_init__(self) -> None:
        shares = (self.own_share, self.held_out, self.most_forgotten)
        require_usable(self.seed, self.workers, self.threads)
        if not 0 <= self.prune < 1:
            raise ValueError("prune is 0 or more and less than 1")
        if self.prune and self.kind:
            raise ValueError("prune or give a kind of blocks, not both")
        if self.steps < 1 or self.batch_size < 2 or not all(0 < share < 1 for share in shares):
            raise ValueError("steps and batch_size are positive, the shares between 0 and 1")

    @property
    def is_smaller(self) -> bool:
        """Whether the model is made smaller."""
        return bool(self.prune or self.kind)


def finetune_config_from(values: dict[str, Any]) -> FinetuneConfig:
    """Check and convert plain values; raises `InputError` naming the first bad key."""
    return checked(FinetuneConfig, values)


class OwnSource:
    """The user's samples: pictures no larger than is seen of them, ink with a pen of random width."""

    scanned = True
    hand = 0.0

    def __init__(self, samples: Iterable[Sample]) -> None:
        contents: dict[str, list[Ink | GlyphImage]] = {}
        for sample in samples:
            content = sample.content
            if isinstance(content, GlyphImage):
                content = GlyphImage(stored(content.pixels))
            contents.setdefault(sample.character, []).append(content)
        self.characters = sorted(contents)
        self._contents = [contents[character] for character in self.characters]

    def picture(self, character: int, rng: np.random.Generator, vigor: float) -> npt.NDArray[np.uint8]:
        """Return one of the character's samples as a picture."""
        choices = self._contents[character]
        content = choices[int(rng.integers(len(choices)))]
        return draw_with_some_pen(content, rng) if isinstance(content, Ink) else content.pixels


class OwnDrawing:
    """Templates or fonts in place of samples: like these they are left to their labels, which no teacher may know."""

    scanned = True

    def __init__(self, source: Source) -> None:
        self.characters, self.hand, self.picture = source.characters, source.hand, source.picture


def finetune(
    parent: ModelBundle,
    samples: Sequence[Sample],
    bank: Bank,
    config: FinetuneConfig,
    target: Path,
    report: Reporter,
    *,
    created: str,
    drawn: Sequence[Source] = (),
    work: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[ModelBundle, Gate] | None:
    """Fine-tune `parent` on labeled `samples` into a new bundle at `target`; None where it was cancelled.

    The samples may hold anything that the application reads; those without ink are left out. `drawn`
    are templates or fonts of characters that there may be no samples of: their pictures count as
    the user's, in training and in the examination. With `config.prune` or `config.kind` the network gets smaller.
    Checkpoints lie in a folder below `work` meanwhile. Raises `InputError` where there are too few samples, where
    they hold characters unknown to the parent and `config.charset` is "fail", and where `target` exists.
    """
    require_new_bundle(target)
    samples = _wanted(readable(samples), parent.charset, config, report)
    new = {sample.character for sample in samples} - set(parent.charset.characters)
    training, testing = split(samples, config.held_out, new) if samples or not drawn else ([], [])
    _require_enough(testing, parent.charset, drawn)
    testing += _drawn_examination(drawn, config)
    charset = _charset(parent.charset, training, drawn, config)
    own: list[Source] = [*([OwnSource(training)] if training else []), *map(OwnDrawing, drawn)]
    shares = (
        *(Share(source, config.own_share / len(own), config.vigor) for source in own),
        Share(BankSource(bank, parent.charset.characters), 1.0 - config.own_share, config.vigor),
    )
    replay = sample_set(REPLAY, examination(bank, parent.charset.characters), charset)
    tests = (sample_set(OWN, testing, charset), replay)
    prepared = Prepared(
        charset, shares, tests[:1], np.zeros(len(charset), bool), np.zeros((len(charset), 0), np.float32)
    )
    engine = Engine(parent, 2)
    before = _right(engine.logits, tests[0], parent.spec, parent.charset)
    replay_before = _share(_right(engine.logits, replay, parent.spec, parent.charset))
    known = sample_set(OWN, testing, parent.charset)
    for mistake in mistakes_at(0, engine.logits, known, parent.spec, parent.charset, _SHOWN):
        report(mistake)
    _tell_unpracticed(parent.charset, bank, training, report)
    run = _run_config(parent, config)
    if config.kind:
        run = replace(
            run,
            architecture=with_later_blocks(run.architecture, config.kind),
            learning_rate=_NEW_BLOCKS * config.learning_rate,
            frozen_norms=False,
        )
    mixture = some_batches(run, prepared).images
    if config.prune:
        run = replace(run, architecture=thinner(unfold(parent, mixture), config.prune))
    with tempfile.TemporaryDirectory(prefix="hccr-finetune-", dir=work) as folder:
        fit(run, prepared, Path(folder), _but_the_end(report), load=parent.folder, cancelled=cancelled)
        if not load_checkpoint(Path(folder) / LAST)["finished"]:
            return None
        tuned, _, _ = load_network(Path(folder) / LAST)
        before_it = start(run, prepared, parent.folder)[0].eval()
    made = Provenance(
        _title(parent.title, config),
        created,
        config.steps,
        parent.id,
        digest([*training, *_drawn_examination(drawn, config)]),
        held_out=f"Of the samples {len(testing)} were kept from training by their content: none learns from them.",
    )
    is_new = np.array([sample.character not in parent.charset for sample in testing], bool)
    is_ours = False  # what appeared at the target meanwhile may be another's
    for network in [tuned] if config.is_smaller else _ways_back(before_it, tuned, replay, parent.spec, charset, config):
        if cancelled():
            if is_ours:
                shutil.rmtree(target, ignore_errors=True)  # one that forgets too much
            return None
        if is_ours:
            shutil.rmtree(target)  # the one before, which forgets too much
        bundle = export_run(
            network, charset, run, tests, target, made, temperature=1.0, calibration=mixture.numpy(), pictured=[replay]
        )
        is_ours = True
        tuned_engine = Engine(bundle, 2)
        after = _right(tuned_engine.logits, tests[0], parent.spec, charset)
        gate = Gate(
            _share(before[~is_new]),
            _share(after[~is_new]),
            replay_before,
            _share(_right(tuned_engine.logits, replay, parent.spec, charset)),
            config.most_forgotten,
            config.is_smaller,
            int((~is_new).sum()),
            _share(after[is_new]) if is_new.any() else None,
        )
        if gate.why != "forgets":
            break
    for now_right in mended(engine.logits, tuned_engine.logits, known, parent.charset, charset, parent.spec):
        report(now_right)
    for test, was, now in (
        (OWN, _share(before), _share(after)),
        (REPLAY, gate.replay_before, gate.replay_after),
    ):
        report(Metric(f"{test} top-1 before", was, 0))
        report(Metric(f"{test} top-1 after", now, config.steps))
    report(Artifact("bundle", str(bundle.folder)))
    return bundle, gate


def _require_enough(testing: Sequence[Sample], known: Charset, drawn: Sequence[Source]) -> None:
    """Raise `InputError` where a gain could not be told: before the training, not after it."""
    count = sum(sample.character in known for sample in testing)
    if count == len(testing) and count < LEAST_EXAMINED and not drawn:
        raise InputError(
            "Of the samples {count} are held out, too few to examine a model on.",
            "Collect more: of about forty a quarter is held out.",
            count=count,
        )


def _title(parent: str, config: FinetuneConfig) -> str:
    """Return what a model is called: after the one that it comes from, and by how it was made smaller."""
    made = f", {config.prune:.0%} dropped" if config.prune else f", {config.kind} blocks" if config.kind else ""
    return f"{re.sub(', own hand.*$', '', parent)}, own hand{made}"


def _tell_unpracticed(known: Charset, bank: Bank, training: Sequence[Sample], report: Reporter) -> None:
    """Say which characters that were added once can be neither practiced nor examined now."""
    lacking = set(known.characters) - set(bank.characters) - {sample.character for sample in training}
    if lacking:
        shown = "".join(sorted(lacking)[:20]) + ("…" if len(lacking) > 20 else "")
        note = HccrError(
            "There is no writing to practice these characters with, they may be forgotten: {characters}",
            characters=shown,
        )
        report(Notice.of(note))


def mended(
    before: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]],
    after: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]],
    test: TestSet,
    old: Charset,
    new: Charset,
    spec: InputSpec,
) -> list[Mended]:
    """Return some of the samples that were read wrong before and are read right after, of different characters."""
    images = test.images(spec)
    if not len(images):
        return []
    was = [old[int(i)] for i in _answers(before, images)]
    now = [new[int(i)] for i in _answers(after, images)]
    found: dict[str, Mended] = {}
    for sample, image, read, right in zip(test.samples, images, was, now, strict=True):
        if read != sample.character == right and sample.character not in found and len(found) < _SHOWN:
            found[sample.character] = Mended(sample.character, read, png_in_text(image[0]))
    return list(found.values())


def _wanted(samples: Sequence[Sample], known: Charset, config: FinetuneConfig, report: Reporter) -> Sequence[Sample]:
    """Leave out samples that cannot be learned, and say so: words, and of unknown characters those that are too few
    or, where these are neither refused nor learned, all.
    """
    samples = of_one_character(samples, report)
    counts = Counter(sample.character for sample in samples)
    new = sorted(counts.keys() - set(known.characters))
    few = {character for character in new if counts[character] < _LEAST_OF_NEW}
    if config.charset == "known" and new:
        shown = "".join(new[:20]) + ("…" if len(new) > 20 else "")
        report(Notice.of(HccrError("Left out, the model does not know them: {characters}", characters=shown)))
        return [sample for sample in samples if sample.character in known]
    if config.charset == "union" and few:
        shown = "".join(sorted(few)[:20]) + ("…" if len(few) > 20 else "")
        report(Notice.of(HccrError("Left out, new ones take three samples each: {characters}", characters=shown)))
        return [sample for sample in samples if sample.character not in few]
    return samples


def of_one_character(samples: Iterable[Sample], report: Reporter) -> list[Sample]:
    """Leave out what is labeled by a word or not at all, and say so."""
    found = list(samples)
    words = sorted({sample.character for sample in found if not sample.is_one_character})
    if words:
        report(Notice.of(HccrError("Left out, they are not one character: {labels}", labels=some_labels(words))))
    return [sample for sample in found if sample.is_one_character]


def _but_the_end(report: Reporter) -> Reporter:
    """Pass on what a run reports but that it has finished: here it is only the first half."""
    return lambda message: None if isinstance(message, Finished | Artifact) else report(message)


def split(
    samples: Sequence[Sample], share: float = HELD_OUT, new: Collection[str] = ()
) -> tuple[list[Sample], list[Sample]]:
    """Return training and held-out samples, as `core.sample.held_out` tells them apart.

    Raises `InputError` where nothing can be held out.
    """
    held = held_out(samples, share, new)
    training = [sample for sample, is_held in zip(samples, held, strict=True) if not is_held]
    testing = [sample for sample, is_held in zip(samples, held, strict=True) if is_held]
    if not testing or not training:
        raise InputError(
            "{count} samples are too few to learn from.",
            "Give at least three samples of a character.",
            count=len(samples),
        )
    return training, testing


def digest(samples: Sequence[Sample]) -> str:
    """Return the SHA-256 of samples, whatever their order; what is drawn is known by some of its pictures."""
    return hashlib.sha256(b"".join(sorted(sample.digest for sample in samples))).hexdigest()


def _drawn_examination(drawn: Sequence[Source], config: FinetuneConfig) -> list[Sample]:
    """Return pictures of every drawn character that training does not see."""
    rng = np.random.default_rng([config.seed, 2])
    return [
        Sample(character, GlyphImage(source.picture(i, rng, config.vigor)))
        for source in drawn
        for i, character in enumerate(source.characters)
        for _ in range(_EXAMINED)
    ]


def _charset(known: Charset, training: Sequence[Sample], drawn: Sequence[Source], config: FinetuneConfig) -> Charset:
    asked_for = {character for source in drawn for character in source.characters}
    new = sorted(({sample.character for sample in training} | asked_for) - set(known.characters))
    if not new:
        return known
    if config.charset == "fail" and not asked_for.issuperset(new):
        raise InputError(
            "The model does not know {count} of the characters: {characters}.",
            "Use --charset union to teach them to it, or leave them out.",
            count=len(new),
            characters="".join(new[:20]),
        )
    return Charset((*known.characters, *new))


def _stated(config: FinetuneConfig) -> dict[str, Any]:
    """Return the configuration for the card, without the folders of this machine."""
    return {**asdict(config), "teachers": [Path(teacher).name for teacher in config.teachers]}


def _run_config(parent: ModelBundle, config: FinetuneConfig) -> FitConfig:
    return FitConfig(
        sources=(
            SourceConfig(
                "ink",
                "samples of the user",
                title="The user's own samples",
                terms="the user's",
                weight=config.own_share,
            ),
            SourceConfig(
                "templates",
                "replay bank",
                title="Replay bank: synthetic writing",
                terms="as its templates",
                weight=1 - config.own_share,
            ),
        ),
        architecture=architecture_of(parent),
        size=parent.spec.size,
        margin=parent.spec.margin,
        preparation=parent.spec.preparation,
        steps=config.steps,
        batch_size=config.batch_size,
        learning_rate=config.learning_rate,
        warmup_steps=max(1, config.steps // 10),
        restricted_share=0.0,
        ema_decay=0.97,
        frozen_norms=True,
        teachers=(str(parent.folder), *config.teachers),
        teach_drawn_only=True,
        distill_share=0.7,
        distill_temperature=2.0,
        label_smoothing=0.0,
        seed=config.seed,
        workers=config.workers,
        threads=config.threads,
        device=config.device,
        evaluate_every=max(1, config.steps // _LOOKS),
        shown_mistakes=_SHOWN,
        history=f"Fine-tuned from {parent.id} on the user's samples: {json.dumps(_stated(config))}.",
        limits="It was made for one hand. Its parent is kept: `hccr models rollback` returns to it.",
    )


def _ways_back(
    parent: EcaResNet, tuned: EcaResNet, replay: TestSet, spec: InputSpec, charset: Charset, config: FinetuneConfig
) -> Iterator[EcaResNet]:
    """Yield networks on the line from `tuned` back to `parent`, the farthest first, which do not forget too much.

    That is told in floats, to be told once more of what is exported; the last is given in any case.
    """
    device = torch.device("cpu")

    def remembered(network: EcaResNet) -> float:
        return _share(_right(lambda images: torch_logits(network, images, device), replay, spec, charset))

    least = remembered(parent) - config.most_forgotten
    for share in _SHARES:
        network = between(parent, tuned, share)
        if share == _SHARES[-1] or remembered(network) >= least:
            yield network


def between(start: EcaResNet, end: EcaResNet, share: float) -> EcaResNet:
    """Return a network whose weights lie `share` of the way from `start` to `end`."""
    mixed = copy.deepcopy(start)
    ends = end.state_dict()
    for name, tensor in mixed.state_dict().items():
        if tensor.is_floating_point():
            tensor.lerp_(ends[name].to(tensor.device), share)
    return mixed.eval()


def _right(
    give_logits: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]],
    test: TestSet,
    spec: InputSpec,
    charset: Charset,
) -> npt.NDArray[np.bool_]:
    """Return which answers are right."""
    answers = _answers(give_logits, test.images(spec))
    return np.array([charset[int(a)] == s.character for a, s in zip(answers, test.samples, strict=True)], bool)


def _answers(
    give_logits: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.float32]], images: npt.NDArray[np.uint8]
) -> npt.NDArray[np.int64]:
    """Return the likeliest classes, (n,), a part of the images at a time: all their logits would fill the memory."""
    parts = [give_logits(images[i : i + 256]).argmax(axis=1) for i in range(0, len(images), 256)]
    return np.concatenate(parts) if parts else np.zeros(0, np.int64)


def _share(right: npt.NDArray[np.bool_]) -> float:
    return float(np.mean(right)) if len(right) else 0.0
