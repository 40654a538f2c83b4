"""The ranking: ranks with their intervals, tiers, ties as ties, and the same as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess import lists, page_queries
from qualipolis.city.assess.queries import Ranking, RankRow, book, release_page
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import (
    address,
    badge,
    chosen,
    exports,
    figure,
    nothing_published,
    rank_move,
    share,
    tier_name,
    whole,
    written,
    year_switch,
)
from qualipolis.faces.desk.rooms.run.frame import tabs
from qualipolis.faces.desk.templatetags.desk import span

PER_PAGE = 100


@page(*STAFF)
@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """All units of a release at one node of the tree, best first."""
    release, found = chosen(request)
    if release is None:
        return render(request, "assess/nothing.html", nothing_published())
    shown = lists.filtered(release, request.GET)
    sizes = Counter(card.peer_group for card in book(release).cards)
    last = max(2, sum(sizes.values()))
    on_page = Paginator(shown.rows, PER_PAGE).get_page(request.GET.get("page"))
    drawn = _drawn(shown, list(on_page), last)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "stage": "assess",
        "ranking": shown,
        "release": release,
        "year": page_queries.year_of(release),
        "before": page_queries.year_of(shown.previous) if shown.previous else None,
        "badge": badge(release),
        "tabs": tabs(release.assessment, "ranking", release),
        "years": year_switch(request, release, found),
        "peers": _peers(request, sizes, shown),
        "tops": _nodes(request, shown, lambda level: level > 2),
        "dimensions": _nodes(request, shown, lambda level: level == 2),
        **city_menu(request),
        "exports": exports("ranking", query.urlencode(), len(shown.rows)),
        "groups": drawn,
        "axis": charts.interval_axis(last=last),
        "mark_now": charts.interval_mark(),
        "mark_before": charts.interval_mark("previous"),
        "page": on_page,
        "table": _twin(shown, on_page),
        "tier_rule": release_page(release).tier_rule,
        **_said(shown),
    }
    return render(request, "assess/ranking.html", context)


def _said(shown: Ranking) -> dict[str, Any]:
    units = len(shown.rows)
    whole_tree = shown.node.parent is None
    moved = Counter(rank_move(row) for row in shown.rows)
    lead = ngettext("%(n)s unit", "%(n)s units", units) % {"n": f"{units:,}"}
    if whole_tree and not shown.peer_group:
        tiers = len([tier for tier, _rows in shown.tiers if tier])
        lead = _("%(n)s units in %(tiers)s tiers. Within a tier, do not read an order into the ranks.") % {
            "n": f"{units:,}", "tiers": tiers,
        }  # fmt: skip
    return {
        "heading": _("Ranking: %(node)s") % {"node": shown.node.name},
        "lead": lead,
        "ups": moved["up"],
        "downs": moved["down"],
        "tiered": whole_tree,
    }


def _peers(request: HttpRequest, counts: Counter[str], shown: Ranking) -> list[parts.Segment]:
    every = parts.Segment(_("All"), address(request, peer=None, page=None), not shown.peer_group, sum(counts.values()))
    return [
        every,
        *(
            parts.Segment(
                lists.peer_word(peer), address(request, peer=peer, page=None), peer == shown.peer_group, counts[peer]
            )
            for peer in sorted(shown.peer_groups, key=lambda one: -counts[one])
        ),
    ]


def city_menu(request: HttpRequest, *, every: bool = True) -> dict[str, Any]:
    """The cities of a province as choices; without ``every`` one of them is always chosen."""
    wanted, found = request.GET.get("city", ""), page_queries.cities()
    if not found:
        return {"cities": [], "city_name": "", "city_code": ""}
    if not every and wanted not in dict(found):
        wanted = found[0][0]
    segments = [parts.Segment(name, address(request, city=code, page=None), code == wanted) for code, name in found]
    if every:
        segments.insert(0, parts.Segment(_("All cities"), address(request, city=None, page=None), not wanted))
    return {"cities": segments, "city_name": dict(found).get(wanted, ""), "city_code": wanted}


def _nodes(request: HttpRequest, shown: Ranking, wanted: Callable[[int], bool]) -> list[parts.Segment]:
    return [
        parts.Segment(str(fact.name), address(request, node=fact.code, page=None), fact.code == shown.node.code)
        for fact in shown.nodes
        if wanted(fact.level)
    ]


def _drawn(shown: Ranking, rows: list[RankRow], last: int) -> list[dict[str, Any]]:
    """Rows of one page under the heads of their tiers; tiers are of the composite, other nodes have none."""
    year = page_queries.year_of(shown.release)
    tiered = shown.node.parent is None
    sizes = dict(shown.tiers)
    groups: list[dict[str, Any]] = []
    for row in rows:
        tier = row.tier if tiered else None
        if not groups or groups[-1]["tier"] != tier:
            groups.append({"tier": tier, "rows": [], **_tier_words(tier, sizes.get(tier, []))})
        groups[-1]["rows"].append(_row(row, last, year))
    return groups


def _tier_words(tier: int | None, members: list[RankRow]) -> dict[str, str]:
    if tier is None:
        return {"name": "", "words": ""}
    scores = [row.score for row in members if row.score is not None]
    words = ngettext("%(n)s unit", "%(n)s units", len(members)) % {"n": f"{len(members):,}"}
    if scores:
        words = _("%(units)s, %(range)s points") % {
            "units": words,
            "range": span(f"{min(scores):.1f}", f"{max(scores):.1f}"),
        }
    return {"name": tier_name(tier), "words": words}


def _row(row: RankRow, last: int, year: int) -> dict[str, Any]:
    interval = span(whole(row.p05), whole(row.p95)) if row.p05 is not None else "—"
    said = _("%(name)s: rank %(rank)s, 90 %% interval %(interval)s, the year before %(before)s") % {
        "name": row.name, "rank": row.rank or "—", "interval": interval, "before": row.previous_rank or "—",
    }  # fmt: skip
    drawing = ""
    if row.rank is not None and row.p05 is not None and row.p95 is not None:
        drawing = charts.interval_row(row.rank, row.p05, row.p95, previous=row.previous_rank, label=said, last=last)
    return {
        "row": row,
        "peers": lists.peer_word(row.peer_group),
        "url": f"{reverse('desk:town', args=[row.unit])}?year={year}",
        "score": written(row.score) or "—",
        "interval": interval,
        "top_ten": share(row.top_ten),
        "drawing": drawing,
        "move": rank_move(row),
        "bonus": written(row.bonus) if row.bonus else "",
        "final": written(row.final_score),
    }


def _twin(shown: Ranking, on_page: Page) -> parts.Table:
    columns = [
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("peer_group", _("Peer group")),
        parts.Column("tier", _("Tier"), numeric=True),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("low", _("Score, low"), numeric=True),
        parts.Column("high", _("Score, high"), numeric=True),
        parts.Column("p05", _("Rank, best"), numeric=True),
        parts.Column("p95", _("Rank, worst"), numeric=True),
        parts.Column("top_ten", _("First ten"), numeric=True),
        parts.Column("previous_rank", _("Rank before"), numeric=True),
        parts.Column("grade", _("Grade")),
        parts.Column("present", _("Indicators"), numeric=True),
    ]
    if shown.peer_group:
        columns.insert(1, parts.Column("place", _("In its group"), numeric=True))
    if shown.node.parent is not None:
        columns = [column for column in columns if column.key not in ("tier", "grade")]
    rows = [_twin_row(row, page_queries.year_of(shown.release)) for row in on_page]
    note = _("Intervals 90 %. “7=” means tied at 7; the next rank is skipped.")
    return parts.Table(str(shown.node.name), columns, rows, zebra=True, note=note, links="url")


def _twin_row(row: RankRow, year: int) -> dict[str, Any]:
    return {
        "url": f"{reverse('desk:town', args=[row.unit])}?year={year}",
        "rank": lists.rank_word(row.rank, row.tied),
        "place": row.place,
        "name": row.name,
        "peer_group": lists.peer_word(row.peer_group),
        "tier": row.tier,
        "score": written(row.score),
        "low": written(row.low),
        "high": written(row.high),
        "p05": whole(row.p05),
        "p95": whole(row.p95),
        "top_ten": share(row.top_ten),
        "previous_rank": row.previous_rank,
        "grade": f"{row.grade} ({row.veto})" if row.veto else row.grade,
        "present": row.present,
    }


@page(*STAFF)
@require_safe
def quadrant(request: HttpRequest) -> HttpResponse:
    """Result against input: who leads, who lacks input, whose input does not work yet."""
    release, found = chosen(request)
    if release is None:
        return render(request, "assess/nothing.html", nothing_published())
    level, inputs = lists.everyone(release, "QDL"), lists.everyone(release, "NII")
    by_unit = {row.unit: row.score for row in inputs.rows}
    places = city_menu(request, every=False)
    inside = page_queries.units_below(places["city_code"]) if places["cities"] else None
    rows = [(row, by_unit.get(row.unit)) for row in level.rows if inside is None or row.unit in inside]
    year = page_queries.year_of(release)
    counts = Counter(row.quadrant for row, _given in rows)
    context = {
        "stage": "assess",
        "release": release,
        "badge": badge(release),
        "year": year,
        "years": year_switch(request, release, found),
        **places,
        "chart": quadrant_chart(rows, year),
        "table": _quadrant_table(rows, year),
        "lead": "; ".join(
            _("%(n)s with %(words)s") % {"n": counts[key], "words": words} for key, words in quadrant_words().items()
        ),
    }
    return render(request, "assess/quadrant.html", context)


def quadrant_words() -> dict[str, str]:
    """Return the words of the four quarters."""
    return {
        "lead": _("good result, large input"),
        "check": _("good result, small input"),
        "diagnose": _("weak result, large input"),
        "build": _("weak result, small input"),
    }


def quadrant_chart(rows: list[tuple[RankRow, float | None]], year: int, strong: str = "") -> Any:
    """Return the picture of these units, each dot leading to its page."""
    words = quadrant_words()
    dots = [
        charts.Dot(
            str(row.name),
            round(given, 2),
            round(row.score, 2),
            f"{reverse('desk:town', args=[row.unit])}?year={year}",
            row.unit == strong,
        )
        for row, given in rows
        if row.score is not None and given is not None
    ]
    label = _("Quality level against NQI input of %(n)s units, cut at the medians") % {"n": len(dots)}
    corners = (words["check"], words["lead"], words["build"], words["diagnose"])
    return charts.quadrant(dots, label=label, x_name=_("NQI input"), y_name=_("Quality level"), corners=corners)


def _quadrant_table(rows: list[tuple[RankRow, float | None]], year: int) -> parts.Table:
    columns = [
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("peer_group", _("Peer group")),
        parts.Column("level", _("Quality level"), numeric=True),
        parts.Column("given", _("NQI input"), numeric=True),
        parts.Column("words", _("Where it stands among its peers")),
    ]
    words = quadrant_words()
    cells = [
        {
            "name": row.name,
            "url": f"{reverse('desk:town', args=[row.unit])}?year={year}",
            "peer_group": lists.peer_word(row.peer_group),
            "level": figure(row.score),
            "given": figure(given),
            "words": words.get(row.quadrant),
        }
        for row, given in rows
    ]
    return parts.Table(_("Result and input of each unit"), columns, cells, links="url")


__all__ = ["quadrant", "quadrant_chart", "ranking"]
