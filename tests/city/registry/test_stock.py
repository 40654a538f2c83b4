"""Figures of what stands in the city today, and the lists behind them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from qualipolis.city.core.policy import System
from qualipolis.city.registry import queries
from qualipolis.city.registry.figures import stock
from qualipolis.city.registry.models import (
    Enterprise,
    Institution,
    Qualification,
    QualificationPause,
    QualityOfficer,
    Unit,
)

pytestmark = pytest.mark.django_db
ACTOR = System("test")


def laboratory(code: str, kind: str = "cma", **days: date) -> Qualification:
    unit = Unit.objects.get_or_create(code="T1", defaults={"kind": "town", "name_zh": "甲镇"})[0]
    body = Institution.objects.create(code=code, kind="laboratory", unit=unit, name_zh=code)
    days = {"valid_from": date(2024, 1, 1), "valid_to": date(2099, 12, 31)} | days
    return Qualification.objects.create(institution=body, kind=kind, number=f"N{code}", **days)


def count_of(code: str) -> int:
    found = {one.code: one for one in stock(ACTOR)}[code]
    rows, _near = queries.rows(ACTOR, found.table, dict(found.params))
    assert rows.count() == found.count, "the list is as long as its figure"
    return found.count


def test_a_laboratory_counts_by_a_cma_certificate_valid_today() -> None:
    today = timezone.localdate()
    laboratory("good")
    laboratory("accredited", kind="cnas")
    laboratory("expired", valid_to=today - timedelta(days=1))
    laboratory("last-day", valid_to=today)
    laboratory("revoked", ended_on=today)
    laboratory("ends-tomorrow", ended_on=today + timedelta(days=1))
    QualificationPause.objects.create(qualification=laboratory("suspended"), starts_on=today, reason="测试")
    over = laboratory("restored")
    QualificationPause.objects.create(
        qualification=over, starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1), reason="测试"
    )
    assert count_of("laboratory") == 4
    assert count_of("certifier") == 0


def test_a_firm_counts_once_while_its_officer_serves() -> None:
    unit = Unit.objects.create(code="T1", kind="town", name_zh="甲镇")
    firms = [Enterprise.objects.create(credit_code=f"F{i}", name_zh=f"厂{i}", unit=unit) for i in range(4)]
    today = timezone.localdate()
    for number, (firm, begins, ends) in enumerate(
        [(0, -9, None), (0, -9, None), (1, -9, 0), (2, 1, None), (3, -9, None)]
    ):
        QualityOfficer.objects.create(
            enterprise=firms[firm],
            number=f"C{number}",
            appointed_on=today + timedelta(days=begins),
            ended_on=None if ends is None else today + timedelta(days=ends),
        )
    firms[3].closed_on = today
    firms[3].save()
    assert count_of("quality_officer") == 1
