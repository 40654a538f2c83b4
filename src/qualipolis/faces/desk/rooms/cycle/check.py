"""Checks on site: the plans of a year and their visits, and a plan with its draw that anyone can repeat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import SiteCheck, SiteFinding, SiteVisit
from qualipolis.city.assess.queries import VisitLine
from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries as measure
from qualipolis.city.measure.models import CollectionRound
from qualipolis.city.registry import queries as registry
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.check_draw import DrawForm, open_to, reasons_of, tickets_of, verdict_of
from qualipolis.faces.desk.rooms.cycle.town import STAGE, attempt, chip_for, crumbs, cycle_law, described, listed
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer

PER_PAGE = 60
Result, Status = SiteFinding.Result, SiteVisit.Status
SHOWS: tuple[tuple[str, Any], ...] = (
    ("", gettext_lazy("All visits")),
    ("planned", gettext_lazy("Planned")),
    ("running", gettext_lazy("Running")),
    ("objected", gettext_lazy("Objected")),
    ("signed", gettext_lazy("Signed")),
    ("concluded", gettext_lazy("Concluded")),
)


class PlanForm(forms.Form):
    """What is written down before anything is drawn."""

    do = forms.CharField(widget=forms.HiddenInput, initial="plan")
    seed = forms.CharField(
        label=gettext_lazy("Seed of the draw"),
        max_length=80,
        help_text=gettext_lazy("A public number that nobody here can choose, such as the draw of a lottery."),
    )
    seed_source = forms.CharField(
        label=gettext_lazy("Where the seed comes from"),
        max_length=200,
        help_text=gettext_lazy("Say it so that anyone can look it up: name, number and day."),
    )
    by_risk = forms.IntegerField(label=gettext_lazy("Units by risk"), min_value=0, max_value=500, initial=3)
    at_random = forms.IntegerField(label=gettext_lazy("Units by lot"), min_value=0, max_value=500, initial=3)
    values_each = forms.IntegerField(label=gettext_lazy("Values in each unit"), min_value=1, max_value=50, initial=6)


@page(*STAFF)
def site_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """The checks of a year: plans, visits with what was found; the planner writes a new plan."""
    round_ = get_object_or_404(measure.rounds(request.user), pk=pk)
    form = _plan_form(request, round_)
    if request.method == "POST" and form is not None:
        made: list[SiteCheck] = []
        if attempt(request, form, lambda said: made.append(_plan(request.user, round_, said))):
            return redirect("desk:site_check", made[0].pk)
    plans = list(queries.site_checks(request.user, round_))
    found = [line for plan in plans for line in queries.site_visits(request.user, plan)]
    only = request.GET.get("show", "")
    shown = [line for line in found if not only or line.row.status == only]
    paged = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "round": round_,
        "paged": paged,
        "plans": [_plan_line(plan, found) for plan in plans],
        "lines": [visit_line(line) for line in paged],
        "found": len(found),
        "done": sum(line.row.status == Status.CONCLUDED for line in found),
        "filters": _filters(found, only),
        "form": form,
        "box": _plan_box(round_, form) if form and (not plans or form.is_bound) else None,
        "another": form if plans and form and not form.is_bound else None,
        "exports": exports("site-visits", f"round={pk}&show={only}", len(shown)),
        "crumbs": crumbs(round_, (_("Checks on site"), "")),
    }
    wrong = form is not None and form.is_bound
    return render(request, "cycle/check_list.html", context, status=400 if wrong else 200)


def _plan_form(request: HttpRequest, round_: CollectionRound) -> PlanForm | None:
    if not can(request.user, "assess.plan_site_check", round_):
        return None
    return PlanForm(request.POST) if request.method == "POST" else PlanForm()


def _plan(user: Any, round_: CollectionRound, said: dict[str, Any]) -> SiteCheck:
    size = {name: said[name] for name in ("by_risk", "at_random", "values_each")}
    return service.plan_site_check(user, round_, said["seed"], said["seed_source"], **size)


def _plan_box(round_: CollectionRound, form: PlanForm) -> parts.NextStep:
    return parts.NextStep(
        _("Plan the checks on site"),
        _("Write the seed down"),
        reverse("desk:site_checks", args=[round_.pk]),
        _("yours"),
        form=form,
        law=cycle_law(None),
        missing=_("The seed stands in the ledger before anything is drawn; it cannot be changed afterwards."),
    )


def _plan_line(plan: SiteCheck, found: list[VisitLine]) -> dict[str, Any]:
    mine = [line for line in found if line.row.check_plan_id == plan.pk]
    chip = (
        parts.Chip("ok", _("drawn"), "circle-check") if plan.drawn_at else parts.Chip("wait", _("to draw"), "hourglass")
    )
    return {"row": plan, "chip": chip, "visits": len(mine)}


def _filters(found: list[VisitLine], only: str) -> list[parts.Segment]:
    return [
        parts.Segment(
            str(words),
            f"?show={key}" if key else "?",
            key == only,
            sum(not key or line.row.status == key for line in found),
        )
        for key, words in SHOWS
    ]


def visit_line(line: VisitLine) -> dict[str, Any]:
    """Return one visit as a list shows it: how chosen, state, findings by kind, what is open."""
    row, results = line.row, line.results
    return {
        "row": row,
        "chip": chip_for(row),
        "chosen": chosen_chip(row),
        "due": deadline(row.due_on) if row.due_on and row.status != Status.CONCLUDED else None,
        "checkers": [str(one) for one in row.checkers.all()],
        "findings": line.findings,
        "done": line.findings - line.open,
        "counts": [
            (str(label), results.get(value, 0), tone)
            for (value, label), tone in zip(Result.choices, ("ok", "warn", "warn", "bad"), strict=True)
        ],
        "unsettled": line.unsettled,
    }


def chosen_chip(row: SiteVisit) -> parts.Chip:
    """Return how a unit was chosen."""
    if row.chosen == SiteVisit.Chosen.RISK:
        return parts.Chip("warn", str(row.get_chosen_display()), "flag")
    return parts.Chip("idle", str(row.get_chosen_display()), "grid-dots")


@page(*STAFF)
def site_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: seed and rule, the draw, who was drawn and why; posting draws or draws again to compare."""
    row = get_object_or_404(queries.site_checks(request.user), pk=pk)
    form = _draw_form(request, row)
    if request.method == "POST" and form is not None and _drawn(request, row, form):
        return redirect("desk:site_check", pk)
    visits = queries.site_visits(request.user, row)
    whole_draw = open_to(request.user, row)
    context = {
        "stage": STAGE,
        "row": row,
        "round": row.round,
        "lines": [visit_line(line) | {"reasons": reasons_of(line.row)} for line in visits],
        "tickets": tickets_of(row) if whole_draw else [],
        "verdict": verdict_of(row) if whole_draw and request.GET.get("again") else None,
        "box": _draw_box(row, form) if form else None,
        "exports": exports("site-tickets", f"check={pk}", registry.units(assessed=True).count()) if whole_draw else [],
        "history": history(row),
        "undo": undo_offer(request.user),
        "crumbs": crumbs(
            row.round,
            (_("Checks on site"), reverse("desk:site_checks", args=[row.round_id])),
            (_("Plan and draw"), ""),
        ),
    }
    wrong = form is not None and form.is_bound
    return render(request, "cycle/check_plan.html", context, status=400 if wrong else 200)


