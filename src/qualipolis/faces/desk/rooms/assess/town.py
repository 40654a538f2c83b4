"""The page of a town: where it stands, what is strong and weak, its years, and what moved its score."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.assess import lists, page_queries
from qualipolis.city.assess.explain import Case, case, explainable
from qualipolis.city.assess.explain_parts import by_parent, year_parts
from qualipolis.city.assess.queries import Standing, TownProfile, town_profile
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure.models import Observation
from qualipolis.city.measure.queries import ValueRow, unit_values
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import (
    badge,
    chosen,
    figure,
    nothing_published,
    tier_name,
    whole,
    written,
    year_switch,
)
from qualipolis.faces.desk.rooms.assess.ranking import quadrant_chart, quadrant_words
from qualipolis.faces.desk.rooms.assess.words import kept_back, missing_word, told
from qualipolis.faces.desk.rooms.town.frame import tabs
from qualipolis.faces.desk.rooms.town.why import parts_table, waterfall
from qualipolis.faces.desk.templatetags.desk import span
from qualipolis.methods.problems import InputError


@page(*STAFF)
@require_safe
def town(request: HttpRequest, code: str) -> HttpResponse:
    """One town in one release."""
    release, found = chosen(request)
    if release is None:
        return render(request, "assess/nothing.html", nothing_published())
    profile = town_profile(release, code)
    unit = Unit.objects.filter(code=code).first()
    if profile is None or unit is None:
        raise Http404
    year = page_queries.year_of(release)
    own = explainable(request.user, unit) and profile.card.score is not None
    context = {
        "stage": "assess",
        "release": release,
        "badge": badge(release),
        "year": year,
        "years": year_switch(request, release, found),
        "profile": profile,
        "card": profile.card,
        "peer_group": lists.peer_word(profile.card.peer_group),
        "tabs": tabs(code, year, "") if own else [],
        "tier": tier_name(profile.card.tier) if profile.card.tier else "",
        **_head(profile),
        **_bars(profile),
        **_years(profile),
        **({} if own else _moves(profile, year)),
        **_place(profile, release, year),
        "table": _indicators(request, profile, unit, year),
    }
    return render(request, "assess/town.html", context)


def _head(profile: TownProfile) -> dict[str, Any]:
    root = profile.tree[0]
    interval = span(whole(root.p05), whole(root.p95)) if root.p05 is not None else "—"
    tied = [row.tied for row in lists.everyone(profile.release).rows if row.unit == profile.card.unit]
    return {
        "root": root,
        "score": written(root.score) or "—",
        "score_interval": span(written(root.low, 1), written(root.high, 1)) if root.low is not None else "",
        "rank_interval": interval,
        "tied": any(tied),
        "strengths": [_standing(one, profile) for one in profile.strengths],
        "weaknesses": [_standing(one, profile) for one in profile.weaknesses],
        "lead": _lead(profile),
    }


def _lead(profile: TownProfile) -> str:
    point = profile.trend[-1] if profile.trend else None
    if profile.change is None or profile.previous is None or point is None:
        return _("There is no release of an earlier year to compare with.")
    before = page_queries.year_of(profile.previous)
    told = {"year": before, "change": charts.signed(profile.change, 2)}
    earlier = next((one for one in profile.trend if one.year == before), None)
    known = earlier and earlier.rank is not None and point.p05 is not None and point.p95 is not None
    if known and point.p05 <= earlier.rank <= point.p95:
        return (
            _("Since %(year)s the score moved by %(change)s points; the rank did not change beyond the error.") % told
        )
    return _("Since %(year)s the score moved by %(change)s points, and the rank by more than the error.") % told


def _standing(one: Standing, profile: TownProfile) -> dict[str, Any]:
    line = next((line for line in profile.tree if line.node.code == one.node.code), None)
    year = page_queries.year_of(profile.release)
    return {
        "name": one.node.name,
        "url": f"{reverse('desk:indicator', args=[one.node.code])}?year={year}&unit={profile.card.unit}",
        "value": figure(one.value) or "—",
        "unit": one.node.unit,
        "peers": figure(one.peers_value) or "—",
        "rank": line.rank if line else None,
        "gap": charts.signed(one.gap, 1),
    }


def _bars(profile: TownProfile) -> dict[str, Any]:
    """Each dimension with its interval from counting, beside the median of the peers."""
    lines = [line for line in profile.tree if line.node.level in (2, 3) and line.score is not None]
    year = page_queries.year_of(profile.release)
    rows = [
        {
            "name": line.node.name, "url": f"{reverse('desk:ranking')}?year={year}&node={line.node.code}",
            "score": written(line.score), "interval": span(written(line.low, 1), written(line.high, 1)),
            "peers": written(line.peers_median), "rank": line.rank,
            "ranks": span(whole(line.p05), whole(line.p95)) if line.p05 is not None else None,
            "before": written(line.previous), "points": written(line.contribution),
        }
        for line in lines
    ]  # fmt: skip
    drawn = [
        {
            "name": line.node.name,
            "top": line.node.level == 3,
            "score": written(line.score, 1),
            "peers": written(line.peers_median, 1) or "—",
            "row": charts.interval_row(
                line.score, line.low, line.high, previous=line.peers_median, first=0, last=100,
                rules=[0, 25, 50, 75, 100], label=_dimension_words(line),
            ),
        }
        for line in lines
    ]  # fmt: skip
    return {
        "dimensions": drawn,
        "dimension_table": parts.Table(_("Parts of the index"), _dimension_columns(), rows, links="url"),
        "dimension_axis": charts.interval_axis(first=0, last=100, rules=[0, 25, 50, 75, 100]),
        "mark_now": charts.interval_mark(),
        "mark_before": charts.interval_mark("previous"),
    }


def _dimension_columns() -> list[parts.Column]:
    return [
        parts.Column("name", _("Part of the index"), title=True),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("interval", _("90 % interval")),
        parts.Column("peers", _("Median of the peers"), numeric=True),
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("ranks", _("90 % rank interval")),
        parts.Column("before", _("Year before"), numeric=True),
        parts.Column("points", _("Points of the index"), numeric=True),
    ]


def _dimension_words(line: Any) -> str:
    return _("%(name)s: %(score)s points, 90 %% interval %(low)s to %(high)s, median of the peers %(peers)s") % {
        "name": line.node.name, "score": written(line.score, 1), "low": written(line.low, 1),
        "high": written(line.high, 1), "peers": written(line.peers_median, 1) or "—",
    }  # fmt: skip


def _years(profile: TownProfile) -> dict[str, Any]:
    points = profile.trend
    label = _("Score by year with the 90 %% interval from counting, and the median of all units; last %(score)s") % {
        "score": written(points[-1].score) or "—" if points else "—"
    }
    drawing = charts.trend(
        [str(one.year) for one in points],
        [_round(one.score) for one in points],
        low=[_round(one.low) for one in points],
        high=[_round(one.high) for one in points],
        reference=[_round(one.median_of_all) for one in points],
        reference_name=_("median of all"),
        height=330,
        end_label=written(points[-1].score, 1) or "" if points else "",
        label=label,
    )
    columns = [
        parts.Column("year", _("Year"), title=True),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("interval", _("90 % interval")),
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("ranks", _("90 % rank interval")),
        parts.Column("median", _("Median of all"), numeric=True),
        parts.Column("number", _("Release"), title=False),
    ]
    rows = [
        {
            "year": one.year, "score": written(one.score),
            "interval": span(written(one.low, 1), written(one.high, 1)) if one.low is not None else None,
            "rank": one.rank, "ranks": span(whole(one.p05), whole(one.p95)) if one.p05 is not None else None,
            "median": written(one.median_of_all), "number": one.number,
        }
        for one in points
    ]  # fmt: skip
    return {"trend": drawing, "trend_table": parts.Table(_("Score and rank by year"), columns, rows)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _moves(profile: TownProfile, year: int) -> dict[str, Any]:
    """The parts of the change, the same as on the page that explains it; they add up to it exactly."""
    made = _case(profile)
    parts_of = year_parts(made) if made else None
    if made is None or made.earlier is None or parts_of is None:
        return {"waterfall": "", "moves_table": None}
    before = made.earlier.year
    label = _("From %(before)s points in %(then)s to %(after)s in %(now)s") % {
        "before": written(parts_of.against), "then": before, "after": written(parts_of.score), "now": year,
    }  # fmt: skip
    drawing = waterfall(by_parent(made, parts_of), str(before), str(year), label)
    caption = _("What moved the score, indicator by indicator")
    return {
        "waterfall": drawing,
        "before": before,
        "moves_table": parts_table(made, year, parts_of, caption, (year, before)),
    }


def _case(profile: TownProfile) -> Case | None:
    try:
        return case(profile.release, profile.card.unit)
    except InputError:
        return None


def _place(profile: TownProfile, release: Any, year: int) -> dict[str, Any]:
    level = lists.everyone(release, "QDL")
    inputs = {dot.unit: dot.inputs for dot in profile.quadrant}
    near = page_queries.neighbours(profile.card.unit)
    rows = [(row, inputs.get(row.unit)) for row in level.rows if not near or row.unit in near]
    drawing = quadrant_chart(rows, year, profile.card.unit)
    return {"quadrant": drawing, "quadrant_words": quadrant_words().get(profile.card.quadrant, "")}


def _indicators(request: HttpRequest, profile: TownProfile, unit: Unit, year: int) -> parts.Table:
    """Every indicator of the set; a missing value says why and is never a zero."""
    lines = {line.node.code: line for line in profile.tree}
    rows = []
    for indicator, row in unit_values(request.user, profile.release.assessment.round, unit):
        line = lines.get(indicator.code)
        rows.append(_indicator_row(indicator, row, line, year))
    columns = [
        parts.Column("code", _("Code")),
        parts.Column("name", _("Indicator"), title=True),
        parts.Column("value", _("Value"), numeric=True),
        parts.Column("measured", _("Unit of measurement")),
        parts.Column("n", _("Cases (n)"), numeric=True),
        parts.Column("interval", _("95 % interval")),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("peers", _("Peer score"), numeric=True),
        parts.Column("state", _("State")),
    ]
    return parts.Table(
        _("All indicators of %(name)s, %(year)s") % {"name": unit.name, "year": year}, columns, rows, links="url"
    )


def _indicator_row(indicator: Any, row: ValueRow, line: Any, year: int) -> dict[str, Any]:
    state = missing_word(row.missing) if row.missing else str(Observation.Status(row.status).label)
    if kept_back(indicator, row.value, row.denominator):
        state = _("%(state)s; held back for the public") % {"state": state}
    return {
        "code": indicator.code,
        "name": indicator.name,
        "url": f"{reverse('desk:indicator', args=[indicator.code])}?year={year}&unit={row.unit.code}",
        "value": figure(row.value),
        "measured": told(indicator, "unit"),
        "n": figure(row.n, 0) if indicator.is_proportion else None,
        "interval": span(figure(row.low, 1), figure(row.high, 1)) if row.low is not None else None,
        "score": written(line.score, 1) if line else None,
        "rank": line.rank if line else None,
        "peers": written(line.peers_median, 1) if line else None,
        "state": state,
    }
