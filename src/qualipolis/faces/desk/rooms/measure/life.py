"""The life of an observation as steps and as lines of history."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qualipolis.city.measure.models import Observation
from qualipolis.faces.desk import parts
from qualipolis.faces.desk.rooms.measure.pieces import Told, day, deadline, history

WHOLE_ROUND = ("measure.preview_round", "measure.lock_round", "measure.confirm_reopen", "measure.close_entry")
# which of the five steps is under way in each state
AT = {
    "empty": 0,
    "draft": 1,
    "returned": 1,
    "submitted": 2,
    "verified": 3,
    "disputed": 3,
    "reopened": 3,
    "corrected": 4,
    "locked": 5,
}


def life_of(row: Observation) -> list[Told]:
    """Return its own history with what was done to the whole round, the latest first."""
    verbs = (*WHOLE_ROUND, "measure.compute_metrics") if row.computed else WHOLE_ROUND
    both = [*history(row), *history(row.round, verbs=verbs)]
    return sorted(both, key=lambda line: line.at, reverse=True)


def lines_of_life(row: Observation, told: list[Told], mine: bool) -> list[parts.Step]:
    """Return the five steps of an observation: filled in, handed in, checked, previewed, locked."""
    names = (_("Fill in"), _("Hand in"), _("Check"), _("Preview and objections"), _("Year close"))
    last = {line.verb: line for line in reversed(told)}
    filled = last.get("measure.compute_metrics") if row.computed else last.get("measure.save_draft")
    events = (
        filled,
        last.get("measure.submit"),
        last.get("measure.verify"),
        last.get("measure.decide_dispute"),
        last.get("measure.lock_round"),
    )
    people = (None, row.submitted_by, row.verified_by, None, None)
    at = AT[row.status]
    found = []
    for position, name in enumerate(names):
        now = "begun" if mine else "waiting"
        state = "done" if position < at else (now if position == at else "todo")
        who, when = "", ""
        if state == "done":
            person, event = people[position], events[position]
            who = str(person) if person else (event.who if event else "")
            when = day(event.at) if event else ""
        found.append(parts.Step(name, state, who, when, _left(row) if position == at else ""))
    return found


def _left(row: Observation) -> str:
    due = deadline(row.due_on)
    if due is None or due.days is None:
        return ""
    if due.days < 0:
        return _("%(n)s working days late") % {"n": -due.days}
    return _("%(n)s working days left") % {"n": due.days}
