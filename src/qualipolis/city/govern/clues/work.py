"""What waits for someone in clues: to screen, to pass on, to act on, to answer in time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.govern.bodies import in_secretariat
from qualipolis.city.govern.clues import queries
from qualipolis.city.govern.models import Clue

STOP, MOST = "govern", 20
WHY = {
    "raised": (gettext_noop("Screen it, then say where it belongs."), "federation.screen_clue"),
    "screened": (gettext_noop("Say where it belongs: market regulation, hospital, association, or nowhere."), "federation.forward_clue"),
    **dict.fromkeys(("forwarded", "referred", "handled", "dropped"), (gettext_noop("Answer it within its term."), "federation.answer_clue")),
}  # fmt: skip


def _item(row: Clue, why: str, verb: str) -> WorkItem:
    title = _("Clue about %(about)s") % {"about": row.respondent_name}
    return WorkItem(STOP, title, _(why), row.due_on, "desk:federation_clue", (row.pk,), verb)


def secretary_work(actor: Any) -> list[WorkItem]:
    """Return the clues that wait in the secretariat, those due first."""
    rows = queries.clues(actor).filter(status__in=WHY)[:MOST] if in_secretariat(actor) else []
    return [_item(row, *WHY[row.status]) for row in rows]


def association_work(actor: Any) -> list[WorkItem]:
    """Return the clues that an association acts on."""
    rows = [] if in_secretariat(actor) else queries.clues(actor).filter(status="self_discipline")[:MOST]
    why = gettext_noop("Look into it and report what you did.")
    return [_item(row, why, "federation.report_clue") for row in rows]


MAKERS: Makers = (("secretary", secretary_work), ("member", association_work))
