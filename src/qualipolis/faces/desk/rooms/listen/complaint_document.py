"""Steps that issue a document, on a page of their own: first its facts, then its suggested words, which a person may change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.listen import service
from qualipolis.city.listen.complaints.checks import identity_facts
from qualipolis.city.listen.complaints.models import Complaint
from qualipolis.city.listen.complaints.suggestions import suggested
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Fields, law_of
from qualipolis.faces.desk.rooms.listen import complaint_words as words
from qualipolis.faces.desk.rooms.supervise.after import area, day, line
from qualipolis.law.flow import Step
from qualipolis.law.listening.documents import BY_CODE, OTHER_WAYS
from qualipolis.law.listening.grounds import ENDINGS, REFUSALS, Ground, grounds_on
from qualipolis.law.listening.guards import identity_given

RELATED = ("letter__identity", "enterprise", "unit", "officer", "mediator", "mediator_person")
HANDLING = ("complaint_desk", "mediator")


@dataclass(frozen=True)
class Paper:
    """A step that issues a document: its verb, its document, what it asks first, and how it is taken."""

    step: str
    verb: str
    code: str
    heading: Any
    call: Callable[[Any, Complaint, dict[str, Any], tuple[str, str]], Any]
    fields: Callable[[Complaint], Fields] = field(default=lambda row: {})


def _grounds(known: Mapping[str, Ground], label: Any) -> Callable[[Complaint], Fields]:
    def fields(row: Complaint) -> Fields:
        found = grounds_on(dict(known), row.received_on)
        choices = [("", "…"), *((code, f"{one.number}. {_(one.words)}") for code, one in found.items())]
        return {
            "reason_code": lambda: forms.ChoiceField(label=label, choices=choices),
            "reason": area(gettext_lazy("What this rests on, in words for the parties"), 1000),
        }

    return fields


def _meeting(row: Complaint) -> Fields:
    return {
        "meets_on": day(gettext_lazy("Day of the meeting"), initial=timezone.localdate),
        "how": line(gettext_lazy("Where or how, with the hour"), 160),
    }


def _missing(row: Complaint) -> Fields:
    problem = identity_given(identity_facts(row))
    contact = problem is not None and problem.code == "no_contact"
    with override("zh-hans"):  # the official words are Chinese whatever the language of the page
        first = _("name and telephone") if contact else _("kind and number of a valid identity document")
    return {"reason": area(gettext_lazy("What is missing"), 1000, initial=first)}


def _authority(row: Complaint) -> Fields:
    return {
        "authority": line(gettext_lazy("Competent authority"), 120, initial=row.authority),
        "reason": area(gettext_lazy("Why it is competent"), 1000),
    }


PAPERS = {
    one.step: one
    for one in (
        Paper("request_identity", "listen.request_identity", "identity", gettext_lazy("Ask for proof of identity"),
              lambda actor, row, said, text: service.request_identity(actor, row, said["reason"], *text), _missing),
        Paper("accept", "listen.accept_complaint", "acceptance", gettext_lazy("Accept the complaint"),
              lambda actor, row, said, text: service.accept_complaint(actor, row, *text)),
        Paper("refuse", "listen.refuse_complaint", "refusal", gettext_lazy("Refuse the complaint"),
              lambda actor, row, said, text: service.refuse_complaint(actor, row, said["reason_code"], said["reason"], *text),
              _grounds(REFUSALS, gettext_lazy("Ground of the refusal"))),
        Paper("transfer", "listen.transfer_complaint", "transfer", gettext_lazy("Pass the complaint on"),
              lambda actor, row, said, text: service.transfer_complaint(actor, row, said["authority"], said["reason"], *text),
              _authority),
        Paper("mediate", "listen.mediate", "mediation", gettext_lazy("Call the parties to mediation"),
              lambda actor, row, said, text: service.mediate(actor, row, said["meets_on"], said["how"], *text), _meeting),
        Paper("call_meeting", "listen.call_meeting", "mediation", gettext_lazy("Call the parties to a meeting"),
              lambda actor, row, said, text: service.call_meeting(actor, row, said["meets_on"], said["how"], *text), _meeting),
        Paper("end", "listen.end_mediation", "ending", gettext_lazy("End the mediation"),
              lambda actor, row, said, text: service.end_mediation(actor, row, said["reason_code"], said["reason"], *text),
              _grounds(ENDINGS, gettext_lazy("Ground of the ending"))),
        Paper("agree", "listen.agree", "agreement", gettext_lazy("Record the agreement"),
              lambda actor, row, said, text: service.agree(actor, row, *text)),
    )
}  # fmt: skip


class FactsForm(forms.Form):
    """What a document rests on."""

    def __init__(self, paper: Paper, row: Complaint, data: Any = None) -> None:
        super().__init__(data)
        for name, make in paper.fields(row).items():
            self.fields[name] = make()


class WordsForm(FactsForm):
    """What a document rests on, and what it says."""

    text = forms.CharField(
        label=gettext_lazy("Words of the document (Chinese, official)"), max_length=8000,
        widget=forms.Textarea(attrs={"rows": 9}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=gettext_lazy("Reading aid in English"), max_length=8000, required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def __init__(self, paper: Paper, row: Complaint, data: Any = None) -> None:
        super().__init__(paper, row, data)
        self.order_fields([*(name for name in self.fields if name not in ("text", "text_en")), "text", "text_en"])


def complaint_of(request: HttpRequest, pk: int) -> Complaint:
    """Return a complaint that this person sees."""
    found: Complaint = get_object_or_404(visible(request.user, Complaint.objects.select_related(*RELATED)), pk=pk)
    return found


def page_for(step: str, row: Complaint) -> str:
    """Return the address of the page on which a step with a document is taken."""
    return reverse("desk:listen_complaint_step", args=[row.pk, step])


def step_in_law(paper: Paper, row: Complaint) -> Step | None:
    """Return the step of the table behind a page, None when it cannot be taken now."""
    if paper.step == "call_meeting":
        allowed = row.status in ("mediating", "entrusted")
        return next(one for one in row.flow.steps if one.name == "mediate") if allowed else None
    return row.flow.find(row.status, paper.step)


@page(*HANDLING)
def complaint_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step that issues a document: facts, then words, then it is issued for good."""
    if (paper := PAPERS.get(step)) is None:
        raise Http404
    row = complaint_of(request, pk)
    if not can(request.user, paper.verb, row):
        raise PermissionDenied(_("Your role does not allow this step. Ask the administrator for a role that does."))
    if (in_law := step_in_law(paper, row)) is None:
        return redirect("desk:listen_complaint", pk)
    form = _form(request, paper, row)
    if "issue" in request.POST and attempt(request, form, lambda said: _taken(request, paper, row, said)):
        return redirect("desk:listen_complaint", pk)
    return render(request, "listen/complaint_document.html", _context(request, paper, row, form, in_law),
                  status=400 if form.errors else 200)  # fmt: skip


