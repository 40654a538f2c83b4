"""The check on site of one unit: begun by two people, one value after the other, signed, acted on, concluded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import SiteFinding, SiteVisit
from qualipolis.city.core import drafts
from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.core.roles import STAFF
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.check import chosen_chip
from qualipolis.faces.desk.rooms.cycle.check_draw import DrawForm, reasons_of
from qualipolis.faces.desk.rooms.cycle.check_value import FindingForm, draft_key, keep, record_of, result_chip
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
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, measured, undo_offer
from qualipolis.faces.desk.rooms.measure.tree import bilingual
from qualipolis.law.flows import ALL

FLOW = "site_check"
STEPS = (
    (gettext_lazy("Draw and name checkers"), ("assess.draw_site_check", "assess.name_checkers")),
    (gettext_lazy("Look at the originals"), ("assess.record_finding",)),
    (gettext_lazy("Sign or object"), ("assess.sign_visit", "assess.answer_visit")),
    (gettext_lazy("Act and conclude"), ("assess.conclude_visit",)),
)
Status, Result = SiteVisit.Status, SiteFinding.Result


@dataclass(frozen=True)
class Looked:
    """One value of a visit: its finding, the files of the finding, its state."""

    row: SiteFinding
    files: list[Attachment]
    chip: parts.Chip
    current: bool = False

    @property
    def name(self) -> str:
        """The indicator."""
        return str(self.row.observation.indicator.name)

    @property
    def code(self) -> str:
        """The code of the indicator."""
        return str(self.row.observation.indicator.code)

    @property
    def reported(self) -> str:
        """The value as it was reported when it was drawn, with its unit."""
        return measured(self.row.reported, bilingual(self.row.observation.indicator, "unit"))

    @property
    def found(self) -> str:
        """The value that was found, where it is a different one."""
        if self.row.value is None:
            return ""
        return measured(self.row.value, bilingual(self.row.observation.indicator, "unit"))

    @property
    def owes(self) -> bool:
        """Whether it still has to be acted on."""
        return self.row.result not in ("", Result.CONFIRMED) and self.row.settled_at is None


@page(*STAFF)
def site_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one visit for whoever looks: checkers, the unit, the office."""
    rows = SiteVisit.objects.select_related("unit__government", "check_plan__round__set")
    row = get_object_or_404(visible(request.user, rows.prefetch_related("checkers")), pk=pk)
    looked = looked_at(request.user, row)
    current = _current(request, row, looked)
    box, form = _step(request, row, looked, current)
    if request.method == "POST" and form is not None and _taken(request, row, form, current):
        return redirect(_after(request, row, current))
    bound = form is not None and form.is_bound
    context = _context(request, row, looked, current, form is not None) | {"box": box, "form": form}
    return render(request, "cycle/visit.html", context, status=400 if bound else 200)


def looked_at(user: Any, row: SiteVisit) -> list[Looked]:
    """Return the values of a visit with what was found, in a fixed number of queries."""
    found = [finding for finding, _files in queries.findings(user, row)]
    files = files_behind({one.pk: name_of(one) for one in found})
    return [Looked(one, files[one.pk], result_chip(one)) for one in found]


def _current(request: HttpRequest, row: SiteVisit, looked: list[Looked]) -> Looked | None:
    """The value that is looked at now: the chosen one, else the first without a finding; only for its checkers."""
    if row.status != Status.RUNNING or not _is_checker(request.user, row):
        return None
    wanted = request.POST.get("finding") or request.GET.get("value", "")
    chosen = next((one for one in looked if str(one.row.pk) == wanted), None)
    return chosen or next((one for one in looked if not one.row.result), None)


def _is_checker(user: Any, row: SiteVisit) -> bool:
    return any(one.pk == user.pk for one in row.checkers.all())


def _after(request: HttpRequest, row: SiteVisit, current: Looked | None) -> str:
    return reverse("desk:site_visit", args=[row.pk]) + ("#value" if current else "")


Taker = Callable[[Any, SiteVisit, Any, dict[str, Any]], Any]


def _step(request: HttpRequest, row: SiteVisit, looked: list[Looked], current: Looked | None) -> Any:
    """Return the next step of this person as a box with its form; the value that is looked at has its own box."""
    user, data = request.user, request.POST if request.method == "POST" else None
    if current is not None:
        files = request.FILES if data is not None else None
        mine = data is not None and data.get("do") == "finding"
        return None, FindingForm(current.row, data if mine else None, files if mine else None)
    if row.status == Status.PLANNED:
        return _before(user, row, data)
    if row.status == Status.RUNNING and can(user, "assess.sign_visit", row):
        return _unit_box(row, data, looked)
    if row.status == Status.OBJECTED and can(user, "assess.answer_visit", row):
        return _answer_box(row, data)
    if row.status == Status.SIGNED and can(user, "assess.conclude_visit", row):
        return _office_box(row, data, next((one for one in looked if one.owes), None))
    return None, None


