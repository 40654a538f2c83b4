"""Pages of the yearly plan: the list, one plan with its lines and what they can say, one line, higher-level tasks."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qualipolis.city.core.models import Event, Organisation
from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, city_wide, organisations_of, page, visible
from qualipolis.city.core.roles import INSIDE, Role
from qualipolis.city.core.undo import open_for
from qualipolis.city.registry.models import Product
from qualipolis.city.supervise import service
from qualipolis.city.supervise.models import HigherLevelTask, PlanLine, Purpose, SamplingPlan, Stage
from qualipolis.city.supervise.planning import plans
from qualipolis.city.supervise.planning import queries as plan_queries
from qualipolis.city.supervise.planning.plan_import import HEADS
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import (
    Act,
    Offer,
    chip_of,
    day_field,
    law_of,
    offers,
    page_of,
    progress,
    take,
)
from qualipolis.faces.desk.rooms.measure.pieces import history, undo_offer
from qualipolis.faces.desk.rooms.measure.sets import exports
from qualipolis.faces.desk.rooms.supervise.plan_forms import (
    ORGANISERS,
    HigherTaskForm,
    LineForm,
    LinesFileForm,
    PlanForm,
    PlanHeadForm,
)
from qualipolis.lake.tables import write_xlsx

STAGE = "supervise"
ACTS = (
    Act("submit", "supervise.submit_plan", lambda who, row, said: service.submit_plan(who, row)),
    Act("approve", "supervise.approve_plan",
        lambda who, row, said: service.approve_plan(who, row, said["document_no"])),
    Act("return", "supervise.return_plan", lambda who, row, said: service.return_plan(who, row, said["reason"])),
    Act("file", "supervise.file_plan",
        lambda who, row, said: service.file_plan(who, row, said["authority"], said["document_no"], said["filed_on"]),
        fields={"filed_on": day_field}),
    Act("publish", "supervise.publish_plan", lambda who, row, said: service.publish_plan(who, row)),
    Act("close", "supervise.close_plan", lambda who, row, said: service.close_plan(who, row)),
    Act("amend", "supervise.amend_plan",
        lambda who, row, said: service.amend_plan(who, row, said["reason"], said["document_no"])),
)  # fmt: skip


def way() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return the way of a plan: name, states in which it is under way, verbs that end it."""
    return [
        (_("Written"), ("draft", "returned"), ("supervise.submit_plan",)),
        (_("Approved"), ("submitted",), ("supervise.approve_plan",)),
        (pgettext("plan", "Filed"), ("approved",), ("supervise.file_plan",)),
        (_("Published"), ("filed",), ("supervise.publish_plan",)),
        (_("Carried out"), ("public",), ("supervise.close_plan",)),
    ]


def organisers(user: Any) -> Any:
    """Return the organisations for which someone may begin a plan or a campaign."""
    rows = Organisation.objects.filter(kind__in=ORGANISERS)
    if not city_wide(user, ("planner",)):
        return rows.filter(pk__in=organisations_of(user, ("department",))).order_by("code")
    return rows.exclude(kind=Organisation.Kind.BRANCH).filter(code__startswith="AMR").order_by("code") or rows


