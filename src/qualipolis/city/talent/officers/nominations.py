"""Verbs of the firm: name an officer, hand in again, withdraw, say that the officer took up the post or left it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qualipolis.city.core.attachments import files_of, store
from qualipolis.city.core.days import not_ahead
from qualipolis.city.core.ledger import record
from qualipolis.city.core.moves import move
from qualipolis.city.core.numbering import next_number
from qualipolis.city.core.policy import person_of, verb
from qualipolis.city.core.steps import term_of
from qualipolis.city.registry.models import Enterprise
from qualipolis.city.talent.models import Learner, Officer
from qualipolis.city.talent.officers.facts import facts_of, unmet_of
from qualipolis.city.talent.officers.visibility import FILERS, acting, of_the_firm
from qualipolis.law.talent.conditions import SIZES, conditions_on, size_of
from qualipolis.methods.problems import Problem, msg, refuse

FIRM = ("enterprise",)
Paper = tuple[str, Iterable[bytes]]
OPEN = ("nominated", "returned", "filed", "trained", "certified", "active", "lapsed")


@verb("talent.nominate_officer", roles=FIRM)
def nominate_officer(
    actor: Any, thing: Enterprise, learner: Learner, *, appointed_on: date, years: Decimal | float | None,
    bars: Iterable[str] | None, document_no: str = "", size: str = "", education: str = "", title: str = "",
    paper: Paper | None = None,
) -> Officer:  # fmt: skip
    """Name somebody of the firm; what the conditions ask for is told at once, all of it."""
    firm = of_the_firm(actor, thing)
    conditions = conditions_on(appointed_on)
    known = size_of(firm.employees)
    row = Officer(
        enterprise=firm, learner=learner, appointed_on=appointed_on, document_no=document_no.strip()[:60],
        size=known if known != "unknown" else size if size in SIZES else "unknown", education=education or learner.education,
        title=title or learner.title, years=_years(years), bars=None if bars is None else sorted(set(bars)),
        conditions=conditions.version, nominated_by=person_of(actor),
    )  # fmt: skip
    refuse([*not_ahead(appointed_on, "appointed_on"), *_of_the_firm(firm, learner), *unmet_of(row)])
    today = timezone.localdate()
    row.number = next_number("SZ", today.year)
    row.due_on = term_of("chief_quality_officer", "hand_in_again", today)
    row.predecessor = _left_open(firm)
    row.save()
    if row.predecessor is not None:
        _refiled(row.predecessor, today)
    if paper is not None:
        store(actor, row, *paper)
    told = {"firm": firm.credit_code, "of": row.number, "conditions": row.conditions, "size": row.size}
    record(actor, "talent.nominate_officer", row, told, rule_version=row.conditions)
    return row


def _years(years: Decimal | float | None) -> Decimal | None:
    return None if years is None else Decimal(str(years)).quantize(Decimal("0.1"))


def _of_the_firm(firm: Enterprise, learner: Learner) -> list[Problem | None]:
    ours = learner.enterprise_id == firm.pk
    again = Officer.objects.filter(enterprise=firm, learner=learner, status__in=OPEN).exists()
    return [
        None if firm.closed_on is None else Problem("closed_firm", msg("The firm has been deregistered.")),
        None if ours else Problem("not_ours", msg("Register the person as one of the firm first."), place="learner"),
        Problem("named_already", msg("The person is named or filed already."), place="learner") if again else None,
    ]


def _left_open(firm: Enterprise) -> Officer | None:
    """Return the officer who left and has no successor yet."""
    rows = Officer.objects.filter(enterprise=firm, status__in=("replaced", "removed"), refiled_on=None)
    return rows.order_by("-ended_on", "-pk").first()


def _refiled(row: Officer, day: date | None) -> None:
    Officer.objects.filter(pk=row.pk).update(refiled_on=day)


@verb("talent.attach_appointment", roles=FIRM)
def attach_appointment(actor: Any, thing: Officer, paper: Paper) -> Officer:
    """Attach the paper by which the firm appoints the officer."""
    row = acting(actor, thing)
    refuse(
        [
            None
            if row.status in ("nominated", "returned")
            else Problem("filed_already", msg("The appointment has been filed already."))
        ]
    )
    store(actor, row, *paper)
    return row


@verb("talent.hand_in_officer_again", roles=FIRM)
def hand_in_officer_again(
    actor: Any, thing: Officer, *, years: Decimal | float | None = None, document_no: str = "", education: str = "",
    title: str = "",
) -> Officer:  # fmt: skip
    """Hand a returned appointment in again, with what was corrected."""
    row = acting(actor, thing)
    of_the_firm(actor, row.enterprise)
    changes: dict[str, Any] = {
        "years": row.years if years is None else _years(years), "document_no": document_no.strip()[:60] or row.document_no,
        "education": education or row.education, "title": title or row.title,
    }  # fmt: skip
    for field, value in changes.items():
        setattr(row, field, value)
    facts = facts_of(row)
    move(actor, row, "hand_in_again", "talent.hand_in_officer_again", facts=facts, for_good=True, **changes)
    return row


@verb("talent.withdraw_officer", roles=FIRM)
def withdraw_officer(actor: Any, thing: Officer, reason: str) -> Officer:
    """Withdraw the nomination; the term to file a successor runs on from the day the predecessor left."""
    row, said = acting(actor, thing), reason.strip()[:400]
    move(actor, row, "withdraw", "talent.withdraw_officer", facts={"reason": said}, for_good=True,
         ended_on=timezone.localdate(), end_reason=said)  # fmt: skip
    if row.predecessor is not None:
        _refiled(row.predecessor, None)
    return row


@verb("talent.activate_officer", roles=(*FIRM, *FILERS))
def activate_officer(actor: Any, thing: Officer) -> Officer:
    """The officer has taken up the post."""
    row = acting(actor, thing)
    move(actor, row, "activate", "talent.activate_officer", facts=facts_of(row), active_on=timezone.localdate())
    return row


@verb("talent.replace_officer", roles=FIRM)
def replace_officer(actor: Any, thing: Officer, left_on: date, reason: str) -> Officer:
    """The officer has left the post: the firm files a successor within the term that begins on that day."""
    row, said = acting(actor, thing), reason.strip()[:400]
    of_the_firm(actor, row.enterprise)
    refuse(not_ahead(left_on, "left_on", row.appointed_on))
    move(actor, row, "replace", "talent.replace_officer", {"on": left_on}, facts={"reason": said}, start=left_on,
         for_good=True, ended_on=left_on, end_reason=said, refiled_on=successor_on(row, left_on))  # fmt: skip
    end_filing(row, left_on)
    return row


def successor_on(row: Officer, day: date) -> date | None:
    """Return ``day`` when the firm has already named somebody else, None when a successor is still to be named."""
    others = Officer.objects.filter(enterprise=row.enterprise, status__in=OPEN).exclude(pk=row.pk)
    return day if others.exists() else None


def end_filing(row: Officer, day: date) -> None:
    """End the filing that the figures of the city count."""
    if row.filing is not None and row.filing.ended_on is None:
        row.filing.ended_on = day
        row.filing.save(update_fields=["ended_on"])


def papers_of(row: Officer) -> list[Any]:
    """Return the papers of an appointment."""
    return files_of([row])[row.pk]
