"""Verbs of the catalogue: an institution lists what it does with price and days; a station what it does free of charge."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.nqi.models import DemandLine, NeedType, ServiceItem, ServicePoint
from qualipolis.city.nqi.services.lines import money, texts
from qualipolis.city.nqi.services.quotes import LONGEST_DAYS
from qualipolis.city.nqi.services.scope import uncovered
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.city.registry.models import Institution
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"name_zh": 200, "name_en": 200, "product": 120, "parameter": 120, "standard": 60, "note": 400}


@verb("nqi.list_service", roles=("laboratory", "nqi_desk"))
def list_service(
    actor: Any, thing: Institution | None, kind: str, *, price: Any = None, days: int | None = None,
    point: ServicePoint | None = None, **given: Any,
) -> ServiceItem:  # fmt: skip
    """Put a service into the catalogue: an institution's with price and days, a station's free of charge."""
    _may(actor, thing)
    values, (sum_, wrong) = texts(given, TEXTS), money(price, "price")
    free = thing is None
    refuse([*wrong, *_faults(thing, kind, values, sum_, days)])
    made = ServiceItem.objects.create(
        number=next_number("FW", timezone.localdate().year), kind=kind, institution=thing, point=point, free=free,
        price=None if free else sum_, days=days, **values,
    )  # fmt: skip
    record(actor, "nqi.list_service", made, {"number": made.number, "kind": kind})
    return made


def _may(actor: Any, institution: Institution | None) -> None:
    roles = roles_of(actor)
    if SYSTEM in roles or (institution is None and "nqi_desk" in roles):
        return
    if institution is None or not own_institutions(actor).filter(pk=institution.pk).exists():
        raise PermissionDenied(_("An institution lists its own services, the platform those of the stations."))


def _faults(
    thing: Institution | None, kind: str, values: dict[str, str], price: Any, days: int | None
) -> list[Problem | None]:
    known, named = kind in NeedType.values, bool(values["product"] and values["parameter"])
    line = DemandLine(product=values["product"], parameter=values["parameter"], standard=values["standard"])
    outside = thing is not None and known and named and uncovered(thing, kind, [line], timezone.localdate())
    return [
        None if known else Problem("no_type", msg("Choose the kind of need."), place="kind"),
        None if values["name_zh"] else Problem("no_name", msg("Name the service."), place="name_zh"),
        None if thing is None or price is not None else Problem("no_price", msg("Give the price."), place="price"),
        None if days is None or 1 <= days <= LONGEST_DAYS else Problem("bad_days", msg("Give the working days it takes, from 1 to 400."), place="days"),
        Problem("out_of_scope", msg("This lies outside the valid scope of the institution today."), place="parameter") if outside else None,
    ]  # fmt: skip


@verb("nqi.end_service", roles=("laboratory", "nqi_desk"))
def end_service(actor: Any, thing: ServiceItem) -> ServiceItem:
    """Take a service out of the catalogue; that it stood there stays to be seen."""
    row = ServiceItem.objects.select_for_update(of=("self",)).select_related("institution").get(pk=thing.pk)
    _may(actor, row.institution)
    refuse([Problem("ended", msg("This service was taken out already.")) if row.ended_on else None])
    row.ended_on = timezone.localdate()
    row.save(update_fields=["ended_on"])
    record(actor, "nqi.end_service", row, {"number": row.number})
    return row