@page(*INSIDE)
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans, year by year, with what is in them."""
    form = None
    if can(request.user, "supervise.create_plan"):
        form = PlanForm(request.POST or None, organisers=organisers(request.user))
    made: list[SamplingPlan] = []
    if request.method == "POST" and form is not None:
        act = lambda said: made.append(service.create_plan(request.user, said["organiser"], said["year"]))  # noqa: E731
        if attempt(request, form, act):
            return redirect("desk:sampling_plan", made[0].pk)
    rows = [(row, chip_of(row)) for row in plan_queries.plans(request.user)]
    context = {
        "stage": STAGE,
        "rows": rows,
        "form": form,
        "higher": HigherLevelTask.objects.count(),
        "crumbs": [*top(), (_("Yearly plans"), "")],
    }
    return render(request, "supervise/plan_list.html", context, status=400 if form and form.is_bound else 200)


def top() -> list[tuple[str, str]]:
    """Return the beginning of the way to every page of this room."""
    return [(_("Supervision sampling"), reverse("desk:campaigns"))]


RARE = {"redraw", "thaw", "amend", "cancel", "reopen", "resume_sampling"}


def calm(context: dict[str, Any], found: Sequence[Offer]) -> dict[str, Any]:
    """Return a flow page on which a step for exceptions is never the next step; it stands beside."""
    first = next((offer for offer in found if not offer.blocked), None)
    if not {offer.act.step for offer in found} - set(RARE) and (words := next_hand(context["row"])):
        context |= {"waits": words}
    if first is None or first.act.step not in RARE:
        return context
    return context | {"box": None, "beside": [offer for offer in found if not offer.blocked]}


def next_hand(row: Any) -> str:
    """Return the next step of a row and whose it is, for those who cannot take it."""
    steps = [one for one in row.flow.steps if row.status in one.sources and one.name not in RARE]
    roles = [Role(name).label for name in (steps[0].roles if steps else ()) if name in Role.values]
    if not roles:
        return ""
    whose = _(" or ").join(str(words) for words in roles)
    return _("Next: %(step)s, by %(whose)s.") % {"step": _(steps[0].label), "whose": whose}


def undo_here(user: Any) -> dict[str, Any] | None:
    """Return the step that can be taken back, unless somebody has gone on from it; files that were kept do not count."""
    last = open_for(user)
    if last is None:
        return None
    later = Event.objects.filter(thing=last.event.thing, seq__gt=last.event_id).exclude(verb="attachment.store")
    return None if later.exists() else undo_offer(user)


@page(*INSIDE)
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its state, its next step, its lines with what their numbers can say."""
    row = get_object_or_404(plan_queries.plans(request.user), pk=pk)
    found = offers(request, row, ACTS, plans.plan_facts(row))
    line, head, file = (_form(request, kind, row) for kind in (LineForm, PlanHeadForm, LinesFileForm))
    if request.method == "POST" and (done := _post(request, row, found, line, head, file)):
        return done
    open_ = row.status in plans.OPEN and can(request.user, "supervise.add_plan_line", row)
    told = history(row)
    lines = _lines(row)
    context = calm(page_of(request, row, found, "desk:sampling_plan"), found) | {
        "stage": STAGE,
        "steps": progress(row, way(), told, mine=bool(found)),
        "lines": lines,
        "repeats": [one for one in lines if one["repeats"]],
        "totals": {"batches": row.batches or 0, "cost": row.cost or 0},
        "line_form": line if open_ else None,
        "head_form": head if open_ else None,
        "file_form": file if open_ else None,
        "may_begin": row.status in ("approved", "filed", "public") and can(request.user, "supervise.create_campaign"),
        "classes": classes() if open_ else [],
        "history": told[:20],
        "undo": undo_here(request.user),
        "exports": exports("sampling-plan-lines", f"plan={row.pk}", len(lines)),
        "crumbs": [*top(), (_("Yearly plans"), reverse("desk:sampling_plans")), (str(row.year), "")],
    }
    return render(request, "supervise/plan_page.html", context, status=400 if request.method == "POST" else 200)


def _form(request: HttpRequest, kind: Any, row: SamplingPlan) -> Any:
    if request.method == "POST" and request.POST.get("do") == kind.DO:
        return kind(request.POST, request.FILES or None)
    start = (
        {name: getattr(row, name) for name in kind.base_fields if hasattr(row, name)} if kind is PlanHeadForm else {}
    )
    return kind(initial=start)


def _post(request: HttpRequest, row: SamplingPlan, found: Any, line: Any, head: Any, file: Any) -> HttpResponse | None:
    before = SamplingPlan.objects.count()
    if take(request, row, found):
        newest = SamplingPlan.objects.order_by("-pk").first()
        target = newest if newest and SamplingPlan.objects.count() > before else row
        return redirect("desk:sampling_plan", target.pk)
    acts = (
        (line, lambda said: service.add_plan_line(request.user, row, **line.said)),
        (head, lambda said: service.edit_plan(request.user, row, **head.said)),
        (file, lambda said: service.import_plan_lines(
            request.user, row, said["file"].read(), said["file"].name, replace=said["replace"])),
    )  # fmt: skip
    for form, act in acts:
        if form.is_bound and attempt(request, form, act):
            return redirect("desk:sampling_plan", row.pk)
    return None


