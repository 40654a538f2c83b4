"""The self-evaluations of a year: how far each unit is, own beside computed, and the call that starts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import SelfEvaluation
from qualipolis.city.assess.queries import SelfEvaluationLine
from qualipolis.city.assess.self_evaluation import term_from
from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries as measure
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.registry import queries as registry
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import (
    STAGE,
    Ask,
    attempt,
    chip_for,
    crumbs,
    cycle_law,
    described,
    gap_words,
    score,
)
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history

PER_PAGE = 60
LARGE = 15.0
Status = SelfEvaluation.Status
OWED = (Status.DRAFT, Status.RETURNED)
SHOWS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("All units")),
    ("owed", gettext_lazy("To hand in")),
    ("submitted", gettext_lazy("To check")),
    ("returned", gettext_lazy("Returned")),
    ("accepted", gettext_lazy("Accepted")),
    ("overdue", gettext_lazy("Overdue")),
    ("gap", gettext_lazy("Gap of 15 points or more")),
)


def fits(line: SelfEvaluationLine, show: str) -> bool:
    """Whether a line belongs under a filter."""
    row, gap = line.row, line.total.gap
    found = {
        "owed": row.status in OWED,
        "overdue": row.overdue,
        "gap": gap is not None and abs(gap) >= LARGE,
    }
    return found.get(show, row.status == show if show else True)


@page(*STAFF)
def self_evaluations(request: HttpRequest, pk: int) -> HttpResponse:
    """One line for each unit; the planner calls for those that have not been asked yet."""
    round_ = get_object_or_404(measure.rounds(request.user), pk=pk)
    form = _call_form(request, round_)
    if request.method == "POST" and form is not None and _called(request, round_, form):
        return redirect("desk:self_evaluations", pk)
    found = queries.self_evaluation_lines(request.user, round_)
    only = request.GET.get("show", "")
    paged = Paginator([line for line in found if fits(line, only)], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "round": round_,
        "numbers": _numbers(found),
        "filters": [
            parts.Segment(str(words), f"?show={key}" if key else "?", key == only, sum(fits(one, key) for one in found))
            for key, words in SHOWS
        ],
        "paged": paged,
        "lines": _lines(list(paged)),
        "found": bool(found),
        "box": _box(round_, form, bool(found)) if form else None,
        "history": history(round_, verbs=("assess.call_self_evaluations",)),
        "exports": exports("self-evaluations", f"round={pk}&show={only}", sum(fits(one, only) for one in found)),
        "crumbs": crumbs(round_, (_("Self-evaluations"), "")),
    }
    wrong = form is not None and form.is_bound
    return render(request, "cycle/self_list.html", context, status=400 if wrong else 200)


def _numbers(found: list[SelfEvaluationLine]) -> dict[str, int]:
    return {
        "total": len(found),
        "handed": sum(one.row.status in (Status.SUBMITTED, Status.ACCEPTED) for one in found),
        "accepted": sum(one.row.status == Status.ACCEPTED for one in found),
        "overdue": sum(one.row.overdue for one in found),
    }


def _lines(found: list[SelfEvaluationLine]) -> list[dict[str, Any]]:
    """The lines of a page; a term that many units share is counted once."""
    terms = {day: deadline(day) for day in {line.row.due_on for line in found}}
    return [_shown(line, terms[line.row.due_on]) for line in found]


def _shown(line: SelfEvaluationLine, term: parts.Deadline | None) -> dict[str, Any]:
    row = line.row
    due = term if row.status in OWED else None
    return {
        "row": row,
        "chip": chip_for(row),
        "due": due,
        "filled": line.filled,
        "items": line.items,
        "own": score(line.total.own),
        "computed": score(line.total.computed),
        "gap": gap_words(line.total.gap),
        "wide": line.total.gap is not None and abs(line.total.gap) >= LARGE,
        "next": next_words(row),
    }


def next_words(row: SelfEvaluation) -> str:
    """Return what comes next for a self-evaluation, and with whom it lies."""
    return {
        Status.DRAFT: _("the unit scores, signs and hands in"),
        Status.RETURNED: _("the unit answers the return"),
        Status.SUBMITTED: _("the office checks"),
        Status.ACCEPTED: _("nothing, it is accepted"),
    }[Status(row.status)]


def _call_form(request: HttpRequest, round_: CollectionRound) -> Ask | None:
    """The call, for a planner while there are units that have not been asked."""
    if not can(request.user, "assess.call_self_evaluations", round_) or not _unasked(round_):
        return None
    data = request.POST if request.method == "POST" else None
    form = Ask("call", ("due_on",), data, {"": ("due_on",), "dimensions": (), "indicators": ()})
    form.fields["due_on"].initial = term_from(timezone.localdate())
    return form


def _unasked(round_: CollectionRound) -> int:
    asked = SelfEvaluation.objects.filter(round=round_).values("unit")
    return registry.units(assessed=True).exclude(pk__in=asked).count()


def _box(round_: CollectionRound, form: Ask, some: bool) -> parts.NextStep:
    n = _unasked(round_)
    title = ngettext("Call for the self-evaluation of %(n)s unit", "Call for the self-evaluations of %(n)s units", n)
    choices = (
        ("dimensions", _("By dimension"), _("A score and words for each dimension; enough for most years.")),
        ("indicators", _("By indicator"), _("A score and words for every indicator of the set.")),
    )
    chosen = form.chosen or "dimensions"
    action, words = reverse("desk:self_evaluations", args=[round_.pk]), _("The unit is told by its work list.")
    return parts.NextStep(
        title % {"n": n},
        _("Send the call"),
        action,
        _("yours"),
        choices=choices,
        chosen=chosen,
        form=form,
        law=cycle_law(None),
        missing=words if not some else _("Units that were asked already keep their term."),
    )


def _called(request: HttpRequest, round_: CollectionRound, form: Ask) -> bool:
    leaves = round_.set.indicators.order_by("position").values_list("code", flat=True)
    nodes = tuple(leaves) if form.chosen == "indicators" else ()
    return attempt(
        request, form, lambda said: service.call_self_evaluations(request.user, round_, said["due_on"], nodes)
    )


@listing("self-evaluations", gettext_lazy("Self-evaluations"), roles=STAFF, describe=described(SHOWS))
def self_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the self-evaluations of a round that the person sees, under the filter of the page."""
    round_ = measure.rounds(actor).filter(pk=whole(params.get("round")) or 0).first()
    found = queries.self_evaluation_lines(actor, round_) if round_ else []
    lines = [line for line in found if fits(line, params.get("show", ""))]
    kinds = {
        _("Unit code"): (pl.String, [one.row.unit.code for one in lines]),
        _("Unit"): (pl.String, [one.row.unit.name for one in lines]),
        _("State"): (pl.String, [str(one.row.get_status_display()) for one in lines]),
        _("Overdue"): (pl.String, [_("yes") if one.row.overdue else _("no") for one in lines]),
        _("Last day"): (pl.Date, [one.row.due_on for one in lines]),
        _("Items scored"): (pl.Int64, [one.filled for one in lines]),
        _("Items"): (pl.Int64, [one.items for one in lines]),
        _("Own score"): (pl.Float64, [one.total.own for one in lines]),
        _("Computed score"): (pl.Float64, [one.total.computed for one in lines]),
        _("Own minus computed"): (pl.Float64, [one.total.gap for one in lines]),
        _("Signed by"): (pl.String, [one.row.signatory or None for one in lines]),
        _("Next step"): (pl.String, [next_words(one.row) for one in lines]),
    }
    return table(kinds)
