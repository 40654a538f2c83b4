"""The ranking and one town: published figures only, dimensions in bands, nothing about any enterprise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import Ranking, RankRow, ranking, town_profile
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import address, rank_move, rank_of, whole, written
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.published import EXACT_FROM, Band, band_of, bands_between

PER_PAGE = 100


@frame.released("ranking")
def ranking_page(request: HttpRequest, release: Release) -> HttpResponse:
    """The ranking of a published release with its intervals."""
    node, group = request.GET.get("node", ""), request.GET.get("group", "")
    shown = ranking(release, node)
    if shown.node.level < 2:
        shown = ranking(release)
    if group in shown.peer_groups:
        shown = ranking(release, shown.node.code, group)
    exact = shown.node.level >= EXACT_FROM
    last = max((row.rank or 0 for row in shown.rows), default=1)
    last = max(last, *(int(row.p95 or 0) for row in shown.rows), 2) if shown.rows else 2
    on_page = Paginator(shown.rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": on_page,
        "badge": frame.badge(release),
        "year": frame.year_of(release),
        "previous_year": frame.year_of(shown.previous) if shown.previous else None,
        "years": frame.years(request, release),
        "nodes": _nodes(request, shown),
        "groups": _groups(request, shown),
        "shown": shown,
        "exact": exact,
        "tiered": shown.node.parent is None,
        "tier_count": len(shown.tiers),
        "blocks": _blocks(shown, list(on_page), exact, last),
        "axis": charts.interval_axis(last=last),
        "estimate_mark": charts.interval_mark(),
        "previous_mark": charts.interval_mark("previous"),
        "twin": _twin(replace(shown, rows=tuple(on_page)), exact),
        "replicates": f"{release.assessment.replicates:,}",
        "exports": _exports(release, shown.node.parent is None and not shown.peer_group),
        "crumbs": [frame.home_crumb(), (_("Towns"), "")],
    }
    return frame.show(request, "ranking", "ranking", context)


def _nodes(request: HttpRequest, shown: Ranking) -> list[parts.Segment]:
    return [
        parts.Segment(
            str(fact.name),
            address(request, node=fact.code if fact.parent else "", page=None),
            fact.code == shown.node.code,
        )
        for fact in sorted(shown.nodes, key=lambda fact: -fact.level)
        if fact.level >= EXACT_FROM or fact.code == shown.node.code
    ]


def _groups(request: HttpRequest, shown: Ranking) -> list[parts.Segment]:
    every = parts.Segment(_("All"), address(request, group=None, page=None), not shown.peer_group)
    return [
        every,
        *(parts.Segment(g, address(request, group=g, page=None), g == shown.peer_group) for g in shown.peer_groups),
    ]


def _exports(release: Release, whole_city: bool) -> list[parts.Export]:
    name = "ranking" if whole_city else "dimensions"
    tail = f"?year={frame.year_of(release)}"
    return [parts.Export(form, reverse("portal:dataset", args=[name, form]) + tail) for form in ("csv", "json")]


def _blocks(shown: Ranking, on_page: list[RankRow], exact: bool, last: int) -> list[dict[str, Any]]:
    """The rows of a page under the heads of their tiers; a head counts its whole tier."""
    grouped = shown.tiers if shown.node.parent is None else [(None, list(shown.rows))]
    here = {row.unit for row in on_page}
    return [
        {
            "tier": tier,
            "count": len(rows),
            "high": next((written(row.score, 1) for row in rows if row.score is not None), None),
            "low": next((written(row.score, 1) for row in reversed(rows) if row.score is not None), None),
            "rows": [_line(row, exact, last) for row in rows if row.unit in here],
        }
        for tier, rows in grouped
        if here & {row.unit for row in rows}
    ]


def _line(row: RankRow, exact: bool, last: int) -> dict[str, Any]:
    said = {
        "name": row.name,
        "rank": row.rank,
        "low": whole(row.p05),
        "high": whole(row.p95),
        "before": row.previous_rank or "—",
    }
    words = _("%(name)s: rank %(rank)s, 90 %% interval %(low)s to %(high)s, %(before)s the year before") % said
    drawn = None
    if row.rank is not None and row.p05 is not None and row.p95 is not None:
        drawn = charts.interval_row(row.rank, row.p05, row.p95, label=words, previous=row.previous_rank, last=last)
    return {
        "row": row,
        "rank": row.rank if row.rank is not None else "—",
        "score": written(row.score) if exact else str(band_of(row.score) or "—"),
        "low": whole(row.p05),
        "high": whole(row.p95),
        "plot": drawn,
        "moved": rank_move(row),
        "url": reverse("portal:town", args=[row.unit]),
    }


def _twin(shown: Ranking, exact: bool) -> parts.Table:
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("name", _("Town"), title=True),
        parts.Column("group", _("Peer group")),
        parts.Column("score", _("Score") if exact else _("Band"), numeric=True),
        parts.Column("low", _("90 % interval from"), numeric=True),
        parts.Column("high", _("to"), numeric=True),
        parts.Column("before", _("Rank the year before"), numeric=True),
        *([parts.Column("tier", _("Tier"), numeric=True)] if shown.node.parent is None else []),
    ]
    rows = [
        {
            "rank": rank_of(row.rank, row.tied),
            "name": row.name,
            "group": row.peer_group,
            "score": written(row.score) if exact else band_of(row.score),
            "low": whole(row.p05),
            "high": whole(row.p95),
            "before": row.previous_rank,
            "tier": row.tier,
            "url": reverse("portal:town", args=[row.unit]),
        }
        for row in shown.rows
    ]
    return parts.Table(
        _("Ranking of %(year)s") % {"year": frame.year_of(shown.release)}, columns, rows, True, links="url"
    )


@frame.released("ranking")
def town(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """One town: its place with the interval, its dimensions in bands, its years."""
    found = town_profile(release, code)
    if found is None:
        raise Http404
    root = found.tree[0] if found.tree else None
    root = next((line for line in found.tree if line.node.parent is None), root)
    context = {
        "badge": frame.badge(release),
        "year": frame.year_of(release),
        "years": frame.years(request, release),
        "found": found,
        "card": found.card,
        "root": root,
        "rank_low": whole(root.p05) if root else "—",
        "rank_high": whole(root.p95) if root else "—",
        "score": written(found.card.score),
        "subs": [_sub(line) for line in found.tree if line.node.level == EXACT_FROM],
        "bands": [_band(line) for line in found.tree if line.node.level == EXACT_FROM - 1],
        "trend": _trend(found),
        "rank_trend": _rank_trend(found),
        "twin": _years(found),
        "crumbs": [frame.home_crumb(), (_("Towns"), reverse("portal:ranking")), (str(found.card.name), "")],
    }
    return frame.show(request, "town", "ranking", context)


def _sub(line: Any) -> dict[str, Any]:
    return {
        "name": line.node.name,
        "score": written(line.score),
        "low": written(line.low, 1),
        "high": written(line.high, 1),
        "rank": line.rank,
        "rank_low": whole(line.p05),
        "rank_high": whole(line.p95),
    }


def _band(line: Any) -> dict[str, Any]:
    own, reach = band_of(line.score), bands_between(line.low, line.high)
    return {
        "name": line.node.name,
        "band": own,
        "steps": [_cell(step, own, reach) for step in range(1, 6)],
        "maybe": f"{reach[0].low:g}–{reach[-1].high:g}" if len(reach) > 1 else "",
        "rank": line.rank,
        "low": whole(line.p05),
        "high": whole(line.p95),
        "peers": band_of(line.peers_median),
    }


def _cell(step: int, own: Band | None, reach: tuple[Band, ...]) -> Any:
    if own and step == own.step:
        return charts.step_swatch(4)
    return charts.step_swatch(2 if step in {band.step for band in reach} else None)


def _trend(found: Any) -> Any:
    points = found.trend
    last = next((p for p in reversed(points) if p.score is not None), None)
    words = _(", ").join(f"{p.year} {written(p.score, 1) or '—'}" for p in points)
    return charts.trend(
        [str(p.year) for p in points],
        [p.score for p in points],
        label=_("Score by year: %(values)s") % {"values": words},
        low=[p.low for p in points],
        high=[p.high for p in points],
        reference=[p.median_of_all for p in points],
        reference_name=_("all units"),
        end_label=written(last.score, 1) or "" if last else "",
    )


def _rank_trend(found: Any) -> Any:
    points = found.trend
    last = next((p for p in reversed(points) if p.rank is not None), None)
    words = _(", ").join(f"{p.year} {p.rank or '—'}" for p in points)
    return charts.trend(
        [str(p.year) for p in points],
        [p.rank for p in points],
        label=_("Rank by year: %(values)s") % {"values": words},
        low=[p.p05 for p in points],
        high=[p.p95 for p in points],
        end_label=str(last.rank) if last else "",
        reverse=True,
    )


def _years(found: Any) -> parts.Table:
    columns = [
        parts.Column("year", _("Year"), title=True),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("low", _("90 % interval from"), numeric=True),
        parts.Column("high", _("to"), numeric=True),
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("p05", _("Rank from"), numeric=True),
        parts.Column("p95", _("to"), numeric=True),
        parts.Column("units", _("Units"), numeric=True),
    ]
    rows = [
        {
            "year": p.year,
            "score": written(p.score),
            "low": written(p.low, 1),
            "high": written(p.high, 1),
            "rank": p.rank,
            "p05": whole(p.p05),
            "p95": whole(p.p95),
            "units": p.units,
        }
        for p in found.trend
    ]
    return parts.Table(_("The years in numbers"), columns, rows, True)
