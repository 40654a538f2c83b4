"""Comparable peers: the same group, intervals beside each other, and how likely the town is above each."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess.explain import READERS
from qualipolis.city.assess.explain_peers import PeerLine, Peers, comparable_peers
from qualipolis.city.core.policy import page
from qualipolis.faces.desk import charts
from qualipolis.faces.desk.rooms.assess.frame import figure, rank_of, share, whole, written
from qualipolis.faces.desk.rooms.town.frame import Explained, explained, sentences
from qualipolis.faces.desk.templatetags.desk import span

PER_PAGE = 30


@page(*READERS)
@require_safe
def peers_page(request: HttpRequest, code: str) -> HttpResponse:
    """The peers, those that cannot be told apart first, then by nearness of their profile."""
    found = explained(request, code, "peers")
    if isinstance(found, HttpResponse):
        return found
    peers = comparable_peers(request.user, found.case)
    on_page = Paginator(peers.lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **found.context,
        "lead": lead(peers),
        "n": f"{peers.n:,}",
        "page": on_page,
        "exports": found.exports("town_peers", len(peers.lines)),
        **drawn(found, [peers.own, *on_page]),
        "sized": bool(peers.own.sizes),
    }
    return render(request, "assess/town_peers.html", context)


def lead(peers: Peers) -> str:
    """Return how many peers cannot be told apart from the town, and the nearest of them."""
    alike = peers.comparable
    if not alike:
        return _("No peer is so near that it cannot be told apart.")
    said = ngettext(
        "%(n)s peer cannot be told apart from us (probability of being above between 5 %% and 95 %%).",
        "%(n)s peers cannot be told apart from us (probability of being above between 5 %% and 95 %%).",
        len(alike),
    )
    told = said % {"n": len(alike)}
    return sentences(told, _("Nearest in its profile: %(name)s.") % {"name": alike[0].name})


def drawn(found: Explained, lines: list[PeerLine]) -> dict[str, Any]:
    """Return the rows with their interval plots, and the axis over them."""
    last = max([int(line.p95 or line.rank or 1) for line in lines] + [2])
    first = min([int(line.p05 or line.rank or 1) for line in lines] + [last - 1])
    rules = [float(one) for one in _rules(first, last)]
    return {
        "rows": [_row(found, line, first, last, rules) for line in lines],
        "axis": charts.interval_axis(first=first, last=last, rules=rules),
        "mark": charts.interval_mark(),
    }


def _rules(first: int, last: int) -> list[int]:
    step = max(1, round((last - first) / 5))
    marks = [*range(first, last, step)]
    return [mark for mark in marks if last - mark > 0.4 * step] + [last]


def _row(found: Explained, line: PeerLine, first: int, last: int, rules: list[float]) -> dict[str, Any]:
    own = line.unit == found.case.unit
    interval = span(whole(line.p05), whole(line.p95)) if line.p05 is not None and line.p95 is not None else "—"
    words = _("%(name)s: rank %(rank)s, 90 %% interval %(interval)s") % {
        "name": line.name, "rank": line.rank, "interval": interval,
    }  # fmt: skip
    plot = ""
    if line.rank is not None and line.p05 is not None and line.p95 is not None:
        plot = charts.interval_row(line.rank, line.p05, line.p95, label=words, first=first, last=last, rules=rules)
    return {
        "own": own,
        "name": line.name,
        "url": "" if own else f"{reverse('desk:town', args=[line.unit])}?year={found.year}",
        "compare": "" if own else f"{reverse('desk:town_why', args=[found.case.unit])}?year={found.year}&with={line.unit}#gap",
        "rank": None if line.rank is None else rank_of(line.rank, line.tied),
        "score": written(line.score),
        "interval": interval,
        "plot": plot,
        "above": None if own or line.above is None else share(line.above),
        "comparable": line.comparable,
        "overlaps": line.overlaps,
        "distance": None if own else written(line.distance, 1),
        "shared": line.shared,
        "population": figure(line.sizes.get("population"), 0),
        "firms": figure(line.sizes.get("firms"), 0),
    }  # fmt: skip
