"""What waits for someone: applications, the statutes to accept, pledges to read, opinions to answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.policy import own_codes
from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.govern.bodies import in_secretariat, members_of
from qualipolis.city.govern.members import queries
from qualipolis.city.govern.models import Opinion

STOP, MOST = "govern", 20


def secretary_work(actor: Any) -> list[WorkItem]:
    """Return what waits in the secretariat."""
    return [*_applications(actor), *_pledges(actor), *_opinions()] if in_secretariat(actor) else []


def _applications(actor: Any) -> Iterator[WorkItem]:
    for row in queries.members(actor, {"show": "waiting"})[:MOST]:
        yield WorkItem(STOP, _("Application of %(name)s") % {"name": row.name}, _("Admit the member or refuse, with the reason."),
                       row.due_on, "desk:federation_member", (row.pk,), "federation.approve_member")  # fmt: skip
    for row in queries.members(actor, {"show": "suspended"})[:MOST]:
        yield WorkItem(STOP, _("Suspended: %(name)s") % {"name": row.name}, _("Lift the suspension or put a removal to the vote."),
                       row.due_on, "desk:federation_member", (row.pk,), "federation.resume_member")  # fmt: skip


def _pledges(actor: Any) -> Iterator[WorkItem]:
    words = {
        "read": (_("Pledge of %(name)s"), _("Publish it in plain words, or return it.")),
        "doubted": (_("Doubt about the pledge of %(name)s"), _("Hear the firm, then find whether it is kept.")),
        "ending": (_("Pledge of %(name)s has run out"), _("Note whether it was fulfilled.")),
    }
    for show, (title, why) in words.items():
        for row in queries.pledges(actor, {"show": show})[:MOST]:
            yield WorkItem(STOP, title % {"name": row.enterprise.name}, why, row.due_on or row.valid_to, "desk:federation_pledge",
                           (row.pk,), "federation.publish_pledge")  # fmt: skip


def _opinions() -> Iterator[WorkItem]:
    for row in Opinion.objects.filter(answered_on=None).select_related("pact", "task", "meeting")[:MOST]:
        place, about = next((name, thing) for name in ("pact", "task", "meeting") if (thing := getattr(row, name)))
        yield WorkItem(STOP, _("Opinion of an agency on %(name)s") % {"name": about.name},
                       _("It guides and does not bind: say what the federation does about it."), None,
                       f"desk:federation_{place}", (about.pk,), "federation.answer_opinion")  # fmt: skip


def member_work(actor: Any) -> list[WorkItem]:
    """Return what waits for who acts for a member: to accept the statutes."""
    why = _("You are admitted: accept the statutes and join.")
    return [
        WorkItem(STOP, _("Join the federation"), why, None, "desk:federation_member", (row.pk,), "federation.join")
        for row in members_of(actor).filter(status="approved")
    ]


def firm_work(actor: Any) -> list[WorkItem]:
    """Return what waits for a firm: a doubt about its pledge, a pledge returned."""
    rows = queries.pledges(actor).filter(status="doubted", statement="")[:MOST]
    why = _("Answer before it is decided.")
    return [
        WorkItem(STOP, _("Doubt about your pledge %(number)s") % {"number": row.number}, why, row.due_on or timezone.localdate(),
                 "desk:federation_pledge", (row.pk,), "federation.answer_doubt")
        for row in rows if row.enterprise.credit_code in _codes(actor)
    ]  # fmt: skip


def _codes(actor: Any) -> set[str]:
    return set(own_codes(actor).values_list("code", flat=True))


MAKERS: Makers = (
    ("secretary", secretary_work),
    ("member", member_work),
    ("enterprise", member_work),
    ("enterprise", firm_work),
)
