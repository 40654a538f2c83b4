"""The list of results: who is not served yet, whose window runs, what is objected to, what is ready to be final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise.models import Campaign, Result
from qualipolis.city.supervise.results import lists as result_lists
from qualipolis.city.supervise.results import queries as result_queries
from qualipolis.city.supervise.results import serving as results
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.flow_page import chip_of
from qualipolis.faces.desk.rooms.measure.pieces import words_of
from qualipolis.faces.desk.rooms.supervise.result_words import PARTY, due_of, party_name, verdict_chip, window_words
from qualipolis.methods.problems import InputError

PER_PAGE = 40
LIST = "supervision-results"
SHOWS = (
    ("", gettext_lazy("All")),
    ("serve", gettext_lazy("To serve")),
    ("window", gettext_lazy("Window running")),
    ("objected", gettext_lazy("Objected to")),
    ("recheck", gettext_lazy("Under recheck")),
    ("due", gettext_lazy("Windows over")),
    ("final", gettext_lazy("Final")),
    ("voided", gettext_lazy("Voided")),
)


@dataclass(frozen=True)
class Line:
    """One result as the list shows it."""

    row: Result
    product: str
    state: parts.Chip
    verdict: parts.Chip
    parties: Sequence[tuple[str, str, str]]
    due: parts.Deadline | None


@page(*INSIDE)
def results_page(request: HttpRequest) -> HttpResponse:
    """The results somebody sees, under a filter; the organiser makes those final whose windows are over."""
    if request.method == "POST":
        return _finalise(request)
    params = {name: request.GET.get(name, "") for name in ("show", "campaign", "q", "verdict")}
    paged = Paginator(result_queries.results(request.user, params), PER_PAGE).get_page(request.GET.get("page"))
    counts = result_queries.counts(request.user)
    ready = counts["due"] if can(request.user, "supervise.finalise_result") else 0
    context = {
        "stage": "supervise",
        "crumbs": [(_("Results"), "")],
        "paged": paged,
        "lines": [line_of(row) for row in paged.object_list],
        "filters": _filters(params, counts),
        "found": paged.paginator.count,
        "params": params,
        "ready": ready,
        "counts": counts,
        "objections": list(result_queries.open_objections(request.user).exclude(status="recheck_ordered")[:8]),
        "rechecks": list(result_queries.open_rechecks(request.user)[:8]),
        "campaign": Campaign.objects.filter(number=params["campaign"]).first(),
        "exports": exports(LIST, _query(params), paged.paginator.count),
        "described": result_lists.describe(params),
    }
    return render(request, "supervise/result_list.html", context)


def line_of(row: Result) -> Line:
    """Return a result as a line."""
    form = getattr(row.sample.task, "form", None)
    parties = [
        (str(PARTY[one.service.party]), party_name(one.service), window_words(one))
        for one in result_queries.windows(row, list(row.services.all()))
    ]
    return Line(row, form.product_name if form else "", chip_of(row), verdict_chip(row), parties, due_of(row))


def _query(params: dict[str, str]) -> str:
    return urlencode({name: value for name, value in params.items() if value})


def _filters(params: dict[str, str], counts: dict[str, int]) -> list[parts.Segment]:
    found = []
    for show, words in SHOWS:
        url = "?" + _query(params | {"show": show})
        found.append(parts.Segment(str(words), url, show == params["show"], counts.get(show)))
    return found


def _finalise(request: HttpRequest) -> HttpResponse:
    """Make final, one verb each, every result of the filter whose windows are over."""
    done, refused = 0, []
    for row in result_queries.results(request.user, {"show": "due"})[:200]:
        if not can(request.user, "supervise.finalise_result", row):
            continue
        try:
            results.finalise(request.user, row)
            done += 1
        except InputError as error:
            refused += [f"{row.number}{_(': ')}{words}" for words in words_of(error)]
    words = ngettext("%(n)s result is final now.", "%(n)s results are final now.", done) % {"n": done}
    messages.success(request, words)
    for text in refused[:5]:
        messages.warning(request, text)
    return redirect("desk:results")
