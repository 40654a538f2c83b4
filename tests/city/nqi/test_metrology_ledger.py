"""Instruments under compulsory verification: due 30 and 7 days before, who may verify, coverage by town and kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import instrument, on

from qualipolis.city.core.policy import visible
from qualipolis.city.core.sweeps import SWEEPS
from qualipolis.city.nqi import service
from qualipolis.city.nqi.metrology.coverage import coverage, due_state, public_standards
from qualipolis.city.nqi.models import Instrument, Reminder, Verification
from qualipolis.city.nqi.work import work
from qualipolis.city.registry.models import Qualification
from qualipolis.methods.problems import InputError

VERIFIED: dict[str, Any] = {"result": "pass", "verified_on": date(2026, 6, 29), "certificate_no": "JL2026-001"}


def codes(refusal: Any) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def verify(cast: Cast, row: Instrument, **more: Any) -> Verification:
    return service.verify_instrument(cast["metrology"], row, cast.metrology, **VERIFIED | more)


def test_the_next_day_follows_from_the_last_and_the_kind(cast: Cast) -> None:
    with on("2026-01-05"):
        assert instrument(cast).next_due == date(2026, 6, 30)
        assert instrument(cast, "A2", kind="fuel_dispenser").next_due == date(2025, 12, 31)
        assert instrument(cast, "A3", last_on=None).next_due is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "ruler"}, "no_kind"),
        ({"serial_no": " "}, "no_serial_no"),
        ({"months": 13}, "bad_months"),
        ({"last_on": date(2027, 1, 1)}, "future_day"),
    ],
)
def test_a_faulty_instrument_is_not_registered(cast: Cast, given: dict[str, Any], code: str) -> None:
    with on("2026-01-05"), pytest.raises(InputError) as refusal:
        instrument(cast, **given)
    assert code in codes(refusal)


def test_the_same_instrument_is_registered_once(cast: Cast) -> None:
    with on("2026-01-05"):
        instrument(cast)
        with pytest.raises(InputError) as refusal:
            instrument(cast)
    assert codes(refusal) == ["there_already"]


def test_notices_come_30_and_7_days_before_once_each(cast: Cast) -> None:
    with on("2026-01-05"):
        instrument(cast)
    sent = {}
    for day in ("2026-05-30", "2026-05-31", "2026-06-01", "2026-06-23", "2026-06-30", "2026-07-01"):
        with on(day):
            sent[day] = SWEEPS["nqi.instruments"](timezone.now())
    assert [day for day, count in sent.items() if count] == ["2026-05-31", "2026-06-23"]
    assert list(Reminder.objects.order_by("sent_on").values_list("days", "code")) == [
        (30, cast.firm.credit_code), (7, cast.firm.credit_code),
    ]  # fmt: skip


def test_an_instrument_is_handed_in_verified_and_due_again(cast: Cast) -> None:
    with on("2026-06-20"):
        row = service.hand_in_instrument(cast["enterprise"], instrument(cast))
        assert [item.verb for item in work(cast["metrology"])] == ["nqi.verify_instrument"]
    with on("2026-06-29"):
        verify(cast, row)
    row.refresh_from_db()
    assert (row.status, row.last_on, row.next_due) == ("in_use", date(2026, 6, 29), date(2027, 6, 28))


def test_what_failed_is_not_in_use_and_not_covered(cast: Cast) -> None:
    with on("2026-06-29"):
        row = instrument(cast)
        with pytest.raises(InputError):
            verify(cast, row, result="fail")
        verify(cast, row, result="fail", reason="示值超差")
        row.refresh_from_db()
        assert (row.status, row.next_due, coverage(cast["planner"])[0].used) == ("failed", None, 0)
        assert coverage(cast["planner"])[0].share is None


def test_only_an_institute_authorised_on_the_day_verifies(cast: Cast) -> None:
    with on("2026-06-29"):
        row = instrument(cast)
        with pytest.raises(PermissionDenied):
            service.verify_instrument(cast["laboratory"], row, cast.metrology, **VERIFIED)
        with pytest.raises(InputError) as refusal:
            service.verify_instrument(cast["laboratory"], row, cast.laboratory, **VERIFIED)
        assert codes(refusal) == ["not_authorised"]
        Qualification.objects.filter(institution=cast.metrology).update(valid_to=date(2026, 6, 28))
        with pytest.raises(InputError) as refusal:
            verify(cast, row)
        assert codes(refusal) == ["not_authorised"]
        assert verify(cast, row, verified_on=date(2026, 6, 28)).result == "pass"


def test_a_verification_lies_in_the_past_and_the_next_within_the_longest_time(cast: Cast) -> None:
    with on("2026-06-29"):
        row = instrument(cast)
        for given, code in (
            ({"verified_on": date(2026, 6, 30)}, "bad_day"),
            ({"next_due": date(2027, 6, 29)}, "too_long"),
            ({"verified_on": date(2025, 6, 30)}, "too_early"),
            ({"result": "maybe"}, "no_result"),
            ({"certificate_no": " "}, "needs_document_no"),
        ):
            with pytest.raises(InputError) as refusal:
                verify(cast, row, **given)
            assert codes(refusal) == [code]


def test_coverage_is_counted_by_town_and_kind_on_the_day(cast: Cast) -> None:
    with on("2026-06-20"):
        instrument(cast, "soon")
        instrument(cast, "over", last_on=date(2025, 1, 1))
        instrument(cast, "never", last_on=None)
        instrument(cast, "good", kind="water_meter")
        out = instrument(cast, "out")
        service.seal_instrument(cast["enterprise"], out, "停用")
        service.register_instrument(
            cast["other_enterprise"],
            cast.other_firm,
            "water_meter",
            name="水表",
            serial_no="B1",
            last_on=date(2026, 1, 1),
        )
        whole = coverage(cast["planner"])[0]
        assert (whole.used, whole.covered, whole.soon, whole.overdue, whole.unknown) == (5, 3, 1, 1, 1)
        assert whole.share == pytest.approx(0.6)
        assert {one.key: (one.used, one.covered) for one in coverage(cast["planner"], "kind")} == {
            "truck_scale": (3, 1), "water_meter": (2, 2),
        }  # fmt: skip
        assert {one.key: one.used for one in coverage(cast["planner"], "unit__code")} == {
            cast.firm.unit.code: 4, cast.other_firm.unit.code: 1,
        }  # fmt: skip
        assert coverage(cast["enterprise"])[0].used == 4
        states = {row.serial_no: due_state(row, date(2026, 6, 20)) for row in Instrument.objects.all()}
    assert states == {
        "soon": "soon", "over": "overdue", "never": "unknown", "good": "covered", "out": "out", "B1": "covered",
    }  # fmt: skip


def test_who_sees_an_instrument(cast: Cast) -> None:
    with on("2026-06-20"):
        row = instrument(cast)
    names = ("enterprise", "other_enterprise", "metrology", "laboratory", "inspector", "planner", "steward")
    assert [n for n in names if visible(cast[n], Instrument.objects.all()).exists()] == [
        "enterprise",
        "inspector",
        "planner",
    ]
    with on("2026-06-21"):
        service.hand_in_instrument(cast["enterprise"], row)
    assert visible(cast["metrology"], Instrument.objects.all()).exists()
    assert not visible(cast["laboratory"], Instrument.objects.all()).exists()


def test_another_firm_does_nothing_to_an_instrument(cast: Cast) -> None:
    with on("2026-06-20"):
        row = instrument(cast)
        for act in (service.hand_in_instrument, service.seal_instrument, service.scrap_instrument):
            with pytest.raises(PermissionDenied):
                act(cast["other_enterprise"], row, *(() if act is service.hand_in_instrument else ("x",)))


def test_public_standards_are_counted_on_the_day(cast: Cast) -> None:
    given = {
        "name_zh": "铂电阻温度计标准装置",
        "field": "热学",
        "certificate_no": "社2026-01",
        "issued_on": date(2026, 1, 5),
    }
    with on("2026-02-01"):
        service.note_public_standard(cast["metrology"], cast.metrology, valid_to=date(2030, 1, 4), **given)
        with pytest.raises(InputError) as refusal:
            service.note_public_standard(cast["laboratory"], cast.laboratory, **given | {"certificate_no": "社2"})
    assert codes(refusal) == ["not_authorised"]
    counted = [
        public_standards(date.fromisoformat(day)).count()
        for day in ("2026-01-04", "2026-01-05", "2030-01-04", "2030-01-05")
    ]
    assert counted == [0, 1, 1, 0]
