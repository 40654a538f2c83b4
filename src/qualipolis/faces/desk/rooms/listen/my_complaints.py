"""The firm's own pages on the phone: complaints about it, what it is asked, what it signs, what it has received."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints import queries
from qualipolis.city.listen.complaints.models import Complaint, ComplaintAnswer
from qualipolis.city.listen.complaints.registering import facts_for_parties
from qualipolis.city.listen.intake.identities import without_sender
from qualipolis.city.listen.intake.models import Letter
from qualipolis.city.listen.reports.models import Document
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.listen import complaint_words as words
from qualipolis.faces.desk.rooms.measure.pieces import deadline
from qualipolis.law.listening.documents import BY_CODE, OTHER_WAYS
from qualipolis.methods.problems import Problem, msg, refuse

UNDER_WAY = ("accepted", "mediating", "entrusted", "paused")
MEDIATED = ("mediating", "entrusted")
MOST = 60


class AnswerForm(forms.Form):
    """What the firm says and offers."""

    words = forms.CharField(
        label=gettext_lazy("What happened, from your side"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    offer = forms.CharField(
        label=gettext_lazy("What you offer"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For example a refund, an exchange, a repair, an amount. Both sides are free to say no."),
    )  # fmt: skip


@page("enterprise")
def my_complaints(request: HttpRequest) -> HttpResponse:
    """The complaints about one's own firm: what waits for the firm first."""
    asked = {one.complaint_id: one for one in queries.questions(request.user) if one.status == "asked"}
    papers = {one.complaint_id for one in queries.to_confirm(request.user)}
    signs = set(queries.to_sign(request.user).values_list("pk", flat=True))
    tests = set(queries.to_agree(request.user).values_list("pk", flat=True))
    rows = [_line(row, asked.get(row.pk), signs, tests, papers) for row in queries.of_own_firm(request.user)[:MOST]]
    rows.sort(key=lambda one: (not one["next"], one["row"].ended, -one["row"].pk))
    shown = {
        "stage": "listen", "rows": rows, "waiting": sum(bool(one["next"]) for one in rows),
        "crumbs": [(_("Complaints about us"), "")],
    }  # fmt: skip
    return render(request, "listen/my_complaints.html", shown)


def _line(
    row: Complaint, asked: ComplaintAnswer | None, signs: set[int], tests: set[int], papers: set[Any]
) -> dict[str, Any]:
    next_ = ""
    if asked:
        next_ = _("Answer")
    elif row.pk in signs:
        next_ = _("Read the agreement and sign")
    elif row.pk in tests:
        next_ = _("Answer about the test")
    elif row.pk in papers:
        next_ = _("Confirm a document")
    return {
        "row": row, "title": without_sender(row.letter, row.letter.product_name) or _("Complaint"), "state": words.state_chip(row), "next": next_,
        "due": deadline(asked.due_on) if asked else None, "question": asked.question if asked else "",
    }  # fmt: skip


@page("enterprise")
def my_complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint about the firm, redacted, with everything the firm can do."""
    rows = visible(request.user, Complaint.objects.select_related("letter__identity", "enterprise", "unit", "mediator"))
    row = get_object_or_404(rows.filter(pk__in=queries.of_own_firm(request.user).values("pk")), pk=pk)
    asked = row.answers.filter(status__in=("asked", "silent")).order_by("pk").first()
    answering = request.method == "POST" and request.POST.get("do") == "answer"
    form = AnswerForm(request.POST if answering else None)
    plain = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        used = form if answering else plain
        if attempt(request, used, lambda said: _done(request, row, asked, said), _("Done.")):
            return redirect("desk:my_complaint", pk)
    shown = _context(request, row, asked, form)
    shown["errors"] = [("", str(one)) for one in plain.non_field_errors()] if plain.is_bound else []
    status = 400 if request.method == "POST" else 200
    return render(request, "listen/my_complaint.html", shown, status=status)


def _done(request: HttpRequest, row: Complaint, asked: ComplaintAnswer | None, said: dict[str, Any]) -> None:
    """Take what was posted; an unknown word is nothing that can be done."""
    do, actor = request.POST.get("do", ""), request.user
    if do == "answer" and asked is not None:
        service.answer_complaint(actor, asked, said["words"], said["offer"])
    elif do in ("test_yes", "test_no"):
        service.answer_test(actor, row, "respondent", do == "test_yes")
    elif do == "sign":
        service.sign_agreement(actor, row, "respondent")
    elif do == "aside":
        service.ask_aside(actor, row, "respondent")
    elif do.startswith("confirm:") and do.removeprefix("confirm:").isdigit():
        papers = visible(actor, Document.objects.filter(complaint=row))
        service.confirm_document(actor, get_object_or_404(papers, pk=int(do.removeprefix("confirm:")[:18])))
    else:
        refuse([Problem("nothing", msg("Nothing here waits for you."))])


def _context(request: HttpRequest, row: Complaint, asked: ComplaintAnswer | None, form: AnswerForm) -> dict[str, Any]:
    papers = visible(request.user, Document.objects.filter(complaint=row)).prefetch_related("services").order_by("pk")
    live = row.status in UNDER_WAY
    return {
        "stage": "listen",
        "row": row,
        "title": without_sender(row.letter, row.letter.product_name) or _("Complaint"),
        "state": words.state_chip(row),
        "due": words.deadline(row),
        "lead": words.lead_of(row),
        "steps": words.way(row, mine=bool(asked and live)),
        "facts": facts_for_parties(row),
        "claim": without_sender(row.letter, row.letter.claim),
        "letter": row.letter,
        "marks": _marks(row.letter),
        "asked": asked if live else None,
        "asked_due": deadline(asked.due_on) if asked else None,
        "form": form,
        "answers": list(row.answers.filter(status="answered")),
        "to_sign": row.status in MEDIATED and bool(row.terms) and not row.no_paper and row.respondent_signed_on is None,
        "to_test": row.status in MEDIATED and row.test_asked_on is not None and row.respondent_agrees is None,
        "may_aside": row.status in MEDIATED and not row.aside_by,
        "who": row.mediator.name if row.mediator else (str(row.mediator_person or row.officer or "")),
        "papers": [_paper(one) for one in papers],
        "other_ways": [_(one) for one in OTHER_WAYS] if row.status in ("ended", "closed") and row.reason_code else [],
        "crumbs": [(_("Complaints about us"), reverse("desk:my_complaints")), (row.number, "")],
    }


def _marks(letter: Letter) -> dict[str, str]:
    """Return brand, model and batch as the firm may read them."""
    return {name: without_sender(letter, getattr(letter, name)) for name in ("brand", "model", "batch")}


def _paper(one: Document) -> dict[str, Any]:
    mine = next((service_ for service_ in one.services.all() if service_.party == "respondent"), None)
    chip = parts.Chip("ok", _("received")) if mine else parts.Chip("wait", _("to confirm"))
    return {"row": one, "title": _(BY_CODE[one.code].title), "mine": mine, "chip": chip, "text": one.content["text"]}
