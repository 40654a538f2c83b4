"""The reception on the page of a case: triage, assignment, pauses, ends; its clocks, its links and its duty reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.clocks import clock_name
from qualipolis.city.core.policy import can, roles_of, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, CaseLink, Department
from qualipolis.city.hospital.reception import clocks, experts
from qualipolis.city.hospital.reception.assignment import TREATED
from qualipolis.city.hospital.reception.checks import of_system
from qualipolis.city.hospital.reception.defects import DEFECTS, words
from qualipolis.city.hospital.reception.departments import suggest
from qualipolis.city.hospital.reception.duty import flagged
from qualipolis.city.hospital.reception.ends import linked
from qualipolis.city.hospital.reception.pauses import WAITING, open_pause
from qualipolis.faces.desk.deadlines import clock_chip
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.hospital.cards import Made, acts, card, facts
from qualipolis.faces.desk.rooms.hospital.who import attends, treats
from qualipolis.faces.desk.rooms.supervise.after import area
from qualipolis.law.flows.hospital.case import PAUSABLE
from qualipolis.law.hospital.guards import REJECTIONS

DESK = {"hospital_desk", "hospital_manager"}


def _department(case: Case) -> Any:
    """Return the field of the department, the best suggestion first and chosen."""
    found = suggest(case)

    def make() -> forms.Field:
        reasons = "；".join(found[0].reasons) if found and found[0].score else ""
        hint = _("Suggested: %(why)s.") % {"why": reasons} if reasons else _("Nothing in the words points to one.")
        rows = Department.objects.filter(open=True)
        first = found[0].department.pk if found and found[0].score else None
        return forms.ModelChoiceField(rows, label=_("Department"), initial=first, help_text=hint)

    return make


def _grade(label: Any, choices: Any, initial: int | None) -> Any:
    def make() -> forms.Field:
        return forms.TypedChoiceField(label=label, choices=[("", "—"), *choices], coerce=int, initial=initial)

    return make


def _market(case: Case) -> Any:
    known = {True: "yes", False: "no", None: ""}[case.on_market]
    choices = (("", gettext_lazy("not known")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))
    return lambda: forms.ChoiceField(label=_("On the market"), choices=choices, initial=known, required=False)


def _defects(case: Case) -> Any:
    return lambda: forms.MultipleChoiceField(
        label=_("Defects"), choices=[*DEFECTS.items()], initial=case.defect_codes, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


def _class(case: Case) -> Any:
    return lambda: forms.CharField(
        label=_("Class of product"), max_length=60, initial=case.product_class, required=False
    )


def _triage(actor: Any, row: Any, said: dict[str, Any]) -> Any:
    market = {"yes": True, "no": False}.get(said["on_market"])
    return service.triage(actor, row, said["department"], said["severity"], said["urgency"], on_market=market,
                          product_class=said["product_class"], defect_codes=said["defect_codes"])  # fmt: skip


def triage_act(case: Case) -> Act:
    """Return the triage with what the firm said filled in; severity and urgency are the desk's to decide."""
    fields = {
        "department": _department(case),
        "severity": _grade(gettext_lazy("Severity"), Case.Severity.choices, case.severity),
        "urgency": _grade(gettext_lazy("Urgency"), Case.Urgency.choices, case.urgency),
        "on_market": _market(case),
        "product_class": _class(case),
        "defect_codes": _defects(case),
    }
    note = gettext_lazy("Severity 4 with the product on the market is flagged: law wants it reported.")
    return Act("triage", "hospital.triage", _triage, fields, help=note, for_good=True)


def _reject(actor: Any, row: Any, said: dict[str, Any]) -> Any:
    return service.reject_case(actor, row, said["reason_code"], said["reason"], said.get("other"))


def reject_act(case: Case) -> Act:
    """Return turning away, with the other cases of the same firm to name a duplicate."""
    others = Case.objects.filter(enterprise=case.enterprise).exclude(pk=case.pk).exclude(status="draft")
    fields: dict[str, Any] = {
        "reason_code": lambda: forms.ChoiceField(
            label=_("Why"), choices=[(code, _(what)) for code, what in REJECTIONS.items()]
        ),
        "reason": area(gettext_lazy("What the firm reads, and where it finds help instead")),
    }
    if others.exists():
        fields["other"] = lambda: forms.ModelChoiceField(others, label=_("It repeats the case"), required=False)
    return Act("reject", "hospital.reject_case", _reject, fields)


@acts
def of_desk(request: HttpRequest, case: Case) -> list[Act]:
    """The steps of the desk: triage, turning away, proposing, silence, the deregistered firm."""
    if not (roles_of(request.user) & DESK or of_system(request.user)):
        return []
    assign = reverse("desk:case_assign", args=[case.pk])
    found = [Act("propose", "hospital.propose_expert", _nothing, page=assign)]
    if case.status == "registered":
        found.append(triage_act(case))
    if case.status in ("registered", "triaged"):
        found.append(reject_act(case))
    if case.enterprise.closed_on:
        found.append(Act("cease", "hospital.cease_case", lambda actor, row, said: service.cease_case(actor, row)))
    found += [
        Act("suspend", "hospital.suspend_case", lambda actor, row, said: service.suspend_case(actor, row)),
        Act("close_unresponsive", "hospital.close_unresponsive",
            lambda actor, row, said: service.close_unresponsive(actor, row)),
    ]  # fmt: skip
    return found


def _nothing(actor: Any, row: Any, said: dict[str, Any]) -> None:
    """A step with a page of its own is not taken on the page of the case."""


