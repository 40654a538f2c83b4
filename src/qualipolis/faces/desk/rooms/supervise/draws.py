"""The ceremony of a draw on one page: freeze, commit, reveal, publish; then tasks and who samples where."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualipolis.city.core.parameters import whole
from qualipolis.city.core.policy import can, page, visible
from qualipolis.city.core.roles import INSIDE
from qualipolis.city.supervise import service
from qualipolis.city.supervise.draws import bundle as draw_bundle
from qualipolis.city.supervise.draws.tables import left_out_words, numbers_by_stratum, towns_by_code, without_any
from qualipolis.city.supervise.models import DrawnUnit, DrawRun, SamplingTask
from qualipolis.city.supervise.planning.visibility import learns_names, runs_draws
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import attempt
from qualipolis.faces.desk.rooms.flow_page import Act, chip_of, offers, page_of, progress, take
from qualipolis.faces.desk.rooms.measure.pieces import history, problem_words
from qualipolis.faces.desk.rooms.measure.sets import exports
from qualipolis.faces.desk.rooms.supervise import draw_forms as asked
from qualipolis.faces.desk.rooms.supervise.plans import calm, top, undo_here

STAGE = "supervise"
PER_PAGE = 50
AT_ONCE = 30_000  # frames up to this size are replayed when the page opens, larger ones when asked
DRAWN = ("drawn", "published", "superseded")


def acts(row: DrawRun) -> list[Act]:
    """Return the steps of a draw; the randomness is asked for only once it can exist."""
    found = [
        Act("freeze", "supervise.freeze_draw", lambda who, run, said: service.freeze_draw(who, run),
            help=_("The frame is made from the registry as it stands now.")),
        Act("commit", "supervise.commit_draw", asked.commit, fields=asked.COMMIT,
            help=_("Read the hash out and publish it before the randomness exists.")),
        Act("publish", "supervise.publish_draw", lambda who, run, said: service.publish_draw(who, run),
            help=_("Frame, rule, record and the firms drawn become public; publish when they may know.")),
        Act("thaw", "supervise.thaw_draw", lambda who, run, said: service.thaw_draw(who, run, said["reason"])),
        Act("redraw", "supervise.redraw", lambda who, run, said: service.redraw(who, run, said["reason"]),
            help=_("The present draw stays in public view with your reason.")),
    ]  # fmt: skip
    if ready(row):
        found.insert(0, Act("draw", "supervise.draw", asked.reveal, fields=asked.reveal_fields(row)))
    return found


def ready(row: DrawRun) -> bool:
    """Whether the moment announced has come."""
    return row.status == "committed" and row.source_at is not None and row.source_at <= timezone.now()


def way() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return the way of a draw."""
    return [
        (_("Freeze the frame"), ("prepared",), ("supervise.freeze_draw",)),
        (_("Commit"), ("frozen",), ("supervise.commit_draw",)),
        (_("Reveal and draw"), ("committed",), ("supervise.draw",)),
        (_("Publish"), ("drawn",), ("supervise.publish_draw",)),
    ]


