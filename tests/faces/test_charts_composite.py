"""Charts of the composite-indicator pages: sums that hold, signs without colour, names that keep apart."""

from __future__ import annotations

import re

import pytest
from tests.faces.test_charts import SVG, drawn

from qualipolis.faces.desk import charts
from qualipolis.faces.desk.charts.heat import diverging, sequential
from qualipolis.faces.desk.charts.labels import place
from qualipolis.faces.desk.charts.sunburst import arcs, ring_path


def test_it_marks_a_negative_correlation_with_a_minus_and_not_by_colour_alone() -> None:
    matrix = [[1.0, -0.7, 0.7], [-0.7, 1.0, 0.0], [0.7, 0.0, 1.0]]
    wide = drawn(charts.correlation_map(["A", "B", "C"], matrix, label="x"))
    assert [e.text for e in wide.iter(f"{SVG}text") if "vt" in (e.get("class") or "")] == ["−.70", "+.70", "+.00"]
    many = [f"A{k:02d}" for k in range(40)]
    narrow = [[1.0 if i == k else -0.7 for k in range(40)] for i in range(40)]
    assert str(charts.correlation_map(many, narrow, label="x")).count('class="minus') >= 40 * 39 / 2


def test_it_draws_the_lower_half_of_a_correlation_matrix_once() -> None:
    matrix = [[1.0 if i == k else 0.5 for k in range(6)] for i in range(6)]
    cells = [
        e
        for e in drawn(charts.correlation_map(list("ABCDEF"), matrix, label="x")).iter(f"{SVG}rect")
        if "cell" in e.get("class")
    ]
    assert len(cells) == 6 * 7 / 2


def test_it_follows_the_order_of_a_clustering_in_rows_and_columns() -> None:
    rows = [charts.HeatRow(name, [float(k), 1.0]) for k, name in enumerate("甲乙丙")]
    root = drawn(charts.heat_map(rows, ["A", "B"], label="x", order=[2, 0, 1], column_order=[1, 0]))
    told = [e.text for e in root.iter(f"{SVG}text")]
    assert [t for t in told if t in {"甲", "乙", "丙"}] == ["丙", "甲", "乙"]
    assert [t for t in told if t in {"A", "B"}] == ["B", "A"]


def test_it_leaves_a_missing_value_without_a_tone() -> None:
    root = drawn(charts.heat_map([charts.HeatRow("甲", [None, 0.0])], ["A", "B"], label="x"))
    tones = [e.get("class").split()[1] for e in root.iter(f"{SVG}rect")]
    assert tones == ["void", "q3"]


@pytest.mark.parametrize(("value", "step"), [(0, 1), (19.9, 1), (20, 2), (99, 5), (100, 5), (-5, 1), (130, 5)])
def test_it_cuts_a_scale_into_five_equal_steps(value: float, step: int) -> None:
    assert sequential(value, 0, 100) == step


@pytest.mark.parametrize(("r", "step"), [(0.29, 0), (0.3, 1), (-0.3, -1), (0.9, 3), (-0.95, -3), (0.0, 0)])
def test_it_names_a_correlation_from_its_limit_on(r: float, step: int) -> None:
    assert diverging(r, (0.3, 0.6, 0.9)) == step


def test_it_breaks_a_wide_heat_map_into_pieces_for_a_narrow_box() -> None:
    columns = [f"A{k:02d}" for k in range(30)]
    rows = [charts.HeatRow("甲", [float(k) for k in range(30)])]
    wide, narrow = re.split(r"<svg [^>]*chart-narrow", str(charts.heat_map(rows, columns, label="x")))
    assert wide.count(">甲</text>") == 1 and narrow.count(">甲</text>") == 4


def test_it_gives_every_node_its_share_of_the_whole() -> None:
    tree = [
        charts.SunNode("x", "x", 3, [charts.SunNode("a", "a", 1), charts.SunNode("b", "b", 1)]),
        charts.SunNode("y", "y", 1, [charts.SunNode("c", "c", 5)]),
        charts.SunNode("z", "z", 0),
    ]
    shares = {arc.node.code: arc.share for arc in arcs(tree)}
    assert shares == pytest.approx({"x": 0.75, "a": 0.375, "b": 0.375, "y": 0.25, "c": 0.25, "z": 0.0})


def test_it_draws_a_whole_ring_for_the_only_node() -> None:
    assert ring_path(0.0, 1.0, 10, 20).count("A") == 2
    assert ring_path(0.2, 0.0, 10, 20) == "M0 0"


def test_it_merges_small_moves_and_loses_nothing() -> None:
    moves = [charts.Bar(str(k), v) for k, v in enumerate((0.1, -3.0, 2.0, 0.2, -0.1))]
    shown = charts.merged(moves, 2)
    assert [bar.value for bar in shown[:2]] == [2.0, -3.0]
    assert sum(bar.value for bar in shown) == pytest.approx(sum(bar.value for bar in moves))
    assert charts.merged(moves[:3], 2)[-1].name == "1"  # one alone is not called "other"


def test_it_keeps_names_off_the_interval_bars() -> None:
    bar = (0.0, 99.0, 640.0, 101.0)
    dx, dy, anchor = place([(50.0, 100.0)], ["甲乙丙"], [0], 640, 200, obstacles=[bar])[0]
    assert dy in (-9, -6, 14, 17) and anchor in {"start", "middle", "end"} and isinstance(dx, int)


def test_it_leaves_out_ranks_a_unit_never_took_but_shows_the_published_one() -> None:
    rows = [charts.HeatRow("甲", [0.0, 1.0, 0.0])]
    cells = [e.get("class") for e in drawn(charts.acceptability(rows, label="x", estimates=[1])).iter(f"{SVG}rect")]
    assert cells == ["cell void ringed", "cell q5"]


def test_it_says_weight_and_importance_in_the_hint() -> None:
    markup = str(charts.importance([charts.Influence("甲", 12, 18.4, 15, 21)], label="x"))
    assert "甲: 12.0 % → 18.4 % (15.0–21.0)" in markup


def test_it_leaves_a_gap_where_a_year_is_missing() -> None:
    panel = charts.Panel("甲", [1.0, None, 3.0], [0.5, None, 2.5], [1.5, None, 3.5])
    markup = str(charts.small_multiples([panel], ["2019", "2020", "2021"], label="x"))
    assert markup.count("<circle") == 2 and "2020" not in markup


def test_it_refuses_a_sixth_run() -> None:
    runs = [charts.Run(str(k), [1.0]) for k in range(6)]
    with pytest.raises(ValueError, match="five"):
        charts.convergence([1], runs, label="x")


def test_it_puts_the_first_rank_on_top() -> None:
    rows = [charts.Slope("甲", [1, 2], strong=True), charts.Slope("乙", [2, 1])]
    circles = drawn(charts.slopes(rows, ["一", "二"], label="x")).iter(f"{SVG}svg")
    strong = [
        float(s.get("y")) for s in circles if (c := s.find(f"{SVG}circle")) is not None and c.get("class") == "c1"
    ]
    assert strong[0] < strong[1]
