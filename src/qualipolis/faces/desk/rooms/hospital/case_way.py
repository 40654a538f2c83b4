"""The way of a case as its page draws it: registered, triaged, taken, examined, ..., followed up; with who and when."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from qualipolis.city.core.ledger import name_of
from qualipolis.city.core.models import Event
from qualipolis.city.hospital.consultation.diagnoses import in_force
from qualipolis.city.hospital.consultation.panels import held
from qualipolis.city.hospital.models import Case
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.cycle.town import days_left
from qualipolis.faces.desk.rooms.measure.pieces import day
from qualipolis.law.terms import rule_number

Said = tuple[str, Any]
WHERE = {
    "draft": 0, "registered": 1, "triaged": 2, "proposed": 2, "reopened": 2, "assigned": 3, "examining": 3, "panel": 4,
    "diagnosed": 6, "prescribed": 6, "treating": 7, "verifying": 8, "improved": 8, "cured": 9, "following": 9, "closed": 10,
}  # fmt: skip
FIRM_TURN = ("draft", "prescribed", "treating", "improved", "waiting_firm", "suspended")
ENDED_EARLY = ("rejected", "withdrawn", "deregistered", "closed_unresponsive")


@dataclass(frozen=True)
class Stop:
    """A stop of the way: its name, and who was there and when, once it is done."""

    name: Any
    told: Callable[[Case, dict[str, date]], Said]


def _desk(case: Case, reached: dict[str, date]) -> Said:
    return _("the desk"), reached.get("triaged")


def _registered(case: Case, reached: dict[str, date]) -> Said:
    return _("the firm"), case.registered_on or reached.get("registered")


def _taken(case: Case, reached: dict[str, date]) -> Said:
    return str(case.expert or ""), reached.get("assigned")


def _examined(case: Case, reached: dict[str, date]) -> Said:
    rows = [one for one in case.examinations.all() if one.status == "reported"]
    if not rows:
        return "", reached.get("examining")
    last = max(rows, key=lambda one: one.reported_on or date.min)
    return last.laboratory.name, last.reported_on


def _conferred(case: Case, reached: dict[str, date]) -> Said:
    row = case.panels.filter(status="concluded").last()
    if row is None:
        return "", None
    n = row.seats.count()
    return ngettext("%(n)s expert", "%(n)s experts", n) % {"n": n}, row.concluded_on


def _diagnosed(case: Case, reached: dict[str, date]) -> Said:
    row = in_force(case)
    return (row.get_root_cause_display(), row.made_on) if row else ("", None)


def _prescribed(case: Case, reached: dict[str, date]) -> Said:
    row = case.prescriptions.exclude(status="draft").last()
    if row is None:
        return "", None
    return (_("accepted by the firm"), row.answered_on) if row.status == "accepted" else ("", row.issued_on)


def _treated(case: Case, reached: dict[str, date]) -> Said:
    n = case.items.exclude(status="dropped").count()
    return ngettext("%(n)s measure", "%(n)s measures", n) % {"n": n} if n else "", reached.get("verifying")


def _verified(case: Case, reached: dict[str, date]) -> Said:
    return (_("improved") if case.status == "improved" else _("cured")), case.cured_on


def _followed(case: Case, reached: dict[str, date]) -> Said:
    return "", case.ended_on


STOPS = (
    Stop(pgettext_lazy("step of a case", "Registered"), _registered),
    Stop(pgettext_lazy("step of a case", "Triage"), _desk),
    Stop(pgettext_lazy("step of a case", "Doctor"), _taken),
    Stop(pgettext_lazy("step of a case", "Examination"), _examined),
    Stop(pgettext_lazy("step of a case", "Panel"), _conferred),
    Stop(pgettext_lazy("step of a case", "Diagnosis"), _diagnosed),
    Stop(pgettext_lazy("step of a case", "Prescription"), _prescribed),
    Stop(pgettext_lazy("step of a case", "Treatment"), _treated),
    Stop(pgettext_lazy("step of a case", "Effect"), _verified),
    Stop(pgettext_lazy("step of a case", "Follow-up"), _followed),
)
PANEL, FOLLOW_UP = 4, 9
PLANNED = gettext_lazy("%(days)s days")


def state_before_pause(case: Case) -> str:
    """Return the state in which a case stands, or stood before its clock was stopped."""
    return case.paused_from if case.status in ("waiting_firm", "suspended") else case.status


def way(case: Case, *, mine: bool) -> list[parts.Step]:
    """Return the stops of a case; the panel only where one meets, met or must meet."""
    state, reached = state_before_pause(case), _reached(case)
    at = WHERE.get(state, -1)
    early = case.status in ENDED_EARLY
    if early:
        at = max([WHERE.get(one, 0) for one in reached] or [1])
    found = []
    for position, stop in enumerate(STOPS):
        if position == PANEL and not _with_panel(case, state):
            continue
        kind = "done" if position < at else ("todo" if position > at or early else _now(case, mine))
        who, when = stop.told(case, reached) if kind == "done" else ("", None)
        left = _left(case) if kind in ("begun", "waiting") else ""
        if position == FOLLOW_UP and kind != "done":
            who = str(PLANNED) % {"days": "/".join(str(rule_number(f"hospital.follow_up_{n}")) for n in (1, 2, 3))}
        found.append(parts.Step(str(stop.name), kind, who, day(when), left))
    return found


def _now(case: Case, mine: bool) -> str:
    return "begun" if mine or case.status not in FIRM_TURN else "waiting"


def _left(case: Case) -> str:
    if case.status in ("waiting_firm", "suspended"):
        return _("clock stands")
    return days_left(case.due_on)


def _with_panel(case: Case, state: str) -> bool:
    severe = (case.severity or 0) >= rule_number("hospital.panel_severity") or case.loops >= rule_number(
        "hospital.treatment_loops"
    )
    return severe or state == "panel" or held(case) > 0 or case.panels.exists()


def _reached(case: Case) -> dict[str, date]:
    """Return the last day on which each state was reached, as the ledger tells it."""
    found: dict[str, date] = {}
    for at, payload in Event.objects.filter(thing=name_of(case)).order_by("seq").values_list("at", "payload"):
        state = json.loads(payload).get("to")
        if state:
            found[state] = timezone.localdate(at)
    return found
