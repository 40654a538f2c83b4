"""Complaints and reports for everyone: the two tracks in plain words, and a letter in three short steps without an account.

Nothing is kept on the server before the letter is sent: each step carries the ones before. What is typed (never who one
is) stays on the device until then.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qualipolis.city.core.accounts import address_of
from qualipolis.city.core.policy import ANYONE, page
from qualipolis.city.listen.intake import photographs, secrecy
from qualipolis.city.listen.intake.door import hand_in
from qualipolis.city.listen.intake.letters import Received, firm_named
from qualipolis.city.listen.intake.said import COMPLAINT, REPORT, TRACKS, prepare
from qualipolis.faces.desk.rooms.measure.pieces import problem_words
from qualipolis.faces.portal import frame
from qualipolis.faces.portal.listen_forms import STEPS, Sender, Tracking
from qualipolis.faces.portal.listen_forms import TRACKS as TRACK_WORDS
from qualipolis.law.rules import rule_on
from qualipolis.methods.problems import InputError

PLACE, LAST = "listen", len(STEPS)
STEP_OF = {name: kind.step for kind in STEPS for name in kind.base_fields}


def show(request: HttpRequest, template: str, crumbs: list[tuple[str, str]], context: dict[str, Any], status: int = 200) -> HttpResponse:  # fmt: skip
    """Answer with a page of the letters; nothing of it is kept by any cache."""
    first = [frame.home_crumb(), (_("Complaints and reports"), reverse("portal:listen") if crumbs else "")]
    shared = {"stage": "listen", "crumbs": first + crumbs}
    answer = frame.show(request, f"listen/{template}", PLACE, shared | context, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@frame.open_page
def start(request: HttpRequest) -> HttpResponse:
    """The two tracks in plain words, the terms in force today, and where to ask."""
    return show(
        request,
        "start",
        [],
        {"form": Tracking(auto_id="id_%s"), "terms": terms(COMPLAINT), "report_terms": terms(REPORT)},
    )


def terms(track: str) -> list[tuple[str, str]]:
    """Return what happens when, by the rules in force today."""
    from django.utils import timezone

    today = timezone.localdate()
    accept, mediate, check = (
        rule_on(code, today) for code in ("complaint.acceptance", "complaint.mediation", "report.check")
    )
    if track == REPORT:
        return [
            (_days(check), _("The clue is checked: a case is opened or not; it may be extended once.")),
            (_("then"), _("If you gave your name, you are told of the decision.")),
        ]
    return [
        (_days(accept), _("We say whether we accept it, and why if not.")),
        (_days(mediate), _("Mediation is over; time for a test that both want is not counted.")),
        (_("any time"), _("Your number shows where it stands.")),
    ]


def _days(rule: Any) -> str:
    words = _("within %(n)s working days") if rule.unit == "working days" else _("within %(n)s days")
    return words % {"n": rule.value}


@page(ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """One step after the other; the last one sends."""
    if request.method != "POST":
        track = request.GET.get("track", "")
        first = STEPS[0](initial={"track": track if track in TRACKS else None}, auto_id="id_%s")
        return _shown(request, first, {}, "")
    track = request.POST.get("track", "")
    at = _at(request.POST.get("step", ""))
    if back := request.POST.get("back"):
        return _shown(request, _form(request, _at(back), track, bound=False), request.POST, track)
    checked = [_form(request, step, track) for step in range(1, at + 1)]
    for form in checked:
        if not form.is_valid():
            return _shown(request, form, request.POST, track, 400)
    if at < LAST:
        return _shown(request, _form(request, at + 1, track, bound=False), request.POST, track)
    return _sent(request, checked, track)


def _at(text: str) -> int:
    return int(text) if text in ("1", "2", "3") else 1


def _form(request: HttpRequest, step: int, track: str, *, bound: bool = True) -> Any:
    """Return the form of a step: bound to what was sent, or showing what was said there before."""
    kind: Any = STEPS[step - 1]
    more = {} if step == 1 else {"track": track if track in TRACKS else COMPLAINT}
    if bound:
        return kind(request.POST, request.FILES, auto_id="id_%s", **more)
    said = {name: request.POST[name] for name in kind.base_fields if request.POST.get(name)}
    return kind(initial=said, auto_id="id_%s", **more)


def _sent(request: HttpRequest, forms_: list[Any], track: str) -> HttpResponse:
    """Hand the letter in; what is refused goes to the step where it belongs."""
    said: dict[str, Any] = {}
    for form in forms_:
        said |= form.cleaned_data
    try:
        received = _received(request, said)
    except (InputError, PermissionDenied) as error:
        return _refused(request, forms_, error, track)
    return redirect("portal:listen_received", secrecy.token(received.number, received.code))


def _received(request: HttpRequest, said: dict[str, Any]) -> Received:
    identity = {name: said.pop(name, "") for name in secrecy.FIELDS}
    photos = tuple((one.name, one.chunks()) for one in said.pop("photos", ()))
    said["injured"] = {"yes": True, "no": False}.get(said.pop("injured", ""))
    ready = prepare(
        identity=identity, photos=photos, language=get_language() or "zh-hans",
        enterprise=firm_named(said["respondent_name"]), **said,
    )  # fmt: skip
    return hand_in(ready, address_of(request))


def _refused(request: HttpRequest, forms_: list[forms.Form], error: Any, track: str) -> HttpResponse:
    problems = getattr(error, "problems", ())
    step = min((STEP_OF.get(problem.place, LAST) for problem in problems), default=LAST)
    form = forms_[step - 1]
    for problem in problems:
        form.add_error(problem.place if problem.place in form.fields else None, problem_words(problem))
    return _shown(request, form, request.POST, track, 400)


def _shown(
    request: HttpRequest, form: Any, said: QueryDict | dict[str, Any], track: str, status: int = 200
) -> HttpResponse:
    step = form.step
    carried = [(name, said[name]) for name, at in STEP_OF.items() if at != step and name != "photos" and said.get(name)]
    context = {
        "form": form,
        "step": step,
        "last": LAST,
        "title": form.title,
        "carried": carried,
        "tracks": TRACK_WORDS,
        "track": track,
        "secret": track == REPORT,
        "most_photos": photographs.MOST,
        "private": isinstance(form, Sender),
        "terms": terms(REPORT if track == REPORT else COMPLAINT),
    }
    return show(request, "letter", [(_("Write to us"), "")], context, status)


@frame.open_page
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt: number and code, what happens next; shown for half an hour."""
    found = secrecy.token_said(token)
    if found is None:
        return redirect("portal:listen_track")
    number, code = found
    return show(request, "received", [(_("Received"), "")], {"number": number, "code": code, "terms": terms(COMPLAINT)})