@acts
def of_expert(request: HttpRequest, case: Case) -> list[Act]:
    """What the proposed expert answers; the manager may take the proposal back."""
    manager = "hospital_manager" in roles_of(request.user)
    decline = Act("decline", "hospital.decline_case",
                  lambda actor, row, said: service.decline_case(actor, row, said["reason"]),
                  {"reason": area(gettext_lazy("Why; the firm does not read it"), 1000)}, for_good=True)  # fmt: skip
    if attends(request, case):
        take = Act("accept", "hospital.accept_case", lambda actor, row, said: service.accept_case(actor, row),
                   help=gettext_lazy("From today the term of the diagnosis runs."), for_good=True)  # fmt: skip
        return [take, decline]
    return [decline] if manager else []


@acts
def of_pause(request: HttpRequest, case: Case) -> list[Act]:
    """Asking the firm, and going on: the firm answers, the doctors may let the case go on without."""
    inside = treats(request, case)
    answer = _("Your answer") if not inside else _("What the firm said, if it answered elsewhere")
    found = [
        Act(f"resume_{state}", "hospital.resume_case",
            lambda actor, row, said: service.resume_case(actor, row, said["words"]),
            {"words": area(answer, 4000, required=not inside)},
            title=_("Answer the question") if not inside else "",
            help=gettext_lazy("The clock runs on with the days that were left."), for_good=True)
        for state in PAUSABLE if state == case.paused_from
    ]  # fmt: skip
    may_ask = attends(request, case) or roles_of(request.user) & DESK
    if may_ask and case.status not in WAITING:
        found.append(Act("ask", "hospital.ask_firm", lambda actor, row, said: service.ask_firm(actor, row, said["question"]),
                         {"question": area(gettext_lazy("What do you need from the firm?"))},
                         help=gettext_lazy("The clock of the case stands still until the firm answers."), for_good=True))  # fmt: skip
    return found


@acts
def of_ends(request: HttpRequest, case: Case) -> list[Act]:
    """Withdrawing, and reopening what has come back."""
    if not (roles_of(request.user) & {"enterprise", *DESK}):
        return []
    return [
        Act("withdraw", "hospital.withdraw_case",
            lambda actor, row, said: service.withdraw_case(actor, row, said["reason"])),
        Act("reopen", "hospital.reopen_case", lambda actor, row, said: service.reopen_case(actor, row, said["reason"]),
            {"reason": area(gettext_lazy("What has come back?"))}, for_good=True),
    ]  # fmt: skip


@facts
def of_reception(case: Case) -> dict[str, Any]:
    """What the guards of the reception read."""
    found = {
        "paused_from": case.paused_from,
        "due_on": case.due_on,
        "cured_on": case.cured_on,
        "product_name": case.product_name,
    }
    if case.status == "proposed" and case.expert is not None:
        found["conflict"] = "；".join(experts.conflicts(case.expert, case.enterprise, case.product_class))
    return found


@card("top", 10)
def asked(request: HttpRequest, case: Case) -> Made:
    """The question that the case waits for."""
    pause = open_pause(case) if case.status in WAITING else None
    if pause is None:
        return None
    return "hospital/cards/asked.html", {"pause": pause, "case": case, "inside": treats(request, case)}


@card("top", 5)
def duty(request: HttpRequest, case: Case) -> Made:
    """What law wants reported: the flag for the desk, what was reported for everybody who sees the case."""
    reports = list(case.duty_reports.order_by("pk"))
    may = can(request.user, "hospital.report_duty", case) and not case.ended
    waits = flagged(case) and may
    if not (reports or waits):
        return None
    mine = "enterprise" in roles_of(request.user)
    return "hospital/cards/duty.html", {"case": case, "reports": reports, "waits": waits, "mine": mine}


@card("aside", 40)
def clock_card(request: HttpRequest, case: Case) -> Made:
    """Every clock of the case as the ledger tells it."""
    today = timezone.localdate()
    rows = [
        {"name": clock_name(one), "clock": one, "chip": clock_chip(one, today), "days": paused_days(one)}
        for one in clocks.clocks(case, today)
    ]
    return ("hospital/cards/clocks.html", {"rows": rows, "case": case}) if rows else None


def paused_days(clock: clocks.Clock) -> int:
    """Return for how many calendar days a clock stood still."""
    return sum((last - first).days + 1 for first, last in clock.pauses)


@card("main", 85)
def links(request: HttpRequest, case: Case) -> Made:
    """Cases that belong together, as far as this person sees them."""
    found = linked(case)
    seen = set(
        visible(request.user, Case.objects.filter(pk__in=[one.pk for one, _k, _l in found])).values_list(
            "pk", flat=True
        )
    )
    kinds = dict(CaseLink.Kind.choices)
    rows = [(one, kinds[kind], leads) for one, kind, leads in found if one.pk in seen]
    may = can(request.user, "hospital.link_cases", case) and treats(request, case)
    return ("hospital/cards/links.html", {"rows": rows, "case": case, "may": may}) if rows or may else None


@card("aside", 90)
def desk_tools(request: HttpRequest, case: Case) -> Made:
    """What the desk and the manager may do beside the way of the case."""
    tools = []
    if can(request.user, "hospital.report_duty", case) and not case.ended:
        tools.append((_("Report what law requires"), reverse("desk:duty_new", args=[case.pk]), "flag"))
    if can(request.user, "hospital.hand_over", case) and case.status in TREATED:
        tools.append((_("Hand the case over to another expert"), reverse("desk:case_assign", args=[case.pk]), "users"))
    return ("hospital/cards/tools.html", {"tools": tools, "defects": words(case.defect_codes)}) if tools else None
