"""The follow-ups of the desk: the list by day, and the page on which one is recorded."""

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

from qualipolis.city.core.policy import page, visible
from qualipolis.city.hospital import service
from qualipolis.city.hospital.models import FollowUp, Proof
from qualipolis.city.hospital.treatment import proofs
from qualipolis.city.hospital.treatment.follow_ups import FOLLOWED
from qualipolis.city.hospital.treatment.lists import SHOW_WORDS, follow_ups
from qualipolis.city.hospital.treatment.proof_words import criterion_of, valued
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import chip_of, day_field, law_of
from qualipolis.faces.desk.rooms.hospital.case_thread import crumbs_of
from qualipolis.faces.desk.rooms.hospital.proof_words import view_of
from qualipolis.faces.desk.rooms.hospital.words import title_of
from qualipolis.faces.desk.rooms.supervise import after
from qualipolis.law.flows.hospital import CASE

DESK = ("hospital_desk", "hospital_manager")
RELATED = ("case__enterprise", "case__unit", "case__expert__person", "officer")


class RecordForm(forms.Form):
    """What was found at a follow-up."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Does the cure hold?"), choices=FollowUp.Verdict.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("What has come back reopens the case at once."),
    )  # fmt: skip
    method = forms.ChoiceField(label=gettext_lazy("How was it followed up"), choices=FollowUp.Method.choices)
    report = forms.CharField(
        label=gettext_lazy("What the firm says"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    metric = forms.CharField(label=gettext_lazy("What was measured"), max_length=120, required=False)
    metric_before = forms.FloatField(label=gettext_lazy("Value before"), required=False)
    metric_after = forms.FloatField(label=gettext_lazy("Value now"), required=False)
    saved_cost = forms.DecimalField(
        label=gettext_lazy("Cost saved, yuan"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=gettext_lazy("As the firm says; it enters the statistics as stated by firms."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"] = day_field()
        self.fields["done_on"].label = _("Followed up on")
        self.order_fields(["verdict", "method", "done_on", "report"])


class MissForm(forms.Form):
    """Why nobody was reached."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="miss", **kwargs)


def _columns() -> list[parts.Column]:
    return [
        parts.Column("case", _("Case"), title=True),
        parts.Column("firm", _("Firm")),
        parts.Column("days", _("Days after the cure"), numeric=True),
        parts.Column("planned", _("Planned for")),
        parts.Column("verdict", _("Finding of the follow-up")),
        parts.Column("state", _("State")),
    ]


def _cells(row: FollowUp) -> Mapping[str, Any]:
    return {
        "case": f"{row.case} {row.case.product_name}",
        "firm": row.case.enterprise.name,
        "days": row.days,
        "planned": after.day_cell(row.planned_on),
        "verdict": row.get_verdict_display() or "",
        "state": after.state_cell(row),
        "url": reverse("desk:hospital_follow_up", args=[row.pk]),
    }


LIST = after.ListPage(
    gettext_lazy("Follow-ups"),
    gettext_lazy("At 30, 90 and 180 days after the cure the firm is asked whether it holds."),
    _columns,
    _cells,
    (("", gettext_lazy("all")), *SHOW_WORDS.items()),
    "hospital-follow-ups",
    (
        gettext_lazy("No follow-up yet"),
        gettext_lazy("Three follow-ups are planned by themselves when a case is cured."),
    ),
)


@page(*DESK)
def hospital_follow_ups(request: HttpRequest) -> HttpResponse:
    """The follow-ups somebody makes, the next one first."""
    rows = follow_ups(request.user, request.GET.dict())
    return after.list_page(request, LIST, rows, stage="diagnose")


@page(*DESK)
def hospital_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One follow-up: what was proven then, and what is found now."""
    row = get_object_or_404(visible(request.user, FollowUp.objects.select_related(*RELATED)), pk=pk)
    do = request.POST.get("do", "")
    form = RecordForm(request.POST if do == "record" else None, initial=_known(row))
    miss = MissForm(request.POST if do == "miss" else None)
    recorded = do == "record" and attempt(
        request, form, lambda said: service.record_follow_up(request.user, row, **said), _("Recorded.")
    )
    missed = do == "miss" and attempt(
        request, miss, lambda said: service.miss_follow_up(request.user, row, said["reason"]), _("Recorded.")
    )
    if recorded or missed:
        return redirect("desk:hospital_case", row.case_id)
    status = 400 if request.method == "POST" else 200
    return render(request, "hospital/follow_up.html", _shown(row, form, miss), status=status)


def _proofs_then(row: FollowUp) -> list[Proof]:
    return list(proofs.current(row.case).values())


def _known(row: FollowUp) -> dict[str, Any]:
    """Return what is known already: the measure of the proof and its value after the treatment."""
    proof = next(iter(_proofs_then(row)), None)
    if proof is None or proof.item is None:
        return {}
    return {
        "metric": f"{proof.item.get_measure_display()} {proof.item.unit}".strip(),
        "metric_before": float(f"{proof.before:.5g}") if proof.before is not None else None,
    }


def _shown(row: FollowUp, form: RecordForm, miss: MissForm) -> dict[str, Any]:
    open_now = row.status == "planned" and row.case.status in FOLLOWED
    return {
        "stage": "diagnose",
        "row": row,
        "case": row.case,
        "title": title_of(row.case),
        "state": chip_of(row),
        "crumbs": [(str(LIST.heading), reverse("desk:hospital_follow_ups")), *crumbs_of(row.case, _("Follow-up"))],
        "form": form if open_now and row.planned_on <= timezone.localdate() else None,
        "miss": miss,
        "early": open_now and row.planned_on > timezone.localdate(),
        "views": [
            (view_of(one), criterion_of(one.item), valued(one.after, one.item)) for one in _proofs_then(row) if one.item
        ],
        "others": [(one, chip_of(one)) for one in row.case.follow_ups.exclude(pk=row.pk).exclude(status="cancelled")],
        "law": law_of(CASE.find("cured", "follow")),
    }
