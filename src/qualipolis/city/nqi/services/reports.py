"""Verbs of reports: handed in and checked, replaced, issued and delivered; or the order is blocked when the scope is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.attachments import store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.moves import locked, move
from qualipolis.city.core.policy import person_of, roles_of, verb
from qualipolis.city.core.roles import SYSTEM
from qualipolis.city.core.subscriptions import tell
from qualipolis.city.nqi.models import Order, ServiceReport
from qualipolis.city.nqi.services.checks import check, kept
from qualipolis.city.nqi.services.following import follow
from qualipolis.city.nqi.services.orders import facts_today
from qualipolis.city.nqi.services.quotes import of_own_institution
from qualipolis.city.nqi.services.scope import coverage
from qualipolis.city.nqi.services.visibility import own_institutions, parties
from qualipolis.methods.problems import Problem, msg, refuse

TEXTS = {"standard": 60, "result": 400, "verdict": 40, "subcontractor": 160}
MOST_ITEMS = 200


@verb("nqi.hand_in_report", roles=("laboratory",), scope=parties)
def hand_in(
    actor: Any, thing: Order, report_no: str, tested_on: date | None, issued_on: date | None, signatory: str, *,
    certificate: str = "", cma_mark: bool = False, items: Iterable[Mapping[str, Any]] = (), conclusion: str = "",
    file: Any = None,
) -> ServiceReport:  # fmt: skip
    """Hand in the report of an order; what is checked now is stored with it and told to both sides."""
    row = of_own_institution(actor, thing, "quote")
    lines, wrong = _items(items)
    days = [("tested_on", tested_on), ("issued_on", issued_on)]
    refuse([*wrong, *(problem for place, day in days if day for problem in not_ahead(day, place, row.placed_on))])
    said = {
        "report_no": report_no.strip()[:80], "tested_on": tested_on, "issued_on": issued_on, "signatory": signatory.strip()[:80],
        "certificate": certificate.strip()[:40], "cma_mark": bool(cma_mark), "items": lines,
    }  # fmt: skip
    facts = said | {"file": getattr(file, "name", "")}
    move(actor, row, "report", "nqi.hand_in_report", {"report_no": said["report_no"], "items": len(lines)}, facts=facts,
         for_good=True)  # fmt: skip
    made = ServiceReport.objects.create(
        order=row, version=row.reports.count() + 1, number=said["report_no"], checks=kept(check(row, said)),
        conclusion=conclusion.strip()[:2000], handed_in_by=person_of(actor), qualification_id=_qualification(row, tested_on),
        **{name: value for name, value in said.items() if name != "report_no"},
    )  # fmt: skip
    made.file = store(actor, made, file.name, file.chunks())
    made.save(update_fields=["file"])
    return made


def _items(given: Iterable[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the items of a report: the position of the line, standard, result, verdict, who else did it."""
    found: list[dict[str, Any]] = []
    for one in given:
        line = one.get("line")
        if not isinstance(line, int) or not 0 < line < 10**6:
            return [], [
                Problem("bad_line", msg("Say for each item which line of the order it answers."), place="items")
            ]
        found.append({"line": line} | {name: str(one.get(name) or "").strip()[:most] for name, most in TEXTS.items()})
    if len(found) > MOST_ITEMS:
        return [], [Problem("too_many_lines", msg("At most %(most)s lines."), "", {"most": MOST_ITEMS}, "items")]
    return found, []


def _qualification(order: Order, tested_on: date | None) -> int | None:
    if tested_on is None:
        return None
    found = coverage(order.institution, order.demand.need_type, order.lines.all(), tested_on)
    return next((one.qualification for one in found if one.qualification), None)


def current(order: Order) -> ServiceReport | None:
    """Return the report that counts: the last one, unless it was sent back."""
    found = order.reports.order_by("-version").first()
    return None if found is None or found.replaced_on else found


def checked_now(report: ServiceReport) -> list[Any]:
    """Return the checks of a report as they stand now: a certificate may have ended, or been found invalid, since."""
    said = {
        name: getattr(report, name)
        for name in ("tested_on", "issued_on", "signatory", "certificate", "cma_mark", "items")
    }
    return check(report.order, said)


@verb("nqi.replace_report", roles=("laboratory", "nqi_desk"), scope=parties)
def replace(actor: Any, thing: Order, reason: str) -> Order:
    """Take a report back before it is delivered, to be handed in again; the version stays to be seen."""
    row, said = locked(thing, "institution", "demand__enterprise"), reason.strip()[:400]
    mine = own_institutions(actor).filter(pk=row.institution_id).exists()
    if not mine and not roles_of(actor) & {"nqi_desk", SYSTEM}:
        raise PermissionDenied(_("This belongs to another institution."))
    move(actor, row, "return", "nqi.replace_report", facts={"reason": said}, for_good=True)
    report = row.reports.order_by("-version").first()
    if report is not None:
        report.replaced_on, report.replaced_why = timezone.localdate(), said
        report.save(update_fields=["replaced_on", "replaced_why"])
    return row


@verb("nqi.deliver_report", roles=("laboratory",), scope=parties)
def deliver(actor: Any, thing: Order) -> Order:
    """Issue and deliver the report; refused while a check fails or a certificate no longer covers the order today."""
    row = of_own_institution(actor, thing, "quote")
    report = current(row)
    failed = None if report is None else [one.code for one in checked_now(report) if not one.ok]
    facts = facts_today(row) | {"failed_checks": None if failed is None else len(failed)}
    move(actor, row, "deliver", "nqi.deliver_report", {"report_no": str(report or "")}, facts=facts,
         delivered_on=timezone.localdate(), ended_on=timezone.localdate())  # fmt: skip
    follow(row.demand)
    tell(actor, "nqi.report_delivered", row)
    return row