def _drawn(request: HttpRequest, row: SiteCheck, form: DrawForm) -> bool:
    act = lambda said: service.draw_site_check(request.user, row, said["checkers"])  # noqa: E731
    return attempt(request, form, act, _("It is drawn."))


def _draw_form(request: HttpRequest, row: SiteCheck) -> DrawForm | None:
    if row.drawn_at is not None or not can(request.user, "assess.draw_site_check", row):
        return None
    return DrawForm(request.POST) if request.method == "POST" else DrawForm()


def _draw_box(row: SiteCheck, form: DrawForm) -> parts.NextStep:
    return parts.NextStep(
        _("Draw the units and name the checkers"),
        _("Draw now"),
        reverse("desk:site_check", args=[row.pk]),
        _("yours"),
        form=form,
        law=cycle_law(None),
        missing=_("A plan is drawn once. The checkers can be changed for each unit until its check begins."),
    )


@listing("site-visits", gettext_lazy("Checks on site"), roles=STAFF, describe=described(SHOWS))
def visit_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the visits of a round that the person sees, with their findings counted."""
    plans = queries.site_checks(actor).filter(round=whole(params.get("round")) or 0)
    found = [line for plan in plans for line in queries.site_visits(actor, plan)]
    lines = [line for line in found if not params.get("show") or line.row.status == params["show"]]
    kinds: dict[Any, tuple[Any, list[Any]]] = {
        _("Unit code"): (pl.String, [one.row.unit.code for one in lines]),
        _("Unit"): (pl.String, [one.row.unit.name for one in lines]),
        _("Chosen"): (pl.String, [str(one.row.get_chosen_display()) for one in lines]),
        _("Reasons"): (pl.String, [" ".join(reasons_of(one.row)) or None for one in lines]),
        _("Ticket"): (pl.String, [one.row.ticket for one in lines]),
        _("State"): (pl.String, [str(one.row.get_status_display()) for one in lines]),
        _("Checkers"): (pl.String, [listed(one.row.checkers.all()) or None for one in lines]),
        _("Day of the visit"): (pl.Date, [one.row.visited_on for one in lines]),
        _("Values"): (pl.Int64, [one.findings for one in lines]),
    }
    for value, label in Result.choices:
        kinds[label] = (pl.Int64, [one.results.get(value, 0) for one in lines])
    kinds[_("Without a finding")] = (pl.Int64, [one.open for one in lines])
    kinds[_("To be acted on")] = (pl.Int64, [one.unsettled for one in lines])
    return table(kinds)
