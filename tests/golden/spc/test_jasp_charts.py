"""Charts recorded from JASP computed again: which points each of its rules marks, limits of T², alarms of CUSUM and EWMA.

JASP's rules in their order: beyond the limits; 7 on one side; 7 rising or falling; 2 of 3 beyond 2σ; 15 within 1σ; 8 beyond
1σ; 4 of 5 beyond 1σ; 14 in turn. A table has a column for each rule that marks anything. Where it differs:
- its np and c charts of attributes take 59 bad units among 50; here such counts are refused, with the point;
- its rule of 8 beyond 1σ counts points on either side;
- its 7 rising points and 14 in turn are counted in steps, so that 8 and 15 points are needed.
CUSUM: target 0, k 0.5, h 4; EWMA: λ 0.3. Stages are charts of their own.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import numpy as np
import pytest
from tests.golden.spc.reading import FOLDER, case, cases

from qualipolis.methods.problems import InputError
from qualipolis.methods.spc import charts
from qualipolis.methods.spc.rules import Rule

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the folder ../shared with the reference values is absent")
RULES = (
    Rule("1", "beyond", 1, 0, 3.0),
    Rule("2", "one_side", 7),
    Rule("3", "trend", 8),
    Rule("4", "beyond", 3, 2, 2.0),
    Rule("5", "within", 15, 0, 1.0),
    Rule("6", "beyond", 8, 0, 1.0, "either"),
    Rule("7", "beyond", 5, 4, 1.0),
    Rule("8", "alternating", 15),
)
SHAPED, SKEWED = RULES[:5], RULES[:3]  # JASP's rules unless asked otherwise: of values and means, of ranges and counts
NONE = ["No test violations occurred."]


def table_of(path):
    with (FOLDER / path).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def numbers(lines, name):
    return np.array([float(line[name]) if line[name] not in ("", "NA") else np.nan for line in lines])


def tables_of(found):
    return {t["table"]: t["cells_row_major_columns_alphabetical"] for t in found["output"]}


def marked(chart, rules, **known):
    """Return the points that each rule marks, from 1, for the rules that mark any."""
    flags = chart.signals(rules, **known).flags
    return [[int(n) + 1 for n in np.flatnonzero(flags[r.code])] for r in rules if flags[r.code].any()]


def point(cell):
    return int(str(cell).removeprefix("Point ").split(" ")[0])


def columns(cells, width):
    return [[point(c) for c in cells[i::width] if c != ""] for i in range(width)]


def agree(chart, rules, cells):
    ours = marked(chart, rules)
    assert columns(cells, len(ours)) == ours if ours else cells == NONE


def named(prefix):
    return [name for name in cases("jasp") if name.startswith(prefix)]


@pytest.mark.parametrize("name", named("variablesChartsIndividuals"))
def test_recorded_individuals_are_marked_alike(name):
    found = case("jasp", name)
    options, tables = found["params"]["options"], tables_of(found)
    lines, span = table_of(found["input"]), options["xmrChartMovingRangeLength"]
    x = numbers(lines, options["measurement"])
    stages = [line[options["stage"]] for line in lines] if "stage" in options else ["" for _ in lines]
    parts = [x[np.array(stages) == stage] for stage in dict.fromkeys(stages)]
    if len(parts) > 1:
        staged(parts, list(dict.fromkeys(stages)), span, tables)
        return
    agree(charts.individuals_chart(x, span=span), SHAPED, tables["Ichart_tableI"])
    agree(charts.moving_range_chart(x, span=span), SKEWED, tables["Ichart_tableMR"])


def staged(parts, stages, span, tables):
    """A table with a column of stages first, and the columns of rules that any stage breaks."""
    made = [charts.individuals_chart(part, span=span).signals(SHAPED).flags for part in parts]
    codes = [r.code for r in SHAPED if any(flags[r.code].any() for flags in made)]
    rows = []
    for flags, stage in zip(made, stages, strict=True):
        lists = [[f"Point {n + 1}" for n in np.flatnonzero(flags[code])] for code in codes]
        for i in range(max(map(len, lists))):
            rows += ["" if i else stage, *(points[i] if i < len(points) else "" for points in lists)]
    assert rows == tables["Ichart_tableI"]
    for part in parts:
        assert not marked(charts.moving_range_chart(part, span=span), SKEWED)
    assert tables["Ichart_tableMR"] == NONE


@pytest.mark.parametrize("name", named("variablesChartsSubgroups"))
def test_recorded_subgroups_are_marked_alike(name):
    found = case("jasp", name)
    options, tables = found["params"]["options"], tables_of(found)
    lines = table_of(found["input"])
    if "measurementLongFormat" in options:
        x = numbers(lines, options["measurementLongFormat"]).reshape(-1, 5)
    else:
        x = np.stack([numbers(lines, n) for n in options["measurementsWideFormat"]], axis=1)
    known = options.get("knownParameters")
    std = options["knownParametersSd"] if known else None
    center = options["knownParametersMean"] if known else None
    agree(charts.xbar_chart(x, center=center, std=std), RULES if "rule8" in options else SKEWED,
          tables["controlCharts_xBarTable"])  # fmt: skip
    agree(charts.range_chart(x, std=std), SKEWED, tables["controlCharts_secondTable"])


@pytest.mark.parametrize("name", named("attributesCharts"))
def test_counts_above_their_units_are_refused_where_jasp_draws_them(name):
    found = case("jasp", name)
    options, lines = found["params"]["options"], table_of(found["input"])
    bad, units = numbers(lines, options["defectiveOrDefect"]), numbers(lines, options["total"])
    assert (bad > units).any() and tables_of(found)["NelsonTable"]
    with pytest.raises(InputError, match="Point 2 has more"):
        charts.np_chart(bad, units)
    clipped = charts.np_chart(np.minimum(bad, units), units)
    assert clipped.beyond.sum() > 5


@pytest.mark.parametrize("name", named("multivariateControlCharts"))
def test_recorded_t2_limits_and_covariances_come_out_again(name):
    found = case("jasp", name)
    options, tables, lines = found["params"]["options"], tables_of(found), table_of(found["input"])
    x = np.stack([numbers(lines, n) for n in options["variables"]], axis=1)
    training = np.ones(len(x), dtype=bool)
    if "stage" in options:
        training = np.array([line[options["stage"]] == options["trainingLevel"] for line in lines])
    level, determinant, _, m, p = tables["summaryTable"][:5]
    chart = charts.t2_chart(x, confidence=level, calibration=training)
    assert (level, training.sum(), x.shape[1]) == (pytest.approx(0.9973**p), m, p)
    numbers_only = [v for v in tables["summaryTable"] if isinstance(v, float)]
    assert np.linalg.det(chart.covariance) == pytest.approx(determinant, rel=1e-8)
    assert chart.limit == pytest.approx(7.59483590446819 if "stage" in options else numbers_only[-1], rel=1e-8)
    if "stage" in options:
        assert chart.prediction == pytest.approx(tables["summaryTable"][-1], rel=1e-8)
    if "centerTable" in tables:
        assert chart.center == pytest.approx([v for v in tables["centerTable"] if not isinstance(v, str)])
        wanted = sorted(v for v in tables["covarianceTable"] if not isinstance(v, str))
        assert sorted(chart.covariance.ravel()) == pytest.approx(wanted)


def of_time(options, lines):
    """Return the data of a chart with memory, as subgroups or single values."""
    if options.get("dataFormat") == "wideFormat":
        return np.stack([numbers(lines, n) for n in options["measurementsWideFormat"]], axis=1)
    x = numbers(lines, options["measurementLongFormat"])
    if options["subgroupSizeType"] == "individual":
        return x
    if options["subgroupSizeType"] == "manual":
        return x.reshape(-1, options["manualSubgroupSizeValue"])
    names = [line[options["subgroup"]] for line in lines]
    groups = [x[[n == name for n in names]] for name in dict.fromkeys(names)]
    return np.array([np.pad(g, (0, max(map(len, groups)) - len(g)), constant_values=np.nan) for g in groups])


def stages_of(options, lines):
    """Return which rows belong to each stage; one stage where there is none."""
    name = options.get("stagesLongFormat") or options.get("stagesWideFormat")
    labels = np.array([line[name] if name else "" for line in lines])
    return [labels == label for label in dict.fromkeys(labels.tolist())]


def alarms(data, options, kind):
    """Return the labels of the points that alarm, as JASP writes them."""
    grouped, weighted = data.ndim == 2, kind == "exponentiallyWeightedMovingAverageChart"
    method = {"s": "sbar_mvlue", "r": "rbar_mvlue"}[options.get(f"{kind}SdMethod", "s")] if grouped else "mr"
    known = {"subgroups": grouped, "sigma": method, "std": options.get(f"{kind}SdValue")}
    if weighted:
        chart = charts.ewma_chart(data, weight=0.3, **known)
        return [f"Point {n + 1}" for n in np.flatnonzero(chart.beyond)]
    chart = charts.cusum_chart(data, center=0.0, decision=4.0, **known)
    sides = (("upper", chart.upper), ("lower", chart.lower))
    return [f"Point {n + 1} - {side}" for side, sums in sides for n in np.flatnonzero(sums > chart.decision)]


@pytest.mark.parametrize("name", named("timeWeightedCharts"))
def test_recorded_charts_with_memory_alarm_alike(name):
    found = case("jasp", name)
    options, lines = found["params"]["options"], table_of(found["input"])
    data, stages = of_time(options, lines), stages_of(options, lines)
    for table, cells in tables_of(found).items():
        kind = "cumulativeSumChart" if table.startswith("Cusum") else "exponentiallyWeightedMovingAverageChart"
        if len(stages) == 1:
            wanted = [str(cell).split(" (")[0] for cell in cells]
            assert (alarms(data, options, kind) or NONE) == wanted
            continue
        by_stage = [alarms(data[rows], options, kind) for rows in stages]
        wanted = [cell for cell in cells if str(cell).startswith("Point")]
        assert [one for part in by_stage for one in part] == wanted


FORMS = {"md": "%m/%d", "dmy": "%d-%m-%Y", "mdy": "%m-%d-%Y", "dm": "%d-%m"}


def between(options, lines):
    """Return what lies between events, in days or as it was recorded."""
    column = [line[options["variable"]] for line in lines]
    if options["dataType"] == "dataTypeInterval":
        return np.array([float(value) for value in column])
    form = FORMS[options["dataTypeDatesFormatDate"]]
    form += " %H:%M" if options["dataTypeDatesStructure"] == "dateTime" else ""
    leap = "" if "Y" in form else "2024 "
    times = [datetime.strptime(leap + value, ("%Y " if leap else "") + form).replace(tzinfo=UTC) for value in column]
    return np.diff([moment.timestamp() / 86_400 for moment in times])


@pytest.mark.parametrize("name", named("rareEventCharts"))
def test_only_events_without_time_between_lie_beyond_the_limits(name):
    """JASP marks nothing but, on the g chart of the first case, points 28 to 31 (it counts the first event too): the four
    events on one day. On our t chart they lie below the limit, on our g chart a 0 does not (a tenth of gaps would be 0)."""
    found = case("jasp", name)
    options, lines, tables = found["params"]["options"], table_of(found["input"]), tables_of(found)
    x, stage_of = between(options, lines), options.get("stage")
    labels = np.array([line[stage_of] if stage_of else "" for line in lines][-len(x) :])
    for stage in dict.fromkeys(labels.tolist()):
        mine = x[labels == stage]
        assert not charts.g_chart(np.floor(mine), counts_event=False, confidence=0.9973).beyond.any()
        np.testing.assert_array_equal(charts.t_chart(mine, confidence=0.9973).beyond, mine == 0)
    same_day = [f"Point {n + 2}" for n in np.flatnonzero(x == 0)]
    assert tables.get("gChart_table", NONE) == (same_day or NONE)
    assert tables["tChart_table"] == NONE
