"""The start page: what the city's quality looks like this year, how certain that is, and how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.assess.models import Release
from qualipolis.city.assess.queries import Ranking, book, overview, previous_release, ranking
from qualipolis.city.assess.ranking import Z90
from qualipolis.faces.desk import charts, parts
from qualipolis.faces.desk.rooms.assess.frame import figure, whole
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.published import open_page

KEYS = ("supervise", "diagnose", "build")


@dataclass(frozen=True)
class Middle:
    """The mean of the composite over all units, with the 90 % interval from counting."""

    value: float
    low: float
    high: float
    error: float
    units: int


def middle_of(release: Release) -> Middle | None:
    """Return the mean composite of a release; its standard error is the root of the summed squares over n."""
    read = book(release)
    scores, errors = read.of("score", read.root), read.of("standard_error", read.root)
    known = ~np.isnan(scores)
    n = int(known.sum())
    if not n:
        return None
    mean = float(scores[known].mean())
    error = sqrt(float(np.nansum(errors[known] ** 2))) / n
    return Middle(mean, mean - Z90 * error, mean + Z90 * error, error, n)


@frame.released("home")
def home(request: HttpRequest, release: Release) -> HttpResponse:
    """The city this year."""
    found = overview(release)
    shown = ranking(release)
    now, before = middle_of(release), previous_release(release)
    then = middle_of(before) if before else None
    context = {
        "release": release,
        "badge": frame.badge(release),
        "year": frame.year_of(release),
        "years": frame.years(request, release),
        "finding": finding(found.units, len(found.tiers), now, then),
        "now": now,
        "then": then,
        "before_year": frame.year_of(before) if before else None,
        "map": _map(shown),
        "key": [(max(1, 6 - tier), _("Tier %(n)s") % {"n": tier}, count) for tier, count in found.tiers.items()],
        "tiles": _tiles(release, found.stages),
        "certainty": _certainty(shown),
        "replicates": release.assessment.replicates,
    }
    return frame.show(request, "home", "home", context)


def finding(units: int, tiers: int, now: Middle | None, then: Middle | None) -> str:
    """Return the finding as a sentence: where the city stands, and whether it moved more than the error."""
    if now is None:
        return _("Nothing could be scored this year")
    where = ngettext(
        "The index of the %(units)s units averages %(mean)s; the data cannot tell them apart",
        "The index of the %(units)s units averages %(mean)s; the data tell %(tiers)s tiers apart",
        tiers,
    ) % {"units": units, "mean": f"{now.value:.1f}", "tiers": tiers}
    if then is None:
        return where
    change = now.value - then.value
    if abs(change) <= Z90 * sqrt(now.error**2 + then.error**2):
        return _("%(where)s; the change on the year before is within error") % {"where": where}
    words = _("%(where)s; up %(points)s points") if change > 0 else _("%(where)s; down %(points)s points")
    return words % {"where": where, "points": f"{abs(change):.1f}"}


def _map(shown: Ranking) -> Any:
    cards = {card.unit: card for card in book(shown.release).cards}
    cells = [
        charts.Cell(
            str(row.name).removesuffix("镇").removesuffix("街道"),
            cards[row.unit].place[1] or 0,
            cards[row.unit].place[0] or 0,
            "—" if row.score is None else f"{row.score:.1f}",
            max(1, 6 - row.tier) if row.tier else None,
            href=reverse("portal:town", args=[row.unit]),
            hint=_("%(name)s: tier %(tier)s, score %(score)s, rank %(rank)s, 90 %% interval %(low)s to %(high)s")
            % _spoken(row),
        )
        for row in shown.rows
        if None not in cards[row.unit].place
    ]
    return charts.cartogram(cells, label=_("Tiers of the units as a map of squares.")) if cells else ""


def _spoken(row: Any) -> dict[str, Any]:
    return {
        "name": row.name,
        "tier": row.tier or "—",
        "score": "—" if row.score is None else f"{row.score:.2f}",
        "rank": row.rank or "—",
        "low": whole(row.p05),
        "high": whole(row.p95),
    }


def _tiles(release: Release, stages: Any) -> list[parts.Tile]:
    return [_tile(release, line) for line in stages if line.slug in KEYS and not line.empty]


def _tile(release: Release, line: Any) -> parts.Tile:
    page = open_page(release, line.indicator)
    trend = page.trend if page else ()
    values = [point.value for point in trend]
    number = f"{line.value:.1f}{line.unit}"
    ends = {"first": figure(values[0], 1) or "", "last": number} if values and values[0] is not None else {}
    chart = charts.sparkline(
        values,
        label=_("By year: %(values)s")
        % {"values": _(", ").join(f"{p.year} {figure(p.value, 1) or '—'}" for p in trend)},
        low=[point.low if point.low is not None else point.value for point in trend],
        high=[point.high if point.high is not None else point.value for point in trend],
        **ends,
    )
    evidence = _("95 %% interval %(low)s to %(high)s, n = %(n)s, %(year)s")
    filled = {"low": figure(line.low, 1), "high": figure(line.high, 1), "n": figure(line.n, 0), "year": line.period}
    address = reverse("portal:indicator", args=[line.indicator])
    return parts.Tile(
        line.slug,
        format_html("<b>{}</b> {}", number, line.sentence),
        chart=chart,
        evidence=evidence % filled,
        decision=page.indicator.name if page else line.indicator,
        url=address,
    )


def _certainty(shown: Ranking) -> dict[str, Any]:
    widths = [row.p95 - row.p05 for row in shown.rows if row.p05 is not None and row.p95 is not None]
    moved = sum(
        1
        for row in shown.rows
        if row.previous_rank is not None and row.p05 is not None and not row.p05 <= row.previous_rank <= (row.p95 or 0)
    )
    known = sum(1 for row in shown.rows if row.previous_rank is not None)
    return {"width": whole(median(widths)) if widths else "—", "moved": moved, "same": known - moved, "known": known}
