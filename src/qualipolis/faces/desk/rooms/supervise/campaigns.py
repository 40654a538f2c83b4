"""Campaigns: the list that is the home of this stage, one campaign with all that hangs on it, its editor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.listen import service as listening
from qualipolis.city.listen.queries import signal_queries
from qualipolis.city.supervise import service
from qualipolis.city.supervise.draws import ceremony
from qualipolis.city.supervise.models import Campaign, PlanLine, Purpose, SamplingRule
from qualipolis.city.supervise.planning import campaigns
from qualipolis.city.supervise.planning import queries as plan_queries
from qualipolis.city.supervise.planning.lists import CAMPAIGN_SHOWS
from qualipolis.faces.desk import loop, parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, chip, chip_of, law_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history
from qualipolis.faces.desk.rooms.measure.sets import exports
from qualipolis.faces.desk.rooms.supervise.plan_forms import CampaignForm, Doing, NewCampaignForm
from qualipolis.faces.desk.rooms.supervise.plans import calm, organisers, top, undo_here
from qualipolis.faces.desk.rooms.work import items_of, task_of
from qualipolis.law.flows import ALL

STAGE = "supervise"
PER_PAGE = 40
FEW = 4
PROPOSED_SIZE = 30  # a first look: fewer batches say little about a rate
ACTS = (
    Act("contract", "supervise.contract_campaign",
        lambda who, row, said: service.contract_campaign(who, row, said["document_no"])),
    Act("approve", "supervise.approve_campaign",
        lambda who, row, said: service.approve_campaign(who, row, said["document_no"])),
    Act("publish_rules", "supervise.publish_campaign_rules",
        lambda who, row, said: service.publish_campaign_rules(who, row)),
    Act("begin", "supervise.begin_campaign", lambda who, row, said: service.begin_campaign(who, row)),
    Act("end_sampling", "supervise.end_sampling", lambda who, row, said: service.end_sampling(who, row)),
    Act("settle", "supervise.settle_campaign", lambda who, row, said: service.settle_campaign(who, row)),
    Act("archive", "supervise.archive_campaign", lambda who, row, said: service.archive_campaign(who, row)),
    Act("resume_sampling", "supervise.resume_sampling",
        lambda who, row, said: service.resume_sampling(who, row, said["reason"])),
    Act("reopen", "supervise.reopen_campaign",
        lambda who, row, said: service.reopen_campaign(who, row, said["reason"], said["document_no"])),
    Act("cancel", "supervise.cancel_campaign", lambda who, row, said: service.cancel_campaign(who, row, said["reason"])),
)  # fmt: skip


def way() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return the way of a campaign: name, states in which it is under way, verbs that end it."""
    return [
        (_("Bodies"), ("draft",), ("supervise.contract_campaign",)),
        (_("Approval"), ("contracted",), ("supervise.approve_campaign",)),
        (_("Rules public"), ("approved",), ("supervise.publish_campaign_rules",)),
        (_("Draw"), ("rules_public",), ("supervise.begin_campaign",)),
        (_("Sampling"), ("sampling",), ("supervise.end_sampling",)),
        (_("Tests and objections"), ("testing",), ("supervise.settle_campaign",)),
        (_("Files"), ("settled",), ("supervise.archive_campaign",)),
    ]


@page(*INSIDE)
def campaign_list(request: HttpRequest) -> HttpResponse:
    """All campaigns with their states, counts and progress."""
    params = {key: value for key, value in request.GET.items() if key != "page" and value}
    others = {key: value for key, value in params.items() if key != "show"}
    rows = plan_queries.campaigns(request.user, params)
    paged = Paginator(plan_queries.with_progress(rows), PER_PAGE).get_page(request.GET.get("page"))
    everyone = plan_queries.campaigns(request.user, others)
    items = [item for item in items_of(request.user) if item.stop == STAGE]
    context = {
        "stage": STAGE,
        "paged": paged,
        "lines": [(row, chip_of(row)) for row in paged],
        "filters": _filters(everyone, others, params.get("show", "")),
        "purposes": Purpose.choices,
        "params": params,
        "any": plan_queries.campaigns(request.user).exists(),
        "may_begin": can(request.user, "supervise.create_campaign"),
        "tasks": [task_of(item) for item in items[:FEW]],
        "waiting": len(items),
        "exports": exports("campaigns", urlencode(params), paged.paginator.count),
        "crumbs": [(_("Supervision sampling"), "")],
    }
    return render(request, "supervise/campaign_list.html", context)


