"""The page of one investigation: how far it has come, the one next step, and everything that the offices keep of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.investigations.opening import DONE_ACTIONS
from qualipolis.city.listen.investigations.timeline import timeline
from qualipolis.city.listen.investigations.visibility import READERS, may_change, teams_of
from qualipolis.city.listen.models import Investigation
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, box_of, offers, take
from qualipolis.faces.desk.rooms.listen import investigation_marks as marking
from qualipolis.faces.desk.rooms.listen import investigation_parts as kept
from qualipolis.faces.desk.rooms.listen import investigation_words as words
from qualipolis.faces.desk.rooms.measure.pieces import undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.supervise.after import MarkForm, area

FIRST_LINES = 8
Forms = dict[str, tuple[Any, MarkForm]]


def investigation_of(request: HttpRequest, pk: int) -> Investigation:
    """Return the investigation if this person may see it, else there is no such page."""
    rows = visible(request.user, Investigation.objects.select_related("owner", "owner_person", "unit"))
    return get_object_or_404(rows, pk=pk)


@page(*READERS)
def investigation(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one investigation."""
    row = investigation_of(request, pk)
    found, made = steps_of(request, row), forms_of(request, row)
    pairs = list(made.values())
    if request.method == "POST" and (after.take_mark(request, row, pairs) or take(request, row, found)):
        seen = visible(request.user, Investigation.objects.filter(pk=pk)).exists()
        return redirect("desk:listen_investigation", pk) if seen else redirect("desk:listen_investigations")
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/investigation.html", _context(request, row, found, made), status=status)


def steps_of(request: HttpRequest, row: Investigation) -> list[Offer]:
    """Return the steps of the table that this person may take: all three are the owner's."""
    if row.owner_id not in teams_of(request.user):
        return []
    facts = {"open_actions": row.actions.exclude(status__in=DONE_ACTIONS).count()}
    acts = [
        Act("close", "listen.close_investigation",
            lambda actor, one, said: service.close_investigation(actor, one, said["report"]),
            {"report": area(gettext_lazy("Conclusion"), 4000, 5)}),
        Act("reopen", "listen.reopen_investigation",
            lambda actor, one, said: service.reopen_investigation(actor, one, said["reason"])),
        Act("cancel", "listen.cancel_investigation",
            lambda actor, one, said: service.cancel_investigation(actor, one, said["reason"])),
    ]  # fmt: skip
    found = offers(request, row, acts, facts)
    return [one for one in found if one.act.step != "cancel" or not row.actions.exists()]


def forms_of(request: HttpRequest, row: Investigation) -> Forms:
    """Return everything that this person may record, by name; nothing for who may only look."""
    if row.status not in queries.OPEN or not may_change(request.user, row):
        return {}
    marks = [*marking.marks_of(row), *marking.removals(row)]
    if row.owner_id in teams_of(request.user):
        marks += marking.owners(row)
    for one in row.actions.select_related("business", "investigation"):
        marks += marking.of_action(one)
    for asked in row.requests.all():
        marks += marking.of_request(asked)
    # who may change it may take all of these; each verb asks again
    return {mark.name: (mark, MarkForm(mark, request)) for mark in marks if mark.when(row)}


def _context(request: HttpRequest, row: Investigation, found: list[Offer], made: Forms) -> dict[str, Any]:
    code = queries.next_of(row)
    box = _box(row, code, found, made)
    boxed = getattr(box, "form", None)
    lines = timeline(request.user, row)
    level = kept.level_of(request.user, row)
    used = {name for name, (_mark, form) in made.items() if form is boxed}
    return {
        "stage": "listen",
        "row": row,
        "title": row.title,
        "lead": words.lead_of(row),
        "state": words.state_chip(row),
        "level": words.level_chip(level),
        "steps": words.way(row, code, mine=bool(box)),
        "box": box,
        "waits": _waits(row, code),
        "may": bool(made),
        "forms": {name: pair for name, pair in made.items() if name not in used},
        "beside": [one for one in found if one.form is not boxed and not (one.act.step == "close" and one.blocked)],
        "errors": _errors(made, found) if request.method == "POST" else [],
        "undo": undo_offer(request.user, f"listen.investigation:{row.pk}", *kept.names_of(row)),
        "timeline": lines[:FIRST_LINES],
        "earlier": lines[FIRST_LINES:],
        "crumbs": [(_("Investigations"), reverse("desk:listen_investigations")), (row.number, "")],
    } | kept.cards(request.user, row, made, used)


def _box(row: Investigation, code: str, found: list[Offer], made: Forms) -> parts.NextStep | None:
    """Return the one next step: a page to go to, a form of this page, or closing it."""
    if code in ("products", "assess") and made:
        return _page_box(row, code)
    if code in ("act", "judge", "send") and made:
        return _form_box(row, code, made)
    if code == "close" or row.status in queries.FINALS:
        return box_of(found, reverse("desk:listen_investigation", args=[row.pk]))
    return None


def _page_box(row: Investigation, code: str) -> parts.NextStep:
    name, help_ = {
        "products": ("desk:listen_investigation_products", _("One, or many at once from a table. Known products are found before they stand here twice.")),
        "assess": ("desk:listen_investigation_risk", _("Ways in which someone is hurt, step by step. Or say below why the risk cannot be assessed.")),
    }[code]  # fmt: skip
    title = words.next_words(code)
    return parts.NextStep(title, title, reverse(name, args=[row.pk]), _("yours"), missing=help_, method="get")


def _form_box(row: Investigation, code: str, made: Forms) -> parts.NextStep | None:
    start = {"act": "action", "judge": "accept-", "send": "send-"}[code]
    name = next((one for one in made if one.startswith(start)), None)
    if name is None:
        return None
    mark, form = made[name]
    due, help_ = None, str(mark.help)
    if code == "judge":
        one = row.actions.select_related("business__enterprise").get(pk=int(name.partition("-")[2]))
        firm = one.business.called if one.business else row.owner.name
        help_ = _("%(kind)s, %(firm)s. Look at the proof first; if something is missing, return it there.") % {
            "kind": capfirst(str(one.get_kind_display())), "firm": firm,
        }  # fmt: skip
    if code == "send":
        help_ = row.requests.get(pk=int(name.partition("-")[2])).authority
    action = reverse("desk:listen_investigation", args=[row.pk])
    return parts.NextStep(words.next_words(code), str(mark.title), action, _("yours"), deadline=due, form=form, missing=help_)  # fmt: skip


def _waits(row: Investigation, code: str) -> str:
    """Return whose turn it is when it is not the reader's."""
    if row.status in queries.FINALS:
        return _("This investigation is over.")
    if code == "wait":
        return _("Firms or other authorities have to act now; what is overdue is marked below.")
    return _("Next: %(what)s. The owner or a team with the right to edit does that.") % {"what": words.next_words(code)}


def _errors(made: Forms, found: list[Offer]) -> list[tuple[str, str]]:
    """Return what was refused beside the fields; what belongs to a field stands there."""
    used: list[forms.Form] = [form for _mark, form in made.values() if form.is_bound]
    used += [one.form for one in found if one.form.is_bound]
    return [("", str(words_)) for form in used for words_ in form.non_field_errors()]