def _lines(row: SamplingPlan) -> list[dict[str, Any]]:
    repeats = plans.repeats_of(row)
    found = []
    for line in row.lines.prefetch_related("campaigns"):
        line.plan = row
        found.append(
            {
                "row": line,
                "precision": plan_queries.precision(line),
                "repeats": repeats.get(line.pk),
                "campaigns": [(one, chip_of(one)) for one in line.campaigns.all()],
            }
        )
    return found


def classes() -> list[str]:
    """Return the product classes of the registry, for suggestions while one is typed."""
    rows = Product.objects.order_by("category").values_list("category", flat=True).distinct()
    return list(rows[:500])


@page(*INSIDE)
def plan_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of an open plan: change it, or take it out."""
    row = get_object_or_404(visible(request.user, PlanLine.objects.select_related("plan")), pk=pk)
    if not can(request.user, "supervise.edit_plan_line", row) or row.plan.status not in plans.OPEN:
        return redirect("desk:sampling_plan", row.plan_id)
    form = LineForm(request.POST) if request.method == "POST" else LineForm.of(row)
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            if attempt(request, _Sure(request.POST), lambda said: service.remove_plan_line(request.user, row)):
                return redirect("desk:sampling_plan", row.plan_id)
        elif attempt(request, form, lambda said: service.edit_plan_line(request.user, row, **form.said)):
            return redirect("desk:sampling_plan", row.plan_id)
    context = {
        "stage": STAGE,
        "row": row,
        "form": form,
        "classes": classes(),
        "crumbs": [
            *top(),
            (_("Yearly plans"), reverse("desk:sampling_plans")),
            (str(row.plan.year), reverse("desk:sampling_plan", args=[row.plan_id])),
            (_("Line %(n)s") % {"n": row.position}, ""),
        ],
    }
    return render(request, "supervise/plan_line.html", context, status=400 if request.method == "POST" else 200)


class _Sure(PlanHeadForm):
    """Nothing but the wish itself."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields = {}


@page(*INSIDE)
def plan_template(request: HttpRequest) -> HttpResponse:
    """The empty table for lines of a plan, with one line as an example."""
    words = (str(Purpose.RANDOM.label), str(Stage.PRODUCTION.label))
    example = ("儿童服装", "", "", "GB 31701-2015", *words, "60", "2", "48000", "94%", "3%", "投诉较多")
    data = {heads[0]: [text] for heads, text in zip(HEADS.values(), example, strict=True)}
    buffer = BytesIO()
    notes = [_("One line for each product class. Purpose and place take the words or codes of the pages.")]
    write_xlsx(buffer, {pgettext("sampling", "Plan"): pl.DataFrame(data)}, notes)
    buffer.seek(0)
    return FileResponse(buffer, as_attachment=True, filename="plan-lines.xlsx")


@page(*INSIDE)
def higher_tasks(request: HttpRequest) -> HttpResponse:
    """What the state and the province sample themselves; the lines of a plan must not repeat it."""
    form = None
    if can(request.user, "supervise.enter_higher_task"):
        form = HigherTaskForm(request.POST if request.POST.get("do") == HigherTaskForm.DO else None)
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            return _remove(request)
        owner = organisers(request.user).first()
        act = lambda said: service.enter_higher_task(request.user, owner, **form.said)  # noqa: E731
        if form is not None and attempt(request, form, act):
            return redirect("desk:higher_tasks")
    context = {
        "stage": STAGE,
        "rows": visible(request.user, HigherLevelTask.objects.all()),
        "form": form,
        "may_remove": can(request.user, "supervise.remove_higher_task"),
        "classes": classes() if form else [],
        "law": law_of(SamplingPlan().flow.find("draft", "submit")),
        "crumbs": [*top(), (_("Yearly plans"), reverse("desk:sampling_plans")), (_("Higher-level tasks"), "")],
    }
    return render(request, "supervise/plan_higher.html", context, status=400 if form and form.is_bound else 200)


def _remove(request: HttpRequest) -> HttpResponse:
    row = get_object_or_404(HigherLevelTask, pk=whole(request.POST.get("row")))
    form = _Sure(request.POST)
    reason = request.POST.get("reason", "")
    if not attempt(request, form, lambda said: service.remove_higher_task(request.user, row, reason)):
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
    return redirect("desk:higher_tasks")


def segments(pairs: Any, current: str) -> list[parts.Segment]:
    """Return filters as (key, words, count)."""
    return [parts.Segment(str(words), f"?show={key}" if key else "?", key == current, n) for key, words, n in pairs]
