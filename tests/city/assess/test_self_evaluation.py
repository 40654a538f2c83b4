"""A town judges its own year item by item; the computed score stays apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.city.measure.cast import SYSTEM, Cast, person

from qualipolis.city.assess import queries, service
from qualipolis.city.assess.models import SelfEvaluation, SelfItem
from qualipolis.city.core import attachments
from qualipolis.city.core.policy import visible
from qualipolis.city.core.undo import open_for, undo
from qualipolis.city.measure.models import CollectionRound
from qualipolis.law.calendar import add_days
from qualipolis.methods.problems import InputError

PDF = [b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"]
SUMMARY = {"strengths": "抽检合格率上升", "shortcomings": "标准供给不足", "measures": "开展标准提升行动"}
ITEMS = {"QDL": (95.0, "见佐证"), "NII": (80.0, "投入增加")}


@pytest.fixture
def asked(cast: Cast, locked: CollectionRound) -> SelfEvaluation:
    assert service.call_self_evaluations(cast["planner"], locked) == 4
    return SelfEvaluation.objects.get(unit__code="T1")


def handed_in(cast: Cast, row: SelfEvaluation) -> SelfEvaluation:
    service.save_self_evaluation(cast["town_officer"], row, ITEMS, **SUMMARY)
    return service.submit_self_evaluation(cast["town_officer"], row, "镇长")


def test_every_unit_is_asked_once_within_the_term(cast: Cast, asked: SelfEvaluation) -> None:
    assert asked.due_on == add_days(timezone.localdate(), 15, "working").due
    assert [item.node for item in asked.items.all()] == ["QDL", "NII"], "the dimensions that hold indicators"
    assert service.call_self_evaluations(cast["planner"], asked.round) == 0


def test_items_can_be_single_indicators(cast: Cast, locked: CollectionRound) -> None:
    with pytest.raises(InputError, match="zz"):
        service.call_self_evaluations(cast["planner"], locked, nodes=("a", "zz"))
    service.call_self_evaluations(cast["planner"], locked, nodes=("a", "c"))
    assert SelfItem.objects.filter(evaluation__unit__code="T2").count() == 2


def test_it_is_handed_in_whole_and_signed(cast: Cast, asked: SelfEvaluation) -> None:
    officer = cast["town_officer"]
    service.save_self_evaluation(officer, asked, {"QDL": ITEMS["QDL"]}, strengths="好")
    with pytest.raises(InputError, match="1 items"):
        service.submit_self_evaluation(officer, asked, "镇长")
    service.save_self_evaluation(officer, asked, {"NII": ITEMS["NII"]})
    with pytest.raises(InputError, match="2 parts"):
        service.submit_self_evaluation(officer, asked, "镇长")
    service.save_self_evaluation(officer, asked, {}, **SUMMARY)
    with pytest.raises(InputError, match="signs"):
        service.submit_self_evaluation(officer, asked, " ")
    row = service.submit_self_evaluation(officer, asked, "镇长")
    assert (row.status, row.signatory, row.submitted_by, row.late) == ("submitted", "镇长", officer, False)


def test_a_score_lies_between_0_and_100_and_belongs_to_an_item(cast: Cast, asked: SelfEvaluation) -> None:
    with pytest.raises(InputError) as refused:
        service.save_self_evaluation(cast["town_officer"], asked, {"QDL": (101, ""), "a": (5, "")}, mood="good")
    assert {problem.code for problem in refused.value.problems} == {"bad_score", "unknown_node", "unknown_part"}


def test_another_town_writes_nothing_in_it(cast: Cast, asked: SelfEvaluation) -> None:
    other = SelfEvaluation.objects.get(unit__code="T2")
    with pytest.raises(PermissionDenied):
        service.save_self_evaluation(cast["town_officer"], other, ITEMS)


def test_after_its_term_it_is_late_and_overdue_is_derived(cast: Cast, asked: SelfEvaluation) -> None:
    SelfEvaluation.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    asked.refresh_from_db()
    assert asked.overdue
    row = handed_in(cast, asked)
    assert row.late and not row.overdue


def test_it_comes_back_with_reasons_and_goes_in_again(cast: Cast, asked: SelfEvaluation) -> None:
    handed_in(cast, asked)
    row = service.return_self_evaluation(cast["planner"], asked, "依据不足")
    assert (row.status, row.due_on) == ("returned", add_days(timezone.localdate(), 5, "working").due)
    why = [item.why for item in queries.work(cast["town_officer"])]
    assert any("依据不足" in words for words in why)
    service.submit_self_evaluation(cast["town_officer"], asked, "镇长")
    assert service.accept_self_evaluation(cast["planner"], asked).status == "accepted"
    with pytest.raises(InputError):
        service.save_self_evaluation(cast["town_officer"], asked, ITEMS)


def test_handing_in_can_be_taken_back_until_the_office_goes_on(cast: Cast, asked: SelfEvaluation) -> None:
    handed_in(cast, asked)
    undo(cast["town_officer"], open_for(cast["town_officer"]))
    asked.refresh_from_db()
    assert (asked.status, asked.submitted_at) == ("draft", None)
    service.submit_self_evaluation(cast["town_officer"], asked, "镇长")
    service.accept_self_evaluation(cast["planner"], asked)
    with pytest.raises(PermissionDenied):
        undo(cast["town_officer"], open_for(cast["town_officer"]))


def test_own_and_computed_score_stand_side_by_side(cast: Cast, asked: SelfEvaluation) -> None:
    handed_in(cast, asked)
    service.run(SYSTEM, asked.round, seed=1, replicates=0)
    found = queries.self_evaluation_page(cast["planner"], asked)
    assert [(one.item.node, one.own, one.computed, one.gap) for one in found.items] == [
        ("QDL", 95.0, pytest.approx(90.0), pytest.approx(5.0)),
        ("NII", 80.0, pytest.approx(90.0), pytest.approx(-10.0)),
    ]
    assert found.total.own == pytest.approx(0.6 * 95 + 0.4 * 80)
    assert found.total.gap == pytest.approx(89.0 - 90.0)


def test_a_town_learns_no_computed_score_before_its_preview(cast: Cast, asked: SelfEvaluation) -> None:
    handed_in(cast, asked)
    run = service.run(SYSTEM, asked.round, seed=1, replicates=0)
    officer = cast["town_officer"]
    assert [one.computed for one in queries.self_evaluation_page(officer, asked).items] == [None, None]
    assert queries.self_evaluation_lines(officer, asked.round)[0].total.computed is None
    service.preview(SYSTEM, run)
    assert queries.self_evaluation_lines(officer, asked.round)[0].total.computed == pytest.approx(90.0)


def test_a_town_sees_its_own_and_the_public_none(cast: Cast, asked: SelfEvaluation) -> None:
    people = {**cast.people, "public": AnonymousUser(), "other": person("other", "inspector")}
    counts = {role: visible(who, SelfEvaluation.objects.all()).count() for role, who in people.items()}
    assert {role: n for role, n in counts.items() if n} == {"leader": 4, "planner": 4, "auditor": 4, "town_officer": 1}


def test_evidence_stands_behind_an_item_and_is_read_by_who_sees_it(cast: Cast, asked: SelfEvaluation) -> None:
    file = service.attach_self_evidence(cast["town_officer"], asked, "QDL", "证明.pdf", PDF)
    assert queries.self_evaluation_page(cast["planner"], asked).items[0].files == 1
    assert attachments.may_read(cast["planner"], file)
    assert not attachments.may_read(cast["department"], file)
    handed_in(cast, asked)
    with pytest.raises(InputError, match="fixed"):
        service.attach_self_evidence(cast["town_officer"], asked, "QDL", "二.pdf", PDF)


def test_the_office_sees_how_many_wait(cast: Cast, asked: SelfEvaluation) -> None:
    handed_in(cast, asked)
    item = next(one for one in queries.work(cast["planner"]) if one.verb == "assess.accept_self_evaluation")
    assert (item.count, item.url_args) == (1, ("2021",))
