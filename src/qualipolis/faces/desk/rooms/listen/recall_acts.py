"""The steps that the page of a recall offers, and which of them leads on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.core.models import Grant, Person
from qualipolis.city.listen import service
from qualipolis.city.listen.investigations.visibility import INVESTIGATORS
from qualipolis.city.listen.models import Recall
from qualipolis.city.listen.safety.queries import is_late
from qualipolis.faces.desk.rooms.flow_page import Act
from qualipolis.faces.desk.rooms.supervise.after import area, day, line

LEAD = ("assess", "find_defect", "announce", "evaluate", "close")
IF_LATE = ("order", "file_plan", "report_progress")  # the firm takes these, as long as its term runs
Field = Callable[[], forms.Field]


def leads(step: str, row: Recall) -> bool:
    """Whether a step leads on; what the firm does is for the office only once the term is over."""
    return step in LEAD or (step in IF_LATE and is_late(row))


def facts_of(row: Recall) -> dict[str, Any]:
    """Return what the guards of the steps read."""
    return {"corrected": row.corrected}


def acts_of(actor: Any, row: Recall) -> list[Act]:
    """Return the steps of a recall in the order in which they lead on."""
    return [
        Act("assess", "listen.assess_defect", lambda actor, one, said: service.assess_defect(actor, one)),
        Act("find_defect", "listen.find_defect", lambda actor, one, said: service.find_defect(actor, one, said["reason"]),
            {"reason": area(gettext_lazy("The defect, and the harm it may do"), 2000)}, for_good=False),
        _announce(row), *_orders(actor), *_effect(row),
        Act("close", "listen.close_recall", lambda actor, one, said: service.close_recall(actor, one)),
        Act("no_defect", "listen.find_no_defect", lambda actor, one, said: service.find_no_defect(actor, one, said["reason"])),
        Act("reopen", "listen.reopen_recall", lambda actor, one, said: service.reopen_recall(actor, one, said["reason"])),
        file_plan(row), progress(row), complete(),
        Act("return_plan", "listen.return_recall_plan",
            lambda actor, one, said: service.return_recall_plan(actor, one, said["reason"])),
    ]  # fmt: skip


def _announce(row: Recall) -> Act:
    return Act("announce", "listen.announce_recall",
               lambda actor, one, said: service.announce_recall(actor, one, said["body_en"]),
               {"body_en": area(gettext_lazy("Text in English"), 4000, required=False, initial=row.body_en)},
               help=gettext_lazy("Everyone reads it from now on: product, batches, danger, what to do."))  # fmt: skip


def _orders(actor: Any) -> list[Act]:
    fields: dict[str, Field] = {
        "document_no": line(gettext_lazy("Number of the order"), 60),
        "reason": area(gettext_lazy("Reason"), 2000),
        "second_person": lambda: forms.ModelChoiceField(seconds(actor), label=_("Decided together with")),
    }
    words = gettext_lazy("Two people decide. The producer then files a plan within its term.")
    return [
        Act(step, "listen.order_recall",
            lambda actor, one, said: service.order_recall(actor, one, said["document_no"], said["reason"], said["second_person"]),
            fields, help=words)
        for step in ("order", "order_again")
    ]  # fmt: skip


def seconds(actor: Any) -> Any:
    """Return who may decide along: people of the offices that investigate, never oneself."""
    today = timezone.localdate()
    held = Grant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), role__in=INVESTIGATORS, valid_from__lte=today
    )
    people = Person.objects.filter(is_active=True, pk__in=held.values("person"))
    return people.exclude(pk=getattr(actor, "pk", None) or 0).order_by("username")


def _effect(row: Recall) -> list[Act]:
    fields: dict[str, Field] = {
        "finding": area(gettext_lazy("What was found"), 2000),
        "sampled": _count(gettext_lazy("Owners or shops checked"), required=False),
        "reached": _count(gettext_lazy("Of these, reached by the recall"), required=False),
    }
    words = gettext_lazy(
        "Draw the owners or shops at random; the share reached is then shown with its exact 95 % interval."
    )
    return [
        Act("evaluate", "listen.evaluate_recall",
            lambda actor, one, said: service.evaluate_recall(
                actor, one, said["finding"], sampled=said["sampled"], reached=said["reached"]), fields, help=words)
    ]  # fmt: skip


def _count(label: Any, *, required: bool = True, **more: Any) -> Field:
    return lambda: forms.IntegerField(label=label, min_value=0, max_value=10**9 - 1, required=required, **more)


def plan_fields(row: Recall) -> dict[str, Field]:
    """Return the fields of the plan, filled with what is known."""
    return {
        "measure": area(gettext_lazy("What is done with the products"), 2000, initial=row.measure,
                        help_text=gettext_lazy("For example exchange free of charge, refund, repair, take back and destroy.")),
        "batches": line(gettext_lazy("Batches"), 400, False, initial=row.batches),
        "units": _count(gettext_lazy("How many pieces are concerned"), initial=row.units),
        "told_how": area(gettext_lazy("How owners are told"), 1000, initial=row.told_how,
                         help_text=gettext_lazy("For example a text message, a call, a notice in the shop and online.")),
        "until": day(gettext_lazy("Runs until"), initial=row.until),
    }  # fmt: skip


def file_plan(row: Recall) -> Act:
    """Return the step that files the plan."""
    return Act("file_plan", "listen.file_recall_plan",
               lambda actor, one, said: service.file_recall_plan(
                   actor, one, **{name: said[name] for name in plan_fields(row)}),
               plan_fields(row))  # fmt: skip


def progress(row: Recall) -> Act:
    """Return the step that reports the progress."""
    fields: dict[str, Field] = {
        "on": day(gettext_lazy("Day"), initial=timezone.localdate),
        "corrected": _count(gettext_lazy("Pieces corrected so far"), help_text=_all(row)),
        "notified": _count(gettext_lazy("Owners told so far"), required=False),
        "note": line(gettext_lazy("Remark on the progress"), 400, False),
    }
    return Act("report_progress", "listen.report_recall_progress",
               lambda actor, one, said: service.report_recall_progress(
                   actor, one, said["on"], said["corrected"], notified=said["notified"], note=said["note"]),
               fields, for_good=True)  # fmt: skip


def _all(row: Recall) -> str:
    told = {"n": row.corrected if row.corrected is not None else 0, "all": row.units or "—"}
    return _("All together since the beginning; reported so far: %(n)s of %(all)s.") % told


def complete() -> Act:
    """Return the step that hands in the summary."""
    return Act("complete", "listen.complete_recall", lambda actor, one, said: service.complete_recall(actor, one, said["report"]),
               {"report": area(gettext_lazy("Summary of the recall"), 4000, 5)})  # fmt: skip
