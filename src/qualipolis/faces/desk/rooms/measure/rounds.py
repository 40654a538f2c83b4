"""Pages of the collection rounds: the list, and one round with who is how far and its next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.assess.models import Assessment
from qualipolis.city.assess.run import inputs_hash
from qualipolis.city.core.models import Job, Person
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, roles_of
from qualipolis.city.core.roles import STAFF
from qualipolis.city.core.steps import may_take
from qualipolis.city.measure import queries, service
from qualipolis.city.measure.models import CollectionRound, Observation
from qualipolis.city.measure.rounds import UNDECIDED, own_part
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure import jobs as measure_jobs
from qualipolis.faces.desk.rooms.measure.pieces import (
    STAGE,
    StepForm,
    Told,
    chip_of,
    deadline,
    history,
    law_of,
    refuse,
    state_chip,
    steps_of,
    undo_offer,
)
from qualipolis.faces.desk.rooms.measure.sets import exports
from qualipolis.law.flows import ALL
from qualipolis.methods.problems import InputError

FLOW = "collection_round"
PATH = ("planned", "open", "checking", "locked")
REACHED = {
    "planned": ("measure.open_round",),
    "open": ("measure.open_round", "measure.extend_entry"),
    "reopened": ("measure.confirm_reopen",),
    "checking": ("measure.close_entry",),
    "locked": ("measure.lock_round",),
}
ENTRY = ("open", "reopened")
PER_PAGE = 60
SHOWN = ("empty", "draft", "returned", "submitted", "disputed", "reopened", "verified")

Act = Callable[[Any, CollectionRound, dict[str, Any]], Any]
ACTS: dict[str, tuple[tuple[str, ...], Act]] = {
    "check": ((), lambda who, row, said: service.close_entry(who, row)),
    "extend": (
        ("reason", "due_on"),
        lambda who, row, said: service.extend_entry(who, row, said["reason"], said["due_on"]),
    ),
    "lock": ((), lambda who, row, said: service.lock_round(who, row)),
    "keep": (("reply",), lambda who, row, said: service.keep_reopened(who, row, said["reply"])),
    "reopen": (("reason",), lambda who, row, said: service.reopen_round(who, row, said["reason"])),
    "confirm": ((), lambda who, row, said: service.confirm_reopen(who, row)),
}


@page(*STAFF)
def round_list(request: HttpRequest) -> HttpResponse:
    """The collection rounds with their state and term."""
    rows = [
        (row, state_chip(row), deadline(row.due_on) if row.status in ("open", "checking", "reopened") else None)
        for row in queries.rounds(request.user)
    ]
    context = {
        "stage": STAGE,
        "rows": rows,
        "may_open": can(request.user, "measure.open_round"),
        "crumbs": [(_("Measure"), ""), (_("Collection rounds"), "")],
    }
    return render(request, "measure/rounds.html", context)


@page(*STAFF)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: how far each unit is, who is late, and the next step; posting takes it."""
    row = get_object_or_404(queries.rounds(request.user), pk=pk)
    bound = None
    if request.method == "POST":
        bound = _post(request, row)
        if isinstance(bound, HttpResponse):
            return bound
    found = queries.progress(request.user, row)
    only = request.GET.get("show", "")
    shown = [one for one in found if _fits(one, row, only)]
    paged = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "stage": STAGE,
        "row": row,
        "state": state_chip(row),
        "steps": _steps(request.user, row),
        "box": next_box(request.user, row, bound, found),
        "beside": _beside(request.user, row, bound),
        "summary": _summary(found),
        "filters": _filters(row, found, only),
        "paged": paged,
        "lines": [_line(one, row) for one in paged],
        "heads": [chip_of("observation", status).text for status in SHOWN],
        "job": _job(request),
        "asked": row.reopening if not _may_confirm(request.user, row) else {},
        "clear": _clear(request.user, row),
        "may_import": row.status in (*ENTRY, "checking") and can(request.user, "measure.import_values"),
        "history": history(row)[:12],
        "exports": exports("round-values", f"round={row.pk}", sum(one.total for one in found)),
        "undo": undo_offer(request.user),
        "crumbs": [(_("Measure"), ""), (_("Collection rounds"), reverse("desk:rounds")), (row.period, "")],
    }
    return render(request, "measure/round.html", context, status=400 if bound is not None else 200)


def _total(found: list[queries.Progress], *states: str) -> int:
    return sum(one.by_status.get(state, 0) for one in found for state in states)


def _late(one: queries.Progress, row: CollectionRound) -> bool:
    return row.status in ENTRY and row.due_on < timezone.localdate() and one.to_hand_in > 0


def _fits(one: queries.Progress, row: CollectionRound, only: str) -> bool:
    undecided = any(one.by_status.get(state) for state in UNDECIDED)
    fits = {"late": _late(one, row), "open": one.to_hand_in > 0, "undecided": undecided, "returned": one.returned > 0}
    return fits.get(only, True)


