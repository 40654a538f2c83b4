"""What everyone may know of the product hospital: departments, fields of experts, typical cases, outcomes."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from qualipolis.city.core.policy import ANYONE
from qualipolis.city.hospital.learning import outcomes, public
from qualipolis.city.hospital.learning.uplift import uplift
from qualipolis.city.hospital.models import KnowledgeCase
from qualipolis.faces.api import parameters as p
from qualipolis.faces.api import schemas as s
from qualipolis.faces.api.access import operation
from qualipolis.faces.api.words import PLACES
from qualipolis.methods.outcomes import Wait
from qualipolis.methods.sampling.proportion import Interval

router = Router(tags=["hospital"])
CaseNumber = Annotated[str, Field(max_length=24, pattern=p.CODE, description=PLACES["knowledge"])]
OutcomeYear = Annotated[int, Field(ge=1949, le=2200, description=PLACES["outcome_year"])]


class DepartmentOut(Schema):
    """A department."""

    code: str
    name_zh: str
    name_en: str
    about_zh: str
    about_en: str
    industries: list[str] = Field(description="First digits of GB/T 4754.")
    experts: int = Field(description="Experts in office.")


class ExpertOut(Schema):
    """What an expert treats; people are not named."""

    field_zh: str
    field_en: str
    organisation_zh: str
    organisation_en: str
    departments: list[str] = Field(description="Codes of departments.")


class TypicalOut(Schema):
    """A published case, agreed to by its firm."""

    number: str
    department: str = Field(description="Code of the department.")
    product_class: str
    defects: list[str] = Field(description="Codes of the defects.")
    root_cause: str
    title_zh: str
    title_en: str
    symptom_zh: str
    symptom_en: str
    cause_zh: str
    cause_en: str
    treatment_zh: str
    treatment_en: str
    effect_zh: str
    effect_en: str
    firm_zh: str | None = Field(description="Only where the firm agreed to be named.")
    published_on: date | None


class ShareOut(Schema):
    """A share with its 95 % Wilson interval; all between 0 and 1."""

    share: float
    low: float
    high: float
    n: int


class WaitOut(Schema):
    """Median days with its 95 % interval; what still waits counts as at least so long. Null: not seen yet."""

    median: float | None
    low: float | None
    high: float | None
    n: int
    ended: int


class UpliftOut(Schema):
    """Share of later samples passed, treated minus matched untreated firms; null figures say that nothing can be told."""

    told: bool
    reason: str = Field(description="Why nothing is told; empty otherwise.")
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    failed: int = Field(description="Firms and product classes that failed a random sample.")
    treated: int = Field(description="Of those compared, registered within 90 days.")


class DepartmentOutcomeOut(Schema):
    """Cases of a department; null where small numbers are held back, never zero."""

    department: str
    cases: int | None
    firms: int | None
    cured: ShareOut | None


class OutcomesOut(Schema):
    """Figures of the cases registered in a year, or in all years; null where nothing can be told."""

    year: int | None
    held_back: bool = Field(description="One or two firms stand behind the figures; none is told.")
    cases: int | None
    firms: int | None
    first_response: ShareOut | None
    prescription_days: WaitOut | None
    cured: ShareOut | None
    recurrence: ShareOut | None = Field(description="Of the cures watched for the whole term.")
    satisfied: ShareOut | None = Field(description="Four or five stars of five.")
    uplift: UpliftOut
    departments: list[DepartmentOutcomeOut]


@operation(router, "/hospital/departments", ANYONE, response=list[DepartmentOut])
def list_hospital_departments(request):
    """The departments that take cases."""
    counted = public.by_department(public.fields())
    return [
        {"code": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "about_zh": one.about_zh,
         "about_en": one.about_en, "industries": [str(code) for code in one.industries or []],
         "experts": counted.get(one.pk, 0)}
        for one in public.departments()
    ]  # fmt: skip


@operation(router, "/hospital/experts", ANYONE, response=list[ExpertOut])
def list_hospital_experts(request):
    """The fields of the experts and their organisations; no person is named."""
    return [
        {"field_zh": one.expert.field_zh, "field_en": one.expert.field_en,
         "organisation_zh": one.expert.organisation.name_zh, "organisation_en": one.expert.organisation.name_en,
         "departments": [row.code for row in one.departments]}
        for one in public.fields()
    ]  # fmt: skip


@operation(router, "/hospital/cases", ANYONE, response=s.Page[TypicalOut])
def list_typical_cases(request, limit: p.Limit = 50, offset: p.Offset = 0):
    """The published cases, the newest first."""
    rows = public.typical()
    return {"count": rows.count(), "items": [_typical(one) for one in rows[offset : offset + limit]]}


@operation(router, "/hospital/cases/{knowledge}", ANYONE, response=TypicalOut)
def get_typical_case(request, knowledge: CaseNumber):
    """One published case."""
    row = public.typical().filter(number=knowledge).first()
    if row is None:
        raise Http404(_("No such case is published; the list is at /api/v1/hospital/cases."))
    return _typical(row)


@operation(router, "/hospital/outcomes", ANYONE, response=OutcomesOut)
def get_hospital_outcomes(request, outcome_year: OutcomeYear | None = None):
    """The outcomes as on their page: shares with intervals and n, small numbers held back."""
    found = outcomes.outcomes(outcome_year)
    return {
        "year": outcome_year, "held_back": found.held_back, "cases": found.cases, "firms": found.firms,
        "first_response": _share(found.first_response), "prescription_days": _wait(found.prescription),
        "cured": _share(found.cure), "recurrence": _share(found.recurrence), "satisfied": _share(found.satisfied),
        "uplift": _uplift(),
        "departments": [{"department": one.key, "cases": one.cases, "firms": one.firms, "cured": _share(one.cure)}
                        for one in outcomes.by_department(outcome_year)],
    }  # fmt: skip


def _typical(row: KnowledgeCase) -> dict[str, Any]:
    firm = public.firm_of(row)
    names = [f"{name}_{lang}" for name in ("title", "symptom", "cause", "treatment", "effect") for lang in ("zh", "en")]
    return {name: getattr(row, name) for name in names} | {
        "number": row.number, "department": row.department.code, "product_class": row.product_class,
        "defects": list(row.defect_codes or []), "root_cause": row.root_cause,
        "firm_zh": firm.name_zh if firm else None, "published_on": row.published_on,
    }  # fmt: skip


def _share(found: Interval | None) -> dict[str, Any] | None:
    return {"share": found.estimate, "low": found.low, "high": found.high, "n": found.n} if found else None


def _wait(found: Wait | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"median": found.median, "low": found.low, "high": found.high, "n": found.n, "ended": found.ended}


def _uplift() -> dict[str, Any]:
    found = uplift()
    told = found.found if found.told else None
    return {
        "told": found.told, "reason": _(found.reason) if found.reason else "",
        "difference": told.estimate if told else None, "low": told.low if told else None,
        "high": told.high if told else None, "pairs": len(told.pairs) if told else 0,
        "failed": found.failed, "treated": found.treated,
    }  # fmt: skip
