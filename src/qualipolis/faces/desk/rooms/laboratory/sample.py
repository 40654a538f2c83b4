"""The page of one sample in the laboratory: receipt check, refusal, licence, what is to be tested, its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page
from qualipolis.city.core.undo import open_for
from qualipolis.city.supervise.laboratory import bench as laboratory
from qualipolis.city.supervise.laboratory import queries
from qualipolis.city.supervise.laboratory.backup import receive_called
from qualipolis.city.supervise.laboratory.queries import LAB_VERBS, LabItem, LabReport, LabSample
from qualipolis.city.supervise.laboratory.scope_check import coverage, wanted_of
from qualipolis.city.supervise.models import RuleItem, Seal
from qualipolis.city.supervise.results import rechecks
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, Offer, chip, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.laboratory.fields import (
    PhotosField,
    licence_field,
    receipt_fields,
    receipt_said,
)
from qualipolis.faces.desk.rooms.laboratory.home import STAGE, crumbs
from qualipolis.faces.desk.rooms.measure.pieces import Told, deadline, history, undo_offer
from qualipolis.faces.report.test_report_city import limit_words

PATH = (
    (gettext_lazy("Receive"), ("in_transit",), ("supervise.receive_sample",)),
    (gettext_lazy("Check the licence"), ("received",), ("supervise.begin_test",)),
    (gettext_lazy("Test and report"), ("testing",), ("supervise.issue_report",)),
    (gettext_lazy("Keep until the windows are over"), ("reported",), ()),
)
RECHECK_PATH = (
    (gettext_lazy("Receive"), ("designated",), ("supervise.check_backup", "supervise.receive_backup")),
    (gettext_lazy("Test and report"), ("testing",), ("supervise.issue_report",)),
)
HISTORY = tuple(f"supervise.{name}" for name in (*LAB_VERBS, "receive_backup"))
SEAL_CHIPS = {Seal.Found.INTACT: "ok", Seal.Found.BROKEN: "bad", Seal.Found.MISMATCH: "bad"}


@dataclass(frozen=True)
class ItemLine:
    """One item of the list of what is tested."""

    item: LabItem
    limit: str
    decision: str
    certificate: str


def sample_or_404(request: HttpRequest, code: str) -> LabSample:
    """Return the sample with this code, if it is one of the laboratory's own."""
    found = queries.lab_sample(request.user, code.upper())
    if found is None:
        raise Http404
    return found


