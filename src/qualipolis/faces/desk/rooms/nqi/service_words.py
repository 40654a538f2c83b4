"""How the pages of demands, quotes and orders write what they hold: states, the way, money, comparisons, checks."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.nqi.models import Demand, Order, ServiceReport
from qualipolis.city.nqi.services import queries
from qualipolis.city.nqi.services.checks import WORDS
from qualipolis.city.nqi.services.signing import NOTES
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.flow_page import progress

CHIPS = {
    "service_demand": {
        "new": "idle", "accepted": "wait", "triaged": "wait", "matched": "wait", "quoted": "warn", "ordered": "wait",
        "in_service": "wait", "delivered": "ok", "evaluated": "ok", "closed": "ok", "rejected": "bad", "withdrawn": "idle",
        "unmatched": "warn", "escalated": "warn",
    },
    "service_quote": {
        "invited": "warn", "quoted": "wait", "declined": "idle", "taken_back": "idle", "lapsed": "warn", "expired": "warn",
        "chosen": "ok", "not_needed": "idle",
    },
    "service_order": {
        "placed": "warn", "confirmed": "wait", "in_service": "wait", "reported": "wait", "delivered": "ok", "blocked": "bad",
        "reassigned": "idle", "cancelled": "idle",
    },
    "service_complaint": {
        "filed": "warn", "accepted": "wait", "answered": "wait", "settled": "ok", "decided": "ok", "forwarded": "warn",
        "declined": "idle", "withdrawn": "idle",
    },
}  # fmt: skip
DEMAND_WAY = (
    (gettext_lazy("Demand handed in"), ("new",), ("nqi.accept_demand",)),
    (gettext_lazy("Need clarified"), ("accepted",), ("nqi.triage_demand",)),
    (gettext_lazy("Institutions asked"), ("triaged", "unmatched", "escalated"), ("nqi.invite_institutions",)),
    (gettext_lazy("Quotes"), ("matched", "quoted"), ("nqi.place_order",)),
    (gettext_lazy("Service"), ("ordered", "in_service"), ("nqi.service_delivered",)),
    (gettext_lazy("Evaluation"), ("delivered",), ("nqi.evaluate_service",)),
)
FREE_WAY = (*DEMAND_WAY[:2], (gettext_lazy("Answer"), ("triaged",), ("nqi.answer_demand",)), DEMAND_WAY[-1])
ORDER_WAY = (
    (gettext_lazy("Order placed"), ("placed",), ("nqi.confirm_order",)),
    (gettext_lazy("Order confirmed"), ("confirmed",), ("nqi.begin_order",)),
    (gettext_lazy("Work of the institution"), ("in_service", "blocked"), ("nqi.hand_in_report",)),
    (gettext_lazy("Report"), ("reported",), ("nqi.deliver_report",)),
)
COMPLAINT_WAY = (
    (gettext_lazy("Complaint filed"), ("filed",), ("nqi.accept_service_complaint", "nqi.decline_service_complaint")),
    (gettext_lazy("Answer"), ("accepted",), ("nqi.answer_service_complaint",)),
    (gettext_lazy("Complaint settled"), ("answered",), ("nqi.settle_service_complaint", "nqi.decide_service_complaint", "nqi.forward_service_complaint")),
)  # fmt: skip
ORDERS = (("lot", gettext_lazy("in the order of lots")), ("name", gettext_lazy("by name")))


def state_chip(row: Any) -> parts.Chip:
    """Return the state of a row as a chip."""
    return parts.Chip(CHIPS[row.flow_code][row.status], _(row.flow.labels[row.status]))


def money(value: Decimal | None) -> str:
    """Return a sum in yuan; a missing one is said to be missing."""
    return "—" if value is None else f"{value:,.2f}"


def demand_way(row: Demand, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of a demand; one that was answered at the station has fewer."""
    return _way(row, FREE_WAY if row.free else DEMAND_WAY, told, mine=mine)


