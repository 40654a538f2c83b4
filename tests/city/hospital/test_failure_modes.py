"""Failure modes and control plan: kept together by expert and firm, ranked by action priority."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.cast import Cast, case_in

from qualipolis.city.core.listings import LISTINGS
from qualipolis.city.core.models import Event
from qualipolis.city.hospital import service
from qualipolis.city.hospital.treatment.failure_modes import analysis
from qualipolis.methods.problems import InputError


def mode(**more: Any) -> dict[str, Any]:
    return {"step": "固色", "mode": "固色不足", "effect": "褪色", "cause": "温度偏低", "severity": 8, "occurrence": 5,
            "detection": 6} | more  # fmt: skip


LINE = {"step": "固色", "characteristic": "槽温", "specification": "60±2", "reaction": "停机、隔离、复测"}


def test_rows_are_ranked_by_their_priority(cast: Cast) -> None:
    case = case_in(cast, "treating")
    service.write_failure_mode(cast["expert"], case, mode(severity=3, occurrence=2, detection=2))
    row = service.write_failure_mode(cast["enterprise"], case, mode(severity=9, occurrence=8))
    assert [(one.severity, priority) for one, priority in analysis(case)] == [(9, "H"), (3, "L")]
    service.write_failure_mode(cast["expert"], case, mode(severity=2, occurrence=1, detection=1), row)
    assert {priority for _row, priority in analysis(case)} == {"L"}
    service.remove_failure_mode(cast["expert"], row)
    assert len(analysis(case)) == 1


@pytest.mark.parametrize(
    "more", [{"severity": 11}, {"detection": 0}, {"occurrence": None}, {"occurrence": True}, {"mode": " "}]
)
def test_a_row_that_makes_no_sense_is_refused(cast: Cast, more: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        service.write_failure_mode(cast["expert"], case_in(cast, "treating"), mode(**more))


def test_strangers_and_ended_cases_are_refused(cast: Cast) -> None:
    case = case_in(cast, "treating")
    for name in ("other_enterprise", "colleague", "hospital_desk", "inspector"):
        with pytest.raises(PermissionDenied):
            service.write_failure_mode(cast[name], case, mode())
    with pytest.raises(InputError):
        service.write_control_line(cast["expert"], case_in(cast, "closed"), LINE)
    other = service.write_control_line(cast["expert"], case, LINE)
    with pytest.raises(InputError):
        service.write_control_line(cast["expert"], case_in(cast, "treating"), LINE, other)


def test_the_lists_are_of_one_case_that_one_sees(cast: Cast) -> None:
    case = case_in(cast, "treating")
    service.write_failure_mode(cast["expert"], case, mode())
    service.write_control_line(cast["enterprise"], case, LINE)
    for name, rows in (("hospital-failure-modes", 1), ("hospital-control-plan", 1), ("hospital-items", 3)):
        frame = LISTINGS[name].frame
        assert frame(cast["expert"], {"case": str(case.pk)}).height == rows
        assert frame(cast["other_enterprise"], {"case": str(case.pk)}).height == 0
        assert frame(cast["expert"], {"case": "x"}).height == 0


def test_the_ledger_keeps_no_word_of_it(cast: Cast) -> None:
    service.write_failure_mode(cast["expert"], case_in(cast, "treating"), mode(mode="秘密的失效"))
    assert not Event.objects.filter(payload__contains="秘密").exists()
