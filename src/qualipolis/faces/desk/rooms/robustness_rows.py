"""Rows and drawings of the page of robustness: the interval plot under its tiers, and how often each place was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from qualipolis.city.assess.analysis_lists import named
from qualipolis.city.assess.lists import rank_word
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import share, tier_name, whole
from qualipolis.faces.desk.shares import cell
from qualipolis.faces.desk.templatetags.desk import span

Line = Mapping[str, Any]


def between(low: float | None, high: float | None) -> str | None:
    """Return an interval in per cent."""
    if low is None or high is None:
        return None
    return str(span(cell(low), cell(high)))


def chance(value: float) -> str:
    """Return a probability that never says 0 or 100 of what was simulated."""
    return share(value)


def ranks(said: Line, lines: Sequence[Line], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return the interval plot in its tiers and its twin."""
    last = max(2, len(said["units"]))
    sizes: dict[int, int] = {}
    for one in said["units"]:
        sizes[one["tier"]] = sizes.get(one["tier"], 0) + 1
    groups: list[dict[str, Any]] = []
    for one in lines:
        if not groups or groups[-1]["tier"] != one["tier"]:
            count = sizes[one["tier"]]
            words = ngettext("%(n)s unit", "%(n)s units", count) % {"n": f"{count:,}"}
            groups.append({"tier": one["tier"], "name": tier_name(one["tier"]), "words": words, "rows": []})
        groups[-1]["rows"].append(_drawn(one, names, last))
    return {
        "groups": groups,
        "axis": charts.interval_axis(last=last),
        "mark_now": charts.interval_mark(),
        "ranks_table": _twin(lines, names),
    }


def _drawn(one: Line, names: Mapping[str, Any], last: int) -> dict[str, Any]:
    name = named(names, one["unit"])
    interval = span(whole(one["p05"]), whole(one["p95"])) if one["p05"] is not None else "—"
    label = _("%(name)s: rank %(rank)s, 90 %% interval %(interval)s") % {
        "name": name,
        "rank": one["rank"],
        "interval": interval,
    }
    drawing = ""
    if one["p05"] is not None:
        drawing = charts.interval_row(one["rank"], one["p05"], one["p95"], label=label, last=last)
    return {"one": one, "name": name, "interval": interval, "drawing": drawing, "sure": share(one["sure"])}


def _twin(lines: Sequence[Line], names: Mapping[str, Any]) -> parts.Table:
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("tier", _("Tier"), numeric=True),
        parts.Column("sure", _("Sure of its tier"), numeric=True),
        parts.Column("p05", _("Rank, best"), numeric=True),
        parts.Column("median", _("Rank, median"), numeric=True),
        parts.Column("p95", _("Rank, worst"), numeric=True),
        parts.Column("error", _("± of the ends"), numeric=True),
    ]
    cells = [
        {
            "rank": rank_word(one["rank"], one["tied"]), "name": named(names, one["unit"]), "tier": one["tier"],
            "sure": share(one["sure"]), **{key: whole(one[key]) for key in ("p05", "median", "p95")},
            "error": None if one["error"] is None else f"{one['error']:.1f}",
        }
        for one in lines
    ]  # fmt: skip
    note = _("“± of the ends”: how far another set of simulations would move the ends of the interval.")
    return parts.Table(_("Ranks with their intervals"), columns, cells, zebra=True, note=note)


def places(said: Line, lines: Sequence[Line], names: Mapping[str, Any]) -> dict[str, Any]:
    """Return how often each unit took each place as a chart with its key, and as a table."""
    width, count = said["place_width"], said["place_count"]
    heads = [
        str(k + 1) if width == 1 else f"{k * width + 1}–{min((k + 1) * width, len(said['units']))}"
        for k in range(count)
    ]
    rows = []
    for one in lines:
        values: list[float | None] = [None] * count
        for k, value in said["places"].get(one["unit"], ()):
            values[k] = value
        rows.append(charts.HeatRow(named(names, one["unit"]), values))
    label = _("How often each unit took each place in %(n)s simulations.") % {"n": f"{said['replicates']:,}"}
    estimates = [one["rank"] for one in lines]
    drawing = charts.acceptability(rows, estimates=estimates, label=label) if width == 1 else ""
    key = charts.sequential_key(_("seldom"), _("nearly always"), gaps=False)
    return {
        "places_chart": drawing,
        "places_key": key,
        "places_label": label,
        "places_table": _likely(said, lines, names, heads),
    }


def _likely(said: Line, lines: Sequence[Line], names: Mapping[str, Any], heads: Sequence[str]) -> parts.Table:
    """The likeliest places of each unit in words: short enough for a table."""
    cells = []
    for one in lines:
        told = sorted(said["places"].get(one["unit"], ()), key=lambda pair: -pair[1])
        cell: dict[str, Any] = {"rank": rank_word(one["rank"], one["tied"]), "name": named(names, one["unit"])}
        cell |= {f"p{k}": f"{heads[place]} ({100 * value:.0f}%)" for k, (place, value) in enumerate(told[:3])}
        cell["count"] = sum(value >= 0.01 for _place, value in told)
        cells.append(cell)
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("p0", _("likeliest place"), numeric=True),
        parts.Column("p1", _("second"), numeric=True),
        parts.Column("p2", _("third"), numeric=True),
        parts.Column("count", _("places taken in at least 1 % of the simulations"), numeric=True),
    ]
    return parts.Table(_("The likeliest places"), columns, cells, zebra=True)