def _form(request: HttpRequest, paper: Paper, row: Complaint) -> forms.Form:
    """Return the facts, and the words as soon as the facts are there; ``write`` suggests them anew."""
    if "issue" in request.POST:
        return WordsForm(paper, row, request.POST)
    facts = FactsForm(paper, row, request.POST if request.method == "POST" else None)
    if facts.fields and not (facts.is_bound and facts.is_valid()):
        return facts
    said = dict(facts.cleaned_data) if facts.is_bound and facts.is_valid() else {}
    text, text_en = suggested(paper.code, row, **said)
    made = WordsForm(paper, row)
    made.initial = said | {"text": text, "text_en": text_en}
    return made


def _taken(request: HttpRequest, paper: Paper, row: Complaint, said: dict[str, Any]) -> None:
    paper.call(request.user, row, said, (said["text"], said["text_en"]))


def _context(request: HttpRequest, paper: Paper, row: Complaint, form: forms.Form, step: Step) -> dict[str, Any]:
    document = BY_CODE[paper.code]
    return {
        "stage": "listen",
        "row": row,
        "paper": paper,
        "document": document,
        "title": _(document.title),
        "shows": [_(one) for one in document.shows],
        "other_ways": [_(one) for one in OTHER_WAYS] if document.remedies else [],
        "form": form,
        "written": isinstance(form, WordsForm),
        "facts_first": bool(FactsForm(paper, row).fields),
        "law": law_of(step),
        "order": words.order_words(row),
        "about": words.title_of(row),
        "due": words.deadline(row),
        "crumbs": [(_("Complaints"), reverse("desk:listen_complaints")),
                   (row.number, reverse("desk:listen_complaint", args=[row.pk])), (str(paper.heading), "")],
    }  # fmt: skip
