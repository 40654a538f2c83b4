"""The life of a CMA certificate by time travel: renewal in time or too late, suspension, endings, reminders once each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.nqi.cast import Cast
from tests.city.nqi.licensed import FROM, TO, certificate, licence, line, on

from qualipolis.city.core.models import Event
from qualipolis.city.core.subscriptions import subscriber
from qualipolis.city.core.sweeps import SWEEPS
from qualipolis.city.nqi import service
from qualipolis.city.nqi.licences.certificates import stood_on
from qualipolis.city.nqi.models import IssuedCertificate, Licence, Reminder
from qualipolis.city.registry.models import Qualification, ScopeItem
from qualipolis.city.registry.validity import lines_on, valid_on
from qualipolis.methods.problems import InputError

HEARD: list[tuple[str, date]] = []


@subscriber("nqi.certificate_lapsed")
def _hear(actor: Any, thing: Qualification) -> None:
    HEARD.append((thing.number, timezone.localdate()))


def sweep(name: str) -> int:
    return SWEEPS[name](timezone.now())


def codes(refusal: Any) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


def test_renewal_is_applied_for_three_months_before_the_end_or_not_at_all(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-03-31"), pytest.raises(InputError) as refusal:
        service.apply_renewal(cast["laboratory"], row)
    assert codes(refusal) == ["renewal_too_late"]
    with on("2026-03-30"):
        row = service.apply_renewal(cast["laboratory"], row)
    assert (row.status, row.applied_on) == ("renewal_applied", date(2026, 3, 30))


def test_a_review_on_paper_is_for_a_clean_record(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-01-05"):
        row = service.suspend_licence(cast["planner"], row, "示市监〔2026〕1号", "设备未校准", date(2026, 2, 5))
    with on("2026-01-20"):
        row = service.restore_licence(cast["planner"], row, "示市监〔2026〕2号", "设备已校准")
        with pytest.raises(InputError) as refusal:
            service.apply_renewal(cast["laboratory"], row, document_only=True)
    assert codes(refusal) == ["record_not_clean"]


def test_a_renewed_certificate_carries_its_scope_over_and_leaves_no_gap(cast: Cast) -> None:
    row = licence(cast)
    lines = ScopeItem.objects.filter(qualification=row.qualification).count()
    with on("2026-03-01"):
        row = service.apply_renewal(cast["laboratory"], row)
    with on("2026-06-01"):
        new = service.renew_licence(cast["planner"], row, "示市监〔2026〕9号", "CMA-NEW", TO + timedelta(days=1))
    row.refresh_from_db()
    assert (row.status, new.previous, new.qualification.valid_to) == ("renewed", row, date(2032, 6, 30))
    assert new.qualification.scope_items.count() == lines > 0
    for day in (TO, TO + timedelta(days=1)):
        assert (
            lines_on(day).filter(qualification__institution=cast.laboratory, qualification__kind="cma").count() == lines
        )


def test_a_certificate_expires_after_its_last_day_and_those_who_rely_on_it_hear(cast: Cast) -> None:
    row = licence(cast)
    HEARD.clear()
    with on("2026-06-30"):
        sweep("nqi.licences")
        row.refresh_from_db()
        assert row.status == "valid" and valid_on(TO).filter(pk=row.qualification_id).exists()
    with on("2026-07-01"):
        sweep("nqi.licences")
        assert not valid_on(timezone.localdate()).filter(pk=row.qualification_id).exists()
    row.refresh_from_db()
    assert row.status == "expired" and [(row.qualification.number, date(2026, 7, 1))] == HEARD
    with on("2026-07-10"), pytest.raises(InputError) as refusal:
        service.renew_licence(cast["planner"], row, "9号", "CMA-NEW", date(2026, 7, 10))
    assert codes(refusal) == ["not_applied"]


def test_what_was_applied_for_in_time_is_renewed_after_the_end_too_but_the_gap_stays(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-03-01"):
        service.apply_renewal(cast["laboratory"], row)
    with on("2026-07-20"):
        sweep("nqi.licences")
        row.refresh_from_db()
        new = service.renew_licence(cast["planner"], row, "9号", "CMA-NEW", date(2026, 7, 20))
    held = Qualification.objects.filter(institution=cast.laboratory, kind="cma")
    assert not valid_on(date(2026, 7, 19), held).exists()
    assert list(valid_on(date(2026, 7, 20), held)) == [new.qualification]


def test_a_suspension_lasts_six_months_at_most_and_covers_nothing(cast: Cast) -> None:
    row = licence(cast, valid_to=date(2028, 6, 30))
    with on("2026-01-15"):
        with pytest.raises(InputError) as refusal:
            service.suspend_licence(cast["planner"], row, "1号", "条件不符", date(2026, 7, 16))
        assert codes(refusal) == ["suspension_too_long"]
        row = service.suspend_licence(cast["planner"], row, "1号", "条件不符", date(2026, 7, 15))
    day = date(2026, 3, 1)
    assert not valid_on(day).filter(pk=row.qualification_id).exists()
    with on("2026-07-16"), pytest.raises(InputError) as refusal:
        service.restore_licence(cast["planner"], row, "2号", "已整改")
    assert codes(refusal) == ["suspension_over"]
    with on("2026-07-15"):
        service.restore_licence(cast["planner"], row, "2号", "已整改")
    assert not valid_on(day).filter(pk=row.qualification_id).exists()
    assert valid_on(date(2026, 7, 15)).filter(pk=row.qualification_id).exists()


def test_revoking_takes_two_people_and_bars_the_body_for_three_years(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-02-01"):
        with pytest.raises(InputError) as refusal:
            service.revoke_licence(cast["planner"], row, "3号", "提供虚假材料", cast["planner"])
        assert codes(refusal) == ["one_person"]
        with pytest.raises(InputError) as refusal:
            service.revoke_licence(cast["planner"], row, "3号", "提供虚假材料", cast["enterprise"])
        assert codes(refusal) == ["wrong_second"]
        service.revoke_licence(cast["planner"], row, "3号", "提供虚假材料", cast["inspector"])
    with on("2029-01-31"), pytest.raises(InputError) as refusal:
        service.note_licence(cast["planner"], cast.laboratory, "CMA-2", date(2029, 1, 31), "8号")
    assert codes(refusal) == ["barred"]
    with on("2029-02-01"):
        made = service.note_licence(cast["planner"], cast.laboratory, "CMA-2", date(2029, 2, 1), "8号")
    assert made.qualification.valid_to == date(2035, 1, 31)


def test_only_an_office_decides_and_only_the_body_itself_applies(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-01-01"):
        for name in ("other_laboratory", "enterprise", "planner", "metrology"):
            with pytest.raises(PermissionDenied):
                service.apply_renewal(cast[name], row)
        for name in ("laboratory", "enterprise", "nqi_desk", "steward"):
            with pytest.raises(PermissionDenied):
                service.suspend_licence(cast[name], row, "1号", "x", date(2026, 2, 1))


def test_a_body_that_gives_its_certificate_back_has_it_until_the_decision(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-02-02"):
        row = service.ask_licence_cancelled(cast["laboratory"], row, "停止检验业务")
        assert valid_on(timezone.localdate()).filter(pk=row.qualification_id).exists()
    with on("2026-02-10"):
        row = service.cancel_licence(cast["planner"], row, "7号", "依申请注销")
        assert not valid_on(timezone.localdate()).filter(pk=row.qualification_id).exists()
    assert valid_on(date(2026, 2, 9)).filter(pk=row.qualification_id).exists()


def test_reminders_come_at_180_90_and_30_days_once_each(cast: Cast) -> None:
    row = licence(cast)
    Qualification.objects.exclude(pk=row.qualification_id).update(valid_to=None)
    for day, sent in (
        ("2025-12-31", 0), ("2026-01-01", 1), ("2026-01-02", 0), ("2026-04-01", 1), ("2026-05-31", 1), ("2026-06-29", 0),
    ):  # fmt: skip
        with on(day):
            assert sweep("nqi.reminders") == sent, day
    assert list(Reminder.objects.order_by("sent_on").values_list("days", flat=True)) == [180, 90, 30]
    assert set(Reminder.objects.values_list("code", flat=True)) == {cast.laboratory.code}
    assert Event.objects.filter(verb="nqi.remind").count() == 3


def test_a_sweep_that_comes_late_sends_the_nearest_reminder_only(cast: Cast) -> None:
    row = licence(cast)
    Qualification.objects.exclude(pk=row.qualification_id).update(valid_to=None)
    with on("2026-06-10"):
        assert sweep("nqi.reminders") == 1
    assert Reminder.objects.get().days == 30


def test_nobody_is_reminded_of_what_was_applied_for(cast: Cast) -> None:
    row = licence(cast)
    Qualification.objects.exclude(pk=row.qualification_id).update(valid_to=None)
    with on("2026-01-01"):
        service.apply_renewal(cast["laboratory"], row)
        assert sweep("nqi.reminders") == 0


def test_every_cma_certificate_of_the_registry_gets_its_life_cycle(cast: Cast) -> None:
    assert not Licence.objects.exists()
    sweep("nqi.licences")
    sweep("nqi.licences")
    assert Licence.objects.count() == Qualification.objects.filter(kind="cma").count() > 0


def test_a_step_of_renewal_can_be_refused_and_taken_back(cast: Cast) -> None:
    row = licence(cast)
    with on("2026-01-05"):
        row = service.take_renewal_back(cast["laboratory"], service.apply_renewal(cast["laboratory"], row), "材料不全")
        assert (row.status, row.applied_on) == ("valid", None)
        row = service.apply_renewal(cast["laboratory"], row)
        row = service.refuse_renewal(cast["planner"], row, "4号", "现场评审不符合")
    assert (row.status, row.applied_on, row.reason) == ("valid", None, "现场评审不符合")


def test_the_body_of_a_certificate_needs_an_approval_on_the_day_of_issue(cast: Cast) -> None:
    with on("2026-01-05"):
        with pytest.raises(InputError) as refusal:
            service.issue_certificate(
                cast["laboratory"], cast.laboratory, kind="system", number="1", scheme="s", covers="c",
                issued_on=date(2026, 1, 1), valid_to=date(2029, 1, 1), holder=cast.firm,
            )  # fmt: skip
        assert codes(refusal) == ["not_approved"]
        row = certificate(cast)
        with pytest.raises(InputError) as refusal:
            certificate(cast)
    assert codes(refusal) == ["number_taken"] and row.follow_up_on == date(2026, 1, 10)


def test_a_certificate_is_suspended_restored_and_withdrawn_with_every_day_told_apart(cast: Cast) -> None:
    with on("2026-01-15"):
        row = certificate(cast)
        row = service.suspend_certificate(cast["certifier"], row, "监督审核不符合", date(2026, 7, 15))
    with on("2026-03-01"):
        row = service.restore_certificate(cast["certifier"], row, "不符合已关闭")
    with on("2026-05-01"):
        row = service.withdraw_certificate(cast["certifier"], row, "不再符合要求")
    days = (
        "2025-01-09",
        "2025-01-10",
        "2026-01-14",
        "2026-01-15",
        "2026-02-28",
        "2026-03-01",
        "2026-04-30",
        "2026-05-01",
    )
    assert [stood_on(row, date.fromisoformat(day)) for day in days] == [
        False,
        True,
        True,
        False,
        False,
        True,
        True,
        False,
    ]


def test_after_six_months_a_certificate_is_withdrawn_not_restored(cast: Cast) -> None:
    with on("2026-01-15"):
        row = service.suspend_certificate(cast["certifier"], certificate(cast), "不符合", date(2026, 7, 15))
    with on("2026-07-16"):
        with pytest.raises(InputError) as refusal:
            service.restore_certificate(cast["certifier"], row, "已关闭")
        assert codes(refusal) == ["suspension_over"]
        assert service.withdraw_certificate(cast["certifier"], row, "逾期未整改").status == "withdrawn"


def test_a_certificate_expires_by_itself_and_its_holder_was_reminded(cast: Cast) -> None:
    Qualification.objects.update(valid_to=None)
    with on("2026-01-05"):
        row = certificate(cast, valid_to=date(2026, 6, 30))
        assert sweep("nqi.reminders") == 1
    with on("2026-07-01"):
        assert sweep("nqi.certificates") == 1
    row.refresh_from_db()
    assert (row.status, Reminder.objects.get().code) == ("expired", cast.firm.credit_code)
    assert stood_on(row, date(2026, 6, 30)) and not stood_on(row, date(2026, 7, 1))


def test_the_holder_asks_and_the_body_cancels(cast: Cast) -> None:
    with on("2026-01-05"):
        row = certificate(cast)
        with pytest.raises(PermissionDenied):
            service.ask_certificate_cancelled(cast["other_enterprise"], row, "停产")
        row = service.ask_certificate_cancelled(cast["enterprise"], row, "停产")
        row = service.keep_certificate(cast["enterprise"], row, "恢复生产")
        row = service.cancel_certificate(
            cast["certifier"], service.ask_certificate_cancelled(cast["enterprise"], row, "停产"), "依申请"
        )
    assert row.status == "cancelled" and IssuedCertificate.objects.get().ended_on == date(2026, 1, 5)


def test_a_surveillance_moves_the_next_one_and_none_follows_the_end(cast: Cast) -> None:
    with on("2026-01-05"):
        row = certificate(cast)
        service.follow_up_certificate(cast["certifier"], row, date(2026, 1, 4), True, "符合")
        row.refresh_from_db()
        assert row.follow_up_on == date(2027, 1, 4)
    with on("2027-06-01"):
        service.follow_up_certificate(cast["certifier"], row, date(2027, 6, 1), True, "符合")
        row.refresh_from_db()
        assert row.follow_up_on is None


def test_the_yearly_report_is_on_a_year_that_is_over_and_missing_is_not_zero(cast: Cast) -> None:
    with on("2026-02-01"):
        for bad in ({"year": 2026}, {"year": 2025, "proficiency": 1, "satisfactory": 2}):
            with pytest.raises(InputError):
                service.file_yearly_report(cast["laboratory"], cast.laboratory, statement="真实", **bad)
        made = service.file_yearly_report(cast["laboratory"], cast.laboratory, 2025, "真实", reports=120)
        with pytest.raises(InputError) as refusal:
            service.file_yearly_report(cast["laboratory"], cast.laboratory, 2025, "真实")
    assert (made.reports, made.staff) == (120, None) and codes(refusal) == ["there_already"]


def test_lines_that_were_ended_are_not_carried_over(cast: Cast) -> None:
    row = licence(cast)
    gone = line(row, "GB 18401-2003")
    ScopeItem.objects.filter(pk=gone.pk).update(valid_to=FROM)
    with on("2026-03-01"):
        row = service.apply_renewal(cast["laboratory"], row)
        new = service.renew_licence(cast["planner"], row, "9号", "", TO + timedelta(days=1))
    assert not new.qualification.scope_items.filter(standard="GB 18401-2003").exists()
