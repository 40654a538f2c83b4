"""Charts: honest marks, no style that the CSP would refuse, words for those who do not see them."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import pytest

from qualipolis.faces.desk import charts
from qualipolis.faces.desk.charts.intervals import rank_ticks
from qualipolis.faces.desk.charts.svg import spread, ticks

SVG = "{http://www.w3.org/2000/svg}"
YEARS = [str(year) for year in range(2016, 2022)]


def drawn(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(
        re.search(
            r"<svg.*</svg>", re.split(r'<svg [^>]*chart-narrow|<ul class="chart-key', str(markup))[0], re.DOTALL
        ).group(0)
    )


def every_chart() -> dict[str, str]:
    bars = [charts.Bar("甲", 2.0, 1.0, 3.0), charts.Bar("乙", -1.0)]
    start, end = charts.Bar("上年", 70.0), charts.Bar("今年", 71.0)
    dots = [charts.Dot(f"镇{k}", k * 1.7 % 11, k * 2.3 % 13) for k in range(20)]
    return {
        "interval": charts.interval_row(5, 3, 10, previous=6, label="第5名"),
        "forest": charts.forest([("甲", 95.0, 94.0, 96.0)], low=90, high=100, label="合格率", city=95.0),
        "spark": charts.sparkline([1, 2, None, 3], label="线", first="1", last="3"),
        "trend": charts.trend(YEARS, [1, 2, 3, None, 5, 6], label="走势", end_label="6"),
        "lines": charts.lines(YEARS, [charts.Series("甲", [1, 2, 3, 4, 5, 6])], label="线"),
        "cartogram": charts.cartogram([charts.Cell("甲", 0, 0, "1.0", 5, True, "/a/")], label="图"),
        "distribution": charts.distribution([1, 2, 2, 3], mine=2, mine_name="甲", label="分布"),
        "quadrant": charts.quadrant(dots, label="象限", x_name="x", y_name="y"),
        "contributions": charts.contributions(bars, label="构成"),
        "waterfall": charts.waterfall(start, bars, end, label="变化"),
        **composite_charts(),
        **sampling_charts(),
    }


def sampling_charts() -> dict[str, str]:
    limits = charts.Limits([5, 50], [60.0, 85.0], [100.0, 99.0])
    spots = [charts.Spot("甲", 40, 80.0, 2, "/a/"), charts.Spot("乙", 20, 95.0)]
    years = [charts.YearRate("2020", 95.0, 94.0, 96.0), charts.YearRate("2021", 94.0, 93.0, 95.0, True, False)]
    return {
        "funnel": charts.funnel(spots, 94.0, limits, limits, label="漏斗", x_name="n", y_name="%"),
        "pareto": charts.pareto([charts.Heap("甲醛", 3, strong=True), charts.Heap("pH", 1)], label="帕累托"),
        "rates": charts.rate_series(years, label="合格率", goal=94.0, goal_name="目标"),
        "no rates": charts.rate_series([charts.YearRate("2020", None)], label="无"),
    }


def test_a_funnel_names_only_what_lies_outside() -> None:
    markup = str(sampling_charts()["funnel"])
    assert ">甲</text>" in markup and ">乙</text>" not in markup and "<title>乙" in markup


def test_a_pareto_adds_up_to_all_failures() -> None:
    assert charts.cumulative([charts.Heap("a", 3), charts.Heap("b", 1)]) == [0.75, 1.0]
    assert "Σ 100%" in str(sampling_charts()["pareto"]) and "75%" in str(sampling_charts()["pareto"])


def test_an_estimate_and_a_plain_share_are_not_joined_by_a_line() -> None:
    one = [charts.YearRate(str(y), 95.0, 94.0, 96.0, weighted=y > 2020) for y in (2019, 2020, 2021, 2022)]
    assert str(charts.rate_series(one, label="x")).count('class="lead"') == 2


def composite_charts() -> dict[str, str]:
    rows = [charts.HeatRow("甲", [0.9, 0.1, None], "/a/"), charts.HeatRow("乙", [0.1, 0.9, -0.2])]
    tree = [
        charts.SunNode("x", "甲", 2, [charts.SunNode("a", "一", 1), charts.SunNode("b", "二", 3)]),
        charts.SunNode("y", "乙", 1),
    ]
    points = [charts.Point(f"镇{k}", k, k * 3 % 7, y_low=k * 3 % 7 - 1, y_high=k * 3 % 7 + 1) for k in range(12)]
    return {
        "heat_map": charts.heat_map(rows, ["A", "B", "C"], label="热力"),
        "diverging": charts.heat_map(rows, ["A", "B", "C"], label="热力", middle=0.0),
        "correlation_map": charts.correlation_map(["A", "B"], [[1, -0.5], [-0.5, 1]], label="相关", blocks=[("甲", 2)]),
        "acceptability": charts.acceptability(rows, label="名次", estimates=[1, 2]),
        "scatter": charts.scatter(points, label="散点", x_name="x", y_name="y", diagonal=True, fit=(0.0, 1.0)),
        "sunburst": charts.sunburst(tree, label="体系"),
        "convergence": charts.convergence([10, 100], [charts.Run("甲", [1, 2], [0, 1], [2, 3], 2.0)], label="收敛"),
        "importance": charts.importance([charts.Influence("甲", 10, 12, 9, 14)], label="影响"),
        "slopes": charts.slopes([charts.Slope("甲", [1, 2]), charts.Slope("乙", [2, 1])], ["一", "二"], label="名次"),
    }


@pytest.mark.parametrize("name", sorted(every_chart()))
def test_it_speaks_a_sentence_and_carries_no_style(name: str) -> None:
    markup = str(every_chart()[name])
    root = drawn(markup)
    assert root.get("aria-label")
    assert root.get("role") in {"img", "group"}
    assert " style=" not in markup and "<style" not in markup and "#" not in re.sub(r'href="[^"]*"', "", markup)


def test_it_escapes_names_from_the_register() -> None:
    markup = charts.contributions([charts.Bar('<script>"x"', 1.0)], label="<b>")
    assert "<script>" not in markup and "&lt;script&gt;" in markup


def test_it_puts_estimate_interval_and_last_year_on_one_scale() -> None:
    plot = drawn(charts.interval_row(17, 1, 33, previous=1, label="x", last=33)).find(f"{SVG}svg")
    whisker = next(e for e in plot.iter(f"{SVG}line") if e.get("class") == "whisk")
    assert (whisker.get("x1"), whisker.get("x2")) == ("0%", "100%")
    dot = next(s for s in plot.findall(f"{SVG}svg") if s.find(f"{SVG}path").get("class") == "c1")
    assert dot.get("x") == "50%"


def test_it_draws_a_wider_diamond_when_last_year_lies_under_the_dot() -> None:
    apart = str(charts.interval_row(5, 3, 10, previous=9, label="x"))
    together = str(charts.interval_row(5, 3, 10, previous=5, label="x"))
    assert "M0-9" not in apart and "M0-9" in together


@pytest.mark.parametrize(
    ("last", "expected"), [(33, [1, 5, 10, 15, 20, 25, 30, 33]), (1, [1]), (31, [1, 5, 10, 15, 20, 25, 31])]
)
def test_it_rules_the_ranks_at_fives_and_at_the_last(last: int, expected: list[int]) -> None:
    assert rank_ticks(last) == expected


def test_it_rules_a_province_with_few_lines() -> None:
    assert len(rank_ticks(1600)) <= 11


def test_it_breaks_the_line_where_a_value_is_missing() -> None:
    path = next(
        e
        for e in drawn(charts.trend(YEARS, [1, 2, None, 4, 5, 6], label="x")).iter(f"{SVG}path")
        if e.get("class") == "l1"
    )
    assert path.get("d").count("M") == 2


def test_it_draws_no_mark_for_a_missing_value() -> None:
    full = charts.trend(YEARS, [1, 2, 3, 4, 5, 6], label="x")
    gap = charts.trend(YEARS, [1, 2, None, 4, 5, 6], label="x")
    assert str(full).count('class="c1"') - str(gap).count('class="c1"') == 1


def test_it_refuses_a_sixth_series() -> None:
    six = [charts.Series(str(k), [1, 2]) for k in range(6)]
    with pytest.raises(ValueError, match="five"):
        charts.lines(["a", "b"], six, label="x")


def test_it_keeps_labels_apart() -> None:
    placed = spread([10, 11, 12, 50], 16, 0, 100)
    ordered = sorted(placed)
    assert all(b - a >= 16 for a, b in itertools.pairwise(ordered))


def test_it_places_no_two_names_of_the_quadrant_over_each_other() -> None:
    from qualipolis.faces.desk.charts.clouds import _labels
    from qualipolis.faces.desk.charts.svg import text_width

    points = [(k * 37 % 97 + 1.0, k * 53 % 300 + 20.0) for k in range(40)]
    names = [f"第{k}镇" for k in range(40)]
    placed = _labels(points, names, list(range(40)), 640, 340)
    boxes = []
    for i, (dx, dy, anchor) in placed.items():
        size = text_width(names[i])
        left = points[i][0] * 6.4 + dx - {"start": 0, "end": size, "middle": size / 2}[anchor]
        boxes.append((left, points[i][1] + dy - 9, left + size, points[i][1] + dy + 2))
    assert len(boxes) > 10
    for i, a in enumerate(boxes):
        assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for b in boxes[i + 1 :])


def test_it_marks_a_cell_that_may_change_tier_and_one_without_a_value() -> None:
    cells = [charts.Cell("甲", 0, 0, "80", 5, cut=True), charts.Cell("乙", 1, 0)]
    markup = str(charts.cartogram(cells, label="x"))
    assert markup.count('class="halo"') == 1
    assert "—" in markup and "track-bar" in markup


def test_it_draws_the_unit_itself_at_its_own_dot() -> None:
    root = drawn(charts.distribution([60, 65, 70, 75, 90], mine=65, mine_name="甲", label="x"))
    own = [e for e in root.iter(f"{SVG}circle") if e.get("class") == "c1"]
    assert len(own) == 1


def test_it_ends_the_waterfall_where_the_moves_lead() -> None:
    moves = [charts.Bar("a", 3.0), charts.Bar("b", -1.0)]
    markup = str(charts.waterfall(charts.Bar("s", 70.0), moves, charts.Bar("e", 72.0), label="x"))
    plot = drawn(markup).find(f"{SVG}svg")
    totals = list(plot.findall(f"{SVG}svg"))
    bars = list(plot.iter(f"{SVG}rect"))
    assert len(totals) == 2 and len(bars) == 2
    assert float(totals[1].get("x").rstrip("%")) == pytest.approx(float(bars[1].get("x").rstrip("%")), abs=0.01)


def test_it_writes_a_change_of_nothing_without_a_sign() -> None:
    assert [charts.signed(v) for v in (1.25, -0.04, -2.0)] == ["+1.2", "0.0", "−2.0"]


@pytest.mark.parametrize("limits", [(0.0, 1.0), (60.2, 93.1), (1.0, 1600.0), (-3.0, 2.0)])
def test_it_chooses_round_steps_inside_the_scale(limits: tuple[float, float]) -> None:
    found = ticks(*limits)
    assert 2 <= len(found) <= 7
    assert limits[0] - 1e-9 <= found[0] and found[-1] <= limits[1] + 1e-9


def test_it_saves_a_chart_as_a_file_of_its_own() -> None:
    text = charts.standalone(
        charts.cartogram([charts.Cell("甲", 0, 0, "1", 3, href="/x/")], label="图"), description="一个单位"
    )
    root = ElementTree.fromstring(text.split("?>", 1)[1])
    assert root.find(f"{SVG}desc").text == "一个单位"
    assert "<a " not in text and "var(" not in text
