"""Templates of our own: every class of the bundled model has writings in the replay bank."""

from __future__ import annotations

import numpy as np

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.paths import replay_bank
from hccr_desktop.recognize.models import Registry
from trainer.data.bank import load_bank, make_bank
from trainer.data.marks import own_templates


def test_every_class_of_the_bundled_model_is_in_the_bank() -> None:
    assert set(Registry().active().charset.characters) == set(load_bank(replay_bank()).characters)


def test_parts_are_stacked() -> None:
    line = Ink.from_points([[(0.0, 0.0), (1.0, 1.0)]])
    found = {s.character: s.content for s in own_templates([Sample("后", line), Sample("土", line)])}
    stacked = found["垕"]
    assert isinstance(stacked, Ink)
    assert len(stacked.strokes) == 2
    assert stacked.strokes[0].xy[:, 1].max() < stacked.strokes[1].xy[:, 1].min()
    assert "峃" not in found


def test_dots_written_slowly_stay_dots() -> None:
    marks = [sample for sample in own_templates([]) if sample.character == "…"]
    bank = make_bank(marks, "…", 4, 0.7, 1, calm="…")
    counts = [len(bank.ink(0, number).strokes) for number in range(4)]
    assert np.mean(counts) > 2
