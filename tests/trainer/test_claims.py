"""What a table says, tested in pairs (McNemar, a sample's seeds as one observation), and which rows have converged."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.errors import HccrError
from trainer.claims import HELD, OPEN, REFUTED, UNFIT, Claim, judge, probability, quantile
from trainer.course import Course
from trainer.reporter import silent
from trainer.table import Job, Measured, Stopped, Table, kept_arrays

N = 400


@pytest.fixture
def table(tmp_path: Path) -> Table:
    pictures, labels = np.zeros((N, 1, 4, 4), np.uint8), np.zeros(N, np.int64)
    return Table(tmp_path, ("a", "b"), pictures, labels, ["a"] * N, silent)


def put(table: Table, row: str, wrong: Sequence[int], seed: int = 1) -> None:
    read = np.zeros(N, int)
    read[list(wrong)] = 1
    right = 1.0 - len(wrong) / N
    table.keep(row, seed, {}, lambda: Measured(right, 1, 1, 1, tuple(read.tolist())))


def put_twice(table: Table, row: str, wrong: Sequence[int]) -> None:
    """Keep two seeds that answer alike."""
    for seed in (1, 2):
        put(table, row, wrong, seed)


def test_of_one_seed_each_nothing_is_decided(table: Table) -> None:
    put(table, "good", range(10))
    put(table, "bad", range(5, 105))
    verdict = judge(table, Claim("", "good", "bad"))
    assert verdict is not None
    assert verdict.p < 0.001  # these two networks differ; whether others would, nobody knows
    assert verdict.word == OPEN


def test_seeds_that_do_not_vary_leave_mcnemars_test(table: Table) -> None:
    put_twice(table, "good", range(10))
    put_twice(table, "bad", range(5, 45))  # 5 that only the good one misreads, 35 that only the bad one does
    verdict = judge(table, Claim("", "good", "bad"))
    assert verdict is not None
    assert verdict.difference == pytest.approx(30 / N)
    assert verdict.p == pytest.approx(math.erfc(30 / math.sqrt(40) / math.sqrt(2)))
    assert verdict.word == HELD
    assert str(verdict).startswith("+7.50 points")
    other = judge(table, Claim("", "bad", "good"))
    assert other is not None
    assert other.word == REFUTED


def test_seeds_that_answer_alike_count_once(table: Table) -> None:
    for seed in (1, 2, 3):
        put(table, "good", range(10), seed)
        put(table, "bad", range(8, 14), seed)
    one = judge(table, Claim("", "good", "bad"))
    assert one is not None
    assert one.p == pytest.approx(math.erfc(4 / math.sqrt(12) / math.sqrt(2)))
    assert one.word == OPEN
    put(table, "alone", range(8, 14))  # a teacher has one seed
    again = judge(table, Claim("", "good", "alone"))
    assert again == one


def test_seeds_that_differ_widen_the_interval(table: Table) -> None:
    for seed, wrong in enumerate((10, 40, 70), 1):
        put(table, "wavering", range(wrong), seed)
        put(table, "steady", range(10, 50), seed)
    put(table, "once", range(40))
    seeds = judge(table, Claim("", "wavering", "steady"))
    assert seeds is not None
    samples = np.mean([table.points(cell) for cell in table.cells("wavering")], 0) - table.points(
        table.cells("steady")[0]
    )
    variance = np.var(samples, ddof=1) / N + np.var([10 / N, 40 / N, 70 / N], ddof=1) / 3
    of_seeds = np.var([10 / N, 40 / N, 70 / N], ddof=1) / 3
    t = quantile(2 * (variance / of_seeds) ** 2)
    assert 3.5 < t < 4.4  # little more than two degrees of freedom
    assert seeds.high - seeds.low == pytest.approx(2 * t * math.sqrt(variance))
    assert seeds.word == OPEN
    alone = judge(table, Claim("", "wavering", "once"))
    assert alone is not None
    assert alone.high - alone.low > 1.5 * (seeds.high - seeds.low)  # as if it wavered, too
    once = np.mean([table.points(cell) for cell in table.cells("wavering")], 0) - table.points(table.cells("once")[0])
    borrowed = np.var([10 / N, 40 / N, 70 / N], ddof=1) * (1 / 3 + 1)  # of one estimate
    whole = float(np.var(once, ddof=1)) / N + borrowed
    t = quantile(2 * float(whole / borrowed) ** 2)
    assert alone.high - alone.low == pytest.approx(2 * t * math.sqrt(whole))


def test_students_distribution() -> None:
    for freedom, t in ((1, 12.706), (2, 4.3027), (3.5, 2.9402), (10, 2.2281), (120, 1.9799), (5_000, 1.96)):
        assert quantile(freedom) == pytest.approx(t, rel=1e-3)
        assert probability(t, freedom) == pytest.approx(0.05, rel=3e-3)
    assert probability(0.0, 2) == 1.0


def test_a_margin_is_held_where_the_interval_lies_inside(table: Table) -> None:
    for row, wrong in (("same", 4), ("whole", 4), ("worse", 60), ("little", 6)):
        put_twice(table, row, range(wrong))
    words = [judge(table, Claim("", row, "whole", 0.003)) for row in ("same", "worse", "little")]
    assert [verdict.word if verdict else "" for verdict in words] == [HELD, REFUTED, OPEN]
    assert words[1] is not None
    assert words[1].p < 0.001
    assert "p of a loss of 0.3 < 0.001: refuted" in str(words[1])
    assert judge(table, Claim("", "same", "missing")) is None


def test_a_row_counts_once_it_is_flat(table: Table, tmp_path: Path) -> None:
    put_twice(table, "good", range(10))
    put_twice(table, "bad", range(50))
    path = tmp_path / "seed-1" / "good" / "events.jsonl"

    def went(losses: Sequence[float]) -> None:
        events = [{"event": "progress", "done": i + 1, "loss": loss} for i, loss in enumerate(losses)]
        events += [{"event": "metric", "name": "validation top-1", "step": i + 1, "value": 0.9} for i in range(60)]
        path.write_text("\n".join(map(json.dumps, events)), encoding="utf-8")

    went([1.0 - i / 100 for i in range(60)])
    assert not table.is_flat("good")
    verdict = judge(table, Claim("", "good", "bad"))
    assert verdict is not None
    assert verdict.word == UNFIT
    went([1.0 - i / 100 for i in range(40)] + [0.6] * 20)
    assert table.is_flat("good")
    found = table.last_third("good")
    assert found is not None
    assert np.allclose(found, ((0.6, 0.6), (0.9, 0.9)))
    assert not Course(((1, 0.5), (2, 0.4)), ()).is_flat


def test_processes_share_jobs_out_in_the_order_that_they_need(tmp_path: Path) -> None:
    made: list[str] = []

    def work() -> None:
        own = Table(tmp_path, ("a", "b"), np.zeros((2, 1, 4, 4), np.uint8), np.zeros(2, np.int64), ["a", "a"], silent)

        def job(row: str, *needs: str) -> Job:
            def make() -> None:
                def measure() -> Measured:
                    made.append(row)
                    return Measured(1.0, 1, 1, 1, (0, 0))

                own.keep(row, 1, {}, measure)

            return Job(row, 1, make, tuple((need, 1) for need in needs))

        own.work([job("last", "first", "other"), job("first"), job("other", "first")], lambda: False)
        assert [len(own.cells(row)) for row in ("first", "other", "last")] == [1, 1, 1]

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert made == ["first", "other", "last"]  # each once
    table = Table(tmp_path, ("a",), np.zeros((1, 1, 4, 4), np.uint8), np.zeros(1, np.int64), ["a"], silent)
    with pytest.raises(Stopped):
        table.work([Job("never", 1, lambda: None, (("missing", 1),))], lambda: True)


def test_arrays_are_kept_and_made_once(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> dict[str, np.ndarray]:
        made.append(1)
        return {"a": np.arange(3), "b": np.ones((2, 2), np.float16)}

    for _ in range(2):
        found = kept_arrays(tmp_path / "below" / "arrays", make)
        assert found["a"].tolist() == [0, 1, 2]
        assert found["b"].dtype == np.float16
    assert made == [1]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HccrError):
        kept_arrays(tmp_path / "file" / "arrays", make)
