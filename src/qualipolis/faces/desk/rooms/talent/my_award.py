"""The firm's own pages of the award: open rounds, the application with its papers, what became of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import own_codes, page
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent import service
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.eligibility import MOST_FILES
from qualipolis.city.talent.awards.visibility import public_rounds
from qualipolis.city.talent.models import AwardApplication, AwardRound
from qualipolis.faces.desk.rooms.cycle.town import FILES, attempt, too_large
from qualipolis.faces.desk.rooms.flow_page import Act, offers, take
from qualipolis.faces.desk.rooms.measure.pieces import deadline, history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.desk.rooms.talent.award_application import papers_of
from qualipolis.faces.desk.rooms.talent.award_round import STAGE

WAITS = {
    "submitted": gettext_lazy("The regulators are asked whether anything speaks against the firm."),
    "eligible": gettext_lazy("The office names the team of reviewers."),
    "reviewing": gettext_lazy("The reviewers read the papers and score, each alone."),
    "shortlisted": gettext_lazy("The team will visit. Prepare nothing beyond what you wrote."),
    "visited": gettext_lazy("The meeting deliberates."),
    "proposed": gettext_lazy("You are proposed. The public notice runs seven working days."),
    "held": gettext_lazy("The application is on hold."),
    "granted": gettext_lazy("The award was granted. It is monitored for three years."),
    "unsuccessful": gettext_lazy("The application was not successful. The feedback report says where to begin."),
}


class Several(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class Papers(forms.FileField):
    """The self-evaluation with its annexes, each within the limit of evidence files."""

    def __init__(self) -> None:
        super().__init__(label=_("Self-evaluation report and annexes"), required=False,
                         widget=Several(attrs={"accept": FILES, "multiple": True}))  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; too many or too large ones are refused."""
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Up to %(n)s files.") % {"n": MOST_FILES})
        for one in files:
            super().clean(one, initial)
            if said := too_large(one):
                raise forms.ValidationError(said)
        return files


class ApplicationForm(forms.Form):
    """What a firm writes in its application."""

    def __init__(self, row: AwardApplication, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = after.line(_("Whom we may ask"), 160, initial=row.contact)()
        self.fields["summary"] = after.area(_("The firm in short"), 4000, 6, required=False, initial=row.summary)()
        self.fields["files"] = Papers()


@page("enterprise")
def my_awards(request: HttpRequest) -> HttpResponse:
    """Open rounds and one's own applications."""
    rows = list(queries.own_applications(request.user)[:60])
    today = timezone.localdate()
    known = {row.round_id for row in rows}
    firms = Enterprise.objects.filter(credit_code__in=own_codes(request.user)).order_by("credit_code")
    open_rounds = [
        row for row in public_rounds().filter(status="announced", apply_until__gte=today) if row.pk not in known
    ]
    if request.method == "POST":
        chosen = get_object_or_404(
            AwardRound, pk=request.POST.get("round") if str(request.POST.get("round", "")).isdigit() else 0
        )
        form, made = forms.Form(request.POST), []
        firm = firms.first()
        if firm is not None and attempt(
            request, form, lambda said: made.append(service.begin_application(request.user, chosen, firm))
        ):
            return redirect("desk:my_award", made[0].pk)
    shown = {
        "stage": STAGE, "open_rounds": [{"row": one, "due": deadline(one.apply_until)} for one in open_rounds],
        "rows": [{"row": row, "state": words.chip(row), "waits": WAITS.get(row.status, "")} for row in rows],
        "crumbs": [(_("The quality award"), "")],
    }  # fmt: skip
    return render(request, "talent/my_awards.html", shown)


def _acts() -> list[Act]:
    return [
        Act("submit", "talent.submit_application", lambda actor, row, said: service.submit_application(actor, row)),
        Act("withdraw", "talent.withdraw_application", lambda actor, row, said: service.withdraw_application(actor, row, said["reason"])),
    ]  # fmt: skip


@page("enterprise")
def my_award(request: HttpRequest, pk: int) -> HttpResponse:
    """One application of the firm."""
    row = get_object_or_404(queries.own_applications(request.user), pk=pk)
    files = files_of([row])[row.pk]
    found = offers(request, row, _acts(), {"contact": row.contact, "self_evaluation": len(files)})
    editing = request.method == "POST" and request.POST.get("do") is None
    form = (
        ApplicationForm(row, *((request.POST, request.FILES) if editing else ())) if row.status == "drafted" else None
    )
    if request.method == "POST":
        kept = (
            editing
            and form is not None
            and attempt(request, form, lambda said: _edited(request.user, row, said), _("Kept."))
        )
        if kept or take(request, row, found):
            return redirect("desk:my_award", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "talent/my_award.html", _context(request, row, found, form, files), status=status)


class _Given:
    """A file of the form with a name and pieces, as the verb takes it."""

    def __init__(self, file: Any) -> None:
        self.name, self.chunks = file.name, file.chunks


def _edited(actor: Any, row: AwardApplication, said: dict[str, Any]) -> None:
    files = [_Given(one) for one in said["files"]]
    service.edit_application(actor, row, contact=said["contact"], summary=said["summary"], files=files)


def _context(
    request: HttpRequest, row: AwardApplication, found: list[Any], form: Any, files: list[Any]
) -> dict[str, Any]:
    from qualipolis.faces.desk.rooms.flow_page import box_of

    lead = [one for one in found if one.act.step == "submit"]
    told = history(row)
    box = box_of(lead, reverse("desk:my_award", args=[row.pk]), row.round.apply_until)
    return {
        "stage": STAGE, "row": row, "state": words.chip(row), "form": form, "files": files, "box": box,
        "blocked": [one for one in lead if one.blocked], "beside": [one for one in found if one not in lead],
        "steps": words.way(row, told, mine=bool(form), path=words.APPLICANT_WAY), "waits": WAITS.get(row.status, ""),
        "concerns": list(row.concerns.all()), "papers": papers_of(request, row),
        "undo": undo_offer(request.user, f"talent.awardapplication:{row.pk}"),
        "crumbs": [(_("The quality award"), reverse("desk:my_awards")), (row.number, "")],
    }  # fmt: skip