def _filters(row: CollectionRound, found: list[queries.Progress], only: str) -> list[parts.Segment]:
    words = (
        ("", _("All units")),
        ("open", _("To hand in")),
        ("undecided", _("To decide")),
        ("returned", _("Returned")),
        ("late", _("Late")),
    )
    return [
        parts.Segment(label, f"?show={key}" if key else "?", key == only, sum(_fits(one, row, key) for one in found))
        for key, label in words
    ]


def _summary(found: list[queries.Progress]) -> dict[str, int]:
    total = sum(one.total for one in found)
    handed = sum(one.handed_in for one in found)
    return {
        "total": total,
        "handed_in": handed,
        "verified": sum(one.verified for one in found),
        "returned": sum(one.returned for one in found),
        "missing": sum(one.missing for one in found),
        "percent": round(100 * handed / total) if total else 0,
    }


def _line(one: queries.Progress, row: CollectionRound) -> dict[str, Any]:
    if _late(one, row):
        chip = parts.Chip("bad", _("late"), "alert-octagon")
    elif not one.to_hand_in:
        chip = parts.Chip("ok", _("all handed in"))
    else:
        chip = parts.Chip("idle", _("%(n)s to go") % {"n": one.to_hand_in}, "pencil")
    if row.status == "locked":
        gone = one.by_status.get("empty", 0) + one.by_status.get("draft", 0)
        chip = parts.Chip("warn", _("%(n)s missing") % {"n": gone}) if gone else parts.Chip("ok", _("complete"))
    by_state = one.by_status | {"verified": one.verified}
    counts = [(chip_of("observation", s).text, by_state.get(s, 0)) for s in SHOWN]
    url = f"{reverse('desk:collect', args=[row.pk])}?unit={one.unit.code}"
    return {"unit": one.unit, "chip": chip, "counts": counts, "url": url, "done": one.handed_in, "total": one.total}


def _steps(user: Any, row: CollectionRound) -> list[parts.Step]:
    told: dict[str, Told] = {}
    for line in history(row, verbs={verb for verbs in REACHED.values() for verb in verbs}):
        for state, verbs in REACHED.items():
            if line.verb in verbs:
                told.setdefault(state, line)
    path = tuple("reopened" if state == "open" else state for state in PATH) if row.status == "reopened" else PATH
    return steps_of(FLOW, path, row.status, told, "planner" in roles_of(user))


def _box(row: CollectionRound, name: str, title: str, bound: Any, **more: Any) -> parts.NextStep:
    step = ALL[FLOW].find(row.status, name)
    form = (
        bound
        if isinstance(bound, StepForm) and bound.initial.get("step") == name
        else StepForm(name, ACTS[name][0] if name in ACTS else ())
    )
    action = reverse("desk:round", args=[row.pk])
    return parts.NextStep(title, title, action, whose=_("yours"), form=form, law=law_of(step), **more)


def next_box(user: Any, row: CollectionRound, bound: Any, found: list[queries.Progress]) -> parts.NextStep | None:
    """The one next step of a round for this person."""
    undecided = _total(found, "submitted", "disputed", "reopened")
    if row.reopening and _may_confirm(user, row):
        return _box(
            row,
            "confirm",
            _("Agree to reopen"),
            bound,
            missing=_("Asked by %(who)s: %(reason)s") % {"who": _asking(row), "reason": row.reopening["reason"]},
        )
    if "planner" not in roles_of(user):
        return None
    due = deadline(row.due_on)
    if row.status in ENTRY and not row.snapshot:
        missing = _("Takes a snapshot of the records and fills every indicator that is counted from them.")
        return _box(row, "compute", _("Compute from the records"), bound, deadline=due, missing=missing)
    if row.status == "open":
        n = sum(one.to_hand_in for one in found)
        words = ngettext("%(n)s value has not been handed in yet.", "%(n)s values have not been handed in yet.", n)
        missing = words % {"n": n} if n else _("Every value of the units is in.")
        return _box(row, "check", _("End entry and start checking"), bound, deadline=due, missing=missing)
    if row.status in ("checking", "reopened") and undecided:
        return _waiting_box(row, undecided, _total(found, "reopened"))
    if row.status == "checking" and row.previewed_on is None:
        return _computing(row, _("Compute the results for the preview"))
    if row.status == "locked":
        return _computing(row, _("Compute the results")) if _outdated(row) else None
    if row.status in ("checking", "reopened"):
        missing = _("What was never handed in is then missing as late.")
        return _box(row, "lock", _("Lock the round"), bound, missing=missing)
    return None


