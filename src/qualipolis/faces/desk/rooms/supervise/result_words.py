"""What the pages of results say: windows as days, parties, verdicts, values with their limits."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qualipolis.city.supervise.models import Recheck, Result, ServedResult, TestItem
from qualipolis.city.supervise.results.queries import PartyWindow
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import day, deadline, figure, measured

PARTY = {
    "firm": gettext_lazy("Sampled firm"),
    "producer": gettext_lazy("Labelled producer"),
    "platform": gettext_lazy("Platform"),
}
FEE = {
    "applicant": gettext_lazy("the applicant bears it, as the conclusion is the same"),
    "organiser": gettext_lazy("the organiser bears it"),
    "nobody": gettext_lazy("nothing was tested, so nobody bears any"),
}
WORKING = ("reported", "notified")


def verdict_chip(row: Result) -> parts.Chip:
    """Return the verdict as a chip, always with its word."""
    if row.status == "voided":
        return parts.Chip("idle", _("no verdict: voided"))
    return parts.Chip("bad" if row.verdict == "fail" else "ok", str(row.get_verdict_display()))


def due_of(row: Result) -> parts.Deadline | None:
    """Return the term of a result: service and answers run in working days, windows in the days of their law."""
    if row.due_on is None or row.ended:
        return None
    if row.status in WORKING or row.flow_code == "food_result" or row.status == "under_objection":
        return deadline(row.due_on)
    left = (row.due_on - timezone.localdate()).days
    return parts.Deadline(left, row.due_on, calendar=True) if left >= 0 else None


def days_words(n: int, *, working: bool) -> str:
    """Return a number of days in words."""
    if working:
        return ngettext("%(n)s working day", "%(n)s working days", n) % {"n": n}
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def window_words(one: PartyWindow) -> str:
    """Return how the window of a party stands, in a few words."""
    service = one.service
    if service.ceased_on:
        return _("ceased to exist on %(day)s") % {"day": day(service.ceased_on)}
    if not (service.served_on and service.proved):
        sent = service.sent_on
        return _("sent on %(day)s, no proof of receipt") % {"day": day(sent)} if sent else _("not sent yet")
    if service.waived_on:
        return _("gave up objecting on %(day)s") % {"day": day(service.waived_on)}
    if one.running:
        left = days_words(one.left or 0, working=one.working)
        words = _("%(left)s left, until %(day)s") if one.left else _("last day today")
        return words % {"left": left, "day": day(one.last_day)}
    return _("over since %(day)s") % {"day": day(one.over_on)}


def party_name(one: ServedResult) -> str:
    """Return the name of a party in the language of the page; one nobody knows keeps the name on the label."""
    return str(one.enterprise.name if one.enterprise else one.name)


def window_chip(one: PartyWindow) -> parts.Chip:
    """Return the state of a window as a chip."""
    if one.over_on is None:
        return parts.Chip("warn", _("not served yet"))
    if one.running:
        return parts.Chip("wait", _("running"))
    return parts.Chip("ok", _("waived") if one.service.waived_on else _("over"))


def limit_words(item: TestItem) -> str:
    """Return what is required of an item."""
    if item.lower is not None and item.upper is not None:
        return f"{_signed(item.lower)} – {measured(item.upper, item.unit)}".replace("– -", "– −")
    if item.upper is not None:
        return f"≤ {measured(item.upper, item.unit)}"
    if item.lower is not None:
        return f"≥ {measured(item.lower, item.unit)}"
    return item.requirement or "—"


def _signed(value: float) -> str:
    return figure(value).replace("-", "−")


def value_words(item: TestItem) -> str:
    """Return what was measured or seen, with its uncertainty."""
    if item.measured is None:
        return item.observed or "—"
    mark = {"<": "<", ">": ">"}.get(item.censored, "")
    text = f"{mark}{measured(item.measured, item.unit)}"
    return f"{text} ± {figure(item.uncertainty)}" if item.uncertainty else text


def item_name(item: TestItem) -> str:
    """Return the name of an item in the language of the page."""
    from django.utils.translation import get_language

    return item.name_zh if (get_language() or "zh").startswith("zh") else item.name_en or item.name_zh


def item_rows(items: Any) -> list[dict[str, Any]]:
    """Return the items as rows of a table."""
    return [
        {
            "item": item_name(one),
            "value": value_words(one),
            "limit": limit_words(one),
            "clause": one.clause,
            "safety": one.safety,
            "chip": parts.Chip(
                {"fail": "bad", "pass": "ok"}.get(one.outcome, "idle"), str(one.get_outcome_display() or _("no result"))
            ),
            "why": one.why,
        }
        for one in items
    ]


def fee_words(row: Recheck) -> str:
    """Return who bears the fee of a recheck."""
    return (
        str(FEE[row.fee_by]) if row.fee_by in FEE else _("the applicant advances it; the outcome decides who bears it")
    )


def ways() -> list[tuple[str, str]]:
    """Return the ways of service that an officer may record."""
    return [(str(value), str(label)) for value, label in ServedResult.Way.choices]
