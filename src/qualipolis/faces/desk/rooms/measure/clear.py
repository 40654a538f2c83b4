"""Checking what was handed in, many values at once: for the department that owns the indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.models import Attachment
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.rounds import OPEN, own_part
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import STAGE, deadline, figure, law_of, undo_offer, words_of
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

PER_PAGE = 60


@page("department", "planner", "auditor")
def clear(request: HttpRequest) -> HttpResponse:
    """What waits to be checked, one indicator at a time; each value beside last year's."""
    row = _round(request)
    if row is None:
        return render(request, "measure/clear.html", {"stage": STAGE, "row": None, "crumbs": _crumbs()})
    if request.method == "POST":
        return _verify(request, row)
    waiting = _waiting(request.user, row)
    counts = list(waiting.values_list("indicator__code").annotate(n=Count("pk")).order_by("indicator__position"))
    code = request.GET.get("indicator", "") or (counts[0][0] if counts else "")
    chosen = waiting.filter(indicator__code=code).select_related("indicator", "unit").order_by("unit__code")
    paged = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "row": row,
        "segments": [parts.Segment(c, f"?round={row.pk}&indicator={c}", c == code, n) for c, n in counts],
        "indicator": row.set.indicators.filter(code=code).first(),
        "lines": _lines(row, list(paged), request.user),
        "paged": paged,
        "deadline": deadline(row.due_on) if row.due_on >= timezone.localdate() else None,  # it is the units' day
        "law": law_of(ALL["observation"].find("submitted", "verify")),
        "may_verify": bool(counts) and can(request.user, "measure.verify_many"),
        "undo": undo_offer(request.user),
        "crumbs": _crumbs(row),
    }
    return render(request, "measure/clear.html", context)


def _crumbs(row: CollectionRound | None = None) -> list[tuple[str, str]]:
    found = [(_("Measure"), ""), (_("Collection rounds"), reverse("desk:rounds"))]
    return [*found, *([(row.period, reverse("desk:round", args=[row.pk]))] if row else []), (_("Check"), "")]


def _round(request: HttpRequest) -> CollectionRound | None:
    if (number := whole(request.GET.get("round"))) is not None:
        return get_object_or_404(queries.rounds(request.user), pk=number)
    rows = Observation.objects.filter(round__status__in=OPEN, status=Observation.Status.SUBMITTED)
    mine = own_part(request.user, rows, ("department", "planner", "auditor")).order_by("round__due_on")
    first = mine.values_list("round_id", flat=True).first()
    return queries.rounds(request.user).filter(pk=first).first() or queries.current_round(request.user)


def _waiting(user: Any, row: CollectionRound) -> Any:
    rows = Observation.objects.filter(round=row, status=Observation.Status.SUBMITTED)
    return own_part(user, rows, ("department", "planner", "auditor"))


def _lines(row: CollectionRound, shown: list[Observation], user: Any) -> list[dict[str, Any]]:
    before = _before(row, shown)
    names = [f"measure.observation:{one.pk}" for one in shown]
    files: dict[str, int] = {}
    for name in Attachment.objects.filter(thing__in=names).values_list("thing", flat=True):
        files[name] = files.get(name, 0) + 1
    return [
        {
            "row": one,
            "value": figure(one.value),
            "parts": _parts(one),
            "unit_of": bilingual(one.indicator, "unit"),
            "before": figure(before.get(one.unit_id)),
            "files": files.get(f"measure.observation:{one.pk}", 0),
            "own": one.submitted_by_id is not None and one.submitted_by_id == user.pk and not one.computed,
        }
        for one in shown
    ]


def _parts(one: Observation) -> str:
    if one.denominator is None:
        return ""
    return _("%(above)s of %(below)s") % {"above": figure(one.numerator), "below": figure(one.denominator)}


def _before(row: CollectionRound, shown: list[Observation]) -> dict[int, float | None]:
    if not shown:
        return {}
    last = CollectionRound.objects.filter(set__year__lt=row.set.year).order_by("-set__year", "-pk").first()
    rows = Observation.objects.filter(
        round=last, indicator__code=shown[0].indicator.code, unit__in=[o.unit_id for o in shown]
    )
    return dict(rows.values_list("unit_id", "value"))


def _verify(request: HttpRequest, row: CollectionRound) -> HttpResponse:
    back = f"{reverse('desk:clear')}?round={row.pk}"
    chosen = [pk for text in request.POST.getlist("observation") if (pk := whole(text)) is not None]
    if not chosen:
        messages.warning(request, _("Nothing was chosen. Tick the values that match their source."))
        return redirect(f"{back}&indicator={request.POST.get('indicator', '')}")
    try:
        done = service.verify_many(request.user, row, chosen)
    except (InputError, PermissionDenied) as error:
        for words in words_of(error):
            messages.error(request, words)
        return redirect(back)
    messages.success(request, ngettext("%(n)s value verified.", "%(n)s values verified.", done) % {"n": done})
    if done < len(chosen):
        messages.warning(request, _("Values that you handed in yourself were left out: somebody else checks them."))
    return redirect(back)
