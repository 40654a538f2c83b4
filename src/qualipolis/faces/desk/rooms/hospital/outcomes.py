"""Outcome statistics of the hospital: shares with intervals, waits, the matched uplift with its balance, the load."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.hospital.learning import outcomes
from qualipolis.city.hospital.learning.uplift import uplift
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import address, exports
from qualipolis.faces.desk.rooms.hospital import outcome_words as words


def year_of(request: HttpRequest, years: list[int]) -> int | None:
    """Return the year asked for when it has cases; None means all years."""
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
    return year if year in years else None


def shown(request: HttpRequest) -> dict[str, Any]:
    """Return what every page of outcomes shows, of one year or of all."""
    years = outcomes.years()
    year = year_of(request, years)
    found, treated = outcomes.outcomes(year), uplift()
    by = outcomes.by_department(year)
    here = str(year) if year else _("all years")
    segments = [parts.Segment(_("All years"), address(request, year=None), year is None)]
    segments += [parts.Segment(str(one), address(request, year=str(one)), one == year) for one in years[-6:]]
    return {
        "found": found,
        "period": here,
        "years": segments if len(years) > 1 else [],
        "figures": words.figures(found),
        "departments": words.cell_table(_("Cases by department"), _("Department"), by) if by else None,
        "months": words.cell_table(_("Cases by month"), _("Month"), outcomes.by_month(year), cure=False)
        if year
        else None,
        "uplift": words.uplift_words(treated),
        "balance": words.balance_table(treated.found.balance) if treated.found and treated.found.pairs else None,
        "by": by,
    }


@page(*STAFF)
def hospital_outcomes(request: HttpRequest) -> HttpResponse:
    """The outcomes for everyone who works here; numbers only, small ones held back."""
    context = shown(request)
    context |= {
        "stage": "diagnose",
        "load": words.load_words(outcomes.load()),
        "exports": exports("hospital-outcomes", request.GET.urlencode(), len(context["by"])) if context["by"] else [],
        "crumbs": [(_("Outcomes"), "")],
    }
    return render(request, "hospital/outcomes.html", context)
