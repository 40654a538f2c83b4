"""Which firm here an alert is about, and which class of product: said by a person, for one alert or for a batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.core.undo import fields_of, reversible
from qualipolis.city.listen.alerts.classes import LEAST
from qualipolis.city.listen.alerts.imports import IMPORTERS
from qualipolis.city.listen.alerts.models import Alert, AlertBatch
from qualipolis.city.listen.statistics.naming import PRODUCT, names
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse

STEP = 500


@verb("listen.link_alert", roles=IMPORTERS)
def link_alert(actor: Any, thing: Alert, enterprise: Enterprise | None) -> Alert:
    """Say which firm here an alert is about, or that it is about none."""
    row = Alert.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    before = fields_of(row, "enterprise_id", "linked_by_id")
    row.enterprise, row.linked_by = enterprise, None
    row.save(update_fields=["enterprise", "linked_by"])
    told = {"of": row.reference, "firm": enterprise.credit_code if enterprise else ""}
    reversible(record(actor, "listen.link_alert", row, told), actor, row, before, "enterprise_id")
    return row


@verb("listen.classify_alert", roles=IMPORTERS)
def classify_alert(actor: Any, thing: Alert, product_class: str) -> Alert:
    """Say which class of product an alert is about; empty takes it back."""
    refuse([_unknown(product_class)])
    row = Alert.objects.select_for_update(of=("self",)).get(pk=thing.pk)
    before = fields_of(row, "product_class")
    row.product_class = product_class
    row.save(update_fields=["product_class"])
    told = {"of": row.reference, "product_class": product_class}
    reversible(record(actor, "listen.classify_alert", row, told), actor, row, before, "product_class")
    return row


@verb("listen.confirm_classes", roles=IMPORTERS)
def confirm_classes(actor: Any, thing: AlertBatch, classes: Collection[str]) -> int:
    """Take over what is suggested for the alerts of a batch, class by class; doubtful ones wait for a person each.

    Returns how many alerts have got their class. What a person said of an alert stays as it is.
    """
    wanted = {code for code in classes if code in names(PRODUCT)}
    refuse([None if wanted else Problem("no_class", msg("Choose at least one class of product."), place="classes")])
    counts: Counter[str] = Counter()
    for code in sorted(wanted):
        keys = [key for key, told in _open(thing) if told.get("class") == code and told.get("p", 0) >= LEAST]
        for start in range(0, len(keys), STEP):
            counts[code] += Alert.objects.filter(pk__in=keys[start : start + STEP]).update(product_class=code)
    done = sum(counts.values())
    record(actor, "listen.confirm_classes", thing, {"source": thing.source, "alerts": done, "classes": dict(counts)})
    return done


def _open(batch: AlertBatch) -> list[tuple[int, dict[str, Any]]]:
    return list(Alert.objects.filter(batch=batch, product_class="").values_list("pk", "suggested"))


def _unknown(code: str) -> Problem | None:
    if not code or code in names(PRODUCT):
        return None
    return Problem("no_class", msg("There is no such class of product."), place="product_class")