def _made(row: SiteVisit, title: str, button: str, form: Any, **more: Any) -> tuple[parts.NextStep, Any]:
    action = reverse("desk:site_visit", args=[row.pk])
    return parts.NextStep(title, button, action, _("yours"), form=form, **more), form


def _before(user: Any, row: SiteVisit, data: Any) -> Any:
    """Name the checkers, or begin."""
    enough = len(row.checkers.all()) >= 2
    office = can(user, "assess.name_checkers", row)
    if enough and (_is_checker(user, row) or office) and not (data and data.get("do") == "draw"):
        form = Ask("start", ("visited_on",), data)
        form.fields["visited_on"].initial = timezone.localdate()
        words = _("From now on the unit sees that it is checked, and which values.")
        law = cycle_law(ALL[FLOW].find("planned", "start"))
        return _made(row, _("Begin the check"), _("Begin the check"), form, missing=words, law=law)
    if office:
        form = DrawForm(data, initial={"checkers": [one.pk for one in row.checkers.all()]})
        return _made(row, _("Name the checkers"), _("Name the checkers"), form, law=cycle_law(None))
    return None, None


def _unit_box(row: SiteVisit, data: Any, looked: list[Looked]) -> Any:
    """The unit signs or objects once every value has its finding."""
    if any(not one.row.result for one in looked):
        return None, None
    form = Ask("unit", ("signatory", "reason"), data, {"": ("signatory",), "sign": (), "object": ("reason",)})
    form.fields["reason"].help_text = _("Only for an objection: which finding, and what shows that it is wrong.")
    choices = (
        ("sign", _("Sign the record"), _("The findings are as they were seen.")),
        (
            "object",
            _("Object"),
            _("The office answers in writing within 5 working days: it checks again or keeps them."),
        ),
    )
    title, button = _("Sign the record, or object to it"), _("Hand in the answer")
    more = {"choices": choices, "chosen": form.chosen, "law": cycle_law(ALL[FLOW].find("running", "object"))}
    return _made(row, title, button, form, undo=_("You can take this back for 10 minutes."), **more)


def _answer_box(row: SiteVisit, data: Any) -> Any:
    form = Ask("answer", ("reply",), data, {"": ("reply",), "recheck": (), "maintain": ()})
    choices = (
        ("recheck", _("Check again"), _("The checkers look at the values once more.")),
        ("maintain", _("Keep the findings"), _("The record counts as signed; the objection and the reply stay in it.")),
    )
    more = {"choices": choices, "chosen": form.chosen, "law": cycle_law(ALL[FLOW].find("running", "object"))}
    title = _("Answer the objection")
    return _made(row, title, _("Send the reply"), form, deadline=deadline(row.due_on), **more)


def _office_box(row: SiteVisit, data: Any, owed: Looked | None) -> Any:
    """Act on the first finding that asks for it; conclude when none does."""
    if owed is None:
        law = cycle_law(ALL[FLOW].find("signed", "conclude"))
        return _made(row, _("Conclude the check"), _("Conclude the check"), Ask("conclude", (), data), law=law)
    false = owed.row.result == Result.FALSIFIED
    names = ("action", "document") if false else ("action",)
    form = Ask(f"settle:{owed.row.pk}", names, data)
    words = {
        Result.FALSIFIED: _("An adjustment by this document is entered: the indicator scores 0."),
        Result.DIFFERENT: _("The value is questioned and corrected to the one found; both stay in its history."),
        Result.NO_EVIDENCE: _("The value stays; what is asked of the unit goes into the record."),
    }[Result(owed.row.result)]
    title = _("Act on %(code)s: %(result)s") % {"code": owed.code, "result": owed.row.get_result_display()}
    return _made(row, title, _("Save what follows"), form, missing=words, law=cycle_law(None))