def order_way(row: Order, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of an order."""
    return _way(row, ORDER_WAY, told, mine=mine)


def complaint_way(row: Any, told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    """Return the stops of a complaint about a service."""
    return _way(row, COMPLAINT_WAY, told, mine=mine)


def _way(row: Any, path: Sequence[Any], told: Sequence[Any], *, mine: bool) -> list[parts.Step]:
    if row.status in ("rejected", "withdrawn", "cancelled", "reassigned", "declined"):
        return []
    return progress(row, [(str(name), states, verbs) for name, states, verbs in path], told, mine=mine)


def comparison(demand: Demand, by: str) -> dict[str, Any]:
    """Return the quotes side by side: the same lines, what is missing said, in the order of lots or of names."""
    by = by if by in dict(ORDERS) else "lot"
    lines, sides = queries.side_by_side(demand, by=by)
    return {
        "rows": [
            {"line": line, "cells": [(money(side.prices[n]), side.subcontractors[n]) for side in sides]}
            for n, line in enumerate(lines)
        ],
        "sides": [
            {"side": side, "quote": side.quote, "total": money(side.total), "extra": money(side.quote.extra), "state": state_chip(side.quote)}
            for side in sides
        ],
        "orders": [parts.Segment(str(words), f"?by={key}#quotes", key == by) for key, words in ORDERS],
        "by": by,
    }  # fmt: skip


def check_lines(report: ServiceReport, found: Sequence[Any] | None = None) -> list[tuple[str, parts.Chip, str]]:
    """Return the checks of a report in words; ``found`` are those of today, otherwise those when it was handed in."""
    if found is None:
        told = [(one["code"], one["ok"], one["lines"], one["note"]) for one in report.checks]
    else:
        told = [(one.code, one.ok, one.lines, one.note) for one in found]
    lines = []
    for code, ok, positions, note in told:
        why = str(_(NOTES[note])) if note in NOTES else ""
        if positions:
            why = _("lines %(lines)s") % {"lines": "、".join(str(n) for n in positions)}
        lines.append((str(_(WORDS[code])), parts.Chip("ok", _("holds")) if ok else parts.Chip("bad", _("fails")), why))
    return lines


def report_card(report: ServiceReport) -> dict[str, Any]:
    """Return a report as pages show it."""
    by = {line.position: line for line in report.order.lines.all()}
    items = [
        {"line": by.get(one["line"]), "standard": one["standard"], "result": one.get("result", ""),
         "verdict": one.get("verdict", ""), "by": one.get("subcontractor", "")}
        for one in report.items
    ]  # fmt: skip
    return {"row": report, "items": items, "checks": check_lines(report), "url": file_url(report)}


def file_url(report: ServiceReport) -> str:
    """Return where the file of a report is read."""
    return reverse("core:file", args=[report.file_id]) if report.file_id else ""


def paper_lang() -> str:
    """Return the language of a paper that is linked from this page."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def two_lines(first: Any, second: Any) -> Any:
    """Return two lines for a table."""
    return format_html('{}<br><span class="muted">{}</span>', first, second)


def parse_lines(text: str) -> list[dict[str, Any]]:
    """Return lines as they are typed: product, item, standard, quantity, parted by a comma, a semicolon, a bar or a tab.

    >>> parse_lines("童装，甲醛含量，GB 31701-2015，2")
    [{'product': '童装', 'parameter': '甲醛含量', 'standard': 'GB 31701-2015', 'quantity': 2}]
    """
    found = []
    for line in text.splitlines()[:200]:
        cells = [part.strip() for part in _bars(line).split("|")]
        if not any(cells):
            continue
        product, parameter, standard, quantity = (*cells, "", "", "", "")[:4]
        number = (
            int(quantity) if quantity.isascii() and quantity.isdigit() and len(quantity) < 8 else (0 if quantity else 1)
        )
        found.append({"product": product, "parameter": parameter, "standard": standard, "quantity": number or -1})
    return found


def _bars(line: str) -> str:
    for mark in "，,；;\t｜、":
        line = line.replace(mark, "|")
    return line


def written_lines(lines: Sequence[Any]) -> str:
    """Return lines as they can be typed again."""
    return "\n".join(f"{one.product} | {one.parameter} | {one.standard} | {one.quantity}" for one in lines)
