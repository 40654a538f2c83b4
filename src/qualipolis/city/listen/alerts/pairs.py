"""Records that may be one: found by comparing names and marks, decided by a person, reversible.

The firms that alerts name are compared with the register, the products under observation with each other. Nothing is
joined by itself: also what is surely the same is only laid before a person. A firm that was found to be the same links
the alerts that name it; found to be different again, it gives back exactly those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import System, person_of, verb, visible
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.sweeps import sweep
from qualipolis.city.core.undo import TAKEN_BACK
from qualipolis.city.listen.alerts import pair_progress
from qualipolis.city.listen.alerts.models import Alert, EntityPair
from qualipolis.city.listen.alerts.visibility import ANALYSTS, PRODUCT
from qualipolis.city.listen.investigations.models import SafetyProduct
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse

ALERT, FIRM = "listen.alert", "registry.enterprise"
MOST_NAMES, MOST_PAIRS, PER_NAME = 5_000, 2_000, 3
WHY, STEP = 6, 500
SYSTEM = System("listen.pairs")


@verb("listen.pair_same", roles=ANALYSTS)
def pair_same(actor: Any, thing: EntityPair) -> EntityPair:
    """Find two records to be the same; the alerts that name the firm are linked to it."""
    row = _mine(actor, thing)
    refuse([_taken(row)])
    move(
        actor, row, "same", "listen.pair_same", _told(row), decided_by=person_of(actor), decided_on=timezone.localdate()
    )
    follow(row)
    return row


@verb("listen.pair_different", roles=ANALYSTS)
def pair_different(actor: Any, thing: EntityPair) -> EntityPair:
    """Find two records to be different; links that came of taking them as one are given back."""
    row = _mine(actor, thing)
    move(actor, row, "different", "listen.pair_different", _told(row), decided_by=person_of(actor), decided_on=timezone.localdate())  # fmt: skip
    follow(row)
    return row


def _mine(actor: Any, thing: EntityPair) -> EntityPair:
    if not visible(actor, EntityPair.objects.filter(pk=thing.pk)).exists():
        raise PermissionDenied(_("Only those who see both records may decide."))
    return locked(thing)


def _told(row: EntityPair) -> dict[str, Any]:
    return {"kind": row.kind, "left": row.left_thing, "right": row.right_thing, "p": round(row.probability, 3)}


def _taken(row: EntityPair) -> Problem | None:
    """A name cannot be two firms at once."""
    if row.kind != "firm":
        return None
    other = EntityPair.objects.filter(kind="firm", left_thing=row.left_thing, status="same").exclude(pk=row.pk).first()
    if other is None:
        return None
    what, remedy = msg("%(left)s is taken as %(firm)s already."), msg("Find that pair to be different first.")
    return Problem("taken", what, remedy, {"left": row.left, "firm": other.right})


@subscriber(TAKEN_BACK)
def _taken_back(actor: Any, row: Any) -> None:
    if isinstance(row, EntityPair):
        follow(row)


def follow(row: EntityPair) -> int:
    """Bring the links of alerts in step with what was decided of a firm; return how many changed."""
    if row.kind != "firm":
        return 0
    if row.status == "same":
        firm = int(row.right_thing.partition(":")[2])
        return Alert.objects.filter(firm=row.left, enterprise=None).update(enterprise=firm, linked_by=row)
    return Alert.objects.filter(linked_by=row).update(enterprise=None, linked_by=None)


def firm_pairs(names: Iterable[str]) -> Iterator[EntityPair]:
    """Yield what may be one firm: names in alerts beside the register, by either of its names."""
    from qualipolis.lake.entities import Entity, candidates, index

    told: dict[int, Enterprise] = {one.pk: one for one in Enterprise.objects.select_related("unit")}
    rows = [
        Entity(f"{one.pk}:{tongue}", name, one.unit.name_zh, one.credit_code if tongue == "zh" else "", one.address)
        for one in told.values()
        for tongue, name in (("zh", one.name_zh), ("en", one.name_en))
        if name.strip()
    ]
    held = index(rows)
    for name in names:
        alert = Alert.objects.filter(firm=name).order_by("pk").only("pk").first()
        if alert is None:
            continue
        seen: set[int] = set()
        for pair in candidates(Entity("new", name), held, most=2 * PER_NAME):
            firm = int(pair.right.partition(":")[0])
            if firm not in seen and len(seen) < PER_NAME:
                seen.add(firm)
                yield _pair("firm", pair, (name, told[firm].name_zh), (f"{ALERT}:{alert.pk}", f"{FIRM}:{firm}"))
            if pair.band == "same":
                break  # the likeliest is surely the one: lesser ones would only be asked in vain


def product_pairs(since: int) -> Iterator[EntityPair]:
    """Yield products under observation that may be one product; one of each pair is later than ``since``."""
    from qualipolis.lake.entities import Entity, resolve

    told = {str(one.pk): one for one in SafetyProduct.objects.order_by("pk")}
    rows = [Entity(key, one.name, code=one.barcode, brand=one.brand, model=one.model) for key, one in told.items() if one.name.strip()]  # fmt: skip
    for pair in resolve(rows, "product").pairs if len(rows) > 1 else ():
        first, second = sorted((pair.left, pair.right), key=int)
        if int(second) > since:
            names = (str(told[first]), str(told[second]))
            yield _pair("product", pair, names, (f"{PRODUCT}:{first}", f"{PRODUCT}:{second}"))


def _pair(kind: str, found: Any, names: tuple[str, str], things: tuple[str, str]) -> EntityPair:
    why = [[reason.field, reason.agreed, round(reason.bits, 2)] for reason in found.why[:WHY]]
    told = {"why": why, "band": found.band, "note": found.note}
    return EntityPair(kind=kind, left=names[0][:200], right=names[1][:200], left_thing=things[0], right_thing=things[1],
                      probability=round(found.probability, 6), why=told)  # fmt: skip


@verb("listen.find_pairs", roles=ANALYSTS)
def find_pairs(actor: Any, thing: None = None) -> int:
    """Compare what is new since the last time and lay doubtful pairs before the analysts; return how many were found."""
    before, now = pair_progress.read(), pair_progress.now()
    names = _new_names(0 if now["firms"] != before.get("firms") else before.get("alert", 0)) if now["firms"] else []
    fresh = list(firm_pairs(names)) if names else []
    if now["product"] > before.get("product", 0):
        fresh += product_pairs(before.get("product", 0))
    known = _known(fresh)
    kept = [one for one in fresh if (one.left_thing, one.right_thing) not in known][:MOST_PAIRS]
    if kept:
        EntityPair.objects.bulk_create(kept, batch_size=STEP)
        record(actor, "listen.find_pairs", "city", {"found": len(kept)})
    follow_decided()
    pair_progress.write(now)
    return len(kept)


def follow_decided() -> int:
    """Link alerts that came later under a name which a person found to be a firm here; return how many."""
    waiting = Alert.objects.filter(enterprise=None).exclude(firm="").values("firm")
    decided = EntityPair.objects.filter(kind="firm", status="same", left__in=waiting)
    return sum(follow(row) for row in decided)


def _new_names(since: int) -> list[str]:
    rows = Alert.objects.filter(pk__gt=since, enterprise=None).exclude(firm="")
    return list(rows.order_by("firm").values_list("firm", flat=True).distinct()[:MOST_NAMES])


def _known(fresh: list[EntityPair]) -> set[tuple[str, str]]:
    lefts = sorted({one.left_thing for one in fresh})
    found: set[tuple[str, str]] = set()
    for start in range(0, len(lefts), STEP):
        rows = EntityPair.objects.filter(left_thing__in=lefts[start : start + STEP])
        found |= set(rows.values_list("left_thing", "right_thing"))
    return found


@sweep("listen.pairs")
def sweep_pairs(now: datetime) -> int:
    """Compare what has come since the last time."""
    return int(find_pairs(SYSTEM)) if pair_progress.read() != pair_progress.now() else 0
