"""Incidents with their duty clocks, recalls from the clue to the effect, warnings published by somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.listen.cast import Cast

from qualipolis.city.core.models import Event
from qualipolis.city.core.policy import visible
from qualipolis.city.listen import service
from qualipolis.city.listen.models import Incident, PublicWarning, Recall, SafetyProduct
from qualipolis.city.listen.safety.visibility import public_recalls, public_warnings
from qualipolis.city.listen.safety.warnings import sweep_warnings
from qualipolis.methods.problems import InputError


def day(words: str) -> datetime:
    return datetime.fromisoformat(f"{words}T04:00:00+00:00")


def product(cast: Cast) -> SafetyProduct:
    return SafetyProduct.objects.create(name="电暖器", brand="暖示", model="NQ-200", added_by=cast["inspector"])


def incident(cast: Cast, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "narrative": "使用中冒烟，手部烫伤",
        "harm": 3,
        "people": 1,
        "learned_on": date(2026, 4, 30),
    }
    return service.report_incident(cast["enterprise"], "firm", enterprise=cast.firm, **given | more)


def codes(refusal: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [one.code for one in refusal.value.problems]


@time_machine.travel(day("2026-05-07"))
def test_the_firm_reports_within_two_working_days_of_learning(cast: Cast) -> None:
    made = incident(cast)
    assert made.firm_due_on == date(2026, 5, 7)  # 1 to 5 May are holidays
    assert made.firm_reported_on == date(2026, 5, 7) and made.unit == cast.unit
    with pytest.raises(PermissionDenied):
        service.report_incident(cast["other_enterprise"], "firm", enterprise=cast.firm, narrative="x")
    with pytest.raises(InputError) as refusal:
        incident(cast, learned_on=date(2026, 5, 8), happened_on=date(2026, 5, 9), narrative=" ", people=-1)
    assert set(codes(refusal)) == {"no_narrative", "bad_people", "future_day"}


def test_a_serious_injury_goes_upward_before_it_is_closed(cast: Cast) -> None:
    made = incident(cast)
    service.verify_incident(cast["complaint_desk"], made)
    with pytest.raises(InputError) as refusal:
        service.close_incident(cast["inspector"], made, "已处理")
    assert codes(refusal) == ["not_reported_up"]
    made.refresh_from_db()
    assert made.due_on is not None
    service.report_upward(cast["inspector"], made, "省市场监管局", "示市监〔2026〕1号")
    assert service.close_incident(cast["inspector"], made, "已处理").status == "closed"


def test_a_slight_one_is_not_reported_upward_and_an_unknown_harm_is_asked_for(cast: Cast) -> None:
    made = incident(cast, harm=None)
    with pytest.raises(InputError) as refusal:
        service.verify_incident(cast["inspector"], made)
    assert codes(refusal) == ["severity_unknown"]
    service.grade_incident(cast["inspector"], made, 1)
    made = service.verify_incident(cast["inspector"], made)
    assert made.due_on is None
    with pytest.raises(InputError) as refusal:
        service.report_upward(cast["inspector"], made, "省局", "1号")
    assert codes(refusal) == ["not_serious"]
    assert service.close_incident(cast["inspector"], made, "已处理").status == "closed"


def test_a_firm_sees_what_it_reported_itself(cast: Cast) -> None:
    own = incident(cast)
    service.report_incident(cast["inspector"], "hospital", enterprise=cast.firm, narrative="接诊烫伤", harm=2, people=1)
    assert list(visible(cast["enterprise"], Incident.objects.all())) == [own]
    assert not visible(cast["other_enterprise"], Incident.objects.all()).exists()
    assert visible(cast["planner"], Incident.objects.all()).count() == 2
    assert not visible(cast["mediator"], Incident.objects.all()).exists()


def recall(cast: Cast, who: str = "inspector") -> Recall:
    return service.note_recall_clue(cast[who], product(cast), "三起过热", enterprise=cast.firm)


PLAN: dict[str, Any] = {"measure": "免费更换", "told_how": "公告与短信", "batches": "A1-A9"}


def announced(cast: Cast) -> Recall:
    row = recall(cast)
    service.assess_defect(cast["inspector"], row)
    service.find_defect(cast["inspector"], row, "温控器失效，可致烫伤")
    service.file_recall_plan(
        cast["enterprise"], row, units=500, until=timezone.localdate() + timedelta(days=90), **PLAN
    )
    return service.announce_recall(cast["inspector"], row)


@time_machine.travel(day("2026-03-02"))
def test_a_recall_keeps_its_clocks(cast: Cast) -> None:
    row = recall(cast)
    service.assess_defect(cast["inspector"], row)
    row = service.find_defect(cast["inspector"], row, "温控器失效")
    assert row.due_on == date(2026, 3, 16)  # ten working days
    with pytest.raises(InputError) as refusal:
        service.file_recall_plan(cast["enterprise"], row, **PLAN)
    assert codes(refusal) == ["no_units"]
    row = service.file_recall_plan(cast["enterprise"], row, units=500, until=date(2026, 6, 30), **PLAN)
    assert row.due_on == date(2026, 3, 5)  # three working days
    assert service.announce_recall(cast["inspector"], row).due_on == date(2026, 4, 1)


def test_its_progress_never_falls_nor_exceeds_the_plan(cast: Cast) -> None:
    row, today = announced(cast), timezone.localdate()
    service.report_recall_progress(cast["enterprise"], row, today, 120, notified=400)
    for corrected, wrong in ((119, "fewer"), (501, "too_many")):
        with pytest.raises(InputError) as refusal:
            service.report_recall_progress(cast["enterprise"], row, today, corrected)
        assert codes(refusal) == [wrong]
    with pytest.raises(InputError):
        service.report_recall_progress(cast["enterprise"], row, today + timedelta(days=1), 130)
    service.report_recall_progress(cast["enterprise"], row, today, 480)
    row.refresh_from_db()
    assert row.corrected == 480 and row.progress.count() == 2


def completed(cast: Cast) -> Recall:
    row = announced(cast)
    service.report_recall_progress(cast["enterprise"], row, timezone.localdate(), 480)
    return service.complete_recall(cast["enterprise"], row, "召回480台")


def test_its_effect_is_measured_by_those_who_investigate(cast: Cast) -> None:
    row = completed(cast)
    with pytest.raises(PermissionDenied):
        service.evaluate_recall(cast["enterprise"], row, "有效")
    with pytest.raises(InputError) as refusal:
        service.evaluate_recall(cast["inspector"], row, "有效", sampled=30, reached=31)
    assert codes(refusal) == ["bad_sample"]
    service.evaluate_recall(cast["inspector"], row, "多数用户未收到通知", sampled=30, reached=8)
    with pytest.raises(InputError) as refusal:
        service.order_recall(cast["inspector"], row, "2号", "效果不足", cast["inspector"])
    assert codes(refusal) == ["one_person"]
    row = service.order_recall(cast["inspector"], row, "2号", "效果不足", cast["department"])
    assert row.status == "ordered_again" and row.ordered


def test_a_producer_that_does_not_recall_is_ordered_to(cast: Cast) -> None:
    row = recall(cast)
    service.find_defect(cast["inspector"], row, "温控器失效")
    with pytest.raises(InputError) as refusal:
        service.order_recall(cast["inspector"], row, "1号", "拒不召回", cast["planner"])
    assert codes(refusal) == ["wrong_second"]
    assert service.order_recall(cast["inspector"], row, "1号", "拒不召回", cast["department"]).status == "ordered"


def test_the_public_sees_a_recall_from_its_announcement_on(cast: Cast) -> None:
    row = recall(cast, "enterprise")
    assert not public_recalls().exists()
    assert service.declare_defect(cast["enterprise"], row, "温控器失效").status == "defect_found"
    service.file_recall_plan(cast["enterprise"], row, units=5, until=timezone.localdate(), **PLAN)
    assert not public_recalls().exists()
    service.announce_recall(cast["inspector"], row)
    assert [one.pk for one in public_recalls()] == [row.pk]
    with pytest.raises(PermissionDenied):
        service.complete_recall(cast["other_enterprise"], row, "x")


TEXT = {"title_zh": "慎用暖示牌电暖器", "products": "NQ-200", "hazard": "过热可致烫伤", "advice": "停止使用并联系商家"}


def published(cast: Cast, **more: Any) -> PublicWarning:
    row = service.draft_warning(cast["inspector"], **TEXT | more)
    service.hand_in_warning(cast["inspector"], row)
    return service.publish_warning(cast["leader"], row)


def test_a_warning_needs_its_four_parts_and_a_second_person(cast: Cast) -> None:
    row = service.draft_warning(cast["inspector"], title_zh="慎用")
    with pytest.raises(InputError):
        service.hand_in_warning(cast["inspector"], row)
    service.edit_warning(cast["inspector"], row, **TEXT)
    service.hand_in_warning(cast["inspector"], row)
    with pytest.raises(PermissionDenied):
        service.publish_warning(cast["inspector"], row)
    PublicWarning.objects.filter(pk=row.pk).update(written_by=cast["leader"])
    with pytest.raises(InputError) as refusal:
        service.publish_warning(cast["leader"], row)
    assert codes(refusal) == ["own_warning"]
    assert service.publish_warning(cast["planner"], row).status == "published"


def test_a_corrected_version_takes_the_place_of_the_old_one(cast: Cast) -> None:
    old = published(cast)
    new = service.draft_warning(cast["inspector"], old, **TEXT | {"products": "NQ-200、NQ-300"})
    with pytest.raises(InputError) as refusal:
        service.draft_warning(cast["inspector"], old, **TEXT)
    assert codes(refusal) == ["not_published"]
    service.hand_in_warning(cast["inspector"], new)
    assert [row.pk for row in public_warnings()] == [old.pk]
    service.publish_warning(cast["leader"], new)
    assert [row.pk for row in public_warnings()] == [new.pk]
    assert [row.status for row in public_warnings(ended=True)] == ["replaced"]


def test_a_warning_is_taken_down_with_a_reason_or_runs_out(cast: Cast) -> None:
    row, other = published(cast), published(cast)
    with pytest.raises(InputError):
        service.take_down_warning(cast["leader"], row, " ")
    service.take_down_warning(cast["leader"], row, "风险已消除")
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert sweep_warnings(timezone.now()) == 1 and sweep_warnings(timezone.now()) == 0
    assert not public_warnings().exists()
    assert {one.pk for one in public_warnings(ended=True)} == {row.pk, other.pk}


def test_the_ledger_keeps_numbers_and_codes_of_them(cast: Cast) -> None:
    incident(cast)
    completed(cast)
    published(cast)
    said = " ".join(Event.objects.values_list("payload", flat=True))
    assert not any(words in said for words in ("烫伤", "温控器", "免费更换", "停止使用"))
