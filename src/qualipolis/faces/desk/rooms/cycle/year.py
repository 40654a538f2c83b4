"""The year on one page: its ten steps from the targets to the rectifications, who acts next, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.core.listings import listing, table
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import open_to
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import STAGE, cycle_law
from qualipolis.faces.desk.rooms.cycle.year_facts import Year, current_year, read_year, years_of
from qualipolis.faces.desk.rooms.cycle.year_steps import DONE, YearStep, first_of, line_of, steps_of
from qualipolis.faces.desk.rooms.measure.pieces import history, state_chip

VERBS = (
    "measure.freeze_set", "measure.amend_set", "measure.open_round", "measure.close_entry", "measure.lock_round",
    "measure.confirm_reopen", "assess.call_self_evaluations", "assess.draw_site_check", "assess.preview",
    "assess.decide", "assess.publish", "assess.issue_notice", "assess.withdraw_notice", "assess.open_rectifications",
)  # fmt: skip


@page(*STAFF)
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The year that is under way."""
    year = current_year(request.user)
    return redirect("desk:year", year) if year else redirect("desk:sets")


@page(*STAFF)
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """One year: the line of its steps, each with its count, and the next step of whoever looks."""
    told = read_year(request.user, year)
    if told is None:
        raise Http404
    steps = [_open(request.user, step) for step in steps_of(told)]
    first = first_of(steps)
    context = {
        "stage": STAGE,
        "told": told,
        "year": year,
        "set_state": state_chip(told.set),
        "steps": steps,
        "line": line_of(steps),
        "first": first,
        "said": _said(told, steps),
        "law": cycle_law(None),
        "years": _years(request.user, year),
        "beside": [(words, url) for words, url in _beside(told) if open_to(request.user, url)],
        "history": history(*_things(told), verbs=VERBS)[:12],
        "exports": exports("year-steps", f"year={year}", len(steps)),
        "crumbs": [(_("The year in its steps"), ""), (str(year), "")],
    }
    return render(request, "cycle/year.html", context)


def _open(user: Any, step: YearStep) -> YearStep:
    """Take the link off a step whose page is for other roles."""
    return step if open_to(user, step.url.partition("?")[0].partition("#")[0]) else replace(step, url="", mine=False)


def _said(told: Year, steps: list[YearStep]) -> str:
    """The finding: how far the year is, and with whom it lies."""
    done = sum(step.state == DONE for step in steps)
    if done == len(steps):
        return _("Assessment year %(year)s is complete") % {"year": told.year}
    words = ngettext("%(year)s: %(n)s of 10 steps is done", "%(year)s: %(n)s of 10 steps are done", done)
    return words % {"year": told.year, "n": done}


def _things(told: Year) -> list[Any]:
    return [thing for thing in (told.set, told.round, told.run, told.notice) if thing is not None]


def _years(user: Any, chosen: int) -> list[parts.Segment]:
    return [parts.Segment(str(one), reverse("desk:year", args=[one]), one == chosen) for one in years_of(user)]


def _beside(told: Year) -> list[tuple[str, str]]:
    """What else belongs to the year."""
    found = [
        (_("Indicator set"), reverse("desk:set", args=[told.set.pk])),
        (_("Comments on the set"), reverse("desk:set_comments", args=[told.set.pk])),
    ]
    if told.round is not None:
        pk = told.round.pk
        found.append((_("The round, unit by unit"), reverse("desk:round", args=[pk])))
        if told.roles & {"leader", "planner", "auditor"}:
            found.append((_("Bonuses and vetoes"), reverse("desk:adjustments", args=[pk])))
        found += [
            (_("Late and revised data"), reverse("desk:late", args=[pk])),
            (_("Amendment: both scores"), reverse("desk:versions", args=[pk])),
        ]
    if told.release is not None:
        found.append(
            (
                _("Release %(number)s") % {"number": told.release.number},
                reverse("desk:release", args=[told.release.number]),
            )
        )
    return found


def _in_words(params: Mapping[str, str]) -> list[str]:
    return [str(whole(params.get("year")) or "")]


@listing("year-steps", gettext_lazy("Steps of the year"), roles=STAFF, describe=_in_words)
def steps_frame(actor: Any, params: Mapping[str, str]) -> pl.DataFrame:
    """Return the ten steps of a year as the person sees them."""
    told = read_year(actor, whole(params.get("year")) or 0)
    steps = steps_of(told) if told else []
    kinds = {
        _("Step"): (pl.String, [step.name for step in steps]),
        _("State"): (pl.String, [step.chip.text for step in steps]),
        _("How far"): (pl.String, [step.told for step in steps]),
        _("When"): (pl.String, [step.when or None for step in steps]),
        _("Last day"): (pl.Date, [step.due.until if step.due else None for step in steps]),
        _("Who acts next"): (pl.String, [step.who or None for step in steps]),
    }
    return table(kinds)
