"""What changed between two versions of a publication, in words a reader needs no code for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from qualipolis.city.supervise.aftermath.publication_queries import Change
from qualipolis.faces.desk.rooms.supervise.items import OBJECTIONS, VERDICTS, item_lines, spoken

FIELDS = {
    "verdict": gettext_lazy("Verdict"),
    "objection": gettext_lazy("Objection"),
    "items": gettext_lazy("Failed items"),
    "producer": gettext_lazy("Labelled producer"),
    "firm": gettext_lazy("Sampled firm"),
    "firm_state": gettext_lazy("State of the firm"),
    "producer_state": gettext_lazy("State of the producer"),
    "state": gettext_lazy("State of the result"),
    "reason": gettext_lazy("Reason"),
    "laboratory": gettext_lazy("Laboratory"),
    "report": gettext_lazy("Report"),
    "product": gettext_lazy("Product"),
    "model": gettext_lazy("Model"),
    "brand": gettext_lazy("Brand"),
    "batch": gettext_lazy("Batch"),
    "voided_for": gettext_lazy("Voided for"),
}
STATES = {
    "final": gettext_lazy("final"),
    "voided": gettext_lazy("voided"),
    "reversed": gettext_lazy("reversed"),
    "open": gettext_lazy("being examined again"),
}
FIRMS = {"open": gettext_lazy("registered"), "closed": gettext_lazy("deregistered")}
SIDES = {"producer": gettext_lazy("the labelled producer"), "seller": gettext_lazy("the seller")}


@dataclass(frozen=True)
class ChangeLine:
    """One field of one result: before and after."""

    result: str
    field: str
    was: str
    now: str


def change_lines(changes: Iterable[Change]) -> list[ChangeLine]:
    """Return the changes that a reader can see, in words."""
    return [
        ChangeLine(change.result, str(FIELDS[name]), said(name, was), said(name, now))
        for change in changes
        for name, was, now in change.fields
        if name in FIELDS
    ]


def said(name: str, value: Any) -> str:
    """Return a value of a row in words."""
    if value is None or value == "" or value == [] or value == {"zh": "", "en": ""}:
        return "—"
    if name == "items":
        return "; ".join(f"{one.name} {one.measured} ({one.limit})" for one in item_lines(value))
    if name == "voided_for":
        return ", ".join(str(SIDES.get(one, one)) for one in value)
    if isinstance(value, dict):
        return spoken(value)
    words = {"verdict": VERDICTS, "objection": OBJECTIONS, "state": STATES, "firm_state": FIRMS}
    found = words.get(name, FIRMS if name == "producer_state" else {})
    return str(found.get(value, value))
