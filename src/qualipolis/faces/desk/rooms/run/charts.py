"""The charts of a run: dimensions by unit, two nodes against each other, the framework, years, result against input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess.analysis_basis import Basis, Bilingual, node_names, unit_names
from qualipolis.city.assess.analysis_lists import named
from qualipolis.city.assess.scoring import node_errors
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.charts.heat import sequential
from qualipolis.faces.desk.rooms.assess.frame import figure, whole
from qualipolis.faces.desk.rooms.assess.ranking import quadrant_words
from qualipolis.faces.desk.rooms.design.analysis import homes
from qualipolis.faces.desk.rooms.run import years as run_years
from qualipolis.faces.desk.rooms.run.frame import basis_of, city_choice, frame, run_of

Z90 = 1.6448536269514722
NODES = ("QDL", "NII")
MOST_ROWS = 100


@page(*STAFF)
@require_safe
def run_charts(request: HttpRequest, pk: int) -> HttpResponse:
    """Five ways to look at a run, each with its table."""
    made = run_of(request, pk)
    base, why = basis_of(made)
    context = frame(made, "charts") | {"why": why}
    if base is None:
        return render(request, "assess/charts.html", context)
    result = base.result
    inside, places = city_choice(request, every=False)
    ranks = result.ranks(base.root)
    order = [int(i) for i in np.argsort(ranks, kind="stable") if not np.isnan(ranks[i])]
    shown = [i for i in order if inside is None or result.units[i] in inside][:MOST_ROWS]
    nodes, units = node_names(made), unit_names(result.units)
    look = Look(base, shown, nodes, units)
    context |= {
        **places,
        "heading": finding(look),
        "count": len(shown),
        **_heat(look),
        **_scatter(request, look),
        **_sunburst(look),
        **run_years.years(request, made, base, shown, nodes, units),
        **_quadrant(look),
    }
    return render(request, "assess/charts.html", context)


class Look:
    """What is looked at: the run, the units shown (best first), and all names."""

    def __init__(
        self, base: Basis, shown: Sequence[int], nodes: Mapping[str, Bilingual], units: Mapping[str, Bilingual]
    ) -> None:
        self.base, self.result, self.shown, self.nodes, self.units = base, base.result, list(shown), nodes, units
        tree = self.result.framework
        self.dimensions = [code for code in homes(tree, (base.root,)) if tree.children(code)]

    def unit(self, i: int) -> str:
        """The name of a unit."""
        return named(self.units, self.result.units[i])

    def node(self, code: str) -> str:
        """The name of a node."""
        return named(self.nodes, code)

    def score(self, code: str, i: int) -> float | None:
        """A score, or None where there is none."""
        value = float(self.result.score(code)[i])
        return None if np.isnan(value) else value


def finding(look: Look) -> str:
    """Return the dimension in which the units shown differ most, as the title."""
    spread = {}
    for code in look.dimensions:
        known = [v for v in (look.score(code, i) for i in look.shown) if v is not None]
        if len(known) > 2:
            spread[code] = float(np.quantile(known, 0.75) - np.quantile(known, 0.25))
    if not spread:
        return _("The run in charts")
    most = max(spread, key=lambda code: spread[code])
    return _("The units differ most in: %(name)s (the middle half spans %(n)s points)") % {
        "name": look.node(most), "n": f"{spread[most]:.0f}",
    }  # fmt: skip


def _heat(look: Look) -> dict[str, Any]:
    rows = [charts.HeatRow(look.unit(i), [look.score(code, i) for code in look.dimensions]) for i in look.shown]
    heads = [look.node(code) for code in look.dimensions]
    label = _("Scores of %(n)s units in %(d)s dimensions, best unit first.") % {"n": len(rows), "d": len(heads)}
    drawing = charts.heat_map(rows, heads, label=label, low=0, high=100)
    columns = [parts.Column("name", pgettext("place", "Unit"), title=True)]
    columns += [parts.Column(f"d{k}", head, numeric=True) for k, head in enumerate(heads)]
    cells = [{"name": row.name} | {f"d{k}": figure(value, 1) for k, value in enumerate(row.values)} for row in rows]
    key = charts.sequential_key(_("0 points"), _("100 points"))
    return {
        "heat": drawing,
        "heat_key": key,
        "heat_table": parts.Table(_("Scores by dimension"), columns, cells, zebra=True),
    }


def _scatter(request: HttpRequest, look: Look) -> dict[str, Any]:
    """Two nodes against each other; the intervals are those of counting."""
    tree = look.result.framework
    choices = [code for code in tree.codes if code not in tree.indicators]
    first, second = (code if code in choices else choices[0] for code in NODES)
    x = request.GET.get("x", "") if request.GET.get("x", "") in choices else first
    y = request.GET.get("y", "") if request.GET.get("y", "") in choices else second
    errors = node_errors(look.result, look.base.errors)
    at = {code: tree.index(code) for code in (x, y)}
    points, cells = [], []
    for i in look.shown:
        a, b = look.score(x, i), look.score(y, i)
        if a is None or b is None:
            continue
        reach = [Z90 * float(np.nan_to_num(errors[i, at[code]])) for code in (x, y)]
        ends = [max(0.0, a - reach[0]), min(100.0, a + reach[0]), max(0.0, b - reach[1]), min(100.0, b + reach[1])]
        points.append(charts.Point(look.unit(i), a, b, *ends))
        cells.append({
            "name": look.unit(i), "x": figure(a, 1), "xr": _range(*ends[:2]), "y": figure(b, 1), "yr": _range(*ends[2:]),
        })  # fmt: skip
    label = _("%(x)s against %(y)s for %(n)s units, with 90 %% intervals from counting.") % {
        "x": look.node(x), "y": look.node(y), "n": len(points),
    }  # fmt: skip
    columns = [
        parts.Column("name", pgettext("place", "Unit"), title=True), parts.Column("x", look.node(x), numeric=True),
        parts.Column("xr", _("90 % interval"), numeric=True), parts.Column("y", look.node(y), numeric=True),
        parts.Column("yr", _("90 % interval"), numeric=True),
    ]  # fmt: skip
    drawing = charts.scatter(points, label=label, x_name=look.node(x), y_name=look.node(y)) if points else ""
    return {
        "scatter": drawing, "scatter_table": parts.Table(label, columns, cells),
        "axes": [
            ("x", _("Across"), [(code, look.node(code), code == x) for code in choices]),
            ("y", _("Up"), [(code, look.node(code), code == y) for code in choices]),
        ],
    }  # fmt: skip


def _range(low: float, high: float) -> str:
    return f"{whole(round(low, 1))}–{whole(round(high, 1))}"


def _sunburst(look: Look) -> dict[str, Any]:
    """The framework as rings; the colour of an arc is the median score of all units."""
    result = look.result
    tree = result.framework
    with np.errstate(all="ignore"):
        middle = {
            code: float(np.nanmedian(result.score(code))) if not np.isnan(result.score(code)).all() else None
            for code in tree.codes
        }

    def grown(code: str) -> charts.SunNode:
        kids = [grown(child) for child in tree.children(code)]
        score = middle[code]
        step, hint = (0, "") if score is None else (sequential(score, 0.0, 100.0), f", {score:.1f}")
        return charts.SunNode(code, look.node(code), tree.node(code).weight, kids, step=step, hint=hint)

    label = _("The framework of %(n)s indicators; the darker an arc, the higher the median score.") % {
        "n": len(tree.indicators)
    }
    drawing = charts.sunburst([grown(root) for root in tree.roots], label=label, key=False)
    share = dict(zip(tree.indicators, result.effective_weights(look.base.root).tolist(), strict=True))
    cells = []
    for code in tree.codes:
        if code in tree.indicators:
            continue
        part = sum(share[leaf] for leaf in tree.leaves(code))
        cells.append({
            "name": look.node(code), "level": tree.node(code).level, "share": f"{100 * part:.1f}", "median": figure(middle[code], 1),
        })  # fmt: skip
    columns = [
        parts.Column("name", _("Node"), title=True), parts.Column("level", _("Level"), numeric=True),
        parts.Column("share", _("Share of the whole"), numeric=True, unit="%"),
        parts.Column("median", _("Median score"), numeric=True),
    ]  # fmt: skip
    cells.sort(key=lambda cell: -cell["level"])
    key = charts.sequential_key(_("0 points"), _("100 points"))
    return {"sunburst": drawing, "sunburst_key": key, "sunburst_table": parts.Table(_("The framework"), columns, cells)}


def _quadrant(look: Look) -> dict[str, Any]:
    """What came out against what was put in."""
    if not set(NODES) <= set(look.result.framework.codes):
        return {"quadrant": ""}
    words = quadrant_words()
    told = [(look.unit(i), look.score("NII", i), look.score("QDL", i)) for i in look.shown]
    dots = [charts.Dot(name, round(a, 2), round(b, 2)) for name, a, b in told if a is not None and b is not None]
    label = _("Quality level against NQI input of %(n)s units, cut at the medians") % {"n": len(dots)}
    corners = (words["check"], words["lead"], words["build"], words["diagnose"])
    drawing = charts.quadrant(dots, label=label, x_name=look.node("NII"), y_name=look.node("QDL"), corners=corners)
    columns = [
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("level", look.node("QDL"), numeric=True), parts.Column("given", look.node("NII"), numeric=True),
    ]  # fmt: skip
    cells = [{"name": name, "level": figure(b, 1), "given": figure(a, 1)} for name, a, b in told]
    return {"quadrant": drawing, "quadrant_table": parts.Table(_("Result and input of each unit"), columns, cells)}
