"""What is checked of a report: scope on three days, certificate, signatory, mark, items, order of the days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from qualipolis.city.nqi.models import NeedType, Order
from qualipolis.city.nqi.services.scope import KINDS, coverage
from qualipolis.city.nqi.services.signing import signatory_on
from qualipolis.city.supervise.laboratory.scope_check import plain
from qualipolis.methods.problems import msg

WORDS: dict[str, str] = {
    "scope_on_order": msg("Within the scope on the day of the order"),
    "scope_on_test": msg("Within the scope on the day of the test"),
    "scope_on_issue": msg("Within the scope on the date of the report"),
    "certificate": msg("The certificate printed on it covered every line on the day of the test"),
    "signatory": msg("The signatory was authorised for it on the date of the report"),
    "cma_mark": msg("Carries the CMA mark"),
    "items": msg("Reports the items that were ordered, by the standard that was ordered"),
    "days": msg("The days follow each other: sample, test, report"),
    "subcontracting": msg("Work of other bodies is named, with the consent of the firm"),
}


@dataclass(frozen=True)
class Check:
    """One check: whether it holds, and the lines (by position) or words that say why not."""

    code: str
    ok: bool
    lines: list[int] = field(default_factory=list)
    note: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.code]


def check(order: Order, said: Mapping[str, Any]) -> list[Check]:
    """Return the checks of what a report says (tested_on, issued_on, signatory, certificate, cma_mark, items)."""
    found = [
        _scope(order, "scope_on_order", order.placed_on),
        _scope(order, "scope_on_test", said["tested_on"]),
        _scope(order, "scope_on_issue", said["issued_on"]),
        _items(order, said),
        _days(order, said),
        _subcontracting(order, said),
    ]
    if KINDS.get(order.demand.need_type):
        found += [_certificate(order, said), _signatory(order, said)]
    if order.demand.need_type == NeedType.TESTING:
        found.append(Check("cma_mark", bool(said["cma_mark"])))
    order_of = list(WORDS)
    return sorted(found, key=lambda one: order_of.index(one.code))


def kept(checks: list[Check]) -> list[dict[str, Any]]:
    """Return checks as they are stored."""
    return [asdict(one) for one in checks]


def _scope(order: Order, code: str, on: date) -> Check:
    found = coverage(order.institution, order.demand.need_type, order.lines.all(), on)
    lost = [one.line.position for one in found if not one.ok]
    return Check(code, not lost, lost)


def _certificate(order: Order, said: Mapping[str, Any]) -> Check:
    found = coverage(order.institution, order.demand.need_type, order.lines.all(), said["tested_on"])
    named = plain(said["certificate"])
    wrong = [one.line.position for one in found if not one.certificate or plain(one.certificate) != named]
    return Check("certificate", bool(named) and not wrong, wrong, said["certificate"])


def _signatory(order: Order, said: Mapping[str, Any]) -> Check:
    found = signatory_on(order.institution, said["signatory"], list(order.lines.all()), said["issued_on"])
    return Check("signatory", found.ok, note=found.note)


def _items(order: Order, said: Mapping[str, Any]) -> Check:
    wanted = {line.position: plain(line.standard) for line in order.lines.all()}
    given = {int(one["line"]): plain(one.get("standard") or "") for one in said["items"]}
    wrong = sorted(
        position for position in {*wanted, *given}
        if position not in wanted or position not in given or (wanted[position] and given[position] != wanted[position])
    )  # fmt: skip
    return Check("items", not wrong, wrong)


def _days(order: Order, said: Mapping[str, Any]) -> Check:
    first = [order.begun_on, *order.samples.values_list("received_on", flat=True)]
    begun = max((day for day in first if day), default=order.placed_on)
    on: Callable[[str], date] = said.__getitem__
    return Check("days", begun <= on("tested_on") <= on("issued_on"))


def _subcontracting(order: Order, said: Mapping[str, Any]) -> Check:
    lines = order.quote.lines.filter(line__in=order.lines.all()).exclude(subcontractor="").select_related("line")
    named = {int(one["line"]): plain(one.get("subcontractor") or "") for one in said["items"]}
    told = {one.line.position: plain(one.subcontractor) for one in lines}
    wrong = [position for position, body in told.items() if named.get(position) != body]
    secret = [position for position, body in named.items() if body and position not in told]
    return Check("subcontracting", not wrong and not secret and (order.subcontracting or not told), [*wrong, *secret])
