"""The treatment on the page of a case: prescription with results, proof of effect, follow-ups, and the steps of the flow."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import can, roles_of, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import Case, FollowUp, Prescription, PrescriptionItem
from qualipolis.city.hospital.treatment import follow_ups as follow
from qualipolis.city.hospital.treatment import prescriptions, proofs
from qualipolis.city.hospital.treatment.items import BEFORE_TREATMENT
from qualipolis.city.hospital.treatment.proof_words import criterion_of, valued
from qualipolis.city.hospital.treatment.rows import WRITABLE
from qualipolis.city.hospital.treatment.scope import current_items
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of
from qualipolis.faces.desk.rooms.hospital.cards import Made, acts, card, facts
from qualipolis.faces.desk.rooms.hospital.proof_words import view_of
from qualipolis.faces.desk.rooms.hospital.who import attends
from qualipolis.faces.desk.rooms.supervise.after import area
from qualipolis.faces.desk.rooms.supervise.result_forms import FilesOfLimit

MARKS = {"accepted": "ok", "dropped": "idle", "returned": "bad", "done": "wait", "open": "wait"}
JUDGED = ("cure", "improve", "no_effect")


@card("main", 30)
def prescribed(request: HttpRequest, case: Case) -> Made:
    """The prescription: one row each with criterion, result and state; containments first."""
    rows = list(visible(request.user, shown_items(case)))
    versions = list(visible(request.user, Prescription.objects.filter(case=case)).order_by("-version"))
    writes = attends(request, case) and case.status in prescriptions.WRITABLE
    contains = can(request.user, "hospital.add_containment", case) and case.status in BEFORE_TREATMENT
    if not (rows or versions or writes):
        return None
    standing = next((one for one in versions if one.status in ("accepted", "issued")), None)
    return "hospital/cards/prescription.html", {
        "case": case,
        "standing": standing,
        "state": chip_of(standing) if standing else None,
        "lines": lines_of(case, rows),
        "earlier": [(one, chip_of(one)) for one in versions if one is not standing and one.status != "draft"],
        "writes": writes,
        "contains": contains,
        "does": case.status == "treating" or any(one.status in ("open", "returned") for one in rows),
        "plans": case.status in WRITABLE or case.control_plan.exists() or case.failure_modes.exists(),
        "given": standing is not None,
        "diagnosed": case.diagnoses.exists(),
    }


def shown_items(case: Case) -> Any:
    """Return the items in force; before the firm has accepted, those that were given."""
    rows = current_items(case)
    given = PrescriptionItem.objects.filter(case=case, round=case.reopened, prescription__status="issued")
    return (rows | given).order_by("prescription__version", "position", "pk") if given.exists() else rows


def lines_of(case: Case, rows: list[PrescriptionItem]) -> list[dict[str, Any]]:
    """Return items as the table shows them: containments first, each with its criterion, its result and its files."""
    ordered = sorted(rows, key=lambda one: (one.prescription_id is not None, one.position, one.pk))
    files, latest = files_of(ordered), proofs.current(case)
    return [
        {
            "item": one,
            "criterion": criterion_of(one),
            "proof": _result(one, latest.get(one.pk)),
            "files": files[one.pk],
            "state": parts.Chip(MARKS[one.status], chip_of(one).text),
        }
        for one in ordered
    ]


def _result(item: PrescriptionItem, proof: Any) -> dict[str, Any] | None:
    if proof is None:
        return None
    view = view_of(proof)
    words = f"{valued(proof.before, item)} → {valued(proof.after, item)}"
    return {"words": words, "chip": view.chip}


@card("main", 35)
def proven(request: HttpRequest, case: Case) -> Made:
    """The proof of effect of each measured item, the verdict first."""
    rows = list(proofs.current(case).values())
    may = attends(request, case) and case.status in proofs.PROVING
    if not rows and not (may and case.status == "verifying"):
        return None
    views = [view_of(one) for one in rows]
    return "hospital/cards/proof.html", {"case": case, "views": views, "may": may}


@card("main", 40)
def followed(request: HttpRequest, case: Case) -> Made:
    """The follow-ups, past and to come."""
    rows = visible(request.user, FollowUp.objects.filter(case=case)).exclude(status="cancelled")
    found = list(rows.select_related("officer").order_by("planned_on", "pk"))
    if not found:
        return None
    may = can(request.user, "hospital.record_follow_up", case) and "enterprise" not in roles_of(request.user)
    return "hospital/cards/follow_ups.html", {"case": case, "lines": [(one, chip_of(one)) for one in found], "may": may}


@acts
def of_treatment(request: HttpRequest, case: Case) -> list[Act]:
    """The steps of the treatment for firm, expert, desk and manager."""
    held = roles_of(request.user)
    found: list[Act] = []
    if "enterprise" in held:
        found += _of_firm(case)
    if attends(request, case):
        found += _of_doctor(case)
    elif "hospital_manager" in held:
        found.append(_judging(case, "refer"))
    if held & {"hospital_desk", "hospital_manager"}:
        found += _of_desk(case)
    return found


def _of_firm(case: Case) -> list[Act]:
    said = {
        "words": area(gettext_lazy("What should the expert know"), required=False),
        "files": lambda: FilesOfLimit(label=gettext_lazy("Files"), required=False),
    }
    return [
        Act("accept_prescription", "hospital.accept_prescription",
            lambda actor, row, said: service.accept_prescription(actor, row), for_good=True,
            help=gettext_lazy("Its criteria are fixed from then on. It does not promise that the product will pass a test.")),
        Act("object", "hospital.object_to_prescription",
            lambda actor, row, said: service.object_to_prescription(actor, row, said["reason"]), for_good=True),
        Act("hand_in", "hospital.hand_in",
            lambda actor, row, given: service.hand_in(actor, row, given["words"], given["files"]), said),
        Act("more_evidence", "hospital.hand_in_more",
            lambda actor, row, given: service.hand_in_more(actor, row, given["words"], given["files"]), said),
    ]  # fmt: skip


def _of_doctor(case: Case) -> list[Act]:
    page = reverse("desk:hospital_prescription", args=[case.pk])
    write = Act("prescribe", "hospital.prescribe", _elsewhere, page=page, for_good=True)
    return [write, *(_judging(case, step) for step in (*JUDGED, "refer"))]


def _judging(case: Case, step: str) -> Act:
    page = reverse("desk:hospital_verify", args=[case.pk])
    return Act(step, f"hospital.{step}", _elsewhere, page=page, for_good=step in ("no_effect", "refer"))


def _elsewhere(actor: Any, row: Any, said: dict[str, Any]) -> None:
    """A step with a page of its own is not taken on the page of the case."""


def _of_desk(case: Case) -> list[Act]:
    close = Act("close", "hospital.close_case", lambda actor, row, said: service.close_case(actor, row))
    row = case.follow_ups.filter(status="planned").order_by("planned_on").first()
    if row is None:
        return [close]
    page = reverse("desk:hospital_follow_up", args=[row.pk])
    steps = ("follow", "follow_improved")
    return [*(Act(step, "hospital.record_follow_up", _elsewhere, page=page, for_good=True) for step in steps), close]


@facts
def of_treatment_facts(case: Case) -> dict[str, Any]:
    """What the guards of prescription, verification and end read."""
    return prescriptions.facts(case) | proofs.facts(case) | follow.facts(case)
