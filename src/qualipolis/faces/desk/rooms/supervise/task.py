"""One task on site: where it stands, the next step of whoever looks, form, pictures, samples, what devices sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Person
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import page, roles_of, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.field import queries as field_queries
from qualipolis.city.supervise.field.blind_codes import grouped
from qualipolis.city.supervise.field.facts import is_sampler, task_facts
from qualipolis.city.supervise.field.forms import CORRECTABLE, LABELS
from qualipolis.city.supervise.models import Assignment, FieldPhoto, Sample, SamplingForm, SamplingTask, Submission
from qualipolis.faces.desk.rooms.flow_page import Act, SeveralOf, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.supervise import after as after
from qualipolis.law.supervision.guards import NOT_SAMPLED, SAMPLERS

ON_SITE = ("arrive", "sample", "not_sample", "refuse", "stop", "report_refusal", "report_unlawful")
PATH = (
    (gettext_lazy("Inspectors named"), ("drawn", "returned"), ("supervise.assign_task",)),
    (gettext_lazy("To the firm"), ("assigned",), ("supervise.arrive",)),
    (gettext_lazy("On site"), ("on_site",), ("supervise.take_sample", "supervise.not_sample")),
    (gettext_lazy("Sample at the laboratory"), ("sampled",), ("supervise.complete_task",)),
)
WAITS = {
    "drawn": gettext_lazy("The organiser names two inspectors."),
    "assigned": gettext_lazy("The inspectors named for it go to the firm."),
    "on_site": gettext_lazy("The inspectors are on site."),
    "sampled": gettext_lazy("The laboratory receives the sample; the task then completes by itself."),
    "not_sampled": gettext_lazy("The organiser replaces it from the reserve or closes it."),
    "refused": gettext_lazy("The inspectors report the refusal."),
    "stopped_unlawful": gettext_lazy("The inspectors report the unlawful facts."),
    "returned": gettext_lazy("The organiser names inspectors again or voids it."),
}


def _inspectors() -> forms.Field:
    rows = Person.objects.filter(is_active=True, inspector_profile__isnull=False).order_by("display_name", "username")
    return SeveralOf(
        rows,
        label=_("Inspectors"),
        help_text=_("Two at least. The campaign page draws them by lot; name them here only where the lot cannot."),
        widget=forms.CheckboxSelectMultiple,
    )


def _reason_code() -> forms.Field:
    choices = [("", "—"), *((code, _(words)) for code, words in NOT_SAMPLED.items())]
    return forms.ChoiceField(choices=choices, label=_("Reason for not sampling"))


ACTS = (
    Act("arrive", "supervise.arrive", lambda who, row, said: service.arrive(who, row)),
    Act("sample", "supervise.take_sample", lambda who, row, said: service.take_sample(who, row)),
    Act("not_sample", "supervise.not_sample",
        lambda who, row, said: service.not_sample(who, row, said["reason_code"], said["reason"]),
        fields={"reason_code": _reason_code, "reason": after.area(gettext_lazy("What happened"), required=False)}),
    Act("refuse", "supervise.refuse_sampling", lambda who, row, said: service.refuse_sampling(who, row, said["reason"])),
    Act("stop", "supervise.stop_unlawful", lambda who, row, said: service.stop_unlawful(who, row, said["reason"])),
    Act("report_refusal", "supervise.report_refusal",
        lambda who, row, said: service.report_refusal(who, row, said["authority"])),
    Act("report_unlawful", "supervise.report_unlawful",
        lambda who, row, said: service.report_unlawful(who, row, said["authority"])),
    Act("assign", "supervise.assign_task", lambda who, row, said: service.assign_task(who, row, list(said["samplers"])),
        fields={"samplers": _inspectors}),
    Act("replace", "supervise.replace_task", lambda who, row, said: service.replace_task(who, row)),
    Act("leave_open", "supervise.leave_task_open", lambda who, row, said: service.leave_task_open(who, row, said["reason"])),
    Act("skip_recent", "supervise.skip_recent", lambda who, row, said: service.skip_recent(who, row, said["reason"]),
        fields={"reason_code": lambda: forms.CharField(widget=forms.HiddenInput, initial="recent_check_6m"),
                "reason": after.area(gettext_lazy("When and where it was sampled"), required=False)}),
    Act("complete", "supervise.complete_task", lambda who, row, said: service.complete_task(who, row)),
    Act("give_back", "supervise.give_task_back", lambda who, row, said: service.give_task_back(who, row, said["reason"])),
    Act("void", "supervise.void_task", lambda who, row, said: service.void_task(who, row, said["reason"])),
)  # fmt: skip


def _field() -> forms.Field:
    return forms.ChoiceField(choices=[(name, LABELS[name]) for name in CORRECTABLE], label=_("Field"))


CORRECT = after.Mark(
    "correct",
    "supervise.correct_form",
    gettext_lazy("Correct the form"),
    {
        "field": _field,
        "value": after.line(gettext_lazy("What it should say"), 400, required=False),
        "reason": after.line(gettext_lazy("Reason"), 400),
        "confirmed_by": after.line(gettext_lazy("Confirmed for the firm by"), 80),
    },
    lambda who, row, said: service.correct_form(
        who, row, {said["field"]: said["value"]}, said["reason"], said["confirmed_by"]
    ),
    when=lambda row: row.status in ("sampled", "completed"),
    help=gettext_lazy(
        "What stood there before stays in the ledger. Quantities, seals and signatures are not corrected."
    ),
)


def _acts(user: Any, row: SamplingTask, facts: Mapping[str, Any]) -> list[Act]:
    """Return the steps for this person: on site only for the samplers of this very task."""
    mine, barred = is_sampler(user, row), facts["blocked_until"] is not None
    return [act for act in ACTS if (mine or act.step not in ON_SITE) and (barred or act.step != "skip_recent")]


def _facts(row: SamplingTask) -> dict[str, Any]:
    """Return the facts of the guards; what a person gives with the step (samplers, reason) forbids nothing before."""
    facts = task_facts(row) | {"not_sampled_reason": "stock_low"}
    return facts | ({"samplers": SAMPLERS} if row.status in ("drawn", "returned") else {})


@page(*INSIDE)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task, and the step of whoever looks."""
    row = get_object_or_404(field_queries.tasks(request.user), pk=pk)
    if request.method == "POST" and request.POST.get("do") == "seen":
        service.see_conflict(request.user, get_object_or_404(row.submissions, pk=whole(request.POST.get("pk"))))
        return redirect("desk:task", pk)
    facts = _facts(row)
    found = offers(request, row, _acts(request.user, row, facts), facts)
    beside = after.marks(request, row, [CORRECT] if is_sampler(request.user, row) else [])
    if request.method == "POST" and (take(request, row, found) or after.take_mark(request, row, beside)):
        return redirect("desk:task", pk)
    told = history(row)
    context = page_of(request, row, found, "desk:task")
    mine = context["box"] is not None
    context |= {
        "steps": progress(row, PATH, told, mine=mine) if row.status in _on_the_way() else [],
        "waits": after.with_whom(WAITS, row),
        "marks": beside,
        "history": told,
        "undo": undo_offer(request.user, name_of(row)),
        "phone": is_sampler(request.user, row) and row.status in ("assigned", "on_site"),
        "crumbs": [(_("Tasks on site"), reverse("desk:tasks")), (row.number, "")],
    }
    return render(request, "supervise/task_page.html", context | _shown(request.user, row))


