"""Award rounds for the office: the list, a new round, and the page of one with its applicants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.talent import service
from qualipolis.city.talent.awards import queries
from qualipolis.city.talent.awards.lists import ROUND_SHOWS
from qualipolis.city.talent.awards.parties import READERS
from qualipolis.city.talent.awards.rounds import round_facts
from qualipolis.city.talent.models import AwardObjection, AwardRound, SeverityRun
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.loop import address
from qualipolis.faces.desk.rooms.assess.frame import exports
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import offers, page_of, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.faces.desk.rooms.talent import award_round_acts as acts
from qualipolis.faces.desk.rooms.talent import award_words as words
from qualipolis.faces.desk.templatetags import desk as tags

STAGE = "build"
WAITS = {
    "announced": gettext_lazy("Firms may apply until the day that was announced."),
    "public_notice": gettext_lazy("The public notice is running; anybody may object."),
    "objections_settled": gettext_lazy("The leader decides on the awards."),
    "granted": gettext_lazy("The holders are monitored."),
    "closed": gettext_lazy("This round is closed."),
    "cancelled": gettext_lazy("This round was cancelled."),
}


def _columns() -> list[parts.Column]:
    return [
        parts.Column("round", _("Round"), title=True),
        parts.Column("state", _("State")),
        parts.Column("until", _("Applications until")),
        parts.Column("n", _("Applicants"), numeric=True),
        parts.Column("due", _("Next step due")),
    ]


def chip_cell(row: Any) -> Any:
    """Return the state of a row for a table."""
    found = words.chip(row)
    return tags.chip(found.kind, found.text)


def _cells(row: AwardRound) -> Mapping[str, Any]:
    return {
        "round": row.name, "state": chip_cell(row), "until": after.day_cell(row.apply_until), "n": row.n,  # type: ignore[attr-defined]
        "due": after.due_cell(row), "url": reverse("desk:award_round", args=[row.pk]),
    }  # fmt: skip


LIST = after.ListPage(
    gettext_lazy("Award rounds"),
    gettext_lazy("The government quality award: at most 5 awards and 15 nomination awards in a round, free of charge."),
    _columns, _cells, (("", gettext_lazy("All")), *ROUND_SHOWS.items()), "talent-award-rounds",
    (gettext_lazy("No round here"), gettext_lazy("A round begins with its announcement.")),
)  # fmt: skip


@page(*READERS)
def rounds(request: HttpRequest) -> HttpResponse:
    """The rounds, the latest first."""
    rows = queries.rounds(request.user, request.GET.dict())
    tools = [(_("Public page"), url, "external-link")] if (url := address("portal:awards")) else []
    if can(request.user, "talent.draft_round"):
        tools.append((_("New round"), reverse("desk:award_round_new"), "plus"))
    return after.list_page(request, LIST, rows, stage=STAGE, tools=tools, crumbs=[(_("Award rounds"), "")])


class RoundForm(forms.Form):
    """What a round is announced with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = timezone.localdate().year
        self.fields["year"] = forms.IntegerField(label=_("Year"), min_value=2000, max_value=this + 1, initial=this)
        self.fields["name_zh"] = after.line(_("Name in Chinese"), 120)()
        self.fields["name_en"] = after.line(_("Name in English"), 160, False)()
        self.fields["conditions"] = after.area(_("Who may apply"), 4000, 5)()
        self.fields["apply_until"] = after.day(_("Applications until"))()


@page("planner")
def round_new(request: HttpRequest) -> HttpResponse:
    """Prepare a round."""
    form = RoundForm(request.POST or None)
    made: list[AwardRound] = []
    if request.method == "POST" and attempt(
        request, form, lambda said: made.append(service.draft_round(request.user, None, **said))
    ):
        return redirect("desk:award_round", made[0].pk)
    shown = {
        "stage": STAGE, "heading": _("New award round"), "form": form, "button": _("Prepare the round"),
        "lead": _("Applying is voluntary and free. The limits are those of the measures in force."),
        "crumbs": [(_("Award rounds"), reverse("desk:award_rounds")), (_("New award round"), "")],
    }  # fmt: skip
    return render(request, "listen/safety_form.html", shown, status=400 if form.errors else 200)


@page(*READERS)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one round."""
    row = get_object_or_404(visible(request.user, AwardRound.objects.all()), pk=pk)
    known = acts.acts_of(row)
    now = next((step.name for step in row.flow.steps if row.status in step.sources), "")
    found = offers(request, row, known, round_facts(row, now))
    marks = after.marks(request, row, acts.MARKS)
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, marks)):
        return redirect("desk:award_round", pk)
    status = 400 if request.method == "POST" else 200
    return render(request, "talent/award_round.html", _context(request, row, found, marks), status=status)


def _context(request: HttpRequest, row: AwardRound, found: list[Any], marks: Any) -> dict[str, Any]:
    told = history(row)
    aside = ("deliberate_again", "cancel")
    lead = [one for one in found if one.act.step not in aside]
    shown = page_of(request, row, lead, "desk:award_round")
    rows = list(queries.applications(request.user, {"round": row.number}))
    return shown | {
        "stage": STAGE, "state": words.chip(row), "waits": WAITS.get(row.status, ""),
        "beside": [*shown["beside"], *(one for one in found if one.act.step in aside and not one.blocked)],
        "steps": words.way(row, told, mine=bool(shown["box"])),
        "applicants": [_applicant(one) for one in rows],
        "counts": _counts(row), "objections": list(visible(request.user, AwardObjection.objects.filter(round=row))),
        "severity": visible(request.user, SeverityRun.objects.filter(round=row)).first(),
        "marks": marks, "links": [], "exports": exports("talent-award-applications", f"round={row.number}", len(rows)),
        "history": told, "undo": undo_offer(request.user, f"talent.awardround:{row.pk}"),
        "crumbs": [(_("Award rounds"), reverse("desk:award_rounds")), (row.number, "")],
    }  # fmt: skip


def _counts(row: AwardRound) -> list[tuple[str, str]]:
    facts = round_facts(row)
    of = _("%(n)s of at most %(most)s")
    return [
        (_("Proposed for the award"), of % {"n": facts["awards"], "most": facts["most_awards"]}),
        (_("Proposed for nomination"), of % {"n": facts["nominations"], "most": facts["most_nominations"]}),
        (_("On hold"), str(facts["held"])),
        (_("Objections open"), str(facts["open_objections"])),
    ]


def _applicant(row: Any) -> dict[str, Any]:
    return {"row": row, "state": words.chip(row), "total": words.points(row.total), "open": row.open_items}
