"""How the indicators of a set hang together, from the last locked values: correlations, structure, weight against influence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure.models import IndicatorSet
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.design import advice as design_advice
from qualipolis.faces.desk.rooms.design.advice import Evidence
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, problem_words
from qualipolis.faces.desk.shares import cell
from qualipolis.methods.composite import Framework
from qualipolis.methods.composite.analysis import (
    cluster_indicators,
    correlation_matrix,
    cronbach_alpha,
    implicit_weights,
    principal_components,
    sampling_adequacy,
)
from qualipolis.methods.problems import InputError

PAIRS = 40
REDUNDANT = 0.9


def _ordered(known: Evidence, by_cluster: bool) -> list[str]:
    """The indicators by the tree, or with like beside like."""
    tree = known.result.framework
    if by_cluster:
        try:
            found = list(cluster_indicators(known.result, level=1).order)
        except InputError:
            found = []
        return [*found, *(code for code in tree.indicators if code not in found)]
    return [code for home in _homes(known) for code in tree.children(home) if code in tree.indicators]


def homes(tree: Framework, roots: Iterable[str]) -> list[str]:
    """Return the aggregates right above indicators, in the order of the tree."""
    found: list[str] = []

    def walk(code: str) -> None:
        below = tree.children(code)
        if any(child in tree.indicators for child in below):
            found.append(code)
        for child in below:
            if child not in tree.indicators:
                walk(child)

    for root in roots:
        walk(root)
    return found


def _homes(known: Evidence) -> list[str]:
    tree = known.result.framework
    return homes(tree, tree.roots)


def _map(known: Evidence, names: dict[str, str], by_cluster: bool) -> dict[str, Any]:
    codes = _ordered(known, by_cluster)
    found = correlation_matrix(known.result, codes=codes)
    tree = known.result.framework
    matrix = [[_number(value) for value in row] for row in found.r.tolist()]
    home = {code: tree.node(code).parent for code in codes}
    flags = [
        (i, k) for i in range(len(codes)) for k in range(i)
        if home[codes[i]] == home[codes[k]] and abs(matrix[i][k] or 0.0) >= REDUNDANT
    ]  # fmt: skip
    blocks = [] if by_cluster else [(names[h], sum(home[c] == h for c in codes)) for h in _homes(known)]
    strong = sum(abs(matrix[i][k] or 0.0) >= REDUNDANT for i in range(len(codes)) for k in range(i))
    label = _("Correlations of %(n)s indicators over %(units)s units; %(strong)s pairs lie beyond 0.9.") % {
        "n": len(codes), "units": len(known.result.units), "strong": strong,
    }  # fmt: skip
    drawing = charts.correlation_map(
        codes, matrix, label=label, blocks=blocks, flags=flags, full_names=[names[c] for c in codes]
    )
    key = charts.diverging_key(flag=_("twice the same in one dimension"))
    return {"map": drawing, "map_key": key, "map_label": label, "pairs": _pairs(known, codes, found, names)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _pairs(known: Evidence, codes: Sequence[str], found: Any, names: dict[str, str]) -> parts.Table:
    tree = known.result.framework
    rows, cols = np.tril_indices(len(codes), -1)
    r = np.nan_to_num(found.r[rows, cols], nan=0.0)
    lines = []
    for at in np.argsort(-np.abs(r), kind="stable")[:PAIRS].tolist():
        a, b = codes[rows[at]], codes[cols[at]]
        home = tree.node(a).parent if tree.node(a).parent == tree.node(b).parent else None
        n = int(found.n[rows[at], cols[at]])
        p = float(found.p[rows[at], cols[at]])
        lines.append({
            "a": names[a], "b": names[b], "r": f"{r[at]:+.2f}".replace("-", "−"), "n": n,
            "p": "<0.001" if p < 0.001 else f"{p:.3f}", "home": names[home] if home else "",
        })  # fmt: skip
    caption = _("The %(shown)s strongest of %(all)s pairs") % {"shown": len(lines), "all": len(r)}
    columns = [
        parts.Column("a", _("Indicator"), title=True), parts.Column("b", _("with")),
        parts.Column("r", "r", numeric=True), parts.Column("n", _("units"), numeric=True),
        parts.Column("p", "p", numeric=True), parts.Column("home", _("same dimension")),
    ]  # fmt: skip
    return parts.Table(caption, columns, lines)


def _structure(known: Evidence, names: dict[str, str]) -> parts.Table:
    rows = []
    for home in _homes(known):
        count = len(known.result.framework.children(home))
        alpha, adequacy, first, n = _of_home(known, home) if count > 1 else (None, None, None, 0)
        rows.append({
            "name": names[home], "count": count, "n": n or None, "alpha": _places(alpha), "kmo": _places(adequacy),
            "first": None if first is None else f"{100 * first:.0f}", "word": _structure_word(count, alpha, first),
        })  # fmt: skip
    columns = [
        parts.Column("name", _("Dimension of the tree"), title=True), parts.Column("count", _("Indicators"), numeric=True),
        parts.Column("n", _("units with all values"), numeric=True), parts.Column("alpha", "α", numeric=True),
        parts.Column("kmo", "KMO", numeric=True), parts.Column("first", _("first component"), numeric=True, unit="%"),
        parts.Column("word", _("What it says")),
    ]  # fmt: skip
    return parts.Table(_("How each dimension hangs together"), columns, rows)


def _of_home(known: Evidence, home: str) -> tuple[float | None, float | None, float | None, int]:
    """Alpha, KMO, share of the first component and the units behind it; None where it cannot be computed."""
    alpha = _number(cronbach_alpha(known.result, under=home, level=1).alpha)
    adequacy = first = None
    n = 0
    try:
        adequacy = _number(sampling_adequacy(known.result, under=home, level=1).overall)
        found = principal_components(known.result, under=home, level=1)
        first, n = float(found.explained[0]), found.n
    except InputError:
        pass  # too few columns that vary: the cells stay empty and the word says why
    return alpha, adequacy, first, n


def _places(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}".replace("-", "−")


def _structure_word(count: int, alpha: float | None, first: float | None) -> str:
    if count < 2:
        return _("one indicator alone: nothing to compare")
    if alpha is None or first is None:
        return _("too few values that differ")
    if alpha >= REDUNDANT:
        return _("very much alike: is every one of them needed?")
    if alpha >= 0.6:
        return _("they measure one thing together")
    if alpha >= 0.3:
        return _("loosely connected")
    return _("different things side by side; do not read the mean as one quality")


def _influence(known: Evidence, names: dict[str, str]) -> dict[str, Any]:
    found = implicit_weights(known.result)
    tree = known.result.framework
    drawings = []
    for parent in tree.aggregates:
        rows = [one for one in found.rows if one.parent == parent and math.isfinite(one.importance)]
        if len(rows) < 3 or any(one.node in tree.indicators for one in rows):
            continue
        bars = [charts.Influence(names[one.node], 100 * one.nominal, 100 * one.importance) for one in rows]
        label = _("Weight and influence of the dimensions under %(name)s.") % {"name": names[parent]}
        drawings.append((names[parent], charts.importance(bars, label=label)))
    lines = [
        {
            "name": names[one.node], "under": names[one.parent], "nominal": f"{100 * one.nominal:.1f}",
            "variance": cell(one.variance), "importance": cell(one.importance),
        }
        for one in found.rows
    ]  # fmt: skip
    columns = [
        parts.Column("name", _("Node"), title=True), parts.Column("under", _("under")),
        parts.Column("nominal", _("Weight"), numeric=True, unit="%"),
        parts.Column("importance", _("Influence"), numeric=True, unit="%"),
        parts.Column("variance", _("Part of the differences"), numeric=True, unit="%"),
    ]  # fmt: skip
    key = charts.marker_key([("previous", _("weight")), (1, _("influence: squared correlation, as a share"))])
    return {
        "influence": drawings,
        "influence_key": key,
        "influence_table": parts.Table(_("Weight and influence"), columns, lines),
    }


def _components(known: Evidence) -> dict[str, Any]:
    """The share of the differences that the first components carry, over the dimensions."""
    try:
        found = principal_components(known.result, level=2)
    except InputError as error:
        return {"components": "", "components_why": problem_words(error.problems[0])}
    total = np.cumsum(found.explained)
    shown = min(8, len(total))
    rows = [
        charts.Bar(
            _("component %(n)s") % {"n": k + 1}, 100 * float(found.explained[k]), note=f"({100 * total[k]:.0f}%)"
        )
        for k in range(shown)
    ]
    enough = int(np.searchsorted(total, 0.8) + 1)
    label = _("The first %(k)s of %(all)s components carry 80 %% of the differences between %(n)s units.") % {
        "k": enough, "all": len(total), "n": found.n,
    }  # fmt: skip
    return {"components": charts.contributions(rows, label=label, unit="%", plus=False), "components_label": label}


def drawn(known: Evidence, names: dict[str, str], by_cluster: bool) -> dict[str, Any]:
    """Return the drawings and tables of an analysis, for the set on the drawing board and for a run alike."""
    return {
        **_map(known, names, by_cluster),
        **_influence(known, names),
        **_components(known),
        "structure": _structure(known, names),
        "orders": [
            parts.Segment(_("by dimension"), "?order=tree", not by_cluster),
            parts.Segment(_("like beside like"), "?order=cluster", by_cluster),
        ],
    }


@page(*STAFF)
def analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """The multivariate analysis of a set, from the last locked values under its own tree and weights."""
    row = get_object_or_404(visible(request.user, IndicatorSet.objects.all()), pk=pk)
    known = design_advice.evidence(request.user, row)
    by_cluster = request.GET.get("order") == "cluster"
    context: dict[str, Any] = {
        "stage": STAGE,
        "row": row,
        "known": known,
        "crumbs": [
            (_("Indicator sets"), reverse("desk:sets")),
            (str(row.year), reverse("desk:set", args=[row.pk])),
            (_("Correlation map"), ""),
        ],
    }
    if known is not None:
        names = design_advice.names_of(row)
        told = design_advice.advice(request.user, row)
        context |= drawn(known, names, by_cluster) | {
            "advice": told,
            "said": design_advice.finding(told.hints),
            "designing": row.status == IndicatorSet.Status.DRAFT and can(request.user, "measure.edit_set"),
            "count": len(known.read.data.codes),
        }
    return render(request, "measure/design_analysis.html", context)
