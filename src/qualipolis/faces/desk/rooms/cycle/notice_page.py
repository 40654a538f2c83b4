"""One notice: its words while it is a draft, its issue with number and date, its service, its withdrawal, its PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.db.models import F
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import Notice
from qualipolis.city.core import drafts
from qualipolis.city.core.policy import can, organisations_of, page
from qualipolis.city.core.queries import file_stem
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.measure.models import Served
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.notice import chip_of
from qualipolis.faces.desk.rooms.cycle.serve import read_by
from qualipolis.faces.desk.rooms.cycle.town import STAGE, attempt, cycle_law, line_of_steps
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history
from qualipolis.faces.report import notice_city
from qualipolis.law.flows import ALL

STEPS = ((gettext_lazy("Draft"), ("assess.draft_notice",)), (gettext_lazy("Issue"), ("assess.issue_notice",)))
LONGEST = 20_000


class TextForm(forms.Form):
    """The words of a draft in both languages, one paragraph a line."""

    do = forms.CharField(widget=forms.HiddenInput, initial="edit")
    text_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese"),
        help_text=gettext_lazy("One paragraph a line; the first is the title. Empty: written anew from the release."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "lang": "zh-Hans"}),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "lang": "en"}),
    )


class IssueForm(forms.Form):
    """Number and date of the notice; issuing cannot be undone."""

    do = forms.CharField(widget=forms.HiddenInput, initial="issue")
    document = forms.CharField(label=gettext_lazy("Document number"), max_length=80)
    issued_on = forms.DateField(
        label=gettext_lazy("Date of the document"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    sure = forms.BooleanField(label=gettext_lazy("I know that this cannot be undone."))


class WithdrawForm(forms.Form):
    """The reason of a withdrawal."""

    do = forms.CharField(widget=forms.HiddenInput, initial="withdraw")
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


@page(*INSIDE)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice and the step of whoever looks."""
    row = get_object_or_404(queries.notices(request.user), pk=pk)
    forms_ = _forms(request, row)
    if request.method == "POST" and _posted(request, row, forms_):
        return redirect("desk:notice", pk)
    facts = queries.notice_facts(row, request.user)
    told = history(row)
    context = {
        "stage": STAGE,
        "row": row,
        "facts": facts,
        "release": row.release,
        "state": chip_of(row),
        "steps": _steps(request.user, row, facts, told),
        "edit": forms_.get("edit"),
        "draft_key": f"assess.notice:{row.pk}",
        "box": _box(row, forms_["issue"]) if "issue" in forms_ else None,
        "withdraw": forms_.get("withdraw"),
        "unread": _unread(facts) if row.status == "issued" else "",
        "due": _due(request.user, row, facts),
        "own": _own(request.user, row),
        "round": row.release.assessment.round,
        "history": told,
        "crumbs": [(_("Notices"), reverse("desk:notice_register")), (row.document or _("Draft"), "")],
    }  # fmt: skip
    wrong = any(form.errors for form in forms_.values())
    return render(request, "cycle/notice.html", context, status=400 if wrong else 200)


def _forms(request: HttpRequest, row: Notice) -> dict[str, Any]:
    """The forms that this person may use now; the posted one is bound."""
    data = request.POST if request.method == "POST" else None
    do = request.POST.get("do", "")
    found: dict[str, Any] = {}
    draft = row.status == Notice.Status.DRAFT
    if draft and can(request.user, "assess.edit_notice", row):
        words = {"text_zh": row.text_zh, "text_en": row.text_en, "do": "edit"}
        found["edit"] = TextForm(data if do == "edit" else None, initial=words)
    if draft and can(request.user, "assess.issue_notice", row):
        initial = {"issued_on": timezone.localdate(), "do": "issue"}
        found["issue"] = IssueForm(data if do == "issue" else None, initial=initial, auto_id="id_issue_%s")
    if row.status == Notice.Status.ISSUED and can(request.user, "assess.withdraw_notice", row):
        found["withdraw"] = WithdrawForm(data if do == "withdraw" else None, auto_id="id_withdraw_%s")
    return found


def _posted(request: HttpRequest, row: Notice, found: dict[str, Any]) -> bool:
    do = request.POST.get("do", "")
    form, who = found.get(do), request.user
    if form is None:
        return False
    acts = {
        "edit": lambda said: service.edit_notice(who, row, said["text_zh"], said["text_en"]),
        "issue": lambda said: service.issue_notice(who, row, said["document"], said["issued_on"]),
        "withdraw": lambda said: service.withdraw_notice(who, row, said["reason"]),
    }
    words = {
        "edit": _("The draft is saved."),
        "issue": _("The notice is issued and served on every unit."),
        "withdraw": _("The notice is withdrawn; the public no longer sees it."),
    }
    done = attempt(request, form, acts[do], words[do])
    if done and do == "edit":
        drafts.discard(request.user, f"assess.notice:{row.pk}")
    return done


def _steps(user: Any, row: Notice, facts: Any, told: list[Any]) -> list[parts.Step]:
    mine = can(user, "assess.issue_notice", row)
    found = line_of_steps(STEPS, 1 if row.status == "draft" else 2, told, mine=mine)
    if row.status == "withdrawn":
        last = next((line for line in told if line.verb == "assess.withdraw_notice"), None)
        return [*found, parts.Step(_("Withdrawn"), "done", last.who if last else "", "")]
    count = _("%(done)s of %(n)s units") % {"done": facts.acknowledged, "n": facts.served} if facts.served else ""
    every = facts.served and facts.acknowledged == facts.served
    state = "todo" if row.status == "draft" else ("done" if every else "waiting")
    return [*found, parts.Step(_("Acknowledged"), state, count)]


def _due(user: Any, row: Notice, facts: Any) -> parts.Deadline | None:
    """The earliest term among the units that have not acknowledged it."""
    if row.status != Notice.Status.ISSUED or facts.acknowledged >= facts.served:
        return None
    waiting = queries.notice_service(user, row).filter(acknowledged_at=None).order_by("served_on").first()
    return deadline(read_by(waiting.served_on)) if waiting else None


def _own(user: Any, row: Notice) -> Served | None:
    """The line of service of the person's own unit that still waits, else any of it."""
    mine = queries.notice_service(user, row).filter(unit__government__in=organisations_of(user, ("town_officer",)))
    return mine.order_by(F("acknowledged_at").asc(nulls_first=True), "pk").first()


def _unread(facts: Any) -> str:
    n = facts.served - facts.acknowledged
    if n <= 0:
        return ""
    return ngettext("%(n)s unit has not acknowledged it yet", "%(n)s units have not acknowledged it yet", n) % {"n": n}


def _box(row: Notice, form: IssueForm) -> parts.NextStep:
    return parts.NextStep(
        _("Issue the notice"),
        _("Issue and serve it"),
        reverse("desk:notice", args=[row.pk]),
        _("yours"),
        form=form,
        missing=_("It is served on every unit in this system and its public part appears on the public pages."),
        undo=_("An issued notice is not changed; it can only be withdrawn with a reason."),
        law=cycle_law(ALL["notice"].find("draft", "issue")),
    )


@page(*INSIDE)
@require_safe
def notice_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The notice as PDF in Chinese or English, as far as it concerns who asks."""
    row = get_object_or_404(queries.notices(request.user), pk=pk)
    if lang not in ("zh", "en"):
        raise Http404
    data = BytesIO(notice_city.pdf(row, lang, request.user))
    name = f"{file_stem(row.document or f'notice-{row.pk}')}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
