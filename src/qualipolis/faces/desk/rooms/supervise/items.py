"""A published row in words: failed items with value and limit, verdict as the standard says it, state of objection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qualipolis.city.supervise.planning.models import Purpose, Stage
from qualipolis.faces.desk import parts
from qualipolis.lake.cells import plain

VERDICTS = {
    "pass": gettext_lazy("no nonconformity found in the sample inspected"),
    "fail": gettext_lazy("found nonconforming"),
}
OBJECTIONS = {
    "none": gettext_lazy("no objection"),
    "dismissed": gettext_lazy("objection dismissed"),
    "upheld": gettext_lazy("recheck: the same conclusion"),
    "reversed": gettext_lazy("recheck: the result was reversed"),
    "partly": gettext_lazy("voided for the labelled producer"),
    "voided": gettext_lazy("voided after an objection"),
    "open": gettext_lazy("being examined again"),
}


@dataclass(frozen=True)
class ItemLine:
    """A failed item: what was measured, what is required, where the standard says so."""

    name: str
    measured: str
    limit: str
    clause: str
    safety: bool


def spoken(pair: Mapping[str, str] | None) -> str:
    """Return a name in the language of the page, else the other one."""
    if not pair:
        return ""
    chinese = (get_language() or "zh").startswith("zh")
    first, second = (pair.get("zh", ""), pair.get("en", "")) if chinese else (pair.get("en", ""), pair.get("zh", ""))
    return first or second


def limit_of(item: Mapping[str, Any]) -> str:
    """Return the requirement: both limits, one of them, or the words of the standard."""
    lower, upper, unit = item["lower"], item["upper"], item["unit"]
    if lower is not None and upper is not None:
        words = f"{plain(lower)}–{plain(upper)}"
    elif upper is not None:
        words = f"≤ {plain(upper)}"
    elif lower is not None:
        words = f"≥ {plain(lower)}"
    else:
        return str(item["requirement"])
    return f"{words} {unit}".strip()


def item_lines(items: Iterable[Mapping[str, Any]]) -> list[ItemLine]:
    """Return the failed items of a row."""
    found = []
    for item in items:
        value = f"{item['censored']}{plain(item['measured'])} {item['unit']}".strip()
        shown = value if item["measured"] is not None else item["observed"]
        found.append(ItemLine(spoken(item), shown or "—", limit_of(item) or "—", item["clause"], item["safety"]))
    return found


def verdict_chip(row: Mapping[str, Any]) -> parts.Chip:
    """Return the verdict of a row as a chip with the words of the standard."""
    if row["state"] == "voided":
        return parts.Chip("warn", _("voided"))
    if row["verdict"] is None:
        return parts.Chip("wait", _("being examined again"))
    return parts.Chip("bad" if row["verdict"] == "fail" else "ok", str(VERDICTS[row["verdict"]]))


def objection_words(row: Mapping[str, Any]) -> str:
    """Return the state of objection of a row in words."""
    return str(OBJECTIONS.get(row["objection"], row["objection"]))


@dataclass(frozen=True)
class Shown:
    """A row as pages show it."""

    row: Mapping[str, Any]
    items: list[ItemLine]
    verdict: parts.Chip
    objection: str
    firm: str
    producer: str
    unit: str
    laboratory: str
    stage: str
    purpose: str
    closed: bool


def shown(row: Mapping[str, Any]) -> Shown:
    """Return a published row in the words of the page."""
    return Shown(
        row,
        item_lines(row["items"]),
        verdict_chip(row),
        objection_words(row),
        spoken(row["firm"]),
        spoken(row["producer"]),
        spoken(row["unit"]),
        spoken(row["laboratory"]),
        str(dict(Stage.choices).get(row["stage"], row["stage"])),
        str(dict(Purpose.choices).get(row["purpose"], row["purpose"])),
        "closed" in (row["firm_state"], row["producer_state"]),
    )
