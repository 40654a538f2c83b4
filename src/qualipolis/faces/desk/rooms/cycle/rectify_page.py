"""The rectification of one unit: what is required, the plan, the report with evidence, each item checked, the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import Rectification
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.rectify import WITH_TOWN
from qualipolis.faces.desk.rooms.cycle.rectify_report import (
    Line,
    ReportForm,
    draft_key,
    lines_of,
    report_form,
    reporting,
    take_report,
)
from qualipolis.faces.desk.rooms.cycle.town import (
    STAGE,
    Ask,
    attempt,
    chip_for,
    crumbs,
    cycle_law,
    files_behind,
    line_of_steps,
    told_of,
)
from qualipolis.faces.desk.rooms.measure.pieces import (
    deadline,
    history,
    undo_offer,
)
from qualipolis.law.flows import ALL

FLOW = "rectification"
STEPS = (
    (gettext_lazy("Plan"), ("assess.plan_rectification",)),
    (gettext_lazy("Carry out and report"), ("assess.report_rectification",)),
    (gettext_lazy("Check each item"), ("assess.check_item",)),
    (gettext_lazy("Close it"), ("assess.close_rectification",)),
)
AT = {"open": 0, "planned": 1, "returned": 1, "reported": 2, "closed": 4}
Status = Rectification.Status


@page(*STAFF)
def rectification(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one rectification for the unit, the departments and the office."""
    rows = Rectification.objects.select_related("unit__government", "round__set", "reported_by", "closed_by")
    row = get_object_or_404(visible(request.user, rows), pk=pk)
    data = request.POST if request.method == "POST" else None
    report = report_form(request, row)
    lines = lines_of(row, data if reporting(data) else None, report is not None)
    step, beside = _steps_for(request.user, row, lines, data)
    errors: list[tuple[str, str]] = []
    if data is not None:
        done, errors = _post(request, row, lines, report, [*([step] if step else []), *beside])
        if done:
            return redirect("desk:rectification", pk)
    context = _context(request, row, lines, report, bool(step or report)) | {"errors": errors, "beside": _shown(beside)}
    context["box"] = step.box if step else None
    return render(request, "cycle/rectify_page.html", context, status=400 if data is not None else 200)


@dataclass(frozen=True)
class Offer:
    """A step that is offered: its box, and what taking it does."""

    box: parts.NextStep
    act: Any

    @property
    def form(self) -> Ask:
        """The form in the box."""
        form: Ask = self.box.form
        return form


def _offer(row: Rectification, title: str, button: str, form: Ask, act: Any, **more: Any) -> Offer:
    action = reverse("desk:rectification", args=[row.pk])
    return Offer(parts.NextStep(title, button, action, _("yours"), form=form, chosen=form.chosen, **more), act)


def _steps_for(user: Any, row: Rectification, lines: list[Line], data: Any) -> tuple[Offer | None, list[Offer]]:
    """Return the one next step of this person, and the steps beside it."""
    beside = [_extend(user, row, data)] if _may_extend(user, row) else []
    if row.status == Status.OPEN and can(user, "assess.plan_rectification", row):
        return _planning(user, row, data), beside
    if row.status == Status.PLANNED and can(user, "assess.plan_rectification", row):
        return None, [_planning(user, row, data), *beside]
    if row.status != Status.REPORTED:
        return None, beside
    left = [line for line in lines if line.item.fulfilled is None and can(user, "assess.check_item", line.item)]
    mine = [line for line in left if line.item.owner_id is None or "department" in roles_of(user)]
    if mine:
        return _checking(user, row, mine[0], len(mine), data), beside
    beside += [_checking(user, row, line, 1, data) for line in left]  # the office in the place of a department
    unchecked = any(line.item.fulfilled is None for line in lines)
    if unchecked or not can(user, "assess.close_rectification", row):
        return None, beside
    if all(line.item.fulfilled for line in lines):
        return _closing(user, row, data), [_returning(user, row, data)]
    return _returning(user, row, data), beside


def _planning(user: Any, row: Rectification, data: Any) -> Offer:
    form = Ask("plan", ("plan",), data)
    form.fields["plan"].initial = row.plan
    title = _("Write the plan again") if row.plan else _("Write the plan and hand it in")
    law = cycle_law(ALL[FLOW].find("open", "plan"))
    act = lambda said: service.plan_rectification(user, row, said["plan"])  # noqa: E731
    words = _("You can take this back for 10 minutes.")
    return _offer(row, title, _("Hand in the plan"), form, act, deadline=deadline(row.due_on), law=law, undo=words)