def _computing(row: CollectionRound, title: str) -> parts.NextStep:
    """The run that comes next: it is looked at first, and sent to the units from its own page."""
    return parts.NextStep(
        title,
        _("Compute a run"),
        reverse("desk:assess_run"),
        whose=_("yours"),
        form=_RoundForm(initial={"round": row.pk}),
        law=law_of(ALL["assessment"].find("run", "preview")),
        missing=_("You look at it first; then it goes to the units; the values are locked.")
        if row.status == "locked"
        else _("You look at it first; then it goes to the units, who have 7 working days to object."),
    )


def _outdated(row: CollectionRound) -> bool:
    """Whether a locked round has no run of what is locked now."""
    last = Assessment.objects.filter(round=row, set=None).order_by("-pk").first()
    if last is None:
        return True
    return last.status in ("run", "previewed") and inputs_hash(row) != last.inputs_hash


class _RoundForm(forms.Form):
    round = forms.IntegerField(widget=forms.HiddenInput)


def _waiting_box(row: CollectionRound, undecided: int, reopened: int) -> parts.NextStep:
    """Nothing to decide yet: look at what stands open."""
    title = _("%(n)s values are still undecided") % {"n": undecided}
    button, missing = _("See where they stand"), _("The round can be locked when all of them are decided.")
    whose = _("waiting for others")
    if reopened:
        whose, missing = (
            _("yours"),
            _("Correct what has to be corrected on its own page; keep the rest together below."),
        )
    action = reverse("desk:round", args=[row.pk])
    form = _ShowForm(initial={"show": "undecided"})
    law = law_of(ALL[FLOW].find(row.status, "lock"))
    return parts.NextStep(
        title,
        button,
        action,
        whose,
        form=form,
        law=law,
        missing=missing,
        method="get",
    )


class _ShowForm(forms.Form):
    show = forms.CharField(widget=forms.HiddenInput)


def _asking(row: CollectionRound) -> str:
    """Who has asked to reopen, by name."""
    name = row.reopening["by"]
    return str(Person.objects.filter(username=name).first() or name)


def _may_confirm(user: Any, row: CollectionRound) -> bool:
    return can(user, "measure.confirm_reopen", row) and row.reopening.get("by") != getattr(user, "username", "")


def _beside(user: Any, row: CollectionRound, bound: Any) -> list[tuple[str, StepForm]]:
    found: list[tuple[str, StepForm]] = []
    if row.status in ("open", "checking", "reopened") and row.snapshot and can(user, "measure.compute_metrics"):
        found.append((_("Compute from the records again"), StepForm("compute", ())))
    if row.status == "reopened" and can(user, "measure.keep_reopened", row):
        n = Observation.objects.filter(round=row, status="reopened").count()
        words = ngettext("Keep %(n)s reopened value as it is", "Keep %(n)s reopened values as they are", n)
        found += [(words % {"n": n}, StepForm("keep", ("reply",)))] if n else []
    if may_take(user, FLOW, "extend", row.status):
        found.append((_("Open for entry again"), StepForm("extend", ACTS["extend"][0])))
    if may_take(user, FLOW, "reopen", row.status) and not row.reopening:
        found.append((_("Ask to reopen the round"), StepForm("reopen", ACTS["reopen"][0])))
    name = bound.initial.get("step") if isinstance(bound, StepForm) else ""
    return [(label, bound if form.initial["step"] == name else form) for label, form in found]


def _clear(user: Any, row: CollectionRound) -> tuple[str, int] | None:
    if row.status not in (*ENTRY, "checking") or not can(user, "measure.verify_many"):
        return None
    mine = own_part(user, Observation.objects.filter(round=row, status="submitted"), ("department",))
    return (f"{reverse('desk:clear')}?round={row.pk}", mine.count())


def _job(request: HttpRequest) -> str:
    row = Job.objects.filter(pk=whole(request.GET.get("job")), person=request.user).first()
    if row is None or row.state == Job.State.DONE:
        return ""
    if row.state == Job.State.FAILED:
        messages.error(request, row.message)
        return ""
    return reverse("core:job", args=[row.pk])


def _post(request: HttpRequest, row: CollectionRound) -> HttpResponse | forms.Form:
    name = request.POST.get("step", "")
    if name == "compute":
        return _compute(request, row)
    if name not in ACTS:
        messages.error(request, _("This step cannot be taken in the present state."))
        return redirect("desk:round", row.pk)
    needs, act = ACTS[name]
    form = StepForm(name, needs, request.POST)
    if form.is_valid():
        try:
            act(request.user, row, form.cleaned_data)
        except (InputError, PermissionDenied) as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done. It stands in the history below."))
            return redirect("desk:round", row.pk)
    form.initial = {"step": name}
    return form


def _compute(request: HttpRequest, row: CollectionRound) -> HttpResponse:
    if not can(request.user, "measure.compute_metrics", row):
        raise PermissionDenied(_("Your role does not allow this step."))
    job = measure_jobs.start_computing(request.user, row)
    return redirect(f"{reverse('desk:round', args=[row.pk])}?job={job.pk}")
