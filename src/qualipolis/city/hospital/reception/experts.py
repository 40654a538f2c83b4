"""Experts: kept by the manager, their absence by themselves; load, ties that forbid a case, and what firms say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count
from django.utils import timezone
from django.utils.translation import gettext as _

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation, Person
from qualipolis.city.core.policy import roles_of, verb
from qualipolis.city.hospital.models import Case, Department, Expert, Rating
from qualipolis.city.hospital.reception.checks import no_enforcer, of_system, text
from qualipolis.city.registry.models import Enterprise, Institution
from qualipolis.city.supervise.models import Sample
from qualipolis.law.flows.hospital import CASE
from qualipolis.methods.problems import Problem, msg, refuse

UNDER_WAY = ("sealed", "in_transit", "received", "testing")  # a supervision sample that its laboratory still tests
AT_REST = (*CASE.finals, "cured", "improved", "following", "draft")
MOST_CASES = 50


@dataclass(frozen=True)
class Rated:
    """What firms say of an expert: the mean of ``n`` ratings, or None while there is none."""

    mean: float | None
    n: int


def load(expert: Expert) -> int:
    """Return how many open cases an expert treats; those that are cured and followed up are the desk's."""
    return Case.objects.filter(expert=expert).exclude(status__in=AT_REST).count()


def rated(expert: Expert) -> Rated:
    """Return the mean rating of the cases an expert treated; who gave it is not told."""
    found = Rating.objects.filter(case__expert=expert).aggregate(mean=Avg("stars"), n=Count("pk"))
    return Rated(found["mean"], found["n"])


def away_on(expert: Expert, day: date) -> bool:
    """Whether an expert is away on ``day``; an absence without an end lasts."""
    begun = expert.away_from is not None and expert.away_from <= day
    return begun and (expert.away_to is None or day <= expert.away_to)


def in_term(expert: Expert, day: date) -> bool:
    """Whether the appointment of an expert covers ``day``."""
    return expert.term_from <= day and (expert.term_to is None or day <= expert.term_to)


def conflicts(expert: Expert, enterprise: Enterprise, product_class: str) -> list[str]:
    """Return in words why an expert may not treat this firm; empty when it was looked up and nothing was found.

    Ties that are on file; acting for the firm; and an own laboratory that tests supervision samples of the same class
    of product of this firm now (Order 18, article 14: no paid work during the task).
    """
    found = []
    if enterprise.credit_code in expert.conflicts:
        found.append(_("ties with the firm are on file"))
    if expert.organisation.code == enterprise.credit_code:
        found.append(_("works for the firm"))
    if _tests_now(expert, enterprise, product_class):
        found.append(_("the expert's laboratory tests supervision samples of this product of the firm now"))
    return found


def _tests_now(expert: Expert, enterprise: Enterprise, product_class: str) -> bool:
    laboratory = expert.institution or Institution.objects.filter(code=expert.organisation.code).first()
    if laboratory is None:
        return False
    rows = Sample.objects.filter(laboratory=laboratory, status__in=UNDER_WAY, task__enterprise=enterprise)
    return (rows.filter(task__campaign__rule__category=product_class) if product_class else rows).exists()


@verb("hospital.save_expert", roles=("hospital_manager",))
def save_expert(
    actor: Any,
    thing: Expert | None,
    *,
    person: Person | None = None,
    organisation: Organisation | None = None,
    departments: Sequence[Department] = (),
    field_zh: str = "",
    field_en: str = "",
    qualifications: str = "",
    conflicts: Sequence[str] = (),
    capacity: int = 5,
    term_from: date | None = None,
    term_to: date | None = None,
) -> Expert:
    """Appoint an expert, or change field, departments, ties, capacity and term of one."""
    no_enforcer(actor)
    row = thing or Expert(person=person, organisation=organisation)
    row.term_from = term_from or row.term_from
    codes = [one.strip().upper() for one in conflicts if one.strip()]
    refuse([*_appointable(row), *_wrong(departments, field_zh, codes, capacity, row.term_from, term_to)])
    row.institution = Institution.objects.filter(code=row.organisation.code).first()
    row.field_zh, row.field_en = field_zh.strip()[:200], field_en.strip()[:200]
    row.qualifications, row.conflicts = qualifications.strip()[:400], codes
    row.capacity, row.term_to = capacity, term_to
    row.save()
    row.departments.set(departments)
    told = {"capacity": capacity, "term_to": term_to, "departments": len(departments), "ties": len(codes)}
    record(actor, "hospital.save_expert", row, told)
    return row


def _appointable(row: Expert) -> list[Problem]:
    """Return why this person cannot be an expert: nobody, appointed already, in enforcement, or without the role."""
    if row.person_id is None or row.organisation_id is None:
        return [Problem("no_person", msg("Choose the person and the organisation."), place="person")]
    found = []
    if row.pk is None and Expert.objects.filter(person=row.person).exists():
        found.append(Problem("repeated", msg("This person is an expert already."), place="person"))
    roles = roles_of(row.person)
    if "inspector" in roles:
        found.append(Problem("enforces", msg("Who works in enforcement cannot treat cases."), place="person"))
    elif "expert" not in roles:
        what = msg("This person does not have the role of an expert; the administrator gives it.")
        found.append(Problem("no_role", what, place="person"))
    return found


def _wrong(
    departments: Sequence[Department], field_zh: str, codes: list[str], capacity: int, first: date, last: date | None
) -> list[Problem | None]:
    found = [text(field_zh, "field_zh", msg("Say in Chinese what the expert treats."), 200)]
    if not departments:
        found.append(Problem("no_departments", msg("Choose at least one department."), place="departments"))
    if not 1 <= capacity <= MOST_CASES:
        found.append(Problem("capacity", msg("Between 1 and 50 open cases at a time."), place="capacity"))
    if last is not None and last < first:
        found.append(Problem("term", msg("The term ends before it begins."), place="term_to"))
    for code in codes:
        if not Enterprise.objects.filter(credit_code=code).exists():
            what = msg("The register has no firm with the code %(code)s.")
            found.append(Problem("unknown_firm", what, "", {"code": code[:18]}, "conflicts"))
    return found


@verb("hospital.set_absence", roles=("expert", "hospital_manager"))
def set_absence(actor: Any, thing: Expert, away_from: date | None, away_to: date | None = None) -> Expert:
    """Note when an expert is away, or that the absence is over; the manager may do it for anyone."""
    no_enforcer(actor)
    others = of_system(actor) or "hospital_manager" in roles_of(actor)
    if not others and thing.person_id != getattr(actor, "pk", None):
        raise PermissionDenied(_("Each expert notes the own absence."))
    if away_to is not None and (away_from is None or away_to < away_from):
        refuse([Problem("absence", msg("The absence ends before it begins."), place="away_to")])
    row = Expert.objects.select_for_update().get(pk=thing.pk)
    row.away_from, row.away_to = away_from, away_to
    row.save(update_fields=["away_from", "away_to"])
    record(actor, "hospital.set_absence", row, {"from": away_from, "to": away_to})
    return row


def free_today(expert: Expert) -> bool:
    """Whether an expert is appointed, present and below the most open cases."""
    today = timezone.localdate()
    return in_term(expert, today) and not away_on(expert, today) and load(expert) < expert.capacity