def _filters(rows: Any, others: dict[str, str], current: str) -> list[parts.Segment]:
    states = list(rows.order_by().values_list("status", flat=True))
    found = []
    for key, words in CAMPAIGN_SHOWS:
        wanted = plan_queries.STAGES.get(key)
        count = sum(1 for state in states if wanted is None or state in wanted)
        query = urlencode(others | ({"show": key} if key else {}))
        found.append(parts.Segment(str(words), f"?{query}", key == current, count))
    return found


@page(*INSIDE)
def campaign_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One campaign: scheme, rules, bodies, draws, tasks, and its next step."""
    row = get_object_or_404(plan_queries.campaigns(request.user), pk=pk)
    found = offers(request, row, ACTS, campaigns.campaign_facts(row))
    drawing = _Draw(request.POST if request.POST.get("do") == _Draw.DO else None)
    if request.method == "POST":
        if drawing.is_bound:
            if attempt(request, drawing, lambda said: service.prepare_draw(request.user, row)):
                return redirect("desk:draw", row.draws.order_by("-number")[0].pk)
            messages_of(request, drawing)
        elif take(request, row, found):
            return redirect("desk:campaign", row.pk)
    told = [line for line in history(row) if line.verb != "attachment.store"]
    draws = plan_queries.draws(request.user, row)
    states = plan_queries.tasks_by_state(row)
    context = calm(page_of(request, row, found, "desk:campaign"), found)
    if (box := _draw_box(request.user, row, draws)) is not None:
        context |= {"box": box, "beside": [offer for offer in found if not offer.blocked]}
    context |= {
        "stage": STAGE,
        "steps": progress(row, way(), told, mine=bool(found)),
        "draws": [(one, chip_of(one)) for one in draws],
        "may_draw": _may_draw(request.user, row) and row.status != "rules_public",
        "tasks": [(chip("sampling_task", state), n) for state, n in states.items()],
        "task_total": sum(states.values()),
        "results": _results(row),
        "places": _places(row),
        "may_edit": row.status in ("draft", "contracted") and can(request.user, "supervise.edit_campaign", row),
        "history": told[:20],
        "undo": undo_here(request.user),
        "crumbs": [*top(), (row.number, "")],
    }
    return render(request, "supervise/campaign_page.html", context, status=400 if request.method == "POST" else 200)


class _Draw(Doing):
    """The wish to prepare a draw."""

    DO = "prepare"


def messages_of(request: HttpRequest, form: Any) -> None:
    """Say on top of the page why a form without fields was refused."""
    from django.contrib import messages

    for words in form.non_field_errors():
        messages.error(request, str(words))


def _may_draw(user: Any, row: Campaign) -> bool:
    ready = row.status in ceremony.READY and ceremony.current(row) is None
    return ready and can(user, "supervise.prepare_draw", row)


def _draw_box(user: Any, row: Campaign, draws: list[Any]) -> parts.NextStep | None:
    """Before the sampling begins the draw comes first: prepare it, or go on with it on its own page."""
    if row.status != "rules_public" or not can(user, "supervise.prepare_draw", row):
        return None
    law = law_of(ALL["draw_run"].find("committed", "draw"))
    if _may_draw(user, row):
        action = reverse("desk:campaign", args=[row.pk])
        words = _("Method, numbers and frame are set on the page of the draw.")
        title = _("Prepare the draw")
        return parts.NextStep(title, title, action, _("yours"), form=_Draw(), law=law, missing=words)
    open_ = next((one for one in draws if not one.ended), None)
    if open_ is None:
        return None
    action = reverse("desk:draw", args=[open_.pk])
    return parts.NextStep(_("Go on with the draw"), _("To the draw"), action, _("yours"), law=law, method="get")


def _results(row: Campaign) -> dict[str, int]:
    found = plan_queries.with_progress(Campaign.objects.filter(pk=row.pk)).get()
    return {"n": found.result_count, "failed": found.failed_count, "open": campaigns.open_results(row)}


def _places(row: Campaign) -> list[tuple[str, str]]:
    """Return pages of the neighbouring parts on this campaign, as far as they stand."""
    wanted = (("desk:tasks", _("Tasks on site")), ("desk:results", _("Results")))
    found = [(loop.address(name), words) for name, words in wanted]
    return [(f"{url}?campaign={row.number}", words) for url, words in found if url]


@page("planner", "department")
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Begin a campaign: from a line of the plan, or outside it by rules and size."""
    made: list[Campaign] = []
    if request.POST.get("do") == "line":
        line = get_object_or_404(visible(request.user, PlanLine.objects.all()), pk=whole(request.POST.get("line")))
        form = _Draw(request.POST)
        if attempt(request, form, lambda said: made.append(service.campaign_from_line(request.user, line))):
            return redirect("desk:campaign_edit", made[0].pk)
        messages_of(request, form)
        return redirect("desk:sampling_plan", line.plan_id)
    data = request.POST if request.method == "POST" else None
    rules = SamplingRule.objects.exclude(published_on=None).order_by("category", "-version")
    asked = _proposal(request)
    new = NewCampaignForm(data, organisers=organisers(request.user), rules=rules, initial=_prefilled(asked, rules))
    if data is not None and attempt(request, new, lambda said: made.append(_begun(request.user, new.said, asked))):
        return redirect("desk:campaign_edit", made[0].pk)
    context = {
        "stage": STAGE,
        "form": new,
        "proposal": asked,
        "lines": _open_lines(request.user),
        "crumbs": [*top(), (_("New campaign"), "")],
    }
    return render(request, "supervise/campaign_new.html", context, status=400 if data is not None else 200)


