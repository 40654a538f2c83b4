"""The page of one report (举报): how far it has come, the one next step, its term; and a clue found in a mediation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of, may_read
from qualipolis.city.core.policy import page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.intake import identities
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.reports.lists import HANDLERS
from qualipolis.city.listen.reports.models import Document, Report
from qualipolis.city.listen.reports.queries import RELATED
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, progress, take
from qualipolis.faces.desk.rooms.listen import report_acts
from qualipolis.faces.desk.rooms.listen.complaint import papers_of
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.listening.grounds import NOT_FILED, order_on

WAY = (
    (gettext_lazy("Received"), ("received",), ("listen.check_report",)),
    (gettext_lazy("Clue checked"), ("checking", "extended"), ("listen.file_report", "listen.not_file_report")),
    (gettext_lazy("Informant told"), ("filed", "not_filed"), ("listen.inform_informant",)),
    (gettext_lazy("Dealt with"), ("informed",), ("listen.close_report",)),
)
WAITS = {
    "transferred": gettext_lazy("Another authority handles it."),
    "merged": gettext_lazy("It is handled together with the earlier report."),
    "closed": gettext_lazy("The report is closed."),
    "checking": gettext_lazy("The inspector checks the clue."),
    "extended": gettext_lazy("The inspector checks the clue."),
    "filed": gettext_lazy("The complaint desk tells the informant."),
    "not_filed": gettext_lazy("The complaint desk tells the informant."),
}


@page(*HANDLERS)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one report."""
    row = get_object_or_404(visible(request.user, Report.objects.select_related(*RELATED)), pk=pk)
    found = offers(request, row, report_acts.acts_of(request, row), report_acts.facts_of(row))
    marks = after.marks(request, row, report_acts.marks_of(request, row))
    if request.method == "POST" and (after.take_mark(request, row, marks) or take(request, row, found)):
        return redirect("desk:listen_report", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/report.html", _context(request, row, found, marks), status=status)


def _context(request: HttpRequest, row: Report, found: list[Any], marks: list[Any]) -> dict[str, Any]:
    actor, told = request.user, history(row)
    mine = row.inspector_id in (None, actor.pk) or row.status not in ("checking", "extended")
    shown = page_of(request, row, found if mine else [], "desk:listen_report")
    ground = NOT_FILED.get(row.reason_code)
    sees_letter = row.letter and visible(actor, Letter.objects.filter(pk=row.letter_id)).exists()
    return shown | {
        "stage": "listen",
        "waits": after.with_whom(WAITS, row),
        "beside": shown["beside"] if mine else [one for one in found if not one.blocked],
        "steps": progress(row, WAY, told, mine=bool(shown["box"])) if row.status in _states() else [],
        "order": _(order_on(row.received_on)),
        "ground": _(ground.words) if ground else "",
        "letter_url": address("desk:listen_letter", row.letter_id) if sees_letter else "",
        "may_open": bool(row.letter and identities.may_open(actor, row.letter)),
        "photos": [one for one in files_of([row.letter])[row.letter.pk] if may_read(actor, one)] if row.letter else [],
        "complaint": _complaint(actor, row),
        "joined": list(row.joined.all()),
        "papers": papers_of(request, Document.objects.filter(report=row)),
        "marks": marks,
        "history": told,
        "undo": undo_offer(actor, f"listen.report:{row.pk}"),
        "crumbs": [(_("Reports of violations"), reverse("desk:listen_reports")), (row.number, "")],
    }


def _states() -> set[str]:
    return {state for _name, states, _verbs in WAY for state in states}


def _complaint(actor: Any, row: Report) -> Complaint | None:
    """Return the complaint in whose mediation a clue was found, or that of the same letter, for who sees it."""
    found = row.complaint or getattr(row.letter, "complaint", None)
    seen = found is not None and visible(actor, Complaint.objects.filter(pk=found.pk)).exists()
    return found if seen else None


class ClueForm(forms.Form):
    """A clue found in a mediation."""

    facts = forms.CharField(
        label=gettext_lazy("What points to a violation"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Only about the firm. Names and telephone numbers of the complainant are taken out."),
    )  # fmt: skip


@page("complaint_desk", "mediator")
def clue(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a clue that was found while a complaint was mediated."""
    row = get_object_or_404(
        visible(request.user, Complaint.objects.select_related("letter", "unit", "mediator")), pk=pk
    )
    form = ClueForm(request.POST if request.method == "POST" else None)
    made: list[Report] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.note_clue(request.user, row, said["facts"])),
        _("Noted. The clue is checked apart from the mediation."),
    ):  # fmt: skip
        return redirect("desk:listen_complaint", pk)
    context = {
        "stage": "listen", "heading": _("Note a clue"), "form": form, "button": _("Note the clue"),
        "lead": _("It becomes a report of its own; the mediation goes on."),
        "crumbs": [(_("Complaints"), reverse("desk:listen_complaints")),
                   (row.number, reverse("desk:listen_complaint", args=[pk])), (_("Clue"), "")],
    }  # fmt: skip
    return render(request, "hospital/form_page.html", context, status=400 if form.errors else 200)
