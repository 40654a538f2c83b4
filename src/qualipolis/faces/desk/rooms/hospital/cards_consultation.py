"""The consultation on the page of a case: the problem, examinations, diagnosis, panel, thread, and who sees the case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Attachment
from qualipolis.city.core.policy import can, roles_of, visible
from qualipolis.city.hospital.consultation import diagnoses, examinations, thread
from qualipolis.city.hospital.consultation.parties import named_experts
from qualipolis.city.hospital.consultation.second_opinions import DISPUTABLE
from qualipolis.city.hospital.models import Case, Panel, SecondOpinion
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of
from qualipolis.faces.desk.rooms.hospital.cards import Made, acts, card, facts
from qualipolis.faces.desk.rooms.hospital.consultation_forms import SayForm, SecondOpinionForm
from qualipolis.faces.desk.rooms.hospital.who import attends, treats
from qualipolis.faces.desk.rooms.hospital.words import (
    Line,
    lines_of,
    reading_rows,
)
from qualipolis.faces.desk.rooms.measure.pieces import deadline

SHOWN = 5
CONFIDENCE = {
    "high": gettext_lazy("sure"),
    "middle": gettext_lazy("fairly sure"),
    "low": gettext_lazy("not sure yet"),
}


@card("main", 5)
def problem(request: HttpRequest, case: Case) -> Made:
    """The firm's own words with its pictures; folded once there is a diagnosis."""
    measured = case.measurement_files.values_list("attachment", "companion")
    shown_apart = {key for pair in measured for key in pair}
    files = [
        one
        for one in Attachment.objects.filter(thing=name_of(case)).order_by("uploaded_at", "pk")
        if one.pk not in shown_apart
    ]
    pictures = [one for one in files if one.media_type.startswith("image/")]
    rest = [one for one in files if one not in pictures]
    folded = diagnoses.in_force(case) is not None
    return "hospital/cards/problem.html", {"case": case, "pictures": pictures, "files": rest, "folded": folded}


@card("main", 20)
def examined(request: HttpRequest, case: Case) -> Made:
    """What laboratories found, the latest first, and what they still examine."""
    rows = visible(request.user, case.examinations.select_related("laboratory", "report").order_by("-pk"))
    done = [(one, reading_rows(one)) for one in rows if one.status == "reported"]
    pending = [(one, chip_of(one)) for one in rows if one.status in examinations.OPEN]
    ended = [(one, chip_of(one)) for one in rows if one.status in ("declined", "cancelled")]
    may_order = attends(request, case) and case.status in examinations.ORDERABLE
    if not (done or pending or ended or may_order):
        return None
    shown = {"case": case, "done": done, "pending": pending, "ended": ended, "may_order": may_order}
    return "hospital/cards/examinations.html", shown


@card("main", 25)
def diagnosed(request: HttpRequest, case: Case) -> Made:
    """The diagnosis that stands, those before it, and what a second opinion says."""
    rows = list(visible(request.user, case.diagnoses.select_related("expert__person", "expert__organisation")))
    if not rows:
        return None
    standing = next((one for one in reversed(rows) if one.replaced_on is None), None)
    asked = list(visible(request.user, SecondOpinion.objects.filter(case=case)).order_by("-pk"))
    disputed = any(one.diagnosis_id == standing.pk and one.status != "withdrawn" for one in asked) if standing else True
    may_dispute = not disputed and case.status in DISPUTABLE and can(request.user, "hospital.ask_second_opinion", case)
    return "hospital/cards/diagnosis.html", {
        "case": case,
        "standing": standing,
        "earlier": [one for one in reversed(rows) if one is not standing],
        "confidence": CONFIDENCE[standing.confidence] if standing else "",
        "second": [(one, chip_of(one)) for one in asked],
        "form": SecondOpinionForm() if may_dispute else None,
    }


@card("main", 90)
def who_sees(request: HttpRequest, case: Case) -> Made:
    """Who sees the case and who does not."""
    experts = list(named_experts(case).select_related("person", "organisation"))
    return "hospital/cards/who_sees.html", {"case": case, "experts": experts}


@card("aside", 10)
def panel(request: HttpRequest, case: Case) -> Made:
    """The panel that meets, or the decision of the last one."""
    row = visible(request.user, Panel.objects.filter(case=case)).exclude(status="cancelled").last()
    if row is None:
        return None
    seats = list(row.seats.select_related("expert__person", "expert__organisation"))
    given = sum(one.said_at is not None for one in seats)
    shown = {"panel": row, "state": chip_of(row), "seats": seats, "given": given, "due": deadline(row.due_on)}
    return "hospital/cards/panel.html", shown | {"inside": treats(request, case)}


@card("aside", 20)
def consultation(request: HttpRequest, case: Case) -> Made:
    """The last messages of the thread and the box to answer."""
    rows = list(thread.read_by(request.user, case))
    lines: list[Line] = lines_of(case, rows[-SHOWN:])
    may_say = case.status != "draft" and can(request.user, "hospital.say", case)
    form = SayForm(inside=treats(request, case)) if may_say else None
    if not rows and form is None:
        return None
    return "hospital/cards/thread.html", {"case": case, "lines": lines, "count": len(rows), "form": form}


@card("main", 85)
def known(request: HttpRequest, case: Case) -> Made:
    """What is known of the product and the firm; whom to call is told to who treats the case and to the firm."""
    n = case.volume_affected
    volume = "—" if n is None else ngettext("%(n)s piece", "%(n)s pieces", n) % {"n": f"{n:,}"}
    return "hospital/cards/facts.html", {"case": case, "volume": volume}


@acts
def of_consultation(request: HttpRequest, case: Case) -> list[Act]:
    """The steps of the expert who treats the case, and the panel that the manager may call as well."""
    user = request.user
    found = []
    here = {name: reverse(f"desk:{name}", args=[case.pk]) for name in ("case_diagnose", "case_panel", "case_order")}
    calls = Act("call_panel", "hospital.call_panel", _nothing, page=here["case_panel"], for_good=True)
    if attends(request, case):
        begin = Act("examine", "hospital.examine", lambda actor, row, said: diagnoses.examine(actor, row),
                    help=gettext_lazy("Look at the problem and the files first; an order to a laboratory begins it too."))  # fmt: skip
        found = [
            begin,
            calls,
            Act("examine_more", "hospital.examine_more", lambda actor, row, said: diagnoses.examine_more(actor, row)),
            Act("diagnose", "hospital.diagnose", _nothing, page=here["case_diagnose"], for_good=True),
            Act("revise", "hospital.revise_diagnosis",
                lambda actor, row, said: diagnoses.revise(actor, row, said["reason"]), for_good=True),
        ]  # fmt: skip
    elif "hospital_manager" in roles_of(user):
        found = [calls]
    return found


def _nothing(actor: Any, row: Any, said: dict[str, Any]) -> None:
    """A step with a page of its own is not taken on the page of the case."""


@facts
def of_diagnosis(case: Case) -> dict[str, Any]:
    """What the guards of the diagnosis read; what its own page asks for forbids nothing yet."""
    return diagnoses.facts(case) | dict.fromkeys(("root_cause", *diagnoses.LENGTHS), "-")
