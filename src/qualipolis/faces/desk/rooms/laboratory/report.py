"""The page of one version of a report in the laboratory, and the report on paper; both know the code alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page
from qualipolis.city.core.queries import file_stem
from qualipolis.city.supervise.laboratory import queries, reports
from qualipolis.city.supervise.laboratory.queries import LabReport, LabSample, LabValue
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import Act, chip, day_field, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.laboratory.home import STAGE, crumbs
from qualipolis.faces.desk.rooms.laboratory.results import outcome_chip, risk_words
from qualipolis.faces.desk.rooms.laboratory.sample import history_of, sample_or_404, undo_here
from qualipolis.faces.report import test_report_city
from qualipolis.faces.report.test_report_city import limit_words, uncertainty_words, value_words

PATH = (
    (gettext_lazy("Enter the results"), ("draft", "returned", "amending"), ("supervise.submit_report",)),
    (gettext_lazy("Sign the report"), ("checked",), ("supervise.sign_report",)),
    (gettext_lazy("Issue the report"), ("signed",), ("supervise.issue_report",)),
    (gettext_lazy("Accepted by the organiser"), ("issued",), ("supervise.accept_report",)),
)
FORWARD = ("sign", "issue")
VERDICTS = {
    "pass": ("ok", gettext_lazy("No nonconformity found in the inspected sample")),
    "fail": ("bad", gettext_lazy("The inspected sample is nonconforming")),
}


@dataclass(frozen=True)
class Line:
    """One item as the report shows it."""

    value: LabValue
    limit: str
    measured: str
    uncertainty: str
    chip: parts.Chip
    why: str
    risk: str


def line_of(value: LabValue) -> Line:
    """Return one item of a report for a page."""
    decision = value.decision
    why = _(decision.why) % decision.params
    return Line(value, limit_words(value.item), value_words(value), uncertainty_words(value), outcome_chip(value), why,
                risk_words(value))  # fmt: skip


def verdict_chip(verdict: str) -> parts.Chip:
    """Return the verdict in the words of the standard; without one the report is open."""
    kind, words = VERDICTS.get(verdict, ("idle", gettext_lazy("no verdict yet")))
    return parts.Chip(kind, str(words))


def report_or_404(request: HttpRequest, code: str, version: int) -> tuple[LabSample, LabReport, list[LabReport]]:
    """Return a sample with one version of its report and all its versions."""
    sample = sample_or_404(request, code)
    versions = queries.lab_reports(request.user, [sample.code]).get(sample.code, [])
    found = next((one for one in versions if one.version == version), None)
    if found is None:
        raise Http404
    return sample, found, versions


@page("laboratory")
def report(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """One version of a report: sign, return, issue, amend."""
    sample, row, versions = report_or_404(request, code, version)
    acts = [] if row.replaced else _acts()
    found = offers(request, row, acts, _facts(request, row))
    if request.method == "POST" and take(request, row, found):
        latest = queries.lab_reports(request.user, [sample.code])[sample.code][0]
        return redirect("desk:lab_report", sample.code, latest.version)
    told = history_of(request.user, sample.code)
    context = page_of(request, row, found, "desk:lab_report", row.code, row.version) | {
        "stage": STAGE,
        "sample": sample,
        "steps": progress(row, PATH, told, mine=bool(found)) if row.status != "withdrawn" else [],
        "lines": [line_of(value) for value in row.values],
        "verdict": verdict_chip(row.verdict),
        "versions": [(one, chip("test_report", one.status), one.version == version) for one in versions],
        "history": told,
        "undo": undo_here(request.user, sample.code),
        "waits": _waits(row),
        "due": None,
        "crumbs": crumbs(
            (sample.code, reverse("desk:lab_sample", args=[sample.code])),
            (_("Report, version %(n)s") % {"n": version}, ""),
        ),
    }
    if context["box"] and not any(offer.act.step in FORWARD and not offer.blocked for offer in found):
        # another person's turn: sending it back stays possible, but is not the next step
        context |= {"box": None, "beside": [offer for offer in found if not offer.blocked]}
    if row.writable:
        url = reverse("desk:lab_results", args=[row.code])
        context["box"] = parts.NextStep(_("Complete the results"), _("To the results"), url, _("yours"), method="get")
    return render(request, "laboratory/report.html", context, status=400 if request.method == "POST" else 200)


def _facts(request: HttpRequest, row: LabReport) -> dict[str, Any]:
    real = reports.report_of(row)
    known = reports.facts_of(real)
    if reports.own_work(request.user, row):
        known["submitted_by"] = request.user.pk
    return known


def _acts() -> list[Act]:
    number = lambda: forms.CharField(label=_("Number of the report"), max_length=60)  # noqa: E731
    return [
        Act("sign", "supervise.sign_report", lambda actor, row, said: reports.sign(actor, row, signatory=said["signatory"]),
            title=_("Check the values and sign")),
        Act("issue", "supervise.issue_report", _issue, {"document_no": number, "issued_on": day_field},
            help=_("The organiser gets it at once; a mistake found later is amended as a new version.")),
        Act("back", "supervise.return_report", lambda actor, row, said: reports.back(actor, row, reason=said["reason"])),
        Act("amend", "supervise.amend_report", lambda actor, row, said: reports.amend(actor, row, reason=said["reason"]),
            help=_("A new version opens; this one stays readable as it is.")),
    ]  # fmt: skip


def _issue(actor: Any, row: LabReport, said: Mapping[str, Any]) -> Any:
    return reports.issue(actor, row, document_no=said["document_no"], issued_on=said["issued_on"])


def _waits(row: LabReport) -> str:
    if row.replaced:
        return _("A later version replaced this one; it stays as it was.")
    if row.status == "checked":
        return _("It waits for the signature of somebody who entered none of its values.")
    return {"issued": _("Issued. The organiser accepts it."), "accepted": _("The organiser accepted it."),
            "withdrawn": _("The report was withdrawn by a document.")}.get(row.status, "")  # fmt: skip


@page("laboratory")
@require_safe
def report_pdf(request: HttpRequest, code: str, version: int, lang: str) -> HttpResponse:
    """One version of a report as PDF in Chinese or English."""
    sample, row, _versions = report_or_404(request, code, version)
    return pdf_response(sample, row, lang)


def pdf_response(sample: LabSample, row: LabReport, lang: str) -> HttpResponse:
    """Return the report on paper; its file is named by code and version."""
    if lang not in ("zh", "en"):
        raise Http404
    data = BytesIO(test_report_city.pdf(sample, row, lang))
    name = f"{file_stem(f'report-{row.code}-{row.version}')}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
