"""What is learned at once from samples: similar writing gains, everything else stays."""

from __future__ import annotations

import numpy as np
import pytest

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.normalize import normalize
from hccr_desktop.core.sample import Sample
from hccr_desktop.recognize.engine import Engine
from hccr_desktop.recognize.models import Registry
from hccr_desktop.recognize.personal import MOST_OF_ONE, Personal
from tests.conftest import WRITTEN, written

ODD = [[[20, 20], [80, 20], [20, 80], [80, 80]], [[50, 10], [50, 90]]]


def odd(shift: float = 0.0) -> Ink:
    """Somebody's own sign, written a little differently each time."""
    return Ink.from_points([[(x + shift * (i % 2), y + shift) for i, (x, y) in enumerate(s)] for s in ODD])


def learn(personal: Personal, samples: list[tuple[int, Sample]]) -> None:
    by_number = dict(samples)
    keys = [(number, sample.character) for number, sample in samples]
    personal.sync(keys, lambda numbers: [(number, by_number[number]) for number in numbers])


@pytest.fixture
def engine() -> Engine:
    return Engine(Registry().active(), 1)


def test_what_is_unsure_is_settled_by_samples_and_what_is_sure_stays(engine: Engine) -> None:
    before = engine.recognize(odd(3.0))
    first, second = before.candidates[:2]
    assert first.probability < 0.8  # else the example is no example
    others = {c: engine.recognize(written(c)).best.probability for c in WRITTEN}
    personal = Personal(engine)
    learn(personal, [(i, Sample(second.character, odd(i / 2))) for i in range(4)])
    assert len(personal) == 4
    assert engine.recognize(odd(3.0)).best.character == second.character
    for character, probability in others.items():
        answer = engine.recognize(written(character)).best
        assert answer.character == character
        assert answer.probability == pytest.approx(probability, abs=0.02)
    learn(personal, [(i, Sample(first.character, odd(i / 2))) for i in range(4)])  # relabeled
    assert engine.recognize(odd(3.0)).best.character == first.character
    learn(personal, [])
    assert engine.recognize(odd(3.0)).candidates == before.candidates


def test_one_slip_does_not_outweigh_a_sure_answer(engine: Engine) -> None:
    learn(Personal(engine), [(1, Sample("喜", written("木")))])
    assert engine.recognize(written("木")).best.character == "木"


def test_only_so_many_of_one_and_none_that_the_model_does_not_know(engine: Engine) -> None:
    personal = Personal(engine)
    samples = [(i, Sample("木", written("木"))) for i in range(MOST_OF_ONE + 5)]
    learn(personal, [*samples, (99, Sample("\U0001f600", odd())), (100, Sample("中", Ink(())))])
    assert len(personal) == MOST_OF_ONE


def test_adjusting_only_adds(engine: Engine) -> None:
    personal = Personal(engine)
    learn(personal, [(1, Sample("喜", odd()))])
    logits = np.random.default_rng(1).standard_normal((4, len(engine.bundle.charset))).astype(np.float32)
    assert (personal.adjust(logits) >= logits).all()
    assert personal.adjust(logits[:0]).shape == logits[:0].shape


def test_an_engine_without_samples_answers_alone(engine: Engine) -> None:
    engine.adjust = None
    personal = Personal(engine)
    learn(personal, [])
    assert engine.adjust is None
    learn(personal, [(1, Sample("喜", odd()))])
    bare, gains = engine.logits_and_gains(normalize([odd()], engine.bundle.spec))
    assert gains[0].argmax() == engine.bundle.charset.index("喜")
    assert np.allclose(bare + gains, engine.logits(normalize([odd()], engine.bundle.spec)), atol=1e-4)
    learn(personal, [])
    assert engine.adjust is None
