"""The charts of the composite-indicator pages with invented figures, each with its key and its table."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, log, sin
from typing import Any

from django.utils.translation import gettext as _

from qualipolis.faces.desk import charts, parts

UNITS, INDICATORS = 12, 10
METHODS = 4
COUNTS = (64, 128, 256, 512, 1024, 2048)


@dataclass(frozen=True)
class Example:
    """One figure of the gallery."""

    title: str
    note: str
    drawing: str
    key: str
    table: parts.Table
    wide: bool = False


def _unit(k: int) -> str:
    return _("Unit %(n)s") % {"n": k + 1}


def _measure(k: int) -> str:
    return _("Indicator %(n)s") % {"n": k + 1}


def _score(i: int, k: int) -> float | None:
    """An invented score from 0 to 100; one in thirty is missing."""
    if (i * 7 + k * 11) % 31 == 5:
        return None
    return round(55 + 30 * sin(i * 1.3 + k * 0.4) + 14 * cos(i * k * 0.7), 1)


def _table(title: str, heads: list[str], rows: list[list[Any]]) -> parts.Table:
    columns = [parts.Column(f"c{k}", name, numeric=k > 0, title=k == 0) for k, name in enumerate(heads)]
    return parts.Table(title, columns, [{f"c{k}": cell for k, cell in enumerate(row)} for row in rows])


def _heat() -> Example:
    rows = [charts.HeatRow(_unit(i), [_score(i, k) for k in range(INDICATORS)], strong=i == 3) for i in range(UNITS)]
    columns = [f"A{k + 1:02d}" for k in range(INDICATORS)]
    drawing = charts.heat_map(
        rows, columns, low=0, high=100, label=_("Scores of 12 units on 10 indicators; two values are missing."),
        order=sorted(range(UNITS), key=lambda i: -sum(v or 0 for v in rows[i].values)),
        blocks=[(_("Products"), 4), (_("Services"), 6)],
    )  # fmt: skip
    table = _table(_("Heat map"), [_("Unit"), *columns], [[row.name, *row.values] for row in rows])
    key = charts.sequential_key(_("0 points"), _("100 points"))
    return Example(_("Heat map"), _("units by indicators, in the order of a clustering"), drawing, key, table)


def _correlations() -> Example:
    size = 9
    matrix = [[1.0 if i == k else round(_pair(min(i, k), max(i, k)), 2) for k in range(size)] for i in range(size)]
    names = [f"A{k + 1:02d}" for k in range(size)]
    flags = [(i, k) for i in range(size) for k in range(i) if abs(matrix[i][k]) >= 0.9]
    drawing = charts.correlation_map(
        names, matrix, label=_("Correlations of nine indicators in three dimensions; one pair lies above 0.9."),
        blocks=[(_("Products"), 4), (_("Services"), 3), (_("Safety"), 2)], flags=flags,
        full_names=[_measure(k) for k in range(size)],
    )  # fmt: skip
    table = _table(_("Correlation map"), ["r", *names], [[names[i], *matrix[i]] for i in range(size)])
    key = charts.diverging_key(flag=_("nearly the same figure twice"))
    note = _("a minus marks what runs against the others")
    return Example(_("Correlation map"), note, drawing, key, table)


def _pair(i: int, k: int) -> float:
    if (i, k) == (0, 2):
        return 0.94
    same = i // 4 == k // 4
    return (0.55 if same else 0.1) + (0.3 if same else 0.5) * sin(3 * i + 5 * k)


def _scatter() -> Example:
    points = [
        charts.Point(
            _unit(k), (k * 5.7) % 41 + 30, 60 + (k * 7.3) % 27, y_low=57 + (k * 7.3) % 27, y_high=62.5 + (k * 7.3) % 27,
            x_low=(k * 5.7) % 41 + 28, x_high=(k * 5.7) % 41 + 32, strong=k == 4, group=1 if k % 3 else 2,
        )
        for k in range(24)
    ]  # fmt: skip
    drawing = charts.scatter(
        points, label=_("Two figures of 24 units, each with its 90 % interval."), x_name=_("Score last year"),
        y_name=_("Score this year"), fit=(58.0, 0.3),
    )  # fmt: skip
    rows = [[p.name, p.x, f"{p.x_low:g}–{p.x_high:g}", round(p.y, 1), f"{p.y_low:.1f}–{p.y_high:.1f}"] for p in points]
    heads = [_("Unit"), _("Last year"), _("90 % interval"), _("This year"), _("90 % interval")]
    key = charts.marker_key([(1, _("Towns")), (2, _("Parks"))])
    note = _("names keep out of each other's way")
    return Example(_("Scatter"), note, drawing, key, _table(_("Scatter"), heads, rows))


def _sunburst() -> Example:
    def leaves(start: int, count: int) -> list[charts.SunNode]:
        return [charts.SunNode(f"A{k + 1:02d}", _measure(k), 1 + k % 3) for k in range(start, start + count)]

    products = charts.SunNode("p", _("Products"), 5, leaves(0, 5))
    services = charts.SunNode("s", _("Services"), 3, leaves(5, 4))
    safety = charts.SunNode("f", _("Safety"), 2, leaves(9, 2))
    inputs = [
        charts.SunNode("m", _("Metrology"), 1, leaves(11, 3)),
        charts.SunNode("t", _("Standards"), 1, leaves(14, 3)),
    ]
    roots = [
        charts.SunNode("q", _("Quality level"), 7, [products, services, safety]),
        charts.SunNode("n", _("NQI input"), 3, inputs),
    ]
    drawing = charts.sunburst(roots, label=_("A framework of 17 indicators; the quality level carries 70 %."))
    rows = [[f"{name} › {kid.name}", kid.weight, len(kid.children)] for name, kid in _second(roots)]
    heads = [_("Dimension of the tree"), _("Weight"), _("Indicators")]
    note = _("the angle is the share of the whole")
    return Example(_("Framework"), note, drawing, "", _table(_("Framework"), heads, rows))


def _second(roots: list[charts.SunNode]) -> list[tuple[str, charts.SunNode]]:
    return [(root.name, kid) for root in roots for kid in root.children]


def _multiples() -> Example:
    years = [str(year) for year in range(2016, 2022)]
    panels = []
    for k in range(6):
        values = [round(58 + 3 * k + 2.2 * t * (1 if k % 2 else -0.4) + (t * (k + 2)) % 3, 1) for t in range(6)]
        known: list[float | None] = [None if (k, t) == (4, 2) else v for t, v in enumerate(values)]
        low, high = ([None if v is None else v + d for v in known] for d in (-2.4, 2.6))
        panels.append(charts.Panel(_unit(k), known, low, high))
    drawing = charts.small_multiples(panels, years, label=_("Scores of six units over six years with 90 % bands."))
    rows = [[p.name, *p.values] for p in panels]
    return Example(
        _("Small multiples"), _("one scale for all, a gap where a year is missing"), drawing, "",
        _table(_("Small multiples"), [_("Unit"), *years], rows), wide=True,
    )  # fmt: skip


def _moves() -> Example:
    moves = [charts.Bar(_measure(k), v) for k, v in enumerate((2.4, -1.3, 0.8, 0.1, -0.2, 0.3, -0.1, 1.1, 0.05))]
    total = sum(move.value for move in moves)
    start, end = charts.Bar(_("Unit %(n)s") % {"n": 7}, 70.5), charts.Bar(_("Unit %(n)s") % {"n": 2}, 70.5 + total)
    drawing = charts.waterfall(start, moves, end, label=_("From unit 7 to unit 2 in five parts."), most=5)
    rows = [[bar.name, charts.signed(bar.value, 2)] for bar in moves]
    table = _table(_("Waterfall"), [_("Indicator"), _("Change")], rows)
    return Example(_("Waterfall"), _("sorted, the small ones together"), drawing, "", table)


def _importance() -> Example:
    told = ((12, 18.4, 3), (15, 13.2, 2.5), (10, 11.9, 2), (20, 9.1, 2.2), (8, 7.9, 1.5), (5, 1.2, 1.1))
    rows = [charts.Influence(_measure(k), w, v, max(0.0, v - e), v + e) for k, (w, v, e) in enumerate(told)]
    drawing = charts.importance(rows, label=_("Indicator 1 weighs 12 % and moves 18 % of the result."))
    table = [[r.name, r.nominal, r.importance, f"{r.low:.1f}–{r.high:.1f}"] for r in rows]
    key = charts.marker_key([("previous", _("weight")), ("estimate", _("importance and its 90 % interval"))])
    heads = [_("Indicator"), _("Weight (%)"), _("Importance (%)"), _("90 % interval")]
    return Example(
        _("Importance"), _("what the weight says, what it does"), drawing, key, _table(_("Importance"), heads, table)
    )


def _ranks() -> Example:
    count = 12
    rows = []
    for i in range(count):
        weights = [2.718281828 ** -(((k - i) / (0.8 + 0.12 * i)) ** 2) for k in range(count)]
        rows.append(charts.HeatRow(_unit(i), [round(w / sum(weights), 3) for w in weights]))
    drawing = charts.acceptability(
        rows, estimates=list(range(1, count + 1)), label=_("How often each of 12 units took each rank in 1,000 runs.")
    )
    table = [[row.name, *(f"{100 * (v or 0):.0f}" for v in row.values)] for row in rows]
    heads = [_("Unit"), *(str(k + 1) for k in range(count))]
    note = _("per cent of the runs; the published rank has an edge")
    key = charts.sequential_key(_("seldom"), _("nearly always"), gaps=False)
    return Example(_("Rank acceptability"), note, drawing, key, _table(_("Rank acceptability"), heads, table))


def _convergence() -> Example:
    runs = []
    for name, exact, sign in ((_("Weights"), 0.52, 1), (_("Normalisation"), 0.23, -1), (_("Imputation"), 0.05, 1)):
        values = [exact + sign * 0.9 / n**0.5 * cos(log(n)) for n in COUNTS]
        low, high = ([v + d * 1.6 / n**0.5 for v, n in zip(values, COUNTS, strict=True)] for d in (-1, 1))
        runs.append(charts.Run(name, values, low, high, exact))
    label = _("Three indices settle at their exact values from 1,024 runs on.")
    drawing = charts.convergence(COUNTS, runs, label=label, x_name=_("runs"))
    table = [[run.name, *(f"{v:.3f}" for v in run.values if v is not None), f"{run.exact:.3f}"] for run in runs]
    heads = [_("Factor"), *(f"{n:,}" for n in COUNTS), _("exact")]
    return Example(_("Convergence"), _("dashed: the exact value"), drawing, "", _table(_("Convergence"), heads, table))


def _slopes() -> Example:
    orders = [sorted(range(UNITS), key=lambda i, m=m: i + 2.4 * sin(i * (m + 1.7))) for m in range(METHODS)]
    rows = [charts.Slope(_unit(i), [order.index(i) + 1 for order in orders], strong=i == 4) for i in range(UNITS)]
    methods = [_("arithmetic"), _("geometric"), _("harmonic"), _("outranking")]
    drawing = charts.slopes(rows, methods, label=_("Ranks of 12 units under four ways of aggregation."))
    table = _table(_("Ranks side by side"), [_("Unit"), *methods], [[row.name, *row.ranks] for row in rows])
    return Example(_("Ranks side by side"), _("one line a unit, the page's own strong"), drawing, "", table)


def examples() -> list[Example]:
    """Every chart of the composite-indicator pages."""
    return [
        _heat(), _correlations(), _scatter(), _sunburst(), _multiples(), _moves(), _importance(), _ranks(),
        _convergence(), _slopes(),
    ]  # fmt: skip
