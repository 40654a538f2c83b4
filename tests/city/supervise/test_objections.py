"""An objection is answered, in time or late; the result moves with it and never behind its back."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.supervise.cast import person
from tests.city.supervise.result_steps import backup, food_opened, fresh, objected, opened, ordered, paper, serve

from qualipolis.city.core.attachments import may_read
from qualipolis.city.core.models import Attachment, Event, Organisation
from qualipolis.city.supervise.models import Objection
from qualipolis.city.supervise.results import ends as result_ends
from qualipolis.city.supervise.results import objections
from qualipolis.city.supervise.results import serving as results
from qualipolis.city.supervise.results.sweep import finalise_due
from qualipolis.methods.problems import InputError

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def clock(cast):
    with time_machine.travel(DAY, tick=False) as machine:
        yield machine


@pytest.fixture
def served(cast, clock):
    """A failed result whose two parties were served on 2 March; their windows end on 17 March."""
    made = opened(cast, producer=cast.firms[1])
    serve(cast, made, DAY)
    serve(cast, made, DAY, "producer")
    return made


def firm_of(served):
    return served.services.get(party="firm")


def test_a_firm_objects_on_its_own_page_with_files(cast, served, clock):
    clock.move_to(date(2026, 3, 17))
    made = objections.object_to(cast["enterprise"], firm_of(served), "封样有破损", "process", files=[paper("a.pdf")])
    assert made.received_on == date(2026, 3, 17) and fresh(served).status == "under_objection"
    file = Attachment.objects.get()
    assert file.thing == f"supervise.objection:{made.pk}" and may_read(cast["planner"], file)
    assert not may_read(cast["laboratory"], file)


def test_a_firm_cannot_choose_an_earlier_day_than_today(cast, served, clock):
    clock.move_to(date(2026, 3, 18))
    made = objections.object_to(cast["enterprise"], firm_of(served), "迟了", "process", date(2026, 3, 10))
    assert made.received_on == date(2026, 3, 18) and fresh(served).status == "objection_window"


def test_nobody_objects_for_another_firm(cast, served):
    with pytest.raises(PermissionDenied):
        objections.object_to(cast["enterprise"], served.services.get(party="producer"), "代写", "process")
    with pytest.raises(PermissionDenied):
        objections.object_to(cast["laboratory"], firm_of(served), "代写", "process")


def test_a_letter_counts_from_the_day_it_came(cast, served, clock):
    clock.move_to(date(2026, 3, 20))
    made = objections.object_to(cast["planner"], firm_of(served), "不服", "conclusion", date(2026, 3, 16))
    assert fresh(served).status == "under_objection" and made.due_on == date(2026, 4, 7)
    assert objections.accept(cast["planner"], made).status == "studying"


def test_a_late_letter_holds_nothing_up_and_is_told_the_remedies(cast, served, clock):
    clock.move_to(date(2026, 3, 18))
    made = objections.object_to(cast["planner"], firm_of(served), "不服", "conclusion")
    assert fresh(served).status == "objection_window"
    with pytest.raises(InputError, match="ended on"):
        objections.accept(cast["planner"], made)
    assert finalise_due()["finalised"] == 1
    with pytest.raises(InputError, match="reply"):
        objections.reject_late(cast["planner"], made, " ")
    done = objections.reject_late(cast["planner"], made, "已超过15日。")
    assert done.status == "rejected_late" and "行政复议" in done.reply and done.replied_on == date(2026, 3, 18)
    assert fresh(served).status == "final"


def test_an_objection_in_time_is_not_refused_as_late(cast, served):
    made = objections.object_to(cast["planner"], firm_of(served), "不服", "process")
    with pytest.raises(InputError, match="in time"):
        objections.reject_late(cast["planner"], made, "迟了")


def test_all_problems_of_a_letter_are_told_at_once(cast, served):
    with pytest.raises(InputError) as caught:
        objections.object_to(cast["planner"], firm_of(served), " ", "colour", date(2026, 3, 9))
    assert {one.place for one in caught.value.problems} == {"words", "kind", "received_on"}
    assert not Objection.objects.exists() and fresh(served).status == "objection_window"


def test_a_dismissed_objection_lets_the_result_go_on(cast, served, clock):
    made = objected(cast, served)
    clock.move_to(date(2026, 3, 30))
    assert finalise_due()["finalised"] == 0
    objections.dismiss(cast["planner"], made, "经研究，检验方法正确。")
    assert fresh(served).status == "objection_window"
    assert finalise_due()["finalised"] == 1
    assert fresh(served).final_on == date(2026, 3, 30)


def test_a_result_waits_for_the_last_of_several_objections(cast, served):
    first, second = objected(cast, served), objected(cast, served, "process", "producer")
    objections.dismiss(cast["planner"], first, "不成立")
    assert fresh(served).status == "under_objection"
    objections.withdraw(cast["planner"], second, "书面撤回")
    assert fresh(served).status == "objection_window"


def test_one_party_has_one_open_objection(cast, served):
    objected(cast, served)
    with pytest.raises(InputError, match="open objection already"):
        objected(cast, served)


def test_a_flaw_of_process_voids_the_result_for_all(cast, served):
    made = objected(cast, served, "process")
    objections.uphold_flaw(cast["planner"], made, "抽样人员只有一人，程序违法。")
    row = fresh(served)
    assert row.status == "voided" and row.voided_for == ["seller", "producer"] and fresh(made).status == "granted"
    with pytest.raises(InputError, match="voided"):
        objected(cast, served)


def test_an_objection_to_the_conclusion_does_not_void(cast, served):
    made = objected(cast, served)
    with pytest.raises(InputError, match="Only a flaw"):
        objections.uphold_flaw(cast["planner"], made, "同意")
    assert fresh(served).status == "under_objection"


def test_a_counterfeit_is_voided_for_the_producer_and_stays_for_the_seller(cast, served, clock):
    made = objected(cast, served, "process", "producer")
    result_ends.void_for(cast["planner"], served, "producer", "经鉴定不是该企业生产。")
    row = fresh(served)
    assert row.voided_for == ["producer"] and row.verdict == "fail" and fresh(made).status == "granted"
    assert row.status == "objection_window"
    clock.move_to(date(2026, 3, 18))
    assert finalise_due()["finalised"] == 1
    told = Event.objects.filter(verb="supervise.void_side").get()
    assert '"side":"producer"' in told.payload


def test_one_side_needs_its_own_objection_and_another_firm_beside_it(cast, clock):
    alone = opened(cast)
    serve(cast, alone, DAY)
    with pytest.raises(InputError, match="no objection under study"):
        result_ends.void_for(cast["planner"], alone, "seller", "不是")
    made = objected(cast, alone, "process")
    with pytest.raises(InputError, match="two firms"):
        objections.uphold_flaw(cast["planner"], made, "不是其产品", side="seller")
    assert fresh(made).status == "studying"


def test_a_waiver_shuts_the_door_and_an_objection_bars_the_waiver(cast, served):
    objected(cast, served)
    with pytest.raises(InputError, match="withdrawn first"):
        results.waive(cast["enterprise"], firm_of(served))
    results.waive(cast["planner"], served.services.get(party="producer"))
    late = objections.object_to(cast["planner"], served.services.get(party="producer"), "反悔", "process")
    with pytest.raises(InputError, match="ended on"):
        objections.accept(cast["planner"], late)


def test_a_letter_in_time_that_was_registered_after_the_end_is_admitted_by_the_leader(cast, served, clock):
    clock.move_to(date(2026, 3, 19))
    finalise_due()
    made = objections.object_to(cast["planner"], firm_of(served), "邮路延误", "process", date(2026, 3, 17))
    assert fresh(served).status == "final"
    with pytest.raises(PermissionDenied):
        result_ends.admit(cast["planner"], made, "挂号信17日已到")
    result_ends.admit(cast["leader"], made, "挂号信17日已到")
    assert fresh(served).status == "under_objection" and fresh(served).final_on is None
    objections.dismiss(cast["planner"], objections.accept(cast["planner"], made), "不成立")
    assert finalise_due()["finalised"] == 1


def test_a_late_letter_is_not_admitted(cast, served, clock):
    clock.move_to(date(2026, 3, 19))
    finalise_due()
    made = objections.object_to(cast["planner"], firm_of(served), "迟了", "process")
    with pytest.raises(InputError, match="ended on"):
        result_ends.admit(cast["leader"], made, "酌情")


def test_a_recheck_needs_an_objection_to_the_conclusion_and_a_usable_backup(cast, served):
    made = objected(cast, served, "process")
    with pytest.raises(InputError, match="conclusion only"):
        objections.order_recheck(cast["planner"], made, "1号")
    objections.withdraw(cast["planner"], made, "改为对结论提出异议")
    sample = backup(served)
    sample.status = "spoiled"
    sample.save()
    again = objected(cast, served)
    with pytest.raises(InputError, match="no usable backup"):
        objections.order_recheck(cast["planner"], again, "1号")
    assert fresh(again).status == "studying"


def test_a_backup_lost_before_the_recheck_benefits_the_firm(cast, served):
    sample = backup(served)
    sample.status = "lost"
    sample.save()
    made = objected(cast, served)
    objections.uphold_flaw(cast["leader"], made, "备用样品遗失，无法复检，按有利于企业处理。")
    assert fresh(served).status == "voided"


def test_an_applicant_who_withdraws_ends_a_recheck_without_a_laboratory(cast, served):
    recheck = ordered(cast, served)
    objections.withdraw(cast["enterprise"], recheck.objection, "接受结果")
    assert fresh(recheck).status == "withdrawn" and fresh(recheck).fee_by == "nobody"
    assert fresh(served).status == "upheld" and fresh(recheck.objection).status == "withdrawn"


def test_an_objection_of_food_is_decided_in_five_working_days(cast, clock):
    clock.move_to(date(2026, 9, 21))
    made = food_opened(cast)
    serve(cast, made, date(2026, 9, 21))
    letter = objections.object_to(cast["planner"], made.services.get(), "申请复检", "conclusion")
    # 25 to 27 September is Mid-Autumn; 20 September and 10 October are worked
    assert letter.due_on == date(2026, 9, 29)
    assert fresh(made).due_on is not None


@pytest.mark.parametrize(
    ("served_on", "last"),
    [
        (date(2026, 9, 29), date(2026, 10, 14)),  # National Day is left out, the make-up Saturday is worked
        (date(2026, 2, 12), date(2026, 2, 28)),  # Spring Festival, and the make-up Saturdays around it
    ],
)
def test_the_window_of_food_counts_working_days_with_make_up_days(cast, clock, served_on, last):
    clock.move_to(served_on)
    made = food_opened(cast)
    serve(cast, made, served_on)
    assert fresh(made).due_on == last
    clock.move_to(last)
    objections.accept(cast["planner"], objections.object_to(cast["planner"], made.services.get(), "申请", "conclusion"))


def test_a_stranger_reads_no_file_of_an_objection(cast, served):
    made = objections.object_to(cast["enterprise"], firm_of(served), "见附件", "process", files=[paper()])
    other = person("b", "enterprise", Organisation.objects.create(code="N", kind="enterprise", name_zh="无关企业"))
    file = Attachment.objects.get(thing=f"supervise.objection:{made.pk}")
    assert not may_read(other, file) and may_read(cast["enterprise"], file) and timezone.localdate() == DAY
