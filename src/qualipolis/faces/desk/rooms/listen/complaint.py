"""The page of one complaint (投诉): how far it has come, the one next step, its term and order, and everything kept of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import files_of, may_read
from qualipolis.city.core.policy import can, page, roles_of, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints import pauses
from qualipolis.city.listen.complaints.endings import untold
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.registering import facts_for_parties
from qualipolis.city.listen.intake import identities
from qualipolis.city.listen.reports.clues import FROM as CLUE_FROM
from qualipolis.city.listen.reports.documents import PARTIES, unserved
from qualipolis.city.listen.reports.models import Document
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.listen import complaint_acts, complaint_next
from qualipolis.faces.desk.rooms.listen import complaint_words as words
from qualipolis.faces.desk.rooms.listen.complaint_document import HANDLING, complaint_of
from qualipolis.faces.desk.rooms.listen.complaint_marks import marks_of
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.listening.documents import BY_CODE, SERVICE


class ServeForm(forms.Form):
    """The service of one document on one party."""

    def __init__(self, document: Document, parties: tuple[str, ...], data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_serve{document.pk}_%s")
        self.fields["party"] = forms.ChoiceField(
            label=_("Served on"), choices=[(one, _(PARTIES[one])) for one in parties]
        )
        self.fields["method"] = forms.ChoiceField(
            label=_("How"), choices=[(code, _(text)) for code, text in SERVICE.items()]
        )
        self.fields["served_on"] = after.day(_("On the day"), initial=timezone.localdate)()
        self.fields["proof"] = forms.CharField(label=_("What proves it"), max_length=200)


@page(*HANDLING)
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one complaint."""
    row = complaint_of(request, pk)
    found = offers(request, row, complaint_acts.acts_of(request, row), complaint_acts.facts_of(row))
    marks = after.marks(request, row, marks_of(request.user, row))
    if request.method == "POST" and (after.take_mark(request, row, marks) or take(request, row, found)):
        if visible(request.user, Complaint.objects.filter(pk=pk)).exists():
            return redirect("desk:listen_complaint", pk)
        return redirect("desk:listen_complaints")  # it went to the desk of another town
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/complaint.html", _context(request, row, found, marks), status=status)


def _context(request: HttpRequest, row: Complaint, found: list[Any], marks: list[Any]) -> dict[str, Any]:
    lead, aside = complaint_acts.parted(found, row)
    shown = page_of(request, row, lead, "desk:listen_complaint")
    first = complaint_next.first_mark(request.user, row, lead)
    box = complaint_next.box_of_mark(row, first, marks) if first else shown["box"]
    papers = papers_of(request, Document.objects.filter(complaint=row))
    boxed = shown["box"] is box
    beside = [*(shown["beside"] if boxed else [one for one in lead if not one.blocked]), *aside]
    return (
        shown
        | {
            "stage": "listen",
            "state": words.state_chip(row),
            "title": words.title_of(row),
            "lead": words.lead_of(row),
            "due": words.deadline(row),
            "box": None if complaint_next.serving(row, untold(row)) else _with_due(box, row),
            "serving": complaint_next.serving(row, untold(row)),
            "untold": [_(PARTIES[one]) for one in untold(row)],
            "blocked": [one for one in shown["blocked"] if boxed],
            "beside": [one for one in beside if not one.blocked],
            "marks": [(mark, form) for mark, form in marks if mark.name != first],
            "steps": words.way(row, mine=bool(box) or complaint_next.serving(row, untold(row))),
            "waits": complaint_next.waits(request.user, row),
            "papers": papers,
            "history": history(row),
            "undo": undo_offer(request.user, f"listen.complaint:{row.pk}"),
            "crumbs": [(_("Complaints"), reverse("desk:listen_complaints")), (row.number, "")],
        }
        | _kept(request, row)
    )


def _with_due(box: Any, row: Complaint) -> Any:
    from dataclasses import replace

    return replace(box, deadline=words.deadline(row)) if box else None


def _kept(request: HttpRequest, row: Complaint) -> dict[str, Any]:
    """Return everything that is kept of a complaint, as this person may see it."""
    letter, actor = row.letter, request.user
    desk = "complaint_desk" in roles_of(actor)
    term = pauses.term_of(row)
    return {
        "letter": letter,
        "facts": letter.facts if desk else facts_for_parties(row),
        "claim": letter.claim if desk else identities.without_sender(letter, letter.claim),
        "photos": [one for one in files_of([letter])[letter.pk] if may_read(actor, one)],
        "masked": identities.masked(actor, letter),
        "may_open": identities.may_open(actor, letter),
        "letter_url": address("desk:listen_letter", letter.pk) if desk else "",
        "letters": identities.letters_of_year(actor, letter) if desk else None,
        "frequent": identities.frequent(actor, letter) if desk else None,
        "proved": letter.identity.proved,
        "answers": list(row.answers.order_by("pk")),
        "meetings": list(row.meetings.select_related("kept_by")),
        "pauses": list(row.pauses.all()),
        "clocks": words.clock_rows(row),
        "term": term,
        "left": pauses.days_left(row) if row.status == "paused" else None,
        "running": row.status in words.UNDER_WAY,
        "order": words.order_words(row),
        "firm": words.firm_of(row),
        "report": _report(actor, row),
        "can_note": can(actor, "listen.note_clue", row) and row.status in CLUE_FROM,
        "can_call": can(actor, "listen.call_meeting", row) and row.status in ("mediating", "entrusted"),
    }


def _report(actor: Any, row: Complaint) -> Any:
    """Return the report of the same letter, for who may see it."""
    report = getattr(row.letter, "report", None)
    if report is None or not visible(actor, type(report).objects.filter(pk=report.pk)).exists():
        return None
    return {"row": report, "url": address("desk:listen_report", report.pk)}


def papers_of(request: HttpRequest, documents: QuerySet[Document]) -> list[dict[str, Any]]:
    """Return the documents of a matter with their service; what is not served yet has a form."""
    seen = visible(request.user, documents).prefetch_related("services").order_by("pk")
    found = []
    for one in seen:
        missing = unserved(one)
        may = bool(missing) and can(request.user, "listen.serve_document", one)
        found.append(
            {"row": one, "title": _(BY_CODE[one.code].title), "missing": [_(PARTIES[who]) for who in missing],
             "served": [(_(PARTIES[service_.party]), _(SERVICE[service_.method]), service_) for service_ in one.services.all()],
             "form": ServeForm(one, missing) if may else None}
        )  # fmt: skip
    return found


@page(*HANDLING, "inspector")
def serve_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the service of a document on a party; a refusal says why on the page of its complaint or report."""
    one = get_object_or_404(visible(request.user, Document.objects.select_related("complaint", "report")), pk=pk)
    matter, name = (one.complaint, "complaint") if one.complaint_id else (one.report, "report")
    here = reverse(f"desk:listen_{name}", args=[matter.pk])
    form = ServeForm(one, unserved(one), request.POST or None)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.serve_document(request.user, one, **said)
    ):
        return redirect(f"{here}#papers")
    heading = _("Complaints") if one.complaint_id else _("Reports of violations")
    shown = {
        "stage": "listen", "heading": _("Service of %(number)s") % {"number": one.number}, "form": form,
        "button": _("Record the service"),
        "crumbs": [(heading, reverse(f"desk:listen_{name}s")), (matter.number, here), (one.number, "")],
    }  # fmt: skip
    return render(request, "hospital/form_page.html", shown, status=400 if form.errors else 200)