def _checking(user: Any, row: Rectification, line: Line, left: int, data: Any) -> Offer:
    needs: Mapping[str, tuple[str, ...]] = {"": ("words",), "yes": (), "no": ()}
    form = Ask(f"check:{line.item.pk}", ("words",), data, needs)
    form.fields["words"].label = _("What the check found")
    choices = (
        ("yes", _("Fulfilled"), _("The result is there and the evidence shows it.")),
        ("no", _("Not fulfilled"), _("The report then goes back to the unit.")),
    )
    act = lambda said: service.check_item(user, line.item, said["words"], fulfilled=form.chosen == "yes")  # noqa: E731
    title = _("Is this fulfilled: %(name)s?") % {"name": line.name}
    said = _("Required: %(required)s. Reported: %(result)s.") % {
        "required": line.required,
        "result": line.result or _("in words"),
    }
    more = _("%(n)s items of yours wait to be checked.") % {"n": left} if left > 1 else ""
    law = cycle_law(ALL[FLOW].find("reported", "close"))
    words = " ".join(part for part in (said, more) if part)
    return _offer(row, title, _("Save the check"), form, act, choices=choices, missing=words, law=law)


def _closing(user: Any, row: Rectification, data: Any) -> Offer:
    law = cycle_law(ALL[FLOW].find("reported", "close"))
    act = lambda said: service.close_rectification(user, row)  # noqa: E731
    words = _("Every item was found to be fulfilled.")
    title = _("Close the rectification")
    undo = _("You can take this back for 10 minutes.")
    return _offer(row, title, title, Ask("close", (), data), act, missing=words, law=law, undo=undo)


def _returning(user: Any, row: Rectification, data: Any) -> Offer:
    law = cycle_law(ALL[FLOW].find("reported", "return"))
    act = lambda said: service.return_rectification(user, row, said["reason"])  # noqa: E731
    title = _("Return the report with the reason")
    words = _("The unit then has 10 working days to answer.")
    return _offer(row, title, _("Return the report"), Ask("return", ("reason",), data), act, missing=words, law=law)


def _may_extend(user: Any, row: Rectification) -> bool:
    return row.status in WITH_TOWN and can(user, "assess.extend_rectification", row)


def _extend(user: Any, row: Rectification, data: Any) -> Offer:
    act = lambda said: service.extend_rectification(user, row, said["due_on"], said["reason"])  # noqa: E731
    form = Ask("extend", ("due_on", "reason"), data)
    return _offer(row, _("Give a later last day"), _("Give a later last day"), form, act, law=cycle_law(None))


def _shown(beside: list[Offer]) -> list[tuple[str, Ask, str, Any]]:
    return [(one.box.title, one.form, one.box.button, one.box.choices) for one in beside]


def _post(
    request: HttpRequest, row: Rectification, lines: list[Line], report: ReportForm | None, offers: list[Offer]
) -> tuple[bool, list[tuple[str, str]]]:
    do = request.POST.get("do", "")
    for offer in offers:
        if offer.form.initial["do"] == do:
            return attempt(request, offer.form, offer.act), []
    if report is None or not reporting(request.POST):
        messages.error(request, _("This step cannot be taken in the present state."))
        return True, []
    return take_report(request, row, lines, report)


def _context(
    request: HttpRequest, row: Rectification, lines: list[Line], report: ReportForm | None, mine: bool
) -> dict[str, Any]:
    told = told_of(row, row.unit)
    opened = told if any(line.verb == "assess.open_rectification" for line in told) else [*told, *_opening(row)]
    due = row.due_on if row.status in WITH_TOWN else None
    checked = all(line.item.fulfilled for line in lines) and row.status == Status.REPORTED
    return {
        "stage": STAGE,
        "row": row,
        "lines": lines,
        "report": report,
        "state": chip_for(row, row.overdue),
        "due": deadline(due),
        "steps": line_of_steps(STEPS, 3 if checked else AT[row.status], opened, mine=mine, due=due),
        "files": files_behind({row.pk: name_of(row)})[row.pk],
        "fulfilled": sum(bool(line.item.fulfilled) for line in lines),
        "waits": _waits(row, lines),
        "draft_key": draft_key(row),
        "law": cycle_law(ALL[FLOW].find("reported", "return") if row.status == Status.RETURNED else None),
        "history": opened,
        "undo": undo_offer(request.user),
        "crumbs": crumbs(
            row.round, (_("Rectifications"), reverse("desk:rectifications", args=[row.round_id])), (row.unit.name, "")
        ),
    }


def _opening(row: Rectification) -> list[Any]:
    """Those opened together stand in the ledger of their release."""
    releases = queries.releases_by_year()
    release = releases.get(row.round.set.year)
    return history(release, verbs=("assess.open_rectifications",)) if release else []


def _waits(row: Rectification, lines: list[Line]) -> str:
    """With whom it lies, for somebody who has nothing to do here."""
    if row.status == Status.REPORTED:
        left = sum(line.item.fulfilled is None for line in lines)
        if left:
            return _("The departments check each item, %(n)s to go.") % {"n": left}
        return _("Every item has been checked. The office or the department closes or returns it.")
    return {
        Status.OPEN: _("The unit writes its plan."),
        Status.PLANNED: _("The unit carries its plan out and reports with evidence."),
        Status.RETURNED: _("The report came back; the unit answers within the term."),
        Status.CLOSED: _("It is closed; nothing is left to do."),
    }[Status(row.status)]
