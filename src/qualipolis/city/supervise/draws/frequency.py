"""The same product (同一产品: producer, standard, brand, model) is not sampled twice within six months.

What was sampled before is read from forms, from tasks and from older counted batches. A key nobody knows yet, because
brand and model are only read on site, does not tell two products apart: the draw leaves out rather than sample again,
and on site, where all keys are known, only what is proved to be the same is barred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from qualipolis.city.supervise.models import ResultFact, SamplingForm, SamplingTask
from qualipolis.law.flows import ALL
from qualipolis.law.supervision.clocks import same_product_until

LOOK_BACK = timedelta(days=366)  # longer than any version of the term
NOT_TAKEN = ("voided", "returned")
KEYS = ("category", "standard", "brand", "model")


@dataclass(frozen=True)
class Earlier:
    """A product sampled before: whose, which, when; an empty key is one that nobody wrote down."""

    enterprise: int
    on: date
    product: int | None = None
    category: str = ""
    standard: str = ""
    brand: str = ""
    model: str = ""

    def same(self, keys: Mapping[str, Any]) -> bool:
        """Whether this may be the product with ``keys`` (any of ``KEYS`` and ``product``)."""
        said = {name: str(keys.get(name) or "").strip() for name in KEYS}
        if any(said[name] and getattr(self, name) and said[name] != getattr(self, name) for name in KEYS):
            return False
        known = said["brand"] or said["model"]
        if known:
            return bool(self.brand or self.model)
        product = keys.get("product")
        return product is None or self.product is None or product == self.product


def blocked_until(
    enterprise: Any, keys: Mapping[str, Any], on: date, purpose: str = "random", *, apart_from: Any = None
) -> date | None:
    """Return the day until which a product may not be sampled again, or None when it may be on ``on``.

    Parameters
    ----------
    enterprise : the producer
    keys : what is known of the product: ``category``, ``standard``, ``brand``, ``model``, ``product`` (its key here)
    purpose : follow-up checks of failed products and emergencies may repeat
    apart_from : the task that asks, which does not bar itself
    """
    found = _earlier(on, Q(pk=enterprise.pk), apart_from=apart_from)
    return same_product_until(
        [one.on for one in found if one.enterprise == enterprise.pk and one.same(keys)], on, purpose
    )


def sampled_before(category: str, on: date) -> dict[int, list[Earlier]]:
    """Return what of a product class was sampled lately, by firm, for whoever makes a frame of many firms."""
    found: dict[int, list[Earlier]] = defaultdict(list)
    for one in _earlier(on, Q(), category=category):
        found[one.enterprise].append(one)
    return dict(found)


def under_way(category: str, apart_from: Any = None) -> set[int]:
    """Return the firms that another campaign of the product class is about to sample."""
    over = (*ALL["sampling_task"].finals, "sampled", "not_sampled", "refused", "stopped_unlawful")
    rows = SamplingTask.objects.filter(campaign__rule__category=category).exclude(status__in=over)
    if apart_from is not None:
        rows = rows.exclude(campaign=apart_from)
    return set(rows.order_by().values_list("enterprise_id", flat=True))


def _earlier(on: date, firm: Q, *, category: str = "", apart_from: Any = None) -> Iterable[Earlier]:
    yield from _from_tasks(on, firm, category, apart_from)
    rows = ResultFact.objects.filter(result=None, enterprise__isnull=False, sampled_on__range=(on - LOOK_BACK, on))
    rows = rows.filter(_of(firm, "enterprise")).order_by()
    if category:
        rows = rows.filter(category=category)
    for enterprise, day, kind in rows.values_list("enterprise_id", "sampled_on", "category"):
        yield Earlier(enterprise, day, category=kind)


def _from_tasks(on: date, firm: Q, category: str, apart_from: Any) -> Iterable[Earlier]:
    tasks = SamplingTask.objects.filter(sampled_on__range=(on - LOOK_BACK, on)).exclude(status__in=NOT_TAKEN)
    tasks = tasks.filter(_of(firm, "enterprise") | _of(firm, "form__producer")).order_by()
    if category:
        tasks = tasks.filter(campaign__rule__category=category)
    if apart_from is not None:
        tasks = tasks.exclude(pk=apart_from.pk)
    forms = {form.task_id: form for form in SamplingForm.objects.filter(task__in=tasks)}
    named = ("pk", "enterprise_id", "sampled_on", "product_id", "campaign__rule__category", "campaign__rule__standard")
    for pk, enterprise, day, product, kind, standard in tasks.values_list(*named):
        form = forms.get(pk)
        if form is None:
            yield Earlier(enterprise, day, product, kind, standard)
            continue
        producer = form.producer_id or enterprise
        said = (form.standard or standard, form.brand, form.model)
        yield Earlier(producer, day, product if producer == enterprise else None, kind, *said)


def _of(firm: Q, path: str) -> Q:
    return Q(**{f"{path}__{name}": value for name, value in firm.children}) if firm else Q()  # type: ignore[misc]