def _on_the_way() -> set[str]:
    return {state for _name, states, _verbs in PATH for state in states} | {"completed"}


def _shown(user: Any, row: SamplingTask) -> dict[str, Any]:
    """Return what lies behind a task, as far as this person sees it."""
    form = visible(user, SamplingForm.objects.filter(task=row)).first()
    samples = visible(user, Sample.objects.filter(task=row)).prefetch_related("seals").order_by("-attempt", "-part")
    sent = visible(user, Submission.objects.filter(task=row)).select_related("person")
    return {
        "form": form,
        "form_rows": _form_rows(form) if form else [],
        "photos": list(visible(user, FieldPhoto.objects.filter(task=row)).select_related("attachment")),
        "people": visible(user, Assignment.objects.filter(task=row)).select_related("person"),
        "samples": [(one, grouped(one.code), after.state_cell(one)) for one in samples],
        "labels": is_sampler(user, row) and any(one.status in ("sealed", "kept", "left_with_firm") for one in samples),
        "sent": [_sent(user, one, form) for one in sent],
        "may_see_town": bool(roles_of(user) & {"planner", "department", "leader", "inspector"}),
        "reason_words": _(NOT_SAMPLED[row.reason_code]) if row.reason_code in NOT_SAMPLED else "",
    }


def _form_rows(form: SamplingForm) -> list[tuple[str, Any]]:
    """Return the filled fields of a form with their names."""
    values = []
    for name, label in LABELS.items():
        value = form.get_signature_display() if name == "signature" else getattr(form, name)
        if name == "seal_numbers":
            value = "; ".join(", ".join(numbers) for numbers in value.values())
        if value not in (None, "", False) and name not in ("longitude", "latitude", "accuracy", "taken_at"):
            values.append(
                (label, _("yes") if value is True else after.day_cell(value) if isinstance(value, date) else value)
            )
    if form.latitude is not None:
        values.append((_("Location"), f"{form.latitude}, {form.longitude} (±{form.accuracy or 0:.0f} m)"))
    return values


def _sent(user: Any, one: Submission, form: SamplingForm | None) -> dict[str, Any]:
    """Return one sending; a conflict with what it says otherwise than the form that stands."""
    said = one.payload.get("form") or {}
    differs = [
        (LABELS[name], value, getattr(form, name))
        for name, value in said.items()
        if form and name in LABELS and name != "seal_numbers" and str(value or "") != str(getattr(form, name) or "")
        and not (value in ("", None, False) and getattr(form, name) in ("", None, False))
    ] if one.outcome == Submission.Outcome.CONFLICT else []  # fmt: skip
    waits = (
        one.outcome == Submission.Outcome.CONFLICT and is_sampler(user, one.task) and not one.seen_by.filter(pk=user.pk)
    )
    return {"row": one, "differs": differs, "waits": waits}
