"""What the pages of assessment share: which release is shown, its badge, the years, and how a number is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qualipolis.city.assess import page_queries
from qualipolis.city.assess.models import Release
from qualipolis.faces.desk import parts

FORMS = ("xlsx", "csv", "pdf")
MOST_FOR_PDF = 2000
NUMERALS = "一二三四五六七八九十"


def written(value: float | None, digits: int = 2) -> str | None:
    """Return a number with its digits and thousands marked; None stays None (it is drawn as a dash, never as 0)."""
    return None if value is None else f"{value:,.{digits}f}"


def figure(value: float | None, most: int = 2) -> str | None:
    """Return a raw value: whole when it is whole, else at most ``most`` digits, small ones with two that count."""
    if value is None:
        return None
    if value == int(value):
        return f"{int(value):,}"
    if abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.{most}f}"


def whole(value: float | None) -> str:
    """Return an end of an interval of ranks as a rank: no unit has rank 9.9, and no rank inside is left out."""
    return "—" if value is None else f"{value:.0f}"


def share(value: float | None) -> str:
    """Return a probability in per cent that never says 0 or 100 of what was simulated."""
    if value is None:
        return "—"
    if value < 0.01:
        return "<1%"
    return ">99%" if value > 0.99 else f"{value:.0%}"


def rank_of(rank: int | None, tied: bool) -> str:
    """Return a rank as a twin writes it: ``7=`` for a tie."""
    return "—" if rank is None else f"{rank}=" if tied else str(rank)


def tier_name(tier: int) -> str:
    """Return the name of a tier, in Chinese with a Chinese numeral up to ten."""
    chinese = (get_language() or "zh").startswith("zh")
    return _("Tier %(n)s") % {"n": NUMERALS[tier - 1] if chinese and 1 <= tier <= len(NUMERALS) else tier}


def rank_move(row: Any) -> str:
    """Return up or down, or nothing: a change is named only when last year's rank lies outside this year's interval."""
    if row.previous_rank is None or row.p05 is None or row.p95 is None:
        return ""
    return "up" if row.previous_rank > row.p95 else "down" if row.previous_rank < row.p05 else ""


def moment(at: datetime) -> str:
    """Return a moment to the minute, written the same in both languages."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def badge(release: Release) -> parts.Release:
    """Return the badge of a release, leading to its page."""
    return parts.Release(
        release.number, release.release_hash, release.published_at, reverse("desk:release", args=[release.number])
    )


def chosen(request: HttpRequest) -> tuple[Release | None, list[Release]]:
    """Return the release of ``?year=`` (the latest without it or for an unknown year), and those in force, latest first."""
    found = page_queries.in_force()
    wanted = request.GET.get("year", "")
    hit = next((one for one in found if str(page_queries.year_of(one)) == wanted), None)
    return hit or (found[0] if found else None), found


def year_switch(request: HttpRequest, release: Release | None, found: list[Release]) -> list[parts.Segment]:
    """Return the years as choices that keep the other filters."""
    segments = []
    for one in reversed(found):
        year = str(page_queries.year_of(one))
        segments.append(parts.Segment(year, address(request, year=year, page=None), one == release))
    return segments


def address(request: HttpRequest, **changes: str | None) -> str:
    """Return this page with parameters changed; None takes one away."""
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def exports(name: str, query: str, rows: int) -> list[parts.Export]:
    """Return the lines of the export menu for a declared list."""
    tail = f"?{query}" if query else ""
    size = ngettext("%(n)s row", "%(n)s rows", rows) % {"n": rows}
    forms = FORMS if rows <= MOST_FOR_PDF else FORMS[:2]
    return [parts.Export(form, reverse("report:list", args=[name, form]) + tail, size) for form in forms]


def nothing_published() -> dict[str, Any]:
    """Return what a page says before the first release."""
    return {
        "stage": "assess",
        "heading": _("Nothing is published yet"),
        "empty": parts.Empty(
            _("There is no release yet"),
            _("A page of results stands on a published release. Compute a run, preview it, decide and publish."),
            "assess",
            _("To the runs and releases"),
            reverse("desk:releases"),
        ),
    }
