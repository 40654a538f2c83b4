"""What waits for someone in pacts: to check, to conclude, to sign, to be heard, to coach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.govern.bodies import in_secretariat, members_of
from qualipolis.city.govern.models import PactBreach
from qualipolis.city.govern.pacts import queries
from qualipolis.city.govern.pacts.writing import checks

STOP, MOST = "govern", 20
BREACH_WORDS = {
    "raised": gettext_noop("Examine it and hear the member."),
    "heard": gettext_noop("Find a breach and agree on coaching, or dismiss it."),
    "mended": gettext_noop("Look at what was mended."),
}
MEMBER_WORDS = {"examining": gettext_noop("Give your statement."), "coaching": gettext_noop("Mend it and report.")}


def _pact(row: Any, title: str, why: str, verb: str) -> WorkItem:
    return WorkItem(STOP, title % {"name": row.name}, why, row.due_on, "desk:federation_pact", (row.pk,), verb)


def checker_work(actor: Any) -> list[WorkItem]:
    """Return the pacts that somebody can check for fair competition."""
    return list(_to_check(actor))


def _to_check(actor: Any) -> Iterator[WorkItem]:
    key = getattr(actor, "pk", None)
    for row in queries.pacts(actor, {"show": "checking"}).exclude(written_by=key)[:MOST]:
        if not checks(row).filter(person=key).exists():
            yield _pact(row, _("Check for fair competition: %(name)s"), _("Two people other than the author answer every point."),
                        "federation.check_pact")  # fmt: skip


def secretary_work(actor: Any) -> list[WorkItem]:
    """Return what waits in the secretariat: checks, conclusions, publications, breaches."""
    if not in_secretariat(actor):
        return []
    cleared = queries.pacts(actor, {"show": "cleared"})[:MOST]
    breaches = queries.breaches(actor, {"show": "open"}).filter(status__in=BREACH_WORDS)[:MOST]
    publish = _("Publish the pact: %(name)s")
    return [
        *_to_check(actor),
        *_to_conclude(actor),
        *(_pact(row, publish, _("The check is passed."), "federation.publish_pact") for row in cleared),
        *(_breach(one, _(BREACH_WORDS[one.status])) for one in breaches),
    ]


def _to_conclude(actor: Any) -> Iterator[WorkItem]:
    for row in queries.pacts(actor, {"show": "checking"})[:MOST]:
        if checks(row).exclude(person=row.written_by_id).count() >= 2:
            yield _pact(row, _("Conclude the check: %(name)s"), _("Two people have answered."), "federation.clear_pact")


def _breach(row: PactBreach, why: str) -> WorkItem:
    named = {"name": row.member.name, "pact": row.pact.name}
    return WorkItem(STOP, _("Breach of “%(pact)s”: %(name)s") % named, why, row.due_on, "desk:federation_breach", (row.pk,),
                    "federation.examine_breach")  # fmt: skip


def member_work(actor: Any) -> list[WorkItem]:
    """Return what waits for who acts for a member: to be heard, to mend."""
    rows = queries.breaches(actor).filter(member__in=members_of(actor).values("pk"), status__in=MEMBER_WORDS)
    return [_breach(row, str(_(MEMBER_WORDS[row.status]))) for row in rows[:MOST]]


MAKERS: Makers = (
    ("secretary", secretary_work),
    ("member", checker_work),
    ("member", member_work),
    ("enterprise", member_work),
)
