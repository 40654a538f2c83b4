"""The city at a glance: the finding first, what waits for me, the units by tier, and one sentence for each stop."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess import lists, page_queries
from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import Overview, Ranking, overview
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import (
    address,
    badge,
    chosen,
    exports,
    nothing_published,
    rank_move,
    share,
    tier_name,
    whole,
    written,
    year_switch,
)
from qualipolis.faces.desk.rooms.overview_tiles import tiles
from qualipolis.faces.desk.rooms.stock import standing
from qualipolis.faces.desk.rooms.work import items_of, task_of
from qualipolis.faces.desk.templatetags.desk import span

SURE = 0.7
STEPS = 5
FEW_TASKS = 2
MOST_MOVERS = 6


@page(*STAFF)
@require_safe
def city_overview(request: HttpRequest) -> HttpResponse:
    """One screen of the whole city."""
    release, found = chosen(request)
    if release is None:
        return render(request, "assess/nothing.html", nothing_published())
    seen, ranked = overview(release), lists.everyone(release)
    items = items_of(request.user)
    context = {
        "stage": "",
        "release": release,
        "year": page_queries.year_of(release),
        "badge": badge(release),
        "years": year_switch(request, release, found),
        "heading": finding(seen, ranked),
        "tasks": [task_of(item) for item in items[:5]],
        "waiting": len(items),
        "exports": exports("ranking", f"year={page_queries.year_of(release)}", seen.units),
        "tiles": tiles(seen, ranked),
        "standing": standing(request.user),
        "movers": _movers(ranked) if len(items) <= FEW_TASKS else [],
        **_map(request, release, seen, ranked),
    }
    return render(request, "overview/overview.html", context)


def finding(seen: Overview, ranked: Ranking) -> str:
    """Return what the year says: the mean against the year before, and how many moved beyond the error."""
    mean = seen.means[0]
    told = {"node": mean.node.name, "mean": f"{mean.mean:.1f}"}
    if mean.previous_mean is None or seen.previous is None:
        return _("%(node)s: the units average %(mean)s") % told
    change = round(mean.mean, 1) - round(mean.previous_mean, 1)
    told |= {"change": f"{abs(change):.1f}", "year": page_queries.year_of(seen.previous)}
    if round(change, 1) == 0:
        head = _("%(node)s averages %(mean)s, as in %(year)s") % told
    elif change > 0:
        head = _("%(node)s averages %(mean)s, %(change)s more than in %(year)s") % told
    else:
        head = _("%(node)s averages %(mean)s, %(change)s less than in %(year)s") % told
    moves = Counter(rank_move(row) for row in ranked.rows)
    moved = {"head": head, "up": moves["up"], "down": moves["down"]}
    if not moves["up"] and not moves["down"]:
        return _("%(head)s; no rank changed beyond the error") % moved
    return _("%(head)s; %(up)s clearly rose, %(down)s clearly fell") % moved


def _movers(ranked: Ranking) -> list[dict[str, Any]]:
    """The units that moved beyond the error, the largest moves first."""
    year = page_queries.year_of(ranked.release)
    rows = sorted((row for row in ranked.rows if rank_move(row)), key=lambda row: -abs(row.moved or 0))
    return [
        {
            "name": row.name, "url": f"{reverse('desk:town', args=[row.unit])}?year={year}", "move": rank_move(row),
            "before": row.previous_rank, "now": row.rank, "interval": span(whole(row.p05), whole(row.p95)),
        }
        for row in rows[:MOST_MOVERS]
    ]  # fmt: skip


def _map(request: HttpRequest, release: Release, seen: Overview, ranked: Ranking) -> dict[str, Any]:
    """The cartogram of one city; in a province a city is chosen, and the table counts them all."""
    cities = page_queries.cities()
    chosen_city = request.GET.get("city", "") or (cities[0][0] if cities else "")
    inside = page_queries.units_below(chosen_city) if cities else None
    certain = page_queries.tier_certainty(release)
    scores = {row.unit: row.score for row in ranked.rows}
    year = page_queries.year_of(release)
    cells, cut, sizes = [], 0, Counter[int]()
    for card in seen.cards:
        if inside is not None and card.unit not in inside:
            continue
        unsure = certain.get(card.unit, 1.0) < SURE
        sizes[card.tier or 0] += 1
        cut += unsure
        if card.place[0] is not None and card.place[1] is not None:
            cells.append(_cell(card, scores.get(card.unit), unsure, certain.get(card.unit), year))
    tiers = sorted(tier for tier in seen.tiers)
    legend = [(step_of(tier), tier_name(tier), sizes[tier]) for tier in tiers]
    if sizes[0]:
        legend.append((None, _("no score"), sizes[0]))
    label = ngettext("%(n)s unit by tier", "%(n)s units by tier", len(cells)) % {"n": len(cells)}
    return {
        "cartogram": charts.cartogram(cells, label=label) if cells else "",
        "legend": legend,
        "cut": cut if certain else None,
        "cities": [parts.Segment(name, address(request, city=code), code == chosen_city) for code, name in cities],
        "tier_table": _table(seen, ranked, certain, year, inside),
    }


def step_of(tier: int) -> int:
    """Return the shade of a tier: the first is the darkest; from the fifth on the lightest.

    >>> [step_of(t) for t in (1, 2, 5, 7)]
    [5, 4, 1, 1]
    """
    return max(1, STEPS + 1 - tier)


def _cell(card: Any, score: float | None, unsure: bool, certain: float | None, year: int) -> charts.Cell:
    name = tier_name(card.tier) if card.tier else _("no score")
    hint = f"{card.name} {written(score) or '—'} {name}"
    if certain is not None:
        hint = _("%(what)s, own tier in %(share)s of the simulations") % {"what": hint, "share": share(certain)}
    url = f"{reverse('desk:town', args=[card.unit])}?year={year}"
    step = step_of(card.tier) if card.tier else None
    return charts.Cell(
        short(str(card.name)), card.place[1], card.place[0], written(score, 1) or "—", step, unsure, url, hint
    )


def short(name: str) -> str:
    """Return the name as a small cell holds it: without the kind of unit at its end.

    >>> short("虎峰镇"), short("东湖街道"), short("星湖园区"), short("Hufeng Town")
    ('虎峰', '东湖', '星湖', 'Hufeng')
    """
    for tail in ("街道", "园区", "镇", " Subdistrict", " Town", " Park"):
        if name.endswith(tail) and len(name) > len(tail) + 1:
            return name.removesuffix(tail)
    return name


def _table(
    seen: Overview, ranked: Ranking, certain: dict[str, float], year: int, inside: set[str] | None
) -> parts.Table:
    columns = [
        parts.Column("name", pgettext("place", "Unit"), title=True),
        parts.Column("tier", _("Tier")),
        parts.Column("score", _("Score"), numeric=True),
        parts.Column("rank", _("Rank"), numeric=True),
        parts.Column("sure", _("Sure of its tier"), numeric=True),
    ]
    rows = [
        {
            "name": row.name, "url": f"{reverse('desk:town', args=[row.unit])}?year={year}",
            "tier": tier_name(row.tier) if row.tier else None, "score": written(row.score, 1),
            "rank": lists.rank_word(row.rank, row.tied), "sure": share(certain.get(row.unit)),
        }
        for row in ranked.rows
        if inside is None or row.unit in inside
    ]  # fmt: skip
    return parts.Table(_("Units by tier"), columns, rows, links="url")