def _begun(user: Any, said: dict[str, Any], asked: Any = None) -> Campaign:
    """Begin the campaign; the proposal of a signal that it answers is taken up with its number."""
    owner, rule, size = said.pop("organiser"), said.pop("rule"), said.pop("size")
    made = service.create_campaign(user, owner, rule, size, **said)
    if asked is not None:
        listening.take_up_proposal(user, asked, made.number)
    return made


def _proposal(request: HttpRequest) -> Any:
    """Return the proposal of a signal that this person answers with a campaign (``?proposal=``); None without one."""
    pk = whole(request.GET.get("proposal"))
    return signal_queries.to_answer(request.user).filter(pk=pk, kind="sample").first() if pk else None


def _prefilled(asked: Any, rules: Any) -> dict[str, Any]:
    """Return what a proposal fills in: the latest rules of its class, sampling by risk, where the product is sold."""
    if asked is None:
        return {}
    rule = next((one for one in rules if one.category == asked.signal.product_class), None)
    return {"rule": rule, "purpose": Purpose.RISK, "stage": "sale", "size": PROPOSED_SIZE}


def _open_lines(user: Any) -> Any:
    """Return the lines of approved plans without a campaign, for whoever may begin one."""
    ready = ("approved", "filed", "public")
    rows = visible(user, PlanLine.objects.filter(plan__status__in=ready, campaigns=None))
    rows = rows.select_related("plan__organiser").order_by("-plan__year", "plan__version", "position")
    return [row for row in rows[:200] if can(user, "supervise.campaign_from_line", row)]


@page("planner", "department")
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Scheme, bodies and size of a campaign that has not been approved."""
    row = get_object_or_404(plan_queries.campaigns(request.user), pk=pk)
    if row.status not in ("draft", "contracted") or not can(request.user, "supervise.edit_campaign", row):
        return redirect("desk:campaign", row.pk)
    only = campaigns.AFTER_CONTRACT if row.status == "contracted" else None
    start = {name: getattr(row, name) for name in CampaignForm.base_fields}
    form = CampaignForm(request.POST, only=only) if request.method == "POST" else CampaignForm(initial=start, only=only)
    act = lambda said: service.edit_campaign(request.user, row, **form.said)  # noqa: E731
    if request.method == "POST" and attempt(request, form, act):
        return redirect("desk:campaign", row.pk)
    context = {
        "stage": STAGE,
        "row": row,
        "form": form,
        "crumbs": [*top(), (row.number, reverse("desk:campaign", args=[pk])), (_("Edit"), "")],
    }
    return render(request, "supervise/campaign_edit.html", context, status=400 if request.method == "POST" else 200)
