"""Applicants for the award: the list of the office, and the page of one for office, leader and the team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.policy import can, own_codes, page, visible
from qualipolis.city.talent import service
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.lists import APPLICATION_SHOWS
from qualipolis.city.talent.awards.parties import READERS, counted
from qualipolis.city.talent.awards.summing import current
from qualipolis.city.talent.awards.visibility import inside
from qualipolis.city.talent.models import AwardApplication, AwardConcern, RegulatorOpinion, ScoreRun, ScoreSheet
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import award_application_acts as acts
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.desk.rooms.talent.award_round import STAGE, chip_cell

DECIDED = ("granted", "monitored", "completed", "unsuccessful", "revoked")
RELATED = ("round", "enterprise__unit", "proposed_run")
WAITS = {
    "drafted": gettext_lazy("The firm completes its papers."),
    "reviewing": gettext_lazy("The team scores, each reviewer alone."),
    "shortlisted": gettext_lazy("The team visits the firm."),
    "proposed": gettext_lazy("The proposal is on public notice, or will be."),
    "held": gettext_lazy("On hold."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("firm", _("Firm"), title=True),
        parts.Column("state", _("State")),
        parts.Column("round", _("Round")),
        parts.Column("sheets", _("Sheets that count"), numeric=True),
        parts.Column("total", _("Total"), numeric=True),
    ]


def _cells(row: Any) -> Mapping[str, Any]:
    return {
        "firm": row.enterprise.name, "state": chip_cell(row), "round": row.round.name, "sheets": row.sheets_in,
        "total": words.points(row.total), "url": reverse("desk:award_application", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Applicants for the award"),
    gettext_lazy("All that were handed in, with the sum that stands now."),
    _columns, _cells, (("", gettext_lazy("All")), *APPLICATION_SHOWS.items()), "talent-award-applications",
    (gettext_lazy("No applicant here"), gettext_lazy("Firms apply while a round is open.")), search=True,
)  # fmt: skip


@page(*READERS)
def applications(request: HttpRequest) -> HttpResponse:
    """The applicants, the latest round first."""
    rows = queries.applications(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage=STAGE, tools=[], crumbs=[(_("Applicants for the award"), "")])


@page(*READERS, "reviewer")
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one applicant."""
    row = get_object_or_404(visible(request.user, AwardApplication.objects.select_related(*RELATED)), pk=pk)
    found = _offers(request, row)
    marks = after.marks(request, row, _marks(request, row))
    concern = _concern_form(request, row)
    if request.method == "POST" and (
        take(request, row, found) or after.take_mark(request, row, marks) or _settled(request, concern)
    ):
        return redirect("desk:award_application", pk)
    status = 400 if request.method == "POST" else 200
    return render(
        request, "talent/award_application.html", _context(request, row, found, marks, concern), status=status
    )


def _offers(request: HttpRequest, row: AwardApplication) -> list[Any]:
    found = offers(request, row, acts.acts_of(request.user, row), acts.facts_of(row))
    return [one for one in found if one.act.step != "visit" or leads(request.user, row)]


def leads(actor: Any, row: AwardApplication) -> bool:
    """Whether somebody leads the team with the own sheet handed in."""
    return row.sheets.filter(lead=True, status="handed_in", reviewer__person_id=actor.pk).exists()


def _marks(request: HttpRequest, row: AwardApplication) -> list[after.Mark]:
    found = acts.office_marks(row)
    if leads(request.user, row):
        run = current(row)
        wide = [one["item"] for one in run.items if one["wide"]] if run else []
        found += acts.lead_marks(row, wide)
    return found


