"""Configuration → alphabet, training mixture and test sets.

The split: of each character's samples a share is kept for testing, chosen by a seed that is the
same for all runs; where writers are known, whole writers are kept. Characters held out keep all
their real samples from training.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hccr_desktop.core.charset import Charset
from hccr_desktop.core.glyph import GlyphImage
from hccr_desktop.core.normalize import InputSpec, has_ink, normalize
from hccr_desktop.core.protocol import Notice
from hccr_desktop.core.sample import Sample
from hccr_desktop.core.subsets import is_chinese
from hccr_desktop.errors import EmptyInk, HccrError, InputError
from hccr_desktop.files import read_bounded
from hccr_desktop.formats.folders import read_folder
from hccr_desktop.formats.gnt import read_gnt
from hccr_desktop.formats.ink_lines import read_ink_lines
from trainer.config import FitConfig, SourceConfig
from trainer.data.batches import Share
from trainer.data.components import component_targets
from trainer.data.sources import FontSource, ScanSource, Source, WritingSource
from trainer.reporter import Reporter, silent

_SPLIT_SEED = 20260101
VALIDATION = "validation"
"""How the names of sets end that are kept for choices."""


@dataclass(frozen=True, eq=False)
class TestSet:
    """Samples kept from training. `labels` are class indices, -1 where the alphabet lacks the character.

    `scanned` is true where they are pictures of real writing.
    """

    __test__ = False

    name: str
    scanned: bool
    samples: tuple[Sample, ...]
    labels: npt.NDArray[np.int64]
    _images: dict[InputSpec, npt.NDArray[np.uint8]] = field(default_factory=dict, init=False, repr=False)

    def images(self, spec: InputSpec) -> npt.NDArray[np.uint8]:
        """Return model input, uint8 (n, 1, size, size), prepared once."""
        if spec not in self._images:
            self._images[spec] = normalize([sample.content for sample in self.samples], spec)
        return self._images[spec]


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a run learns from and is measured on.

    `scanned_classes` is bool (classes,), `components` 0 or 1, float32 (classes, components), none
    where the side task is off.
    """

    charset: Charset
    shares: tuple[Share, ...]
    tests: tuple[TestSet, ...]
    scanned_classes: npt.NDArray[np.bool_]
    components: npt.NDArray[np.float32]
    _normalized: dict[InputSpec, tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def scans(self) -> Iterator[tuple[str, npt.NDArray[np.uint8]]]:
        """Yield all scans that are trained with, uint8 (h, w), dark on light, with their characters.

        Raises `InputError` where there are sources of another kind.
        """
        for share in self.shares:
            if not isinstance(share.source, ScanSource):
                raise InputError("Only scans can be normalized once.", "Leave other sources out, or prenormalized.")
            yield from share.source.every()

    def normalized(self, spec: InputSpec) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """Return all scans that are trained with as model input, uint8 (n, 1, size, size), and their classes (n,).

        They are prepared once. Raises as `scans` does.
        """
        if spec not in self._normalized:
            self._normalized[spec] = self._all_normalized(spec)
        return self._normalized[spec]

    def _all_normalized(self, spec: InputSpec) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        pictures: list[npt.NDArray[np.uint8]] = []
        labels: list[int] = []
        for character, picture in self.scans():
            index = self.charset.index(character)
            assert index is not None
            with suppress(EmptyInk):
                pictures.append(normalize([GlyphImage(picture)], spec))
                labels.append(index)
        return np.concatenate(pictures), np.array(labels, np.int64)


def prepare(config: FitConfig, limit: int = 0, report: Reporter = silent) -> Prepared:
    """Read and split all sources; `limit` keeps at most so many samples of each test set.

    What is damaged in a source, and characters that cannot be tested, are reported, and the rest is used. Raises
    `InputError` where there are no training samples, or only those of one character.
    """
    data = Path(config.data)
    real = [[] if s.kind == "fonts" else readable_part(_read(s, data), report) for s in config.sources]
    charset = _charset(config, real)
    if len(charset) < 2:
        raise InputError(
            "The alphabet has {count} character(s); there is nothing to tell apart.",
            "Give samples of at least two characters.",
            count=len(charset),
        )
    held_out = _held_out(config, real)
    shares: list[Share] = []
    tests: dict[str, list[Sample]] = {}
    scanned = np.zeros(len(charset), bool)
    for number, source in enumerate(config.sources):
        made: Source
        if source.kind == "fonts":
            if not config.fonts or config.lessons:
                continue
            made = FontSource.from_folder(Path(config.fonts), charset.characters, source.font_weights)
        else:
            training, testing = _split(real[number], source, held_out)
            if testing and source.weight > 0:
                _tell_untested(source, training, testing, report)
            for name, samples in testing.items():
                tests.setdefault(name, []).extend(samples)
            training = [sample for sample in training if sample.character in charset]
            made = WritingSource(training) if source.kind in ("ink", "templates") else ScanSource(training)
            if made.scanned:
                for character in made.characters:
                    index = charset.index(character)
                    assert index is not None
                    scanned[index] = True
        shares.append(Share(made, source.weight, source.vigor))
    if not any(share.source.characters and share.weight > 0 for share in shares):
        raise InputError("No training samples were found.", "Check the paths and the alphabet of the configuration.")
    components = np.zeros((len(charset), 0), np.float32)
    if config.components:
        components = component_targets(charset, data / config.components)
    return Prepared(charset, tuple(shares), tuple(_test_sets(tests, charset, limit)), scanned, components)


def readable_part(samples: Iterable[Sample], report: Reporter) -> list[Sample]:
    """Return the samples up to where a file is damaged, and report that; raises the error where there are none."""
    found: list[Sample] = []
    try:
        found.extend(samples)
    except HccrError as error:
        if not found:
            raise
        rest = HccrError("{error} The other {count} samples are used.", error=error, count=f"{len(found):,}")
        report(Notice.of(rest))
    return found


def readable(samples: Iterable[Sample]) -> list[Sample]:
    """Return the labeled samples that hold ink."""
    return [sample for sample in samples if sample.character and has_ink(sample.content)]


def _tell_untested(
    source: SourceConfig, training: Iterable[Sample], testing: dict[str, list[Sample]], report: Reporter
) -> None:
    tested = {sample.character for samples in testing.values() for sample in samples}
    untested = sorted({sample.character for sample in training} - tested)
    if untested:
        shown = "".join(untested[:20])
        note = HccrError(
            "{source}: {count} characters have too few samples for a test: {characters}",
            source=source.path,
            count=len(untested),
            characters=shown,
        )
        report(Notice.of(note))


def prepare_tests(config: FitConfig, charset: Charset, limit: int = 0) -> list[TestSet]:
    """Read only the test sets, for a network whose alphabet is `charset`; of a damaged source what can be read."""
    real = [[] if s.kind in ("fonts", "templates") else _whole_part(s, config) for s in config.sources]
    held_out = _held_out(config, real)
    tests: dict[str, list[Sample]] = {}
    for source, found in zip(config.sources, real, strict=True):
        for name, samples in _split(found, source, held_out)[1].items():
            tests.setdefault(name, []).extend(samples)
    return list(_test_sets(tests, charset, limit))


def _whole_part(source: SourceConfig, config: FitConfig) -> list[Sample]:
    """Return what training had of a source, which said so where that was not all."""
    return readable_part(_read(source, Path(config.data)), silent)


def class_offsets(config: FitConfig, charset: Charset) -> npt.NDArray[np.float32]:
    """Return what the exported logits gain, float32 (classes,): logit adjustment (Menon et al., ICLR 2021).

    Characters with scans lose the handicap that the configuration states; Chinese characters lose the more the
    rarer they are, those that the table lacks as much as its last.
    """
    offsets = np.zeros(len(charset), np.float32)
    if config.scanned_handicap:
        scanned = _scanned_characters(config)
        offsets -= config.scanned_handicap * np.array([c in scanned for c in charset.characters], np.float32)
    if config.frequencies and config.frequency_weight:
        text = read_bounded(Path(config.data) / config.frequencies, 2**20).decode("utf-8")
        ranks = {line[:1]: rank for rank, line in enumerate(text.split())}
        rank = np.array([ranks.get(c, len(ranks)) if is_chinese(c) else 0 for c in charset.characters])
        offsets -= config.frequency_weight * np.log1p(rank / 300.0).astype(np.float32)
    return offsets


def _scanned_characters(config: FitConfig) -> set[str]:
    """Return the characters that are learned from scans."""
    real = [_whole_part(s, config) if s.kind in ("gnt", "folder") else [] for s in config.sources]
    trained = zip(config.sources, real, strict=True)
    return {x.character for s, found in trained if s.weight > 0 for x in found} - _held_out(config, real)


def read_drawn(config: FitConfig) -> tuple[Charset, list[Sample]]:
    """Return the alphabet, and the templates and real trajectories that are trained on."""
    data = Path(config.data)
    real = [[] if s.kind == "fonts" else list(_read(s, data)) for s in config.sources]
    drawn = [
        sample
        for source, samples in zip(config.sources, real, strict=True)
        if source.kind in ("ink", "templates") and source.weight > 0
        for sample in samples
    ]
    return _charset(config, real), drawn


def _held_out(config: FitConfig, real: list[list[Sample]]) -> set[str]:
    """Return the characters whose real samples are kept from training: those named, and those of the fold."""
    held_out = set(config.hold_out_characters)
    if config.hold_out_fold:
        for source, samples in zip(config.sources, real, strict=True):
            if source.kind in ("gnt", "folder"):
                characters = sorted({sample.character for sample in samples})
                random.Random(_SPLIT_SEED).shuffle(characters)
                held_out |= set(characters[config.hold_out_fold - 1 :: 5])
    return held_out


def _read(source: SourceConfig, data: Path) -> Iterator[Sample]:
    samples = _read_all(source, data / source.path)
    return (sample for sample in samples if sample.character in source.characters) if source.characters else samples


def _read_all(source: SourceConfig, path: Path) -> Iterator[Sample]:
    if source.kind == "gnt":
        return read_gnt(path)
    if source.kind == "folder":
        return read_folder(path)
    return read_ink_lines(path)


def _split(
    samples: list[Sample], source: SourceConfig, held_out: set[str]
) -> tuple[list[Sample], dict[str, list[Sample]]]:
    """Return training samples, and test and validation samples by the name of their set."""
    if source.kind == "templates":
        return samples, {}
    training: list[Sample] = []
    testing: dict[str, list[Sample]] = {}
    name = Path(source.path).name.split(".")[0]
    whole = source.test_share >= 1.0 or source.weight <= 0.0
    counts: dict[str, int] = {}
    for sample in samples:
        counts[sample.character] = counts.get(sample.character, 0) + 1
        if whole:
            testing.setdefault(name, []).append(sample)
        elif sample.character in held_out:
            testing.setdefault(f"{name}/unseen", []).append(sample)
        else:
            unit = f"writer {sample.writer}" if sample.writer else f"{sample.character} {counts[sample.character]}"
            drawn = random.Random(f"{_SPLIT_SEED} {name} {unit}").random()
            if drawn < source.test_share:
                testing.setdefault(f"{name}/known", []).append(sample)
            elif drawn < source.test_share + source.validation_share:
                testing.setdefault(f"{name}/{VALIDATION}", []).append(sample)
            else:
                training.append(sample)
    return training, testing


def sample_set(name: str, samples: Sequence[Sample], charset: Charset) -> TestSet:
    """Return labeled samples that hold ink as a test set."""
    indices = [charset.index(sample.character) for sample in samples]
    return TestSet(name, False, tuple(samples), np.array([-1 if i is None else i for i in indices], np.int64))


def _test_sets(tests: dict[str, list[Sample]], charset: Charset, limit: int) -> Iterator[TestSet]:
    for name, found in tests.items():
        samples = random.Random(_SPLIT_SEED).sample(found, limit) if limit and len(found) > limit else found
        kept = [sample for sample in samples if has_ink(sample.content)]
        if not kept:
            continue
        indices = [charset.index(sample.character) for sample in kept]
        scanned = all(isinstance(sample.content, GlyphImage) for sample in kept)
        yield TestSet(name, scanned, tuple(kept), np.array([-1 if i is None else i for i in indices], np.int64))


def gb2312(levels: int = 2) -> Iterable[str]:
    """Yield the characters of GB2312: 6,763, or the 3,755 of level 1 only."""
    for row in range(0xB0, 0xF8 if levels == 2 else 0xD8):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                continue


LATIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def alphabet_of(config: FitConfig) -> Charset:
    """Return the alphabet of a run; the sources are read only where they decide it."""
    data, names = Path(config.data), config.characters.split("+")
    decide = "sources" in names
    real = [readable_part(_read(s, data), silent) if decide and s.kind != "fonts" else [] for s in config.sources]
    return _charset(config, real)


def _charset(config: FitConfig, real: list[list[Sample]]) -> Charset:
    characters: set[str] = set()
    for name in config.characters.split("+"):
        if name == "gb2312":
            characters |= set(gb2312())
        elif name == "gb2312-1":
            characters |= set(gb2312(1))
        elif name == "latin":
            characters |= set(LATIN)
        elif name == "sources":
            characters |= {
                sample.character
                for source, samples in zip(config.sources, real, strict=True)
                if source.weight > 0 and source.kind in ("gnt", "folder", "ink")
                for sample in samples
            }
        elif name.startswith("@"):
            characters |= set(Path(name[1:]).read_text(encoding="utf-8").split())
        else:
            raise InputError(
                "Training configuration: characters: {name} is no alphabet.",
                "Use gb2312, gb2312-1, latin, sources or @FILE, joined by +.",
                name=name,
            )
    return Charset.from_characters(characters)