@page("laboratory")
def sample(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one sample under its blind code."""
    row = sample_or_404(request, code)
    found = offers(request, row, _acts(row), _facts(row))
    if request.method == "POST" and take(request, row, found):
        return redirect("desk:lab_sample", row.code)
    reports = queries.lab_reports(request.user, [row.code]).get(row.code, [])
    told = history_of(request.user, row.code)
    context = page_of(request, row, found, "desk:lab_sample", row.code) | {
        "stage": STAGE,
        "steps": [] if row.status in ("rejected_at_lab", "stopped", "untestable", "backup_lost") else progress(
            row, RECHECK_PATH if row.part == "backup" else PATH, told, mine=bool(found)),
        "items": _lines(row),
        "seals": [(seal, parts.Chip(SEAL_CHIPS.get(seal.found, "idle"), _seal_words(seal.found))) for seal in row.seals],
        "receipt": queries.lab_receipt(request.user, row.code),
        "files": queries.receipt_files(request.user, row.code),
        "reports": [(one, chip("test_report", one.status)) for one in reports],
        "history": told,
        "undo": undo_here(request.user, row.code),
        "crumbs": crumbs((row.code, "")),
        "waits": _waits(row, reports),
    }  # fmt: skip
    if row.under_test:
        context |= _entry_first(request, row, found, next(iter(reports), None))
    if row.status in ("reported", "upheld", "reversed"):
        context["due"] = None
    return render(request, "laboratory/sample.html", context, status=400 if request.method == "POST" else 200)


def history_of(user: Any, code: str) -> list[Told]:
    """Return what the laboratory did with a sample; what others did on the way to it is not told here."""
    return history(*queries.ledger_names(user, code), verbs=HISTORY)


def undo_here(user: Any, code: str) -> dict[str, Any] | None:
    """Return the step that can be taken back, when it concerns this sample or its report."""
    latest = open_for(user)
    return undo_offer(user) if latest and latest.event.thing in queries.ledger_names(user, code) else None


def _facts(row: LabSample) -> dict[str, Any]:
    """Return what is known now; how the seals are found and what is seen of the licence comes with the form."""
    known: dict[str, Any] = {"seal_intact": True, "licence_checked": True}
    if row.part == "test":
        real = laboratory.sample_of(row)
        known |= {"items_out_of_scope": laboratory.beyond_scope(real), "final_from": laboratory.windows_over_from(real)}
    else:
        known["items_out_of_scope"] = 0  # asked again when it is received
    return known


def _acts(row: LabSample) -> list[Act]:
    if row.part == "backup":
        return _backup_acts()(row)
    whole, some = receipt_fields(row, complete=True), receipt_fields(row, complete=False)
    proof = {"proof": lambda: PhotosField(label=_("Proof"), camera=False)}
    return [
        Act("receive", "supervise.receive_sample", _receive, whole, _("Check and receive the sample"),
            _("A broken seal, another number or another quantity: refuse the sample in writing.")),
        Act("begin", "supervise.begin_test", _begin, {"licence": licence_field}, _("Check the licence, then begin")),
        Act("give_back", "supervise.give_back_sample", lambda actor, thing, said: laboratory.give_back(actor, thing)),
        Act("dispose", "supervise.dispose_sample", lambda actor, thing, said: laboratory.dispose(actor, thing)),
        Act("reject", "supervise.reject_sample", _reject, some, help=_("The task goes back to the organiser today.")),
        Act("stop", "supervise.stop_test", lambda actor, thing, said: laboratory.stop(actor, thing, **_reason(said))),
        Act("give_up", "supervise.give_up_test", _give_up, proof, help=_("The sample stays out of the pass rate.")),
    ]  # fmt: skip


def _backup_acts() -> Any:
    def acts(row: LabSample) -> list[Act]:
        lost = lambda actor, thing, said: rechecks.report_lost(actor, thing, said["reason"])  # noqa: E731
        return [
            Act("receive", "supervise.check_backup", _receive_backup, receipt_fields(row, complete=True),
                _("Check and receive the backup sample")),
            Act("lost", "supervise.report_lost_backup", lost),
        ]  # fmt: skip

    return acts


def _receive(actor: Any, row: LabSample, said: dict[str, Any]) -> Any:
    return laboratory.receive(actor, row, **receipt_said(row, said))


def _receive_backup(actor: Any, row: LabSample, said: dict[str, Any]) -> Any:
    return receive_called(actor, row, **receipt_said(row, said))


def _reject(actor: Any, row: LabSample, said: dict[str, Any]) -> Any:
    return laboratory.reject(actor, row, **_reason(said), **receipt_said(row, said))


def _begin(actor: Any, row: LabSample, said: dict[str, Any]) -> Any:
    return laboratory.begin(actor, row, licence=said["licence"])


def _give_up(actor: Any, row: LabSample, said: dict[str, Any]) -> Any:
    return laboratory.give_up(actor, row, **_reason(said), proof=said["proof"])


def _reason(said: dict[str, Any]) -> dict[str, str]:
    return {"reason": said["reason"]}


def _entry_first(request: HttpRequest, row: LabSample, found: list[Offer], report: LabReport | None) -> dict[str, Any]:
    """Under test the next step is the report; giving up or losing the sample stands beside it."""
    box = None
    if can(request.user, "supervise.enter_items", row):
        if report is None or report.writable:
            title, button, url = (
                _("Enter the results"),
                _("To the results"),
                reverse("desk:lab_results", args=[row.code]),
            )
        else:
            title, button = _("Go on with the report"), _("To the report")
            url = reverse("desk:lab_report", args=[row.code, report.version])
        box = parts.NextStep(title, button, url, _("yours"), deadline=deadline(row.due_on), method="get")
    return {"box": box, "beside": [offer for offer in found if not offer.blocked]}


def _lines(row: LabSample) -> list[ItemLine]:
    decisions = dict(RuleItem.Decision.choices)
    wanted = wanted_of(row.category, row.standard, [(item.name_zh, item.method) for item in row.items])
    covered = coverage(laboratory.sample_of(row).laboratory_id, wanted, timezone.localdate())
    return [
        ItemLine(item, limit_words(item), str(decisions.get(item.decision, item.decision)), found.certificate)
        for item, found in zip(row.items, covered, strict=True)
    ]


def _seal_words(found: str) -> str:
    return str(dict(Seal.Found.choices).get(found, _("not looked at yet")))


def _waits(row: LabSample, reports: list[LabReport]) -> str:
    if row.status == "reported":
        return _("Reported. Keep what is left of the sample until the windows of all parties are over.")
    if row.status in ("upheld", "reversed"):
        return _("The recheck is concluded.")
    return row.reason or _("Nothing here waits for you.")