def _taken(request: HttpRequest, row: SiteVisit, form: Any, current: Looked | None) -> bool:
    user, do = request.user, request.POST.get("do", "")
    if current is not None:
        if not attempt(request, form, lambda said: keep(user, current.row, form), _("Saved.")):
            return False
        drafts.discard(user, draft_key(current.row))
        return True
    acts: dict[str, Callable[[dict[str, Any]], Any]] = {
        "start": lambda said: service.start_visit(user, row, said["visited_on"]),
        "draw": lambda said: service.name_checkers(user, row, list(said["checkers"])),
        "answer": lambda said: service.answer_visit(user, row, said["reply"], again=form.chosen == "recheck"),
        "conclude": lambda said: service.conclude_visit(user, row),
        "unit": lambda said: _unit_says(user, row, form.chosen, said),
        "settle": lambda said: _settle(user, row, do, said),
    }
    act = acts.get(do.partition(":")[0])
    return act is not None and attempt(request, form, act)


def _unit_says(user: Any, row: SiteVisit, choice: str, said: dict[str, Any]) -> None:
    if choice == "sign":
        service.sign_visit(user, row, said["signatory"])
    else:
        service.object_visit(user, row, said["signatory"], said["reason"])


def _settle(user: Any, row: SiteVisit, do: str, said: dict[str, Any]) -> None:
    finding = get_object_or_404(row.findings.all(), pk=do.partition(":")[2])
    service.settle_finding(user, finding, said["action"], said.get("document", ""))


def _waits(row: SiteVisit, looked: list[Looked]) -> str:
    """With whom it lies, for somebody who has nothing to do here."""
    if row.status == Status.PLANNED:
        return _("The check has not begun. Its checkers begin it on the day of the visit.")
    if row.status == Status.RUNNING:
        left = sum(not one.row.result for one in looked)
        if left:
            return _("The checkers are looking at the values, %(n)s to go.") % {"n": left}
        return _("Every value has its finding. The unit signs the record or objects to it.")
    return {
        Status.OBJECTED: _("The unit objects. The office answers in writing."),
        Status.SIGNED: _("The record is signed. The office acts on what was found and concludes."),
        Status.CONCLUDED: _("The check is concluded."),
    }[Status(row.status)]


def _at(row: SiteVisit, looked: list[Looked]) -> int:
    """Which of the steps is under way."""
    if row.status == Status.RUNNING:
        return 1 if any(not one.row.result for one in looked) else 2
    return {Status.PLANNED: 1, Status.OBJECTED: 2, Status.SIGNED: 3, Status.CONCLUDED: 4}[Status(row.status)]


def _context(
    request: HttpRequest, row: SiteVisit, looked: list[Looked], current: Looked | None, mine: bool
) -> dict[str, Any]:
    plan, round_ = row.check_plan, row.check_plan.round
    told = told_of(row, row.unit, *history(plan, verbs=("assess.draw_site_check",)))
    place = looked.index(current) + 1 if current else 0
    return {
        "stage": STAGE,
        "row": row,
        "plan": plan,
        "state": chip_for(row),
        "chosen": chosen_chip(row),
        "reasons": reasons_of(row),
        "checkers": [str(one) for one in row.checkers.all()],
        "looked": looked,
        "done": sum(bool(one.row.result) for one in looked),
        "current": current,
        "place": place,
        "following": _following(looked, current),
        "record": record_of(request.user, current.row) if current else None,
        "draft_key": draft_key(current.row) if current else "",
        "steps": line_of_steps(STEPS, _at(row, looked), told, mine=mine, due=row.due_on),
        "waits": _waits(row, looked),
        "rename": _may_rename(request.user, row),
        "history": told,
        "undo": undo_offer(request.user),
        "choosable": current is not None or (row.status == Status.RUNNING and _is_checker(request.user, row)),
        "crumbs": crumbs(
            round_,
            (_("Checks on site"), reverse("desk:site_checks", args=[round_.pk])),
            (_("Plan and draw"), reverse("desk:site_check", args=[plan.pk])),
            (row.unit.name, ""),
        ),
    }


def _following(looked: list[Looked], current: Looked | None) -> Looked | None:
    """The next value without a finding after the one that is looked at."""
    if current is None:
        return None
    rest = [one for one in looked if not one.row.result and one is not current]
    after = [one for one in rest if looked.index(one) > looked.index(current)]
    return (after or rest or [None])[0]


def _may_rename(user: Any, row: SiteVisit) -> DrawForm | None:
    """The checkers can be changed until the check begins."""
    enough = len(row.checkers.all()) >= 2
    if row.status != Status.PLANNED or not enough or "planner" not in roles_of(user):
        return None
    return DrawForm(auto_id="id_rename_%s", initial={"checkers": [one.pk for one in row.checkers.all()]})
