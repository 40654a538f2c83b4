"""The page of one's own letter: opened by number and code, with where it stands and what only the sender can do."""

from __future__ import annotations

from collections.abc import Callable
from time import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qualipolis.city.core.accounts import address_of
from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.listen import service
from qualipolis.city.listen.intake import tracking
from qualipolis.city.listen.intake.identities import ASKED
from qualipolis.city.listen.intake.letters import PUBLIC
from qualipolis.city.listen.intake.said import ID_KINDS
from qualipolis.city.listen.intake.tracking import Tracked
from qualipolis.city.listen.models import Complaint, Letter
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.listen.complaint_words import deadline
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.portal.listen import show
from qualipolis.faces.portal.listen_forms import Tracking
from qualipolis.faces.portal.listen_words import document_of, state_of, steps_of
from qualipolis.methods.problems import InputError

KEY, SECONDS = "listen_letter", 1800
MEDIATED = ("mediating", "entrusted")
UNDER_WAY = (*ASKED, "accepted", *MEDIATED, "paused")
OVER = ("agreed", "ended", "closed")


class Identity(forms.Form):
    """What is missing of the identity."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=40, required=False)
    address = forms.CharField(label=gettext_lazy("Address for letters"), max_length=160, required=False)
    id_kind = forms.ChoiceField(label=gettext_lazy("Proof of identity"), choices=())
    id_number = forms.CharField(label=gettext_lazy("Its number"), max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_kind"].choices = [(code, _(words)) for code, words in ID_KINDS.items()]  # type: ignore[attr-defined]


class Withdrawal(forms.Form):
    """Why a complaint is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("Why, in a few words"), max_length=400)


class Nothing(forms.Form):
    """A button alone."""


class Rating(forms.Form):
    """How satisfied the sender is."""

    satisfaction = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you with how your complaint was handled?"), coerce=int,
        choices=[(5, gettext_lazy("5, very")), (4, "4"), (3, "3"), (2, "2"), (1, gettext_lazy("1, not at all"))],
        widget=forms.RadioSelect,
    )  # fmt: skip


def _agrees(agrees: bool) -> Callable[[Tracked, dict[str, Any]], Any]:
    return lambda one, said: service.answer_test(PUBLIC, one.complaint, "complainant", agrees)


ACTS: dict[str, tuple[type[forms.Form], Callable[[Tracked, dict[str, Any]], Any]]] = {
    "identity": (Identity, lambda one, said: service.complete_identity(PUBLIC, one.letter, said)),
    "agree_test": (Nothing, _agrees(True)),
    "refuse_test": (Nothing, _agrees(False)),
    "sign": (Nothing, lambda one, said: service.sign_agreement(PUBLIC, one.complaint, "complainant")),
    "aside": (Nothing, lambda one, said: service.ask_aside(PUBLIC, one.complaint, "complainant")),
    "rate": (Rating, lambda one, said: service.rate_complaint(PUBLIC, one.complaint, said["satisfaction"])),
    "withdraw": (Withdrawal, lambda one, said: service.withdraw_complaint(PUBLIC, one.complaint, said["reason"])),
}


@page(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Number and code open the page of a letter."""
    form = Tracking(request.POST if request.method == "POST" else None, auto_id="id_%s")
    if request.method == "POST" and form.is_valid():
        try:
            letter = tracking.find(form.cleaned_data["number"], form.cleaned_data["code"], address_of(request))
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem_words(problem))
        else:
            request.session[KEY] = [letter.pk, int(time()) + SECONDS]
            return redirect("portal:listen_tracked")
    return show(request, "track", [(_("Your letter"), "")], {"form": form}, 400 if form.errors else 200)


def opened(request: HttpRequest) -> Letter | None:
    """Return the letter that this browser opened within the last half hour."""
    pk, until = request.session.get(KEY, [0, 0])
    if until < time():
        return None
    return Letter.objects.select_related("unit", "complaint", "report").filter(pk=pk).first()


@page(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest) -> HttpResponse:
    """Where the letter stands, its documents, and the one thing that waits for the sender."""
    letter = opened(request)
    if letter is None:
        request.session.pop(KEY, None)
        return redirect("portal:listen_track")
    found = tracking.tracked(letter)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    form: Any = None
    if do in ACTS and found.complaint is not None:
        kind, act = ACTS[do]
        form = kind(request.POST, auto_id=f"id_{do}_%s")
        if attempt(request, form, lambda said: act(found, said), _("Done. Thank you.")):
            return redirect("portal:listen_tracked")
    return show(request, "tracked", [(letter.reference, "")], _context(found, do, form), 400 if form else 200)


def _context(found: Tracked, do: str, form: Any) -> dict[str, Any]:
    complaint = found.complaint
    waits = _waits(complaint) if complaint else ""
    return {
        "letter": found.letter,
        "complaint": complaint,
        "report": found.report,
        "complaint_state": state_of(complaint) if complaint else None,
        "report_state": state_of(found.report) if found.report else None,
        "steps": steps_of(complaint) if complaint else [],
        "due": deadline(complaint) if complaint else None,
        "waits": waits,
        "form": form if form is not None and do == waits else _blank(waits),
        "refused": form if form is not None and do != waits else None,
        "withdrawal": form if do == "withdraw" else Withdrawal(auto_id="id_withdraw_%s"),
        "may_withdraw": complaint is not None and complaint.status in UNDER_WAY,
        "may_ask_aside": complaint is not None and complaint.status in MEDIATED and not complaint.aside_by,
        "documents": [(one, document_of(one)) for one in found.documents],
    }


def _blank(waits: str) -> Any:
    kind = ACTS[waits][0] if waits in ACTS else Nothing
    return kind(auto_id=f"id_{waits}_%s")


def _waits(row: Complaint) -> str:
    """Return what waits for the sender: at most one thing."""
    if row.status == "identity_requested":
        return "identity"
    if row.status in MEDIATED and row.terms and not row.no_paper and row.complainant_signed_on is None:
        return "sign"
    if row.status in MEDIATED and row.test_asked_on and row.complainant_agrees is None:
        return "agree_test"
    return "rate" if row.status in OVER and row.satisfaction is None else ""


@page(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document to read; the sender confirms that it arrived."""
    letter = opened(request)
    if letter is None:
        return redirect("portal:listen_track")
    found = tracking.tracked(letter)
    row = next((one for one in found.documents if one.pk == pk), None)
    if row is None:
        raise Http404
    party = "complainant" if row.complaint_id else "informant"
    form = Nothing(request.POST if request.method == "POST" else None)
    if request.method == "POST" and attempt(
        request, form, lambda said: service.confirm_document(PUBLIC, row, party), _("Noted that you have received it.")
    ):
        return redirect("portal:listen_document", pk)
    served = row.services.filter(party=party).first()
    context = {"document": row, "words": document_of(row), "served": served, "letter": letter, "form": form}
    crumbs = [(letter.reference, reverse("portal:listen_tracked")), (document_of(row).title, "")]
    return show(request, "document", crumbs, context)


@page(ANYONE)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page of a letter on this device."""
    request.session.pop(KEY, None)
    messages.success(request, _("The page of your letter is closed on this device."))
    return redirect("portal:listen")
