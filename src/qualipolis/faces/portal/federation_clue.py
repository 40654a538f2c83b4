"""Giving a clue without an account, its receipt, and reading the answer by number and code."""

from __future__ import annotations

from time import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qualipolis.city.core.accounts import address_of
from qualipolis.city.core.policy import ANYONE, page, roles_of
from qualipolis.city.govern import service
from qualipolis.city.govern.bodies import MEMBERS
from qualipolis.city.govern.clues.giving import PUBLIC, find
from qualipolis.city.govern.models import Clue
from qualipolis.city.listen.intake import secrecy
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.federation import show
from qualipolis.faces.portal.federation_forms import ClueForm, Tracking
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import InputError

KEY, SECONDS = "federation_clue", 1800
STATES = {
    "raised": gettext_lazy("We received it and will screen it."),
    "screened": gettext_lazy("It was screened; we say where it belongs."),
    "forwarded": gettext_lazy("It was forwarded to market regulation, which checks it."),
    "referred": gettext_lazy("The product hospital was offered to the firm, which does not learn of the clue."),
    "self_discipline": gettext_lazy("An association looks into it."),
    "handled": gettext_lazy("An association looked into it; the answer follows."),
    "dropped": gettext_lazy("It was not followed up; the answer says why."),
    "answered": gettext_lazy("It was answered."),
    "closed": gettext_lazy("It was answered and is dealt with."),
}


def _quiet(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@page(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def clue(request: HttpRequest) -> HttpResponse:
    """Give a clue on one page."""
    form = ClueForm(request.POST if request.method == "POST" else None, auto_id="id_%s")
    if request.method == "POST" and form.is_valid():
        try:
            given = _given(request, dict(form.cleaned_data))
        except InputError as error:
            for problem in error.problems:
                form.add_error(problem.place if problem.place in form.fields else None, problem_words(problem))
        else:
            return redirect("portal:federation_received", secrecy.token(given.number, given.code))
    days = rule_on("federation.clue.answer", timezone.localdate()).value
    context = {"form": form, "days": days}
    return _quiet(show(request, "clue", [(_("Give a clue"), "")], context, 400 if form.errors else 200))


def _given(request: HttpRequest, said: dict[str, Any]) -> Any:
    """Hand the clue in: as the public; somebody who acts for a firm is only told apart as being of the same trade."""
    identity = {name: said.pop(name) for name in ("name", "phone")}
    said["says_competitor"] = {"yes": True, "no": False}.get(said["says_competitor"])
    member = bool(roles_of(request.user) & set(MEMBERS))
    actor = request.user if member else PUBLIC
    return service.raise_clue(
        actor, None, identity=identity, language=get_language() or "zh-hans", address=address_of(request), **said
    )


@frame.open_page
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt, shown for half an hour."""
    found = secrecy.token_said(token)
    if found is None:
        return redirect("portal:federation_track")
    days = rule_on("federation.clue.answer", timezone.localdate()).value
    return _quiet(
        show(request, "received", [(_("Received"), "")], {"number": found[0], "code": found[1], "days": days})
    )


@page(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and code open the answer."""
    form = Tracking(request.POST if request.method == "POST" else None, auto_id="id_%s")
    if request.method == "POST" and form.is_valid():
        try:
            row = find(form.cleaned_data["number"], form.cleaned_data["code"], address_of(request))
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, problem_words(problem))
        else:
            request.session[KEY] = [row.pk, int(time()) + SECONDS]
            return redirect("portal:federation_tracked")
    return _quiet(show(request, "track", [(_("Your clue"), "")], {"form": form}, 400 if form.errors else 200))


@frame.open_page
def tracked(request: HttpRequest) -> HttpResponse:
    """Where the clue stands, and the answer."""
    pk, until = request.session.get(KEY, [0, 0])
    row = Clue.objects.filter(pk=pk).first() if until > time() else None
    if row is None:
        request.session.pop(KEY, None)
        return redirect("portal:federation_track")
    context = {"row": row, "words": STATES[row.status], "answer": row.answer if row.answered_on else ""}
    return _quiet(show(request, "tracked", [(_("Your clue"), "")], context))
