"""How the pages of investigations write what they hold: states and levels as chips, the next step, the way so far."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qualipolis.city.listen.intake import suggesting
from qualipolis.city.listen.investigations import queries
from qualipolis.city.listen.models import Investigation
from qualipolis.city.listen.statistics.naming import class_words
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import day, deadline
from qualipolis.methods.signal.risk import LEVEL_NAMES

TONES = {"low": "ok", "medium": "warn", "high": "bad", "serious": "bad"}
ICONS = {"low": "", "medium": "", "high": "alert-octagon", "serious": "alert-octagon"}
STATES = {
    "opened": ("wait", ""), "reopened": ("wait", "refresh"), "closed": ("ok", "lock"), "cancelled": ("idle", ""),
    "ordered": ("wait", "hourglass"), "proved": ("warn", "eye"), "accepted": ("ok", ""), "withdrawn": ("idle", ""),
    "drafted": ("idle", "pencil"), "sent": ("wait", "send"), "answered": ("ok", ""),
}  # fmt: skip
NEXT = {
    "products": gettext_lazy("Add the products"),
    "judge": gettext_lazy("Judge the proof of an action"),
    "assess": gettext_lazy("Assess the risk"),
    "act": gettext_lazy("Order a corrective action"),
    "send": gettext_lazy("Send the request to the other authority"),
    "wait": gettext_lazy("Waiting for firms or other authorities"),
    "close": gettext_lazy("End the investigation"),
}
OUTCOMES = {"passed": ("ok", ""), "failed": ("bad", ""), "open": ("idle", "")}


def class_choices(field: str, now: str = "") -> list[tuple[str, str]]:
    """Return the known classes to choose from, with the one that stands there now if it is none of them."""
    known = suggesting.choices(field)
    other = [(now, now)] if now and now not in dict(known) else []
    return [("", "…"), *other, *known]


def class_code(field: str, words: str) -> str:
    """Return the code of a class that somebody named in words; words that name none stay as they are."""
    return {name: code for code, name in suggesting.choices(field)}.get(words.strip(), words)


def state_chip(row: Any) -> parts.Chip:
    """Return the state of an investigation, an action or a request as a chip; what is overdue says so in colour and word."""
    kind, icon = STATES[row.status]
    said = _(row.flow.labels[row.status])
    if late(row):
        return parts.Chip("bad", _("%(state)s, overdue") % {"state": said}, "alert-octagon")
    return parts.Chip(kind, said, icon)


def late(row: Any) -> bool:
    """Whether the day of a row is over and it still waits."""
    return bool(row.due_on and row.due_on < timezone.localdate() and row.status in ("ordered", "sent"))


def level_chip(level: str) -> parts.Chip | None:
    """Return a level of risk as a chip; nothing where none is known."""
    return parts.Chip(TONES[level], _(LEVEL_NAMES[level]), ICONS[level]) if level in LEVEL_NAMES else None


def outcome_chip(test: Any) -> parts.Chip:
    """Return the result of a test as a chip."""
    kind, icon = OUTCOMES.get(test.outcome, ("idle", ""))
    return parts.Chip(kind, str(test.get_outcome_display()), icon)


def next_words(code: str) -> str:
    """Return the next step in a few words."""
    return str(NEXT.get(code, "")) or "—"


def lead_of(row: Investigation) -> str:
    """Return number, owner, town and what it came from, in one sentence."""
    said = [row.number, row.owner.name, row.unit.name if row.unit else "", class_words("hazard", row.hazard)]
    words = _(", ").join(one for one in said if one)
    return _("%(what)s. Opened on %(day)s.") % {"what": words, "day": day(row.opened_on)}


def way(row: Investigation, code: str, *, mine: bool) -> list[parts.Step]:
    """Return the stops of an investigation: products, risk, orders, proof, end; what is done may come again."""
    assessed = row.assessments.order_by("pk").first()
    actions = list(row.actions.exclude(status="withdrawn"))
    settled = [one for one in actions if one.status == "accepted"]
    over = row.status in queries.FINALS
    told = (
        (_("Opened"), True, day(row.opened_on)),
        (_("Products"), row.products.filter(removed_on=None).exists(), ""),
        (_("Risk"), assessed is not None or bool(row.not_assessed_why), day(assessed.assessed_on) if assessed else ""),
        (_("Orders"), bool(actions), _("%(n)s ordered") % {"n": len(actions)} if actions else ""),
        (_("Proof"), bool(actions) and len(settled) == len(actions), _("%(done)s of %(all)s accepted") % {"done": len(settled), "all": len(actions)} if actions else ""),
        (_("Conclusion"), over, day(row.closed_on)),
    )  # fmt: skip
    at = {"products": 1, "assess": 2, "act": 3, "judge": 4, "wait": 4, "send": 4, "close": 5}.get(code, -1)
    found = []
    for position, (name, done, when) in enumerate(told):
        state = "done" if done or over else "todo"
        if position == at and not over:
            state = "begun" if mine and code != "wait" else "waiting"
        found.append(parts.Step(name, state, "", when))
    return found


def due_of(row: Any) -> parts.Deadline | None:
    """Return the term of an action or a request that still waits."""
    return deadline(row.due_on) if row.status in ("ordered", "sent") else None
