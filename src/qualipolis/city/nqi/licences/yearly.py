"""The yearly report of a body with its public declaration; one for each year."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.policy import verb
from qualipolis.city.nqi.licences.models import YearlyReport
from qualipolis.city.nqi.licences.visibility import LABORATORY, body_of
from qualipolis.city.registry.models import Institution
from qualipolis.methods.problems import Problem, msg, refuse

NUMBERS = ("reports", "staff", "proficiency", "satisfactory")
MOST = 10**8


@verb("nqi.file_yearly_report", roles=LABORATORY, scope=body_of)
def file_yearly_report(
    actor: Any, thing: Institution, year: int, statement: str, **numbers: int | None
) -> YearlyReport:
    """Hand in the report on a year that is over; a number that is not known stays open, it is not zero."""
    values = {name: numbers.get(name) for name in NUMBERS}
    taken, good = values["proficiency"], values["satisfactory"]
    wrong = any(said is not None and not 0 <= said < MOST for said in values.values())
    refuse(
        [
            None if 2000 <= year < timezone.localdate().year
            else Problem("bad_year", msg("Report on a year that is over."), place="year"),
            None if statement.strip() else Problem("no_statement", msg("Write the public declaration."), place="statement"),
            Problem("bad_number", msg("Give numbers from 0 up."), place="reports") if wrong else None,
            Problem("too_many", msg("More proficiency tests were satisfactory than were taken part in."), place="satisfactory")
            if taken is not None and good is not None and good > taken else None,
            Problem("there_already", msg("The report on this year was handed in already."), place="year")
            if YearlyReport.objects.filter(institution=thing, year=year).exists() else None,
        ]
    )  # fmt: skip
    made = YearlyReport.objects.create(institution=thing, year=year, statement=statement.strip()[:2000], **values)
    record(actor, "nqi.file_yearly_report", made, {"year": year, **{k: v for k, v in values.items() if v is not None}})
    return made
