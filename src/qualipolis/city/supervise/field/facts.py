"""What the guards of a task read, and who may act on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import System, roles_of
from qualipolis.city.supervise.field.models import FieldPhoto, SamplingForm, SamplingTask
from qualipolis.city.supervise.planning.models import Stage
from qualipolis.law.supervision.clocks import same_product_until
from qualipolis.methods.problems import InputError, Problem, msg

ALWAYS = ("product_name", "model", "brand", "batch", "standard", "stock", "test_quantity", "producer_name")
ON_SITE = ("made_on", "storage", "signature", "signatory")
ONLINE = ("platform", "order")
PICTURES = {
    Stage.ONLINE: (FieldPhoto.Kind.ORDER, FieldPhoto.Kind.UNPACKING, FieldPhoto.Kind.SEAL),
    Stage.PRODUCTION: (FieldPhoto.Kind.PLACE, FieldPhoto.Kind.STOCK, FieldPhoto.Kind.LABEL, FieldPhoto.Kind.SEAL),
}
PICTURES[Stage.SALE] = PICTURES[Stage.PRODUCTION]


def organiser_of(task: SamplingTask) -> Iterable[int | None]:
    """Return the organisation whose officers act for the organiser."""
    return [task.campaign.organiser_id]


def is_sampler(actor: Any, task: SamplingTask) -> bool:
    """Whether ``actor`` was named for this task (or is the system)."""
    return isinstance(actor, System) or task.assignments.filter(person=getattr(actor, "pk", None)).exists()


def only_samplers(actor: Any, task: SamplingTask) -> None:
    """Refuse everybody who was not named for this task."""
    if not is_sampler(actor, task):
        raise PermissionDenied(_("Only the inspectors named for this task can do this."))


def attempt_of(task: SamplingTask) -> int:
    """Return which sample of this task is under way; a task that came back starts its next one."""
    return task.samples.filter(part="test").count() + (task.status not in AFTER)


AFTER = ("sampled", "completed")


def form_of(task: SamplingTask) -> SamplingForm | None:
    """Return the form of a task, if one was begun."""
    return SamplingForm.objects.filter(task=task).first()


def required_of(task: SamplingTask) -> list[str]:
    """Return the names of the fields that every form of this kind of visit needs."""
    return [*ALWAYS, *(ONLINE if task.campaign.stage == Stage.ONLINE else ON_SITE)]


def missing_of(task: SamplingTask, form: SamplingForm | None = None) -> list[str]:
    """Return the names of what the form still lacks: fields, ``photo:<kind>``, ``seal:<part>``."""
    form = form or form_of(task) or SamplingForm()
    names = required_of(task)
    if not form.free_of_charge:
        names += ["price", "voucher_no"]
    if form.signature == SamplingForm.Signature.REFUSED:
        names.append("words")
    missing = [name for name in names if getattr(form, name) in (None, "")]
    taken = set(FieldPhoto.objects.filter(task=task, attempt=attempt_of(task)).values_list("kind", flat=True))
    missing += [f"photo:{kind}" for kind in PICTURES[task.campaign.stage] if kind not in taken]
    parts = ("test", "backup") if form.backup_quantity else ("test",)
    return missing + [f"seal:{part}" for part in parts if not form.seal_numbers.get(part)]


def blocked_until(task: SamplingTask, on: date) -> date | None:
    """Return the day until which the same product may not be sampled again, or None.

    Before the form names brand and model it is the product of the task that is looked for, then the one of the form.
    A producer that is in no register is known by the name on the label.
    """
    from qualipolis.city.supervise.draws import frequency

    form, rule, purpose = form_of(task), task.campaign.rule, task.campaign.purpose
    if form is None or not (form.brand and form.model):
        keys = {"category": rule.category, "product": task.product_id}
        keys["standard"] = task.product.standard if task.product else rule.standard
        return frequency.blocked_until(task.enterprise, keys, on, purpose, apart_from=task)
    keys = {"standard": form.standard, "brand": form.brand, "model": form.model}
    if form.producer is not None:
        known = keys | {"category": rule.category}
        return frequency.blocked_until(form.producer, known, on, purpose, apart_from=task)
    rows = SamplingForm.objects.filter(producer_name=form.producer_name, **keys, task__sampled_on__isnull=False)
    days = rows.exclude(task=task).exclude(task__status="voided").values_list("task__sampled_on", flat=True)
    return same_product_until(days, on, purpose)


def task_facts(task: SamplingTask, on: date | None = None) -> dict[str, Any]:
    """Return the facts that the guards of the table ``sampling_task`` read on a day."""
    day = on or timezone.localdate()
    return {
        "samplers": task.assignments.count(),
        "open_form_fields": len(missing_of(task)),
        "blocked_until": blocked_until(task, day),
        "rules_public_on": task.campaign.rules_public_on,
        "today": day,
    }


def day_said(day: date | None, place: str, *, since: date | None = None) -> date:
    """Return a day that a person gave, today when none was; it may not lie in the future or before ``since``."""
    today = timezone.localdate()
    if day is None:
        return today
    if day > today:
        raise InputError([Problem("future", msg("This day lies in the future."), place=place)])
    if since is not None and day < since:
        what = msg("This day lies before %(day)s.")
        raise InputError([Problem("too_early", what, place=place, params={"day": since})])
    return day


def sampling_open(task: SamplingTask) -> None:
    """Refuse work on site while the campaign is not sampling."""
    if task.campaign.status != "sampling":
        raise InputError([Problem("not_sampling", msg("The sampling of this campaign is not under way."))])


def holds(actor: Any, role: str) -> bool:
    """Whether ``actor`` acts in ``role`` today."""
    return role in roles_of(actor)
