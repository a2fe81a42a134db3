"""InkML as people's programs write it: what stands in a trace, contexts, views, encodings, damage."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hccr_desktop.core.ink import Ink
from hccr_desktop.core.sample import Sample
from hccr_desktop.errors import HccrError, InputError, InvalidInk, TooLarge, UnreadableFile
from hccr_desktop.formats import inkml, inkml_document, inkml_units
from hccr_desktop.formats.inkml import parse_inkml, write_inkml
from hccr_desktop.formats.reading import read_any
from tests.conftest import written

_HEAD = '<ink xmlns="http://www.w3.org/2003/InkML">'
_X_Y_S = (
    '<traceFormat><channel name="X"/><channel name="Y"/><intermittentChannels><channel name="S" type="boolean"/>'
    "</intermittentChannels></traceFormat>"
)


def samples(body: str) -> list[Sample]:
    return list(parse_inkml(f"{_HEAD}{body}</ink>".encode(), "a.inkml"))


def strokes(body: str) -> list[list[list[float]]]:
    """Return x and y of the strokes of a document of one character."""
    (sample,) = samples(body)
    assert isinstance(sample.content, Ink)
    return [stroke.xy.tolist() for stroke in sample.content.strokes]


def found(body: str) -> list[tuple[str, list[list[list[float]]]]]:
    """Return label and strokes of each character."""
    return [
        (s.character, [stroke.xy.tolist() for stroke in s.content.strokes])
        for s in samples(body)
        if isinstance(s.content, Ink)
    ]


# -------------------------------------------------------------------------------- what stands in a trace


@pytest.mark.parametrize(
    ("trace", "points"),
    [
        ("1 2, * 5, 7 *", [[1, 2], [1, 5], [7, 5]]),
        ("1 2, '2 '3, * 1, 4 *, 1 1", [[1, 2], [3, 5], [3, 6], [7, 6], [8, 7]]),
        ("1 2, '2 '3, \"1 \"1, * *, 1 1", [[1, 2], [3, 5], [6, 9], [6, 9], [7, 10]]),  # nothing moved: no speed
        ("1125 18432,'23'43,\"7\"-8,3-5", [[1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540]]),
        ("1 2, '3'4, !10 !20, 11 21", [[1, 2], [4, 6], [10, 20], [11, 21]]),
        ("#FF #10, -#A 1e1", [[255, 16], [-10, 10]]),
        ("1 2, ? 3, 5 ?, 7 8", [[1, 2], [7, 8]]),  # a point of which half is unknown is nowhere
        ("- 1 +2.5,.5 -.5,", [[-1, 2.5], [0.5, -0.5]]),
        ("1 2,\n  3\t4 ,\n", [[1, 2], [3, 4]]),
    ],
)
def test_a_trace_says(trace: str, points: list[list[float]]) -> None:
    assert strokes(f"<trace>{trace}</trace>") == [points]


@pytest.mark.parametrize(
    "trace", ["'1 2", '1 2, "1 "1', "1 2, ? 3, '1 '1", "1 T", "1 2 3", "1", "1 2x", "1 2, three 4", "1; 3", "nan 1"]
)
def test_what_cannot_be_understood_is_refused(trace: str) -> None:
    with pytest.raises(InvalidInk, match="not numbers"):
        samples(f"<trace>{trace}</trace>")


def test_a_pen_in_the_air_is_not_drawn() -> None:
    body = '<trace>0 0, 1 1</trace><trace type="penUp">1 1, 9 9</trace><trace type="indeterminate">9 9, 8 8</trace>'
    assert strokes(body) == [[[0, 0], [1, 1]], [[9, 9], [8, 8]]]
    with pytest.raises(InvalidInk, match="no strokes"):
        samples('<trace type="penUp">1 1, 9 9</trace>')


def test_an_indeterminate_trace_obeys_its_tip_switch() -> None:
    trace = '<trace type="indeterminate">0 0, 1 1 F, 2 2, 3 3 T, 4 4</trace>'
    assert strokes(_X_Y_S + trace) == [[[0, 0]], [[3, 3], [4, 4]]]
    assert strokes(_X_Y_S + trace.replace("indeterminate", "penDown")) == [[[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]]]


def test_continued_traces_are_one_stroke() -> None:
    body = """<trace xml:id="a" continuation="begin">0 0, 1 1</trace><trace>7 7</trace>
        <trace xml:id="b" continuation="middle" priorRef="#a">2 2</trace>
        <trace continuation="end" priorRef="#b">3 3, 4 4</trace>"""
    assert strokes(body) == [[[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]], [[7, 7]]]
    unnamed = '<trace continuation="begin">0 0</trace><trace continuation="end">3 3</trace>'
    assert strokes(unnamed) == [[[0, 0], [3, 3]]]


def test_time_and_pressure_come_in_ms_and_as_a_share() -> None:
    body = """<traceFormat><channel name="X"/><channel name="Y"/><channel name="F" min="100" max="300"/>
        <channel name="T" units="s"/></traceFormat><trace>0 0 100 0, 1 1 200 0.25, 2 2 ? *, 3 3 300 ?</trace>"""
    (sample,) = samples(body)
    assert isinstance(sample.content, Ink)
    assert sample.content.strokes[0].points[:, 2:].tolist() == [[0, 0], [250, 0.5], [250, 0.5], [250, 1]]


def test_time_since_1970_is_kept_to_the_millisecond() -> None:
    body = """<traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>
        <trace>0 0 1700000000000, 1 1 1700000000008</trace><trace>0 0 1700000000500</trace>"""
    (sample,) = samples(body)
    assert isinstance(sample.content, Ink)
    assert [stroke.points[:, 2].tolist() for stroke in sample.content.strokes] == [[0, 8], [500]]


def test_pressure_whose_scale_is_not_said_is_not_guessed() -> None:
    channels = '<channel name="X"/><channel name="Y"/><channel name="F"{}/>'
    body = f"<traceFormat>{channels}</traceFormat><trace>0 0 700</trace>"
    for attributes, pressure in (("", None), (' max="1000"', [0.7]), (' max="x"', None), (' max="0"', None)):
        (sample,) = samples(body.format(attributes))
        assert isinstance(sample.content, Ink)
        read = sample.content.strokes[0].pressure
        assert (None if read is None else read.tolist()) == (None if pressure is None else pytest.approx(pressure))


# ------------------------------------------------------------------------------------------- contexts

_FORMATS = """<definitions>
    <traceFormat xml:id="yx"><channel name="Y"/><channel name="X"/></traceFormat>
    <traceFormat xml:id="xyt"><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>
    <context xml:id="c1" traceFormatRef="#yx"/>
    <context xml:id="c2" contextRef="#c1" brushRef="#b"/>
    <context xml:id="c3"><inkSource><traceFormat><channel name="X"/><channel name="P"/><channel name="Y"/></traceFormat>
    </inkSource></context>
    </definitions>"""


def test_each_trace_is_read_in_its_own_context() -> None:
    body = """<trace contextRef="#c1">1 2</trace><trace>3 4</trace><trace contextRef="#c2">5 6</trace>
        <trace contextRef="#c3" brushRef="#nowhere">7 0 8</trace><trace contextRef="#DefaultContext">9 10</trace>"""
    assert strokes(_FORMATS + body) == [[[2, 1]], [[3, 4]], [[6, 5]], [[7, 8]], [[9, 10]]]


def test_a_group_gives_its_context_to_its_traces() -> None:
    body = '<traceGroup contextRef="#c1"><trace>1 2</trace><trace contextRef="#c3">7 0 8</trace></traceGroup>'
    assert strokes(_FORMATS + body) == [[[2, 1]], [[7, 8]]]


def test_a_context_holds_for_what_follows_it() -> None:
    channels = '<channel name="X"/><channel name="A"/><channel name="Y"/>'
    second = f"<context><traceFormat>{channels}</traceFormat></context><trace>3 9 4</trace>"
    assert strokes(f'{_FORMATS}<context contextRef="#c1"/><trace>1 2</trace>{second}') == [[[2, 1]], [[3, 4]]]


@pytest.mark.parametrize(
    "body",
    [
        '<trace contextRef="#gone">1 2</trace>',
        '<trace contextRef="http://example.com/a.inkml#c1">1 2</trace>',
        '<context traceFormatRef="#gone"/><trace>1 2</trace>',
        '<trace>1 2</trace><traceView traceDataRef="#gone"/>',
        '<trace continuation="end" priorRef="#gone">1 2</trace>',
    ],
)
def test_a_reference_to_nothing_is_refused(body: str) -> None:
    with pytest.raises(UnreadableFile, match="does not hold"):
        samples(body)


def test_contexts_that_refer_to_each_other_end() -> None:
    circle = '<context xml:id="a" contextRef="#b"/><context xml:id="b" contextRef="#a"/>'
    assert strokes(circle + '<trace contextRef="#a">1 2</trace>') == [[[1, 2]]]


def test_axes_are_turned_over_and_brought_to_one_unit() -> None:
    channels = '<traceFormat><channel name="X" {}/><channel name="Y" {}/></traceFormat><trace>1 2</trace>'
    for x, y, point in (
        ("", 'orientation="-ve"', [1, -2]),
        ('orientation="-ve"', 'orientation="+ve"', [-1, 2]),
        ('units="mm"', 'units="cm"', [1, 20]),
        ('units="cm"', 'units="cm" orientation="-ve"', [1, -2]),
        ('units="cm"', 'units="dev"', [1, 2]),
    ):
        assert strokes(channels.format(x, y)) == [[pytest.approx(point)]]


def test_the_resolution_of_a_device_gives_its_shape_to_the_ink() -> None:
    body = """<context><inkSource>
        <traceFormat><channel name="X" units="dev"/><channel name="Y" units="dev"/></traceFormat>
        <channelProperties><channelProperty channel="X" name="resolution" value="100" units="1/mm"/>
        <channelProperty channel="Y" name="resolution" value="500" units="1/cm"/></channelProperties>
        </inkSource></context><trace>10 10</trace>"""
    assert strokes(body) == [[pytest.approx([10, 20])]]


def test_the_canvas_transform_of_a_context_is_obeyed() -> None:
    body = '<context><canvasTransform><mapping type="{}"><affine>{}</affine></mapping></canvasTransform></context>'
    trace = "<trace>1 2</trace>"
    assert strokes(body.format("affine", "0 1 5, -1 0 0") + trace) == [[[7, -1]]]
    assert strokes(body.format("identity", "") + trace) == [[[1, 2]]]
    for kind, matrix in (("affine", "1 2"), ("affine", "x"), ("mathml", "")):
        with pytest.raises(UnreadableFile, match="not understood"):
            samples(body.format(kind, matrix) + trace)


# ---------------------------------------------------------------------------------------------- views

_TWO = '<trace xml:id="a">1 1, 2 2, 3 3, 4 4</trace><trace xml:id="b">5 5</trace><trace xml:id="c">6 6</trace>'
_LABEL = '<annotation type="truth">{}</annotation>'


def view(label: str, *references: str) -> str:
    inside = "".join(f"<traceView {reference}/>" for reference in references)
    return f"<traceView>{_LABEL.format(label)}{inside}</traceView>"


def test_each_labeled_view_is_a_character() -> None:
    first, second = view("一", 'traceDataRef="#a"'), view("二", 'traceDataRef="#b"', 'traceDataRef="#c"')
    page = f"<traceView>{first}{second}</traceView>"
    assert [(label, len(s)) for label, s in found(_TWO + page)] == [("一", 1), ("二", 2)]


def test_groups_of_views_as_sets_of_formulas_write_them() -> None:
    traces = '<trace id="0">1 1</trace><trace id="1">2 2</trace><trace id="2">3 3</trace>'
    group = '<traceGroup xml:id="{}"><annotation type="truth">{}</annotation>{}</traceGroup>'
    leaves = ['<traceView traceDataRef="0"/><traceView traceDataRef="2"/>', '<traceView traceDataRef="1"/>']
    inner = group.format("0", "x", leaves[0]) + group.format("4", "y", leaves[1])
    body = f"{_LABEL.format('$xy$')}{traces}<traceGroup>{_LABEL.format('Segmentation')}{inner}</traceGroup>"
    assert found(body) == [("x", [[[1, 1]], [[3, 3]]]), ("y", [[[2, 2]]])]


def test_views_show_parts_of_strokes() -> None:
    body = _TWO + view("一", 'traceDataRef="#a" to="2"') + view("二", 'traceDataRef="#a" from="3"', 'traceDataRef="#b"')
    assert found(body) == [("一", [[[1, 1], [2, 2]]]), ("二", [[[3, 3], [4, 4]], [[5, 5]]]), ("", [[[6, 6]]])]


def test_views_show_parts_of_groups() -> None:
    words = f"<traceGroup>{_TWO}</traceGroup><traceGroup><trace>7 7</trace></traceGroup>"
    line = f'<traceGroup xml:id="line">{words}</traceGroup>'
    first = view("一", 'traceDataRef="#line" from="1:1:3" to="1:2"')
    assert found(line + first + view("二", 'traceDataRef="#line" from="1:3"')) == [
        ("一", [[[3, 3], [4, 4]], [[5, 5]]]),
        ("二", [[[6, 6]], [[7, 7]]]),
    ]


@pytest.mark.parametrize("part", ['from="5"', 'to="9"', 'from="3" to="2"', 'from="x"', 'from="0"', 'from="1:1"'])
def test_a_part_that_is_not_there_is_refused(part: str) -> None:
    with pytest.raises(UnreadableFile, match="not there"):
        samples(_TWO + view("一", f'traceDataRef="#a" {part}'))


def test_a_view_of_characters_does_not_double_them() -> None:
    groups = "".join(
        f'<traceGroup xml:id="{i}">{_LABEL.format(c)}<trace>{i} {i}</trace></traceGroup>' for i, c in enumerate("一二")
    )
    characters = [("一", [[[0, 0]]]), ("二", [[[1, 1]]])]
    for above in (
        view("一二", 'traceDataRef="#0"', 'traceDataRef="#1"'),
        '<traceView traceDataRef="#0"/><traceView traceDataRef="#1"/>',
        view("一二", 'traceDataRef="#0" from="1"', 'traceDataRef="#1" from="1"'),
    ):
        assert found(groups + above) == characters


def test_a_view_labels_a_group_and_a_group_its_parts() -> None:
    parts = "<traceGroup><trace>1 1</trace></traceGroup><traceGroup><trace>2 2</trace></traceGroup>"
    group = f'<traceGroup xml:id="g">{{}}{parts}</traceGroup>'
    both = [("好", [[[1, 1]], [[2, 2]]])]
    assert found(group.format(_LABEL.format("好"))) == both
    assert found(group.format("") + f'<traceView traceDataRef="#g">{_LABEL.format("好")}</traceView>') == both
    assert [label for label, _ in found(group.format(_LABEL.format("女子")))] == ["", ""]


def test_what_is_only_defined_is_not_drawn_until_it_is_shown() -> None:
    body = f"<definitions>{_TWO}</definitions><trace>9 9</trace>"
    assert strokes(body) == [[[9, 9]]]
    assert found(body + view("一", 'traceDataRef="#b"')) == [("一", [[[5, 5]]]), ("", [[[9, 9]]])]


@pytest.mark.parametrize(
    "body",
    [
        '<traceView xml:id="v" traceDataRef="#v"/>',
        '<traceView xml:id="v"><traceView xml:id="w" traceDataRef="#v"/></traceView>',
        '<traceGroup xml:id="g"><traceView traceDataRef="#g" from="1"/></traceGroup>',
        "<traceGroup>" * 2_000 + "<trace>1 1</trace>" + "</traceGroup>" * 2_000,
    ],
)
def test_views_that_show_themselves_are_refused(body: str) -> None:
    with pytest.raises(UnreadableFile, match="too deep"):
        samples(body)


def test_views_that_double_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inkml_units, "MAX_PIECES", 5_000)
    for leaf in ('<trace xml:id="v0">1 1</trace>', '<traceGroup xml:id="v0"/>'):
        twice = [f'<traceView traceDataRef="#v{i - 1}"/>' * 2 for i in range(1, 40)]
        levels = "".join(f'<traceView xml:id="v{i}">{below}</traceView>' for i, below in enumerate(twice, 1))
        with pytest.raises(TooLarge):
            samples(leaf + levels)


def test_points_tags_and_bytes_are_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(inkml, "MAX_POINTS", 5)
    with pytest.raises(TooLarge):
        samples(_TWO)
    monkeypatch.setattr(inkml_document, "MAX_MARKUP", 5)
    with pytest.raises(TooLarge, match="tags"):
        samples(_TWO)
    monkeypatch.setattr(inkml, "MAX_BYTES", 50)
    (tmp_path / "a.inkml").write_text(f"{_HEAD}{_TWO}</ink>", encoding="utf-8")
    with pytest.raises(TooLarge, match="larger"):
        list(read_any(tmp_path / "a.inkml"))
    with pytest.raises(InvalidInk, match="points"):
        samples(f"<trace>{'1 1,' * 100_001}</trace>")


# ------------------------------------------------------------------------------------------ encodings

_DOCUMENT = f"<ink>{_LABEL.format('永')}<trace>1 2</trace></ink>"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16", ""),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", ""),
        ("utf-32", ""),
        ("gbk", "GB2312"),
        ("gb18030", "gb18030"),
        ("big5", "Big5"),
        ("euc-jp", "EUC-JP"),
        ("utf-8", "utf-16"),  # as some programs write it
    ],
)
def test_encodings_are_known_by_mark_content_or_declaration(tmp_path: Path, encoding: str, declared: str) -> None:
    path = tmp_path / "a"
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    path.write_bytes((head + _DOCUMENT).encode(encoding))
    assert [s.character for s in read_any(path)] == ["永"]
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert [s.character for s in read_any(path)] == ["永"]


@pytest.mark.parametrize("encoding", ["cp9999", "hex", "zlib", "rot13", "punycode", "idna", "unicode_escape"])
def test_an_encoding_that_is_none_is_one_sentence(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.inkml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>{_DOCUMENT}', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="not known"):
        list(read_any(path))


def test_bytes_that_do_not_fit_their_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.inkml"
    path.write_bytes(b'<?xml version="1.0" encoding="utf-8"?>' + _DOCUMENT.encode("gbk"))
    with pytest.raises(UnreadableFile, match="as it should be"):
        list(read_any(path))
    path.write_bytes("手写".encode("utf-16"))
    with pytest.raises(UnreadableFile, match="unknown kind"):
        list(read_any(path))


def test_ink_without_pressure_and_its_writer_come_back_as_they_were(tmp_path: Path) -> None:
    kept = [Sample("木", written("木"), "me"), Sample("十", written("十"))]
    write_inkml(tmp_path / "a.inkml", kept)
    again = list(read_any(tmp_path / "a.inkml"))
    assert [(s.character, s.writer, s.content) for s in again] == [(s.character, s.writer, s.content) for s in kept]


# ---------------------------------------------------------------------------------------------- damage

_PIECES = st.sampled_from(
    [
        "<trace>",
        '<trace xml:id="a" type="penUp">',
        '<trace contextRef="#c" continuation="end" priorRef="#a">',
        "</trace>",
        '<traceGroup xml:id="g">',
        "</traceGroup>",
        '<traceView traceDataRef="#a" from="1" to="2">',
        '<traceView traceDataRef="#g">',
        "</traceView>",
        '<context xml:id="c" contextRef="#c">',
        "</context>",
        '<traceFormat><channel name="X" units="mm"/><channel name="Y" orientation="-ve" units="in"/>',
        '<channel name="F" max="0"/></traceFormat>',
        "</traceFormat>",
        _LABEL.format("永"),
        "1 2, 3 4",
        "'1'2,\"3-4 * ?",
        "#FF 1e999,",
        "1e308 -1e308, * *",
        "T F",
        "&lt;",
    ]
)
_CONTENTS = st.one_of(st.lists(_PIECES, max_size=12).map("".join), st.text(max_size=40))


@given(_CONTENTS)
@example('<trace xml:id="a" contextRef="#c" type="indeterminate">1 2</trace><context xml:id="c"><inkSource/></context>')
def test_any_document_is_read_or_refused(body: str) -> None:
    with contextlib.suppress(HccrError):
        assert samples(body)


@given(st.text("0123456789.,-+eE'\"!*?TF# ", max_size=60))
def test_any_trace_is_read_or_refused(trace: str) -> None:
    with contextlib.suppress(HccrError):
        (sample,) = samples(f"<trace>{trace}</trace>")
        assert isinstance(sample.content, Ink)
        assert all(np.isfinite(stroke.points).all() for stroke in sample.content.strokes)


@given(st.binary(max_size=80), st.integers(0, 200), st.sampled_from(["utf-8", "utf-16", "utf-32", "gbk"]))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int, encoding: str) -> None:
    whole = f'<?xml version="1.0" encoding="{encoding}"?>{_DOCUMENT}'.encode(encoding)
    for data in (noise, whole[:at] + noise + whole[at:], whole[:at] + noise + whole[at + len(noise) :], whole[:at]):
        with contextlib.suppress(HccrError):
            assert list(parse_inkml(data, "a.inkml"))


def test_labeled_views_of_traces_are_characters_at_the_root_too() -> None:
    views = "".join(
        f'<traceView traceDataRef="#{name}">{_LABEL.format(label)}</traceView>'
        for name, label in (("a", "一"), ("b", "丨"))
    )
    assert [(label, len(s)) for label, s in found(_TWO + views)] == [("一", 1), ("丨", 1), ("", 1)]
    assert len(strokes('<trace xml:id="a">1 1, 2 2</trace><traceView traceDataRef="#a"/>')) == 1


@pytest.mark.parametrize("bound", ["MAX_BYTES", "MAX_MARKUP", "MAX_POINTS"])
def test_what_would_not_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(inkml, bound, 20)
    with pytest.raises(InputError, match="2 samples"):
        write_inkml(tmp_path / "ink.inkml", [Sample("木", written("木"))] * 2)
    assert not list(tmp_path.iterdir())