@page(*INSIDE)
def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw from its frame to the samplers of its tasks."""
    row = _one(request, pk)
    facts = {"committed_at": row.committed_at, "random_at": row.source_at}
    found = offers(request, row, acts(row), facts)
    rule = _rule_form(request, row)
    if request.method == "POST" and (done := _post(request, row, found, rule)):
        return done
    told = [line for line in history(row) if line.verb != "attachment.store"]
    strata = numbers_by_stratum(row)
    units = visible(request.user, row.units.select_related("enterprise"))
    paged = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    context = calm(page_of(request, row, found, "desk:draw"), found) | {
        "stage": STAGE,
        "steps": progress(row, way(), told, mine=bool(found)),
        "rule_form": rule,
        "waiting": row.status == "committed" and not ready(row),
        "now": timezone.now(),
        "verdict": _verdict(request, row),
        "left_out": left_out_words(row),
        "strata": strata,
        "nobody": without_any(strata),
        "towns": towns_by_code(),
        "units": paged,
        "counts": _counts(row),
        "exports": exports("drawn-units", f"draw={row.pk}", paged.paginator.count) if paged.paginator.count else [],
        "history": told[:20],
        "undo": undo_here(request.user),
        "may_bundle": draw_bundle.PROMISE in row.files and learns_names(request.user, row),
        "crumbs": [*top(), (row.campaign.number, reverse("desk:campaign", args=[row.campaign_id])), (str(row), "")],
    }
    context |= _tasks(request.user, row)
    return render(request, "supervise/draw_page.html", context, status=400 if request.method == "POST" else 200)


def _one(request: HttpRequest, pk: int) -> DrawRun:
    rows = DrawRun.objects.select_related("campaign__rule", "campaign__organiser", "supersedes", "superseded_by")
    return get_object_or_404(visible(request.user, rows), pk=pk)


def _rule_form(request: HttpRequest, row: DrawRun) -> asked.RuleForm | None:
    if row.status != "prepared" or not can(request.user, "supervise.edit_draw", row):
        return None
    if request.method == "POST" and request.POST.get("do") == asked.RuleForm.DO:
        return asked.RuleForm(request.POST)
    return asked.RuleForm.of(row)


def _post(request: HttpRequest, row: DrawRun, found: Any, rule: asked.RuleForm | None) -> HttpResponse | None:
    do = request.POST.get("do", "")
    if do in SIDE:
        _beside(request, row, do)
        return redirect("desk:draw", row.pk)
    if rule is not None and rule.is_bound:
        saved = attempt(request, rule, lambda said: service.edit_draw(request.user, row, rule.plan(), rule.frame()))
        return redirect("desk:draw", row.pk) if saved else None
    if take(request, row, found):
        newer = DrawRun.objects.filter(supersedes=row).first()
        return redirect("desk:draw", newer.pk if newer else row.pk)
    return None


class _Wish(forms.Form):
    """A step without fields of its own."""


def _beside(request: HttpRequest, row: DrawRun, do: str) -> None:
    """Take a step beside the ceremony; a refusal is said on top of the page."""
    form = _Wish(request.POST)
    if not attempt(request, form, lambda said: SIDE[do](request, row)):
        for words in form.non_field_errors():
            messages.error(request, str(words))


def _make_tasks(request: HttpRequest, row: DrawRun) -> None:
    service.make_tasks(request.user, row)


def _assign(request: HttpRequest, row: DrawRun) -> None:
    found = service.assign_samplers(request.user, row.campaign)
    if found.skipped:
        n = len(found.skipped)
        words = ngettext("%(n)s task was sampled within six months and waits for its replacement.",
                         "%(n)s tasks were sampled within six months and wait for their replacements.", n)  # fmt: skip
        messages.warning(request, words % {"n": n})


def _reassign(request: HttpRequest, row: DrawRun) -> None:
    task = get_object_or_404(SamplingTask, draw=row, pk=whole(request.POST.get("task")))
    without = [int(one) for one in request.POST.getlist("without") if one.isdigit()]
    service.reassign_samplers(request.user, task, request.POST.get("reason", ""), without)


SIDE = {"tasks": _make_tasks, "assign": _assign, "reassign": _reassign}


def _verdict(request: HttpRequest, row: DrawRun) -> dict[str, Any] | None:
    """Return what replaying the draw on this server says, at once for small frames and on demand for large ones."""
    if row.status not in DRAWN or not row.record_id:
        return None
    if row.frame_rows > AT_ONCE and not request.GET.get("again"):
        text = _("The frame is large; replaying it takes some seconds.")
        box = parts.Verdict("wait", _("Not replayed yet"), text, [(_("Replay now"), "?again=1", True)])
        return {"box": box, "checks": []}
    found = draw_bundle.verify(row)
    checks = [(_(one.what), one.holds, problem_words(one.problem) if one.problem else "") for one in found.checks]
    n = row.units.exclude(kind=DrawnUnit.Kind.RESERVE).count()
    if found.holds:
        words = ngettext("Recomputed: the same %(n)s unit", "Recomputed: all %(n)s units are the same", n) % {"n": n}
        text = _("This server has drawn again from frame, plan and randomness; anyone can do so without it.")
        return {"box": parts.Verdict("ok", words, text), "checks": checks}
    return {"box": parts.Verdict("bad", _("The draw does not hold"), checks[-1][2]), "checks": checks}


def _counts(row: DrawRun) -> dict[str, int]:
    kinds = list(row.units.order_by().values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in DrawnUnit.Kind.values} | {"all": len(kinds)}


def _tasks(user: Any, row: DrawRun) -> dict[str, Any]:
    """Return the tasks of a draw with their teams, and what may be done about them."""
    if not runs_draws(user):
        return {"tasks": []}
    rows = SamplingTask.objects.filter(draw=row).select_related("enterprise", "unit")
    rows = rows.prefetch_related("assignments__person").order_by("number")[:500]
    tasks = [(task, chip_of(task), list(task.assignments.all())) for task in rows]
    open_ = row.status in ("drawn", "published") and row.campaign.status in ("rules_public", "sampling")
    without = row.units.exclude(kind=DrawnUnit.Kind.RESERVE).filter(task=None).count()
    waiting = [task for task, _chip, _team in tasks if task.status in ("drawn", "returned")]
    return {
        "tasks": tasks,
        "task_form": open_ and without and can(user, "supervise.make_tasks", row),
        "assign_form": len(waiting) if waiting and can(user, "supervise.assign_samplers", row.campaign) else 0,
        "may_reassign": can(user, "supervise.reassign_samplers", row),
        "reserve_left": row.units.filter(kind=DrawnUnit.Kind.RESERVE, task=None).count(),
    }


@page(*INSIDE)
def draw_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything needed to replay the draw elsewhere, as one zip."""
    row = _one(request, pk)
    if not row.files or not learns_names(request.user, row):
        raise Http404
    answer = HttpResponse(draw_bundle.bundle(row), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="draw-{row}.zip"'
    return answer
