"""Scans that are normalized once: each once an epoch, the same whatever the process, and varied."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.core.normalize import InputSpec
from hccr_desktop.errors import InputError
from trainer.config import FitConfig, SourceConfig
from trainer.data.kept import Kept, vary
from trainer.data.prepare import prepare


def test_an_epoch_takes_each_once() -> None:
    pictures = np.full((12, 1, 8, 8), 255, np.uint8)
    batches = Kept(pictures, np.arange(12, dtype=np.int64), 5, 3, 0.5)
    seen = np.concatenate([batches[number].labels.numpy() for number in range(12)])
    assert all(count == 5 for count in Counter(seen.tolist()).values())
    assert sorted(seen[:12].tolist()) == list(range(12)) == sorted(seen[12:24].tolist())
    assert seen[:12].tolist() != seen[12:24].tolist()


def test_batches_are_functions_of_seed_and_number_and_shared_out() -> None:
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 255, (12, 1, 16, 16), dtype=np.uint8)
    labels = np.arange(12, dtype=np.int64)
    whole = Kept(pictures, labels, 6, 3, 1.0)[7]
    parts = [Kept(pictures, labels, 6, 3, 1.0, part)[7] for part in (range(3), range(3, 6))]
    assert np.array_equal(np.concatenate([part.images.numpy() for part in parts]), whole.images.numpy())
    assert not np.array_equal(Kept(pictures, labels, 6, 4, 1.0)[7].images.numpy(), whole.images.numpy())


def test_varying_keeps_size_and_about_as_much_ink() -> None:
    picture = np.full((48, 48), 255, np.uint8)
    picture[10:38, 22:26] = picture[22:26, 10:38] = 0
    assert np.array_equal(vary(picture, np.random.default_rng(0), 0.0), picture)
    varied = [vary(picture, np.random.default_rng(seed), 1.0) for seed in range(20)]
    ink = [float((255.0 - v).sum() / (255.0 - picture).sum()) for v in varied]
    assert all(v.shape == picture.shape for v in varied)
    assert 0.5 < min(ink) < max(ink) < 2.0
    assert len({v.tobytes() for v in varied}) == 20


def test_scans_are_split_in_three_and_other_sources_refused(config: FitConfig, data: Path) -> None:
    scans = SourceConfig("gnt", "scans.gnt.zip", test_share=0.3, validation_share=0.2)
    found = prepare(replace(config, sources=(scans,), data=str(data), hold_out_characters=""))
    tested, chosen = (next(t for t in found.tests if t.name.endswith(name)) for name in ("/known", "/validation"))
    pictures, labels = found.normalized(InputSpec(32, 2))
    assert pictures.shape[1:] == (1, 32, 32)
    assert len(labels) + len(tested.labels) + len(chosen.labels) == 48
    assert min(len(tested.labels), len(chosen.labels)) > 0
    with pytest.raises(InputError, match="Only scans"):
        prepare(config).normalized(InputSpec(32, 2))
