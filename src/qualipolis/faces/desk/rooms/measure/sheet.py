"""A town's sheet: every indicator of one unit in one round, typed, kept, handed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core import drafts
from qualipolis.city.core.policy import organisations_of, page, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.registry.models import Unit
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure import row as measure_row
from qualipolis.faces.desk.rooms.measure.pieces import (
    STAGE,
    deadline,
    law_of,
    state_chip,
    undo_offer,
    words_of,
)
from qualipolis.faces.desk.rooms.measure.row import Line, draft_key
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

OPEN = ("open", "checking", "reopened")


@page(*STAFF)
def collect(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of one unit; posting keeps what changed and hands in what is asked."""
    row = get_object_or_404(queries.rounds(request.user), pk=pk)
    unit = _unit(request, row)
    lines = measure_row.lines_of(request.user, row, unit, request.POST or None, request.FILES or None)
    if not lines:
        raise Http404
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        errors = _post(request, row, unit, lines)
        if not errors:
            return redirect(_back(request, row, unit))
        lines = measure_row.renewed(request.user, row, unit, lines)
    return render(
        request, "measure/sheet.html", _context(request, row, unit, lines, errors), status=400 if errors else 200
    )


def _unit(request: HttpRequest, row: CollectionRound) -> Unit:
    code = request.GET.get("unit", "")
    units = Unit.objects.filter(assessed=True)
    if code:
        return get_object_or_404(units, code=code)
    mine = organisations_of(request.user, {"town_officer"})
    found = units.filter(government__in=mine).order_by("code").first()
    if found is None:
        seen = visible(request.user, Observation.objects.filter(round=row))
        found = units.filter(pk__in=seen.order_by().values("unit_id")[:1]).first()
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, row: CollectionRound, unit: Unit) -> str:
    do = request.POST.get("do", "")
    mark = f"#o{do.partition(':')[2]}" if ":" in do else ""
    return f"{reverse('desk:collect', args=[row.pk])}?unit={unit.code}{mark}"


def _post(request: HttpRequest, row: CollectionRound, unit: Unit, lines: list[Line]) -> list[tuple[str, str]]:
    """Keep what changed, then hand in what is asked; return (anchor, words) of what went wrong."""
    do, _colon, number = request.POST.get("do", "").partition(":")
    if not any(line.writable for line in lines):
        return [("", _("Nothing on this sheet is open for you."))]
    saved = [line for line in lines if line.writable and line.form.has_changed() and line.keep(request.user)]
    errors = [pair for line in lines for pair in line.errors()]
    if errors:
        return errors
    if do == "submit":
        errors = _submit(request, [line for line in lines if str(line.row.pk) == number])
    elif do == "submit_all":
        errors = _submit_all(request, row, unit)
    else:
        _say_saved(request, len(saved))
    if not errors:
        drafts.discard(request.user, draft_key(row, unit))
    return errors


def _say_saved(request: HttpRequest, count: int) -> None:
    words = ngettext("%(n)s value saved.", "%(n)s values saved.", count) % {"n": count}
    messages.success(request, words if count else _("Nothing had changed."))


def _submit(request: HttpRequest, lines: list[Line]) -> list[tuple[str, str]]:
    if not lines:
        return [("", _("This value is not on the sheet."))]
    line = lines[0]
    try:
        service.submit(request.user, Observation.objects.get(pk=line.row.pk))
    except (InputError, PermissionDenied) as error:
        line.refused = words_of(error)
        return [(line.anchor, f"{line.row.indicator.code}{_(': ')}{words}") for words in line.refused]
    messages.success(request, _("%(code)s is handed in.") % {"code": line.row.indicator.code})
    return []


def _submit_all(request: HttpRequest, row: CollectionRound, unit: Unit) -> list[tuple[str, str]]:
    found = measure_row.lines_of(request.user, row, unit)
    complete = [line for line in found if line.complete and line.submittable]
    if not complete:
        return [("", _("No value is complete yet. Fill in a figure, or say why there is none."))]
    try:
        done = service.submit_many(request.user, row, [line.row.pk for line in complete])
    except PermissionDenied as error:
        return [("", words) for words in words_of(error)]
    except InputError as error:
        anchors = {f"{one.row.indicator.code} {unit.code}": one.anchor for one in complete}
        return [(anchors.get(str(p.place), ""), p.text(_)) for p in error.problems]
    messages.success(request, ngettext("%(n)s value handed in.", "%(n)s values handed in.", done) % {"n": done})
    return []


def _context(
    request: HttpRequest, row: CollectionRound, unit: Unit, lines: list[Line], errors: list[tuple[str, str]]
) -> dict[str, Any]:
    writable = [line for line in lines if line.writable]
    complete = [line for line in lines if line.complete and line.submittable]
    returned = [line for line in lines if line.row.status == "returned"]
    return {
        "stage": STAGE,
        "row": row,
        "unit": unit,
        "state": state_chip(row),
        "deadline": deadline(row.due_on) if row.status in OPEN else None,
        "returned": returned,
        "open_groups": measure_row.grouped(writable),
        "rest_groups": measure_row.grouped([line for line in lines if not line.writable]),
        "rest": len(lines) - len(writable),
        "writable": writable,
        "complete": complete,
        "done": sum(line.row.status in queries.HANDED_IN for line in lines),
        "total": len(lines),
        "lacking": len([line for line in writable if not line.complete]),
        "errors": errors,
        "draft_key": draft_key(row, unit),
        "law": law_of(ALL["observation"].find("submitted", "return")),
        "may_import": bool(writable),
        "undo": undo_offer(request.user),
        "siblings": _siblings(request, row, unit),
        "crumbs": [
            (_("Collection rounds"), reverse("desk:rounds")),
            (row.period, reverse("desk:round", args=[row.pk])),
            (unit.name, ""),
        ],
    }


def _siblings(request: HttpRequest, row: CollectionRound, unit: Unit) -> list[parts.Segment]:
    """The other units of a person who fills in for more than one."""
    mine = organisations_of(request.user, {"town_officer"})
    found = list(Unit.objects.filter(government__in=mine, assessed=True).order_by("code")[:12])
    if len(found) < 2:
        return []
    return [parts.Segment(one.name, f"?unit={one.code}", one.pk == unit.pk) for one in found]
