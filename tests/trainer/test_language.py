from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest

from hccr_desktop.core.charset import Charset
from hccr_desktop.errors import InputError
from hccr_desktop.recognize.language import load_language
from trainer.cli import main
from trainer.language import learn, perplexity, read_lines


def test_chances_add_up_and_pairs_count() -> None:
    charset = Charset.from_characters("学习校木")
    model = learn([(["学习学校学习", "学习木"] * 20, 1.0)], charset, least=2)
    everything = np.arange(len(model.characters))
    chances = np.exp(model.after(everything[:, None], everything))
    np.testing.assert_allclose(chances[model.numbers(["学"])[0]].sum(), 1.0, atol=0.05)  # levels are rounded
    study, learn_, school, wood = model.numbers(["学", "习", "校", "木"])
    assert chances[study, learn_] > chances[study, school] > chances[study, wood]
    assert perplexity(model, ["学习学校"]) < perplexity(model, ["木校习学"])


def test_triples_tell_what_pairs_leave_open() -> None:
    """After 习, 木 and 校 are as likely; 学 or 木 before it decides."""
    charset = Charset.from_characters("学习校木")
    model = learn([(["学习校", "木习木"] * 50, 1.0)], charset)
    study, learn_, school, wood = model.numbers(["学", "习", "校", "木"])
    after_study, after_wood = np.exp(model.after(np.array([[study, learn_], [wood, learn_]]), np.array([school, wood])))
    assert after_study[0] > 10 * after_study[1]
    assert after_wood[1] > 10 * after_wood[0]
    both = np.exp(model.after(np.array([[learn_]]), np.array([school, wood])))[0]
    assert 0.5 < both[0] / both[1] < 2


def test_what_tells_little_is_left_out() -> None:
    charset = Charset.from_characters("学习校木")
    text = [(["学习校木" * 5, "木"] * 20, 1.0)]
    small, large = (learn(text, charset, least) for least in (1e9, 0.0))
    assert [len(grams.keys) for grams in small.orders] == [0, 0]
    assert all(len(grams.keys) for grams in large.orders)
    assert perplexity(large, ["学习校木"]) < perplexity(small, ["学习校木"])
    with_weight = learn([(["学习"] * 9, 1.0), (["学校"] * 9, 3.0)], charset, 0.5)
    study, learn_, school = with_weight.numbers(["学", "习", "校"])
    chances = with_weight.after(np.array([[0, study]]), np.array([learn_, school]))[0]
    assert chances[1] > chances[0] + 0.8  # 27 to 9


def test_no_text_and_no_text_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no text"):
        learn([([], 1.0)], Charset.from_characters("木学"))
    (tmp_path / "bad.txt.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match="cannot be read as text"):
        list(read_lines(tmp_path / "bad.txt.gz"))


def test_the_command_writes_a_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with gzip.open(tmp_path / "a.txt.gz", "wt", encoding="utf-8") as file:
        file.write("学习学校\n" * 50)
    (tmp_path / "b.txt").write_text("学校学习\n" * 5, encoding="utf-8")
    arguments = ["language", f"{tmp_path / 'a.txt.gz'}=2", str(tmp_path / "b.txt"), "--out", str(tmp_path / "m.npz")]
    assert main([*arguments, "--evaluate", str(tmp_path / "b.txt")]) == 0
    said = capsys.readouterr().err
    assert "perplexity" in said
    assert math.isfinite(float(load_language(tmp_path / "m.npz").single.sum()))
