"""What waits for someone: declarations to be checked because a standard changed, drafts, and those past their term."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.nqi.standards import queries
from qualipolis.city.nqi.standards.models import StandardDeclaration

STOP, MOST = "build", 20


def _item(row: StandardDeclaration, why: str, verb: str) -> WorkItem:
    title = _("Declaration %(number)s: %(standard)s for %(product)s") % {
        "number": row.number, "standard": row.standard_no, "product": row.product_name,
    }  # fmt: skip
    return WorkItem(STOP, title, why, row.due_on, "desk:nqi_declaration", (row.pk,), verb)


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the declarations that a firm has to check, and its drafts."""
    check = queries.own_declarations(actor, {"show": "to_check"}).order_by("due_on", "pk")[:MOST]
    why = _("Check this declaration: %(reason)s")
    found = [_item(row, why % {"reason": row.reason}, "nqi.replace_declaration") for row in check]
    drafts = queries.own_declarations(actor, {"show": "draft"})[:5]
    return found + [_item(row, _("Finish the draft and declare it."), "nqi.declare_standard") for row in drafts]


def office_work(actor: Any) -> list[WorkItem]:
    """Return how many declarations were not checked in their term, as one line."""
    rows = queries.declarations(actor, {"show": "late"}).order_by("due_on", "pk")
    count, first = rows.count(), rows.first()
    if first is None:
        return []
    why = _("%(count)s declarations of replaced standards were not renewed in time.") % {"count": count}
    title = _("Declarations past their term")
    return [WorkItem(STOP, title, why, first.due_on, "desk:nqi_declarations", (), "nqi.question_declaration", count)]


MAKERS: Makers = (
    ("enterprise", firm_work),
    ("inspector", office_work),
)
