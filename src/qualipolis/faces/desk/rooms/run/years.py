"""A run beside the years before it: small charts for the dimensions of one unit, or for all units in one node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qualipolis.city.assess import page_queries
from qualipolis.city.assess.analysis_basis import Basis, Bilingual
from qualipolis.city.assess.analysis_lists import named
from qualipolis.city.assess.models import Assessment
from qualipolis.city.assess.queries import book
from qualipolis.city.assess.scoring import node_errors
from qualipolis.faces.desk import charts, parts

Z90 = 1.6448536269514722
MOST_PANELS = 40
YEARS = 8
Told = dict[str, dict[tuple[str, str], tuple[float, float]]]


def years(
    request: HttpRequest,
    made: Assessment,
    base: Basis,
    shown: Sequence[int],
    nodes: Mapping[str, Bilingual],
    units: Mapping[str, Bilingual],
) -> dict[str, Any]:
    """Return small multiples over the years, by unit (``unit``) or by node (``node``)."""
    result = base.result
    tree = result.framework
    upper = [code for code in tree.codes if code not in tree.indicators]
    unit = request.GET.get("unit", "")
    node = request.GET.get("node", "")
    node = node if node in upper else base.root
    codes = [result.units[i] for i in shown]
    if unit in codes:
        pairs = [(named(nodes, code), unit, code) for code in upper]
        title = named(units, unit)
    else:
        pairs = [(named(units, code), code, node) for code in codes[:MOST_PANELS]]
        title = named(nodes, node)
    told = _told(made, base, {(one, code) for _name, one, code in pairs})
    periods = list(told)
    panels = [_panel(name, told, (one, code)) for name, one, code in pairs]
    label = _("%(name)s, %(first)s to %(last)s, with 90 %% bands from counting.") % {
        "name": title, "first": periods[0], "last": periods[-1],
    }  # fmt: skip
    return {
        "years_title": title,
        "years_chart": charts.small_multiples(panels, periods, label=label) if len(periods) > 1 else "",
        "years_table": _table(label, periods, panels),
        "years_units": [(code, named(units, code), code == unit) for code in codes],
        "years_nodes": [(code, named(nodes, code), code == node and unit not in codes) for code in upper],
        "years_cut": len(codes) > MOST_PANELS and unit not in codes,
    }


def _table(label: str, periods: Sequence[str], panels: Sequence[charts.Panel]) -> parts.Table:
    columns = [parts.Column("name", pgettext("assess", "What"), title=True)]
    columns += [parts.Column(f"y{year}", year, numeric=True) for year in periods]
    cells = []
    for panel in panels:
        told = {f"y{year}": None if v is None else f"{v:.1f}" for year, v in zip(periods, panel.values, strict=True)}
        cells.append({"name": panel.name} | told)
    return parts.Table(label, columns, cells)


def _panel(name: str, told: Told, at: tuple[str, str]) -> charts.Panel:
    values: list[float | None] = []
    low: list[float | None] = []
    high: list[float | None] = []
    for known in told.values():
        score, error = known.get(at, (None, 0.0))
        values.append(score)
        low.append(None if score is None else max(0.0, score - Z90 * error))
        high.append(None if score is None else min(100.0, score + Z90 * error))
    return charts.Panel(name, values, low, high)


def _told(made: Assessment, base: Basis, wanted: set[tuple[str, str]]) -> Told:
    """Score and standard error by year, of the releases that stand before this run, and of the run itself."""
    year = made.round.set.year
    before = [one for one in reversed(page_queries.in_force()) if page_queries.year_of(one) < year][-YEARS:]
    found: Told = {}
    for one in before:
        read = book(one)
        known = {}
        for unit, code in wanted:
            score = read.at("score", unit, code)
            if score is not None:
                known[unit, code] = score, read.at("standard_error", unit, code) or 0.0
        found[str(page_queries.year_of(one))] = known
    found[str(year)] = _now(base, wanted)
    return found


def _now(base: Basis, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    result = base.result
    errors = node_errors(result, base.errors)
    rows = {unit: i for i, unit in enumerate(result.units)}
    found = {}
    for unit, code in wanted:
        at = rows[unit], result.framework.index(code)
        if not np.isnan(result.scores[at]):
            found[unit, code] = float(result.scores[at]), float(np.nan_to_num(errors[at]))
    return found
