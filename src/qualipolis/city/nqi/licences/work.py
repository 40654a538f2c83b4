"""What waits for someone: certificates that end, filings that are owed or to be decided, surveillance that is due."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.work_items import Makers, WorkItem
from qualipolis.city.nqi.licences import queries
from qualipolis.city.nqi.licences.models import ChangeFiling, IssuedCertificate, Licence
from qualipolis.city.nqi.services.visibility import own_institutions
from qualipolis.law.nqi.validity import renewal_until

STOP, MOST = "build", 20


def _licence(row: Licence, why: str, due: Any, verb: str) -> WorkItem:
    title = _("Certificate %(number)s of %(body)s") % {"number": row, "body": row.institution.name}
    return WorkItem(STOP, title, why, due, "desk:nqi_licence", (row.pk,), verb)


def _filing(row: ChangeFiling, why: str, verb: str) -> WorkItem:
    title = _("Change %(number)s: %(kind)s") % {"number": row.number, "kind": row.get_kind_display()}
    return WorkItem(STOP, title, why, row.due_on, "desk:nqi_filing", (row.pk,), verb)


def _certificate(row: IssuedCertificate, why: str, due: Any, verb: str) -> WorkItem:
    title = _("Certificate %(number)s: %(scheme)s") % {"number": row.number, "scheme": row.scheme}
    return WorkItem(STOP, title, why, due, "desk:nqi_certificate", (row.pk,), verb)


def laboratory_work(actor: Any) -> list[WorkItem]:
    """Return what a body has to do: apply in time, file changes, look at its certified firms."""
    return [*_ending(actor), *_owed(actor), *_issued(actor)]


def _ending(actor: Any) -> list[WorkItem]:
    today, found = timezone.localdate(), []
    for row in queries.licences(actor, {"show": "soon"})[:MOST]:
        until = row.qualification.valid_to
        assert until is not None
        last = renewal_until(until)
        if today <= last:
            why = _("It ends on %(day)s. Apply for renewal in time.") % {"day": until}
            found.append(_licence(row, why, last, "nqi.apply_renewal"))
        else:
            why = _("It ends on %(day)s and renewal was not applied for: apply for a new certificate.") % {"day": until}
            found.append(_licence(row, why, until, "nqi.ask_licence_cancelled"))
    return found


def _owed(actor: Any) -> list[WorkItem]:
    words = {
        "owed": _("File this change with the authority."),
        "ordered": _("The authority has ordered to file this change."),
        "returned": _("The filing came back: mend it and hand it in again."),
    }
    rows = queries.filings(actor, {"show": "owed"})[:MOST]
    return [_filing(row, words[row.status], "nqi.file_owed_change") for row in rows]


def _issued(actor: Any) -> list[WorkItem]:
    today, mine = timezone.localdate(), own_institutions(actor)
    rows = IssuedCertificate.objects.filter(certifier__in=mine).order_by("due_on", "follow_up_on", "pk")
    asked = rows.filter(status="cancellation_asked")[:MOST]
    found = [
        _certificate(one, _("The holder asks to cancel it."), one.due_on, "nqi.cancel_certificate") for one in asked
    ]
    why = _("Restore or withdraw it before the suspension is over.")
    found += [
        _certificate(one, why, one.due_on, "nqi.restore_certificate") for one in rows.filter(status="suspended")[:MOST]
    ]
    late = rows.filter(status="valid", follow_up_on__lte=today + queries.SOON / 6)[:MOST]
    why = _("The yearly surveillance is due.")
    return found + [_certificate(one, why, one.follow_up_on, "nqi.follow_up_certificate") for one in late]


def office_work(actor: Any) -> list[WorkItem]:
    """Return what an office decides: renewals, cancellations, suspensions that end, expired certificates, filings."""
    today = timezone.localdate()
    verbs = {
        "applied": (_("Renewal was applied for: note the decision."), "nqi.renew_licence"),
        "asked": (_("The body asks to cancel it."), "nqi.cancel_licence"),
        "suspended": (_("Restore or withdraw it before the suspension is over."), "nqi.restore_licence"),
        "expired": (_("It has expired without renewal: cancel it."), "nqi.cancel_licence"),
    }
    found = []
    for show, (why, verb) in verbs.items():
        found += [_licence(row, why, row.due_on, verb) for row in queries.licences(actor, {"show": show})[:MOST]]
    filed = queries.filings(actor, {"show": "filed"})[:MOST]
    found += [_filing(row, _("Decide on the filed change."), "nqi.accept_filing") for row in filed]
    late = queries.filings(actor, {"show": "late"}).filter(status="owed", due_on__lt=today)[:MOST]
    return found + [_filing(row, _("The term to file is over: order it."), "nqi.order_filing") for row in late]


def firm_work(actor: Any) -> list[WorkItem]:
    """Return the certificates of a firm that end soon or are suspended."""
    today = timezone.localdate()
    rows = queries.own_certificates(actor)
    soon = rows.filter(status="valid", valid_to__range=(today, today + queries.SOON))[:MOST]
    why = _("It ends on %(day)s. Ask the certification body in time.")
    found = [
        _certificate(one, why % {"day": one.valid_to}, one.valid_to, "nqi.ask_certificate_cancelled") for one in soon
    ]
    why = _("It is suspended: mend what was found.")
    rows = rows.filter(status="suspended")[:MOST]
    return found + [_certificate(one, why, one.suspended_until, "nqi.ask_certificate_cancelled") for one in rows]


MAKERS: Makers = (
    ("laboratory", laboratory_work),
    ("inspector", office_work),
    ("planner", office_work),
    ("enterprise", firm_work),
)
