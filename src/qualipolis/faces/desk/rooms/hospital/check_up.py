"""The check-up (体检) of a firm: questions, one page with the picture and three next steps, the same as PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualipolis.city.core.policy import page, visible
from qualipolis.city.core.queries import file_stem
from qualipolis.city.hospital import service
from qualipolis.city.hospital.learning import check_up as check
from qualipolis.city.hospital.learning.check_up_questions import ANSWERS, AREAS, EDITION, QUESTIONS
from qualipolis.city.hospital.models import CheckUp
from qualipolis.city.registry.models import Enterprise
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.hospital import check_up_words as words

FIRM = "enterprise"


class CheckUpForm(forms.Form):
    """All questions with the same five answers; none is asked for by force."""

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choices = [(value, _(text)) for value, text in ANSWERS.items()]
        for one in QUESTIONS:
            self.fields[one.code] = forms.ChoiceField(
                label=_(one.words), choices=choices, required=False, widget=forms.RadioSelect
            )

    def areas(self) -> list[tuple[str, list[Any]]]:
        """Return the questions by area."""
        return [(_(name), [self[one.code] for one in QUESTIONS if one.area == code]) for code, name in AREAS.items()]


@page(FIRM)
def hospital_check_ups(request: HttpRequest) -> HttpResponse:
    """The check-ups of one's own firm, and the way to a new one."""
    rows = visible(request.user, CheckUp.objects.select_related("enterprise")).order_by("-pk")[:50]
    columns = [
        parts.Column("day", _("Made on"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("score", _("Over all"), numeric=True),
        parts.Column("answered", _("Answered"), numeric=True),
        parts.Column("first", _("First step")),
    ]
    context = {
        "stage": "diagnose",
        "table": parts.Table(_("Check-ups"), columns, [_cells(row) for row in rows], links="url") if rows else None,
        "firms": list(check.own_firms(request.user)[:1]),
        "asked": len(QUESTIONS),
        "crumbs": [(_("Check-up"), "")],
    }
    return render(request, "hospital/check_ups.html", context)


def _cells(row: CheckUp) -> dict[str, Any]:
    found = check.picture(row.answers)
    return {
        "day": f"{row.made_on:%Y-%m-%d}",
        "firm": row.enterprise.name,
        "score": f"{found.score:.0f}" if found.score is not None and found.enough else None,
        "answered": f"{found.answered}/{found.asked}",
        "first": _(found.steps[0].question.step) if found.steps else "",
        "url": reverse("desk:hospital_check_up", args=[row.pk]),
    }


@page(FIRM)
def hospital_check_up_new(request: HttpRequest) -> HttpResponse:
    """The questions; for a person of several firms the firm is in the address (``?firm=`` credit code)."""
    firm = _firm(request)
    form = CheckUpForm(request.POST or None)
    made: list[CheckUp] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.make_check_up(request.user, firm, said))
    ):
        return redirect("desk:hospital_check_up", made[0].pk)
    context = {
        "stage": "diagnose",
        "firm": firm,
        "firms": list(check.own_firms(request.user)[:20]),
        "form": form,
        "areas": form.areas(),
        "asked": len(QUESTIONS),
        "edition": EDITION,
        "crumbs": [(_("Check-up"), reverse("desk:hospital_check_ups")), (_("Questions"), "")],
    }
    return render(request, "hospital/check_up_new.html", context, status=400 if request.method == "POST" else 200)


def _firm(request: HttpRequest) -> Enterprise:
    firms = check.own_firms(request.user)
    wanted = request.GET.get("firm", "")
    found = firms.filter(credit_code=wanted).first() if wanted else firms.first()
    if found is None:
        raise Http404
    return found


@page(FIRM)
def hospital_check_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One check-up on one page."""
    row = get_object_or_404(visible(request.user, CheckUp.objects.select_related("enterprise")), pk=pk)
    found = check.picture(row.answers)
    earlier = check.before(request.user, row)
    was = {one.code: one for one in check.picture(earlier.answers).areas} if earlier else {}
    context = {
        "stage": "diagnose",
        "row": row,
        "found": found,
        "lead": words.lead(found),
        "chart": words.areas_chart(found, was),
        "table": _areas(found, was),
        "steps": words.steps(found.steps, request.user),
        "earlier": earlier,
        "crumbs": [(_("Check-up"), reverse("desk:hospital_check_ups")), (f"{row.made_on:%Y-%m-%d}", "")],
    }
    return render(request, "hospital/check_up.html", context)


def _areas(found: check.Picture, was: dict[str, check.Area]) -> parts.Table:
    columns = [
        parts.Column("area", _("Area"), title=True),
        parts.Column("score", _("Reached"), numeric=True),
        parts.Column("level", _("In a word")),
        parts.Column("before", _("Before"), numeric=True),
        parts.Column("answered", _("Answered"), numeric=True),
    ]
    rows = [
        {
            "area": _(one.name), "score": None if one.score is None else f"{one.score:.0f}", "level": words.level(one.score),
            "before": _before(was.get(one.code)), "answered": f"{one.answered}/{one.asked}",
        }
        for one in found.areas
    ]  # fmt: skip
    return parts.Table(_("Areas of the check-up"), columns, rows)


def _before(one: check.Area | None) -> str | None:
    return None if one is None or one.score is None else f"{one.score:.0f}"


@page(FIRM)
@require_safe
def hospital_check_up_pdf(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The same page as PDF."""
    from qualipolis.faces.report import check_up_paper

    row = get_object_or_404(visible(request.user, CheckUp.objects.select_related("enterprise")), pk=pk)
    if lang not in ("zh", "en"):
        raise Http404
    data = BytesIO(check_up_paper.pdf(row, check.before(request.user, row), lang))
    name = f"{file_stem(f'check-up-{row.made_on:%Y%m%d}')}-{lang}.pdf"
    return FileResponse(data, as_attachment=True, filename=name, content_type="application/pdf")