class ConcernForm(forms.Form):
    """What was found about a concern."""

    do = forms.CharField(widget=forms.HiddenInput, initial="settle_concern")

    def __init__(self, rows: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_concern_%s", **kwargs)
        self.fields["concern"] = forms.ModelChoiceField(rows, label=_("Concern"), empty_label=None)
        self.fields["outcome"] = after.area(_("What was found and decided"), 400)()


def _concern_form(request: HttpRequest, row: AwardApplication) -> ConcernForm | None:
    rows = row.concerns.filter(settled_on=None)
    if not rows.exists() or not can(request.user, "talent.settle_concern"):
        return None
    mine = request.method == "POST" and request.POST.get("do") == "settle_concern"
    return ConcernForm(rows, request.POST if mine else None)


def _settled(request: HttpRequest, form: ConcernForm | None) -> bool:
    if form is None or not form.is_bound:
        return False
    return attempt(request, form, lambda said: service.settle_concern(request.user, said["concern"], said["outcome"]))


def _context(request: HttpRequest, row: AwardApplication, found: list[Any], marks: Any, concern: Any) -> dict[str, Any]:
    lead = [one for one in found if one.act.step in (*acts.LEAD, *acts.RELEASES)]
    aside = [one for one in found if one not in lead and not one.blocked]
    shown, told = page_of(request, row, lead, "desk:award_application"), history(row)
    run = visible(request.user, ScoreRun.objects.filter(application=row)).order_by("-serial").first()
    sheets = list(visible(request.user, counted(row))) if run else []
    office = inside(request.user)
    return shown | {
        "stage": STAGE, "state": words.chip(row), "waits": WAITS.get(row.status, ""), "beside": [*shown["beside"], *aside],
        "steps": words.way(row, told, mine=bool(shown["box"]), path=words.APPLICANT_WAY),
        "office": office, "run": run, "total": words.points(run.total if run else None),
        "independent": words.points(run.independent if run else None),
        "team": [_member(request, sheet) for sheet in row.sheets.select_related("reviewer__person").order_by("pk")],
        "sheets": sheets, "categories": queries.side_by_side(run, sheets) if run else [],
        "runs": list(visible(request.user, row.runs.order_by("-serial"))),
        "opinions": list(visible(request.user, RegulatorOpinion.objects.filter(application=row).select_related("department"))),
        "concerns": list(visible(request.user, AwardConcern.objects.filter(application=row))),
        "looks": list(row.looks.all()) if office else [], "concern_form": concern, "marks": marks, "links": [],
        "files": files_of([row])[row.pk], "history": told if office else [], "papers": papers_of(request, row),
        "undo": undo_offer(request.user, f"talent.awardapplication:{row.pk}"),
        "crumbs": _crumbs(request, row, office),
    }  # fmt: skip


def _crumbs(request: HttpRequest, row: AwardApplication, office: bool) -> list[tuple[str, str]]:
    if not office:
        return [(_("My reviews"), reverse("desk:my_reviews")), (row.number, "")]
    return [
        (_("Award rounds"), reverse("desk:award_rounds")),
        (row.round.number, reverse("desk:award_round", args=[row.round_id])),
        (row.number, ""),
    ]


def _member(request: HttpRequest, sheet: ScoreSheet) -> dict[str, Any]:
    seen = visible(request.user, ScoreSheet.objects.filter(pk=sheet.pk)).exists()
    url = reverse("desk:award_sheet", args=[sheet.pk]) if seen else ""
    return {"sheet": sheet, "state": words.chip(sheet), "url": url}


def papers_of(request: HttpRequest, row: AwardApplication) -> list[tuple[str, str]]:
    from qualipolis.faces.desk.loop import address

    if not decided(row):
        return []
    label = {"zh": _("Feedback report, PDF in Chinese"), "en": _("Feedback report, PDF in English")}
    return [(words_, url) for lang, words_ in label.items() if (url := address("desk:award_feedback", row.pk, lang))]


@page(*READERS, "enterprise")
def feedback(request: HttpRequest, pk: int, lang: str) -> HttpResponse:
    """The feedback report of an applicant as PDF: for the office and the firm itself, once it is decided."""
    from qualipolis.faces.report import talent_award

    rows = visible(request.user, AwardApplication.objects.select_related(*RELATED))
    row = get_object_or_404(rows, pk=pk)
    own = own_codes(request.user).filter(code=row.enterprise.credit_code).exists()
    if lang not in ("zh", "en") or not decided(row) or not (own or inside(request.user)):
        raise Http404
    answer = HttpResponse(talent_award.feedback(row, lang), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}-{lang}.pdf"'
    return answer


def decided(row: AwardApplication) -> bool:
    """Whether the firm may read how it was scored."""
    return row.status in DECIDED and row.runs.exists()
