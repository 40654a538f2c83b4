"""Gaps in capability: recorded once for a product, a parameter and a standard, met again and again, planned, filled."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.nqi.directory.matching import WantedLine, candidates, meant
from qualipolis.city.nqi.models import CapabilityGap, Demand, GapAsk
from qualipolis.city.nqi.services.scope import KINDS
from qualipolis.city.registry.models import Unit
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.lake.scopes.numbers import number_of
from qualipolis.methods.problems import Problem, msg, refuse

DESK, PLANNER = ("nqi_desk",), ("planner",)
EARLIEST, LATEST = 2000, 2100
NEEDING = tuple(KINDS)


def able(need_type: str, product: str, parameter: str, standard: str = "") -> int:
    """Return how many institutions here may do it in a valid scope today."""
    kinds = KINDS.get(need_type, ())
    wanted = [WantedLine(product, parameter, standard)]
    return len(candidates(wanted, timezone.localdate(), kinds=kinds)) if kinds else 0


def able_for(gap: CapabilityGap) -> int:
    """Return how many institutions can fill a gap today."""
    return able(gap.need_type, gap.product, gap.parameter, gap.standard)


def keys_of(product: str, parameter: str, standard: str) -> dict[str, str]:
    """Return how a gap is compared: by its terms where they are known, by its letters otherwise, by the number of the standard."""
    named = number_of(standard)
    terms = {"product": product, "parameter": parameter}
    found = {f"{kind}_key": ("+".join(sorted(meant(text, kind))) or plain(text))[:120] for kind, text in terms.items()}
    return found | {"standard_key": (named.key if named else plain(standard))[:60]}


@verb("nqi.record_gap", roles=DESK)
def record_gap(
    actor: Any,
    thing: Demand | None,
    need_type: str,
    product: str,
    parameter: str,
    standard: str = "",
    *,
    unit: Unit | None = None,
    note: str = "",
) -> CapabilityGap:
    """Record that nobody here can do something; asked for again, the same record is told so.

    Parameters
    ----------
    thing : the demand that met the gap, or None
    unit : the town it was asked for, the demand's own where there is one

    Raises
    ------
    InputError
        Somebody here has it in a valid scope today, or it is not said what.
    """
    said = {"product": product.strip()[:120], "parameter": parameter.strip()[:120], "standard": standard.strip()[:60]}
    wrong = [
        None if need_type in NEEDING else Problem("no_type", msg("A gap concerns testing, metrology or certification."), place="need_type"),
        None if said["product"] and said["parameter"] else Problem("half_line", msg("Name the product and the item."), place="product"),
    ]  # fmt: skip
    refuse(wrong)
    count = able(need_type, **said)
    what = msg("%(count)s institutions here have it in a valid scope today.")
    refuse([Problem("somebody_can", what, params={"count": count}) if count else None])
    gap, town = _gap(actor, need_type, said, thing), thing.unit if thing else unit
    again = GapAsk.objects.filter(gap=gap, demand=thing).exists() if thing else False
    if not again:
        GapAsk.objects.create(gap=gap, demand=thing, unit=town, asked_by=person_of(actor), note=note.strip()[:400])
    record(actor, "nqi.record_gap", gap, {"of": str(gap), "asked": gap.asks.count()})
    tell(actor, "nqi.gap_recorded", gap)
    return gap


def _gap(actor: Any, need_type: str, said: dict[str, str], demand: Demand | None) -> CapabilityGap:
    keys = keys_of(**said)
    found = CapabilityGap.objects.filter(need_type=need_type, **keys).first()
    if found is not None:
        row = locked(found)
        if row.status in ("filled", "dropped"):
            move(
                actor,
                row,
                "reopen",
                "nqi.reopen_gap",
                facts={"able": 0, "reason": _("asked for again")},
                filled_on=None,
            )
        return row
    today = timezone.localdate()
    return CapabilityGap.objects.create(
        number=next_number("NQ", today.year), need_type=need_type, recorded_by=person_of(actor),
        synthetic=bool(demand and demand.synthetic), **said, **keys,
    )  # fmt: skip


@verb("nqi.plan_gap", roles=PLANNER)
def plan_gap(actor: Any, thing: CapabilityGap, year: int | None, builder: str) -> CapabilityGap:
    """Put a gap into the plan of a year, with who builds the capability."""
    row, name = locked(thing), builder.strip()[:160]
    known = year is not None and EARLIEST <= year <= LATEST
    refuse([None if known else Problem("bad_year", msg("Say in which year's plan it stands."), place="year")])
    move(actor, row, "plan", "nqi.plan_gap", {"year": year}, facts={"builder": name}, year=year, builder=name)
    return row


@verb("nqi.build_gap", roles=PLANNER)
def build_gap(actor: Any, thing: CapabilityGap) -> CapabilityGap:
    """Say that the capability is being built."""
    row = locked(thing)
    move(actor, row, "build", "nqi.build_gap")
    return row


@verb("nqi.unplan_gap", roles=PLANNER)
def unplan_gap(actor: Any, thing: CapabilityGap, reason: str) -> CapabilityGap:
    """Take a gap out of the plan, with the reason."""
    return _because(actor, thing, "unplan", reason, year=None, builder="")


@verb("nqi.drop_gap", roles=PLANNER)
def drop_gap(actor: Any, thing: CapabilityGap, reason: str) -> CapabilityGap:
    """Say that the capability will not be built here, with the reason."""
    return _because(actor, thing, "drop", reason)


@verb("nqi.fill_gap", roles=(*PLANNER, *DESK))
def fill_gap(actor: Any, thing: CapabilityGap) -> CapabilityGap:
    """Say that somebody can do it now; a valid scope has to say so too."""
    row = locked(thing)
    count = able_for(row)
    move(actor, row, "fill", "nqi.fill_gap", {"able": count}, filled_on=timezone.localdate())
    return row


@verb("nqi.reopen_gap", roles=(*PLANNER, *DESK))
def reopen_gap(actor: Any, thing: CapabilityGap, reason: str) -> CapabilityGap:
    """Open a gap again that nobody here can fill any more."""
    row = locked(thing)
    facts = {"able": able_for(row), "reason": reason.strip()}
    move(actor, row, "reopen", "nqi.reopen_gap", facts=facts, reason=facts["reason"][:400], filled_on=None)
    return row


@verb("nqi.end_gap", roles=PLANNER)
def end_gap(actor: Any, thing: CapabilityGap) -> CapabilityGap:
    """Close a gap that is filled or dropped for good."""
    row = locked(thing)
    move(actor, row, "end", "nqi.end_gap")
    return row


def _because(actor: Any, thing: CapabilityGap, step: str, reason: str, **changes: Any) -> CapabilityGap:
    row, said = locked(thing), reason.strip()[:400]
    move(actor, row, step, f"nqi.{step}_gap", facts={"reason": said}, reason=said, **changes)
    return row
