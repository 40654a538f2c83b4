"""What would move the score most: each indicator's gain by a step, by its target, by the next better peer, for its effort."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qualipolis.city.assess.explain import READERS
from qualipolis.city.assess.explain_levers import Lever, Reached, levers
from qualipolis.city.assess.explain_notes import efforts, efforts_of, note_key
from qualipolis.city.core import drafts
from qualipolis.city.core.policy import page
from qualipolis.faces.desk import charts
from qualipolis.faces.desk.rooms.assess.frame import figure
from qualipolis.faces.desk.rooms.town.frame import Explained, explained, indicator_url, sentences

MOST_BARS = 12


@page(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def levers_page(request: HttpRequest, code: str) -> HttpResponse:
    """The table of levers; a POST keeps one's own note of the efforts and sorts by it."""
    found = explained(request, code, "levers")
    if isinstance(found, HttpResponse):
        return found
    made = found.case
    here = f"{reverse('desk:town_levers', args=[code])}?year={found.year}"
    if request.method == "POST":
        return _kept(request, found, here)
    costs = efforts(request.user, made.read, made.unit)
    lines = levers(made, costs)
    context = {
        **found.context,
        "lead": lead(lines),
        "rows": [_row(line, found) for line in lines],
        "sorted_by_effort": any(line.per_effort is not None for line in lines),
        "draft_key": note_key(made.read, made.unit),
        "bars": bars(lines, found),
        "exports": found.exports("town_levers", len(lines)),
        "here": here,
    }
    return render(request, "assess/town_levers.html", context)


def _kept(request: HttpRequest, found: Explained, here: str) -> HttpResponse:
    key = note_key(found.case.read, found.case.unit)
    typed = {name: request.POST[name][:40] for name in request.POST if name.startswith("e.")}
    known = efforts_of(typed, found.case.read)
    wrong = sum(1 for name, text in typed.items() if text.strip() and name.removeprefix("e.") not in known)
    if known:
        drafts.save(request.user, key, {f"e.{code}": f"{value:g}" for code, value in known.items()})
        messages.success(request, _("Your efforts are noted; nobody else sees them."))
    else:
        drafts.discard(request.user, key)
    if wrong:
        messages.error(request, _("An effort is a number above 0; what is none was left out."))
    return HttpResponseRedirect(here)


def lead(lines: list[Lever]) -> str:
    """Return what would help most, in one sentence."""
    best = next((line for line in lines if line.step and line.step.gain > 0), None)
    if best is None or best.step is None:
        return _("Every indicator with a value is at its target.")
    told = {
        "name": best.node.name, "gain": charts.signed(best.step.gain, 2), "rank": best.step.rank,
        "now": figure(best.value), "then": figure(best.step.value), "unit": best.node.unit,
    }  # fmt: skip
    first = _("First: %(name)s, from %(now)s to %(then)s %(unit)s brings %(gain)s points.") % told
    rank = _("All others unchanged, that is rank %(rank)s.") % told
    if best.step.beyond is False:
        rank = _("All others unchanged, that is rank %(rank)s, still inside today's 90 %% interval.") % told
    return sentences(first, rank)


def bars(lines: list[Lever], found: Explained, most: int = MOST_BARS) -> Any:
    """Return the largest gains by one step as bars."""
    best = [line for line in lines if line.step and line.step.gain > 0][:most]
    rows = [
        charts.Bar(
            str(line.node.name), line.step.gain,
            href=indicator_url(line.code, found.year, found.case.unit),
        )
        for line in best if line.step
    ]  # fmt: skip
    if not rows:
        return ""
    return charts.contributions(
        rows, label=_("Points gained by one step, the first %(n)s") % {"n": len(rows)}, digits=2
    )


def _row(line: Lever, found: Explained) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.node.name,
        "url": indicator_url(line.code, found.year, found.case.unit),
        "value": figure(line.value),
        "unit": line.node.unit,
        "cases": figure(line.cases, 0),
        "size": figure(line.size),
        "observed": line.observed,
        "done": line.done,
        "absent": line.value is None,
        "step": reached(line.step),
        "target": reached(line.target),
        "next": reached(line.next),
        "effort": "" if line.effort is None else f"{line.effort:g}",
        "per_effort": None if line.per_effort is None else charts.signed(line.per_effort, 3),
    }


def reached(one: Reached | None) -> dict[str, Any] | None:
    """Return a goal as the table writes it."""
    if one is None:
        return None
    return {"value": figure(one.value), "gain": charts.signed(one.gain, 2), "rank": one.rank, "beyond": one.beyond}
