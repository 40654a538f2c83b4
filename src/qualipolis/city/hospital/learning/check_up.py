"""The check-up of a firm (体检): its own answers make one picture and the three most useful next steps, without an expert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qualipolis.city.core.ledger import record
from qualipolis.city.core.models import Organisation
from qualipolis.city.core.policy import own_codes, person_of, verb, visible
from qualipolis.city.hospital.learning.check_up_questions import (
    ANSWERS,
    AREAS,
    BEST,
    BY_CODE,
    EDITION,
    QUESTIONS,
    Question,
)
from qualipolis.city.hospital.models import CheckUp
from qualipolis.city.registry.models import Enterprise
from qualipolis.methods.problems import Problem, msg, refuse

STEPS = 3
ENOUGH = 15


@dataclass(frozen=True)
class Area:
    """One area: the share reached of what was answered, 0 to 100; None where nothing was answered."""

    code: str
    name: str
    score: float | None
    answered: int
    asked: int


@dataclass(frozen=True)
class NextStep:
    """What helps most: the question, the answer it had, and how much there is to gain (weight times what is missing)."""

    question: Question
    answer: int
    gain: float


@dataclass(frozen=True)
class Picture:
    """The whole check-up on one page."""

    areas: tuple[Area, ...]
    steps: tuple[NextStep, ...]
    score: float | None
    answered: int
    asked: int

    @property
    def enough(self) -> bool:
        """Whether enough was answered for the picture to be told as a whole."""
        return self.answered >= ENOUGH


def picture(answers: Mapping[str, str]) -> Picture:
    """Return the picture that answers make. What does not apply or was not answered counts neither for nor against.

    An area reaches ``100 · Σ weight · answer / Σ weight · 3``. A step gains ``weight · (3 - answer)``; the three largest
    are told, from different areas as long as there are any, the earlier question first among equals.
    """
    given = {one.code: int(said) for one in QUESTIONS if (said := answers.get(one.code, "")) in ("0", "1", "2", "3")}
    areas = tuple(_area(code, name, given) for code, name in AREAS.items())
    counted = sum(1 for one in QUESTIONS if answers.get(one.code) in ANSWERS)
    return Picture(areas, _steps(given), _score(given), counted, len(QUESTIONS))


def _area(code: str, name: str, given: Mapping[str, int]) -> Area:
    here = [one.code for one in QUESTIONS if one.area == code]
    mine = {one: given[one] for one in here if one in given}
    return Area(code, name, _score(mine), len(mine), len(here))


def _score(given: Mapping[str, int]) -> float | None:
    most = sum(BY_CODE[code].weight * BEST for code in given)
    return 100 * sum(BY_CODE[code].weight * answer for code, answer in given.items()) / most if most else None


def _steps(given: Mapping[str, int]) -> tuple[NextStep, ...]:
    found = [NextStep(BY_CODE[code], answer, BY_CODE[code].weight * (BEST - answer)) for code, answer in given.items()]
    ranked = sorted((one for one in found if one.gain > 0), key=lambda one: -one.gain)
    chosen: list[NextStep] = []
    for one in ranked:
        if len(chosen) < STEPS and one.question.area not in {other.question.area for other in chosen}:
            chosen.append(one)
    rest = [one for one in ranked if one not in chosen]
    return tuple(sorted([*chosen, *rest[: STEPS - len(chosen)]], key=lambda one: -one.gain))


def firm_of(thing: Enterprise) -> list[int]:
    """Return the organisation in whose name the people of a firm act."""
    return list(Organisation.objects.filter(code=thing.credit_code).values_list("pk", flat=True))


def own_firms(actor: Any) -> QuerySet[Enterprise]:
    """Return the firms for which somebody acts."""
    return Enterprise.objects.filter(credit_code__in=own_codes(actor)).select_related("unit").order_by("credit_code")


@verb("hospital.check_up", roles=("enterprise",), scope=firm_of)
def make(actor: Any, thing: Enterprise, answers: Mapping[str, str]) -> CheckUp:
    """Keep a check-up of one's own firm; nobody else sees it, and the ledger tells no answer."""
    known = {code: said for code, said in answers.items() if said}
    wrong = []
    if not set(known) <= set(BY_CODE) or not set(known.values()) <= set(ANSWERS):
        wrong.append(Problem("bad_answer", msg("An answer is none of those offered.")))
    if not any(said in ("0", "1", "2", "3") for said in known.values()):
        wrong.append(Problem("no_answer", msg("Answer at least one question.")))
    refuse(wrong)
    made = CheckUp.objects.create(
        enterprise=thing, edition=EDITION, answers=known, made_by=person_of(actor), made_on=timezone.localdate()
    )
    record(actor, "hospital.check_up", made, {"edition": EDITION})
    return made


def before(actor: Any, row: CheckUp) -> CheckUp | None:
    """Return the check-up of the same edition before this one."""
    rows = visible(actor, CheckUp.objects.filter(enterprise=row.enterprise_id, edition=row.edition, pk__lt=row.pk))
    found: CheckUp | None = rows.order_by("-pk").first()
    return found
