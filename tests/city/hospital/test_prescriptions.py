"""The prescription: written, given, answered, replaced; its items done by the firm and judged by the expert."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.city.hospital.cast import Cast, case_in
from tests.city.hospital.treated import SHARE, days_ago, row

from qualipolis.city.core.attachments import files_of
from qualipolis.city.core.models import Event
from qualipolis.city.hospital import service
from qualipolis.city.hospital.treatment.items import containments
from qualipolis.methods.problems import InputError

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def code_of(caught: Any) -> str:
    return str(caught.value.problems[0].code)


def write(cast: Cast, case: Any, *rows: Any) -> Any:
    return service.write_prescription(cast["expert"], case, rows or [row(), row(**SHARE)])


def test_it_is_written_given_accepted_and_treated(cast: Cast) -> None:
    case = case_in(cast, "diagnosed")
    draft = write(cast, case)
    assert [item.position for item in draft.items.all()] == [1, 2] and draft.items.last().direction == "at_most"
    given = service.prescribe(cast["expert"], case)
    assert given.status == "issued" and given.issued_on == days_ago(0)
    service.accept_prescription(cast["enterprise"], case)
    case.refresh_from_db()
    given.refresh_from_db()
    assert case.status == "treating" and given.status == "accepted"


def test_rows_are_replaced_as_a_whole_and_all_that_is_wrong_is_told_by_row(cast: Cast) -> None:
    case = case_in(cast, "diagnosed")
    write(cast, case)
    assert write(cast, case, row(action="只此一项")).items.count() == 1
    with pytest.raises(InputError) as caught:
        write(cast, case, row(), row(action=" ", kind="wish"), row(measure="share", target=2.0), row(cost=Decimal(-1)))
    assert [problem.place for problem in caught.value.problems] == ["2.action", "2.kind", "3.target", "4.cost"]
    assert case.prescriptions.get().items.get().action == "只此一项"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "no_items"),
        ([row()], "nothing_measured"),
        ([row(owner=""), row(**SHARE)], "incomplete_items"),
        ([row(finish_on=None), row(**SHARE)], "incomplete_items"),
        ([row(), row(**SHARE | {"criterion": ""})], "incomplete_items"),
    ],
)
def test_an_unfinished_one_is_kept_but_not_given(cast: Cast, rows: list[Any], code: str) -> None:
    case = case_in(cast, "diagnosed")
    service.write_prescription(cast["expert"], case, rows)
    with pytest.raises(InputError) as caught:
        service.prescribe(cast["expert"], case)
    assert code_of(caught) == code


def test_nothing_is_given_without_a_draft_even_when_an_older_version_exists(cast: Cast) -> None:
    case = case_in(cast, "diagnosed")
    write(cast, case)
    service.prescribe(cast["expert"], case)
    service.object_to_prescription(cast["enterprise"], case, "成本太高")
    with pytest.raises(InputError) as caught:
        service.prescribe(cast["expert"], case)
    assert code_of(caught) == "no_items"


def test_the_firm_objects_with_a_reason_and_gets_another_version(cast: Cast) -> None:
    case = case_in(cast, "prescribed")
    with pytest.raises(InputError):
        service.object_to_prescription(cast["enterprise"], case, " ")
    old = service.object_to_prescription(cast["enterprise"], case, "成本太高")
    case.refresh_from_db()
    assert (case.status, old.objection, case.messages.get().words) == ("diagnosed", "成本太高", "成本太高")
    new = write(cast, case)
    assert new.version == 2
    service.prescribe(cast["expert"], case)
    old.refresh_from_db()
    assert old.status == "replaced"


def test_only_the_expert_of_the_case_writes_and_only_its_firm_answers(cast: Cast) -> None:
    case = case_in(cast, "diagnosed")
    for name in ("colleague", "hospital_desk", "hospital_manager", "enterprise", "planner"):
        with pytest.raises(PermissionDenied):
            service.write_prescription(cast[name], case, [row()])
    given = case_in(cast, "prescribed")
    for name in ("other_enterprise", "expert", "hospital_desk", "hospital_manager"):
        with pytest.raises(PermissionDenied):
            service.accept_prescription(cast[name], given)


@pytest.mark.parametrize("state", ["registered", "prescribed", "treating", "verifying", "cured", "closed"])
def test_it_is_not_written_when_the_case_is_elsewhere(cast: Cast, state: str) -> None:
    with pytest.raises((InputError, PermissionDenied)):
        write(cast, case_in(cast, state))


def test_a_containment_stands_before_any_prescription(cast: Cast) -> None:
    case = case_in(cast, "examining", on_market=True)
    assert containments(case).count() == 0
    made = service.add_containment(cast["expert"], case, "隔离在库成品", "仓库主管", days_ago(0), "在库数量与台账一致")
    assert made.prescription is None and containments(case).get() == made
    with pytest.raises(InputError) as caught:
        service.drop_item(cast["expert"], made, "不需要")
    assert code_of(caught) == "only_containment"
    with pytest.raises(InputError):
        service.add_containment(cast["expert"], case, "隔离", "", None, "")


def test_a_containment_of_a_draft_contains_nothing_yet(cast: Cast) -> None:
    case = case_in(cast, "examining", on_market=True)
    write(cast, case, row(kind="containment"))
    assert containments(case).count() == 0


def test_the_firm_reports_an_item_with_photos_and_the_expert_sends_it_back(cast: Cast) -> None:
    case = case_in(cast, "treating")
    item = case.items.first()
    service.attach_to_item(cast["enterprise"], item, "现场.png", [PNG])
    service.finish_item(cast["enterprise"], item, "已隔离", days_ago(1))
    item.refresh_from_db()
    assert item.status == "done" and len(files_of([item])[item.pk]) == 1
    with pytest.raises(InputError):
        service.attach_to_item(cast["enterprise"], item, "晚了.png", [PNG])
    service.return_item(cast["expert"], item, "照片看不清")
    item.refresh_from_db()
    assert (item.status, item.remark) == ("returned", "照片看不清")
    service.finish_item(cast["enterprise"], item, "重拍了照片")


@pytest.mark.parametrize(("report", "day"), [("", 0), ("做了", -1), ("做了", 400)])
def test_a_report_says_what_was_done_and_on_a_day_that_was(cast: Cast, report: str, day: int) -> None:
    item = case_in(cast, "treating").items.first()
    with pytest.raises(InputError):
        service.finish_item(cast["enterprise"], item, report, days_ago(day))


def test_items_of_a_prescription_that_is_not_accepted_are_not_done(cast: Cast) -> None:
    item = case_in(cast, "prescribed").items.first()
    with pytest.raises(InputError) as caught:
        service.finish_item(cast["enterprise"], item, "做了")
    assert code_of(caught) == "not_in_force"


def test_another_firm_sees_no_item_and_the_laboratory_none(cast: Cast) -> None:
    item = case_in(cast, "treating").items.first()
    for name in ("other_enterprise", "laboratory", "inspector"):
        with pytest.raises(PermissionDenied):
            service.finish_item(cast[name], item, "做了")


def test_the_ledger_keeps_no_word_of_it(cast: Cast) -> None:
    case = case_in(cast, "prescribed")
    service.object_to_prescription(cast["enterprise"], case, "秘密的理由")
    write(cast, case, row(action="秘密的措施"), row(**SHARE))
    service.prescribe(cast["expert"], case)
    service.accept_prescription(cast["enterprise"], case)
    item = case.items.filter(action="秘密的措施").get()
    service.finish_item(cast["enterprise"], item, "秘密的报告")
    service.return_item(cast["expert"], item, "秘密的意见")
    assert not Event.objects.filter(payload__contains="秘密").exists()
    assert Event.objects.filter(verb__startswith="hospital.").count() >= 8
